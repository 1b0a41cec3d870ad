/* SPDX-License-Identifier: EUPL-1.2 */
/* herkomst-link: see STAGE_LINK in pipeline/run/stages.c and include/link/link.h. */
#include "base/parallel.h"
#include "base/report.h"
#include "io/artefacts.h"
#include "io/quality.h"
#include "link/fields.h"
#include "link/link.h"
#include "run/stage.h"

#include <string.h>

/* In the order in which they stand in the input; link_read takes each in turn. */
static const char *const DATASETS_LINKED[] = {"personnel", "register",     "nationality",
                                              "filiation", "registration", "entities"};

static int count_persons(size_t *persons, const struct source *source, struct err *err)
{
    struct frame f;
    if (frame_read_named(&f, "persons", source, err) != 0)
        return -1;
    const struct column *count = frame_need(&f, "count", COLUMN_U32, err);
    bool known = count && f.rows == 1;
    if (known)
        *persons = (size_t)column_get(count, 0);
    frame_release(&f);
    return known ? 0 : err_set(err, ERR_DATA, "frame persons: not one count");
}

static int open_link(struct link *l, const struct stage *s, const struct field_set *fields,
                     const struct field_set *groups, const struct memory_plan *plan,
                     const struct source *source, struct err *err)
{
    size_t persons = 0;
    if (count_persons(&persons, source, err) != 0)
        return -1;
    if (link_init_within(l, persons, fields, s->config.reference_date, plan->threads, plan, err) !=
        0)
        return -1;
    return s->since_count > 0 ? link_since(l, s->since, s->since_count, groups, err) : 0;
}

static int read_datasets(struct link *l, struct stage *s, const struct source *source,
                         struct err *err)
{
    for (size_t i = 0; i < sizeof DATASETS_LINKED / sizeof DATASETS_LINKED[0]; i++) {
        size_t rows;
        if (link_read(l, DATASETS_LINKED[i], source, &rows, err) != 0)
            return -1;
        progress_step(rows);
        s->rows += rows;
    }
    return 0;
}

/* Own figures go to the operator's folder and, with those of the input, to the next stage. */
static int write_quality(const struct stage *s, struct quality *own, struct quality *all,
                         const struct sink *sink, struct err *err)
{
    struct frame f;
    quality_sort(own);
    if (stage_write_quality(s, own, err) != 0)
        return -1;
    for (size_t i = 0; i < own->count; i++) {
        const struct quality_figure *q = &own->figures[i];
        if (quality_add(all, q->dataset, q->check, q->of, q->count, err) != 0)
            return -1;
    }
    quality_sort(all);
    frame_init(&f, "quality");
    int rc = quality_to_frame(all, &f, err);
    if (rc == 0)
        rc = frame_write(&f, sink, err);
    frame_release(&f);
    return rc;
}

struct output {
    struct frame facts, entities, countries, inputs;
    struct quality own, all;
};

/* The other dates, and the entities that ended before this one. */
static int write_dates(const struct link *l, const struct stage *s, const struct sink *sink,
                       struct err *err)
{
    struct frame since, former;
    frame_init(&since, "since");
    frame_init(&former, "former");
    struct column *day = frame_add(&since, "date", COLUMN_I32, err);
    int rc = day ? frame_resize(&since, s->since_count, err) : -1;
    for (size_t i = 0; rc == 0 && i < s->since_count; i++)
        ((int32_t *)day->cells)[i] = s->since[i];
    if (rc == 0 && (link_former(l, &former, err) != 0 || frame_write(&since, sink, err) != 0 ||
                    frame_write(&former, sink, err) != 0))
        rc = -1;
    frame_release(&since);
    frame_release(&former);
    return rc;
}

/* What was at the other dates, one after the other. */
static int write_past(struct link *l, const struct stage *s, const struct sink *sink,
                      struct err *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < s->since_count; i++) {
        struct frame then;
        rc = link_then(l, i, &then, err);
        if (rc == 0)
            rc = link_write(l, 1 + i, &then, sink, err);
        frame_release(&then);
    }
    return rc;
}

/* Facts come last: whoever reads them knows all the rest and need not keep them. */
static int write_output(const struct stage *s, struct link *l, struct output *o,
                        const struct sink *sink, struct err *err)
{
    const struct frame *frames[] = {&o->entities, &o->countries, &o->inputs};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++)
        if (frame_write(frames[i], sink, err) != 0)
            return -1;
    if (write_quality(s, &o->own, &o->all, sink, err) != 0 || write_dates(l, s, sink, err) != 0 ||
        link_write(l, 0, &o->facts, sink, err) != 0)
        return -1;
    return write_past(l, s, sink, err);
}

struct writing {
    const struct stage *stage;
    struct link *link, done;
    struct output *output;
    const struct sink *sink;
};

static int write_or_release(void *context, unsigned worker, size_t item, struct err *err)
{
    struct writing *w = context;
    (void)worker;
    if (item == 0)
        return write_output(w->stage, w->link, w->output, w->sink, err);
    link_release(&w->done);
    return 0;
}

/* What is known of people is wiped while the facts are written, where these are all that is. */
static int write_all(const struct stage *s, struct link *l, struct output *o,
                     const struct sink *sink, struct err *err)
{
    struct writing w = {s, l, {.spill = NULL}, o, sink};
    if (s->since_count > 0 || l->spill)
        return write_output(s, l, o, sink, err);
    w.done = *l;
    memset(l, 0, sizeof *l);
    return parallel_items(s->threads, 2, write_or_release, &w, err);
}

static void output_release(struct output *o)
{
    frame_release(&o->facts);
    frame_release(&o->entities);
    frame_release(&o->countries);
    frame_release(&o->inputs);
    quality_release(&o->own);
    quality_release(&o->all);
}

static int read_rest(struct output *o, const struct source *source, struct err *err)
{
    struct frame quality;
    if (frame_read_named(&o->countries, "countries", source, err) != 0 ||
        frame_read_named(&o->inputs, "inputs", source, err) != 0 ||
        frame_read_named(&quality, "quality", source, err) != 0)
        return -1;
    int rc = quality_from_frame(&o->all, &quality, err);
    frame_release(&quality);
    return rc;
}

static int run(struct stage *s, struct err *err)
{
    struct source source;
    struct sink sink;
    struct field_set fields = {0}, groups = {0};
    struct link link = {0};
    struct memory_plan plan;
    struct output o = {0};
    int rc = -1;
    quality_init(&o.own);
    quality_init(&o.all);
    if (fields_used(&fields, &s->config, err) != 0 ||
        fields_of_groups(&groups, &s->config, err) != 0 || stage_open_input(s, &source, err) != 0)
        goto out;
    progress_begin("rows", 0);
    memory_plan_make(&plan, s->memory, s->threads, s->work);
    if (open_link(&link, s, &fields, &groups, &plan, &source, err) != 0 ||
        read_datasets(&link, s, &source, err) != 0 || read_rest(&o, &source, err) != 0)
        goto out;
    if (link_finish(&link, &o.facts, &o.entities, &o.own, err) != 0)
        goto out;
    if (stage_open_output(s, &sink, err) == 0)
        rc = write_all(s, &link, &o, &sink, err);
out:
    progress_end();
    link_release(&link);
    output_release(&o);
    return rc;
}

int main(int c, char **v)
{
    return stage_main(&STAGE_LINK, run, c, v);
}
