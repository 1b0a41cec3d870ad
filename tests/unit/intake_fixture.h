/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * intake_fixture: input files in a folder of their own, and a configuration that names them, for
 * the tests of the intake and of pseudonymisation. Numbers have the serials 000 and 999 only.
 */
#ifndef HERKOMST_TESTS_INTAKE_FIXTURE_H
#define HERKOMST_TESTS_INTAKE_FIXTURE_H

#include "link/intake.h"
#include "link/national_number.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAN "85073099932"
#define WOMAN "85073000061"
#define YOUNG "01090799968" /* 2001 */
#define BIS "75460899976"

#define ENTITIES                                                     \
    "entity,name,domain,domain_name,valid_from,valid_to,successor\n" \
    "E1,Een,D1,Domein,,,\n"                                          \
    "E2,Twee,D1,Domein,,2016-12-31,E1\n"                             \
    "E3,Drie,D2,Ander,2018-01-01,,\n"
#define COUNTRIES                                        \
    "code,iso,eu_from,eu_to,group,name_nl,name_en\n"     \
    "150,BE,1958-01-01,,belgian,Belgi\xC3\xAB,Belgium\n" \
    "0111,FR,1958-01-01,,eu14,Frankrijk,France\n"        \
    "351,MA,,,maghreb,Marokko,Morocco\n"                 \
    "998,XX,,,,,\n997,,,,,,\n700,stateless,,,,,\n"

static uint8_t INPUT_KEY[PSEUDONYM_KEYBYTES] = {9}; /* of the digests */

struct fixture {
    char folder[64];
    char *left[64]; /* files to be removed */
    size_t left_count;
    struct config config;
    struct intake in;
    struct err err;
};

static inline void fixture_start(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    assert_true(sodium_init() >= 0);
    const char *base = getenv("TMPDIR");
    (void)snprintf(f->folder, sizeof f->folder, "%.40s/herkomst.XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(f->folder));
    f->config.folder = f->folder;
    f->config.quality = "quality";
    f->config.reference_date = date_make(2017, 12, 31);
    f->config.max_rejected_ppm = 1000000;
    (void)snprintf(f->config.release, sizeof f->config.release, "r1");
}

static inline void fixture_file(struct fixture *f, const char *name, const char *bytes)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, strlen(bytes), file), strlen(bytes));
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; i < f->left_count; i++)
        if (strcmp(f->left[i], path) == 0)
            return;
    assert_true(f->left_count < sizeof f->left / sizeof *f->left);
    f->left[f->left_count++] = strdup(path);
}

/* Configures a dataset with this path (in the folder). */
static inline void fixture_configure(struct fixture *f, enum dataset d, const char *path)
{
    char full[128];
    (void)snprintf(full, sizeof full, "%s/%s", f->folder, path);
    struct dataset_config *c = &f->config.datasets[d];
    free(c->path);
    c->present = true;
    c->path = strdup(full);
    c->delimiter = ',';
    c->encoding = ENCODING_UTF8;
    c->date_format = "%Y-%m-%d";
}

/* Writes DATASET.csv and configures it. */
static inline void fixture_dataset(struct fixture *f, enum dataset d, const char *bytes)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s.csv", DATASETS[d].name);
    fixture_file(f, name, bytes);
    fixture_configure(f, d, name);
}

/* Entities, countries, and personnel of one row: what every run needs. */
static inline void fixture_basics(struct fixture *f)
{
    fixture_dataset(f, DATASET_ENTITIES, ENTITIES);
    fixture_dataset(f, DATASET_COUNTRIES, COUNTRIES);
    fixture_dataset(f, DATASET_PERSONNEL, "person,entity,start_date\n" MAN ",E1,2010-01-01\n");
}

static inline int fixture_read(struct fixture *f, unsigned threads)
{
    intake_release(&f->in);
    memset(&f->err, 0, sizeof f->err);
    return intake_read(&f->in, &f->config, INPUT_KEY, threads, &f->err);
}

static inline void fixture_end(struct fixture *f)
{
    intake_release(&f->in);
    for (size_t i = 0; i < f->left_count; i++) {
        assert_int_equal(unlink(f->left[i]), 0);
        free(f->left[i]);
    }
    for (int d = 0; d < DATASET_COUNT; d++)
        free(f->config.datasets[d].path);
    assert_int_equal(rmdir(f->folder), 0);
}

static inline const struct intake_table *table_of(const struct fixture *f, enum dataset d)
{
    return &f->in.datasets[d].table;
}

static inline uint64_t count_of(const struct fixture *f, enum dataset d, const char *reason)
{
    struct quality q;
    quality_init(&q);
    assert_int_equal(intake_figures(&f->in, &q, NULL), 0);
    uint64_t n = quality_get(&q, DATASETS[d].name, reason);
    quality_release(&q);
    return n;
}

static inline const char *word_at(const struct intake_table *t, const char *column, size_t row)
{
    const struct column *c = frame_find(&t->frame, column);
    assert_non_null(c);
    return column_word(c, row);
}

static inline int32_t number_at(const struct intake_table *t, const char *column, size_t row)
{
    const struct column *c = frame_find(&t->frame, column);
    assert_non_null(c);
    assert_int_equal(c->type, COLUMN_I32);
    return column_i32(c, row);
}

/* An invented valid number of the year, month and day, man (999) or woman (000). */
static inline uint64_t invented(int year, int month, int day, bool man)
{
    uint64_t nine = (uint64_t)(year % 100 * 10000 + month * 100 + day) * 1000 + (man ? 999 : 0);
    return nine * 100 + national_number_check(nine, year >= 2000);
}

/* Number k of the table, row by row. */
__attribute__((unused)) static uint64_t number_of(const struct intake_table *t, size_t k)
{
    return intake_number(t, k % t->number_count, k / t->number_count);
}

#endif
