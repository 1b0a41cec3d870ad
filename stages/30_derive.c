/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-derive: evaluates the configured variables and populations over the linked facts.
 *
 *   linked.zone (facts, entities, countries, inputs, quality, since, former, then...)
 *     ->  derived.zone (rules, rows, since, moves, inputs, quality)
 */
#include "base/report.h"
#include "io/quality.h"
#include "link/derive.h"
#include "run/stage.h"
#include "tables/rules.h"

#include <string.h>

struct frames {
    struct frame facts, entities, countries, inputs, quality, since, former; /* read */
    struct frame rules, rows, moves, all_quality; /* written; since and inputs too */
};

static int read_input(struct frames *f, const struct source *from, struct err *err)
{
    return frame_read_narrow(&f->facts, "facts", from, err) == 0 &&
                   frame_read_named(&f->entities, "entities", from, err) == 0 &&
                   frame_read_named(&f->countries, "countries", from, err) == 0 &&
                   frame_read_named(&f->inputs, "inputs", from, err) == 0 &&
                   frame_read_named(&f->quality, "quality", from, err) == 0 &&
                   frame_read_named(&f->since, "since", from, err) == 0 &&
                   frame_read_named(&f->former, "former", from, err) == 0
               ? 0
               : -1;
}

static int write_output(const struct frames *f, const struct sink *to, struct err *err)
{
    const struct frame *const order[] = {&f->rules, &f->rows,   &f->since,
                                         &f->moves, &f->inputs, &f->all_quality};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (frame_write(order[i], to, err) != 0)
            return -1;
    return 0;
}

/* Own figures go to the operator's folder and, with those of the input, to the next stage. */
static int hand_on(const struct stage *s, struct quality *own, struct frames *f, struct err *err)
{
    struct quality all;
    quality_init(&all);
    quality_sort(own);
    int rc = -1;
    if (stage_write_quality(s, own, err) != 0 || quality_from_frame(&all, &f->quality, err) != 0)
        goto out;
    for (size_t i = 0; i < own->count; i++) {
        const struct quality_figure *q = &own->figures[i];
        if (quality_add(&all, q->dataset, q->check, q->of, q->count, err) != 0)
            goto out;
    }
    quality_sort(&all);
    rc = quality_to_frame(&all, &f->all_quality, err);
out:
    quality_release(&all);
    return rc;
}

static void frames_release(struct frames *f)
{
    struct frame *const all[] = {&f->facts,   &f->entities, &f->countries,  &f->inputs,
                                 &f->quality, &f->since,    &f->former,     &f->rules,
                                 &f->rows,    &f->moves,    &f->all_quality};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        frame_release(all[i]);
}

static int run(struct stage *s, struct err *err)
{
    struct frames f;
    struct rules rules;
    struct quality own;
    struct source source;
    struct sink sink;
    int rc = -1;
    memset(&f, 0, sizeof f);
    frame_init(&f.rules, "rules");
    frame_init(&f.rows, "rows");
    frame_init(&f.moves, "moves");
    frame_init(&f.all_quality, "quality");
    rules_init(&rules);
    quality_init(&own);
    const struct derive_input in = {&f.facts,  &f.entities, &f.countries, &f.since,
                                    &f.former, &source,     s->threads};
    progress_begin("rows", 0);
    if (stage_open_input(s, &source, err) == 0 && read_input(&f, &source, err) == 0 &&
        derive(&s->config, &in, &rules, &f.rows, &f.moves, &own, err) == 0 &&
        rules_to_frame(&rules, &f.rules, err) == 0 && hand_on(s, &own, &f, err) == 0 &&
        stage_open_output(s, &sink, err) == 0)
        rc = write_output(&f, &sink, err);
    progress_end();
    s->rows = f.facts.rows;
    frames_release(&f);
    rules_release(&rules);
    quality_release(&own);
    return rc;
}

int main(int c, char **v)
{
    return stage_main(&STAGE_DERIVE, run, c, v);
}
