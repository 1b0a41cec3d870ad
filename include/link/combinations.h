/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * combinations: the distinct combinations of the fields that one expression uses, over the rows of
 * `facts`, and the expression's value for each: so that SQL runs once for each combination, not for
 * each row.
 *
 *     combinations_open(&c, expression, &facts, err)
 *     combinations_next(&c, row, &code, err)    codes 0, 1, 2, ... in order of first appearance;
 * when code == c.count - 1 and c.is_new, it was new: combinations_value(&c, code, &value, err)
 * evaluate it combinations_close(&c)
 */
#ifndef HERKOMST_LINK_COMBINATIONS_H
#define HERKOMST_LINK_COMBINATIONS_H

#include "base/date.h"
#include "io/frame.h"
#include "link/expression.h"

/* The rows, with what is no column of theirs. */
struct fact_rows {
    const struct frame *facts;
    const struct column *domain;   /* coded: of the frame entities */
    const uint32_t *entity_domain; /* code in facts.entity -> code in `domain` */
    date reference_date;
};

/* Where the code of a row's field comes from. */
struct fact_source {
    const struct column *column; /* NULL: reference_date */
    const uint32_t *translation; /* of the column's codes, or NULL */
    const struct column *words;  /* whose dictionary the codes belong to, or NULL: a number */
    bool is_date, is_fte;
    char text[DATE_TEXT];
};

struct combinations {
    struct expression *expression; /* not owned */
    date reference_date;
    size_t width;
    struct fact_source sources[FIELDS_MAX];
    uint32_t *tuples; /* count * width */
    uint32_t count, capacity;
    uint32_t *slots; /* open addressing, 0 = free, else code + 1 */
    size_t slot_count;
    uint32_t last; /* code of the last row: neighbours are often alike */
    bool is_new;
};

int combinations_open(struct combinations *c, struct expression *e, const struct fact_rows *rows,
                      struct err *err);
void combinations_close(struct combinations *c);

int combinations_next(struct combinations *c, size_t row, uint32_t *code, struct err *err);
int combinations_value(struct combinations *c, uint32_t code, struct sql_value *value,
                       struct err *err);

#endif
