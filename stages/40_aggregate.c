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
    struct cells cells;
    struct frame counts, turnover; /* written, with rules, inputs and quality */
};

static int read_rules(struct aggregate *a, struct err *err)
{
    struct frame f;
    if (frame_read_named(&f, "rules", &a->from, err) != 0)
        return -1;
    int rc = rules_from_frame(&a->rules, &f, err);
    frame_release(&f);
    return rc;
}

static int read_rows(struct aggregate *a, struct stage *s, struct err *err)
{
    int rc =
        counter_open(&a->counter, &a->rules.structure, s->threads, s->memory / COUNTERS_PART, err);
    for (bool more = true; rc == 0 && more;) {
        struct frame f;
        rc = frame_pieces_read(&f, "rows", &a->from, err);
        if (rc == 0)
            rc = counter_add(a->counter, &f, err);
        more = f.rows == FRAME_BLOCK_ROWS;
        s->rows += f.rows;
        frame_release(&f);
    }
    return rc;
}

static int read_unknown(struct aggregate *a, struct err *err)
{
    struct frame f;
    if (frame_read_named(&f, "unknown", &a->from, err) != 0)
        return -1;
    int rc = rules_add_unknown(&a->rules, &f, err);
    frame_release(&f);
    return rc;
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

static int read_moves(struct aggregate *a, struct turnover *t, struct err *err)
{
    struct turnover_counting *counting = NULL;
    int rc = turnover_counting_open(&counting, t, &a->cells, err);
    for (bool more = true; rc == 0 && more;) {
        struct frame f;
        rc = frame_pieces_read(&f, "moves", &a->from, err);
        if (rc == 0)
            rc = turnover_count(counting, &f, err);
        more = f.rows == FRAME_BLOCK_ROWS;
        frame_release(&f);
    }
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
    if (stage_open_input(s, &a.from, err) == 0 && read_rules(&a, err) == 0 &&
        read_rows(&a, s, err) == 0 && read_unknown(&a, err) == 0 && fill_counts(&a, err) == 0 &&
        read_turnover(&a, err) == 0 && stage_open_output(s, &sink, err) == 0)
        rc = write_output(&a, &sink, err);
    progress_end();
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
