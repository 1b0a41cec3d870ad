/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The unit beside those above it: an entity's page has its domain and the government, and no other
 * entity; a domain's and the government's have the units right below them. Always in the order of
 * rules.json, never in that of the figures. See include/report/page.h.
 */
#include "report/page.h"
#include "report/shares.h"

static void row(struct page *p, const struct share_config *share, size_t unit)
{
    const struct unit *u = &p->v->rules->structure.units[unit];
    struct figure f = figure_of(view_share_at(p->v, share, unit));
    page_open(p, "tr", unit == p->unit ? "own" : NULL, &f);
    text_string(p->out, "<th scope=\"row\">");
    html_put(p->out, u->name);
    text_string(p->out, "</th>");
    if (view_share_known(p->v->now, f.share)) {
        int64_t tenths =
            share_tenths(view_count(p->v->now, f.share.part), view_count(p->v->now, f.share.whole));
        text_format(p->out, "<td class=\"s\" style=\"--s:%d.%d%%\">", (int)(tenths / 10),
                    (int)(tenths % 10));
    } else {
        text_string(p->out, "<td class=\"s\">");
    }
    page_number(p, &f, "share");
    text_string(p->out, "</td><td>");
    page_number(p, &f, "count");
    text_string(p->out, "</td><td>");
    page_number(p, &f, "whole");
    text_string(p->out, "</td><td>");
    if (!u->delivered)
        page_text(p, "not delivered");
    else if (!u->complete)
        page_text(p, "incomplete: not every entity delivered");
    text_string(p->out, "</td></tr>\n");
}

static void comparison_table(struct page *p, const struct share_config *share, size_t number)
{
    static const char *const heads[] = {MESSAGE("Unit"), MESSAGE("Share"), MESSAGE("People"),
                                        MESSAGE("Of"), MESSAGE("Remark")};
    const struct structure *s = &p->v->rules->structure;
    const char *code = LANGUAGE_CODES[p->language];
    struct text name;
    text_init(&name);
    name_share(&name, p, share);
    text_format(p->out,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-u%zu\">"
                "<table class=\"units\"><caption id=\"%s-u%zu\">",
                code, number, code, number);
    html_put(p->out, name.failed ? "" : name.bytes);
    text_string(p->out, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        text_string(p->out, "<th scope=\"col\">");
        page_text(p, heads[i]);
        text_string(p->out, "</th>");
    }
    text_string(p->out, "</tr></thead>\n<tbody>\n");
    int chain[3], depth = 0;
    for (int at = (int)p->unit; at >= 0 && depth < 3; at = s->units[at].parent)
        chain[depth++] = at;
    while (depth > 0)
        row(p, share, (size_t)chain[--depth]);
    for (size_t u = p->unit + 1; u < s->unit_count; u++)
        if (s->units[u].parent == (int)p->unit)
            row(p, share, u);
    text_string(p->out, "</tbody></table></div>\n");
    text_release(&name);
}

void page_comparison(struct page *p)
{
    struct share_config subjects[PAGE_SUBJECTS];
    size_t count = page_subjects(p->v, subjects, PAGE_SUBJECTS);
    page_element(p, "h2", "Compared");
    for (size_t i = 0; i < count; i++)
        comparison_table(p, &subjects[i], i);
}
