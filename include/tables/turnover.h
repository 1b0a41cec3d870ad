/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * turnover: how many people joined and left each group between the reference date and others.
 *
 * GROUPS are the cells that are the group of themselves (tables/structure.h): the head counts, or
 * with nothing public the government's total of each population. Somebody is in a group at a date
 * when their main employment within the population is in force then and the group's categories hold
 * then. joined: in the group at the later date and not at the earlier one; left: the other way
 * round. Units are those of the present: who was at an entity that ended is counted under its
 * successor (SERIES in tables/past.h). Everything is told by the present input files; no release is
 * linked to another one.
 *
 * MOVES, a frame, are who was counted differently at two dates: `since` U8 (index of the other
 * date), `population` U8 (index), `now` and `then` U32 (unit + 1; 0 = not in the population), and
 * for each variable without sensitive categories "now:NAME" and "then:NAME" U8 (category; 0 = none
 * of today's, or of no interest). One row a person, population and date; the rows come in pieces
 * (io/frame_pieces.h).
 *
 *     turnover_open(&t, cells, reference, dates, count, err)      nobody yet
 *     turnover_counting_open(&c, &t, cells, err)
 *     turnover_count(c, moves, err)                    piece after piece
 *     turnover_counting_close(&c)                      always
 *     turnover_reconcile(&t, cells, counts, past, &corrected, err)
 *     turnover_to_frame(&t, cells, &frame, err)        the frame "turnover" (io/artefacts.h)
 *     turnover_close(&t)                               always; fit for a zeroed struct
 */
#ifndef HERKOMST_TABLES_TURNOVER_H
#define HERKOMST_TABLES_TURNOVER_H

#include "tables/past.h"

enum { TURNOVER_DATES = 250 };

struct turnover {
    size_t cells; /* how many the system has */
    date reference;
    size_t count;           /* other reference dates, */
    date *dates;            /* increasing */
    int64_t *joined, *left; /* date d, cell c: [d * cells + c]; 0 where c is no group */
};

static inline bool turnover_is_group(const struct cells *c, size_t cell)
{
    return c->group[cell] == cell && !(c->flags[cell] & CELL_UNPUBLISHED);
}

/* ERR_DATA unless turnover_extend takes each of the dates. */
int turnover_open(struct turnover *t, const struct cells *cells, date reference, const date *dates,
                  size_t count, struct err *err);
/* One more date, later than the ones that are there and not the reference date; at most
 * TURNOVER_DATES. */
int turnover_extend(struct turnover *t, date other, struct err *err);
void turnover_close(struct turnover *t);

/* The index of a date, or SIZE_MAX. */
size_t turnover_find(const struct turnover *t, date other);

struct turnover_counting; /* opaque; 4 bytes a cell */
/* t and cells must stay. */
int turnover_counting_open(struct turnover_counting **c, struct turnover *t,
                           const struct cells *cells, struct err *err);
/* ERR_DATA for moves that do not fit the structure. */
int turnover_count(struct turnover_counting *c, const struct frame *moves, struct err *err);
void turnover_counting_close(struct turnover_counting **c);

/* ERR_DATA unless the dates are just those of the releases of `past`, but for the reference date.
 */
int turnover_check_dates(const struct turnover *t, const struct past *past, struct err *err);

/* What was published of an earlier date may differ from what the files say of it today: they reach
 * back less far, or were corrected. That is a change of the published series all the same, so the
 * difference is added to joined or left: of every group that the last release of that date counted,
 * now = then + joined - left. counts: of the reference date. *corrected: for how many groups. */
int turnover_reconcile(struct turnover *t, const struct cells *cells, const int64_t *counts,
                       const struct past *past, size_t *corrected, struct err *err);

/* The frame: `since` I32, `cell` U32, joined and left U64; a row each group, date by date in the
 * order of cells. Reading refuses anything else (ERR_DATA). */
int turnover_to_frame(const struct turnover *t, const struct cells *cells, struct frame *f,
                      struct err *err);
int turnover_from_frame(struct turnover *t, const struct cells *cells, date reference,
                        const struct frame *f, struct err *err);

#endif
