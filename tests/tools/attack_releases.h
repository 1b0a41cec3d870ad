/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * attack_releases: what each release says by itself, for attacker: its cells, known or
 * hidden, and the rows that tie them together.
 */
#ifndef TESTS_ATTACK_RELEASES_H
#define TESTS_ATTACK_RELEASES_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 24, LINE = 8192, KEY = 512, MEMBERS = 2048, RELEASES = 64 };

struct release {
    const char *folder, *id, *date;
    json_t *rules, *units;
    int64_t threshold, width, turnover_threshold;
    bool interval, public_head_counts;
};

struct cell {
    char *key;
    size_t release;
    int64_t count;                   /* -1: hidden, -2: not read yet */
    bool sensitive, joiners, exempt; /* joiners: no cell, but the joiners of one */
    int64_t group;                   /* -1: none */
    size_t part, column;
    int64_t low, high; /* seen in whole numbers; low > high: never */
};

struct term {
    size_t cell;
    double factor;
};

struct row { /* the terms add up to `right`, or to no more */
    struct term *terms;
    size_t count;
    bool at_most;
    double right;
};

static struct release releases[RELEASES];
static size_t release_count;
static struct cell *cells;
static size_t cell_count, cell_capacity;
static size_t *slots, slot_count;
static struct row *rows;
static size_t row_count, row_capacity;

__attribute__((format(printf, 1, 2))) static _Noreturn void give_up(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("attacker: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (!memory)
        give_up("out of memory");
    return memory;
}

static void *grown(void *array, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? 2 * *capacity : 1024;
    void *more = realloc(array, *capacity * size);
    if (!more)
        give_up("out of memory");
    return more;
}

/* ---- cells by key ---- */

static size_t slot_of(const char *key)
{
    uint64_t hash = 14695981039346656037U;
    for (const char *c = key; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211U;
    size_t i = (size_t)hash % slot_count;
    while (slots[i] && strcmp(cells[slots[i] - 1].key, key) != 0)
        i = (i + 1) % slot_count;
    return i;
}

static size_t cell_find(const char *key)
{
    size_t at = slots[slot_of(key)];
    return at ? at - 1 : SIZE_MAX;
}

static size_t cell_make(const char *key, size_t release)
{
    size_t slot = slot_of(key);
    if (slots[slot])
        return slots[slot] - 1;
    if (2 * cell_count > slot_count)
        give_up("too many cells");
    cells = grown(cells, &cell_capacity, cell_count, sizeof *cells);
    char *copy = strdup(key);
    if (!copy)
        give_up("out of memory");
    cells[cell_count] = (struct cell){
        .key = copy, .release = release, .count = -2, .group = -1, .low = 0, .high = -1};
    slots[slot] = ++cell_count;
    return cell_count - 1;
}

static void add_row(const struct term *terms, size_t count, bool at_most, double right)
{
    rows = grown(rows, &row_capacity, row_count, sizeof *rows);
    struct term *copy = zeroed(count, sizeof *copy);
    memcpy(copy, terms, count * sizeof *copy);
    rows[row_count++] = (struct row){copy, count, at_most, right};
}

/* ---- the rules ---- */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static bool in_list(const json_t *list, const char *word)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), word) == 0)
            return true;
    }
    return false;
}

/* The member of a list of objects with this name, or NULL. */
static json_t *named(const json_t *list, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (strcmp(text_of(item, "name"), name) == 0)
            return item;
    }
    return NULL;
}

/* Where a cell stands: everything by name, so that another release can be asked for the same. */
struct place {
    size_t release;
    const char *population, *level, *unit;
    const json_t *variables[FIELDS];
    const char *categories[FIELDS]; /* "total" = it is not in the key */
    size_t count;
};

/* release/population|level:unit|variable=category..., variables as rules.json orders them. */
static void key_of(char out[KEY], const struct place *p)
{
    int n = snprintf(out, KEY, "%s/%s|%s:%s", releases[p->release].id, p->population, p->level,
                     p->unit);
    size_t v;
    json_t *variable;
    json_array_foreach(json_object_get(releases[p->release].rules, "variables"), v, variable)
    {
        for (size_t i = 0; i < p->count && n < KEY; i++)
            if (p->variables[i] == variable && strcmp(p->categories[i], "total") != 0)
                n += snprintf(out + n, KEY - (size_t)n, "|%s=%s", text_of(variable, "name"),
                              p->categories[i]);
    }
    if (n >= KEY)
        give_up("a key is too long");
}

static size_t cell_at(const struct place *p)
{
    char key[KEY];
    key_of(key, p);
    return cell_find(key);
}

/* The table's variables, and no categories yet. */
static void place_in_table(struct place *p, size_t release, const json_t *table)
{
    const json_t *all = json_object_get(releases[release].rules, "variables");
    size_t i;
    json_t *name;
    *p = (struct place){.release = release, .population = text_of(table, "population")};
    json_array_foreach(json_object_get(table, "variables"), i, name)
    {
        p->variables[p->count] = named(all, json_string_value(name));
        if (!p->variables[p->count] || ++p->count == FIELDS)
            give_up("rules.json: bad variables of a table");
    }
}

static bool is_sensitive(const json_t *variable)
{
    return json_array_size(json_object_get(variable, "sensitive")) > 0;
}

/* ---- the tables ---- */

/* Splits a line of a herkomst CSV file; returns the number of fields. */
static size_t split(char *line, char *fields[FIELDS])
{
    size_t count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line;;) {
        if (count == FIELDS || *at == '"')
            give_up("a table has a line that cannot be read");
        fields[count++] = at;
        at += strcspn(at, ",");
        if (!*at)
            return count;
        *at++ = '\0';
    }
}

static void read_row(struct place *p, char **fields)
{
    const struct release *r = &releases[p->release];
    const char *figure = fields[3 + p->count], *status = fields[4 + p->count];
    char key[KEY];
    if (strcmp(status, "n") == 0)
        return; /* not delivered: no cell */
    struct place group = *p;
    p->level = group.level = fields[1];
    p->unit = group.unit = fields[2];
    bool sensitive = !r->public_head_counts;
    for (size_t i = 0; i < p->count; i++) {
        p->categories[i] = fields[3 + i];
        sensitive =
            sensitive || in_list(json_object_get(p->variables[i], "sensitive"), fields[3 + i]);
        bool total = is_sensitive(p->variables[i]) || !r->public_head_counts;
        group.categories[i] = total ? "total" : fields[3 + i];
    }
    if (!r->public_head_counts) {
        group.level = text_of(json_array_get(r->units, 0), "level");
        group.unit = text_of(json_array_get(r->units, 0), "unit");
    }
    key_of(key, p);
    size_t cell = cell_make(key, p->release);
    int64_t value = *status ? -1 : (int64_t)strtoll(figure, NULL, 10);
    if (cells[cell].count != -2 && cells[cell].count != value)
        give_up("%s differs between tables", key);
    cells[cell].count = value;
    cells[cell].sensitive = sensitive;
    key_of(key, &group);
    int64_t found = (int64_t)cell_make(key, p->release);
    cells[cell].group = found;
}

static void read_table(size_t release, const json_t *table)
{
    char path[4096], line[LINE], *fields[FIELDS] = {0};
    struct place p;
    place_in_table(&p, release, table);
    (void)snprintf(path, sizeof path, "%s/tables/%s.csv", releases[release].folder,
                   text_of(table, "name"));
    FILE *file = fopen(path, "r");
    if (!file)
        give_up("cannot open %s", path);
    for (bool header = true; fgets(line, sizeof line, file); header = false) {
        if (split(line, fields) != 5 + p.count)
            give_up("%s: a line has too many or too few fields", path);
        if (!header)
            read_row(&p, fields);
    }
    if (fclose(file) != 0)
        give_up("cannot read %s", path);
}

/* ---- the equations of one release ---- */

/* The total and its first child tell an equation; it may stand in several tables. */
static bool is_new(const struct term *terms, bool at_most)
{
    static size_t *seen, capacity = 8000009;
    if (!seen)
        seen = zeroed(capacity, sizeof *seen);
    size_t at = (terms[0].cell * 31 + terms[1].cell * 1000003 + at_most) % capacity;
    for (; seen[at]; at = (at + 1) % capacity) {
        const struct row *r = &rows[seen[at] - 1];
        if (r->terms[0].cell == terms[0].cell && r->terms[1].cell == terms[1].cell &&
            r->at_most == at_most)
            return false;
    }
    seen[at] = row_count + 1;
    return true;
}

struct sum { /* total = members */
    struct term terms[MEMBERS];
    size_t count;
};

static void sum_begin(struct sum *s, const struct place *total)
{
    s->terms[0] = (struct term){cell_at(total), -1};
    s->count = 1;
}

static void sum_add(struct sum *s, const struct place *member)
{
    size_t cell = cell_at(member);
    if (s->count == MEMBERS)
        give_up("an equation is too long");
    if (cell != SIZE_MAX)
        s->terms[s->count++] = (struct term){cell, 1};
}

static void sum_end(const struct sum *s)
{
    if (s->terms[0].cell != SIZE_MAX && s->count > 1 && is_new(s->terms, false))
        add_row(s->terms, s->count, false, 0);
}

static void sum_over_units(const struct place *total)
{
    static struct sum s;
    struct place member = *total;
    size_t i;
    json_t *unit;
    sum_begin(&s, total);
    json_array_foreach(releases[total->release].units, i, unit)
    {
        member.level = text_of(unit, "level");
        member.unit = text_of(unit, "unit");
        bool below = strcmp(member.level, "entity") == 0 ? strcmp(total->level, "domain") == 0
                                                         : strcmp(total->level, "government") == 0;
        if (below && strcmp(text_of(unit, "parent"), total->unit) == 0)
            sum_add(&s, &member);
    }
    sum_end(&s);
}

static void sum_over_variable(const struct place *total, size_t v)
{
    static struct sum s;
    struct place member = *total;
    size_t i;
    json_t *category;
    sum_begin(&s, total);
    json_array_foreach(json_object_get(total->variables[v], "categories"), i, category)
    {
        member.categories[v] = text_of(category, "name");
        if (strcmp(text_of(category, "parent"), total->categories[v]) == 0)
            sum_add(&s, &member);
    }
    sum_end(&s);
}

/* A table within another: where the cell stands in the other's shape too, it is at most that one.
 */
static void bound_by(const struct place *p, const json_t *outer)
{
    struct place theirs;
    place_in_table(&theirs, p->release, outer);
    struct place whole = *p;
    whole.population = theirs.population;
    for (size_t i = 0; i < p->count; i++) {
        bool shared = strcmp(p->categories[i], "total") == 0;
        for (size_t k = 0; k < theirs.count; k++)
            shared = shared || theirs.variables[k] == p->variables[i];
        if (!shared)
            return;
    }
    struct term terms[2] = {{cell_at(p), 1}, {cell_at(&whole), -1}};
    if (terms[0].cell != SIZE_MAX && terms[1].cell != SIZE_MAX && is_new(terms, true))
        add_row(terms, 2, true, 0);
}

/* The next combination of categories, counted like a clock; false after the last. */
static bool next_categories(struct place *p, size_t at[FIELDS])
{
    for (size_t v = 0; v < p->count; v++) {
        const json_t *list = json_object_get(p->variables[v], "categories");
        at[v] = at[v] == json_array_size(list) ? 0 : at[v] + 1;
        p->categories[v] = at[v] ? text_of(json_array_get(list, at[v] - 1), "name") : "total";
        if (at[v])
            return true;
    }
    return false;
}

static void walk_table(size_t release, const json_t *table)
{
    const char *within = json_string_value(json_object_get(table, "within"));
    const json_t *tables = json_object_get(releases[release].rules, "tables");
    struct place p;
    size_t i;
    json_t *unit;
    place_in_table(&p, release, table);
    json_array_foreach(releases[release].units, i, unit)
    {
        size_t at[FIELDS] = {0};
        p.level = text_of(unit, "level");
        p.unit = text_of(unit, "unit");
        for (size_t v = 0; v < p.count; v++)
            p.categories[v] = "total";
        do {
            sum_over_units(&p);
            for (size_t v = 0; v < p.count; v++)
                sum_over_variable(&p, v);
            if (within)
                bound_by(&p, named(tables, within));
        } while (next_categories(&p, at));
    }
}

/* ---- reading a release ---- */

static void read_release(const char *folder)
{
    if (release_count == RELEASES)
        give_up("too many releases");
    struct release *r = &releases[release_count];
    char path[4096];
    json_error_t error;
    size_t i;
    json_t *table;
    (void)snprintf(path, sizeof path, "%s/rules.json", folder);
    r->folder = folder;
    r->rules = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!r->rules)
        give_up("%s line %d: %s", path, error.line, error.text);
    const json_t *d = json_object_get(r->rules, "disclosure");
    r->id = text_of(r->rules, "release");
    r->date = text_of(r->rules, "reference_date");
    r->units = json_object_get(r->rules, "units");
    r->threshold = json_integer_value(json_object_get(d, "threshold"));
    r->width = json_integer_value(json_object_get(d, "protection_width"));
    r->turnover_threshold = json_integer_value(json_object_get(d, "turnover_threshold"));
    r->interval = strcmp(text_of(d, "protection"), "interval") == 0;
    r->public_head_counts = strcmp(text_of(d, "public"), "head_counts") == 0;
    if (release_count > 0 && strcmp(releases[release_count - 1].date, r->date) > 0)
        give_up("releases must be given oldest first");
    json_array_foreach(json_object_get(r->rules, "tables"), i, table)
    {
        read_table(release_count, table);
    }
    release_count++;
}

#endif
