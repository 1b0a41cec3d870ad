/* SPDX-License-Identifier: EUPL-1.2 */
/* Elements, marked numbers and sentences: see include/report/page.h. */
#include "report/growth.h"
#include "report/page.h"
#include "report/shares.h"

#include <inttypes.h>
#include <string.h>

static const char BLANK[] = "\u2013";

void html_put(struct text *out, const char *plain)
{
    for (; *plain; plain++) {
        if (*plain == '&')
            text_string(out, "&amp;");
        else if (*plain == '<')
            text_string(out, "&lt;");
        else if (*plain == '>')
            text_string(out, "&gt;");
        else if (*plain == '"')
            text_string(out, "&quot;");
        else
            text_char(out, *plain);
    }
}

struct figure figure_of(struct view_share share)
{
    return (struct figure){.share = share, .target_ppm = -1, .by = DATE_NONE, .plus = SIZE_MAX};
}

static void put_key(struct page *p, const char *attribute, size_t cell)
{
    struct text key;
    if (cell == SIZE_MAX)
        return;
    text_init(&key);
    cell_key(&key, p->v->cells, cell);
    text_format(p->out, " %s=\"", attribute);
    html_put(p->out, key.failed ? "" : key.bytes);
    text_char(p->out, '"');
    p->out->failed = p->out->failed || key.failed;
    text_release(&key);
}

/* data-add: the one category that the part has and the whole has not. */
static void put_added(struct page *p, struct view_share share)
{
    const struct cells *c = p->v->cells;
    for (size_t v = 0; v < c->stride; v++) {
        uint16_t category = c->categories[share.part * c->stride + v];
        if (category == c->categories[share.whole * c->stride + v])
            continue;
        const struct variable *variable = &c->structure->variables[v];
        text_format(p->out, " data-add=\"%s=", variable->name);
        html_put(p->out, variable->categories[category].name);
        text_char(p->out, '"');
    }
}

void page_tag(struct page *p, const char *tag, const char *class, const struct figure *f)
{
    struct view_share share = f->share;
    text_format(p->out, "<%s", tag);
    if (class)
        text_format(p->out, " class=\"%s\"", class);
    if (share.whole != p->whole)
        put_key(p, "data-of", share.whole);
    bool around = share.whole == p->whole && share.part == p->part;
    if (!around && share.part != share.whole && share.part != SIZE_MAX && share.whole != SIZE_MAX)
        put_added(p, share);
    if (f->at && f->at != p->v->now)
        text_format(p->out, " data-at=\"%s\"", f->at->release);
    if (f->since)
        text_format(p->out, " data-since=\"%s\"", f->since->release);
    if (f->target_ppm >= 0)
        text_format(p->out, " data-target=\"%" PRId32 "\"", f->target_ppm);
    put_key(p, "data-plus", f->plus);
}

void page_open(struct page *p, const char *tag, const char *class, const struct figure *f)
{
    page_tag(p, tag, class, f);
    text_char(p->out, '>');
}

/* ---- numbers ---- */

static const struct view_point *point_of(const struct page *p, const struct figure *f)
{
    return f->at ? f->at : p->v->now;
}

static bool put_count(struct page *p, const struct view_point *at, size_t cell)
{
    int64_t n = view_count(at, cell);
    if (n >= 0)
        number_put(p->out, p->language, n);
    return n >= 0;
}

static bool put_share(struct page *p, const struct view_point *at, struct view_share s)
{
    if (!view_share_known(at, s))
        return false;
    percent_put(p->out, p->language, share_tenths(view_count(at, s.part), view_count(at, s.whole)));
    return true;
}

static bool put_change(struct page *p, const struct figure *f)
{
    const struct view_point *now = point_of(p, f), *then = f->since;
    if (!then || !view_share_known(now, f->share) || !view_share_known(then, f->share))
        return false;
    points_put(p->out, p->language,
               change_tenths(view_count(now, f->share.part), view_count(now, f->share.whole),
                             view_count(then, f->share.part), view_count(then, f->share.whole)));
    return true;
}

static bool put_more(struct page *p, const struct figure *f)
{
    const struct view_point *now = point_of(p, f), *then = f->since;
    if (!then || view_count(now, f->share.part) < 0 || view_count(then, f->share.part) < 0)
        return false;
    int64_t more = view_count(now, f->share.part) - view_count(then, f->share.part);
    text_string(p->out, more > 0 ? "+" : "");
    number_put(p->out, p->language, more);
    return true;
}

static bool put_flow(struct page *p, const struct figure *f, bool in)
{
    int64_t joined = 0, left = 0;
    if (!f->since || !view_flow(p->v, f->since, f->share.whole, &joined, &left))
        return false;
    number_put(p->out, p->language, in ? joined : left);
    return true;
}

static bool put_gap(struct page *p, const struct figure *f, bool growth)
{
    const struct view_point *now = point_of(p, f);
    int64_t part = view_count(now, f->share.part), whole = view_count(now, f->share.whole);
    if (part < 0 || whole < 0 || f->target_ppm < 0)
        return false;
    number_put(p->out, p->language,
               growth ? gap_growth(part, whole, f->target_ppm)
                      : gap_replacement(part, whole, f->target_ppm));
    return true;
}

/* The share if everybody unknown had the category too. */
static bool put_upper(struct page *p, const struct figure *f)
{
    const struct view_point *at = point_of(p, f);
    int64_t plus = view_count(at, f->plus);
    if (plus < 0 || !view_share_known(at, f->share))
        return false;
    percent_put(p->out, p->language,
                share_tenths(view_count(at, f->share.part) + plus, view_count(at, f->share.whole)));
    return true;
}

static bool put_index(struct page *p, const struct figure *f)
{
    const struct view_point *at = point_of(p, f);
    if (f->target_ppm <= 0 || !view_share_known(at, f->share))
        return false;
    percent_put(p->out, p->language,
                representation_tenths(view_count(at, f->share.part), view_count(at, f->share.whole),
                                      f->target_ppm));
    return true;
}

static bool put_growth(struct page *p, const struct figure *f, const char *is)
{
    struct growth g;
    if (!f->explained || !growth_explain(p->v, f->explained, p->unit, &g))
        return false;
    points_put(p->out, p->language,
               growth_tenths(is[0] == 's'   ? g.scope
                             : is[0] == 'c' ? g.composition
                                            : g.within));
    return true;
}

static bool put_target(struct page *p, const struct figure *f)
{
    if (f->target_ppm >= 0)
        ppm_put(p->out, p->language, f->target_ppm);
    return f->target_ppm >= 0;
}

static bool put_value(struct page *p, const struct figure *f, const char *is)
{
    const struct view_point *at = point_of(p, f);
    if (strcmp(is, "n") == 0)
        return put_count(p, at, f->share.part);
    if (strcmp(is, "whole") == 0)
        return put_count(p, at, f->share.whole);
    if (strcmp(is, "s") == 0)
        return put_share(p, at, f->share);
    if (strcmp(is, "count-then") == 0)
        return f->since && put_count(p, f->since, f->share.part);
    if (strcmp(is, "share-then") == 0)
        return f->since && put_share(p, f->since, f->share);
    if (strcmp(is, "change") == 0)
        return put_change(p, f);
    if (strcmp(is, "more") == 0)
        return put_more(p, f);
    if (strcmp(is, "joined") == 0 || strcmp(is, "left") == 0)
        return put_flow(p, f, is[0] == 'j');
    if (strcmp(is, "gap") == 0 || strcmp(is, "growth") == 0)
        return put_gap(p, f, strcmp(is, "growth") == 0);
    if (strcmp(is, "target") == 0 || strcmp(is, "axis") == 0)
        return put_target(p, f);
    if (strcmp(is, "scope") == 0 || strcmp(is, "composition") == 0 || strcmp(is, "within") == 0)
        return put_growth(p, f, is);
    if (strcmp(is, "plus") == 0)
        return put_count(p, at, f->plus);
    if (strcmp(is, "upper") == 0)
        return put_upper(p, f);
    return strcmp(is, "index") == 0 && put_index(p, f);
}

void page_value(struct page *p, const struct figure *f, const char *is)
{
    if (!put_value(p, f, is))
        text_string(p->out, BLANK);
}

static void put_number(struct page *p, const struct figure *f, const char *is, const char *tag)
{
    text_format(p->out, "<%s data-is=\"%s\">", tag, is);
    page_value(p, f, is);
    text_format(p->out, "</%s>", tag);
}

void page_number(struct page *p, const struct figure *f, const char *is)
{
    put_number(p, f, is, p->drawing ? "tspan" : "b");
}

void page_cell(struct page *p, const struct figure *f, const char *is)
{
    put_number(p, f, is, "td");
}

/* ---- text ---- */

void page_day(struct page *p, date d)
{
    char day[DATE_TEXT];
    text_format(p->out, "<time datetime=\"%s\">", date_iso(d, day));
    date_put(p->out, p->language, d);
    text_string(p->out, "</time>");
}

static void put_token(struct page *p, const struct figure *f, const char *token)
{
    if (strcmp(token, "date") == 0)
        page_day(p, point_of(p, f)->reference);
    else if (strcmp(token, "since") == 0 && f->since)
        page_day(p, f->since->reference);
    else if (strcmp(token, "by") == 0 && f->by != DATE_NONE)
        page_day(p, f->by);
    else if (token[0] >= '1' && token[0] <= '3' && !token[1])
        html_put(p->out, f->word[token[0] - '1'] ? f->word[token[0] - '1'] : "");
    else
        page_number(p, f,
                    strcmp(token, "count") == 0   ? "n"
                    : strcmp(token, "share") == 0 ? "s"
                                                  : token);
}

void page_say(struct page *p, const struct figure *f, const char *message)
{
    const char *at = translate(p->language, message);
    while (*at) {
        char piece[400], token[24];
        size_t length = strcspn(at, "{");
        while (length >= sizeof piece) { /* long texts a piece at a time */
            memcpy(piece, at, sizeof piece - 1);
            piece[sizeof piece - 1] = '\0';
            html_put(p->out, piece);
            at += sizeof piece - 1;
            length -= sizeof piece - 1;
        }
        memcpy(piece, at, length);
        piece[length] = '\0';
        html_put(p->out, piece);
        at += length;
        if (*at != '{')
            break;
        length = strcspn(++at, "}");
        if (length >= sizeof token)
            break; /* no message has such a name: the test of the catalogues sees to that */
        memcpy(token, at, length);
        token[length] = '\0';
        put_token(p, f, token);
        at += length + (at[length] == '}');
    }
}

void page_text(struct page *p, const char *message)
{
    html_put(p->out, translate(p->language, message));
}

void page_element(struct page *p, const char *tag, const char *message)
{
    text_format(p->out, "<%s>", tag);
    page_text(p, message);
    text_format(p->out, "</%s>\n", tag);
}

/* ---- shares of a page ---- */

int64_t axis_end(int64_t tenths)
{
    static const int64_t ends[] = {10,  20,  30,  40,  50,  60,  80,  100, 120,
                                   150, 200, 250, 300, 400, 500, 600, 800, 1000};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (tenths <= ends[i])
            return ends[i];
    return 1000;
}

bool page_same_share(const struct share_config *a, const struct share_config *b)
{
    return a->table == b->table && a->variable == b->variable && a->category == b->category &&
           a->among_variable == b->among_variable && a->among_category == b->among_category;
}

/* Of a release without targets. */
static size_t first_sensitive(const struct structure *s, struct share_config *out)
{
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++) {
            int variable = s->tables[t].variables[i];
            for (size_t k = 1; k < s->variables[variable].category_count; k++)
                if (s->variables[variable].categories[k].sensitive) {
                    *out = (struct share_config){(int)t, variable, (int)k - 1, -1, -1};
                    return 1;
                }
        }
    return 0;
}

size_t page_subjects(const struct view *v, struct share_config *out, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < v->config->target_count && count < room; i++) {
        bool listed = false;
        for (size_t k = 0; k < count; k++)
            listed = listed || page_same_share(&out[k], &v->config->targets[i].share);
        if (!listed)
            out[count++] = v->config->targets[i].share;
    }
    return count || room == 0 ? count : first_sensitive(&v->rules->structure, out);
}
