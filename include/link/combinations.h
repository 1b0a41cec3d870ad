/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * combinations: the distinct combinations of the fields that one expression uses, over the rows of
 * `facts`, and the expression's value for each: so that SQL runs once for each combination, not for
 * each row.
 *
 *     combinations_open(&c, expression, &facts, err)
 *     combinations_find(&c, rows, count, threads, own, err)     which combinations there are
 *     combinations_value(&c, code, &value, err)                 what the expression gives for one
 *     combinations_tell(&c, own, count, threads, of_code, of_row, err)
 *                                                               and so for each row
 *     combinations_close(&c)
 *
 * Codes are 0, 1, 2, ... in order of first appearance, whatever the number of threads. Rows may
 * come piece by piece, the frame holding one piece after the other: combinations_find then gives
 * codes from c.before on to what is new in the piece, and these are the ones whose value can be
 * asked for while it is there.
 *
 * Memory: up to 100 bytes a combination and thread. combinations_forget gives it back; codes begin
 * at 0 again.
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
    unsigned bits; /* that hold every code */
    char text[DATE_TEXT];
};

/* Keys of 64 bits and their codes: open addressing. */
struct key_index {
    struct key_slot {
        uint64_t key;
        uint32_t code; /* + 1; 0 = free */
    } * slots;
    size_t slot_count;
    uint32_t count;
};

/* The combinations of some rows. The codes of a row's fields stand side by side in a key; where 64
 * bits are not enough, those so far become a code of their own, by an index of its own. */
struct combination_set {
    struct key_index levels[FIELDS_MAX + 1]; /* the last one that is used gives the code */
    uint32_t *first_row;                     /* by code: in the piece in which it was new */
    uint32_t capacity;
    uint32_t *direct; /* keys of a few bits: code + 1 by key; 0 = not seen */
};

/* What a thread has found in its stretches of rows. */
struct combination_stretch {
    struct combination_set set;
    uint32_t *global; /* by the stretch's own code */
    uint32_t known;   /* how many codes that is */
};

struct combinations {
    struct expression *expression; /* not owned */
    date reference_date;
    size_t width;
    struct fact_source sources[FIELDS_MAX];
    size_t level;  /* the last one */
    unsigned bits; /* of its keys */
    struct combination_set set;
    struct combination_stretch *stretches;
    unsigned stretch_count;
    uint32_t before, count; /* codes before the last piece, and with it */
};

int combinations_open(struct combinations *c, struct expression *e, const struct fact_rows *rows,
                      struct err *err);
void combinations_close(struct combinations *c);

/* own[i]: what the thread that looked at it calls the combination of row rows[i] of the facts, or
 * of row i if rows is NULL. */
int combinations_find(struct combinations *c, const uint32_t *rows, size_t count, unsigned threads,
                      uint32_t *own, struct err *err);
/* to[i] = verdicts[code of the row of own[i]], with the count and the threads of
 * combinations_find. */
int combinations_tell(const struct combinations *c, const uint32_t *own, size_t count,
                      unsigned threads, const uint8_t *verdicts, uint8_t *to, struct err *err);
void combinations_forget(struct combinations *c);
uint64_t combinations_bytes(const struct combinations *c);
/* code: from c->before on. */
int combinations_value(struct combinations *c, uint32_t code, struct sql_value *value,
                       struct err *err);

#endif
