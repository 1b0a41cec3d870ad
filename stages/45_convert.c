/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-convert: the counts before suppression in the shape that another tool reads.
 *
 *   counts.zone (rules, cells, turnover, inputs, quality)
 *     ->  export.zone (files)
 *
 * Beside the flow: no release is made of it. Unsafe is what the threshold rules of this release
 * name; what earlier releases ask for (turnover rule, cumulative rule) no other tool knows.
 */
#include "export/export.h"
#include "run/stage.h"
#include "sdc/primary.h"
#include "tables/count.h"

#include <stdlib.h>

enum { RULES, COUNTS, TURNOVER, INPUTS, QUALITY, READ, FILES = READ, FRAMES };

static int convert(const struct stage *stage, const struct frame *rules_frame,
                   const struct frame *counts_frame, struct frame *out, struct err *err)
{
    struct rules rules;
    struct cells cells = {0};
    struct bundle bundle;
    enum export_format format;
    int64_t *counts = NULL;
    uint8_t *unsafe = NULL;
    int rc = -1;
    rules_init(&rules);
    bundle_init(&bundle);
    if (export_format_parse(stage->format, &format, err) != 0 ||
        rules_from_frame(&rules, rules_frame, err) != 0 ||
        cells_build(&cells, &rules.structure, rules.disclosure.public_head_counts, err) != 0 ||
        counts_from_frame(&counts, &cells, counts_frame, err) != 0)
        goto out;
    unsafe = calloc(cells.count + 1, 1);
    if (!unsafe) {
        (void)err_memory(err);
        goto out;
    }
    const struct export_source source = {&rules, &cells, counts, unsafe};
    if (primary_find(unsafe, &cells, counts, &rules.disclosure, NULL, err) == 0 &&
        export_tables(&bundle, &source, format, err) == 0)
        rc = bundle_to_frame(&bundle, out, err);
out:
    free(unsafe);
    free(counts);
    bundle_release(&bundle);
    cells_release(&cells);
    rules_release(&rules);
    return rc;
}

static int run(struct stage *stage, struct err *err)
{
    static const char *const NAMES[FRAMES] = {"rules",  "cells",   "turnover",
                                              "inputs", "quality", "files"};
    struct frame f[FRAMES];
    struct source source;
    struct sink sink;
    int rc = -1;
    for (int i = 0; i < FRAMES; i++)
        frame_init(&f[i], NAMES[i]);
    if (stage_open_input(stage, &source, err) != 0)
        goto out;
    for (int i = 0; i < READ; i++)
        if (frame_read_named(&f[i], NAMES[i], &source, err) != 0)
            goto out;
    if (convert(stage, &f[RULES], &f[COUNTS], &f[FILES], err) == 0 &&
        stage_open_output(stage, &sink, err) == 0)
        rc = frame_write(&f[FILES], &sink, err);
    stage->rows = f[COUNTS].rows;
out:
    for (int i = 0; i < FRAMES; i++)
        frame_release(&f[i]);
    return rc;
}

int main(int argc, char **argv)
{
    return stage_main(&STAGE_CONVERT, run, argc, argv);
}
