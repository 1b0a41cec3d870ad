/* SPDX-License-Identifier: EUPL-1.2 */
/* The strings and the sheets of a workbook: see include/audit/workbook.h. */
#include "audit/workbook_part.h"

#include <stdlib.h>
#include <string.h>

/* ---- strings ---- */

static void XMLCALL strings_start(void *context, const char *name, const char **attributes)
{
    struct workbook_part *p = context;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        p->length = 0;
}

static void XMLCALL strings_end(void *context, const char *name)
{
    struct workbook_part *p = context;
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
    struct workbook_part p = {.w = w, .name = "sharedStrings"};
    workbook_part_parse(&p, xml, strings_start, strings_end);
    free(w->used);
    w->used = calloc(w->string_count + 1, sizeof *w->used);
    if (!w->used && w->rc == 0)
        w->rc = err_memory(w->err);
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
    struct workbook_part *p = context;
    if (p->w->rc != 0)
        return;
    p->length = 0;
    if (strcmp(name, "row") == 0) {
        const char *row = page_attribute(attributes, "r");
        p->row = row ? strtoul(row, NULL, 10) : 0;
        p->in_row = true;
        p->column = SIZE_MAX;
        memset(p->values, 0, sizeof p->values);
    } else if (strcmp(name, "c") == 0) {
        const char *reference = page_attribute(attributes, "r"),
                   *type = page_attribute(attributes, "t");
        p->column = reference ? column_of(reference) : SIZE_MAX;
        p->is_string = type && strcmp(type, "s") == 0;
        if (p->column == SIZE_MAX || (type && !p->is_string))
            workbook_find(p->w, p->name, "a cell of a strange place or type");
    } else if (strcmp(name, "v") == 0 && (!p->in_row || p->column == SIZE_MAX)) {
        workbook_find(p->w, p->name, "a value outside a cell");
    } else if (strcmp(name, "f") == 0 || strcmp(name, "is") == 0 ||
               strcmp(name, "legacyDrawing") == 0 || strcmp(name, "oddHeader") == 0 ||
               strcmp(name, "oddFooter") == 0) {
        workbook_find(p->w, p->name, "a formula, comment, header or text in a cell");
    }
}

static void read_value(struct workbook_part *p)
{
    struct workbook_value *v = &p->values[p->column];
    p->text[p->length] = '\0';
    if (v->there)
        workbook_find(p->w, p->name, "a cell with two values");
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
    struct workbook_part *p = context;
    if (p->w->rc != 0)
        return;
    if (strcmp(name, "v") == 0 && p->column != SIZE_MAX) {
        read_value(p);
    } else if (strcmp(name, "row") == 0) {
        workbook_row_check(p);
        p->in_row = false;
    }
}

void workbook_sheet(struct workbook_reading *w, int sheet, const struct text *xml)
{
    static const char *const names[] = {"", "figures", "series", "explanation"};
    struct workbook_part *p = workbook_part_new(w, names[sheet]);
    if (!p)
        return;
    p->sheet = sheet;
    workbook_part_parse(p, xml, sheet_start, sheet_end);
    free(p);
}
