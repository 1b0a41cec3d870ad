/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-aggregate: counts the derived rows into the cells of all tables, and who came and went
 * since other dates.
 *
 *   derived.zone (rules, rows..., unknown, since, moves..., inputs, quality)
 *     ->  counts.zone (rules, cells, turnover, inputs, quality)
 *
 * Rows and moves are read piece by piece: what is kept are counters.
 */
#include "base/report.h"
#include "io/frame_pieces.h"
#include "run/stage.h"
#include "tables/count.h"
#include "tables/rules.h"
#include "tables/turnover.h"

enum { COUNTERS_PART = 4 }; /* of the memory limit, for the threads' counters */

struct aggregate {
    struct source from;
    struct rules rules;
    struct counter *counter;
    uint64_t rows; /* that were counted */
    struct cells cells;
    struct frame counts, turnover; /* written, with rules, inputs and quality */
};

/* Reads a frame into the rules. */
static int read_rules(struct aggregate *a, const char *name,
                      int (*take)(struct rules *, const struct frame *, struct err *),
                      struct err *err)
{
    struct frame f;
    if (frame_read_named(&f, name, &a->from, err) != 0)
        return -1;
    int rc = take(&a->rules, &f, err);
    frame_release(&f);
    return rc;
}

static int take_rows(void *context, const struct frame *piece, struct err *err)
{
    struct aggregate *a = context;
    a->rows += piece->rows;
    return counter_add(a->counter, piece, err);
}

static int read_rows(struct aggregate *a, const struct stage *s, struct err *err)
{
    if (counter_open(&a->counter, &a->rules.structure, s->threads, s->memory / COUNTERS_PART,
                     err) != 0)
        return -1;
    return frame_pieces_each("rows", &a->from, take_rows, a, err);
}

/* The counts as a frame: count U64, in the order of cells_build. */
static int fill_counts(struct aggregate *a, struct err *err)
{
    struct column *count = frame_add(&a->counts, "count", COLUMN_U64, err);
    if (!count ||
        cells_build(&a->cells, &a->rules.structure, a->rules.disclosure.public_head_counts, err) !=
            0 ||
        frame_resize(&a->counts, a->cells.count, err) != 0)
        return -1;
    return counter_finish(a->counter, &a->cells, count->cells, err);
}

static int take_moves(void *context, const struct frame *piece, struct err *err)
{
    return turnover_count(context, piece, err);
}

static int read_moves(struct aggregate *a, struct turnover *t, struct err *err)
{
    struct turnover_counting *counting = NULL;
    int rc = turnover_counting_open(&counting, t, &a->cells, err);
    if (rc == 0)
        rc = frame_pieces_each("moves", &a->from, take_moves, counting, err);
    turnover_counting_close(&counting);
    return rc;
}

static int read_turnover(struct aggregate *a, struct err *err)
{
    struct turnover t = {0};
    struct frame since;
    if (frame_read_named(&since, "since", &a->from, err) != 0)
        return -1;
    const struct column *dates = frame_need(&since, "date", COLUMN_I32, err);
    int rc = -1;
    if (dates &&
        turnover_open(&t, &a->cells, a->rules.reference_date, dates->cells, since.rows, err) == 0 &&
        read_moves(a, &t, err) == 0)
        rc = turnover_to_frame(&t, &a->cells, &a->turnover, err);
    turnover_close(&t);
    frame_release(&since);
    return rc;
}

static int write_rules(const struct aggregate *a, const struct sink *to, struct err *err)
{
    struct frame f;
    frame_init(&f, "rules");
    int rc = rules_to_frame(&a->rules, &f, err);
    if (rc == 0)
        rc = frame_write(&f, to, err);
    frame_release(&f);
    return rc;
}

/* A frame that goes on as it is. */
static int hand_on(const struct aggregate *a, const char *name, const struct sink *to,
                   struct err *err)
{
    struct frame f;
    if (frame_read_named(&f, name, &a->from, err) != 0)
        return -1;
    int rc = frame_write(&f, to, err);
    frame_release(&f);
    return rc;
}

static int write_output(struct aggregate *a, const struct sink *to, struct err *err)
{
    if (write_rules(a, to, err) != 0 || frame_write(&a->counts, to, err) != 0 ||
        frame_write(&a->turnover, to, err) != 0 || hand_on(a, "inputs", to, err) != 0)
        return -1;
    return hand_on(a, "quality", to, err);
}

static int run(struct stage *s, struct err *err)
{
    struct aggregate a = {.counter = NULL};
    struct sink sink;
    int rc = -1;
    rules_init(&a.rules);
    frame_init(&a.counts, "cells");
    frame_init(&a.turnover, "turnover");
    progress_begin("rows", 0);
    if (stage_open_input(s, &a.from, err) == 0 &&
        read_rules(&a, "rules", rules_from_frame, err) == 0 && read_rows(&a, s, err) == 0 &&
        read_rules(&a, "unknown", rules_add_unknown, err) == 0 && fill_counts(&a, err) == 0 &&
        read_turnover(&a, err) == 0 && stage_open_output(s, &sink, err) == 0)
        rc = write_output(&a, &sink, err);
    progress_end();
    s->rows = a.rows;
    counter_close(&a.counter);
    cells_release(&a.cells);
    rules_release(&a.rules);
    frame_release(&a.counts);
    frame_release(&a.turnover);
    return rc;
}

int main(int argc, char **argv)
{
    return stage_main(&STAGE_AGGREGATE, run, argc, argv);
}
