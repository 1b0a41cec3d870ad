/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-aggregate: counts the derived rows into the cells of all tables.
 *
 *   derived.zone (rules, rows, inputs, quality)  ->  counts.zone (rules, cells, inputs, quality)
 */
#include "base/report.h"
#include "run/stage.h"
#include "tables/count.h"
#include "tables/rules.h"

/* The counts as a frame: count U64, in the order of cells_build. */
static int count_cells(const struct rules *rules, const struct frame *rows, unsigned threads,
                       struct frame *out, struct err *err)
{
    struct cells cells;
    int rc = -1;
    if (cells_build(&cells, &rules->structure, rules->disclosure.public_head_counts, err) != 0)
        goto done;
    struct column *count = frame_add(out, "count", COLUMN_U64, err);
    if (!count || frame_resize(out, cells.count, err) != 0)
        goto done;
    progress_begin("rows", rows->rows);
    rc = count_rows(&cells, rows, threads, count->cells, err);
    progress_end();
done:
    cells_release(&cells);
    return rc;
}

static int run(struct stage *stage, struct err *err)
{
    struct frame rules_frame, rows, inputs, quality, counts;
    struct rules rules;
    struct source source;
    struct sink sink;
    int rc = -1;
    frame_init(&rules_frame, "rules");
    frame_init(&rows, "rows");
    frame_init(&inputs, "inputs");
    frame_init(&quality, "quality");
    frame_init(&counts, "cells");
    rules_init(&rules);
    if (stage_open_input(stage, &source, err) != 0 ||
        frame_read_named(&rules_frame, "rules", &source, err) != 0 ||
        frame_read_named(&rows, "rows", &source, err) != 0 ||
        frame_read_named(&inputs, "inputs", &source, err) != 0 ||
        frame_read_named(&quality, "quality", &source, err) != 0)
        goto out;
    if (rules_from_frame(&rules, &rules_frame, err) != 0 ||
        count_cells(&rules, &rows, stage->threads, &counts, err) != 0)
        goto out;
    if (stage_open_output(stage, &sink, err) != 0 || frame_write(&rules_frame, &sink, err) != 0 ||
        frame_write(&counts, &sink, err) != 0 || frame_write(&inputs, &sink, err) != 0 ||
        frame_write(&quality, &sink, err) != 0)
        goto out;
    rc = 0;
out:
    rules_release(&rules);
    frame_release(&rules_frame);
    frame_release(&rows);
    frame_release(&inputs);
    frame_release(&quality);
    frame_release(&counts);
    return rc;
}

int main(int argc, char **argv)
{
    return stage_main(&STAGE_AGGREGATE, run, argc, argv);
}
