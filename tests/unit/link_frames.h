/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * link_frames: small frames written as text, for the tests of link.
 *
 *     frame_of(&f, "personnel", "person:u entity:c start_date:d fte:i");
 *     row(&f, "1 OMG-01 2000-01-01 10000");          "-" = no value
 *     arrange(&f);                                   as pseudonymise leaves it: sorted
 */
#ifndef HERKOMST_TESTS_LINK_FRAMES_H
#define HERKOMST_TESTS_LINK_FRAMES_H

#include "base/date.h"
#include "io/artefacts.h"
#include "io/frame.h"
#include "link/fields.h"
#include "link/person_rows.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSONNEL                                                                       \
    ("person:u entity:c employment:c start_date:d end_date:d fte:i birth_date:d sex:c " \
     "attribute.level:c")
#define REGISTER \
    "person:u birth_date:d sex:c nationality_first:c nationality_current:c parent1:u parent2:u"
#define NATIONALITY "person:u nationality:c start_date:d end_date:d"
#define FILIATION "person:u parent1:u parent2:u"
#define REGISTRATION "person:u kind:c start_date:d end_date:d"
#define ENTITIES "entity:c name:c domain:c domain_name:c valid_from:d valid_to:d successor:c"

/* u: U32, "none" = PARENT_NONE; c: coded; d: a date; i: a number, I32. */
static inline void frame_of(struct frame *f, const char *name, const char *columns)
{
    struct err err;
    char *copy = strdup(columns), *rest = copy, *word;
    frame_init(f, name);
    while ((word = strsep(&rest, " "))) {
        char kind = word[strlen(word) - 1];
        word[strlen(word) - 2] = '\0';
        assert_non_null(kind == 'c'
                            ? frame_add_coded(f, word, &err)
                            : frame_add(f, word, kind == 'u' ? COLUMN_U32 : COLUMN_I32, &err));
    }
    free(copy);
}

static inline void set_cell(struct column *c, size_t at, const char *word)
{
    bool none = strcmp(word, "-") == 0;
    if (c->coded) {
        column_set(c, at, none ? 0 : dictionary_intern(&c->dictionary, word, strlen(word)));
    } else if (c->type == COLUMN_U32) {
        column_set(c, at,
                   strcmp(word, "none") == 0 ? PARENT_NONE
                   : none                    ? 0
                                             : strtoul(word, NULL, 10));
    } else {
        int32_t value = none ? DATE_NONE : date_parse(word, strlen(word), "%Y-%m-%d");
        if (!none && value == DATE_NONE)
            value = (int32_t)strtol(word, NULL, 10);
        ((int32_t *)c->cells)[at] = value;
    }
}

static inline void row(struct frame *f, const char *cells)
{
    struct err err;
    size_t at = frame_append(f, &err);
    assert_int_not_equal(at, SIZE_MAX);
    char *copy = strdup(cells), *rest = copy, *word;
    size_t i = 0;
    while ((word = strsep(&rest, " "))) {
        assert_true(i < f->column_count);
        set_cell(f->columns[i++], at, word);
    }
    assert_int_equal(i, f->column_count);
    free(copy);
}

static inline int by_cells(const void *a, const void *b, void *frame)
{
    return person_rows_compare(frame, *(const uint32_t *)a, *(const uint32_t *)b);
}

static inline void arrange(struct frame *f)
{
    struct err err;
    assert_int_equal(frame_sort_dictionaries(f, 1, &err), 0);
    uint32_t *order = calloc(f->rows + 1, sizeof *order);
    for (uint32_t i = 0; i < f->rows; i++)
        order[i] = i;
    qsort_r(order, f->rows, sizeof *order, by_cells, f);
    assert_int_equal(frame_select(f, order, f->rows, &err), 0);
    free(order);
}

static inline date day(const char *iso)
{
    return date_parse(iso, strlen(iso), "%Y-%m-%d");
}

/* Names separated by spaces. */
static inline void fields_of(struct field_set *s, const char *names)
{
    char *copy = strdup(names), *rest = copy, *word;
    memset(s, 0, sizeof *s);
    while ((word = strsep(&rest, " ")))
        if (*word)
            (void)snprintf(s->names[s->count++], sizeof s->names[0], "%s", word);
    free(copy);
}

#endif
