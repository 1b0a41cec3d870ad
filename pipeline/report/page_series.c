/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The share at every release of the ledger, and in older series that the configuration declares (of
 * the whole government only): a line broken wherever two points do not mean the same, and its
 * table. See include/report/page.h.
 */
#include "report/page.h"
#include "report/shares.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The drawing's box, in its own units; the audit knows it too. */
enum { LEFT = 50, RIGHT = 460, TOP = 30, BOTTOM = 210, WIDTH = 480, HEIGHT = 244 };
enum { POINTS_MOST = 400 };

struct dot {
    date day;
    int64_t tenths;                  /* -1: not published */
    const struct view_point *point;  /* NULL: of a declared series, */
    const struct series_config *old; /* this one's value number `value` */
    size_t value;
    bool joined; /* a line leads here from the dot before */
};

struct line {
    struct page *p;
    const struct share_config *share;
    struct view_share cells;
    size_t count;
    struct dot dots[POINTS_MOST];
};

static void add_old(struct line *l, const struct series_config *old)
{
    for (size_t i = 0; i < old->count && l->count < POINTS_MOST; i++)
        l->dots[l->count++] = (struct dot){.day = old->dates[i],
                                           .tenths = ppm_tenths(old->ppm[i]),
                                           .old = old,
                                           .value = i,
                                           .joined = i > 0};
}

static void add_points(struct line *l)
{
    const struct view *v = l->p->v;
    for (size_t i = 0; i < v->point_count && l->count < POINTS_MOST; i++) {
        const struct view_point *point = &v->points[i], *before = i > 0 ? point - 1 : NULL;
        bool known = view_share_known(point, l->cells);
        bool meant = l->cells.part != SIZE_MAX && point->variable[l->share->variable];
        if (!meant)
            continue;
        l->dots[l->count++] =
            (struct dot){.day = point->reference,
                         .tenths = known ? share_tenths(view_count(point, l->cells.part),
                                                        view_count(point, l->cells.whole))
                                         : -1,
                         .point = point,
                         .joined = known && before && view_share_known(before, l->cells) &&
                                   view_comparable(v, before, point, l->cells.part)};
    }
}

static int by_day(const void *a, const void *b)
{
    const struct dot *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static void collect(struct line *l)
{
    const struct config *c = l->p->v->config;
    for (size_t i = 0; l->p->unit == 0 && i < c->series_count; i++)
        if (page_same_share(&c->series[i].share, l->share))
            add_old(l, &c->series[i]);
    add_points(l);
    /* Older series end before the ledger begins, or their dots and ours would cross. */
    qsort(l->dots, l->count, sizeof *l->dots, by_day);
    for (size_t i = 1; i < l->count; i++)
        if (l->dots[i].old != l->dots[i - 1].old)
            l->dots[i].joined = false;
}

/* ---- the chart ---- */

static int64_t across(const struct line *l, size_t i)
{
    int64_t days = l->dots[l->count - 1].day - l->dots[0].day;
    return days == 0 ? (LEFT + RIGHT) / 2
                     : LEFT + 15 +
                           (int64_t)(l->dots[i].day - l->dots[0].day) * (RIGHT - LEFT - 30) / days;
}

static int64_t down(int64_t tenths, int64_t most)
{
    return BOTTOM - tenths * (BOTTOM - TOP) / most;
}

static int64_t greatest(const struct line *l, int32_t target_ppm)
{
    int64_t most = target_ppm < 0 ? 0 : ppm_tenths(target_ppm);
    for (size_t i = 0; i < l->count; i++)
        if (l->dots[i].tenths > most)
            most = l->dots[i].tenths;
    return axis_end(most * 11 / 10);
}

static void axis_label(struct page *p, int64_t tenths, int y)
{
    struct figure end = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    end.target_ppm = (int32_t)tenths * 1000;
    page_open(p, "g", NULL, &end);
    text_format(p->out, "<text class=\"end\" x=\"%d\" y=\"%d\">", LEFT - 8, y + 5);
    page_number(p, &end, "axis");
    text_string(p->out, "</text></g>");
}

static void axis(struct page *p, int64_t most)
{
    text_format(p->out, "<path class=\"axis\" d=\"M%d %dH%dM%d %dH%d\"/>", LEFT, BOTTOM, RIGHT,
                LEFT, TOP, RIGHT);
    axis_label(p, most, TOP);
    axis_label(p, 0, BOTTOM);
}

static void aim(struct page *p, int32_t target_ppm, int64_t most)
{
    if (target_ppm < 0)
        return;
    int64_t y = down(ppm_tenths(target_ppm), most);
    text_format(p->out,
                "<path class=\"aim\" data-is=\"level\" d=\"M%d %" PRId64 "H%d\"/>"
                "<text class=\"start\" x=\"%d\" y=\"%" PRId64 "\">",
                LEFT, y, RIGHT, LEFT + 4, y - 6);
    page_text(p, "target");
    text_string(p->out, "</text>");
}

static void dot_open(struct page *p, const struct line *l, const struct dot *d, const char *tag)
{
    struct figure f = figure_of(d->old ? (struct view_share){SIZE_MAX, SIZE_MAX} : l->cells);
    if (d->old)
        f.target_ppm = d->old->ppm[d->value];
    else
        f.at = d->point;
    page_open(p, tag, NULL, &f);
}

static void dot_share(struct page *p, const struct line *l, const struct dot *d)
{
    struct figure f = figure_of(l->cells);
    f.at = d->point;
    if (d->old) {
        f.target_ppm = d->old->ppm[d->value];
        page_number(p, &f, "target");
    } else {
        page_number(p, &f, "s");
    }
}

/* Where a dot's number stands: above it, unless the target's line is there. */
static int64_t label_at(int64_t y, int64_t aim_at)
{
    enum { ABOVE = 12, BELOW = 24 };
    return y > aim_at && y - aim_at < ABOVE + 16 ? y + BELOW : y - ABOVE;
}

/* Do the dot and the one before it mean different things? */
static bool is_break(const struct line *l, size_t i)
{
    const struct dot *d = &l->dots[i], *before = i > 0 ? d - 1 : NULL;
    return before && !d->joined && !d->old &&
           (before->old || !view_comparable(l->p->v, before->point, d->point, l->cells.part));
}

/* A line across the chart where the series breaks, halfway between the two dots. */
static void draw_breaks(struct page *p, const struct line *l)
{
    for (size_t i = 1; i < l->count; i++) {
        if (l->dots[i].tenths < 0 || !is_break(l, i))
            continue;
        int64_t x = (across(l, i - 1) + across(l, i)) / 2;
        text_format(p->out,
                    "<path class=\"break\" d=\"M%" PRId64 " %dV%d\"/><text x=\"%" PRId64
                    "\" y=\"%d\">",
                    x, TOP, BOTTOM, x, TOP - 8);
        page_text(p, "break");
        text_string(p->out, "</text>");
    }
}

static void draw_dots(struct page *p, const struct line *l, int64_t most, int64_t aim_at)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct dot *d = &l->dots[i];
        if (d->tenths < 0)
            continue;
        int64_t x = across(l, i), y = down(d->tenths, most);
        if (d->joined)
            text_format(
                p->out,
                "<path class=\"%s\" d=\"M%" PRId64 " %" PRId64 "L%" PRId64 " %" PRId64 "\"/>",
                d->old ? "old" : "run", across(l, i - 1), down(l->dots[i - 1].tenths, most), x, y);
        dot_open(p, l, d, "g");
        text_format(p->out,
                    "<circle data-is=\"%s\" class=\"%s\" cx=\"%" PRId64 "\" cy=\"%" PRId64
                    "\" r=\"6\"/><text x=\"%" PRId64 "\" y=\"%" PRId64 "\">",
                    d->old ? "declared" : "point", d->old ? "old" : "run", x, y, x,
                    label_at(y, aim_at));
        dot_share(p, l, d);
        text_string(p->out, "</text></g>");
    }
}

/* Years below the axis: of the last dot, and of those before it that have room. */
static void draw_days(struct page *p, const struct line *l)
{
    enum { ROOM = 60 };
    int64_t last = across(l, l->count - 1), free_from = 0;
    for (size_t i = 0; i < l->count; i++) {
        int64_t x = across(l, i);
        if (x < free_from || (i + 1 < l->count && last - x < ROOM))
            continue;
        free_from = x + ROOM;
        const struct dot *d = &l->dots[i];
        text_format(p->out, "<text x=\"%" PRId64 "\" y=\"%d\">", x, BOTTOM + 24);
        if (d->old)
            text_string(p->out, "<tspan");
        else if (d->point == p->v->now)
            text_string(p->out, "<tspan data-is=\"year\"");
        else
            text_format(p->out, "<tspan data-is=\"year\" data-at=\"%s\"", d->point->release);
        text_format(p->out, ">%d", date_split(d->day).year);
        text_string(p->out, "</tspan></text>");
    }
}

static void chart(struct line *l, int32_t target_ppm, const char *name)
{
    struct page *p = l->p;
    int64_t most = greatest(l, target_ppm);
    const char *code = LANGUAGE_CODES[p->language];
    unsigned n = p->charts++;
    struct figure f = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    f.word[0] = name;
    text_format(p->out,
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
                "aria-labelledby=\"%s-c%u %s-d%u\" data-max=\"%" PRId64
                "\" data-size=\"%d\"><title id=\"%s-c%u\">",
                WIDTH, HEIGHT, code, n, code, n, most, BOTTOM - TOP, code, n);
    page_say(p, &f, "Share over time: {1}");
    text_format(p->out, "</title><desc id=\"%s-d%u\">", code, n);
    page_text(p, "A dot for each date, joined by a line where both mean the same. The table beside "
                 "it has the same figures.");
    text_string(p->out, "</desc>");
    p->drawing = true;
    axis(p, most);
    aim(p, target_ppm, most);
    draw_breaks(p, l);
    draw_dots(p, l, most, target_ppm < 0 ? BOTTOM + 100 : down(ppm_tenths(target_ppm), most));
    draw_days(p, l);
    p->drawing = false;
    text_string(p->out, "</svg>\n");
}

/* ---- the table ---- */

/* Behind the date: by which definition, and why nothing is shown or nothing joins it to the dot
 * before.
 */
static void remark(struct page *p, const struct line *l, size_t i)
{
    const struct dot *d = &l->dots[i];
    const char *definition =
        d->old ? d->old->definition : d->point->variable[l->share->variable]->definition;
    const char *message = NULL;
    if (d->tenths < 0)
        message = view_count(d->point, l->cells.whole) == 0 ? MESSAGE("nobody in this group")
                                                            : MESSAGE("not shown");
    else if (is_break(l, i))
        message = MESSAGE("break in the series: counted otherwise, or other entities");
    if (!definition[0] && !message && !d->old)
        return;
    text_string(p->out, "<small>");
    if (!d->old && definition[0])
        text_format(p->out, "<b data-is=\"definition\">%s</b>", definition); /* a code */
    if (d->old) {
        html_put(p->out, definition);
        text_string(p->out, ", ");
        html_put(p->out, d->old->source);
    }
    if (message) {
        text_string(p->out, definition[0] ? "; " : "");
        page_text(p, message);
    }
    text_string(p->out, "</small>");
}

static void row(struct page *p, const struct line *l, size_t i)
{
    const struct dot *d = &l->dots[i];
    struct figure f = figure_of(l->cells);
    f.at = d->point;
    dot_open(p, l, d, "tr");
    text_string(p->out, "<th>");
    page_day(p, d->day);
    remark(p, l, i);
    text_string(p->out, "</th><td>");
    dot_share(p, l, d);
    text_string(p->out, "</td>");
    if (!d->old) {
        page_cell(p, &f, "n");
        page_cell(p, &f, "whole");
    } else {
        text_string(p->out, "<td></td><td></td>");
    }
    text_string(p->out, "</tr>\n");
}

static void series_table(struct line *l, const char *name, size_t number)
{
    static const char *const heads[] = {MESSAGE("Date"), MESSAGE("Share"), MESSAGE("People"),
                                        MESSAGE("Of")};
    struct page *p = l->p;
    const char *code = LANGUAGE_CODES[p->language];
    struct figure f = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    text_format(p->out,
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s-s%zu\">"
                "<table><caption id=\"%s-s%zu\">",
                code, number, code, number);
    f.word[0] = name;
    page_say(p, &f, "Share over time: {1}");
    text_string(p->out, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        text_string(p->out, "<th>");
        page_text(p, heads[i]);
        text_string(p->out, "</th>");
    }
    text_string(p->out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < l->count; i++)
        row(p, l, i);
    text_string(p->out, "</tbody></table></div>\n");
}

static int32_t target_of(const struct view *v, const struct share_config *share)
{
    for (size_t i = 0; i < v->config->target_count; i++)
        if (page_same_share(&v->config->targets[i].share, share))
            return v->config->targets[i].target_ppm;
    return -1;
}

void page_series(struct page *p)
{
    struct share_config subjects[PAGE_SUBJECTS];
    size_t count = page_subjects(p->v, subjects, PAGE_SUBJECTS);
    struct line *l = malloc(sizeof *l);
    if (!l) {
        p->out->failed = true;
        return;
    }
    page_element(p, "h2", "Over time");
    for (size_t i = 0; i < count; i++) {
        struct text name;
        text_init(&name);
        name_share(&name, p, &subjects[i]);
        *l = (struct line){
            .p = p, .share = &subjects[i], .cells = view_share_at(p->v, &subjects[i], p->unit)};
        collect(l);
        bool any = false;
        for (size_t k = 0; k < l->count; k++)
            any = any || l->dots[k].tenths >= 0;
        struct figure f = figure_of(l->cells);
        page_open(p, "section", "series", &f);
        p->whole = l->cells.whole;
        p->part = l->cells.part;
        text_string(p->out, "<h3>");
        html_put(p->out, name.failed ? "" : name.bytes);
        text_string(p->out, "</h3>\n");
        if (any)
            chart(l, target_of(p->v, &subjects[i]), name.failed ? "" : name.bytes);
        if (l->count > 0)
            series_table(l, name.failed ? "" : name.bytes, i);
        text_string(p->out, "</section>\n");
        p->whole = p->part = SIZE_MAX;
        text_release(&name);
    }
    free(l);
}
