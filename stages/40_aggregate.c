/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-aggregate: counts the derived rows into the cells of all tables, and who came and went
 * since other dates.
 *
 *   derived.zone (rules, rows, since, moves, inputs, quality)
 *     ->  counts.zone (rules, cells, turnover, inputs, quality)
 */
#include "base/report.h"
#include "run/stage.h"
#include "tables/count.h"
#include "tables/turnover.h"

enum { RULES, ROWS, SINCE, MOVES, INPUTS, QUALITY, READ, COUNTS = READ, TURNOVER, FRAMES };

/* The counts as a frame: count U64, in the order of cells_build. */
static int count_cells(const struct cells *cells, const struct frame *rows, unsigned threads,
                       struct frame *out, struct err *err)
{
    struct column *count = frame_add(out, "count", COLUMN_U64, err);
    if (!count || frame_resize(out, cells->count, err) != 0)
        return -1;
    progress_begin("rows", rows->rows);
    int rc = count_rows(cells, rows, threads, count->cells, err);
    progress_end();
    return rc;
}

static int count_turnover(const struct rules *rules, const struct cells *cells,
                          const struct frame *since, const struct frame *moves, struct frame *out,
                          struct err *err)
{
    struct turnover t = {0};
    const struct column *dates = frame_need(since, "date", COLUMN_I32, err);
    int rc = -1;
    if (dates &&
        turnover_open(&t, cells, rules->reference_date, dates->cells, since->rows, err) == 0 &&
        turnover_count(&t, cells, moves, err) == 0)
        rc = turnover_to_frame(&t, cells, out, err);
    turnover_close(&t);
    return rc;
}

static int count_all(const struct rules *rules, struct frame f[static FRAMES], unsigned threads,
                     struct err *err)
{
    struct cells cells;
    int rc = -1;
    if (cells_build(&cells, &rules->structure, rules->disclosure.public_head_counts, err) == 0 &&
        count_cells(&cells, &f[ROWS], threads, &f[COUNTS], err) == 0)
        rc = count_turnover(rules, &cells, &f[SINCE], &f[MOVES], &f[TURNOVER], err);
    cells_release(&cells);
    return rc;
}

static int run(struct stage *stage, struct err *err)
{
    static const char *const NAMES[FRAMES] = {"rules",  "rows",    "since", "moves",
                                              "inputs", "quality", "cells", "turnover"};
    static const int WRITTEN[] = {RULES, COUNTS, TURNOVER, INPUTS, QUALITY};
    struct frame f[FRAMES];
    struct rules rules;
    struct source source;
    struct sink sink;
    int rc = -1;
    for (int i = 0; i < FRAMES; i++)
        frame_init(&f[i], NAMES[i]);
    rules_init(&rules);
    if (stage_open_input(stage, &source, err) != 0)
        goto out;
    for (int i = 0; i < READ; i++)
        if (frame_read_named(&f[i], NAMES[i], &source, err) != 0)
            goto out;
    if (rules_from_frame(&rules, &f[RULES], err) != 0 ||
        count_all(&rules, f, stage->threads, err) != 0 || stage_open_output(stage, &sink, err) != 0)
        goto out;
    stage->rows = f[ROWS].rows;
    rc = 0;
    for (size_t i = 0; i < sizeof WRITTEN / sizeof *WRITTEN && rc == 0; i++)
        rc = frame_write(&f[WRITTEN[i]], &sink, err);
out:
    rules_release(&rules);
    for (int i = 0; i < FRAMES; i++)
        frame_release(&f[i]);
    return rc;
}

int main(int argc, char **argv)
{
    return stage_main(&STAGE_AGGREGATE, run, argc, argv);
}
