/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/xlsx.h. */
#include "report/xlsx.h"

#include "report/data_csv.h"
#include "report/page.h"
#include "report/shares.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

struct book {
    lxw_workbook *workbook;
    struct page page; /* for names, in its language */
    const struct view *v;
    size_t unit;
    lxw_format *head, *count, *share, *quiet, *wrap, *title;
};

static const char *word(const struct book *b, const char *message)
{
    return translate(b->page.language, message);
}

static void put_text(lxw_worksheet *sheet, uint32_t row, int column, const char *text,
                     lxw_format *format)
{
    (void)worksheet_write_string(sheet, row, (lxw_col_t)column, text, format);
}

static void put_count(const struct book *b, lxw_worksheet *sheet, uint32_t row, int column,
                      int64_t n)
{
    if (n >= 0)
        (void)worksheet_write_number(sheet, row, (lxw_col_t)column, (double)n, b->count);
}

/* A share as the fraction that shows as its percentage: 96 tenths are 0.096. */
static void put_share(const struct book *b, lxw_worksheet *sheet, uint32_t row, int column,
                      int64_t tenths)
{
    (void)worksheet_write_number(sheet, row, (lxw_col_t)column, (double)tenths / 1000.0, b->share);
}

static void put_key(const struct book *b, lxw_worksheet *sheet, uint32_t row, int column,
                    size_t cell)
{
    struct text key;
    text_init(&key);
    cell_key(&key, b->v->cells, cell);
    if (!key.failed)
        put_text(sheet, row, column, key.bytes, b->quiet);
    text_release(&key);
}

static void put_head(const struct book *b, lxw_worksheet *sheet, int column, const char *text,
                     double width)
{
    (void)worksheet_set_column(sheet, (lxw_col_t)column, (lxw_col_t)column, width, NULL);
    put_text(sheet, 0, column, text, b->head);
}

static void set_up(lxw_worksheet *sheet)
{
    enum { A4 = 9 };
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    (void)worksheet_repeat_rows(sheet, 0, 0);
}

/* ---- figures ---- */

/* Whom the cell's people are a share of: with the sensitive variables, or else the last one, at
 * total; the cell itself where that is the same. */
static size_t whole_of(const struct view *v, size_t cell)
{
    const struct cells *c = v->cells;
    const struct structure *s = c->structure;
    uint16_t categories[CONFIG_VARIABLES] = {0};
    size_t last = SIZE_MAX;
    bool any = false;
    for (size_t i = 0; i < c->stride; i++) {
        categories[i] = c->categories[cell * c->stride + i];
        if (categories[i] == 0)
            continue;
        last = i;
        if (s->variables[i].sensitive) {
            categories[i] = 0;
            any = true;
        }
    }
    if (!any && last != SIZE_MAX)
        categories[last] = 0;
    return cells_find(c, (int)c->population[cell], (int)c->unit[cell], categories);
}

static void put_labels(struct book *b, lxw_worksheet *sheet, uint32_t row, size_t cell,
                       const int *variables, size_t count)
{
    const struct cells *c = b->v->cells;
    for (size_t i = 0; i < count; i++) {
        uint16_t category = c->categories[cell * c->stride + (size_t)variables[i]];
        struct text name;
        text_init(&name);
        if (category == 0)
            text_string(&name, word(b, "Total"));
        else
            name_category(&name, &b->page, variables[i], category);
        if (!name.failed)
            put_text(sheet, row, (int)i, name.bytes, NULL);
        text_release(&name);
    }
}

static void figures(struct book *b)
{
    const struct view *v = b->v;
    const struct structure *s = &v->rules->structure;
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, "figures");
    int variables[CONFIG_VARIABLES];
    size_t count = data_csv_variables(s, variables);
    int at = (int)count;
    set_up(sheet);
    for (size_t i = 0; i < count; i++) {
        struct text name;
        text_init(&name);
        name_variable(&name, &b->page, variables[i]);
        put_head(b, sheet, (int)i, name.failed ? "" : name.bytes, 22);
        text_release(&name);
    }
    put_head(b, sheet, at + XLSX_COUNT, word(b, "People"), 11);
    put_head(b, sheet, at + XLSX_WHOLE, word(b, "Of"), 11);
    put_head(b, sheet, at + XLSX_SHARE, word(b, "Share"), 10);
    put_head(b, sheet, at + XLSX_STATUS, word(b, "Remark"), 14);
    put_head(b, sheet, at + XLSX_CELL, "cell", 30);
    put_head(b, sheet, at + XLSX_OF, "of", 24);
    uint32_t row = 1;
    for (size_t i = v->unit_start[b->unit]; i < v->unit_start[b->unit + 1]; i++, row++) {
        size_t cell = v->unit_cell[i];
        struct view_share share = {cell, whole_of(v, cell)};
        put_labels(b, sheet, row, cell, variables, count);
        put_count(b, sheet, row, at + XLSX_COUNT, view_count(v->now, cell));
        put_count(b, sheet, row, at + XLSX_WHOLE, view_count(v->now, share.whole));
        if (view_share_known(v->now, share))
            put_share(b, sheet, row, at + XLSX_SHARE,
                      share_tenths(view_count(v->now, cell), view_count(v->now, share.whole)));
        if (view_count(v->now, cell) < 0)
            put_text(sheet, row, at + XLSX_STATUS, word(b, "not shown"), b->quiet);
        put_key(b, sheet, row, at + XLSX_CELL, cell);
        put_key(b, sheet, row, at + XLSX_OF, share.whole);
    }
    if (row > 1)
        (void)worksheet_autofilter(sheet, 0, 0, row - 1, (lxw_col_t)(at + XLSX_STATUS));
}

/* ---- series ---- */

static void put_point(const struct book *b, lxw_worksheet *sheet, uint32_t row, const char *name,
                      const struct view_point *p, struct view_share s, int variable)
{
    char day[DATE_TEXT];
    put_text(sheet, row, XLSX_SERIES_NAME, name, NULL);
    put_text(sheet, row, XLSX_SERIES_DATE, date_iso(p->reference, day), NULL);
    if (view_share_known(p, s))
        put_share(b, sheet, row, XLSX_SERIES_SHARE,
                  share_tenths(view_count(p, s.part), view_count(p, s.whole)));
    put_count(b, sheet, row, XLSX_SERIES_COUNT, view_count(p, s.part));
    put_count(b, sheet, row, XLSX_SERIES_WHOLE, view_count(p, s.whole));
    if (p->variable[variable])
        put_text(sheet, row, XLSX_SERIES_DEFINITION, p->variable[variable]->definition, b->quiet);
    put_text(sheet, row, XLSX_SERIES_RELEASE, p->release, b->quiet);
    put_key(b, sheet, row, XLSX_SERIES_CELL, s.part);
    put_key(b, sheet, row, XLSX_SERIES_OF, s.whole);
}

static void add_chart(const struct book *b, lxw_worksheet *sheet, const char *name, uint32_t from,
                      uint32_t to, size_t number)
{
    enum { ROWS = 16, COLUMN = XLSX_SERIES_OF + 2 };
    lxw_chart *chart = workbook_add_chart(b->workbook, LXW_CHART_COLUMN);
    if (!chart)
        return;
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    chart_series_set_categories(series, "series", from, XLSX_SERIES_DATE, to, XLSX_SERIES_DATE);
    chart_series_set_values(series, "series", from, XLSX_SERIES_SHARE, to, XLSX_SERIES_SHARE);
    chart_series_set_name(series, name);
    chart_series_set_labels(series);
    chart_title_set_name(chart, name);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_axis_set_num_format(chart->y_axis, "0%");
    (void)worksheet_insert_chart(sheet, (lxw_row_t)(1 + number * ROWS), COLUMN, chart);
}

static void series(struct book *b)
{
    const struct view *v = b->v;
    struct share_config subjects[PAGE_SUBJECTS];
    size_t count = page_subjects(v, subjects, PAGE_SUBJECTS);
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, "series");
    set_up(sheet);
    put_head(b, sheet, XLSX_SERIES_NAME, word(b, "Share"), 34);
    put_head(b, sheet, XLSX_SERIES_DATE, word(b, "Date"), 12);
    put_head(b, sheet, XLSX_SERIES_SHARE, "%", 9);
    put_head(b, sheet, XLSX_SERIES_COUNT, word(b, "People"), 11);
    put_head(b, sheet, XLSX_SERIES_WHOLE, word(b, "Of"), 11);
    put_head(b, sheet, XLSX_SERIES_DEFINITION, word(b, "Definition"), 12);
    put_head(b, sheet, XLSX_SERIES_RELEASE, "release", 14);
    put_head(b, sheet, XLSX_SERIES_CELL, "cell", 30);
    put_head(b, sheet, XLSX_SERIES_OF, "of", 24);
    uint32_t row = 1;
    for (size_t i = 0; i < count; i++) {
        struct view_share s = view_share_at(v, &subjects[i], b->unit);
        struct text name;
        uint32_t from = row;
        if (s.part == SIZE_MAX || s.whole == SIZE_MAX)
            continue;
        text_init(&name);
        name_share(&name, &b->page, &subjects[i]);
        for (size_t p = 0; p < v->point_count && !name.failed; p++)
            put_point(b, sheet, row++, name.bytes, &v->points[p], s, subjects[i].variable);
        if (!name.failed)
            add_chart(b, sheet, name.bytes, from, row - 1, i);
        text_release(&name);
    }
}

/* ---- explanation ---- */

/* The page's own words, without its marks. */
static void explain(struct book *b)
{
    static const char *const messages[] = {
        MESSAGE("Not shown in this release, so that nothing can be learnt about one person."),
        MESSAGE("Shares are rounded half up to one decimal from the exact counts; a change in "
                "percentage points is the difference of the exact shares."),
    };
    const struct view *v = b->v;
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, "explanation");
    enum language languages[LANGUAGE_COUNT];
    size_t count = languages_of(v->config->languages, languages);
    uint32_t row = 0;
    char day[DATE_TEXT];
    set_up(sheet);
    (void)worksheet_set_column(sheet, 0, 0, 100, b->wrap);
    put_text(sheet, row++, 0, v->rules->structure.units[b->unit].name, b->title);
    put_text(sheet, row++, 0, date_iso(v->rules->reference_date, day), NULL);
    put_text(sheet, row++, 0, v->config->authorisation, b->wrap);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof messages / sizeof *messages; k++)
            put_text(sheet, row++, 0, translate(languages[i], messages[k]), b->wrap);
}

/* ---- the file ---- */

static void formats(struct book *b)
{
    b->head = workbook_add_format(b->workbook);
    format_set_bold(b->head);
    format_set_bottom(b->head, LXW_BORDER_THIN);
    b->count = workbook_add_format(b->workbook);
    format_set_num_format(b->count, "#,##0");
    b->share = workbook_add_format(b->workbook);
    format_set_num_format(b->share, "0.0%");
    b->quiet = workbook_add_format(b->workbook);
    format_set_font_color(b->quiet, LXW_COLOR_GRAY);
    b->wrap = workbook_add_format(b->workbook);
    format_set_text_wrap(b->wrap);
    b->title = workbook_add_format(b->workbook);
    format_set_bold(b->title);
    format_set_font_size(b->title, 14);
}

/* Nothing but what the release says of itself: no author, no clock. Long names would be cut. */
static void properties(const struct book *b)
{
    enum { DAY = 86400 };
    const struct unit *unit = &b->v->rules->structure.units[b->unit];
    char title[XLSX_TITLE], release[CONFIG_CODE];
    (void)snprintf(title, sizeof title, "%s",
                   strlen(unit->name) < sizeof title ? unit->name : unit->code);
    (void)snprintf(release, sizeof release, "%s", b->v->rules->release);
    /* The library asks gmtime for it, whose one result threads share: it is the same in all. */
    lxw_doc_properties p = {
        .title = title, .subject = release, .created = (time_t)b->v->rules->reference_date * DAY};
    (void)workbook_set_properties(b->workbook, &p);
}

/*
 * The library's own function of this name, called for each part of a workbook, makes a file on disk
 * and deletes it: sixteen a workbook, and ext4 looks past what was deleted within the last minutes
 * whenever it makes a file. This one, which the dynamic linker finds first, makes it in memory; the
 * library's would fail in the sandbox.
 */
FILE *lxw_tmpfile(char *folder)
{
    (void)folder;
    int fd = memfd_create("part of a workbook", MFD_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
    if (fd >= 0 && !file)
        (void)close(fd);
    return file;
}

int xlsx_write(const char *path, const struct view *v, size_t unit, struct err *err)
{
    enum language languages[LANGUAGE_COUNT];
    struct book b = {.v = v, .unit = unit, .page = {.v = v, .unit = unit, .whole = SIZE_MAX}};
    (void)languages_of(v->config->languages, languages);
    b.page.language = languages[0];
    b.workbook = workbook_new(path);
    if (!b.workbook)
        return err_memory(err);
    formats(&b);
    properties(&b);
    figures(&b);
    series(&b);
    explain(&b);
    lxw_error code = workbook_close(b.workbook);
    return code == LXW_NO_ERROR
               ? 0
               : err_set(err, ERR_IO, "report.xlsx cannot be written: %s", lxw_strerror(code));
}
