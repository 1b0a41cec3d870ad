/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sdmx/TABLE.csv, SDMX-CSV 2.0: the rows of tables/TABLE.csv, in its order. STRUCTURE,
 * STRUCTURE_ID, ACTION and FREQ say the same in every row; LEVEL, UNIT and a column for each
 * variable of the table name the cell (columns in any case; _T or total for a total; a character
 * that SDMX has not in codes as $ and its hexadecimal number); TIME_PERIOD is the reference date. A
 * published cell has OBS_VALUE, OBS_STATUS A and CONF_STATUS F; a hidden one no value, Q and C,
 * whatever the reason (A beside D would tell which cells are primary); a unit that was not
 * delivered no value, L and F. See include/audit/derived.h.
 */
#include "audit/derived.h"

#include "io/csv_reader.h"
#include "tables/table_csv.h"
#include "tables/table_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD = 200, COLUMNS = CONFIG_TABLE_VARIABLES + 16 };

enum role { CONSTANT, LEVEL, UNIT, PERIOD, VALUE, STATUS, CONFIDENTIALITY, VARIABLE };

static const struct {
    const char *name;
    enum role role;
} KNOWN[] = {
    {"STRUCTURE", CONSTANT}, {"STRUCTURE_ID", CONSTANT},
    {"ACTION", CONSTANT},    {"FREQ", CONSTANT},
    {"LEVEL", LEVEL},        {"UNIT", UNIT},
    {"TIME_PERIOD", PERIOD}, {"OBS_VALUE", VALUE},
    {"OBS_STATUS", STATUS},  {"CONF_STATUS", CONFIDENTIALITY},
};
enum { KNOWN_COUNT = sizeof KNOWN / sizeof *KNOWN };

struct reading {
    struct derived_file *f;
    struct table_walk walk;
    size_t columns;
    enum role role[COLUMNS];
    size_t variable[COLUMNS];     /* of a VARIABLE: which of the table's */
    char constant[COLUMNS][WORD]; /* of a CONSTANT: what the first row says */
    bool started;
};

static const struct variable *variable_of(const struct reading *r, size_t i)
{
    return &r->f->c->rules.structure.variables[r->walk.table->variables[i]];
}

/* The role of a column; false: it has none. */
static bool find_role(struct reading *r, const char *name, size_t column)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (strcmp(name, KNOWN[i].name) == 0) {
            r->role[column] = KNOWN[i].role;
            return true;
        }
    for (size_t i = 0; i < r->walk.table->variable_count; i++)
        if (strcasecmp(name, variable_of(r, i)->name) == 0) {
            r->role[column] = VARIABLE;
            r->variable[column] = i;
            return true;
        }
    return false;
}

/* Every column has a role, and what makes a row is all there, once: csv_read refuses doubles. */
static int header(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    struct reading *r = context;
    size_t needed = 0;
    if (count > COLUMNS)
        return err_set(err, ERR_DATA, "line %ld: too many columns", line);
    for (size_t i = 0; i < count; i++) {
        if (!find_role(r, fields[i].bytes, i))
            return err_set(err, ERR_DATA, "line %ld: a column that the table does not have", line);
        needed += r->role[i] != CONSTANT;
    }
    r->columns = count;
    return needed == 6 + r->walk.table->variable_count
               ? 0
               : err_set(err, ERR_DATA, "line %ld: a column is missing", line);
}

static bool is_plain_word(const char *word)
{
    size_t length = strlen(word);
    return length < WORD &&
           strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:()-") ==
               length;
}

/* Is the word this code as SDMX writes it: other characters than letters, digits, _ and - as a
 * dollar and two hexadecimal digits? */
static bool is_code_of(const char *word, const char *code)
{
    for (; *code; code++) {
        bool plain = is_alpha(*code) || is_digit(*code) || *code == '_' || *code == '-';
        char escaped[4];
        int n = snprintf(escaped, sizeof escaped, plain ? "%c" : "$%02X", (unsigned char)*code);
        if (strncmp(word, escaped, (size_t)n) != 0)
            return false;
        word += n;
    }
    return *word == '\0';
}

static bool is_category(const char *word, const struct variable *v, uint16_t category)
{
    return is_code_of(word, v->categories[category].name) ||
           (category == 0 && strcmp(word, "_T") == 0);
}

static const char *field_fault(struct reading *r, size_t column, const struct csv_field *field)
{
    const struct audit_case *c = r->f->c;
    const struct unit *u = &c->rules.structure.units[r->walk.unit];
    size_t cell = r->walk.cell;
    int64_t count = cell == SIZE_MAX ? -1 : c->counts[cell];
    const char *word = field->bytes;
    char day[DATE_TEXT];
    switch (r->role[column]) {
    case CONSTANT:
        if (!r->started && is_plain_word(word))
            (void)snprintf(r->constant[column], WORD, "%s", word);
        return strcmp(r->constant[column], word) == 0 ? NULL : "not what the first row says";
    case LEVEL:
        return strcasecmp(word, level_name(u->level)) == 0 ? NULL : "not the row of its cell";
    case UNIT:
        return is_code_of(word, u->code) ? NULL : "not the row of its cell";
    case VARIABLE:
        return is_category(word, variable_of(r, r->variable[column]),
                           r->walk.categories[r->variable[column]])
                   ? NULL
                   : "not the row of its cell";
    case PERIOD:
        return strcmp(word, date_iso(c->rules.reference_date, day)) == 0 ? NULL : "not its period";
    case VALUE:
        return (count < 0 ? !*word : count_parse(word, field->length) == count)
                   ? NULL
                   : "not the count of the table";
    case STATUS:
        return strcmp(word, cell == SIZE_MAX ? "L"
                            : count < 0      ? "Q"
                                             : "A") == 0
                   ? NULL
                   : "not its observation status";
    case CONFIDENTIALITY:
        return strcmp(word, cell != SIZE_MAX && count < 0 ? "C" : "F") == 0
                   ? NULL
                   : "not its confidentiality status";
    }
    return NULL;
}

static int row(void *context, const struct csv_field *fields, size_t count, long line,
               struct err *err)
{
    struct reading *r = context;
    const char *fault = NULL;
    if (!table_walk_next(&r->walk))
        return err_set(err, ERR_DATA, "line %ld: more rows than the table has", line);
    r->f->figures++;
    for (size_t i = 0; i < count && !fault; i++)
        fault = field_fault(r, i, &fields[i]);
    r->started = true;
    if (!fault)
        return 0;
    struct text key;
    text_init(&key);
    if (r->walk.cell != SIZE_MAX)
        cell_key(&key, &r->f->c->cells, r->walk.cell);
    int rc = key.failed ? err_memory(err)
                        : audit_find_line(r->f, line, key.bytes ? key.bytes : "", err, fault);
    text_release(&key);
    return rc;
}

static int read_file(struct reading *r, struct err *err)
{
    static const struct csv_options options = {.delimiter = ',', .encoding = ENCODING_UTF8};
    struct text path;
    text_init(&path);
    text_format(&path, "%s/%s", r->f->c->folder, r->f->path);
    int rc = path.failed ? err_memory(err) : csv_read(path.bytes, &options, header, row, r, err);
    text_release(&path);
    if (rc == 0 && table_walk_next(&r->walk))
        rc = err_set(err, ERR_DATA, "rows of the table are missing");
    return rc;
}

int audit_sdmx(struct derived_file *f, struct err *err)
{
    const struct structure *s = &f->c->rules.structure;
    struct reading r = {.f = f};
    size_t table = 0;
    char path[CONFIG_CODE + 16];
    for (; table < s->table_count; table++) {
        (void)snprintf(path, sizeof path, "sdmx/%s.csv", s->tables[table].name);
        if (strcmp(path, f->path) == 0)
            break;
    }
    if (table == s->table_count)
        return audit_find(f->c->result, AUDIT_DERIVED, f->path, "", err, "of no table");
    table_walk_begin(&r.walk, &f->c->cells, table);
    return read_file(&r, err) == 0 ? 0
                                   : audit_find_error(f->c->result, AUDIT_DERIVED, f->path, err);
}
