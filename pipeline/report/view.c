/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/view.h. */
#include "report/view.h"

#include "tables/series.h"

#include <stdlib.h>
#include <string.h>

/* ---- scope ---- */

/* FNV-1a. Entities in scope are told apart by the sum of their codes' hashes. */
static uint64_t hash_code(const char *code)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *code; code++)
        hash = (hash ^ (unsigned char)*code) * UINT64_C(0x100000001b3);
    return hash;
}

static void add_upwards(uint64_t *scope, const struct structure *s, uint32_t unit, uint64_t hash)
{
    for (int at = (int)unit; at >= 0; at = s->units[at].parent)
        scope[at] += hash;
}

/* Of the units that went into one of today. */
struct delivery {
    uint32_t delivered, missing;
};

static bool *find_parents(const struct structure *s)
{
    bool *parents = calloc(s->unit_count + 1, sizeof *parents);
    for (size_t u = 1; parents && u < s->unit_count; u++)
        parents[s->units[u].parent] = true;
    return parents;
}

/* The scope of each unit of today, as the units of `then` fill it. A unit of today of which all
 * predecessors were delivered counts as itself; otherwise those that were count by their own codes,
 * and so do units that ended without a successor. */
static int find_scope(uint64_t *scope, const struct structure *then, const struct structure *now,
                      struct err *err)
{
    int rc = -1;
    uint32_t *series = calloc(then->unit_count + 1, sizeof *series);
    struct delivery *delivery = calloc(now->unit_count + 1, sizeof *delivery);
    bool *parents = find_parents(then);
    if (!series || !delivery || !parents) {
        (void)err_memory(err);
        goto out;
    }
    if (series_units(series, then, now, err) != 0)
        goto out;
    for (size_t u = 0; u < then->unit_count; u++)
        if (!parents[u] && then->units[u].level == now->units[series[u]].level)
            ++*(then->units[u].delivered ? &delivery[series[u]].delivered
                                         : &delivery[series[u]].missing);
    for (size_t u = 0; u < then->unit_count; u++) {
        const struct unit *unit = &then->units[u];
        const struct delivery *d = &delivery[series[u]];
        bool goes_on = unit->level == now->units[series[u]].level && d->missing == 0;
        if (!parents[u] && unit->delivered && !goes_on)
            add_upwards(scope, now, series[u], hash_code(unit->code));
    }
    for (uint32_t u = 0; u < now->unit_count; u++)
        if (delivery[u].delivered > 0 && delivery[u].missing == 0)
            add_upwards(scope, now, u, hash_code(now->units[u].code));
    rc = 0;
out:
    free(series);
    free(delivery);
    free(parents);
    return rc;
}

/* ---- points ---- */

static int point_open(struct view_point *p, const struct view *v, const struct rules *then,
                      struct err *err)
{
    const struct structure *s = &v->rules->structure;
    p->release = then->release;
    p->reference = then->reference_date;
    p->counts = malloc((v->cells->count + 1) * sizeof *p->counts);
    p->scope = calloc(s->unit_count + 1, sizeof *p->scope);
    if (!p->counts || !p->scope)
        return err_memory(err);
    for (size_t i = 0; i < s->population_count; i++)
        for (size_t j = 0; j < then->structure.population_count; j++)
            if (strcmp(s->populations[i].id, then->structure.populations[j].id) == 0)
                p->filter[i] = then->structure.populations[j].filter;
    for (size_t i = 0; i < s->variable_count; i++)
        for (size_t j = 0; j < then->structure.variable_count; j++)
            if (strcmp(s->variables[i].name, then->structure.variables[j].name) == 0)
                p->variable[i] = &then->structure.variables[j];
    return find_scope(p->scope, &then->structure, s, err);
}

static int add_point(struct view *v, const struct past_release *r, struct err *err)
{
    struct view_point *p = &v->points[v->point_count++];
    return point_open(p, v, &r->rules, err) == 0 ? past_counts(r, v->cells, p->counts, err) : -1;
}

static int add_now(struct view *v, const int64_t *counts, const uint8_t *status, struct err *err)
{
    struct view_point *p = &v->points[v->point_count++];
    if (point_open(p, v, v->rules, err) != 0)
        return -1;
    for (size_t i = 0; i < v->cells->count; i++)
        p->counts[i] = status[i] || v->cells->flags[i] & CELL_UNPUBLISHED ? -1 : counts[i];
    return 0;
}

static int index_units(struct view *v, struct err *err)
{
    const struct cells *c = v->cells;
    size_t units = v->rules->structure.unit_count;
    v->unit_start = calloc(units + 2, sizeof *v->unit_start);
    v->unit_cell = calloc(c->count + 1, sizeof *v->unit_cell);
    if (!v->unit_start || !v->unit_cell)
        return err_memory(err);
    uint32_t *next = v->unit_start + 1; /* ends as the starts of the units that follow */
    for (size_t i = 0; i < c->count; i++)
        if (!(c->flags[i] & CELL_UNPUBLISHED) && c->unit[i] + 1 < units)
            next[c->unit[i] + 1]++;
    for (size_t u = 1; u < units; u++)
        next[u] += next[u - 1];
    for (size_t i = 0; i < c->count; i++)
        if (!(c->flags[i] & CELL_UNPUBLISHED))
            v->unit_cell[next[c->unit[i]]++] = (uint32_t)i;
    return 0;
}

/* Do the rules have what the configuration calls so? */
static bool has_category(const struct view *v, int variable, int category)
{
    const struct structure *s = &v->rules->structure;
    const struct variable_config *wanted = &v->config->variables[variable];
    return (size_t)variable < s->variable_count &&
           strcmp(s->variables[variable].name, wanted->name) == 0 &&
           (size_t)category + 1 < s->variables[variable].category_count &&
           strcmp(s->variables[variable].categories[category + 1].name,
                  wanted->categories[category].name) == 0;
}

static int check_share(const struct view *v, const struct share_config *share, const char *kind,
                       const char *name, struct err *err)
{
    const struct structure *s = &v->rules->structure;
    if ((size_t)share->table < s->table_count &&
        strcmp(s->tables[share->table].name, v->config->tables[share->table].name) == 0 &&
        has_category(v, share->variable, share->category) &&
        (share->among_variable < 0 ||
         has_category(v, share->among_variable, share->among_category)))
        return 0;
    return err_set(err, ERR_DATA, "%s %s: the tables were made with another configuration", kind,
                   name);
}

static int check_declared(const struct view *v, struct err *err)
{
    const struct config *c = v->config;
    for (size_t i = 0; i < c->target_count; i++)
        if (check_share(v, &c->targets[i].share, "target", c->targets[i].name, err) != 0)
            return -1;
    for (size_t i = 0; i < c->benchmark_count; i++)
        if (check_share(v, &c->benchmarks[i].share, "benchmark", c->benchmarks[i].name, err) != 0)
            return -1;
    for (size_t i = 0; i < c->series_count; i++)
        if (check_share(v, &c->series[i].share, "series", c->series[i].name, err) != 0)
            return -1;
    return 0;
}

int view_open(struct view *v, const struct rules *rules, const struct cells *cells,
              const int64_t *counts, const uint8_t *status, const struct turnover *turnover,
              const struct past *past, const struct config *config, struct err *err)
{
    memset(v, 0, sizeof *v);
    v->rules = rules;
    v->cells = cells;
    v->config = config;
    v->turnover = turnover;
    if (check_declared(v, err) != 0 || index_units(v, err) != 0)
        return -1;
    v->points = calloc(past->count + 1, sizeof *v->points);
    if (!v->points)
        return err_memory(err);
    for (size_t i = 0; i < past->count; i++) { /* by date */
        const struct past_release *r = &past->releases[i];
        bool holds = past_last(past, r->rules.reference_date) == r;
        if (holds && r->rules.reference_date < rules->reference_date && add_point(v, r, err) != 0)
            return -1;
    }
    if (add_now(v, counts, status, err) != 0)
        return -1;
    v->now = &v->points[v->point_count - 1];
    v->previous = v->point_count > 1 ? v->now - 1 : NULL;
    return 0;
}

void view_close(struct view *v)
{
    for (size_t i = 0; i < v->point_count; i++) {
        free(v->points[i].counts);
        free(v->points[i].scope);
    }
    free(v->points);
    free(v->unit_start);
    free(v->unit_cell);
    memset(v, 0, sizeof *v);
}

/* ---- questions ---- */

struct view_share view_share_at(const struct view *v, const struct share_config *share, size_t unit)
{
    uint16_t categories[CONFIG_VARIABLES] = {0};
    struct view_share s;
    int population = v->rules->structure.tables[share->table].population;
    if (share->among_variable >= 0) /* a configuration's categories have no total */
        categories[share->among_variable] = (uint16_t)(share->among_category + 1);
    s.whole = cells_find(v->cells, population, (int)unit, categories);
    categories[share->variable] = (uint16_t)(share->category + 1);
    s.part = cells_find(v->cells, population, (int)unit, categories);
    return s;
}

int64_t view_count(const struct view_point *p, size_t cell)
{
    return cell == SIZE_MAX ? -1 : p->counts[cell];
}

bool view_share_known(const struct view_point *p, struct view_share s)
{
    return view_count(p, s.part) >= 0 && view_count(p, s.whole) > 0;
}

static bool same_variable(const struct variable *a, const struct variable *b)
{
    if (!a || !b || strcmp(a->definition, b->definition) != 0)
        return false;
    if (a->definition[0])
        return true;
    if (a->category_count != b->category_count)
        return false;
    for (size_t i = 0; i < a->category_count; i++)
        if (strcmp(a->categories[i].name, b->categories[i].name) != 0)
            return false;
    return true;
}

bool view_comparable(const struct view *v, const struct view_point *a, const struct view_point *b,
                     size_t cell)
{
    const struct cells *c = v->cells;
    uint32_t unit = c->unit[cell], population = c->population[cell];
    if (a->scope[unit] != b->scope[unit] || !a->filter[population] || !b->filter[population] ||
        strcmp(a->filter[population], b->filter[population]) != 0)
        return false;
    for (size_t i = 0; i < c->stride; i++)
        if (c->categories[cell * c->stride + i] != 0 &&
            !same_variable(a->variable[i], b->variable[i]))
            return false;
    return true;
}

const struct view_point *view_last_published(const struct view *v, size_t cell)
{
    for (const struct view_point *p = v->now; p > v->points;)
        if ((--p)->counts[cell] >= 0 && view_comparable(v, p, v->now, cell))
            return p;
    return NULL;
}

bool view_flow(const struct view *v, const struct view_point *since, size_t cell, int64_t *joined,
               int64_t *left)
{
    size_t group = v->cells->group[cell], at = turnover_find(v->turnover, since->reference);
    if (!(v->cells->flags[group] & CELL_PUBLIC) || at == SIZE_MAX)
        return false;
    *joined = v->turnover->joined[at * v->turnover->cells + group];
    *left = v->turnover->left[at * v->turnover->cells + group];
    return true;
}
