/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-derive: evaluates the configured variables and populations over the linked facts.
 *
 *   linked.zone (entities, countries, inputs, quality, since, former, facts, then...)
 *     ->  derived.zone (rules, rows..., unknown, since, moves..., inputs, quality)
 */
#include "base/report.h"
#include "io/quality.h"
#include "link/derive.h"
#include "run/stage.h"

#include <string.h>

enum { ENTITIES, COUNTRIES, INPUTS, QUALITY, SINCE, FORMER, FRAMES };

static int read_input(struct frame f[static FRAMES], const struct source *from, struct err *err)
{
    static const char *const NAMES[FRAMES] = {"entities", "countries", "inputs",
                                              "quality",  "since",     "former"};
    for (int i = 0; i < FRAMES; i++)
        if (frame_read_named(&f[i], NAMES[i], from, err) != 0)
            return -1;
    return 0;
}

/* Own figures go to the operator's folder and, with those of the input, to the next stage. */
static int hand_on(const struct stage *s, struct quality *own, const struct frame *before,
                   const struct sink *to, struct err *err)
{
    struct quality all;
    struct frame f;
    quality_init(&all);
    frame_init(&f, "quality");
    quality_sort(own);
    int rc = stage_write_quality(s, own, err);
    if (rc == 0)
        rc = quality_from_frame(&all, before, err);
    for (size_t i = 0; rc == 0 && i < own->count; i++) {
        const struct quality_figure *q = &own->figures[i];
        rc = quality_add(&all, q->dataset, q->check, q->of, q->count, err);
    }
    quality_sort(&all);
    if (rc == 0)
        rc = quality_to_frame(&all, &f, err);
    if (rc == 0)
        rc = frame_write(&f, to, err);
    frame_release(&f);
    quality_release(&all);
    return rc;
}

static int run(struct stage *s, struct err *err)
{
    struct frame f[FRAMES];
    struct rules rules;
    struct quality own;
    struct source source;
    struct sink sink;
    struct memory_plan plan;
    int rc = -1;
    memset(f, 0, sizeof f);
    rules_init(&rules);
    quality_init(&own);
    memory_plan_make(&plan, s->memory, s->threads, s->work);
    const struct derive_input in = {&f[ENTITIES], &f[COUNTRIES], &f[SINCE],
                                    &f[FORMER],   &source,       &plan};
    progress_begin("rows", 0);
    if (stage_open_input(s, &source, err) == 0 && read_input(f, &source, err) == 0 &&
        stage_open_output(s, &sink, err) == 0 &&
        derive(&s->config, &in, &rules, &sink, &s->rows, &own, err) == 0 &&
        frame_write(&f[INPUTS], &sink, err) == 0)
        rc = hand_on(s, &own, &f[QUALITY], &sink, err);
    progress_end();
    for (int i = 0; i < FRAMES; i++)
        frame_release(&f[i]);
    rules_release(&rules);
    quality_release(&own);
    return rc;
}

int main(int c, char **v)
{
    return stage_main(&STAGE_DERIVE, run, c, v);
}
