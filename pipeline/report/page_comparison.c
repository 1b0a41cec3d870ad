/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The unit beside those above it: an entity's page has its domain and the government, and no other
 * entity; a domain's and the government's have the units right below them. Always in the order of
 * rules.json, never in that of the figures. See include/report/page.h.
 */
#include "report/page.h"
#include "report/shares.h"

#include <stdlib.h>

/* The units of the table, in its order: the chain from the government down, then what is right
 * below the page's own. Returns how many; list may be NULL. */
static size_t list_units(const struct page *p, size_t *list)
{
    const struct structure *s = &p->v->rules->structure;
    size_t chain[3], depth = 0, count = 0;
    for (int at = (int)p->unit; at >= 0 && depth < 3; at = s->units[at].parent)
        chain[depth++] = (size_t)at;
    for (; depth > 0; count++, depth--)
        if (list)
            list[count] = chain[depth - 1];
    for (size_t u = p->unit + 1; u < s->unit_count; u++)
        if (s->units[u].parent == (int)p->unit) {
            if (list)
                list[count] = u;
            count++;
        }
    return count;
}

static int64_t greatest(const struct page *p, const struct share_config *share, const size_t *units,
                        size_t count)
{
    int64_t most = 0;
    for (size_t i = 0; i < count; i++) {
        struct view_share s = view_share_at(p->v, share, units[i]);
        int64_t tenths =
            view_share_known(p->v->now, s)
                ? share_tenths(view_count(p->v->now, s.part), view_count(p->v->now, s.whole))
                : 0;
        most = tenths > most ? tenths : most;
    }
    return axis_end(most * 3 / 2);
}

struct comparison {
    struct page *p;
    size_t count, unit_count;
    struct share_config subjects[PAGE_SUBJECTS];
    int64_t most[PAGE_SUBJECTS]; /* the end of each column's axis */
    size_t *units;
};

/* Share, and how many of how many; the bar is as long as the column's axis allows. */
static void put_share(const struct comparison *c, size_t subject, size_t unit)
{
    struct page *p = c->p;
    struct figure f = figure_of(view_share_at(p->v, &c->subjects[subject], unit));
    page_tag(p, "td", NULL, &f);
    if (view_share_known(p->v->now, f.share)) {
        int64_t tenths =
            share_tenths(view_count(p->v->now, f.share.part), view_count(p->v->now, f.share.whole));
        text_format(p->out, " style=\"--s:%d.%d;--m:%d\"", (int)(tenths / 10), (int)(tenths % 10),
                    (int)(c->most[subject] / 10));
    }
    text_string(p->out, " data-is=\"s\">");
    page_value(p, &f, "s");
    text_string(p->out, "</td>");
}

static void row(const struct comparison *c, size_t unit)
{
    struct page *p = c->p;
    const struct unit *u = &p->v->rules->structure.units[unit];
    struct figure people = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    if (c->count > 0 && c->subjects[0].among_variable < 0)
        people.share.whole = people.share.part = view_share_at(p->v, &c->subjects[0], unit).whole;
    page_open(p, "tr", unit == p->unit ? "own" : NULL, &people);
    p->whole = people.share.whole;
    text_string(p->out, "<th>");
    html_put(p->out, u->name);
    if (!u->complete) {
        text_string(p->out, " <small>(");
        page_text(p, u->delivered ? MESSAGE("incomplete: not every entity delivered")
                                  : MESSAGE("not delivered"));
        text_string(p->out, ")</small>");
    }
    text_string(p->out, "</th>");
    for (size_t i = 0; i < c->count; i++)
        put_share(c, i, unit);
    text_string(p->out, "</tr>\n");
    p->whole = SIZE_MAX;
}

static void heads(const struct comparison *c)
{
    struct page *p = c->p;
    text_string(p->out, "<thead><tr><th>");
    page_text(p, "Unit");
    text_string(p->out, "</th>");
    for (size_t i = 0; i < c->count; i++) {
        struct text name;
        text_init(&name);
        name_share(&name, p, &c->subjects[i]);
        text_string(p->out, "<th>");
        html_put(p->out, name.failed ? "" : name.bytes);
        text_string(p->out, "</th>");
        text_release(&name);
    }
    text_string(p->out, "</tr></thead>\n");
}

void page_comparison(struct page *p)
{
    struct comparison c = {.p = p};
    const char *code = LANGUAGE_CODES[p->language];
    c.count = page_subjects(p->v, c.subjects, PAGE_SUBJECTS);
    c.unit_count = list_units(p, NULL);
    c.units = calloc(c.unit_count, sizeof *c.units);
    if (!c.units) {
        p->out->failed = true;
        return;
    }
    (void)list_units(p, c.units);
    for (size_t i = 0; i < c.count; i++)
        c.most[i] = greatest(p, &c.subjects[i], c.units, c.unit_count);
    page_element(p, "h2", "Compared");
    text_format(p->out,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-u\">"
                "<table class=\"units\"><caption id=\"%s-u\">",
                code, code);
    page_text(p, "Shares of this unit and of those above or right below it");
    text_string(p->out, "</caption>\n");
    heads(&c);
    text_string(p->out, "<tbody>\n");
    for (size_t i = 0; i < c.unit_count; i++)
        row(&c, c.units[i]);
    text_string(p->out, "</tbody></table></div>\n");
    free(c.units);
}
