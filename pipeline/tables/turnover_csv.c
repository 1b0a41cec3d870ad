/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/turnover_csv.h. The reader walks the groups along with the file. */
#include "tables/turnover_csv.h"

#include "io/csv_reader.h"
#include "io/csv_writer.h"
#include "tables/table_csv.h"

#include <stdio.h>
#include <string.h>

enum { PERIOD_TEXT = 2 * DATE_TEXT, BEFORE = 3, AFTER = 3 /* columns around the variables */ };

/* The variables without sensitive categories that some table uses. */
static size_t list_variables(const struct structure *s, int *out)
{
    size_t count = 0;
    for (size_t v = 0; v < s->variable_count; v++)
        if (structure_uses(s, v) && !s->variables[v].sensitive)
            out[count++] = (int)v;
    return count;
}

static const char *column_name(const struct structure *s, const int *variables, size_t count,
                               size_t column)
{
    static const char *const before[BEFORE] = {"period", "level", "unit"};
    static const char *const after[AFTER] = {"joined", "left", "population"};
    if (column < BEFORE)
        return before[column];
    column -= BEFORE;
    return column < count ? s->variables[variables[column]].name : after[column - count];
}

static void period_text(date reference, date other, char out[static PERIOD_TEXT])
{
    char from[DATE_TEXT], to[DATE_TEXT];
    (void)snprintf(out, PERIOD_TEXT, "%s/%s", date_iso(other < reference ? other : reference, from),
                   date_iso(other < reference ? reference : other, to));
}

static const char *category_of(const struct cells *c, size_t cell, int variable)
{
    uint16_t category = c->categories[cell * c->stride + (size_t)variable];
    return c->structure->variables[variable].categories[category].name;
}

int turnover_csv_write(struct text *out, const struct rules *r, const struct cells *cells,
                       const struct turnover *t, struct err *err)
{
    const struct structure *s = cells->structure;
    int variables[CONFIG_VARIABLES];
    size_t count = list_variables(s, variables);
    bool first = true;
    for (size_t i = 0; i < BEFORE + count + AFTER; i++)
        csv_put(out, &first, column_name(s, variables, count, i));
    csv_end(out, &first);
    for (size_t d = 0; d < t->count; d++)
        for (size_t i = 0; i < cells->count; i++) {
            const struct unit *unit = &s->units[cells->unit[i]];
            char period[PERIOD_TEXT];
            if (!(cells->flags[i] & CELL_PUBLIC))
                continue;
            period_text(r->reference_date, t->dates[d], period);
            csv_put(out, &first, period);
            csv_put(out, &first, level_name(unit->level));
            csv_put(out, &first, unit->code);
            for (size_t v = 0; v < count; v++)
                csv_put(out, &first, category_of(cells, i, variables[v]));
            csv_put_number(out, &first, t->joined[d * t->cells + i]);
            csv_put_number(out, &first, t->left[d * t->cells + i]);
            csv_put(out, &first, s->populations[cells->population[i]].id);
            csv_end(out, &first);
        }
    return out->failed ? err_memory(err) : 0;
}

/* ---- reading ---- */

struct reading {
    const char *path;
    const struct rules *rules;
    const struct cells *cells;
    struct turnover *turnover;
    size_t variable_count;
    int variables[CONFIG_VARIABLES];
    size_t cell; /* where the walk is; at the end of a date: cells->count */
    char period[PERIOD_TEXT];
};

static bool field_is(const struct csv_field *field, const char *expected)
{
    return strlen(expected) == field->length && memcmp(field->bytes, expected, field->length) == 0;
}

static int refuse(const struct reading *r, long line, size_t column, const char *what,
                  struct err *err)
{
    (void)err_set(err, ERR_DATA, "%s", what);
    err->column = (long)column + 1;
    return err_at(err, r->path, line);
}

static int on_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    const struct reading *r = context;
    if (count != BEFORE + r->variable_count + AFTER)
        return refuse(r, line, 0, "not the columns of turnover.csv", err);
    for (size_t i = 0; i < count; i++)
        if (!field_is(&fields[i],
                      column_name(r->cells->structure, r->variables, r->variable_count, i)))
            return refuse(r, line, i, "not the columns of turnover.csv", err);
    return 0;
}

/* The date at the other end of the period; DATE_NONE if it is no period of this release. */
static date other_date(const struct reading *r, const struct csv_field *period)
{
    if (period->length != PERIOD_TEXT - 1)
        return DATE_NONE;
    date from = date_parse(period->bytes, DATE_TEXT - 1, "%Y-%m-%d");
    date to = date_parse(period->bytes + DATE_TEXT, DATE_TEXT - 1, "%Y-%m-%d");
    date other = from == r->rules->reference_date ? to : from;
    char again[PERIOD_TEXT];
    if (from == DATE_NONE || to == DATE_NONE)
        return DATE_NONE;
    period_text(r->rules->reference_date, other, again);
    return from < to && field_is(period, again) ? other : DATE_NONE;
}

static void next_head_count(struct reading *r)
{
    while (r->cell < r->cells->count && !(r->cells->flags[r->cell] & CELL_PUBLIC))
        r->cell++;
}

/* The walk goes on; after the last head count with the next date. */
static int advance(struct reading *r, const struct csv_field *period, long line, struct err *err)
{
    r->cell++;
    next_head_count(r);
    if (r->cell < r->cells->count)
        return 0;
    date other = other_date(r, period);
    const struct turnover *t = r->turnover;
    if (other == DATE_NONE || (t->count > 0 && other <= t->dates[t->count - 1]))
        return refuse(r, line, 0, "not a period that comes next", err);
    if (turnover_extend(r->turnover, other, err) != 0)
        return err_at(err, r->path, line);
    period_text(r->rules->reference_date, other, r->period);
    r->cell = 0;
    next_head_count(r);
    return r->cell < r->cells->count
               ? 0
               : refuse(r, line, 0, "a row although no head count is public", err);
}

static int on_row(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    struct reading *r = context;
    const struct structure *s = r->cells->structure;
    if (advance(r, &fields[0], line, err) != 0)
        return -1;
    const struct unit *unit = &s->units[r->cells->unit[r->cell]];
    const char *expected[BEFORE] = {r->period, level_name(unit->level), unit->code};
    for (size_t i = 0; i < BEFORE + r->variable_count; i++)
        if (!field_is(&fields[i], i < BEFORE
                                      ? expected[i]
                                      : category_of(r->cells, r->cell, r->variables[i - BEFORE])))
            return refuse(r, line, i, "not the head count that comes next", err);
    if (!field_is(&fields[count - 1], s->populations[r->cells->population[r->cell]].id))
        return refuse(r, line, count - 1, "not the head count that comes next", err);
    size_t at = (r->turnover->count - 1) * r->turnover->cells + r->cell;
    for (size_t i = count - 3; i < count - 1; i++) {
        int64_t n = count_parse(fields[i].bytes, fields[i].length);
        if (n < 0)
            return refuse(r, line, i, "not a count", err);
        (i == count - 3 ? r->turnover->joined : r->turnover->left)[at] = n;
    }
    return 0;
}

static const struct csv_options OPTIONS = {.delimiter = ',', .encoding = ENCODING_UTF8};

static int start(struct reading *r, const char *path, const struct rules *rules,
                 const struct cells *cells, struct turnover *t, struct err *err)
{
    *r = (struct reading){
        .path = path, .rules = rules, .cells = cells, .turnover = t, .cell = cells->count};
    r->variable_count = list_variables(cells->structure, r->variables);
    return turnover_open(t, cells, rules->reference_date, NULL, 0, err);
}

static int finish(struct reading *r, struct err *err)
{
    r->cell++;
    next_head_count(r);
    return r->cell >= r->cells->count
               ? 0
               : refuse(r, 0, 0, "a period without all its head counts", err);
}

int turnover_csv_read(const char *path, const struct rules *r, const struct cells *cells,
                      struct turnover *t, struct err *err)
{
    struct reading reading;
    return start(&reading, path, r, cells, t, err) == 0 &&
                   csv_read(path, &OPTIONS, on_header, on_row, &reading, err) == 0
               ? finish(&reading, err)
               : -1;
}

int turnover_csv_parse(const char *name, const char *bytes, size_t length, const struct rules *r,
                       const struct cells *cells, struct turnover *t, struct err *err)
{
    struct reading reading;
    return start(&reading, name, r, cells, t, err) == 0 &&
                   csv_read_bytes(name, bytes, length, CSV_BLOCK, &OPTIONS, on_header, on_row,
                                  &reading, err) == 0
               ? finish(&reading, err)
               : -1;
}
