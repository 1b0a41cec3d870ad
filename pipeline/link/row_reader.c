/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_reader.h. A row is parsed whole into values before anything is stored; rows
 * that say nothing unusual are, many at a time, by row_batch. */
#include "link/row_reader.h"

#include "base/report.h"
#include "link/row_batch.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_ROWS = 4096 };

static int find_plan(const struct row_reader *r, const char *name)
{
    for (size_t i = 0; i < r->plan_count; i++)
        if (strcmp(r->plans[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int either(int a, int b)
{
    return a >= 0 ? a : b;
}

static void plan_columns(struct row_reader *r)
{
    enum dataset d = r->table->dataset;
    const struct config *config = r->context->config;
    const struct dataset_config *configured = &config->datasets[d];
    size_t numbers = 0;
    for (int i = 0; i < DATASET_FIELDS && DATASETS[d].fields[i].name; i++) {
        const struct field_spec *field = &DATASETS[d].fields[i];
        const char *header = configured->header[i] ? configured->header[i] : field->name;
        /* A country without an ISO code is one that stands for "unknown". */
        bool may_be_empty = d == DATASET_COUNTRIES && strcmp(field->name, "iso") == 0;
        r->plans[r->plan_count] = (struct row_plan){field->name,
                                                    header,
                                                    field->type,
                                                    field->required || configured->mapped[i],
                                                    field->required && !may_be_empty,
                                                    -1,
                                                    r->table->frame.columns[r->plan_count],
                                                    numbers};
        numbers += row_is_number(&r->plans[r->plan_count++]);
    }
    for (size_t i = 0; d == DATASET_PERSONNEL && i < config->attribute_count; i++) {
        struct column *column = r->table->frame.columns[r->plan_count];
        r->plans[r->plan_count++] = (struct row_plan){
            column->name, config->attributes[i].header, FIELD_TEXT, true, false, -1, column, 0};
    }
    r->start = either(find_plan(r, "start_date"),
                      either(find_plan(r, "valid_from"), find_plan(r, "eu_from")));
    r->end =
        either(find_plan(r, "end_date"), either(find_plan(r, "valid_to"), find_plan(r, "eu_to")));
    r->birth = find_plan(r, "birth_date");
    r->employment = find_plan(r, "employment");
    r->entity = d == DATASET_PERSONNEL ? find_plan(r, "entity") : -1;
}

static bool same(struct csv_field f, const char *string)
{
    return f.length == strlen(string) && memcmp(f.bytes, string, f.length) == 0;
}

/* The kinds of plan, as r->order has them. */
enum { VALUE, NUMBER, ABSENT, KINDS };
static int kind_of(const struct row_plan *p)
{
    return p->source < 0 ? ABSENT : row_is_number(p) ? NUMBER : VALUE;
}

static void order_plans(struct row_reader *r)
{
    size_t at = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < r->plan_count; i++)
            if (kind_of(&r->plans[i]) == kind)
                r->order[at++] = (uint8_t)i;
        if (kind == VALUE)
            r->value_count = at;
        if (kind == NUMBER)
            r->present_count = at;
    }
    for (size_t k = r->present_count; k < r->plan_count; k++)
        r->values[r->order[k]].number = DATE_NONE; /* what is asked of dates */
}

/* Cells of a column that the file does not have, which are those of an empty field. */
static int fill_absent(struct row_reader *r, size_t i, struct err *err)
{
    struct intake_table *t = r->table;
    struct column *column = r->plans[i].column;
    size_t width = column_width(column->type), rows = t->frame.rows - r->filled;
    if (row_is_number(&r->plans[i])) {
        memset(t->numbers[r->plans[i].number] + r->filled, 0, rows * sizeof(uint32_t));
        return 0;
    }
    char *cells = (char *)column->cells + r->filled * width;
    if (!column->coded) {
        int32_t value = r->plans[i].type == FIELD_FTE ? VALUE_FTE_ONE : DATE_NONE;
        for (size_t row = 0; row < rows; row++)
            ((int32_t *)(void *)cells)[row] = value;
        return 0;
    }
    memset(cells, 0, rows * width);
    if ((int)i != r->employment)
        return 0;
    uint32_t code =
        dictionary_intern(&column->dictionary, ROW_EMPLOYMENT, sizeof ROW_EMPLOYMENT - 1);
    if (code == 0)
        return err_memory(err);
    for (size_t row = r->filled; row < t->frame.rows; row++)
        column_set(column, row, code);
    return 0;
}

static int fill(struct row_reader *r, struct err *err)
{
    for (size_t k = r->present_count; k < r->plan_count && r->filled < r->table->frame.rows; k++)
        if (fill_absent(r, r->order[k], err) != 0)
            return -1;
    r->filled = r->table->frame.rows;
    return 0;
}

static int on_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    struct row_reader *r = context;
    for (size_t i = 0; i < r->plan_count; i++) {
        struct row_plan *p = &r->plans[i];
        for (size_t column = 0; column < count && p->source < 0; column++)
            if (same(value_trim(fields[column]), p->header))
                p->source = (int)column;
        if (p->source >= 0 && p->type == FIELD_COUNTRY && !r->context->countries) {
            (void)err_set(err, ERR_CONFIG, "column \"%s\" needs a [dataset countries]", p->header);
            return err_at(err, r->path, line);
        }
        if (p->source >= 0 || !p->must_exist)
            continue;
        (void)err_set(err, ERR_DATA, "no column \"%s\" (field %s of dataset %s)", p->header,
                      p->name, DATASETS[r->table->dataset].name);
        (void)err_at(err, r->path, line);
        return err_hint(err, "check column.%s in the section of the dataset, and its delimiter",
                        p->name);
    }
    order_plans(r);
    return 0;
}

/* The code of a coded column's value. What nobody doubted is taken as it is the next time. */
static int store_word(struct row_reader *r, size_t i, size_t row, struct err *err)
{
    const struct row_value *v = &r->values[i];
    struct column *column = r->plans[i].column;
    uint32_t code = v->code;
    if (code == 0 && v->text.length > 0) {
        code = dictionary_intern(&column->dictionary, v->text.bytes, v->text.length);
        if (code == 0)
            return err_memory(err);
        if (frame_hold(&r->table->frame, column, code, err) != 0)
            return -1;
        bool settled =
            (int)i != r->entity || entity_list_find(r->context->entities, v->text) == ENTITY_VALID;
        if (r->doubt_count == 0 && settled)
            remembered_put(&r->remembered[i], v->file, code);
    }
    if (column->type == COLUMN_U8)
        ((uint8_t *)column->cells)[row] = (uint8_t)code;
    else
        column_set(column, row, code);
    return 0;
}

static int store_row(struct row_reader *r, long line, struct err *err)
{
    struct intake_table *t = r->table;
    size_t row = intake_table_add(t, 1, err);
    if (row == SIZE_MAX)
        return -1;
    for (size_t k = 0; k < r->value_count; k++) {
        struct column *column = r->plans[r->order[k]].column;
        if (!column->coded)
            ((int32_t *)column->cells)[row] = r->values[r->order[k]].number;
        else if (store_word(r, r->order[k], row, err) != 0)
            return -1;
    }
    for (size_t k = r->value_count; k < r->present_count; k++)
        t->numbers[r->plans[r->order[k]].number][row] = r->values[r->order[k]].packed;
    if (t->places)
        t->places[row] = (struct intake_place){0, (uint32_t)line};
    return 0;
}

/* A code list has no tolerance. */
static int refuse_row(const struct row_reader *r, enum reason reason, int field, long line,
                      struct err *err)
{
    static const char *const meaning[REASON_NUMBER] = {
        [REASON_MISSING] = "is empty",
        [REASON_DATE] = "is not a date of the configured date_format",
        [REASON_DATE_ORDER] = "lies before the start",
        [REASON_CODE] = "is not a code that may stand here",
        [REASON_TEXT] = "is over 200 bytes or holds control characters",
        [REASON_NATIONALITY] = "is not a country's number",
    };
    (void)err_set(err, ERR_DATA, "column \"%s\" %s", r->plans[field].header, meaning[reason]);
    return err_at(err, r->path, line);
}

static void count_rows(struct issues *issues, size_t count)
{
    uint64_t steps = issues->rows / PROGRESS_ROWS;
    issues->rows += count;
    steps = issues->rows / PROGRESS_ROWS - steps;
    if (steps > 0)
        progress_step(steps * PROGRESS_ROWS);
}

static int hand_over_if_full(struct row_reader *r, struct err *err)
{
    const struct row_context *c = r->context;
    if (!c->full || r->table->frame.rows < c->full_rows)
        return 0;
    if (fill(r, err) != 0 || c->full(c->full_context, r->table, err) != 0)
        return -1;
    r->filled = 0;
    return 0;
}

static int on_row(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    struct row_reader *r = context;
    struct issues *issues = &r->table->issues;
    enum dataset d = r->table->dataset;
    int field = 0;
    (void)count; /* csv_read has checked that it is the header's */
    count_rows(issues, 1);
    enum reason reason = row_parse(r, fields, &field);
    if (reason != REASON_NONE && !DATASETS[d].has_persons)
        return refuse_row(r, reason, field, line, err);
    if (reason != REASON_NONE)
        return issues_note(issues, d, 0, line, reason, err);
    for (size_t i = 0; i < r->doubt_count; i++)
        if (issues_note(issues, d, 0, line, r->doubts[i], err) != 0)
            return -1;
    return store_row(r, line, err) == 0 ? hand_over_if_full(r, err) : -1;
}

/* Rows of the batch, none of which is odd. */
static int take_run(struct row_reader *r, size_t first, size_t count, struct err *err)
{
    size_t row = intake_table_add(r->table, count, err);
    if (row == SIZE_MAX)
        return -1;
    count_rows(&r->table->issues, count);
    row_batch_store(r->batch, r, first, count, row);
    return hand_over_if_full(r, err);
}

static int on_rows(void *context, const struct csv_rows *rows, struct err *err)
{
    struct row_reader *r = context;
    const uint8_t *odd = r->batch->odd;
    row_batch_parse(r->batch, r, rows);
    for (size_t row = 0, end; row < rows->count; row = end) {
        for (end = row; end < rows->count && !odd[end];)
            end++;
        if (end > row && take_run(r, row, end - row, err) != 0)
            return -1;
        if (end == rows->count)
            break;
        csv_rows_fields(rows, end, r->fields);
        if (on_row(r, r->fields, rows->columns, rows->line + (long)end, err) != 0)
            return -1;
        end++;
    }
    return 0;
}

int rows_read(struct intake_table *t, const char *path, const struct row_context *context,
              struct err *err)
{
    const struct csv_part everything = {0, 0, CSV_PART_REST};
    long lines;
    return rows_read_part(t, path, &everything, context, &lines, err);
}

int rows_read_part(struct intake_table *t, const char *path, const struct csv_part *part,
                   const struct row_context *context, long *lines, struct err *err)
{
    const struct dataset_config *configured = &context->config->datasets[t->dataset];
    struct csv_options options = {configured->delimiter, configured->encoding,
                                  t->places ? NULL : on_rows};
    struct row_reader r = {.table = t,
                           .context = context,
                           .path = path,
                           .date_format =
                               configured->date_format ? configured->date_format : "%Y-%m-%d",
                           .reference = context->config->reference_date,
                           .earliest_birth = date_make(1850, 1, 1),
                           .remembered = calloc(ROW_PLANS, sizeof *r.remembered),
                           .batch = calloc(1, sizeof *r.batch),
                           .fields = calloc(CSV_COLUMNS, sizeof *r.fields)};
    int rc = r.remembered && r.batch && r.fields ? 0 : err_memory(err);
    if (rc == 0) {
        plan_columns(&r);
        rc = csv_read_part(path, part, &options, on_header, on_row, &r, lines, err);
    }
    if (rc == 0)
        rc = fill(&r, err);
    progress_step(t->issues.rows % PROGRESS_ROWS);
    if (r.batch)
        sodium_memzero(r.batch, sizeof *r.batch);
    free(r.batch);
    free(r.fields);
    free(r.remembered);
    sodium_memzero(r.values, sizeof r.values); /* the last row's numbers */
    sodium_memzero(&r.number, sizeof r.number);
    return rc;
}
