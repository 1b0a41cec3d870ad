/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every page read back: each number is what its marks say, each bar and dot as long or as high as
 * its share, and no other digit stands in text or attributes than names, dates and parameters have.
 * Pages are well-formed XML (include/report/page.h), so that an XML parser reads them; one that
 * declares an entity is refused. See include/audit/case.h.
 */
#include "audit/pages.h"
#include "report/paths.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 8 << 20, DEPTH = 64, TEXT = 256, CHART_POINTS = 512 };
enum { CHART_BOTTOM = 210, CHART_SIZE = 180, BULLET_SIZE = 1000 }; /* include/report/page.h */

/* An element that is open. */
struct element {
    struct page_marks marks;
    char is[24];         /* "" = no number */
    char day[DATE_TEXT]; /* of <time> */
    bool plain;          /* style: its text is no text */
    int64_t most, size;  /* of the chart around it */
    size_t length;       /* of its own text so far, without that of elements inside it */
    char text[TEXT];
};

struct reading {
    struct page_truth *truth;
    const char *path;
    XML_Parser parser;
    struct element open[DEPTH];
    size_t depth;
    size_t numbers, unknown;
    size_t dot_count, end_count; /* of the chart: dots, and ends of lines */
    struct place {
        int64_t x, y;
    } dots[CHART_POINTS], ends[2 * CHART_POINTS];
    struct err *err;
    int rc;
};

static void find(struct reading *r, const char *what)
{
    if (r->rc != 0)
        return;
    const struct page_marks *m = &r->open[r->depth ? r->depth - 1 : 0].marks;
    struct text key;
    text_init(&key);
    if (r->depth > 0 && m->cell != SIZE_MAX)
        cell_key(&key, &r->truth->c->cells, m->cell);
    r->rc =
        audit_find(r->truth->c->result, AUDIT_REPORTS, r->path, key.bytes ? key.bytes : "", r->err,
                   "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(r->parser), what);
    text_release(&key);
}

static int64_t whole_number(const char *text)
{
    int64_t value = 0;
    size_t i = 0;
    for (; i < 12 && is_digit(text[i]); i++)
        value = value * 10 + (text[i] - '0');
    return i == 0 || text[i] ? -1 : value;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

/* ---- marks ---- */

static size_t key_of(struct reading *r, const char **attributes, const char *name)
{
    const char *key = attribute(attributes, name);
    if (!key)
        return SIZE_MAX;
    size_t cell = cell_by_key(&r->truth->c->cells, key);
    if (cell == SIZE_MAX || r->truth->c->cells.flags[cell] & CELL_UNPUBLISHED) {
        find(r, "a mark that names no published cell");
        return SIZE_MAX;
    }
    return cell;
}

static void code_of(struct reading *r, const char **attributes, const char *name,
                    char out[static CONFIG_CODE])
{
    const char *value = attribute(attributes, name);
    if (value && !is_code(value))
        find(r, "a mark that names no release");
    else if (value)
        (void)snprintf(out, CONFIG_CODE, "%s", value);
}

/* VARIABLE=CATEGORY: the cell of the people of `of` who have it too. */
static size_t add_category(struct reading *r, size_t of, const char *added)
{
    const struct cells *c = &r->truth->c->cells;
    uint16_t categories[CONFIG_VARIABLES] = {0};
    const char *equals = strchr(added, '=');
    for (size_t v = 0; equals && of != SIZE_MAX && v < c->stride; v++) {
        const struct variable *variable = &c->structure->variables[v];
        categories[v] = c->categories[of * c->stride + v];
        size_t length = (size_t)(equals - added);
        if (strlen(variable->name) != length || memcmp(variable->name, added, length) != 0 ||
            categories[v] != 0)
            continue;
        for (size_t k = 1; k < variable->category_count; k++)
            if (strcmp(variable->categories[k].name, equals + 1) == 0)
                categories[v] = (uint16_t)k;
    }
    size_t cell = of == SIZE_MAX
                      ? SIZE_MAX
                      : cells_find(c, (int)c->population[of], (int)c->unit[of], categories);
    if (cell == SIZE_MAX || cell == of || c->flags[cell] & CELL_UNPUBLISHED) {
        find(r, "a mark that names no published cell");
        return SIZE_MAX;
    }
    return cell;
}

/* What is not named is as around it; a whole that is named begins anew. */
static void read_marks(struct reading *r, struct element *e, const char **attributes)
{
    const char *target = attribute(attributes, "data-target"),
               *of = attribute(attributes, "data-of");
    const char *added = attribute(attributes, "data-add");
    struct page_marks *m = &e->marks;
    if (of) {
        *m = (struct page_marks){.plus = SIZE_MAX, .target_ppm = -1};
        m->cell = m->of = key_of(r, attributes, "data-of");
    }
    if (added)
        m->cell = add_category(r, m->of, added);
    if (target)
        m->target_ppm = whole_number(target);
    if (attribute(attributes, "data-plus"))
        m->plus = key_of(r, attributes, "data-plus");
    code_of(r, attributes, "data-at", m->at);
    code_of(r, attributes, "data-since", m->since);
}

/* ---- drawings ---- */

static bool share_fits(struct reading *r, int64_t share, int64_t drawn, int64_t size, int64_t most)
{
    if (share == -2) {
        r->unknown++;
        return true;
    }
    return share >= 0 && most > 0 && drawn == share * size / most;
}

/* "--s:9.6" is the share; ";--m:20" behind it an axis's end, which says nothing by itself. */
static void check_style(struct reading *r, struct element *e, const char *style)
{
    char expected[32];
    int64_t share = page_share(r->truth, &e->marks);
    (void)snprintf(expected, sizeof expected, "--s:%lld.%lld", (long long)(share / 10),
                   (long long)(share % 10));
    size_t length = strlen(expected);
    bool good = share >= 0 && strncmp(style, expected, length) == 0;
    if (good && style[length])
        good = strncmp(style + length, ";--m:", 5) == 0 && whole_number(style + length + 5) > 0;
    if (!good)
        find(r, "a bar that is not its share");
}

static void check_shape(struct reading *r, const struct element *e, const char **attributes)
{
    const char *width = attribute(attributes, "width"), *x = attribute(attributes, "x");
    const char *cy = attribute(attributes, "cy"), *cx = attribute(attributes, "cx");
    int64_t declared = (e->marks.target_ppm + 500) / 1000;
    int64_t share = strcmp(e->is, "declared") == 0 ? declared : page_share(r->truth, &e->marks);
    r->numbers++;
    if (strcmp(e->is, "bar") == 0) {
        if (!width || !share_fits(r, share, whole_number(width), e->size, e->most))
            find(r, "a bar that is not its share");
    } else if (strcmp(e->is, "line") == 0) {
        if (!x ||
            !share_fits(r, (e->marks.target_ppm + 500) / 1000, whole_number(x), e->size, e->most))
            find(r, "a line that is not its target");
    } else if (!cy || !cx ||
               !share_fits(r, share, CHART_BOTTOM - whole_number(cy), e->size, e->most)) {
        find(r, "a dot that is not its share");
    } else if (r->dot_count < CHART_POINTS) {
        r->dots[r->dot_count++] = (struct place){whole_number(cx), whole_number(cy)};
    }
}

/* "M x y L x y": a line from dot to dot; looked up when the chart is read. */
static void note_path(struct reading *r, const char *d)
{
    long long x, y, to_x, to_y;
    int used = 0;
    if (sscanf(d, "M%lld %lldL%lld %lld%n", &x, &y, &to_x, &to_y, &used) != 4 || d[used] ||
        r->end_count + 2 > 2 * CHART_POINTS) {
        find(r, "a line that leads from no dot to another");
        return;
    }
    r->ends[r->end_count++] = (struct place){x, y};
    r->ends[r->end_count++] = (struct place){to_x, to_y};
}

static void check_paths(struct reading *r)
{
    for (size_t i = 0; i < r->end_count; i++) {
        bool found = false;
        for (size_t k = 0; k < r->dot_count; k++)
            found = found || (r->dots[k].x == r->ends[i].x && r->dots[k].y == r->ends[i].y);
        if (!found)
            find(r, "a line that leads from no dot to another");
    }
    r->dot_count = r->end_count = 0;
}

/* Attributes in which digits may stand: marks, which are read, and places and sizes that are the
 * same on every page or are checked with their shape. */
static bool may_have_digits(const char *name)
{
    static const char *const names[] = {
        "data-add",  "data-of",  "data-at",   "data-since", "data-target",
        "data-plus", "data-max", "data-size", "style",      "width",
        "height",    "x",        "y",         "cx",         "cy",
        "r",         "d",        "viewBox",   "id",         "aria-labelledby",
        "href",      "datetime", "tabindex",  "content",    "charset"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_shape(const char *is)
{
    return strcmp(is, "bar") == 0 || strcmp(is, "line") == 0 || strcmp(is, "point") == 0 ||
           strcmp(is, "declared") == 0;
}

static void start(void *context, const char *name, const char **attributes)
{
    struct reading *r = context;
    if (r->rc != 0)
        return;
    if (r->depth == DEPTH) {
        find(r, "too many elements in each other");
        (void)XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    struct element *e = &r->open[r->depth++];
    *e = (struct element){.marks = {SIZE_MAX, SIZE_MAX, SIZE_MAX, -1, "", ""}};
    if (r->depth > 1)
        *e = e[-1];
    e->is[0] = e->day[0] = '\0';
    e->length = 0;
    e->plain = strcmp(name, "style") == 0;
    if (strcmp(name, "script") == 0)
        find(r, "a script");
    for (const char **a = attributes; *a; a += 2)
        if (strpbrk(a[1], "0123456789") && !may_have_digits(a[0]))
            find(r, "an attribute with digits that nobody reads");
    read_marks(r, e, attributes);
    const char *is = attribute(attributes, "data-is"), *style = attribute(attributes, "style");
    const char *most = attribute(attributes, "data-max"),
               *size = attribute(attributes, "data-size");
    const char *day = attribute(attributes, "datetime"), *d = attribute(attributes, "d");
    if (most && size) {
        e->most = whole_number(most);
        e->size = whole_number(size);
        if (e->size != CHART_SIZE && e->size != BULLET_SIZE)
            find(r, "a chart of another size");
    }
    if (style)
        check_style(r, e, style);
    if (is)
        (void)snprintf(e->is, sizeof e->is, "%s", is);
    if (day)
        (void)snprintf(e->day, sizeof e->day, "%s", day);
    if (is_shape(e->is))
        check_shape(r, e, attributes);
    else if (d && strchr(d, 'L'))
        note_path(r, d);
}

/* The end of an axis is as many tenths as its chart has; it begins at 0. */
static bool is_axis(const struct element *e, const char *text)
{
    char expected[24];
    int64_t most = e->marks.target_ppm == 0 ? 0 : e->most;
    (void)snprintf(expected, sizeof expected, "%lld", (long long)(most / 10));
    size_t length = strlen(expected);
    return e->marks.target_ppm == most * 1000 && e->most % 10 == 0 &&
           strncmp(text, expected, length) == 0 && !is_digit(text[length]) &&
           !strpbrk(text + length, "123456789");
}

/* The day, the name of the month without digits, the year. */
static bool is_day(const char *day, const char *text)
{
    date d = date_parse(day, strlen(day), "%Y-%m-%d");
    if (d == DATE_NONE)
        return false;
    struct ymd split = date_split(d);
    char *end;
    if (strcmp(text, day) == 0)
        return true;
    bool first = strtol(text, &end, 10) == split.day && end != text;
    const char *year = text + strcspn(end, "0123456789") + (end - text);
    return first && whole_number(year) == split.year;
}

static void end(void *context, const char *name)
{
    struct reading *r = context;
    if (r->rc != 0 || r->depth == 0)
        return;
    struct element *e = &r->open[r->depth - 1];
    e->text[e->length] = '\0';
    if (e->is[0] && !is_shape(e->is) && strcmp(e->is, "level") != 0) {
        enum page_verdict verdict = PAGE_WRONG;
        if (strcmp(e->is, "axis") == 0)
            verdict = is_axis(e, e->text) ? PAGE_RIGHT : PAGE_WRONG;
        else
            verdict = page_number_check(r->truth, &e->marks, e->is, e->text);
        r->numbers++;
        r->unknown += verdict == PAGE_UNKNOWN;
        if (verdict == PAGE_WRONG)
            find(r, "a number that does not follow from what is published");
    } else if (e->day[0] && !is_day(e->day, e->text)) {
        find(r, "a date that is not its own");
    }
    if (strcmp(name, "svg") == 0)
        check_paths(r);
    r->depth--;
}

static void characters(void *context, const char *text, int length)
{
    struct reading *r = context;
    if (r->rc != 0 || r->depth == 0 || length <= 0)
        return;
    struct element *e = &r->open[r->depth - 1];
    size_t size = (size_t)length;
    if (e->is[0] || e->day[0]) {
        if (size >= TEXT - e->length)
            find(r, "a number that is too long");
        else {
            memcpy(e->text + e->length, text, size);
            e->length += size;
        }
    } else if (!e->plain && !page_digits_known(r->truth, text, size)) {
        find(r, "digits that are no marked number, no name and no date");
    }
}

/* Entities could make text of what nobody reads here. */
static void entity(void *context, const char *name, int is_parameter, const char *value, int length,
                   const char *base, const char *system, const char *public, const char *notation)
{
    struct reading *r = context;
    (void)name, (void)is_parameter, (void)value, (void)length;
    (void)base, (void)system, (void)public, (void)notation;
    find(r, "an entity is declared");
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static void comment(void *context, const char *text)
{
    (void)text;
    find(context, "a comment");
}

static int check_page(struct reading *r, const char *path, struct err *err)
{
    struct text html;
    text_init(&html);
    r->path = path;
    r->depth = r->dot_count = r->end_count = 0;
    if (audit_read(r->truth->c->folder, path, PAGE_BYTES, &html, err) != 0) {
        text_release(&html);
        return audit_find_error(r->truth->c->result, AUDIT_REPORTS, path, err);
    }
    r->parser = XML_ParserCreate("UTF-8");
    if (!r->parser) {
        text_release(&html);
        return err_memory(err);
    }
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, start, end);
    XML_SetCharacterDataHandler(r->parser, characters);
    XML_SetEntityDeclHandler(r->parser, entity);
    XML_SetCommentHandler(r->parser, comment);
    if (XML_Parse(r->parser, html.bytes, (int)html.length, 1) == XML_STATUS_ERROR)
        find(r, "not well-formed");
    XML_ParserFree(r->parser);
    text_release(&html);
    return r->rc;
}

static bool is_page(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".html") == 0;
}

int audit_pages(struct audit_case *c, const struct past *past, struct err *err)
{
    struct report_paths paths;
    struct page_truth truth;
    struct reading *r = calloc(1, sizeof *r);
    size_t pages = 0;
    int rc = page_truth_open(&truth, c, past, err);
    if (report_paths_list(&paths, &c->rules.structure, err) != 0)
        rc = -1;
    for (size_t i = 0; rc == 0 && r && i < paths.count; i++) {
        if (!is_page(paths.paths[i]))
            continue;
        r->truth = &truth;
        r->err = err;
        rc = check_page(r, paths.paths[i], err);
        pages++;
    }
    if (!r)
        rc = err_memory(err);
    else if (rc == 0 && !past) {
        audit_figure(c->result, AUDIT_REPORTS, "pages", pages);
        audit_figure(c->result, AUDIT_REPORTS, "numbers", r->numbers - r->unknown);
        audit_figure(c->result, AUDIT_REPORTS, "of earlier releases", r->unknown);
    }
    free(r);
    report_paths_release(&paths);
    page_truth_close(&truth);
    return rc;
}
