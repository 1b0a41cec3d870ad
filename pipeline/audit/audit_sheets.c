/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of a workbook that hold numbers and words: see include/audit/workbook.h. */
#include "audit/workbook.h"

#include "report/data_csv.h"
#include "report/xlsx.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 4096 };

/* What is being read: one part, with the text of the innermost element. */
struct part {
    struct workbook_reading *w;
    const char *name;
    int sheet;
    char text[TEXT];
    size_t length;
    bool too_long;
    /* of a sheet */
    size_t row, column;
    bool is_string, has_value;
    struct value {
        bool there, number;
        const char *text;         /* a string */
        char digits[SHEET_VALUE]; /* a number, as it is written */
    } values[SHEET_COLUMNS];
    /* of a chart */
    size_t first_row, index;
    bool numbers;
};

void workbook_find(struct workbook_reading *w, const char *part, const char *what)
{
    if (w->rc == 0)
        w->rc = audit_find(w->truth->c->result, AUDIT_REPORTS, w->path, "", w->err, "%s: %s", part,
                           what);
}

static bool is_day(const char *text)
{
    return strlen(text) >= DATE_TEXT - 1 &&
           date_parse(text, DATE_TEXT - 1, "%Y-%m-%d") != DATE_NONE &&
           (!text[DATE_TEXT - 1] || is_code(text));
}

bool workbook_text_known(const struct workbook_reading *w, const char *text)
{
    return is_day(text) || page_digits_known(w->truth, text, strlen(text));
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static void XMLCALL on_text(void *context, const char *text, int length)
{
    struct part *p = context;
    if (length <= 0)
        return;
    if ((size_t)length >= TEXT - p->length) {
        p->too_long = true;
        return;
    }
    memcpy(p->text + p->length, text, (size_t)length);
    p->length += (size_t)length;
}

static void XMLCALL on_entity(void *context, const char *name, int is_parameter, const char *value,
                              int length, const char *base, const char *system, const char *public,
                              const char *notation)
{
    const struct part *p = context;
    (void)name, (void)is_parameter, (void)value, (void)length;
    (void)base, (void)system, (void)public, (void)notation;
    workbook_find(p->w, p->name, "an entity is declared");
}

static void parse(struct part *p, const struct text *xml, XML_StartElementHandler start,
                  XML_EndElementHandler end)
{
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (!parser) {
        p->w->rc = err_memory(p->w->err);
        return;
    }
    XML_SetUserData(parser, p);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetEntityDeclHandler(parser, on_entity);
    if (XML_Parse(parser, xml->bytes, (int)xml->length, 1) == XML_STATUS_ERROR || p->too_long)
        workbook_find(p->w, p->name, "not well-formed, or a text that is too long");
    XML_ParserFree(parser);
}

/* ---- strings ---- */

static void XMLCALL strings_start(void *context, const char *name, const char **attributes)
{
    struct part *p = context;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        p->length = 0;
}

static void XMLCALL strings_end(void *context, const char *name)
{
    struct part *p = context;
    struct workbook_reading *w = p->w;
    if (strcmp(name, "si") != 0 || w->rc != 0)
        return;
    char **strings = reallocarray((void *)w->strings, w->string_count + 1, sizeof *strings);
    if (strings)
        w->strings = strings;
    char *copy = strings ? text_duplicate(p->text, p->length) : NULL;
    if (!copy) {
        w->rc = err_memory(w->err);
        return;
    }
    w->strings[w->string_count++] = copy;
}

void workbook_strings(struct workbook_reading *w, const struct text *xml)
{
    struct part p = {.w = w, .name = "sharedStrings"};
    parse(&p, xml, strings_start, strings_end);
    free(w->used);
    w->used = calloc(w->string_count + 1, sizeof *w->used);
    if (!w->used && w->rc == 0)
        w->rc = err_memory(w->err);
}

/* ---- rows ---- */

static const char BLANK[] = "\u2013";

static const char *string_at(const struct part *p, size_t column)
{
    const struct value *v = &p->values[column];
    return v->there && !v->number ? v->text : NULL;
}

static void check_number(struct part *p, const struct page_marks *m, const char *is, size_t column)
{
    struct value *v = &p->values[column];
    const char *text = v->there && v->number ? v->digits : BLANK;
    enum page_verdict verdict = page_number_check(p->w->truth, m, is, text);
    if (v->there && !v->number)
        verdict = PAGE_WRONG;
    p->w->numbers++;
    p->w->unknown += verdict == PAGE_UNKNOWN;
    if (verdict == PAGE_WRONG)
        workbook_find(p->w, p->name, "a number that does not follow from what is published");
    v->number = false; /* looked at */
}

/* "0.096" in tenths of a percent: 96. A binary fraction may be written with an error in its last
 * digits (0.5580000000000001); what is further than that from any tenth is no share: -1. */
static int64_t fraction_tenths(const char *text)
{
    const int64_t one = INT64_C(1000000000000), tenth = one / 1000;
    int64_t value = 0, unit = one;
    bool decimals = false;
    for (; *text; text++) {
        if (*text == '.' && !decimals)
            decimals = true;
        else if (!is_digit(*text) || value > 1000 * one)
            return -1;
        else if (!decimals)
            value = value * 10 + (*text - '0') * one;
        else
            value += (*text - '0') * (unit /= 10);
    }
    int64_t rounded = (value + tenth / 2) / tenth, error = value - rounded * tenth;
    return error > -10 && error < 10 ? rounded : -1;
}

static void check_share(struct part *p, const struct page_marks *m, size_t column)
{
    struct value *v = &p->values[column];
    int64_t share = page_share(p->w->truth, m);
    /* a part of the same cell: every count is a share of itself in `figures` */
    bool there = v->there && v->number;
    p->w->numbers++;
    if (share == -2)
        p->w->unknown++;
    else if (there ? share < 0 || fraction_tenths(v->digits) != share : share >= 0)
        workbook_find(p->w, p->name, "a share that does not follow from what is published");
    v->number = false;
}

static size_t cell_of(struct part *p, size_t column)
{
    const struct cells *cells = &p->w->truth->c->cells;
    const char *key = string_at(p, column);
    size_t cell = key ? cell_by_key(cells, key) : SIZE_MAX;
    if (cell == SIZE_MAX || cells->unit[cell] != p->w->unit) {
        workbook_find(p->w, p->name, "a row that names no figure of its unit");
        return SIZE_MAX;
    }
    return cell;
}

static void check_figures(struct part *p)
{
    int variables[CONFIG_VARIABLES];
    size_t at = data_csv_variables(&p->w->truth->c->rules.structure, variables);
    struct page_marks m = {.cell = cell_of(p, at + XLSX_CELL),
                           .of = cell_of(p, at + XLSX_OF),
                           .plus = SIZE_MAX,
                           .target_ppm = -1};
    check_number(p, &m, "n", at + XLSX_COUNT);
    check_number(p, &m, "whole", at + XLSX_WHOLE);
    check_share(p, &m, at + XLSX_SHARE);
}

static void check_series(struct part *p)
{
    const char *release = string_at(p, XLSX_SERIES_RELEASE);
    const char *day = string_at(p, XLSX_SERIES_DATE);
    struct page_marks m = {.cell = cell_of(p, XLSX_SERIES_CELL),
                           .of = cell_of(p, XLSX_SERIES_OF),
                           .plus = SIZE_MAX,
                           .target_ppm = -1};
    if (!release || !is_code(release) || !day || !is_day(day)) {
        workbook_find(p->w, p->name, "a row that names no release and date");
        return;
    }
    if (strcmp(release, p->w->truth->c->rules.release) != 0)
        (void)snprintf(m.at, sizeof m.at, "%s", release);
    const char *definition = string_at(p, XLSX_SERIES_DEFINITION);
    if (definition && definition[0] &&
        page_definition_check(p->w->truth, m.at, definition) == PAGE_WRONG)
        workbook_find(p->w, p->name, "a definition that its release does not have");
    /* An earlier release's names are not among those that this one's digits are looked up in. */
    p->values[XLSX_SERIES_DEFINITION].there = p->values[XLSX_SERIES_RELEASE].there = false;
    const struct value *share = &p->values[XLSX_SERIES_SHARE];
    if (p->row < SHEET_SERIES_ROWS && share->there)
        memcpy(p->w->shares[p->row], share->digits, SHEET_VALUE);
    check_share(p, &m, XLSX_SERIES_SHARE);
    check_number(p, &m, "n", XLSX_SERIES_COUNT);
    check_number(p, &m, "whole", XLSX_SERIES_WHOLE);
}

static void check_row(struct part *p)
{
    if (p->row > 1 && p->sheet == 1)
        check_figures(p);
    else if (p->row > 1 && p->sheet == 2)
        check_series(p);
    for (size_t i = 0; i < SHEET_COLUMNS; i++) {
        const struct value *v = &p->values[i];
        if (v->there && v->number)
            workbook_find(p->w, p->name, "a number where none is expected");
        else if (v->there && v->text && !workbook_text_known(p->w, v->text))
            workbook_find(p->w, p->name, "digits that are no name and no date");
    }
}

/* ---- sheets ---- */

/* "AB12": column 27; SIZE_MAX if it is none, or too far right. */
static size_t column_of(const char *reference)
{
    size_t column = 0;
    const char *at = reference;
    for (; *at >= 'A' && *at <= 'Z' && column < SHEET_COLUMNS; at++)
        column = column * 26 + (size_t)(*at - 'A') + 1;
    return at > reference && is_digit(*at) && column <= SHEET_COLUMNS ? column - 1 : SIZE_MAX;
}

static void XMLCALL sheet_start(void *context, const char *name, const char **attributes)
{
    struct part *p = context;
    if (p->w->rc != 0)
        return;
    p->length = 0;
    if (strcmp(name, "row") == 0) {
        const char *row = attribute(attributes, "r");
        p->row = row ? strtoul(row, NULL, 10) : 0;
        memset(p->values, 0, sizeof p->values);
    } else if (strcmp(name, "c") == 0) {
        const char *reference = attribute(attributes, "r"), *type = attribute(attributes, "t");
        p->column = reference ? column_of(reference) : SIZE_MAX;
        p->is_string = type && strcmp(type, "s") == 0;
        if (p->column == SIZE_MAX || (type && !p->is_string))
            workbook_find(p->w, p->name, "a cell of a strange place or type");
    } else if (strcmp(name, "f") == 0 || strcmp(name, "is") == 0 ||
               strcmp(name, "legacyDrawing") == 0 || strcmp(name, "oddHeader") == 0 ||
               strcmp(name, "oddFooter") == 0) {
        workbook_find(p->w, p->name, "a formula, comment, header or text in a cell");
    }
}

static void read_value(struct part *p)
{
    struct value *v = &p->values[p->column];
    p->text[p->length] = '\0';
    v->there = true;
    v->number = !p->is_string;
    if (!p->is_string) {
        if (p->length >= SHEET_VALUE)
            workbook_find(p->w, p->name, "a number that is too long");
        else
            memcpy(v->digits, p->text, p->length + 1);
        return;
    }
    size_t index = strtoul(p->text, NULL, 10);
    if (index >= p->w->string_count) {
        workbook_find(p->w, p->name, "a string that is not there");
        v->there = false;
        return;
    }
    v->text = p->w->strings[index];
    p->w->used[index] = true;
}

static void XMLCALL sheet_end(void *context, const char *name)
{
    struct part *p = context;
    if (p->w->rc != 0)
        return;
    if (strcmp(name, "v") == 0 && p->column != SIZE_MAX)
        read_value(p);
    else if (strcmp(name, "row") == 0)
        check_row(p);
}

void workbook_sheet(struct workbook_reading *w, int sheet, const struct text *xml)
{
    static const char *const names[] = {"", "figures", "series", "explanation"};
    struct part *p = calloc(1, sizeof *p);
    if (!p) {
        w->rc = err_memory(w->err);
        return;
    }
    p->w = w;
    p->name = names[sheet];
    p->sheet = sheet;
    parse(p, xml, sheet_start, sheet_end);
    free(p);
}

/* ---- charts ---- */

static void XMLCALL chart_start(void *context, const char *name, const char **attributes)
{
    struct part *p = context;
    const char *index = attribute(attributes, "idx");
    p->length = 0;
    if (strcmp(name, "c:numCache") == 0)
        p->numbers = true;
    else if (strcmp(name, "c:pt") == 0)
        p->index = index ? strtoul(index, NULL, 10) : SHEET_SERIES_ROWS;
}

/* "series!$C$2:$C$5" */
static void read_range(struct part *p)
{
    static const char sheet[] = "series!$";
    const char *at = strchr(p->text, '$');
    if (strncmp(p->text, sheet, sizeof sheet - 1) != 0 || !at || !(at = strchr(at + 1, '$'))) {
        workbook_find(p->w, p->name, "a range of another sheet");
        return;
    }
    p->first_row = strtoul(at + 1, NULL, 10);
}

static void XMLCALL chart_end(void *context, const char *name)
{
    struct part *p = context;
    if (p->w->rc != 0)
        return;
    p->text[p->length] = '\0';
    if (strcmp(name, "c:f") == 0)
        read_range(p);
    else if (strcmp(name, "c:numCache") == 0)
        p->numbers = false;
    else if (strcmp(name, "c:v") == 0 && p->numbers) {
        size_t row = p->first_row + p->index;
        p->w->numbers++;
        if (row >= SHEET_SERIES_ROWS || strcmp(p->w->shares[row], p->text) != 0)
            workbook_find(p->w, p->name, "a bar that is not its cell");
    } else if ((strcmp(name, "c:v") == 0 || strcmp(name, "a:t") == 0) &&
               !workbook_text_known(p->w, p->text)) {
        workbook_find(p->w, p->name, "digits that are no name and no date");
    }
    p->length = 0;
}

void workbook_chart(struct workbook_reading *w, const char *part, const struct text *xml)
{
    struct part *p = calloc(1, sizeof *p);
    if (!p) {
        w->rc = err_memory(w->err);
        return;
    }
    p->w = w;
    p->name = part;
    parse(p, xml, chart_start, chart_end);
    free(p);
}

/* ---- properties ---- */

static void XMLCALL properties_start(void *context, const char *name, const char **attributes)
{
    struct part *p = context;
    (void)name, (void)attributes;
    p->length = 0;
}

static void XMLCALL properties_end(void *context, const char *name)
{
    struct part *p = context;
    const struct rules *rules = &p->w->truth->c->rules;
    const struct unit *unit = &rules->structure.units[p->w->unit];
    char day[DATE_TEXT], moment[DATE_TEXT + 16];
    p->text[p->length] = '\0';
    (void)snprintf(moment, sizeof moment, "%sT00:00:00Z", date_iso(rules->reference_date, day));
    const char *expected = "";
    if (strcmp(name, "dc:title") == 0)
        expected = strlen(unit->name) < XLSX_TITLE ? unit->name : unit->code;
    else if (strcmp(name, "dc:subject") == 0)
        expected = rules->release;
    else if (strcmp(name, "dcterms:created") == 0 || strcmp(name, "dcterms:modified") == 0)
        expected = moment;
    if (strcmp(p->text, expected) != 0)
        workbook_find(p->w, p->name, "more than the unit, the release and its date");
    p->length = 0;
}

void workbook_properties(struct workbook_reading *w, const struct text *xml)
{
    struct part *p = calloc(1, sizeof *p);
    if (!p) {
        w->rc = err_memory(w->err);
        return;
    }
    p->w = w;
    p->name = "properties";
    parse(p, xml, properties_start, properties_end);
    free(p);
}
