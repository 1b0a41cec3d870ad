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

static void row(struct page *p, const struct share_config *share, size_t unit)
{
    const struct unit *u = &p->v->rules->structure.units[unit];
    struct figure f = figure_of(view_share_at(p->v, share, unit));
    page_open(p, "tr", unit == p->unit ? "own" : NULL, &f);
    text_string(p->out, "<th scope=\"row\">");
    html_put(p->out, u->name);
    if (!u->complete) {
        text_string(p->out, " <small>(");
        page_text(p, u->delivered ? MESSAGE("incomplete: not every entity delivered")
                                  : MESSAGE("not delivered"));
        text_string(p->out, ")</small>");
    }
    text_string(p->out, "</th>");
    if (view_share_known(p->v->now, f.share)) {
        int64_t tenths =
            share_tenths(view_count(p->v->now, f.share.part), view_count(p->v->now, f.share.whole));
        text_format(p->out, "<td class=\"s\" style=\"--s:%d.%d\">", (int)(tenths / 10),
                    (int)(tenths % 10));
    } else {
        text_string(p->out, "<td class=\"s\">");
    }
    page_number(p, &f, "share");
    text_string(p->out, "</td><td>");
    page_number(p, &f, "count");
    text_string(p->out, "</td><td>");
    page_number(p, &f, "whole");
    text_string(p->out, "</td></tr>\n");
}

static void comparison_table(struct page *p, const struct share_config *share, const size_t *units,
                             size_t count, size_t number)
{
    static const char *const heads[] = {MESSAGE("Unit"), MESSAGE("Share"), MESSAGE("People"),
                                        MESSAGE("Of")};
    const char *code = LANGUAGE_CODES[p->language];
    int64_t most = greatest(p, share, units, count);
    struct figure f = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    struct text name;
    text_init(&name);
    name_share(&name, p, share);
    text_format(p->out,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-u%zu\">"
                "<table class=\"units\" style=\"--m:%d.%d\"><caption id=\"%s-u%zu\">",
                code, number, (int)(most / 10), (int)(most % 10), code, number);
    f.word[0] = name.failed ? "" : name.bytes;
    page_say(p, &f, "Compared: {1}");
    text_string(p->out, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        text_string(p->out, "<th scope=\"col\">");
        page_text(p, heads[i]);
        text_string(p->out, "</th>");
    }
    text_string(p->out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < count; i++)
        row(p, share, units[i]);
    text_string(p->out, "</tbody></table></div>\n");
    text_release(&name);
}

void page_comparison(struct page *p)
{
    struct share_config subjects[PAGE_SUBJECTS];
    size_t count = page_subjects(p->v, subjects, PAGE_SUBJECTS);
    size_t unit_count = list_units(p, NULL);
    size_t *units = calloc(unit_count, sizeof *units);
    if (!units) {
        p->out->failed = true;
        return;
    }
    (void)list_units(p, units);
    page_element(p, "h2", "Compared");
    for (size_t i = 0; i < count; i++)
        comparison_table(p, &subjects[i], units, unit_count, i);
    free(units);
}
