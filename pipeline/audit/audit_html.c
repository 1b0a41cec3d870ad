/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A page read back: each number is what its marks say, each bar and dot as long or as high as its
 * share, and no other digit stands in text or attributes than names, dates and parameters have.
 * Pages are well-formed XML, so that an XML parser reads them; one that declares an entity is
 * refused. See include/audit/page_reading.h.
 */
#include "audit/page_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void page_find(struct page_reading *r, const char *what)
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

int64_t page_whole_number(const char *text)
{
    int64_t value = 0;
    size_t i = 0;
    for (; i < 12 && is_digit(text[i]); i++)
        value = value * 10 + (text[i] - '0');
    return i == 0 || text[i] ? -1 : value;
}

/* Attributes in which digits may stand: marks, which are read, and places and sizes that are the
 * same on every page or are checked with their shape. */
static bool may_have_digits(const char *name)
{
    static const char *const names[] = {"data-add",    "data-of",   "data-at",  "data-since",
                                        "data-target", "data-plus", "data-max", "data-size",
                                        "style",       "width",     "height",   "x",
                                        "y",           "cx",        "cy",       "r",
                                        "d",           "viewBox",   "id",       "aria-labelledby",
                                        "datetime",    "charset"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* A path of names; an element that the keyboard reaches in its place; the width of a window. */
static bool is_known_attribute(const struct page_reading *r, const char *name, const char *value)
{
    if (strcmp(name, "href") == 0)
        return page_digits_known(r->truth, value, strlen(value));
    return strcmp(name, "tabindex") == 0
               ? strcmp(value, "0") == 0
               : strcmp(name, "content") == 0 &&
                     strcmp(value, "width=device-width, initial-scale=1") == 0;
}

/* Digits that are no marked number. A character reference comes by itself (1&#56; as 1 and 8), so a
 * run of digits is looked up when something else follows it. */
static void check_digits(struct page_reading *r)
{
    if (r->digit_count == PAGE_DIGITS || !page_digits_known(r->truth, r->digits, r->digit_count))
        page_find(r, "digits that are no marked number, no name and no date");
    r->digit_count = 0;
}

static void note_digits(struct page_reading *r, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_digit(text[i]))
            check_digits(r);
        else if (r->digit_count < PAGE_DIGITS)
            r->digits[r->digit_count++] = text[i];
}

static void start(void *context, const char *name, const char **attributes)
{
    struct page_reading *r = context;
    check_digits(r);
    if (r->rc != 0)
        return;
    if (r->depth == PAGE_DEPTH) {
        page_find(r, "too many elements in each other");
        (void)XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    struct page_element *e = &r->open[r->depth++];
    *e = (struct page_element){.marks = {SIZE_MAX, SIZE_MAX, SIZE_MAX, -1, "", ""}};
    if (r->depth > 1)
        *e = e[-1];
    e->is[0] = e->day[0] = '\0';
    e->length = 0;
    e->plain = strcmp(name, "style") == 0;
    if (strcmp(name, "script") == 0)
        page_find(r, "a script");
    for (const char **a = attributes; *a; a += 2)
        if (strpbrk(a[1], "0123456789") && !may_have_digits(a[0]) &&
            !is_known_attribute(r, a[0], a[1]))
            page_find(r, "an attribute with digits that nobody reads");
    page_marks_read(r, e, attributes);
    const char *is = page_attribute(attributes, "data-is"),
               *style = page_attribute(attributes, "style");
    const char *most = page_attribute(attributes, "data-max"),
               *size = page_attribute(attributes, "data-size");
    const char *day = page_attribute(attributes, "datetime"), *d = page_attribute(attributes, "d");
    if (most && size) {
        e->most = page_whole_number(most);
        e->size = page_whole_number(size);
        if (e->size != PAGE_CHART_SIZE && e->size != PAGE_BULLET_SIZE)
            page_find(r, "a chart of another size");
    }
    if (style) {
        page_style_check(r, e, style);
        (void)snprintf(e->is, sizeof e->is, "s");
    }
    if (is)
        (void)snprintf(e->is, sizeof e->is, "%s", is);
    if (day)
        (void)snprintf(e->day, sizeof e->day, "%s", day);
    if (page_is_shape(e->is))
        page_shape_check(r, e, attributes);
    else if (!page_is_ground(e, name, attributes))
        page_find(r, "a drawing without a mark");
    else if (d && strchr(d, 'L'))
        page_line_note(r, d);
}

/* The end of an axis is as many tenths as its chart has; it begins at 0. */
static bool is_axis(const struct page_element *e, const char *text)
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
    return first && page_whole_number(year) == split.year;
}

static void end(void *context, const char *name)
{
    struct page_reading *r = context;
    check_digits(r);
    if (r->rc != 0 || r->depth == 0)
        return;
    struct page_element *e = &r->open[r->depth - 1];
    e->text[e->length] = '\0';
    if (page_is_shape(e->is)) {
        if (e->length > 0)
            page_find(r, "text in a drawing");
    } else if (e->is[0]) {
        enum page_verdict verdict = PAGE_WRONG;
        if (strcmp(e->is, "axis") == 0)
            verdict = is_axis(e, e->text) ? PAGE_RIGHT : PAGE_WRONG;
        else
            verdict = page_number_check(r->truth, &e->marks, e->is, e->text);
        r->numbers++;
        r->unknown += verdict == PAGE_UNKNOWN;
        if (verdict == PAGE_WRONG)
            page_find(r, "a number that does not follow from what is published");
    } else if (e->day[0] && !is_day(e->day, e->text)) {
        page_find(r, "a date that is not its own");
    }
    if (strcmp(name, "svg") == 0)
        page_lines_check(r);
    r->depth--;
}

static void characters(void *context, const char *text, int length)
{
    struct page_reading *r = context;
    if (r->rc != 0 || r->depth == 0 || length <= 0)
        return;
    struct page_element *e = &r->open[r->depth - 1];
    size_t size = (size_t)length;
    if (e->is[0] || e->day[0]) {
        if (size >= PAGE_TEXT - e->length)
            page_find(r, "a number that is too long");
        else {
            memcpy(e->text + e->length, text, size);
            e->length += size;
        }
    } else if (!e->plain) {
        note_digits(r, text, size);
    }
}

/* Entities could make text of what nobody reads here. */
static void entity(void *context, const char *name, int is_parameter, const char *value, int length,
                   const char *base, const char *system, const char *public, const char *notation)
{
    struct page_reading *r = context;
    (void)name, (void)is_parameter, (void)value, (void)length;
    (void)base, (void)system, (void)public, (void)notation;
    page_find(r, "an entity is declared");
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static void comment(void *context, const char *text)
{
    (void)text;
    page_find(context, "a comment");
}

int page_read(struct page_reading *r, const char *path, const struct text *html)
{
    r->path = path;
    r->depth = r->dot_count = r->end_count = r->digit_count = 0;
    r->parser = XML_ParserCreate("UTF-8");
    if (!r->parser)
        return r->rc = err_memory(r->err);
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, start, end);
    XML_SetCharacterDataHandler(r->parser, characters);
    XML_SetEntityDeclHandler(r->parser, entity);
    XML_SetCommentHandler(r->parser, comment);
    if (XML_Parse(r->parser, html->bytes, (int)html->length, 1) == XML_STATUS_ERROR)
        page_find(r, "not well-formed");
    XML_ParserFree(r->parser);
    return r->rc;
}
