/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where a small effort is enough: the entities that reach a share's target with the fewest people
 * in the place of others. Only published shares are looked at, so that neither who is listed nor in
 * which order says anything of a hidden one. See include/report/page.h.
 */
#include "report/page.h"
#include "report/shares.h"

#include <string.h>

enum { NEAREST_MOST = 5 };

struct nearest {
    struct figure figure; /* of the share at the entity */
    size_t unit;
    int64_t gap;
};

/* Into a list by gap, and by the units' order where that is the same. */
static size_t insert(struct nearest *list, size_t count, const struct nearest *entity)
{
    size_t at = count;
    while (at > 0 && list[at - 1].gap > entity->gap)
        at--;
    if (at == NEAREST_MOST)
        return count;
    count += count < NEAREST_MOST;
    memmove(&list[at + 1], &list[at], (count - 1 - at) * sizeof *list);
    list[at] = *entity;
    return count;
}

static size_t find_nearest(const struct page *p, const struct target_config *target,
                           struct nearest list[static NEAREST_MOST])
{
    const struct structure *s = &p->v->rules->structure;
    const struct view_point *now = p->v->now;
    size_t count = 0;
    for (size_t u = 0; u < s->unit_count; u++) {
        if (s->units[u].level != LEVEL_ENTITY)
            continue;
        struct nearest entity = {.unit = u};
        entity.figure = figure_of(view_share_at(p->v, &target->share, u));
        entity.figure.target_ppm = target->target_ppm;
        if (!view_share_known(now, entity.figure.share))
            continue;
        entity.gap =
            gap_replacement(view_count(now, entity.figure.share.part),
                            view_count(now, entity.figure.share.whole), target->target_ppm);
        if (entity.gap > 0)
            count = insert(list, count, &entity);
    }
    return count;
}

static void row(struct page *p, const struct nearest *entity)
{
    page_open(p, "tr", NULL, &entity->figure);
    text_string(p->out, "<th>");
    html_put(p->out, p->v->rules->structure.units[entity->unit].name);
    text_string(p->out, "</th>");
    page_cell(p, &entity->figure, "s");
    page_cell(p, &entity->figure, "n");
    page_cell(p, &entity->figure, "gap");
    text_string(p->out, "</tr>\n");
}

static void head(struct page *p)
{
    static const char *const heads[] = {MESSAGE("Entity"), MESSAGE("Share"), MESSAGE("People"),
                                        MESSAGE("Still needed")};
    text_string(p->out, "<thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        text_string(p->out, "<th>");
        page_text(p, heads[i]);
        text_string(p->out, "</th>");
    }
    text_string(p->out, "</tr></thead>\n");
}

static void table(struct page *p, const struct target_config *target, const struct nearest *list,
                  size_t count)
{
    struct figure f = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    struct text name;
    text_init(&name);
    name_share(&name, p, &target->share);
    f.target_ppm = target->target_ppm;
    f.word[0] = name.failed ? "" : name.bytes;
    text_string(p->out, "<table>");
    page_open(p, "caption", NULL, &f);
    page_say(p, &f, "{1}: target {target}");
    text_string(p->out, "</caption>\n");
    head(p);
    text_string(p->out, "<tbody>\n");
    for (size_t i = 0; i < count; i++)
        row(p, &list[i]);
    text_string(p->out, "</tbody></table>\n");
    text_release(&name);
}

static void introduce(struct page *p)
{
    page_element(p, "h2", "Closest to the target");
    page_element(
        p, "p",
        "Entities that do not reach the target yet and need the fewest people for it, in the "
        "place of others: at most five a target. Only figures that are shown count.");
    text_string(p->out, "<div class=\"cards near\">\n");
}

/* The target that the share's card shows as a bar: its first. */
static const struct target_config *first_target(const struct config *c,
                                                const struct share_config *share)
{
    for (size_t i = 0; i < c->target_count; i++)
        if (page_same_share(&c->targets[i].share, share))
            return &c->targets[i];
    return NULL;
}

void page_nearest(struct page *p)
{
    struct share_config subjects[PAGE_SUBJECTS];
    size_t subject_count = page_subjects(p->v, subjects, PAGE_SUBJECTS);
    bool any = false;
    for (size_t i = 0; i < subject_count; i++) {
        const struct target_config *target = first_target(p->v->config, &subjects[i]);
        struct nearest list[NEAREST_MOST];
        size_t count = target ? find_nearest(p, target, list) : 0;
        if (count == 0)
            continue;
        if (!any)
            introduce(p);
        table(p, target, list, count);
        any = true;
    }
    if (any)
        text_string(p->out, "</div>\n");
}
