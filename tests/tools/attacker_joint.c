/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * attacker_joint [--ranges] RELEASE RELEASE...: what somebody can work out from several releases of
 * one government, the oldest first: from rules.json, tables/NAME.csv and turnover.csv of each, and
 * nothing else. For every hidden sensitive cell of every release, its least and greatest value over
 * all tables of all releases that agree with everything published; then README "What is protected".
 * Exit 0: everything is protected; 1: a violation; 2: cannot tell.
 *
 * BETWEEN TWO RELEASES. Who is in a group at both dates has the same sensitive categories at both.
 * So where a category has more people than before, at least the difference joined; and all
 * categories together had no more joiners than the group: sum of max(0, new - old) <= joined. The
 * same for those who left follows from head counts. Whole numbers of joiners can then always be
 * found, so it is enough that the cells are whole. A unit's past is that of its entities of today,
 * with the predecessors of each; releases of one date: nobody joined. A group whose published
 * figures contradict this tells the attacker nothing.
 *
 * A cell that the turnover rule hides (fewer than turnover_threshold joined or left since it was
 * last published) is exempt.
 *
 * Independent on purpose: no header and no code of herkomst, only what the published formats say.
 * One part of the system at a time; a whole-number table counts as seen for every cell. Memory is
 * never given back: the program ends soon. --ranges prints the whole-number range of every cell
 * instead of stopping where it is wide enough: for small governments.
 */
#include <glpk.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 24, LINE = 8192, KEY = 512, MEMBERS = 2048, NODES = 5000, RELEASES = 64 };
static const double NEAR = 1e-6;

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
static size_t linked_groups, contradicted_groups;
static bool ranges_wanted;

__attribute__((format(printf, 1, 2))) static _Noreturn void give_up(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("attacker_joint: ", stderr);
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

/* ---- units over time ---- */

static bool same_unit(const json_t *a, const char *level, const char *code)
{
    return strcmp(text_of(a, "level"), level) == 0 && strcmp(text_of(a, "unit"), code) == 0;
}

static const json_t *unit_find(size_t release, const char *level, const char *code)
{
    size_t i;
    json_t *unit;
    json_array_foreach(releases[release].units, i, unit)
    {
        if (same_unit(unit, level, code))
            return unit;
    }
    return NULL;
}

static const json_t *parent_of(size_t release, const json_t *unit)
{
    const char *level = text_of(unit, "level");
    if (strcmp(level, "government") == 0)
        return NULL;
    return unit_find(release, strcmp(level, "entity") == 0 ? "domain" : "government",
                     text_of(unit, "parent"));
}

/* The unit of release `to` that goes on with a unit of `from`. */
static const json_t *goes_on(size_t from, size_t to, const json_t *unit)
{
    size_t i;
    json_t *other;
    const char *level = text_of(unit, "level"), *code = text_of(unit, "unit");
    if (strcmp(level, "government") == 0)
        return json_array_get(releases[to].units, 0);
    const json_t *same = unit_find(to, level, code);
    if (same)
        return same;
    json_array_foreach(releases[to].units, i, other)
    {
        if (strcmp(text_of(other, "level"), level) == 0 &&
            in_list(json_object_get(other, "predecessors"), code))
            return other;
    }
    return goes_on(from, to, parent_of(from, unit));
}

static bool is_within(size_t release, const json_t *unit, const char *level, const char *code)
{
    for (; unit; unit = parent_of(release, unit))
        if (same_unit(unit, level, code))
            return true;
    return false;
}

struct past { /* of one unit: the earlier entities whose people its past is */
    const json_t **units;
    size_t count;
};

/* Per unit of `to`. Only entities that were delivered have cells. */
static struct past *find_past(size_t from, size_t to)
{
    size_t i, u, count = json_array_size(releases[to].units);
    struct past *past = zeroed(count, sizeof *past);
    json_t *entity, *unit;
    for (u = 0; u < count; u++)
        past[u].units = zeroed(json_array_size(releases[from].units), sizeof *past[u].units);
    json_array_foreach(releases[from].units, i, entity)
    {
        if (strcmp(text_of(entity, "level"), "entity") != 0 ||
            !json_is_true(json_object_get(entity, "delivered")))
            continue;
        const json_t *now = goes_on(from, to, entity);
        json_array_foreach(releases[to].units, u, unit)
        {
            if (is_within(to, now, text_of(unit, "level"), text_of(unit, "unit")))
                past[u].units[past[u].count++] = entity;
        }
    }
    return past;
}

/* ---- links ---- */

static const char *category_parent(const json_t *variable, const char *name)
{
    return text_of(named(json_object_get(variable, "categories"), name), "parent");
}

static bool is_leaf(const json_t *variable, const char *name)
{
    size_t i;
    json_t *category;
    json_array_foreach(json_object_get(variable, "categories"), i, category)
    {
        if (strcmp(text_of(category, "parent"), name) == 0)
            return false;
    }
    return true;
}

static bool same_trees(const json_t *a, const json_t *b)
{
    const json_t *list = json_object_get(a, "categories");
    size_t i;
    json_t *category;
    if (json_array_size(list) != json_array_size(json_object_get(b, "categories")))
        return false;
    json_array_foreach(list, i, category)
    {
        if (strcmp(text_of(category, "parent"), category_parent(b, text_of(category, "name"))) != 0)
            return false;
    }
    return true;
}

/* The same variables in the earlier release; false if what the place uses means something else. */
static bool then_place(struct place *then, const struct place *now, size_t from)
{
    const json_t *all = json_object_get(releases[from].rules, "variables");
    *then = *now;
    then->release = from;
    for (size_t i = 0; i < now->count; i++) {
        const json_t *a = now->variables[i], *b = named(all, text_of(a, "name"));
        then->variables[i] = b;
        if (strcmp(now->categories[i], "total") == 0)
            continue;
        if (!b || strcmp(text_of(a, "definition"), text_of(b, "definition")) != 0 ||
            is_sensitive(a) != is_sensitive(b) || (is_sensitive(a) && !same_trees(a, b)) ||
            !named(json_object_get(b, "categories"), now->categories[i]))
            return false;
    }
    return true;
}

struct pair { /* two releases, and what is known of the time between */
    size_t from, to;
    struct past *past;
    double *joined, *left; /* per cell: of head counts of `to`; -1: not known */
    bool *decided;         /* per cell of `to`: a later release than `from` published it */
};

struct figure { /* a sum of cells: the hidden ones, and what the published ones come to */
    size_t hidden[MEMBERS], count;
    double published;
};

static bool figure_add(struct figure *f, const struct place *p)
{
    size_t cell = cell_at(p);
    if (cell == SIZE_MAX || cells[cell].count == -2 || f->count == MEMBERS)
        return false;
    if (cells[cell].count >= 0)
        f->published += (double)cells[cell].count;
    else
        f->hidden[f->count++] = cell;
    return true;
}

static size_t unit_number(size_t release, const char *level, const char *code)
{
    size_t i;
    json_t *unit;
    json_array_foreach(releases[release].units, i, unit)
    {
        if (same_unit(unit, level, code))
            return i;
    }
    give_up("a table has a unit that rules.json has not");
}

/* What the cell at `now` was; false if it was nothing. The government's past is one cell, others
 * are what their entities were. */
static bool then_figure(struct figure *f, const struct pair *pair, const struct place *now)
{
    struct place then;
    f->count = 0;
    f->published = 0;
    if (!then_place(&then, now, pair->from))
        return false;
    if (strcmp(now->level, "government") == 0) {
        then.unit = text_of(json_array_get(releases[pair->from].units, 0), "unit");
        return figure_add(f, &then);
    }
    const struct past *past = &pair->past[unit_number(now->release, now->level, now->unit)];
    for (size_t i = 0; i < past->count; i++) {
        then.level = "entity";
        then.unit = text_of(past->units[i], "unit");
        if (!figure_add(f, &then))
            return false;
    }
    return past->count > 0;
}

struct link {
    size_t cell; /* of the later release */
    struct figure then;
};

static bool contradicts(const struct link *l, double joined, double left)
{
    int64_t new = cells[l->cell].count;
    double change = (double)new - l->then.published;
    return new >= 0 && l->then.count == 0 && (change > joined || -change > left);
}

/* The joiners of a cell, as an unknown of their own; *old if another table gave it already. */
static size_t joiners_of(const struct pair *pair, size_t cell, size_t categories, bool *old)
{
    char key[KEY + 80];
    (void)snprintf(key, sizeof key, "%s, who joined since %s, of %zu kinds", cells[cell].key,
                   releases[pair->from].id, categories);
    *old = cell_find(key) != SIZE_MAX;
    size_t joiners = cell_make(key, pair->to);
    cells[joiners].count = -1;
    cells[joiners].joiners = true;
    return joiners;
}

/* joiners >= new - then, for each category; together no more than joined. */
static void add_links(const struct pair *pair, const struct link *links, size_t count,
                      double joined)
{
    static struct term terms[MEMBERS + 2], all[MEMBERS];
    for (size_t i = 0; i < count; i++) {
        const struct link *l = &links[i];
        bool old;
        size_t n = 0, joiners = joiners_of(pair, l->cell, count, &old);
        if (old)
            return;
        double right = l->then.published;
        if (cells[l->cell].count >= 0)
            right -= (double)cells[l->cell].count;
        else
            terms[n++] = (struct term){l->cell, 1};
        for (size_t k = 0; k < l->then.count; k++)
            terms[n++] = (struct term){l->then.hidden[k], -1};
        terms[n++] = (struct term){joiners, -1};
        add_row(terms, n, true, right);
        all[i] = (struct term){joiners, 1};
    }
    linked_groups++;
    add_row(all, count, true, joined);
}

/* One of the finest categories of all sensitive variables, in the group? */
static bool is_finest(const struct place *p, const struct place *group)
{
    for (size_t v = 0; v < p->count; v++)
        if (is_sensitive(p->variables[v]) ? !is_leaf(p->variables[v], p->categories[v])
                                          : strcmp(p->categories[v], group->categories[v]) != 0)
            return false;
    return true;
}

static void link_group(const struct pair *pair, const struct place *group, double joined,
                       double left)
{
    static struct link links[256];
    size_t at[FIELDS] = {0}, count = 0;
    bool hidden = false, broken = false;
    struct place p = *group;
    for (size_t v = 0; v < p.count; v++)
        p.categories[v] = "total";
    do {
        if (!is_finest(&p, group))
            continue;
        struct link *l = &links[count];
        l->cell = cell_at(&p);
        if (l->cell == SIZE_MAX || !then_figure(&l->then, pair, &p))
            return;
        if (++count == sizeof links / sizeof *links)
            give_up("too many sensitive categories");
        hidden = hidden || cells[l->cell].count < 0 || l->then.count > 0;
        broken = broken || contradicts(l, joined, left);
    } while (next_categories(&p, at));
    contradicted_groups += broken;
    if (hidden && !broken)
        add_links(pair, links, count, joined);
}

/* A cell that fewer people than the threshold joined or left since it was last published. */
static void exempt_group(struct pair *pair, const struct place *group, double turnover)
{
    static struct figure then;
    size_t at[FIELDS] = {0};
    struct place p = *group;
    for (size_t v = 0; v < p.count; v++)
        p.categories[v] = "total";
    do {
        bool same = true;
        for (size_t v = 0; v < p.count; v++)
            same = same && (is_sensitive(p.variables[v]) ||
                            strcmp(p.categories[v], group->categories[v]) == 0);
        size_t cell = same ? cell_at(&p) : SIZE_MAX;
        if (cell == SIZE_MAX || pair->decided[cell] || !then_figure(&then, pair, &p) ||
            then.count > 0)
            continue;
        pair->decided[cell] = true;
        cells[cell].exempt =
            turnover > 0 && turnover < (double)releases[pair->to].turnover_threshold;
    } while (next_categories(&p, at));
}

static void look_at_group(struct pair *pair, const struct place *group)
{
    static struct figure then;
    size_t now = cell_at(group);
    if (now == SIZE_MAX || cells[now].count < 0 || pair->joined[now] < 0 ||
        !then_figure(&then, pair, group) || then.count > 0)
        return;
    double joined = pair->joined[now], left = pair->left[now];
    exempt_group(pair, group, joined + left);
    if ((double)cells[now].count - then.published == joined - left)
        link_group(pair, group, joined, left);
    else
        contradicted_groups++;
}

/* Every head count of the later release's tables. */
static void look_at_table(struct pair *pair, const json_t *table)
{
    struct place p;
    size_t i;
    json_t *unit;
    place_in_table(&p, pair->to, table);
    json_array_foreach(releases[pair->to].units, i, unit)
    {
        size_t at[FIELDS] = {0};
        p.level = text_of(unit, "level");
        p.unit = text_of(unit, "unit");
        for (size_t v = 0; v < p.count; v++)
            p.categories[v] = "total";
        do {
            bool head_count = true;
            for (size_t v = 0; v < p.count; v++)
                head_count = head_count && (!is_sensitive(p.variables[v]) ||
                                            strcmp(p.categories[v], "total") == 0);
            if (head_count)
                look_at_group(pair, &p);
        } while (next_categories(&p, at));
    }
}

/* ---- turnover.csv ---- */

/* The place of a row: period,level,unit,VARIABLE...,joined,left,population. */
static void read_turnover_row(struct pair *pair, struct place *p, char **fields)
{
    p->level = fields[1];
    p->unit = fields[2];
    for (size_t i = 0; i < p->count; i++)
        p->categories[i] = fields[3 + i];
    p->population = fields[5 + p->count];
    size_t cell = cell_at(p);
    if (cell == SIZE_MAX)
        give_up("turnover.csv of %s has a row that no table has", releases[pair->to].id);
    pair->joined[cell] = (double)strtoll(fields[3 + p->count], NULL, 10);
    pair->left[cell] = (double)strtoll(fields[4 + p->count], NULL, 10);
}

static void read_turnover(struct pair *pair)
{
    const struct release *r = &releases[pair->to];
    char path[4096], line[LINE], period[64], *fields[FIELDS] = {0};
    struct place p = {.release = pair->to};
    (void)snprintf(path, sizeof path, "%s/turnover.csv", r->folder);
    (void)snprintf(period, sizeof period, "%s/%s", releases[pair->from].date, r->date);
    FILE *file = fopen(path, "r");
    if (!file)
        give_up("cannot open %s", path);
    for (bool header = true; fgets(line, sizeof line, file); header = false) {
        size_t count = split(line, fields);
        if (count < 6 || (!header && count != 6 + p.count))
            give_up("%s: a line has too many or too few fields", path);
        if (header)
            for (; p.count < count - 6; p.count++)
                p.variables[p.count] =
                    named(json_object_get(r->rules, "variables"), fields[3 + p.count]);
        else if (strcmp(fields[0], period) == 0)
            read_turnover_row(pair, &p, fields);
    }
    if (fclose(file) != 0)
        give_up("cannot read %s", path);
}

static void link_releases(size_t from, size_t to, bool *decided)
{
    const struct release *r = &releases[to];
    bool one_date = strcmp(releases[from].date, r->date) == 0;
    size_t room = cell_count, i;
    json_t *table;
    struct pair pair = {
        from,   to, find_past(from, to), zeroed(room, sizeof(double)), zeroed(room, sizeof(double)),
        decided};
    for (i = 0; i < room; i++)
        pair.joined[i] = one_date ? 0 : -1;
    if (!one_date)
        read_turnover(&pair);
    json_array_foreach(json_object_get(r->rules, "tables"), i, table)
    {
        look_at_table(&pair, table);
    }
}

/* ---- parts ---- */

static size_t root_of(size_t cell)
{
    while (cells[cell].part != cell) {
        cells[cell].part = cells[cells[cell].part].part;
        cell = cells[cell].part;
    }
    return cell;
}

static void join_parts(void)
{
    for (size_t i = 0; i < cell_count; i++)
        cells[i].part = i;
    for (size_t e = 0; e < row_count; e++) {
        size_t first = SIZE_MAX;
        for (size_t t = 0; t < rows[e].count; t++) {
            size_t cell = rows[e].terms[t].cell;
            if (cells[cell].count >= 0)
                continue;
            if (first == SIZE_MAX)
                first = cell;
            cells[root_of(cell)].part = root_of(first);
        }
    }
}

struct part {
    size_t *members, count, *rows, row_count;
    glp_prob *lp;
    glp_prob *moves; /* the same, as changes up and down of the table `base` */
    double *base;
};

/* The hidden terms of a row, in 1 .. n as GLPK counts; what is left on the right. */
static int row_terms(const struct row *r, int *columns, double *factors, double *right)
{
    int n = 0;
    *right = r->right;
    for (size_t t = 0; t < r->count; t++) {
        const struct cell *c = &cells[r->terms[t].cell];
        if (c->count >= 0) {
            *right -= r->terms[t].factor * (double)c->count;
        } else {
            columns[++n] = (int)c->column;
            factors[n] = r->terms[t].factor;
        }
    }
    return n;
}

static void build(struct part *p)
{
    static int columns[MEMBERS + 3];
    static double factors[MEMBERS + 3];
    p->lp = glp_create_prob();
    glp_add_cols(p->lp, (int)p->count);
    for (size_t i = 0; i < p->count; i++) {
        cells[p->members[i]].column = i + 1;
        glp_set_col_bnds(p->lp, (int)i + 1, GLP_LO, 0, 0);
        glp_set_col_kind(p->lp, (int)i + 1, cells[p->members[i]].joiners ? GLP_CV : GLP_IV);
    }
    if (p->row_count)
        glp_add_rows(p->lp, (int)p->row_count);
    for (size_t i = 0; i < p->row_count; i++) {
        const struct row *r = &rows[p->rows[i]];
        double right;
        int n = row_terms(r, columns, factors, &right);
        glp_set_mat_row(p->lp, (int)i + 1, n, columns, factors);
        glp_set_row_bnds(p->lp, (int)i + 1, r->at_most ? GLP_UP : GLP_FX, right, right);
    }
}

static void solve(struct part *p)
{
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    if (glp_simplex(p->lp, &parameters) != 0)
        give_up("the solver failed");
    int status = glp_get_status(p->lp);
    if (status != GLP_OPT && status != GLP_UNBND)
        give_up("no tables agree with what is published: correct and name what was corrected");
}

static double moved(const struct part *p, int column)
{
    return p->base[column - 1] + glp_get_col_prim(p->moves, 2 * column - 1) -
           glp_get_col_prim(p->moves, 2 * column);
}

static double vertex_value(const struct part *p, int column)
{
    return glp_get_col_prim(p->lp, column);
}

static double whole_value(const struct part *p, int column)
{
    return glp_mip_col_val(p->lp, column);
}

/* Notes a whole-number table for all cells; false if it is none. */
static bool see(const struct part *p, double (*value)(const struct part *, int))
{
    for (size_t i = 0; i < p->count; i++) {
        double x = value(p, (int)i + 1);
        if (!cells[p->members[i]].joiners && fabs(x - nearbyint(x)) > NEAR)
            return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        struct cell *c = &cells[p->members[i]];
        int64_t x = (int64_t)nearbyint(value(p, (int)i + 1));
        bool first = c->low > c->high;
        c->low = first || x < c->low ? x : c->low;
        c->high = first || x > c->high ? x : c->high;
    }
    return true;
}

/* ---- the criterion ---- */

struct needs {
    double reach, wide, floor;
};

static struct needs needs_of(const struct cell *c)
{
    const struct release *r = &releases[c->release];
    struct needs n = {r->interval ? (double)r->threshold : 0, r->interval ? (double)r->width : 1,
                      r->interval ? (double)r->threshold : HUGE_VAL};
    double group = c->group >= 0 ? (double)cells[c->group].count : -1;
    if (group >= 0) {
        n.reach = fmin(group, n.reach);
        n.wide = fmin(group, n.wide);
    }
    return n;
}

static bool range_protected(const struct cell *c, double low, double high)
{
    struct needs n = needs_of(c);
    return low >= n.floor || (high >= n.reach && high - low >= n.wide);
}

static bool is_target(const struct cell *c)
{
    return c->sensitive && !c->exempt;
}

static bool settled(const struct cell *c)
{
    return !is_target(c) ||
           (c->low <= c->high && range_protected(c, (double)c->low, (double)c->high));
}

/* ---- the attack ---- */

static void no_objective(const struct part *p)
{
    for (size_t i = 0; i < p->count; i++)
        glp_set_obj_coef(p->lp, (int)i + 1, 0);
}

static void count_nodes(glp_tree *tree, void *left)
{
    if (glp_ios_reason(tree) == GLP_ISELECT && --*(int *)left < 0)
        glp_ios_terminate(tree);
}

/* Branch and bound from the optimum at hand; true if it came to the end. */
static bool solve_whole(struct part *p)
{
    glp_iocp parameters;
    int left = NODES;
    glp_init_iocp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.cb_func = count_nodes;
    parameters.cb_info = &left;
    bool done = glp_intopt(p->lp, &parameters) == 0 && glp_mip_status(p->lp) == GLP_OPT;
    if (done || glp_mip_status(p->lp) == GLP_FEAS)
        (void)see(p, whole_value);
    return done;
}

/* Any whole-number table, to start from; with few joiners it is nearly always one at once. */
static bool find_base(struct part *p)
{
    no_objective(p);
    glp_set_obj_dir(p->lp, GLP_MIN);
    for (size_t i = 0; i < p->count; i++)
        glp_set_obj_coef(p->lp, (int)i + 1, cells[p->members[i]].joiners);
    solve(p);
    bool whole = see(p, vertex_value);
    if (!whole && !solve_whole(p))
        return false;
    p->base = zeroed(p->count, sizeof *p->base);
    for (size_t i = 0; i < p->count; i++) {
        double x = whole ? vertex_value(p, (int)i + 1) : whole_value(p, (int)i + 1);
        p->base[i] = cells[p->members[i]].joiners ? x : nearbyint(x);
    }
    return true;
}

/* A change of one cell with the least change of the others is nearly always a whole-number one. */
static void build_moves(struct part *p)
{
    static int columns[2 * MEMBERS + 5], of[MEMBERS + 3];
    static double values[2 * MEMBERS + 5], factors[MEMBERS + 3];
    p->moves = glp_create_prob();
    glp_add_cols(p->moves, (int)(2 * p->count));
    if (p->row_count)
        glp_add_rows(p->moves, (int)p->row_count);
    for (int i = 0; i < (int)p->count; i++) {
        for (int way = 1; way <= 2; way++)
            glp_set_obj_coef(p->moves, 2 * i + way, !cells[p->members[i]].joiners);
        glp_set_col_bnds(p->moves, 2 * i + 1, GLP_LO, 0, 0);
        glp_set_col_bnds(p->moves, 2 * i + 2, p->base[i] > 0 ? GLP_DB : GLP_FX, 0, p->base[i]);
    }
    for (size_t i = 0; i < p->row_count; i++) {
        const struct row *r = &rows[p->rows[i]];
        double rest;
        int n = row_terms(r, of, factors, &rest), terms = 0;
        for (int k = 1; k <= n; k++) {
            rest -= factors[k] * p->base[of[k] - 1];
            for (int way = 0; way < 2; way++) {
                columns[++terms] = 2 * of[k] - 1 + way;
                values[terms] = way ? -factors[k] : factors[k];
            }
        }
        glp_set_mat_row(p->moves, (int)i + 1, terms, columns, values);
        glp_set_row_bnds(p->moves, (int)i + 1, r->at_most ? GLP_UP : GLP_FX, rest, rest);
    }
}

static void try_value(struct part *p, const struct cell *c, double value)
{
    int up = (int)(2 * c->column) - 1;
    double base = p->base[c->column - 1], by = value - base;
    if (value < 0 || by == 0)
        return;
    glp_set_col_bnds(p->moves, up, GLP_FX, by > 0 ? by : 0, 0);
    glp_set_col_bnds(p->moves, up + 1, GLP_FX, by < 0 ? -by : 0, 0);
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth = GLP_DUALP;
    glp_std_basis(p->moves);
    if (glp_simplex(p->moves, &parameters) == 0 && glp_get_status(p->moves) == GLP_OPT)
        (void)see(p, moved);
    glp_set_col_bnds(p->moves, up, GLP_LO, 0, 0);
    glp_set_col_bnds(p->moves, up + 1, base > 0 ? GLP_DB : GLP_FX, 0, base);
}

/* Shows the cell at the two ends that the criterion asks for, if moves can. */
static void attack_by_moves(struct part *p, const struct cell *c)
{
    struct needs n = needs_of(c);
    try_value(p, c, fmax((double)c->low + n.wide, n.reach));
    if (settled(c))
        return;
    try_value(p, c, n.reach);
    try_value(p, c, fmax(fmax((double)c->high, n.reach) - n.wide, 0));
}

/* One end of a cell's range: the linear bound, rounded inwards, or in whole numbers. */
static double extreme(struct part *p, const struct cell *c, int direction, bool whole)
{
    no_objective(p);
    glp_set_obj_coef(p->lp, (int)c->column, 1);
    glp_set_obj_dir(p->lp, direction);
    solve(p);
    if (glp_get_status(p->lp) == GLP_UNBND)
        return HUGE_VAL;
    double value = glp_get_obj_val(p->lp);
    if (!see(p, vertex_value) && whole && solve_whole(p))
        value = glp_mip_obj_val(p->lp);
    return (direction == GLP_MAX ? floor(value + NEAR) : ceil(value - NEAR)) + 0.0; /* not -0 */
}

static bool attack_cell(struct part *p, const struct cell *c)
{
    for (int whole = 0; whole < 2; whole++) {
        double high = extreme(p, c, GLP_MAX, whole), low = extreme(p, c, GLP_MIN, whole);
        if (!range_protected(c, low, high))
            return false;
        if (settled(c) || low >= needs_of(c).floor)
            return true;
    }
    return true; /* no violation in whole numbers either, as far as the search went */
}

static void print_range(struct part *p, const struct cell *c)
{
    double high = extreme(p, c, GLP_MAX, true), low = extreme(p, c, GLP_MIN, true);
    (void)printf("range %s %.0f %.0f%s\n", c->key, low, high, c->exempt ? " exempt" : "");
}

static size_t attack_part(struct part *p)
{
    size_t violations = 0;
    bool wanted = false;
    for (size_t i = 0; i < p->count; i++)
        wanted = wanted || cells[p->members[i]].sensitive;
    if (!wanted)
        return 0;
    build(p);
    if (find_base(p))
        build_moves(p);
    for (size_t i = 0; i < p->count; i++) {
        const struct cell *c = &cells[p->members[i]];
        if (ranges_wanted && c->sensitive)
            print_range(p, c);
        if (!settled(c) && p->moves)
            attack_by_moves(p, c);
        if (settled(c) || attack_cell(p, c))
            continue;
        violations++;
        (void)printf("violation %s\n", c->key);
    }
    glp_delete_prob(p->lp);
    if (p->moves)
        glp_delete_prob(p->moves);
    free(p->base);
    return violations;
}

/* Hidden cells and rows by part: chains that begin at the part's root. */
struct chain {
    size_t *first, *next;
};

static void chain_add(struct chain *c, size_t root, size_t item)
{
    c->next[item] = c->first[root];
    c->first[root] = item + 1;
}

static void chain_rows(struct chain *c)
{
    for (size_t e = row_count; e-- > 0;)
        for (size_t t = 0; t < rows[e].count; t++)
            if (cells[rows[e].terms[t].cell].count < 0) {
                chain_add(c, root_of(rows[e].terms[t].cell), e);
                break;
            }
}

static size_t attack_all(size_t *parts)
{
    size_t violations = 0;
    struct chain members = {zeroed(cell_count, sizeof(size_t)), zeroed(cell_count, sizeof(size_t))};
    struct chain equations = {zeroed(cell_count, sizeof(size_t)),
                              zeroed(row_count, sizeof(size_t))};
    struct part p = {.members = zeroed(cell_count, sizeof(size_t)),
                     .rows = zeroed(row_count, sizeof(size_t))};
    for (size_t i = cell_count; i-- > 0;)
        if (cells[i].count < 0)
            chain_add(&members, root_of(i), i);
    chain_rows(&equations);
    for (size_t root = 0; root < cell_count; root++) {
        p.count = p.row_count = 0;
        p.lp = p.moves = NULL;
        p.base = NULL;
        for (size_t i = members.first[root]; i; i = members.next[i - 1])
            p.members[p.count++] = i - 1;
        for (size_t e = equations.first[root]; e; e = equations.next[e - 1])
            p.rows[p.row_count++] = e - 1;
        if (p.count == 0)
            continue;
        violations += attack_part(&p);
        ++*parts;
    }
    return violations;
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

static void state_equations(void)
{
    for (size_t i = 0; i < cell_count; i++)
        if (cells[i].count == -2)
            give_up("%s is in no table", cells[i].key);
    for (size_t r = 0; r < release_count; r++) {
        size_t i;
        json_t *table;
        json_array_foreach(json_object_get(releases[r].rules, "tables"), i, table)
        {
            walk_table(r, table);
        }
    }
    for (size_t to = 1; to < release_count; to++) {
        bool *decided = zeroed(cell_count, sizeof *decided);
        for (size_t from = to; from-- > 0;) /* the latest first: it was last published there */
            if (releases[to].public_head_counts && releases[from].public_head_counts)
                link_releases(from, to, decided);
        free(decided);
    }
    join_parts();
}

int main(int argc, char **argv)
{
    ranges_wanted = argc > 1 && strcmp(argv[1], "--ranges") == 0;
    int first = ranges_wanted ? 2 : 1;
    if (argc < first + 1)
        give_up("usage: attacker_joint [--ranges] RELEASE RELEASE...");
    slot_count = 8000009;
    slots = zeroed(slot_count, sizeof *slots);
    (void)glp_term_out(GLP_OFF);
    for (int i = first; i < argc; i++)
        read_release(argv[i]);
    state_equations();
    size_t hidden = 0, targets = 0, exempt = 0, parts = 0;
    for (size_t i = 0; i < cell_count; i++) {
        hidden += cells[i].count < 0 && !cells[i].joiners;
        targets += cells[i].count < 0 && is_target(&cells[i]);
        exempt += cells[i].count < 0 && cells[i].exempt;
    }
    size_t violations = attack_all(&parts);
    (void)printf(
        "%zu releases, %zu hidden cells, %zu to be protected, %zu exempt, %zu groups linked, "
        "%zu contradicted, %zu rows, %zu parts: %zu violations\n",
        release_count, hidden, targets, exempt, linked_groups, contradicted_groups, row_count,
        parts, violations);
    return violations ? 1 : 0;
}
