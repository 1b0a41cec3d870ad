/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * past: earlier releases as anybody can see them, rebuilt from their rules and cells.
 *
 *     past_reserve(&past, count, err)          room for so many releases
 *     r = past_add(&past, json, length, err)   the text of its rules.json; every cell is hidden yet
 *     past_publish(r, cell, count)             of r->cells: this one is not
 *     past_clear(&past)                        always; fit for a zeroed struct
 *
 * SERIES. What a unit of today was then (tables/series.h). The people of an entity of an earlier
 * release belong to the series of: the entity of the same code of today; else the one that lists it
 * among its predecessors; else, where it ended without a successor, the domain of today with the
 * code of its domain; else the government. A domain's series are the entities that it has today,
 * whatever domain they were in then. So the past is seen in today's structure, and what changed is
 * who came and went.
 */
#ifndef HERKOMST_TABLES_PAST_H
#define HERKOMST_TABLES_PAST_H

#include "tables/rules.h"
#include "tables/structure.h"

struct turnover;

struct past_release {
    struct rules rules;
    struct cells cells;              /* of rules.structure */
    char digest[CONFIG_DIGEST_TEXT]; /* SHA-256 of its SHA256SUMS */
    int64_t *counts;                 /* per cell; -1 where hidden */
    uint8_t *hidden;                 /* 1 = not published; CELL_UNPUBLISHED cells always */
    uint8_t *named;                  /* 1 = hidden, and the turnover rule named it */
    size_t made;                     /* releases in the order of this were made one after another */
    struct turnover *turnover;       /* what its turnover.csv says; owned, NULL: it has none */
};

struct past {
    size_t count, capacity;
    struct past_release *releases; /* by reference date, those of one date as they were made */
};

int past_reserve(struct past *p, size_t count, struct err *err);
/* NULL: ERR_DATA (no rules) or memory. Never more than were reserved. */
struct past_release *past_add(struct past *p, const char *json, size_t length, struct err *err);
void past_publish(struct past_release *r, size_t cell, int64_t count);
/* csv: the text of its turnover.csv; name stands for it in errors. ERR_DATA if it is not one. */
int past_take_turnover(struct past_release *r, const char *name, const char *csv, size_t length,
                       struct err *err);
void past_clear(struct past *p);

/* The frame "past": release and digest coded, a row each. f is initialised here. */
int past_list(const struct past *p, struct frame *f, struct err *err);

/* The release of that date that was made last: what holds of it now. NULL if there is none. */
const struct past_release *past_last(const struct past *p, date reference);

/* What the release showed of each cell of `now`, seen as a series: the sum of the cells that it
 * had for the units that the cell's unit was then. -1 where it had none, or hid one of them, and at
 * cells that are in no published table. Population, variable and category are the same when their
 * names are. counts: now->count. */
int past_counts(const struct past_release *r, const struct cells *now, int64_t *counts,
                struct err *err);

#endif
