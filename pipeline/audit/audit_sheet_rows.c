/* SPDX-License-Identifier: EUPL-1.2 */
/* A row of a sheet, against the tables. See include/audit/workbook_part.h. */
#include "audit/workbook_part.h"

#include "report/data_csv.h"
#include "report/xlsx.h"

#include <stdio.h>
#include <string.h>

static const char BLANK[] = "\u2013";

static const char *string_at(const struct workbook_part *p, size_t column)
{
    const struct workbook_value *v = &p->values[column];
    return v->there && !v->number ? v->text : NULL;
}

static void check_number(struct workbook_part *p, const struct page_marks *m, const char *is,
                         size_t column)
{
    struct workbook_value *v = &p->values[column];
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

static void check_share(struct workbook_part *p, const struct page_marks *m, size_t column)
{
    struct workbook_value *v = &p->values[column];
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

static size_t cell_of(struct workbook_part *p, size_t column)
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

static void check_figures(struct workbook_part *p)
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

static void check_series(struct workbook_part *p)
{
    const char *release = string_at(p, XLSX_SERIES_RELEASE);
    const char *day = string_at(p, XLSX_SERIES_DATE);
    struct page_marks m = {.cell = cell_of(p, XLSX_SERIES_CELL),
                           .of = cell_of(p, XLSX_SERIES_OF),
                           .plus = SIZE_MAX,
                           .target_ppm = -1};
    if (!release || !is_code(release) || !day || !workbook_is_day(day)) {
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
    const struct workbook_value *share = &p->values[XLSX_SERIES_SHARE];
    if (p->row < SHEET_SERIES_ROWS && share->there)
        memcpy(p->w->shares[p->row], share->digits, SHEET_VALUE);
    check_share(p, &m, XLSX_SERIES_SHARE);
    check_number(p, &m, "n", XLSX_SERIES_COUNT);
    check_number(p, &m, "whole", XLSX_SERIES_WHOLE);
}

void workbook_row_check(struct workbook_part *p)
{
    if (p->row > 1 && p->sheet == 1)
        check_figures(p);
    else if (p->row > 1 && p->sheet == 2)
        check_series(p);
    for (size_t i = 0; i < SHEET_COLUMNS; i++) {
        const struct workbook_value *v = &p->values[i];
        if (v->there && v->number)
            workbook_find(p->w, p->name, "a number where none is expected");
        else if (v->there && v->text && !workbook_text_known(p->w, v->text))
            workbook_find(p->w, p->name, "digits that are no name and no date");
    }
}
