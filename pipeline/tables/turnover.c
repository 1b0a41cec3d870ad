/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/turnover.h; who is counted is turnover_count.c. */
#include "tables/turnover.h"

#include <stdlib.h>
#include <string.h>

int turnover_open(struct turnover *t, const struct cells *cells, date reference, const date *dates,
                  size_t count, struct err *err)
{
    memset(t, 0, sizeof *t);
    t->cells = cells->count;
    t->reference = reference;
    for (size_t d = 0; d < count; d++)
        if (turnover_extend(t, dates[d], err) != 0)
            return -1;
    return 0;
}

/* Room for one more date's figures, all 0. */
static int grow(int64_t **figures, size_t cells, size_t dates, struct err *err)
{
    int64_t *grown = reallocarray(*figures, (dates + 1) * cells + 1, sizeof *grown);
    if (!grown)
        return err_memory(err);
    memset(grown + dates * cells, 0, (cells + 1) * sizeof *grown);
    *figures = grown;
    return 0;
}

int turnover_extend(struct turnover *t, date other, struct err *err)
{
    if (t->count == TURNOVER_DATES)
        return err_set(err, ERR_DATA, "more than %d other reference dates", TURNOVER_DATES);
    if (other == DATE_NONE || other == t->reference ||
        (t->count > 0 && other <= t->dates[t->count - 1]))
        return err_set(err, ERR_DATA, "the other reference dates are not in order");
    date *dates = reallocarray(t->dates, t->count + 1, sizeof *dates);
    if (!dates)
        return err_memory(err);
    t->dates = dates;
    if (grow(&t->joined, t->cells, t->count, err) != 0 ||
        grow(&t->left, t->cells, t->count, err) != 0)
        return -1;
    t->dates[t->count++] = other;
    return 0;
}

void turnover_close(struct turnover *t)
{
    free(t->dates);
    free(t->joined);
    free(t->left);
    memset(t, 0, sizeof *t);
}

size_t turnover_find(const struct turnover *t, date other)
{
    for (size_t d = 0; d < t->count; d++)
        if (t->dates[d] == other)
            return d;
    return SIZE_MAX;
}

int turnover_check_dates(const struct turnover *t, const struct past *past, struct err *err)
{
    size_t met = 0;
    bool same = true;
    date last = t->reference;
    for (size_t i = 0; i < past->count && same; i++) { /* by date */
        date then = past->releases[i].rules.reference_date;
        if (then == t->reference || then == last)
            continue;
        same = met < t->count && t->dates[met++] == then;
        last = then;
    }
    return same && met == t->count
               ? 0
               : err_set(err, ERR_DATA,
                         "turnover: its dates are not the reference dates in the ledger");
}

/* One earlier date; then: what its last release counted of each series. */
static size_t reconcile(struct turnover *t, const struct cells *cells, size_t d,
                        const int64_t *counts, const int64_t *then)
{
    size_t corrected = 0;
    for (size_t i = 0; i < t->cells; i++) {
        int64_t *joined = &t->joined[d * t->cells + i], *left = &t->left[d * t->cells + i];
        if (then[i] < 0 || !turnover_is_group(cells, i))
            continue;
        int64_t missing = counts[i] - then[i] - *joined + *left;
        if (missing > 0)
            *joined += missing;
        else
            *left -= missing;
        corrected += missing != 0;
    }
    return corrected;
}

int turnover_reconcile(struct turnover *t, const struct cells *cells, const int64_t *counts,
                       const struct past *past, size_t *corrected, struct err *err)
{
    int64_t *then = malloc((cells->count + 1) * sizeof *then);
    if (!then)
        return err_memory(err);
    int rc = 0;
    *corrected = 0;
    for (size_t d = 0; rc == 0 && d < t->count && t->dates[d] < t->reference; d++) {
        const struct past_release *last = past_last(past, t->dates[d]);
        if (!last)
            continue;
        rc = past_counts(last, cells, then, err);
        if (rc == 0)
            *corrected += reconcile(t, cells, d, counts, then);
    }
    free(then);
    return rc;
}

static size_t group_count(const struct cells *cells)
{
    size_t groups = 0;
    for (size_t i = 0; i < cells->count; i++)
        groups += turnover_is_group(cells, i);
    return groups;
}

int turnover_to_frame(const struct turnover *t, const struct cells *cells, struct frame *f,
                      struct err *err)
{
    frame_init(f, "turnover");
    struct column *since = frame_add(f, "since", COLUMN_I32, err);
    struct column *cell = since ? frame_add(f, "cell", COLUMN_U32, err) : NULL;
    struct column *joined = cell ? frame_add(f, "joined", COLUMN_U64, err) : NULL;
    struct column *left = joined ? frame_add(f, "left", COLUMN_U64, err) : NULL;
    if (!left || frame_resize(f, t->count * group_count(cells), err) != 0)
        return -1;
    size_t row = 0;
    for (size_t d = 0; d < t->count; d++)
        for (size_t i = 0; i < t->cells; i++) {
            if (!turnover_is_group(cells, i))
                continue;
            ((int32_t *)since->cells)[row] = t->dates[d];
            column_set(cell, row, i);
            column_set(joined, row, (uint64_t)t->joined[d * t->cells + i]);
            column_set(left, row++, (uint64_t)t->left[d * t->cells + i]);
        }
    return 0;
}

static int read_row(struct turnover *t, const struct column *const columns[4], size_t row,
                    size_t cell, struct err *err)
{
    uint64_t joined = column_get(columns[2], row), left = column_get(columns[3], row);
    size_t at = (t->count - 1) * t->cells + cell;
    if (column_i32(columns[0], row) != t->dates[t->count - 1] ||
        column_get(columns[1], row) != cell || joined > INT32_MAX || left > INT32_MAX)
        return err_set(err, ERR_DATA, "frame turnover: row %zu does not fit", row + 1);
    t->joined[at] = (int64_t)joined;
    t->left[at] = (int64_t)left;
    return 0;
}

int turnover_from_frame(struct turnover *t, const struct cells *cells, date reference,
                        const struct frame *f, struct err *err)
{
    const struct column *columns[4] = {
        frame_need(f, "since", COLUMN_I32, err), frame_need(f, "cell", COLUMN_U32, err),
        frame_need(f, "joined", COLUMN_U64, err), frame_need(f, "left", COLUMN_U64, err)};
    size_t groups = group_count(cells), row = 0;
    if (turnover_open(t, cells, reference, NULL, 0, err) != 0)
        return -1;
    for (size_t i = 0; i < 4; i++)
        if (!columns[i])
            return err_set(err, ERR_DATA, "frame turnover: a column is missing");
    if (groups == 0 || f->rows % groups != 0)
        return err_set(err, ERR_DATA, "frame turnover: not a row each group");
    while (row < f->rows) {
        if (turnover_extend(t, column_i32(columns[0], row), err) != 0)
            return -1;
        for (size_t i = 0; i < t->cells; i++)
            if (turnover_is_group(cells, i) && read_row(t, columns, row++, i, err) != 0)
                return -1;
    }
    return 0;
}
