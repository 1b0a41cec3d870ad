/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-suppress: decides which cells are published, and proves that the hidden ones are
 * protected.
 *
 *   counts.zone (rules, cells, turnover, inputs, quality), and the ledger
 *     ->  protected.zone (rules, cells, certificate, turnover, past, inputs, quality)
 *
 * What was published before decides too: the turnover rule names cells that must not be shown again
 * yet. publish compares the list `past` with the ledger.
 *
 * Of a hidden cell nothing goes on: its count is written as 0, and the certificate is computed from
 * what is published. How many cells were unsafe is for the operator's eyes only.
 */
#include "io/artefacts.h"
#include "io/quality.h"
#include "run/ledger.h"
#include "run/stage.h"
#include "sdc/over_time.h"
#include "sdc/primary.h"
#include "sdc/quality_protect.h"
#include "sdc/suppress.h"
#include "tables/count.h"
#include "tables/joint_past.h"
#include "tables/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pattern { /* what the stage works on */
    struct rules rules;
    struct cells cells;
    int64_t *counts;
    struct past past;
    struct turnover turnover;
    size_t corrected; /* groups of which earlier releases say something else than the files */
    uint8_t *named;   /* per cell: by the turnover rule */
    struct suppression suppression;
    struct joint_past joint; /* with earlier releases: what they and this one are together */
    struct over_time over_time;
};

/* What was published before, and which cells the turnover rule names for that. */
static int look_back(struct pattern *p, const struct config *config, const struct frame *turnover,
                     struct err *err)
{
    p->named = calloc(p->cells.count + 1, 1);
    if (!p->named)
        return err_memory(err);
    if (ledger_read_past(config->ledger, config->name, &p->past, err) != 0 ||
        turnover_from_frame(&p->turnover, &p->cells, p->rules.reference_date, turnover, err) != 0)
        return -1;
    if (turnover_check_dates(&p->turnover, &p->past, err) != 0)
        return err_hint(err, "herkomst-link --since takes them; herkomst run gives them by itself");
    if (turnover_reconcile(&p->turnover, &p->cells, p->counts, &p->past, &p->corrected, err) != 0)
        return -1;
    return primary_named(p->named, &p->cells, &p->rules.disclosure, &p->turnover, &p->past, err);
}

static int protected_cells(const struct pattern *p, struct frame *out, struct err *err)
{
    struct column *count = frame_add(out, "count", COLUMN_U64, err);
    struct column *status = count ? frame_add(out, "status", COLUMN_U8, err) : NULL;
    struct column *named = status ? frame_add(out, "named", COLUMN_U8, err) : NULL;
    if (!named || frame_resize(out, p->cells.count, err) != 0)
        return -1;
    for (size_t i = 0; i < p->cells.count; i++) {
        bool hidden = p->suppression.hidden[i];
        column_set(count, i, hidden ? 0 : (uint64_t)p->counts[i]);
        column_set(status, i, hidden);
        column_set(named, i, p->named[i]);
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
    if ((p->past.count
             ? over_time_write_json(&p->over_time, &p->suppression, p->rules.release, &json, err)
             : proof_write_json(&p->suppression.proof, &view, p->rules.release, &json, err)) == 0)
        rc = frame_put_document(out, json.bytes, json.length, err);
out:
    free(public_counts);
    text_release(&json);
    return rc;
}

/* For the operator: these figures must not reach a release. */
static int write_private(const struct pattern *p, const struct stage *stage, struct err *err)
{
    static const char *const reasons[HIDDEN_REASONS] = {"primary", "minimum_population", "turnover",
                                                        "cumulative", "secondary"};
    const struct suppression *s = &p->suppression;
    const struct {
        const char *check;
        size_t count;
    } figures[] = {{"rounds", s->rounds},
                   {"parts", s->proof.parts},
                   {"largest_part", s->proof.largest_part},
                   {"witnesses", s->proof.witness_count},
                   {"programs", s->proof.programs},
                   {"iterations", s->iterations},
                   {"effort_limited", s->limited},
                   {"turnover_corrected", p->corrected},
                   {"units_left_out", p->over_time.dropped_count}};
    struct hidden_figures hidden;
    struct quality q;
    quality_init(&q);
    int rc = primary_figures(&hidden, &p->cells, p->counts, &p->rules.disclosure, p->named,
                             p->over_time.added, s->hidden, err);
    for (size_t i = 0; rc == 0 && i < HIDDEN_REASONS; i++) {
        char sum[FRAME_NAME];
        (void)snprintf(sum, sizeof sum, "%s_sum", reasons[i]);
        if (quality_add(&q, "suppress", reasons[i], "", hidden.cells[i], err) != 0 ||
            quality_add(&q, "suppress", sum, "", (uint64_t)hidden.sum[i], err) != 0)
            rc = -1;
    }
    for (size_t i = 0; rc == 0 && i < sizeof figures / sizeof *figures; i++)
        rc = quality_add(&q, "suppress", figures[i].check, "", figures[i].count, err);
    if (rc == 0)
        rc = stage_write_quality(stage, &q, err);
    quality_release(&q);
    return rc;
}

/* What earlier releases make of hiding the cells of this one. */
static int open_over_time(struct pattern *p, struct err *err)
{
    const struct published_release present = {p->rules.release, p->rules.reference_date, &p->cells,
                                              NULL, p->named};
    if (joint_past_make(&p->joint, &p->past, &present, &p->turnover, err) != 0)
        return -1;
    return over_time_open(&p->over_time, &p->joint.input, p->counts, &p->rules.disclosure, err);
}

/* This release alone, then all of them together. */
static int find_pattern(struct pattern *p, unsigned threads, struct err *err)
{
    bool first = p->past.count == 0;
    if (!first && open_over_time(p, err) != 0)
        return -1;
    return first ? suppress(&p->suppression, &p->cells, p->counts, &p->rules.disclosure, p->named,
                            NULL, threads, err)
                 : over_time_suppress(&p->over_time, &p->suppression, threads, err);
}

static int protect(struct pattern *p, const struct stage *stage, const struct frame *rules_frame,
                   const struct frame *counts, const struct frame *turnover, struct err *err)
{
    if (rules_from_frame(&p->rules, rules_frame, err) != 0)
        return -1;
    /* How to search is no rule that a verifier needs: it comes from the configuration. */
    p->rules.disclosure.cost = stage->config.disclosure.cost;
    p->rules.disclosure.weights = stage->config.disclosure.weights;
    p->rules.disclosure.suppress_effort = stage->config.disclosure.suppress_effort;
    if (cells_build(&p->cells, &p->rules.structure, p->rules.disclosure.public_head_counts, err) !=
            0 ||
        counts_from_frame(&p->counts, &p->cells, counts, err) != 0 ||
        look_back(p, &stage->config, turnover, err) != 0 ||
        find_pattern(p, stage->threads, err) != 0)
        return -1;
    return write_private(p, stage, err);
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

/* What goes on of the past: turnover as it is published, and the list of releases. */
static int past_frames(const struct pattern *p, struct frame *turnover, struct frame *past,
                       struct err *err)
{
    frame_release(turnover);
    return turnover_to_frame(&p->turnover, &p->cells, turnover, err) == 0
               ? past_list(&p->past, past, err)
               : -1;
}

static void pattern_release(struct pattern *p)
{
    over_time_release(&p->over_time);
    joint_past_release(&p->joint);
    suppression_release(&p->suppression);
    turnover_close(&p->turnover);
    past_clear(&p->past);
    free(p->named);
    free(p->counts);
    cells_release(&p->cells);
    rules_release(&p->rules);
}

enum {
    RULES,
    COUNTS,
    TURNOVER,
    INPUTS,
    QUALITY,
    READ,
    CELLS = READ,
    CERTIFICATE,
    PAST,
    SAFE_QUALITY,
    FRAMES
};

static int run(struct stage *stage, struct err *err)
{
    static const char *const NAMES[FRAMES] = {"rules",       "cells",   "turnover",
                                              "inputs",      "quality", "cells",
                                              "certificate", "past",    "quality"};
    static const int WRITTEN[] = {RULES, CELLS, CERTIFICATE, TURNOVER, PAST, INPUTS, SAFE_QUALITY};
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
    if (protect(&p, stage, &f[RULES], &f[COUNTS], &f[TURNOVER], err) != 0 ||
        past_frames(&p, &f[TURNOVER], &f[PAST], err) != 0 ||
        protected_cells(&p, &f[CELLS], err) != 0 || certificate(&p, &f[CERTIFICATE], err) != 0 ||
        protected_quality(&p, &f[QUALITY], &f[SAFE_QUALITY], err) != 0 ||
        stage_open_output(stage, &sink, err) != 0)
        goto out;
    stage->rows = p.cells.count;
    rc = 0;
    for (size_t i = 0; i < sizeof WRITTEN / sizeof *WRITTEN && rc == 0; i++)
        rc = frame_write(&f[WRITTEN[i]], &sink, err);
out:
    for (int i = 0; i < FRAMES; i++)
        frame_release(&f[i]);
    pattern_release(&p);
    return rc;
}

int main(int argc, char **argv)
{
    return stage_main(&STAGE_SUPPRESS, run, argc, argv);
}
