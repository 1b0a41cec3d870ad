/* SPDX-License-Identifier: EUPL-1.2 */
/* search_regions of include/sdc/part_search.h: the entities of one domain after the other, with all
 * that is above them as in the base. What happens in one domain does not touch the others, so that
 * several are searched at the same time, and the n-th vertices of all of them make one table.
 *
 * Of several releases, where the vertices of the whole part turn out to be fractional
 * (part_turns.c), turns are taken here: those of a domain seldom are. */
#include "sdc/part_search.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS_MOST = 8,
    IDLE_MOST = 2,
    TURNS_MOST = 64, /* where the whole part's vertices are fractional */
    IDLE_TURNS_MOST = 4
};

struct region {
    size_t home;
    const uint32_t *unknowns; /* of the region */
    size_t count, open;
    int64_t *vertices[TURNS_MOST]; /* values of its unknowns */
    size_t vertex_count, solved;
};

struct work {
    struct search *s;
    size_t first_table;
    size_t *start; /* unknowns of region `home`: order[start[home] .. start[home + 1]) */
    uint32_t *order;
    struct region *regions;
    size_t region_count, domains;
    struct room *rooms; /* per worker */
};

struct room { /* a worker's own */
    const struct work *w;
    struct region *r;
    uint32_t random;
    int64_t *constants; /* per unknown: its value in the base, -1 in the region */
    int64_t *values;
    uint8_t *stepped;
    struct linear *linear;
};

static struct target *open_target(const struct room *o, uint32_t unknown)
{
    uint32_t at = o->w->s->target_of[unknown];
    struct target *t = at == TARGET_NONE ? NULL : &o->w->s->targets[at];
    return t && !t->closed ? t : NULL;
}

static void pull(struct room *o, size_t round)
{
    linear_clear(o->linear);
    for (size_t i = 0; i < o->r->count; i++) {
        const struct target *t = open_target(o, o->r->unknowns[i]);
        if (t)
            search_pull(&o->random, o->linear, t, round % 2 ? 0.2 : 0.8);
    }
}

/* Some at a time; returns how many. */
static size_t pull_some(struct room *o, double share)
{
    size_t pulled = 0;
    linear_unweigh(o->linear);
    for (size_t i = 0; i < o->r->count; i++) {
        const struct target *t = open_target(o, o->r->unknowns[i]);
        bool turn = t && search_chance(&o->random) < share;
        if (t)
            search_turn(&o->random, o->linear, t, turn);
        pulled += turn;
    }
    return pulled;
}

/* Copies the vertex, and notes what it shows. */
static int keep(struct room *o, struct err *err)
{
    struct region *r = o->r;
    size_t at = r->vertex_count;
    r->vertices[at] = malloc((r->count + 1) * sizeof *r->vertices[at]);
    if (!r->vertices[at])
        return err_memory(err);
    r->vertex_count++;
    for (size_t i = 0; i < r->count; i++) {
        uint32_t u = r->unknowns[i];
        struct target *t = open_target(o, u);
        r->vertices[at][i] = o->values[u];
        if (!t)
            continue;
        (void)target_notice(t, o->values[u], (int)(o->w->first_table + at));
        r->open -= t->closed;
    }
    return 0;
}

static int add_vertex(struct room *o, struct err *err)
{
    if (linear_maximise(o->linear, err) != 0)
        return -1;
    return linear_whole(o->linear, o->values) ? keep(o, err) : 0;
}

static int take_turns(struct room *o, struct err *err)
{
    size_t idle = 0;
    double share = 1;
    for (size_t round = 0; round < TURNS_MOST && idle < IDLE_TURNS_MOST && o->r->open; round++) {
        size_t before = o->r->open, pulled = pull_some(o, share);
        if (add_vertex(o, err) != 0)
            return -1;
        share = search_share(share, 1, pulled, before - o->r->open);
        idle = o->r->open < before ? 0 : idle + 1;
    }
    return 0;
}

static int go_round(struct room *o, struct err *err)
{
    size_t idle = 0;
    for (size_t round = 0; round < ROUNDS_MOST && idle < IDLE_MOST && o->r->open; round++) {
        size_t before = o->r->open;
        pull(o, o->r->vertex_count);
        if (add_vertex(o, err) != 0)
            return -1;
        idle = o->r->open < before ? 0 : idle + 1;
    }
    return 0;
}

static int search_region(struct room *o, struct err *err)
{
    const struct search *s = o->w->s;
    struct region *r = o->r;
    const int64_t *base = s->tables[s->base_at];
    memcpy(o->constants, base, s->equations.unknowns * sizeof *base);
    memset(o->stepped, 0, s->equations.unknowns);
    for (size_t i = 0; i < r->count; i++) {
        uint32_t u = r->unknowns[i];
        o->constants[u] = -1;
        o->stepped[u] = s->target_of[u] != TARGET_NONE;
    }
    o->random = s->random ^ (uint32_t)r->home * 2654435761U;
    o->random += o->random == 0;
    struct linear *linear;
    if (linear_open(&linear, &s->equations, o->stepped, o->constants, err) != 0)
        return -1;
    o->linear = linear;
    int rc = s->fractional ? take_turns(o, err) : go_round(o, err);
    r->solved = linear_solved(linear);
    linear_close(linear);
    return rc;
}

static int open_room(struct room *o, struct work *w, struct err *err)
{
    size_t n = w->s->equations.unknowns + 1;
    o->w = w;
    o->constants = malloc(n * sizeof *o->constants);
    o->values = malloc(n * sizeof *o->values);
    o->stepped = malloc(n);
    return o->constants && o->values && o->stepped ? 0 : err_memory(err);
}

static void close_room(struct room *o)
{
    free(o->constants);
    free(o->values);
    free(o->stepped);
}

static int search_next(void *context, unsigned worker, size_t item, struct err *err)
{
    struct work *w = context;
    struct room *o = &w->rooms[worker];
    if (!o->w && open_room(o, w, err) != 0)
        return -1;
    o->r = &w->regions[item];
    return search_region(o, err);
}

static size_t size_of(const void *context, size_t item)
{
    const struct work *w = context;
    return w->regions[item].count;
}

static int search_all(struct work *w, struct err *err)
{
    unsigned workers = parallel_count(w->s->threads, w->region_count);
    w->rooms = calloc(workers + 1U, sizeof *w->rooms);
    if (!w->rooms)
        return err_memory(err);
    int rc = parallel_largest_first(workers, w->region_count, size_of, search_next, w, err);
    for (unsigned k = 0; k < workers; k++)
        close_room(&w->rooms[k]);
    free(w->rooms);
    return rc;
}

/* Sorts the unknowns by region, those that are known or above the entities left out. */
static int sort_unknowns(struct work *w, size_t homes, struct err *err)
{
    const struct search *s = w->s;
    w->start = calloc(homes + 2, sizeof *w->start);
    w->order = malloc((s->equations.unknowns + 1) * sizeof *w->order);
    if (!w->start || !w->order)
        return err_memory(err);
    for (uint32_t u = 0; u < s->equations.unknowns; u++)
        if (s->equations.known[u] < 0)
            w->start[search_neighbourhood_of(s, s->cells[u]) + 2]++;
    for (size_t home = 0; home < homes; home++)
        w->start[home + 2] += w->start[home + 1];
    for (uint32_t u = 0; u < s->equations.unknowns; u++)
        if (s->equations.known[u] < 0)
            w->order[w->start[search_neighbourhood_of(s, s->cells[u]) + 1]++] = u;
    return 0;
}

/* The regions with an open cell, of all that the part has. */
static int list_regions(struct work *w, struct err *err)
{
    const struct search *s = w->s;
    size_t homes = s->system->structure->unit_count;
    w->regions = calloc(homes + 1, sizeof *w->regions);
    if (!w->regions)
        return err_memory(err);
    if (sort_unknowns(w, homes, err) != 0)
        return -1;
    for (size_t home = 1; home < homes; home++) {
        struct region r = {.home = home, .unknowns = w->order + w->start[home]};
        r.count = w->start[home + 1] - w->start[home];
        w->domains += r.count > 0;
        for (size_t i = 0; i < r.count; i++) {
            uint32_t at = s->target_of[r.unknowns[i]];
            r.open += at != TARGET_NONE && !s->targets[at].closed;
        }
        if (r.open)
            w->regions[w->region_count++] = r;
    }
    return 0;
}

/* The n-th vertices, in one table. */
static int add_tables(struct work *w, struct err *err)
{
    struct search *s = w->s;
    for (size_t round = 0; round < TURNS_MOST; round++)
        for (size_t i = 0; i < w->region_count; i++) {
            const struct region *r = &w->regions[i];
            if (round >= r->vertex_count)
                continue;
            size_t at = w->first_table + round;
            if (at == s->table_count && search_pool_add(s, s->tables[s->base_at], err) != 0)
                return -1;
            for (size_t k = 0; k < r->count; k++)
                s->tables[at][r->unknowns[k]] = r->vertices[round][k];
        }
    return 0;
}

static void count_open(struct search *s)
{
    s->open = 0;
    for (size_t i = 0; i < s->target_count; i++)
        s->open += !s->targets[i].closed;
}

int search_regions(struct search *s, struct err *err)
{
    struct work w = {.s = s, .first_table = s->table_count};
    (void)search_chance(&s->random); /* other numbers than the last time */
    int rc = list_regions(&w, err);
    if (rc == 0)
        rc = search_all(&w, err);
    if (rc == 0)
        rc = add_tables(&w, err);
    count_open(s);
    s->domains = w.domains;
    for (size_t i = 0; i < w.region_count; i++) {
        s->solved += w.regions[i].solved;
        for (size_t k = 0; k < w.regions[i].vertex_count; k++)
            free(w.regions[i].vertices[k]);
    }
    free(w.regions);
    free(w.start);
    free(w.order);
    return rc;
}
