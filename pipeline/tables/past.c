/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/past.h. */
#include "tables/past.h"

#include "tables/series.h"
#include "tables/turnover_csv.h"

#include <stdlib.h>
#include <string.h>

int past_reserve(struct past *p, size_t count, struct err *err)
{
    p->releases = calloc(count + 1, sizeof *p->releases);
    p->capacity = p->releases ? count : 0;
    return p->releases ? 0 : err_memory(err);
}

struct past_release *past_add(struct past *p, const char *json, size_t length, struct err *err)
{
    if (p->count == p->capacity) {
        (void)err_set(err, ERR_INTERNAL, "more earlier releases than were announced");
        return NULL;
    }
    struct past_release *r = &p->releases[p->count++];
    if (rules_read_json(&r->rules, json, length, err) != 0 ||
        cells_build(&r->cells, &r->rules.structure, r->rules.disclosure.public_head_counts, err) !=
            0)
        return NULL;
    size_t cells = r->cells.count;
    r->counts = malloc((cells + 1) * sizeof *r->counts);
    r->hidden = malloc(cells + 1);
    r->named = calloc(cells + 1, 1);
    if (!r->counts || !r->hidden || !r->named) {
        (void)err_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < cells; i++) {
        r->counts[i] = -1;
        r->hidden[i] = 1;
    }
    return r;
}

void past_publish(struct past_release *r, size_t cell, int64_t count)
{
    r->counts[cell] = count;
    r->hidden[cell] = 0;
}

int past_take_turnover(struct past_release *r, const char *name, const char *csv, size_t length,
                       struct err *err)
{
    r->turnover = calloc(1, sizeof *r->turnover);
    if (!r->turnover)
        return err_memory(err);
    return turnover_csv_parse(name, csv, length, &r->rules, &r->cells, r->turnover, err);
}

void past_clear(struct past *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct past_release *r = &p->releases[i];
        cells_release(&r->cells);
        rules_release(&r->rules);
        free(r->counts);
        free(r->hidden);
        free(r->named);
        if (r->turnover)
            turnover_close(r->turnover);
        free(r->turnover);
    }
    free(p->releases);
    memset(p, 0, sizeof *p);
}

int past_list(const struct past *p, struct frame *f, struct err *err)
{
    frame_init(f, "past");
    struct column *release = frame_add_coded(f, "release", err);
    struct column *digest = release ? frame_add_coded(f, "digest", err) : NULL;
    if (!digest || frame_resize(f, p->count, err) != 0)
        return -1;
    for (size_t i = 0; i < p->count; i++) {
        const struct past_release *r = &p->releases[i];
        if (column_put_word(release, i, r->rules.release, strlen(r->rules.release), err) != 0 ||
            column_put_word(digest, i, r->digest, strlen(r->digest), err) != 0)
            return -1;
    }
    return 0;
}

const struct past_release *past_last(const struct past *p, date reference)
{
    const struct past_release *last = NULL;
    for (size_t i = 0; i < p->count; i++)
        if (p->releases[i].rules.reference_date == reference)
            last = &p->releases[i];
    return last;
}

/* ---- series ---- */

enum { CATEGORIES = CONFIG_CATEGORIES + 2 };

struct series {
    const struct past_release *release;
    const struct cells *now;
    struct series_sources sources;
    int *population, *variable; /* the release's, by today's; -1: it has none of that name */
    int *category;              /* by today's variable and category */
};

static int find_variable(const struct structure *s, const char *name)
{
    for (size_t v = 0; v < s->variable_count; v++)
        if (strcmp(s->variables[v].name, name) == 0)
            return (int)v;
    return -1;
}

static int find_category(const struct variable *v, const char *name)
{
    for (size_t i = 0; i < v->category_count; i++)
        if (strcmp(v->categories[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int find_population(const struct structure *s, const char *id)
{
    for (size_t p = 0; p < s->population_count; p++)
        if (strcmp(s->populations[p].id, id) == 0)
            return (int)p;
    return -1;
}

static int match_names(struct series *s, struct err *err)
{
    const struct structure *now = s->now->structure, *then = s->release->cells.structure;
    s->population = calloc(now->population_count + 1, sizeof *s->population);
    s->variable = calloc(now->variable_count + 1, sizeof *s->variable);
    s->category = calloc((now->variable_count + 1) * CATEGORIES, sizeof *s->category);
    if (!s->population || !s->variable || !s->category)
        return err_memory(err);
    for (size_t p = 0; p < now->population_count; p++)
        s->population[p] = find_population(then, now->populations[p].id);
    for (size_t v = 0; v < now->variable_count; v++) {
        const struct variable *variable = &now->variables[v];
        s->variable[v] = find_variable(then, variable->name);
        for (size_t i = 0; s->variable[v] >= 0 && i < variable->category_count; i++)
            s->category[v * CATEGORIES + i] =
                find_category(&then->variables[s->variable[v]], variable->categories[i].name);
    }
    return 0;
}

/* The release's categories for one of today's cells; false if it has none of that name. */
static bool translate(const struct series *s, size_t cell, uint16_t *categories)
{
    memset(categories, 0, CONFIG_VARIABLES * sizeof *categories);
    for (size_t v = 0; v < s->now->stride; v++) {
        size_t category = s->now->categories[cell * s->now->stride + v];
        if (category == 0)
            continue;
        if (s->variable[v] < 0 || s->category[v * CATEGORIES + category] < 0)
            return false;
        categories[s->variable[v]] = (uint16_t)s->category[v * CATEGORIES + category];
    }
    return true;
}

static int64_t count_then(const struct series *s, size_t cell)
{
    const struct past_release *r = s->release;
    uint16_t categories[CONFIG_VARIABLES];
    uint32_t unit = s->now->unit[cell];
    int population = s->population[s->now->population[cell]];
    int64_t sum = -1;
    if ((s->now->flags[cell] & CELL_UNPUBLISHED) || !translate(s, cell, categories))
        return -1;
    for (size_t i = s->sources.start[unit]; i < s->sources.start[unit + 1]; i++) {
        size_t then = cells_find(&r->cells, population, (int)s->sources.unit[i], categories);
        if (then == SIZE_MAX || r->hidden[then])
            return -1;
        sum = (sum < 0 ? 0 : sum) + r->counts[then];
    }
    return sum;
}

int past_counts(const struct past_release *r, const struct cells *now, int64_t *counts,
                struct err *err)
{
    struct series s = {.release = r, .now = now};
    int rc = series_sources_find(&s.sources, r->cells.structure, now->structure, err);
    if (rc == 0)
        rc = match_names(&s, err);
    for (size_t i = 0; rc == 0 && i < now->count; i++)
        counts[i] = count_then(&s, i);
    series_sources_release(&s.sources);
    free(s.population);
    free(s.variable);
    free(s.category);
    return rc;
}
