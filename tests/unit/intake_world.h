/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * intake_world: a population as input files, its rows in any order and in any number of files, for
 * the tests of pseudonymisation.
 */
#ifndef HERKOMST_TESTS_INTAKE_WORLD_H
#define HERKOMST_TESTS_INTAKE_WORLD_H

#include "intake_fixture.h"

#include "link/pseudonymise.h"

#include <stdarg.h>

static uint8_t PSEUDONYM_KEY[PSEUDONYM_KEYBYTES] = {7};
static const struct pseudonym_keys KEYS = {PSEUDONYM_KEY, INPUT_KEY, "0123456789abcdef"};

static inline int append_bytes(void *context, const void *bytes, size_t length, struct err *err)
{
    (void)err;
    text_append(context, bytes, length);
    return 0;
}

enum { PEOPLE = 300, DATASETS_MADE = 5, ROWS = 4 * PEOPLE, ROW_BYTES = 96 };

struct world {
    enum dataset dataset[DATASETS_MADE];
    const char *header[DATASETS_MADE];
    size_t count[DATASETS_MADE];
    char (*rows[DATASETS_MADE])[ROW_BYTES];
    uint64_t numbers[PEOPLE];
    uint32_t seed;
};

static inline uint32_t pick(struct world *w, uint32_t below)
{
    w->seed = w->seed * 1664525U + 1013904223U;
    return (w->seed >> 8) % below;
}

static inline void add_row(struct world *w, int d, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline void add_row(struct world *w, int d, const char *format, ...)
{
    va_list arguments;
    assert_true(w->count[d] < ROWS);
    va_start(arguments, format);
    (void)vsnprintf(w->rows[d][w->count[d]++], ROW_BYTES, format, arguments);
    va_end(arguments);
}

static inline void make_world(struct world *w)
{
    static const char *const headers[] = {
        "person,entity,start_date,end_date,employment,fte,birth_date,sex",
        "person,birth_date,sex,nationality_first,nationality_current,parent1,parent2",
        "person,nationality,start_date,end_date", "person,kind,start_date,end_date",
        "old,new,date"};
    static const enum dataset made[] = {DATASET_PERSONNEL, DATASET_REGISTER, DATASET_NATIONALITY,
                                        DATASET_REGISTRATION, DATASET_ALIAS};
    static const int codes[] = {150, 111, 351, 700, 123, 999};
    memset(w, 0, sizeof *w);
    w->seed = 42;
    for (int d = 0; d < DATASETS_MADE; d++) {
        w->dataset[d] = made[d];
        w->header[d] = headers[d];
        w->rows[d] = calloc(ROWS, ROW_BYTES);
        assert_non_null(w->rows[d]);
    }
    for (size_t i = 0; i < PEOPLE; i++)
        w->numbers[i] = invented(1940 + (int)pick(w, 60), 1 + (int)pick(w, 12),
                                 1 + (int)pick(w, 28), pick(w, 2));
    for (size_t i = 0; i < PEOPLE; i++) {
        unsigned long n = w->numbers[i], parents[2];
        for (int p = 0; p < 2; p++)
            parents[p] = w->numbers[pick(w, PEOPLE)];
        add_row(w, 0, "%011lu,E1,20%02u-01-01,,%s,%s,,%s", n, pick(w, 17),
                pick(w, 3) ? "staff" : "student", pick(w, 2) ? "0.5" : "1", pick(w, 2) ? "f" : "m");
        if (pick(w, 10) == 0)
            add_row(w, 0, "%s,E%u,2010-01-01,,,,,", pick(w, 2) ? "" : "85073099931", pick(w, 4));
        add_row(w, 1, "%011lu,,%s,%d,,%011lu,%011lu", n, pick(w, 2) ? "f" : "X", codes[pick(w, 6)],
                parents[0], parents[1]);
        for (uint32_t k = pick(w, 3); k > 0; k--)
            add_row(w, 2, "%011lu,%d,20%02u-01-01,", n, codes[pick(w, 6)], pick(w, 17));
        if (pick(w, 5) == 0)
            add_row(w, 3, "%011lu,%s,,", n, pick(w, 2) ? "disability" : "other");
        if (pick(w, 20) == 0)
            add_row(w, 4, "%011lu,%011lu,20%02u-05-05", n, parents[0], pick(w, 17));
    }
}

static inline void release_world(struct world *w)
{
    for (int d = 0; d < DATASETS_MADE; d++)
        free(w->rows[d]);
}

static inline void shuffle(struct world *w)
{
    for (int d = 0; d < DATASETS_MADE; d++)
        for (size_t i = w->count[d]; i > 1; i--) {
            char kept[ROW_BYTES];
            size_t j = pick(w, (uint32_t)i);
            memcpy(kept, w->rows[d][i - 1], ROW_BYTES);
            memcpy(w->rows[d][i - 1], w->rows[d][j], ROW_BYTES);
            memcpy(w->rows[d][j], kept, ROW_BYTES);
        }
}

/* Spreads the rows of each dataset over so many files. */
static inline void write_world(struct fixture *f, const struct world *w, size_t files)
{
    for (int d = 0; d < DATASETS_MADE; d++) {
        char name[64];
        for (size_t file = 0; file < files; file++) {
            struct text bytes;
            text_init(&bytes);
            text_format(&bytes, "%s\n", w->header[d]);
            for (size_t i = file; i < w->count[d]; i += files)
                text_format(&bytes, "%s\n", w->rows[d][i]);
            (void)snprintf(name, sizeof name, "%s-%zu.csv", DATASETS[w->dataset[d]].name, file);
            fixture_file(f, name, bytes.bytes);
            text_release(&bytes);
        }
        (void)snprintf(name, sizeof name, "%s-*.csv", DATASETS[w->dataset[d]].name);
        fixture_configure(f, w->dataset[d], name);
    }
}

#endif
