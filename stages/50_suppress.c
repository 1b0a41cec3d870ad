/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-suppress: decides which cells are published, and proves that the hidden ones are
 * protected.
 *
 *   counts.zone (rules, cells, inputs, quality)
 *     ->  protected.zone (rules, cells, certificate, inputs, quality)
 *
 * Of a hidden cell nothing goes on: its count is written as 0, and the certificate is computed from
 * what is published. How many cells were unsafe is for the operator's eyes only.
 */
#include "io/artefacts.h"
#include "io/quality.h"
#include "run/stage.h"
#include "sdc/quality_protect.h"
#include "sdc/suppress.h"
#include "tables/rules.h"

#include <stdlib.h>
#include <string.h>

struct pattern { /* what the stage works on */
    struct rules rules;
    struct cells cells;
    int64_t *counts;
    struct suppression suppression;
};

/* The counts of the frame, checked against the structure. */
static int read_counts(struct pattern *p, const struct frame *f, struct err *err)
{
    const struct column *count = frame_need(f, "count", COLUMN_U64, err);
    if (!count)
        return -1;
    if (f->rows != p->cells.count)
        return err_set(err, ERR_DATA, "counts: %zu cells, %zu expected", f->rows, p->cells.count);
    p->counts = calloc(f->rows + 1, sizeof *p->counts);
    if (!p->counts)
        return err_memory(err);
    for (size_t i = 0; i < f->rows; i++) {
        uint64_t n = column_get(count, i);
        if (n > INT32_MAX)
            return err_set(err, ERR_DATA, "counts: a count is out of range");
        p->counts[i] = (int64_t)n;
    }
    return cells_additive(&p->cells, p->counts, err);
}

static int protected_cells(const struct pattern *p, struct frame *out, struct err *err)
{
    struct column *count = frame_add(out, "count", COLUMN_U64, err);
    struct column *status = count ? frame_add(out, "status", COLUMN_U8, err) : NULL;
    if (!status || frame_resize(out, p->cells.count, err) != 0)
        return -1;
    for (size_t i = 0; i < p->cells.count; i++) {
        bool hidden = p->suppression.hidden[i];
        column_set(count, i, hidden ? 0 : (uint64_t)p->counts[i]);
        column_set(status, i, hidden);
    }
    return 0;
}

/* The certificate as a frame of one row, from the published view. */
static int certificate(const struct pattern *p, struct frame *out, struct err *err)
{
    int rc = -1;
    struct text json;
    struct view view;
    text_init(&json);
    int64_t *public_counts = malloc((p->cells.count + 1) * sizeof *public_counts);
    if (!public_counts) {
        err_memory(err);
        goto out;
    }
    view_make(&view, &p->cells, p->suppression.hidden, p->counts, public_counts);
    if (proof_write_json(&p->suppression.proof, &view, p->rules.release, &json, err) == 0)
        rc = frame_put_document(out, json.bytes, json.length, err);
out:
    free(public_counts);
    text_release(&json);
    return rc;
}

/* For the operator: these figures must not reach a release. */
static int write_private(const struct stage *stage, const struct suppression *s, struct err *err)
{
    struct quality q;
    quality_init(&q);
    const struct proof *p = &s->proof;
    int rc = -1;
    if (quality_add(&q, "suppress", "primary", "", s->primary, err) == 0 &&
        quality_add(&q, "suppress", "secondary", "", s->secondary, err) == 0 &&
        quality_add(&q, "suppress", "secondary_sum", "", (uint64_t)s->secondary_sum, err) == 0 &&
        quality_add(&q, "suppress", "rounds", "", s->rounds, err) == 0 &&
        quality_add(&q, "suppress", "parts", "", p->parts, err) == 0 &&
        quality_add(&q, "suppress", "largest_part", "", p->largest_part, err) == 0 &&
        quality_add(&q, "suppress", "witnesses", "", p->witness_count, err) == 0 &&
        quality_add(&q, "suppress", "programs", "", p->programs, err) == 0)
        rc = stage_write_quality(stage, &q, err);
    quality_release(&q);
    return rc;
}

static int protect(struct pattern *p, const struct stage *stage, const struct frame *rules_frame,
                   const struct frame *counts, struct err *err)
{
    if (rules_from_frame(&p->rules, rules_frame, err) != 0)
        return -1;
    /* How to search is no rule that a verifier needs: it comes from the configuration. */
    p->rules.disclosure.cost = stage->config.disclosure.cost;
    p->rules.disclosure.suppress_effort = stage->config.disclosure.suppress_effort;
    if (cells_build(&p->cells, &p->rules.structure, p->rules.disclosure.public_head_counts, err) !=
            0 ||
        read_counts(p, counts, err) != 0 ||
        suppress(&p->suppression, &p->cells, p->counts, &p->rules.disclosure, stage->threads,
                 err) != 0)
        return -1;
    return write_private(stage, &p->suppression, err);
}

/* Is a sensitive figure of the government itself hidden? */
static bool government_hidden(const struct pattern *p)
{
    for (size_t i = 0; i < p->cells.count; i++)
        if (p->cells.unit[i] == 0 && p->suppression.hidden[i] &&
            (p->cells.flags[i] & (CELL_SENSITIVE | CELL_UNPUBLISHED)) == CELL_SENSITIVE)
            return true;
    return false;
}

static int protected_quality(const struct pattern *p, const struct frame *in, struct frame *out,
                             struct err *err)
{
    struct quality q;
    quality_init(&q);
    int rc = quality_from_frame(&q, in, err);
    if (rc == 0)
        rc = quality_protected_frame(out, &q, p->rules.disclosure.threshold, government_hidden(p),
                                     err);
    quality_release(&q);
    return rc;
}

enum { RULES, COUNTS, INPUTS, QUALITY, READ, CELLS = READ, CERTIFICATE, SAFE_QUALITY, FRAMES };

static int run(struct stage *stage, struct err *err)
{
    static const char *const NAMES[FRAMES] = {"rules", "cells",       "inputs", "quality",
                                              "cells", "certificate", "quality"};
    static const int WRITTEN[] = {RULES, CELLS, CERTIFICATE, INPUTS, SAFE_QUALITY};
    struct frame f[FRAMES];
    struct pattern p;
    struct source source;
    struct sink sink;
    int rc = -1;
    memset(&p, 0, sizeof p);
    rules_init(&p.rules);
    for (int i = 0; i < FRAMES; i++)
        frame_init(&f[i], NAMES[i]);
    if (stage_open_input(stage, &source, err) != 0)
        goto out;
    for (int i = 0; i < READ; i++)
        if (frame_read_named(&f[i], NAMES[i], &source, err) != 0)
            goto out;
    if (protect(&p, stage, &f[RULES], &f[COUNTS], err) != 0 ||
        protected_cells(&p, &f[CELLS], err) != 0 || certificate(&p, &f[CERTIFICATE], err) != 0 ||
        protected_quality(&p, &f[QUALITY], &f[SAFE_QUALITY], err) != 0 ||
        stage_open_output(stage, &sink, err) != 0)
        goto out;
    rc = 0;
    for (size_t i = 0; i < sizeof WRITTEN / sizeof *WRITTEN && rc == 0; i++)
        rc = frame_write(&f[WRITTEN[i]], &sink, err);
out:
    for (int i = 0; i < FRAMES; i++)
        frame_release(&f[i]);
    suppression_release(&p.suppression);
    cells_release(&p.cells);
    free(p.counts);
    rules_release(&p.rules);
    return rc;
}

int main(int argc, char **argv)
{
    return stage_main(&STAGE_SUPPRESS, run, argc, argv);
}
