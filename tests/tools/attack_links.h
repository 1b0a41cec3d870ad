/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * attack_links: what two releases and the turnover between them say together, for attacker.
 */
#ifndef TESTS_ATTACK_LINKS_H
#define TESTS_ATTACK_LINKS_H

#include "attack_releases.h"

static size_t linked_groups, contradicted_groups;

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

/* [unit of `to` * units of `from` + unit of `from`]: is it an entity of the unit's past? Only
 * entities that were delivered have cells. */
static bool *find_past(size_t from, size_t to)
{
    size_t i, u, units = json_array_size(releases[from].units);
    bool *past = zeroed(json_array_size(releases[to].units) * units, sizeof *past);
    json_t *entity, *unit;
    json_array_foreach(releases[from].units, i, entity)
    {
        if (strcmp(text_of(entity, "level"), "entity") != 0 ||
            !json_is_true(json_object_get(entity, "delivered")))
            continue;
        const json_t *now = goes_on(from, to, entity);
        json_array_foreach(releases[to].units, u, unit)
        {
            past[u * units + i] = is_within(to, now, text_of(unit, "level"), text_of(unit, "unit"));
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
    const bool *past;      /* find_past */
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
    const bool *past = pair->past + unit_number(now->release, now->level, now->unit) *
                                        json_array_size(releases[pair->from].units);
    size_t i;
    bool any = false;
    json_t *entity;
    json_array_foreach(releases[pair->from].units, i, entity)
    {
        if (!past[i])
            continue;
        any = true;
        then.level = "entity";
        then.unit = text_of(entity, "unit");
        if (!figure_add(f, &then))
            return false;
    }
    return any;
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
    bool *past = find_past(from, to);
    double *joined = zeroed(room, sizeof *joined), *left = zeroed(room, sizeof *left);
    struct pair pair = {from, to, past, joined, left, decided};
    for (i = 0; i < room; i++)
        joined[i] = one_date ? 0 : -1;
    if (!one_date)
        read_turnover(&pair);
    json_array_foreach(json_object_get(r->rules, "tables"), i, table)
    {
        look_at_table(&pair, table);
    }
    free(past);
    free(joined);
    free(left);
}

#endif
