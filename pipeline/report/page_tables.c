/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every table of the release for one unit: a row each combination of its other variables, a column
 * each category of what it is about, the share as a bar below the count. See include/report/page.h.
 */
#include "report/indicators.h"
#include "report/page.h"
#include "report/shares.h"

#include <string.h>

/* The largest table that a page shows; the others are in data.csv, and the page says so. */
enum { ROWS_MOST = 120, CATEGORIES_MOST = 12 };

/* The variable that a table's columns are: its first sensitive one, else its last. */
static size_t subject_of(const struct structure *s, const struct frequency_table *t)
{
    for (size_t i = 0; i < t->variable_count; i++)
        if (s->variables[t->variables[i]].sensitive)
            return i;
    return t->variable_count - 1;
}

static size_t row_count(const struct structure *s, const struct frequency_table *t, size_t subject)
{
    size_t rows = 1;
    for (size_t i = 0; i < t->variable_count; i++)
        if (i != subject && rows <= ROWS_MOST)
            rows *= s->variables[t->variables[i]].category_count;
    return rows;
}

static void put_category(struct page *p, int variable, size_t category)
{
    struct text name;
    text_init(&name);
    if (category == 0)
        text_string(&name, translate(p->language, "Total"));
    else
        name_category(&name, p, variable, category);
    html_put(p->out, name.failed ? "" : name.bytes);
    text_release(&name);
}

static void put_variable(struct page *p, int variable)
{
    struct text name;
    text_init(&name);
    name_variable(&name, p, variable);
    html_put(p->out, name.failed ? "" : name.bytes);
    text_release(&name);
}

/* How many parents a category has below the total. */
static unsigned depth_of(const struct variable *v, size_t category)
{
    unsigned depth = 0;
    for (int at = v->categories[category].parent; at > 0; at = v->categories[at].parent)
        depth++;
    return depth;
}

/* What was shown last, where this release shows nothing. */
static void put_last(struct page *p, size_t cell)
{
    struct figure f = figure_of((struct view_share){cell, cell});
    size_t around = p->whole;
    char day[DATE_TEXT];
    f.at = view_last_published(p->v, cell);
    if (!f.at)
        return;
    p->whole = SIZE_MAX;
    page_open(p, "small", NULL, &f);
    p->whole = around;
    page_number(p, &f, "n");
    date_iso(f.at->reference, day);
    text_format(p->out, " (<time datetime=\"%s\">%s</time>)</small>", day, day);
}

static void put_cell(struct page *p, struct view_share s, bool is_total)
{
    struct figure f = figure_of(s);
    int64_t n = view_count(p->v->now, s.part);
    bool known = view_share_known(p->v->now, s);
    if (is_total) {
        page_cell(p, &f, "n");
        return;
    }
    page_tag(p, "td", NULL, &f);
    text_string(p->out, " data-is=\"n\">");
    page_value(p, &f, "n");
    if (n < 0 && s.part != SIZE_MAX)
        put_last(p, s.part);
    if (known) {
        int64_t tenths = share_tenths(n, view_count(p->v->now, s.whole));
        text_format(p->out, "<i style=\"--s:%d.%d\">", (int)(tenths / 10), (int)(tenths % 10));
        page_value(p, &f, "s");
        text_string(p->out, "</i>");
    }
    text_string(p->out, "</td>");
}

static void head(struct page *p, const struct frequency_table *t, size_t subject)
{
    const struct structure *s = &p->v->rules->structure;
    const struct variable *v = &s->variables[t->variables[subject]];
    text_string(p->out, "<thead><tr>");
    for (size_t i = 0; i < t->variable_count; i++) {
        if (i == subject)
            continue;
        text_string(p->out, "<th>");
        put_variable(p, t->variables[i]);
        text_string(p->out, "</th>");
    }
    if (t->variable_count == 1)
        text_string(p->out, "<td></td>");
    for (size_t k = 0; k < v->category_count; k++) {
        text_format(p->out, "<th%s>", depth_of(v, k) ? " class=\"part\"" : "");
        put_category(p, t->variables[subject], k);
        text_string(p->out, "</th>");
    }
    text_string(p->out, "</tr></thead>\n");
}

/* One row: `among` are the categories of the other variables. */
static void row(struct page *p, const struct frequency_table *t, size_t subject,
                const uint16_t *among)
{
    const struct structure *s = &p->v->rules->structure;
    const struct variable *v = &s->variables[t->variables[subject]];
    struct indicator share = {.population = t->population, .variable = t->variables[subject]};
    for (size_t i = 0; i < t->variable_count; i++)
        share.among[t->variables[i]] = i == subject ? 0 : among[i];
    struct view_share whole = indicator_at(p->v, &share, p->unit);
    struct figure f = figure_of(whole);
    page_open(p, "tr", NULL, &f);
    p->whole = whole.whole;
    bool first = true;
    for (size_t i = 0; i < t->variable_count; i++) {
        if (i == subject)
            continue;
        text_string(p->out, first ? "<th>" : "<td>");
        put_category(p, t->variables[i], among[i]);
        text_string(p->out, first ? "</th>" : "</td>");
        first = false;
    }
    if (t->variable_count == 1) {
        text_string(p->out, "<th>");
        page_text(p, "People");
        text_string(p->out, "</th>");
    }
    for (size_t k = 0; k < v->category_count; k++) {
        share.category = (uint16_t)k;
        put_cell(p, indicator_at(p->v, &share, p->unit), k == 0);
    }
    text_string(p->out, "</tr>\n");
    p->whole = SIZE_MAX;
}

static bool next_row(const struct structure *s, const struct frequency_table *t, size_t subject,
                     uint16_t *among)
{
    for (size_t i = t->variable_count; i-- > 0;) {
        if (i == subject)
            continue;
        if ((size_t)among[i] + 1 < s->variables[t->variables[i]].category_count) {
            among[i]++;
            return true;
        }
        among[i] = 0;
    }
    return false;
}

static void table(struct page *p, size_t index)
{
    const struct structure *s = &p->v->rules->structure;
    const struct frequency_table *t = &s->tables[index];
    size_t subject = subject_of(s, t);
    uint16_t among[CONFIG_TABLE_VARIABLES] = {0};
    if (row_count(s, t, subject) > ROWS_MOST ||
        s->variables[t->variables[subject]].category_count > CATEGORIES_MOST) {
        page_element(p, "p", "One more table is too large for this page: see data.csv.");
        return;
    }
    text_format(p->out,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-t%zu\">"
                "<table><caption id=\"%s-t%zu\">",
                LANGUAGE_CODES[p->language], index, LANGUAGE_CODES[p->language], index);
    put_variable(p, t->variables[subject]);
    for (size_t i = 0, others = 0; i < t->variable_count; i++) {
        if (i == subject)
            continue;
        text_string(p->out, others++ ? ", " : " \u2013 ");
        put_variable(p, t->variables[i]);
    }
    text_string(p->out, "</caption>\n");
    head(p, t, subject);
    text_string(p->out, "<tbody>\n");
    do
        row(p, t, subject, among);
    while (next_row(s, t, subject, among));
    text_string(p->out, "</tbody></table></div>\n");
}

void page_tables(struct page *p)
{
    page_element(p, "h2", "All figures");
    page_element(p, "p",
                 "Each cell gives the number of people and, below it, their share of the row. A "
                 "dash (\u2013) stands for a figure that is not shown, so that nothing can be "
                 "learnt about one person; such a figure need not be small. Behind it, in small "
                 "print: the last figure that was published, with its date.");
    for (size_t t = 0; t < p->v->rules->structure.table_count; t++)
        if (p->v->rules->structure.tables[t].variable_count > 0)
            table(p, t);
}
