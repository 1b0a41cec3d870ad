/* SPDX-License-Identifier: EUPL-1.2 */
/* search_regions of include/sdc/part_search.h: the entities of one domain after the other, with all
 * that is above them as in the base. What happens in one domain does not touch the others, so that
 * the n-th vertices of all of them make one table. */
#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MOST = 8, IDLE_MOST = 2 };

struct region {
    struct search *s;
    size_t home;
    size_t first_table, round;
    int64_t *constants; /* per unknown: its value in the base, -1 in the region */
    uint32_t *unknowns; /* of the region */
    size_t count, open;
    struct linear *linear;
};

/* The table of the pool that this round's vertices go into. */
static int64_t *table_of_round(struct region *r, struct err *err)
{
    struct search *s = r->s;
    size_t at = r->first_table + r->round;
    if (at == s->table_count && search_pool_add(s, s->tables[s->base_at], err) != 0)
        return NULL;
    return s->tables[at];
}

static void pull(struct region *r)
{
    struct search *s = r->s;
    double lean = r->round % 2 ? 0.2 : 0.8;
    linear_clear(r->linear);
    for (size_t i = 0; i < r->count; i++) {
        uint32_t at = s->target_of[r->unknowns[i]];
        if (at == TARGET_NONE || s->targets[at].closed)
            continue;
        search_pull(s, r->linear, &s->targets[at], lean);
    }
}

/* Copies the vertex into the round's table. */
static int keep(struct region *r, struct err *err)
{
    struct search *s = r->s;
    int64_t *table = table_of_round(r, err);
    if (!table)
        return -1;
    for (size_t i = 0; i < r->count; i++) {
        uint32_t u = r->unknowns[i], at = s->target_of[u];
        table[u] = s->scratch[u];
        if (at == TARGET_NONE || s->targets[at].closed)
            continue;
        (void)search_notice(s, &s->targets[at], table[u], (int)(r->first_table + r->round));
        r->open -= s->targets[at].closed;
    }
    r->round++;
    return 0;
}

static int go_round(struct region *r, struct err *err)
{
    size_t idle = 0;
    for (int i = 0; i < ROUNDS_MOST && idle < IDLE_MOST && r->open; i++) {
        size_t before = r->open;
        pull(r);
        if (linear_maximise(r->linear, err) != 0 ||
            (linear_whole(r->linear, r->s->scratch) && keep(r, err) != 0))
            return -1;
        idle = r->open < before ? 0 : idle + 1;
    }
    return 0;
}

/* Lists the region's unknowns and makes their programme. */
static int enter(struct region *r, struct err *err)
{
    struct search *s = r->s;
    uint8_t *stepped = calloc(s->equations.unknowns + 1, 1);
    if (!stepped)
        return err_memory(err);
    r->count = r->open = r->round = 0;
    for (uint32_t u = 0; u < s->equations.unknowns; u++) {
        bool inside =
            s->equations.known[u] < 0 && search_neighbourhood_of(s, s->cells[u]) == r->home;
        r->constants[u] = inside ? -1 : s->tables[s->base_at][u];
        if (!inside)
            continue;
        r->unknowns[r->count++] = u;
        if (s->target_of[u] != TARGET_NONE) {
            stepped[u] = 1;
            r->open += !s->targets[s->target_of[u]].closed;
        }
    }
    int rc = r->open ? linear_open(&r->linear, &s->equations, stepped, r->constants, err) : 0;
    free(stepped);
    return rc;
}

int search_regions(struct search *s, struct err *err)
{
    size_t n = s->equations.unknowns + 1;
    struct region r = {.s = s, .first_table = s->table_count};
    r.constants = malloc(n * sizeof *r.constants);
    r.unknowns = malloc(n * sizeof *r.unknowns);
    int rc = r.constants && r.unknowns ? 0 : err_memory(err);
    for (r.home = 1; r.home < s->system->structure->unit_count && rc == 0; r.home++) {
        rc = enter(&r, err);
        if (rc == 0 && r.open)
            rc = go_round(&r, err);
        if (r.linear)
            s->solved += linear_solved(r.linear);
        linear_close(r.linear);
        r.linear = NULL;
    }
    free(r.constants);
    free(r.unknowns);
    return rc;
}
