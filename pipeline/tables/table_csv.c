/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A table's CSV file, written and read. The reader walks the table along with the file and demands
 * each row to be the one that comes next: a free order could tell something too.
 * See include/tables/table_csv.h.
 */
#include "tables/table_csv.h"

#include "io/csv_reader.h"
#include "io/csv_writer.h"
#include "tables/table_walk.h"

#include <string.h>

static const char *category_of(const struct table_walk *w, size_t i)
{
    const struct variable *v = &w->cells->structure->variables[w->table->variables[i]];
    return v->categories[w->categories[i]].name;
}

static void write_header(struct text *out, const struct structure *s,
                         const struct frequency_table *t)
{
    bool first = true;
    csv_put(out, &first, "period");
    csv_put(out, &first, "level");
    csv_put(out, &first, "unit");
    for (size_t i = 0; i < t->variable_count; i++)
        csv_put(out, &first, s->variables[t->variables[i]].name);
    csv_put(out, &first, "count");
    csv_put(out, &first, "status");
    csv_end(out, &first);
}

int table_csv_write(struct text *out, const struct rules *r, const struct cells *cells,
                    size_t table, const int64_t *counts, const uint8_t *status, struct err *err)
{
    char period[DATE_TEXT];
    struct table_walk w;
    bool first = true;
    date_iso(r->reference_date, period);
    write_header(out, cells->structure, &cells->structure->tables[table]);
    table_walk_begin(&w, cells, table);
    while (table_walk_next(&w)) {
        const struct unit *unit = &cells->structure->units[w.unit];
        bool published = w.cell != SIZE_MAX && status[w.cell] == STATUS_PUBLISHED;
        csv_put(out, &first, period);
        csv_put(out, &first, level_name(unit->level));
        csv_put(out, &first, unit->code);
        for (size_t i = 0; i < w.table->variable_count; i++)
            csv_put(out, &first, category_of(&w, i));
        if (published)
            csv_put_number(out, &first, counts[w.cell]);
        else
            csv_put(out, &first, NULL);
        csv_put(out, &first, published ? NULL : w.cell == SIZE_MAX ? "n" : "c");
        csv_end(out, &first);
    }
    return out->failed ? err_memory(err) : 0;
}

int64_t count_parse(const char *text, size_t length)
{
    if (length < 1 || length > 15 || (text[0] == '0' && length > 1))
        return -1;
    int64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

struct reading {
    const char *path;
    const struct cells *cells;
    struct table_walk walk;
    char period[DATE_TEXT];
    int64_t *counts;
    uint8_t *status;
};

static bool field_is(const struct csv_field *field, const char *expected)
{
    return strlen(expected) == field->length && memcmp(field->bytes, expected, field->length) == 0;
}

static int refuse(struct err *err, size_t column, enum err_kind kind, const char *what)
{
    err_set(err, kind, "%s", what);
    err->column = (long)column + 1;
    return -1;
}

static int check_header(const struct reading *r, const struct csv_field *fields, size_t count,
                        struct err *err)
{
    const struct frequency_table *t = r->walk.table;
    static const char *const before[] = {"period", "level", "unit"};
    if (count != t->variable_count + 5)
        return err_set(err, ERR_DATA, "not the table's columns");
    for (size_t i = 0; i < count; i++) {
        const char *name = i < 3 ? before[i]
                           : i < 3 + t->variable_count
                               ? r->cells->structure->variables[t->variables[i - 3]].name
                           : i == count - 2 ? "count"
                                            : "status";
        if (!field_is(&fields[i], name))
            return refuse(err, i, ERR_DATA, "not the table's column");
    }
    return 0;
}

/* The row's first columns name the cell that the walk is at. */
static int check_cell(const struct reading *r, const struct csv_field *fields, struct err *err)
{
    const struct unit *unit = &r->cells->structure->units[r->walk.unit];
    const char *expected[3] = {r->period, level_name(unit->level), unit->code};
    for (size_t i = 0; i < 3 + r->walk.table->variable_count; i++)
        if (!field_is(&fields[i], i < 3 ? expected[i] : category_of(&r->walk, i - 3)))
            return refuse(err, i, ERR_DATA, "not the cell that comes next in the table");
    return 0;
}

/* Count and status of a row, as far as they fit together. */
static int read_value(const struct reading *r, const struct csv_field *count, size_t column,
                      int64_t *value, uint8_t *status, struct err *err)
{
    const struct csv_field *mark = count + 1;
    bool delivered = r->walk.cell != SIZE_MAX;
    *value = -1;
    *status = STATUS_CONFIDENTIAL;
    if (mark->length == 0 && delivered) {
        *status = STATUS_PUBLISHED;
        *value = count_parse(count->bytes, count->length);
        return *value < 0 ? refuse(err, column, ERR_DATA, "not a count") : 0;
    }
    if (!field_is(mark, delivered ? "c" : "n"))
        return refuse(err, column + 1, ERR_DATA, "not a status of this cell");
    return count->length ? refuse(err, column, ERR_DATA, "a count that its status denies") : 0;
}

static int read_row(struct reading *r, const struct csv_field *fields, size_t count,
                    struct err *err)
{
    if (!table_walk_next(&r->walk))
        return err_set(err, ERR_DATA, "more rows than the table has cells");
    int64_t value;
    uint8_t status;
    if (check_cell(r, fields, err) != 0 ||
        read_value(r, &fields[count - 2], count - 2, &value, &status, err) != 0)
        return -1;
    size_t cell = r->walk.cell;
    if (cell == SIZE_MAX)
        return 0;
    if (r->status[cell] != STATUS_UNREAD && (r->status[cell] != status || r->counts[cell] != value))
        return refuse(err, count - 2, ERR_REFUSED, "not what another table says of the cell");
    r->status[cell] = status;
    r->counts[cell] = value;
    return 0;
}

static int on_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    const struct reading *r = context;
    return check_header(r, fields, count, err) == 0 ? 0 : err_at(err, r->path, line);
}

static int on_row(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    struct reading *r = context;
    return read_row(r, fields, count, err) == 0 ? 0 : err_at(err, r->path, line);
}

int table_csv_read(const char *path, const struct rules *r, const struct cells *cells, size_t table,
                   int64_t *counts, uint8_t *status, struct err *err)
{
    static const struct csv_options options = {.delimiter = ',', .encoding = ENCODING_UTF8};
    struct reading reading = {.path = path, .cells = cells, .counts = counts, .status = status};
    date_iso(r->reference_date, reading.period);
    table_walk_begin(&reading.walk, cells, table);
    if (csv_read(path, &options, on_header, on_row, &reading, err) != 0)
        return -1;
    if (table_walk_next(&reading.walk)) {
        err_set(err, ERR_DATA, "the table has more cells than the file has rows");
        return err_at(err, path, 0);
    }
    return 0;
}
