/* SPDX-License-Identifier: EUPL-1.2 */
/* Whole pages: see include/report/html.h. */
#include "report/html.h"
#include "report/page.h"
#include "report/paths.h"

__asm__(".pushsection .rodata,\"a\",@progbits\n"
        ".global herkomst_report_style\n"
        ".hidden herkomst_report_style\n"
        "herkomst_report_style:\n"
        ".incbin \"style.css\"\n"
        ".byte 0\n"
        ".popsection\n");
extern const char herkomst_report_style[] __attribute__((visibility("hidden")));

typedef void (*page_body)(struct page *p);

static void put_head(struct text *out, const struct view *v, size_t unit, enum language first)
{
    text_format(out,
                "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                "<title>",
                LANGUAGE_CODES[first]);
    html_put(out, v->rules->structure.units[unit].name);
    text_string(out, " \u2013 ");
    html_put(out, v->rules->release);
    text_string(out, "</title>\n<style>\n");
    text_string(out, herkomst_report_style);
    text_string(out, "</style>\n</head>\n<body>\n");
}

/* Radio buttons in front of the articles: which one is checked says which article is shown. Without
 * styles all are. */
static void put_switch(struct text *out, const enum language *languages, size_t count)
{
    for (size_t i = 0; count > 1 && i < count; i++) {
        const char *code = LANGUAGE_CODES[languages[i]];
        text_format(out,
                    "<input type=\"radio\" name=\"language\" id=\"show-%s\"%s/>"
                    "<label for=\"show-%s\" lang=\"%s\">%s</label>\n",
                    code, i == 0 ? " checked=\"checked\"" : "", code, code,
                    LANGUAGE_NAMES[languages[i]]);
    }
}

static int write_page(struct text *out, const struct view *v, size_t unit, page_body body,
                      struct err *err)
{
    enum language languages[LANGUAGE_COUNT];
    size_t count = languages_of(v->config->languages, languages);
    struct page p = {.out = out, .v = v, .unit = unit, .whole = SIZE_MAX, .part = SIZE_MAX};
    put_head(out, v, unit, languages[0]);
    text_string(out, "<main>\n");
    put_switch(out, languages, count);
    for (size_t i = 0; i < count; i++) {
        p.language = languages[i];
        p.charts = 0;
        text_format(out, "<article lang=\"%s\">\n", LANGUAGE_CODES[p.language]);
        body(&p);
        text_string(out, "</article>\n");
    }
    text_string(out, "</main>\n</body>\n</html>\n");
    return out->failed ? err_memory(err) : 0;
}

static void put_title(struct page *p)
{
    static const char *const levels[] = {MESSAGE("Government"), MESSAGE("Policy domain"),
                                         MESSAGE("Entity")};
    const struct unit *u = &p->v->rules->structure.units[p->unit];
    struct figure f = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    text_string(p->out, "<header>\n<p class=\"over\">");
    html_put(p->out, p->v->config->name);
    text_string(p->out, " \u00b7 ");
    page_text(p, "Monitoring of staff");
    text_string(p->out, "</p>\n<h1>");
    html_put(p->out, u->name);
    text_string(p->out, "</h1>\n<p class=\"under\">");
    page_text(p, levels[u->level]);
    text_string(p->out, " \u00b7 ");
    page_say(p, &f, "State at the end of {date}");
    text_string(p->out, "</p>\n</header>\n");
}

static void unit_body(struct page *p)
{
    const struct unit *u = &p->v->rules->structure.units[p->unit];
    put_title(p);
    if (!u->delivered) {
        page_element(p, "p",
                     "No personnel file was delivered for this date: there are no figures.");
    } else {
        if (!u->complete)
            page_element(
                p, "p",
                "Not every entity delivered its personnel file: these figures are of those "
                "that did.");
        page_element(p, "h2", "In short");
        page_headlines(p);
        page_series(p);
        page_comparison(p);
        page_tables(p);
    }
    page_method(p);
}

static void put_link(struct page *p, size_t unit)
{
    const struct structure *s = &p->v->rules->structure;
    text_string(p->out, "<a href=\"units/");
    unit_folder(p->out, s, unit);
    text_string(p->out, "/report.html\">");
    html_put(p->out, s->units[unit].name);
    text_string(p->out, "</a>");
}

static void put_children(struct page *p, size_t unit)
{
    const struct structure *s = &p->v->rules->structure;
    bool any = false;
    for (size_t u = unit + 1; u < s->unit_count; u++) {
        if (s->units[u].parent != (int)unit)
            continue;
        text_string(p->out, any ? "<li>" : unit == 0 ? "<ul class=\"list\">\n<li>" : "<ul>\n<li>");
        put_link(p, u);
        put_children(p, u);
        text_string(p->out, "</li>\n");
        any = true;
    }
    if (any)
        text_string(p->out, "</ul>\n");
}

static void put_files(struct page *p)
{
    static const struct {
        const char *path, *what;
    } files[] = {
        {"indicators.csv", MESSAGE("Shares, changes, targets and gaps of every unit")},
        {"turnover.csv", MESSAGE("Who joined and left, head counts only")},
        {"quality.csv", MESSAGE("Quality of the data")},
        {"rules.json", MESSAGE("Units, variables, tables and rules of disclosure control")},
        {"certificate.json", MESSAGE("The proof that no hidden figure can be worked out")},
        {"manifest.json", MESSAGE("What this release was made of")},
        {"SHA256SUMS", MESSAGE("Digests of all files, signed in SHA256SUMS.minisig")},
    };
    const struct structure *s = &p->v->rules->structure;
    page_element(p, "h2", "Files");
    text_string(p->out, "<ul class=\"files\">\n");
    for (size_t t = 0; t < s->table_count; t++)
        text_format(p->out, "<li><a href=\"tables/%s.csv\">tables/%s.csv</a></li>\n",
                    s->tables[t].name, s->tables[t].name);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        text_format(p->out, "<li><a href=\"%s\">%s</a>: ", files[i].path, files[i].path);
        page_text(p, files[i].what);
        text_string(p->out, "</li>\n");
    }
    text_string(p->out, "</ul>\n");
}

static void index_body(struct page *p)
{
    put_title(p);
    page_element(p, "h2", "In short");
    page_headlines(p);
    page_nearest(p);
    page_element(p, "h2", "Reports");
    text_string(p->out, "<p>");
    put_link(p, 0);
    text_string(p->out, "</p>\n");
    put_children(p, 0);
    put_files(p);
    page_method(p);
}

int report_html_write(struct text *out, const struct view *v, size_t unit, struct err *err)
{
    return write_page(out, v, unit, unit_body, err);
}

int index_html_write(struct text *out, const struct view *v, struct err *err)
{
    return write_page(out, v, 0, index_body, err);
}
