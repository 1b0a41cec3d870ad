/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * units/UNIT/data.csv: period,level,unit,VARIABLE...,count,status,population: every cell of one
 * unit once, in the order of cells. It follows from the tables byte by byte, so it is written again
 * and compared line by line. See include/audit/derived.h.
 */
#include "audit/derived.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DATA_BYTES = 512 << 20 };

/* The unit of a code, the one of the highest level that has it or one of another level; SIZE_MAX if
 * there is none. */
static size_t find_unit(const struct derived_file *f, const char *code, bool highest, int level)
{
    const struct structure *s = &f->c->rules.structure;
    size_t low = 0, high = s->unit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(s->units[f->units->by_code[middle]].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (bool first = true; low < s->unit_count; low++, first = false) {
        const struct unit *u = &s->units[f->units->by_code[low]];
        if (strcmp(u->code, code) != 0)
            break;
        if (highest ? first : !first && (int)u->level == level)
            return f->units->by_code[low];
    }
    return SIZE_MAX;
}

/* The unit whose folder this is: its code, or LEVEL-CODE where a unit of a higher level has that
 * code. */
static size_t unit_of_folder(const struct derived_file *f, const char *folder)
{
    size_t unit = find_unit(f, folder, true, 0);
    for (int level = LEVEL_DOMAIN; unit == SIZE_MAX && level <= LEVEL_ENTITY; level++) {
        const char *name = level_name((enum level)level);
        size_t length = strlen(name);
        if (strncmp(folder, name, length) == 0 && folder[length] == '-')
            unit = find_unit(f, folder + length + 1, false, level);
    }
    return unit;
}

static bool is_used(const struct structure *s, size_t variable)
{
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++)
            if (s->tables[t].variables[i] == (int)variable)
                return true;
    return false;
}

static void expect_header(struct text *line, const struct structure *s)
{
    text_string(line, "period,level,unit");
    for (size_t v = 0; v < s->variable_count; v++)
        if (is_used(s, v))
            text_format(line, ",%s", s->variables[v].name);
    text_string(line, ",count,status,population\n");
}

/* Without formats, which the C library takes long to read; there are many rows. */
static void expect_word(struct text *line, const char *word, char after)
{
    text_string(line, word);
    text_char(line, after);
}

static void expect_row(struct text *line, const struct audit_case *c, size_t cell)
{
    const struct structure *s = &c->rules.structure;
    const struct unit *u = &s->units[c->cells.unit[cell]];
    char day[DATE_TEXT];
    expect_word(line, date_iso(c->rules.reference_date, day), ',');
    expect_word(line, level_name(u->level), ',');
    expect_word(line, u->code, ',');
    for (size_t v = 0; v < s->variable_count; v++)
        if (is_used(s, v)) {
            uint16_t category = c->cells.categories[cell * c->cells.stride + v];
            expect_word(line, s->variables[v].categories[category].name, ',');
        }
    if (c->hidden[cell])
        text_string(line, ",c,");
    else
        text_format(line, "%" PRId64 ",,", c->counts[cell]);
    expect_word(line, s->populations[c->cells.population[cell]].id, '\n');
}

/* Compares the file's line at *at with the one that is expected, and goes on to the next. */
static int compare_line(struct derived_file *f, const char **at, const struct text *expected,
                        long number, size_t cell, struct err *err)
{
    if (expected->failed)
        return err_memory(err);
    f->figures++;
    if (strncmp(*at, expected->bytes, expected->length) == 0) {
        *at += expected->length;
        return 0;
    }
    const char *end = strchr(*at, '\n');
    *at = end ? end + 1 : *at + strlen(*at);
    struct text key;
    text_init(&key);
    if (cell != SIZE_MAX)
        cell_key(&key, &f->c->cells, cell);
    int rc = key.failed ? err_memory(err)
                        : audit_find_line(f, number, key.bytes ? key.bytes : "", err,
                                          "not what the tables say");
    text_release(&key);
    return rc;
}

static int compare(struct derived_file *f, size_t unit, const struct text *bytes, struct err *err)
{
    const struct audit_case *c = f->c;
    const char *at = bytes->bytes;
    long number = 1;
    struct text line;
    text_init(&line);
    expect_header(&line, &c->rules.structure);
    int rc = compare_line(f, &at, &line, number, SIZE_MAX, err);
    for (uint32_t i = f->units->start[unit]; i < f->units->start[unit + 1] && rc == 0; i++) {
        size_t cell = f->units->cell[i];
        text_clear(&line);
        expect_row(&line, c, cell);
        rc = compare_line(f, &at, &line, ++number, cell, err);
    }
    if (rc == 0 && at != bytes->bytes + bytes->length)
        rc = audit_find_line(f, number + 1, "", err, "more than the tables say");
    text_release(&line);
    return rc;
}

int audit_unit_data(struct derived_file *f, struct err *err)
{
    const char *folder = f->path + strlen("units/"), *end = strrchr(f->path, '/');
    char name[2 * CONFIG_CODE];
    size_t unit = SIZE_MAX;
    if (snprintf(name, sizeof name, "%.*s", (int)(end - folder), folder) < (int)sizeof name)
        unit = unit_of_folder(f, name);
    struct text bytes;
    if (unit == SIZE_MAX)
        return audit_find(f->c->result, AUDIT_DERIVED, f->path, "", err, "of no unit");
    text_init(&bytes);
    int rc = audit_read(f->c->folder, f->path, DATA_BYTES, &bytes, err);
    rc = rc == 0 ? compare(f, unit, &bytes, err)
                 : audit_find_error(f->c->result, AUDIT_DERIVED, f->path, err);
    text_release(&bytes);
    return rc;
}
