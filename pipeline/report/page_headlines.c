/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The page's head: what most readers come for, a card a share: how many, since when more or fewer,
 * and how far from the target. See include/report/page.h.
 */
#include "report/growth.h"
#include "report/page.h"
#include "report/shares.h"

#include <inttypes.h>
#include <string.h>

/* The people of whom the share's variable is not known: its category "unknown", if it has one. */
static size_t unknown_of(const struct page *p, const struct share_config *share)
{
    const struct variable *v = &p->v->rules->structure.variables[share->variable];
    struct share_config unknown = *share;
    for (size_t k = 1; k < v->category_count; k++)
        if (strcmp(v->categories[k].name, "unknown") == 0) {
            unknown.category = (int)k - 1;
            return view_share_at(p->v, &unknown, p->unit).part;
        }
    return SIZE_MAX;
}

/* The share as a bar, the target as a line across it. */
static void bullet(struct page *p, const struct figure *f)
{
    const struct view_point *now = p->v->now;
    int64_t share = share_tenths(view_count(now, f->share.part), view_count(now, f->share.whole));
    int64_t target = f->target_ppm < 0 ? 0 : ppm_tenths(f->target_ppm);
    int64_t most = axis_end((share > target ? share : target) * 5 / 4);
    text_format(p->out,
                "<svg class=\"bullet\" viewBox=\"0 0 1000 40\" preserveAspectRatio=\"none\" "
                "role=\"img\" data-max=\"%" PRId64 "\" data-size=\"1000\"><title>",
                most);
    page_text(p, f->target_ppm < 0 ? MESSAGE("The share as a bar")
                                   : MESSAGE("The share as a bar, and the target"));
    text_format(p->out,
                "</title><rect class=\"bar\" data-is=\"bar\" x=\"0\" y=\"8\" width=\"%" PRId64
                "\" height=\"24\"/>",
                share * 1000 / most);
    if (f->target_ppm >= 0)
        text_format(p->out,
                    "<rect class=\"aim\" data-is=\"line\" x=\"%" PRId64
                    "\" y=\"0\" width=\"6\" height=\"40\"/>",
                    target * 1000 / most);
    text_string(p->out, "</svg>\n");
}

static void say(struct page *p, const char *class, const struct figure *f, const char *message)
{
    text_format(p->out, "<p%s%s%s>", class ? " class=\"" : "", class ? class : "",
                class ? "\"" : "");
    page_say(p, f, message);
    text_string(p->out, "</p>\n");
}

static void since_last(struct page *p, struct figure *f)
{
    if (!f->since) {
        say(p, "note", f,
            p->v->previous
                ? MESSAGE("No change is given: the previous figure was counted otherwise, "
                          "or is not shown.")
                : MESSAGE("There is no earlier release to compare with."));
        return;
    }
    say(p, "change", f,
        "{change} percentage points since {since} (then {share-then}); number: {more} (then "
        "{count-then}).");
}

/* Who came and went, of everybody among whom the share is. */
static void flow(struct page *p, const struct figure *f)
{
    int64_t joined, left;
    if (f->since && view_flow(p->v, f->since, f->share.whole, &joined, &left))
        say(p, "note", f, "Since then, all together: {joined} joined, {left} left.");
}

/* At the levels that have units below them. */
static void growth(struct page *p, const struct share_config *share, struct figure f)
{
    struct growth g;
    if (!growth_explain(p->v, share, p->unit, &g))
        return;
    f.explained = share;
    f.since = p->v->previous;
    page_open(p, "p", "note", &f);
    page_say(
        p, &f,
        "Of that change in percentage points: {scope} by entities that entered or left, "
        "{composition} by units that became larger or smaller, {within} by changes within them.");
    text_string(p->out, "</p>\n");
}

static void target(struct page *p, const struct figure *f)
{
    const struct view_point *now = p->v->now;
    bool reached = gap_replacement(view_count(now, f->share.part), view_count(now, f->share.whole),
                                   f->target_ppm) <= 0;
    if (f->by != DATE_NONE)
        say(p, "target", f,
            reached ? MESSAGE("Target: {target} by {by}. It is reached.")
                    : MESSAGE("Target: {target} by {by}. Still needed: {gap} in the place of "
                              "others, or {growth} on top of those who are there."));
    else
        say(p, "target", f,
            reached ? MESSAGE("What if the target were {target}? It would be reached.")
                    : MESSAGE("What if the target were {target}? Needed then: {gap} in the place "
                              "of others, or {growth} on top of those who are there."));
}

/* Every target of this share: the first with the bar, the others (what-if) as sentences. */
static void targets(struct page *p, struct figure f, const struct share_config *share)
{
    const struct config *c = p->v->config;
    bool first = true;
    for (size_t i = 0; i < c->target_count; i++) {
        if (!page_same_share(&c->targets[i].share, share))
            continue;
        f.target_ppm = c->targets[i].target_ppm;
        f.by = c->targets[i].by;
        page_open(p, "div", NULL, &f);
        if (first)
            bullet(p, &f);
        target(p, &f);
        text_string(p->out, "</div>\n");
        first = false;
    }
    if (first)
        bullet(p, &f);
}

static void benchmarks(struct page *p, struct figure f, const struct share_config *share)
{
    const struct config *c = p->v->config;
    for (size_t i = 0; i < c->benchmark_count; i++) {
        const struct benchmark_config *b = &c->benchmarks[i];
        if (!page_same_share(&b->share, share))
            continue;
        f.target_ppm = b->share_ppm;
        f.by = b->date;
        f.word[0] = b->region;
        f.word[1] = b->ages;
        f.word[2] = b->source;
        page_open(p, "p", "note", &f);
        page_say(p, &f,
                 "Compared with the population of {1}, ages {2}, on {by}: the share there is "
                 "{target}, the share here {index} of that. Source: {3}.");
        text_string(p->out, "</p>\n");
    }
}

static void not_shown(struct page *p, struct figure f)
{
    f.at = view_last_published(p->v, f.share.part);
    text_string(p->out, "<p class=\"big\">\u2013</p>\n");
    if (view_count(p->v->now, f.share.whole) == 0) {
        page_element(p, "p", "Nobody belongs to this group here.");
        return;
    }
    page_element(p, "p",
                 "Not shown in this release, so that nothing can be learnt about one person.");
    if (!f.at || !view_share_known(f.at, f.share))
        return;
    f.since = NULL;
    page_open(p, "p", "note", &f);
    page_say(p, &f, "Last published on {date}: {share}, {count} of {whole} people.");
    text_string(p->out, "</p>\n");
}

/* Did people register themselves for this? */
static bool is_voluntary(const struct view *v, int variable)
{
    const struct config *c = v->config;
    for (size_t i = 0; i < c->variable_count; i++)
        if (strcmp(c->variables[i].name, v->rules->structure.variables[variable].name) == 0)
            return !c->variables[i].administrative;
    return false;
}

static void card(struct page *p, const struct share_config *share)
{
    const struct view *v = p->v;
    struct figure f = figure_of(view_share_at(v, share, p->unit));
    struct text name;
    text_init(&name);
    name_share(&name, p, share);
    f.plus = unknown_of(p, share);
    bool known = view_share_known(v->now, f.share);
    if (known && v->previous && view_share_known(v->previous, f.share) &&
        view_comparable(v, v->previous, v->now, f.share.part))
        f.since = v->previous;
    page_open(p, "section", "card", &f);
    p->whole = f.share.whole;
    p->part = f.share.part;
    text_string(p->out, "<h3>");
    html_put(p->out, name.failed ? "" : name.bytes);
    text_string(p->out, "</h3>\n");
    if (!known) {
        not_shown(p, f);
    } else {
        say(p, "big", &f, "{share}");
        say(p, NULL, &f, "{count} of {whole} people");
        since_last(p, &f);
        growth(p, share, f);
        flow(p, &f);
        targets(p, f, share);
        benchmarks(p, f, share);
        if (view_count(v->now, f.plus) > 0)
            say(p, "note", &f,
                "Of {plus} it is not known: counting none or all of them, the share lies between "
                "{share} and {upper}.");
        if (is_voluntary(v, share->variable))
            page_element(p, "p", "Registration is voluntary: read this as a lower bound.");
    }
    text_string(p->out, "</section>\n");
    p->whole = p->part = SIZE_MAX;
    text_release(&name);
}

void page_headlines(struct page *p)
{
    struct share_config subjects[PAGE_SUBJECTS];
    size_t count = page_subjects(p->v, subjects, PAGE_SUBJECTS);
    text_string(p->out, "<div class=\"cards\">\n");
    for (size_t i = 0; i < count; i++)
        card(p, &subjects[i]);
    text_string(p->out, "</div>\n");
}
