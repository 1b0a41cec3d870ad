/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * view: everything that a report may know: what was published, now and in earlier releases, and
 * what the configuration declares (targets, benchmarks, older series). There is no hidden count in
 * it, so that nothing that is made of it (a share, a bar's length, a sentence that is there or not)
 * can depend on one.
 *
 *     view_open(&v, &rules, &cells, counts, status, &turnover, &past, config, err)
 *     ...
 *     view_close(&v)                        always; fit for a zeroed struct
 *
 * POINTS are the releases that hold now, one a reference date, oldest first, this one last. Each
 * point's counts are those of today's cells, seen as series (tables/past.h).
 *
 * BREAKS. Two points are compared for a unit and some variables only when both mean the same: the
 * same definition of every variable, the same rule for who counts, and the same entities in scope.
 * Entities that merged are no break; one that is new, ended without a successor, or was delivered
 * at one date only is one, for itself and for every unit above it.
 */
#ifndef HERKOMST_REPORT_VIEW_H
#define HERKOMST_REPORT_VIEW_H

#include "io/config.h"
#include "tables/past.h"
#include "tables/rules.h"
#include "tables/structure.h"
#include "tables/turnover.h"

struct view_point {
    const char *release;
    date reference;
    int64_t *counts; /* per cell of today; -1: not published then */
    uint64_t *scope; /* per unit: equal where the same entities count */
    /* What today's populations and variables were then; NULL: there was none of that name. */
    const char *filter[CONFIG_TABLES];
    const struct variable *variable[CONFIG_VARIABLES];
};

struct view {
    const struct rules *rules;
    const struct cells *cells;
    const struct config *config;
    const struct turnover *turnover;
    size_t point_count;
    struct view_point *points;
    const struct view_point *now;      /* the last of them */
    uint32_t *unit_start, *unit_cell;  /* unit u's published cells, hidden ones too, in the order of
                                        * cells: unit_cell[unit_start[u] .. unit_start[u + 1]) */
    const struct view_point *previous; /* the one before it; NULL: the first */
};

/* ERR_DATA where a target, benchmark or series names what the rules do not have: the tables were
 * made with another configuration. counts and status (1: hidden) of rules' cells, as they are
 * published. past: all earlier releases. rules, cells, past and config must outlive v. */
int view_open(struct view *v, const struct rules *rules, const struct cells *cells,
              const int64_t *counts, const uint8_t *status, const struct turnover *turnover,
              const struct past *past, const struct config *config, struct err *err);
void view_close(struct view *v);

/* A share: of the people of `whole`, those of `part`. SIZE_MAX where there is no such cell, because
 * the unit was not delivered. */
struct view_share {
    size_t part, whole;
};

/* The share's cells at a unit: of `category` of `variable`, among those of another variable's
 * category (among_variable -1: among everybody), in the table's population. */
struct view_share view_share_at(const struct view *v, const struct share_config *share,
                                size_t unit);

/* What was published of a cell at a point, or -1; also for SIZE_MAX. */
int64_t view_count(const struct view_point *p, size_t cell);
/* Both counts are published, and there is somebody in the whole. */
bool view_share_known(const struct view_point *p, struct view_share s);

/* Do the two points mean the same by this cell? Its unit, its population and the variables of which
 * it has a category count. */
bool view_comparable(const struct view *v, const struct view_point *a, const struct view_point *b,
                     size_t cell);

/* Who joined and left the cell's group between a point and now, as turnover.csv has it; false where
 * it has nothing. */
bool view_flow(const struct view *v, const struct view_point *since, size_t cell, int64_t *joined,
               int64_t *left);

/* The last point before today's at which the cell was published and meant the same; NULL: none. */
const struct view_point *view_last_published(const struct view *v, size_t cell);

#endif
