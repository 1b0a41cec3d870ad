/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_batch.h. */
#include "link/row_batch.h"

#include "link/national_number.h"

#include <string.h>

/* A file's values of one plan. Passed by value: what is written to `odd` could be anything that a
 * pointer leads to, which would be fetched again for each row. */
struct values {
    const struct row_reader *reader;
    size_t plan, count;
    struct csv_column column;
    bool required;
    uint32_t *cells;
    uint8_t *odd;
};

/* The rows whose value is not empty; the others get `cell`. Which ones these are nobody can
 * foretell, a processor neither: what is done for each of them must not be asked for in between. */
static size_t find_present(struct values v, uint32_t cell, uint8_t present[static CSV_ROWS])
{
    size_t count = 0;
    for (size_t row = 0; row < v.count; row++) {
        bool empty = csv_column_field(v.column, row).length == 0;
        v.cells[row] = cell;
        v.odd[row] |= empty && v.required;
        present[count] = (uint8_t)row;
        count += !empty;
    }
    return count;
}

static void take_dates(struct values v)
{
    const struct row_reader *r = v.reader;
    bool is_iso = date_format_is_iso(r->date_format);
    bool is_birth = (int)v.plan == r->birth;
    bool is_history = r->table->dataset == DATASET_NATIONALITY && (int)v.plan == r->start;
    const date always = date_make(1900, 1, 1);
    uint8_t present[CSV_ROWS];
    size_t count = find_present(v, (uint32_t)DATE_NONE, present);
    for (size_t i = 0; i < count; i++) {
        size_t row = present[i];
        struct csv_field f = csv_column_field(v.column, row);
        date d = is_iso && f.length == DATE_TEXT - 1
                     ? date_parse_iso(f.bytes)
                     : date_parse(f.bytes, f.length, r->date_format);
        v.odd[row] |= d == DATE_NONE || (is_birth && row_birth_impossible(r, d)) ||
                      (is_history && d == always);
        v.cells[row] = (uint32_t)d;
    }
}

static void take_ftes(struct values v)
{
    for (size_t row = 0; row < v.count; row++) {
        struct csv_field f = csv_column_field(v.column, row);
        int32_t fte = VALUE_FTE_ONE;
        v.odd[row] |= f.length > 0 ? !value_fte(f, &fte) : v.required;
        v.cells[row] = (uint32_t)fte;
    }
}

static void take_words(struct values v)
{
    const struct row_reader *r = v.reader;
    const struct remembered *known = &r->remembered[v.plan];
    bool may_be_empty = !v.required && (int)v.plan != r->employment && (int)v.plan != r->entity;
    for (size_t row = 0; row < v.count; row++) {
        struct csv_field f = csv_column_field(v.column, row);
        uint32_t code = remembered_find(known, f);
        v.odd[row] |= code == 0 && (f.length > 0 || !may_be_empty);
        v.cells[row] = code;
    }
}

/* The dates of a plan whose column the file has; NULL: it has none. */
static const uint32_t *dates_of(const struct row_batch *b, const struct row_reader *r, int plan)
{
    return plan >= 0 && r->plans[plan].source >= 0 ? b->cells[plan] : NULL;
}

static void take_numbers(struct values v, const uint32_t *births)
{
    uint8_t present[CSV_ROWS];
    size_t count = find_present(v, NUMBER_NONE, present);
    for (size_t i = 0; i < count; i++) {
        size_t row = present[i];
        struct csv_field f = csv_column_field(v.column, row);
        date birth = births ? (date)births[row] : DATE_NONE;
        v.cells[row] = national_number_quick(f.bytes, f.length, birth);
        v.odd[row] |= v.cells[row] == 0;
    }
}

static void check_order(struct row_batch *b, const struct row_reader *r, size_t count)
{
    const uint32_t *start = dates_of(b, r, r->start), *end = dates_of(b, r, r->end);
    for (size_t row = 0; start && end && row < count; row++) {
        date from = (date)start[row], to = (date)end[row]; /* nobody can foretell which are there */
        b->odd[row] |= (from != DATE_NONE) & (to != DATE_NONE) & (to < from);
    }
}

void row_batch_parse(struct row_batch *b, const struct row_reader *r, const struct csv_rows *rows)
{
    memset(b->odd, 0, rows->count);
    for (size_t k = 0; k < r->present_count; k++) {
        size_t i = r->order[k];
        const struct row_plan *p = &r->plans[i];
        bool required = p->required || p->type == FIELD_PERSON;
        const struct values v = {.reader = r,
                                 .plan = i,
                                 .count = rows->count,
                                 .column = csv_rows_column(rows, (size_t)p->source),
                                 .required = required,
                                 .cells = b->cells[i],
                                 .odd = b->odd};
        if (row_is_number(p))
            take_numbers(v, p->type == FIELD_PARENT ? NULL : dates_of(b, r, r->birth));
        else if (p->type == FIELD_DATE)
            take_dates(v);
        else if (p->type == FIELD_FTE)
            take_ftes(v);
        else
            take_words(v);
    }
    check_order(b, r, rows->count);
}

static void store_codes(struct column *c, size_t row, const uint32_t *codes, size_t count)
{
    if (c->type == COLUMN_U8)
        for (size_t i = 0; i < count; i++)
            ((uint8_t *)c->cells)[row + i] = (uint8_t)codes[i];
    else if (c->type == COLUMN_U16)
        for (size_t i = 0; i < count; i++)
            ((uint16_t *)c->cells)[row + i] = (uint16_t)codes[i];
    else
        memcpy((uint32_t *)c->cells + row, codes, count * sizeof *codes);
}

void row_batch_store(const struct row_batch *b, const struct row_reader *r, size_t first,
                     size_t count, size_t row)
{
    for (size_t k = 0; k < r->present_count; k++) {
        const struct row_plan *p = &r->plans[r->order[k]];
        const uint32_t *cells = b->cells[r->order[k]] + first;
        if (row_is_number(p))
            memcpy(r->table->numbers[p->number] + row, cells, count * sizeof *cells);
        else if (p->column->coded)
            store_codes(p->column, row, cells, count);
        else
            memcpy((int32_t *)p->column->cells + row, cells, count * sizeof *cells);
    }
}
