/* SPDX-License-Identifier: EUPL-1.2 */
/* secondary_economise of include/sdc/secondary.h. */
#include "sdc/secondary_state.h"

#include <stdlib.h>
#include <string.h>

/* A cell that so many others depend on stays hidden: the larger the system, the fewer. */
enum {
    SYSTEM_SMALL = 2000,
    SYSTEM_MEDIUM = 6000,
    ROUNDS_MOST = 4,
    SEARCHES_LEAST = 6,
    SEARCHES_MOST = 64,
    SEARCHES_CELLS = 100000,
    ITERATIONS_MOST = 60000
};

struct trial {
    struct secondary *s;
    uint32_t *dropped; /* changes that move the cell at hand */
    size_t dropped_count;
    uint32_t *touched; /* cells that may have lost their protection */
    uint8_t *in;       /* per cell: it is in touched */
    size_t touched_count;
    uint32_t random; /* a fixed sequence */
    size_t searches_most;
    size_t iterations_most; /* of simplex; until then programmes may be asked too */
};

struct candidate {
    int64_t cost;
    uint32_t cell;
};

static int by_cost(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* A cell that no change shows to be protected has nothing to lose; the proof will tell. */
static void touch(struct trial *t, uint32_t cell)
{
    if (t->in[cell] || !needs_any(t->s->cells, t->s->hidden, cell) || !secondary_is_met(t->s, cell))
        return;
    t->in[cell] = 1;
    t->touched[t->touched_count++] = cell;
}

/* What shows others by moving the cell can show them no more. */
static int drop_changes(struct trial *t, uint32_t cell, struct err *err)
{
    struct evidence *e = t->s->evidence;
    size_t count;
    const uint32_t *ids = evidence_of(e, cell, &count);
    uint32_t *dropped = realloc(t->dropped, (t->dropped_count + count + 1) * sizeof *dropped);
    if (!dropped)
        return err_memory(err);
    t->dropped = dropped;
    for (size_t i = 0; i < count; i++) {
        if (!evidence_holds(e, ids[i]))
            continue;
        const struct move *m = evidence_move(e, ids[i]);
        for (size_t k = 0; k < m->count; k++)
            touch(t, m->cells[k]);
        evidence_drop(e, ids[i]);
        t->dropped[t->dropped_count++] = ids[i];
    }
    return 0;
}

/* Protects again whatever was touched, for less than the cell costs. */
static int protect_touched(struct trial *t, int64_t gain, bool *possible, struct err *err)
{
    struct secondary *s = t->s;
    size_t searches = 0;
    for (size_t i = 0; i < t->touched_count && *possible; i++) {
        int64_t cost;
        if (!needs_any(s->cells, s->hidden, t->touched[i]) || secondary_is_met(s, t->touched[i]))
            continue;
        if (++searches > t->searches_most) {
            *possible = false;
            return 0;
        }
        enum reach reach = s->iterations < t->iterations_most ? REACH_WIDE : REACH_EXCHANGES;
        if (secondary_protect(s, t->touched[i], gain, reach, possible, &cost, err) != 0)
            return -1;
        gain -= cost;
    }
    return 0;
}

/* Back to where it was; changes found on the way stay if all that they move is hidden. */
static void give_up(struct trial *t, const uint32_t *set, size_t count, size_t known)
{
    struct secondary *s = t->s;
    secondary_take_back(s, 0);
    for (size_t i = 0; i < count; i++)
        secondary_set_hidden(s, set[i], 1);
    s->opened_count = 0;
    for (size_t i = 0; i < t->dropped_count; i++)
        evidence_restore(s->evidence, t->dropped[i]);
    for (uint32_t id = (uint32_t)known; id < evidence_count(s->evidence); id++) {
        const struct move *m = evidence_move(s->evidence, id);
        for (size_t k = 0; k < m->count; k++)
            if (!s->hidden[m->cells[k]])
                evidence_drop(s->evidence, id);
    }
}

static void shuffle(struct trial *t)
{
    for (size_t i = t->touched_count; i > 1; i--) {
        t->random ^= t->random << 13;
        t->random ^= t->random >> 17;
        t->random ^= t->random << 5;
        size_t k = t->random % i;
        uint32_t swap = t->touched[k];
        t->touched[k] = t->touched[i - 1];
        t->touched[i - 1] = swap;
    }
}

/* Publishes the cells of the set, and protects again what that leaves open. *gained: for less than
 * they cost; otherwise nothing has changed. */
static int try_set(struct trial *t, const uint32_t *set, size_t count, bool *gained,
                   struct err *err)
{
    struct secondary *s = t->s;
    size_t known = evidence_count(s->evidence);
    int64_t gain = 0;
    int rc = 0;
    *gained = true;
    t->touched_count = t->dropped_count = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = drop_changes(t, set[i], err);
        s->may[set[i]] = count > 1; /* alone it would only come back */
        secondary_set_hidden(s, set[i], 0);
        gain += s->costs[set[i]];
    }
    if (count > 1)
        shuffle(t);
    s->opened_count = 0;
    rc = rc == 0 ? protect_touched(t, gain, gained, err) : rc;
    for (size_t i = 0; i < t->touched_count; i++)
        t->in[t->touched[i]] = 0;
    for (size_t i = 0; i < count; i++) {
        s->may[set[i]] = 1;
        secondary_set_hidden(s, set[i], s->hidden[set[i]]);
    }
    if (!*gained)
        give_up(t, set, count, known);
    return rc;
}

static size_t list_candidates(const struct secondary *s, const uint8_t *unsafe,
                              struct candidate *list)
{
    size_t count = 0;
    for (uint32_t i = 0; i < s->cells->count; i++)
        if (s->hidden[i] && !unsafe[i] && !(s->cells->flags[i] & CELL_UNPUBLISHED))
            list[count++] = (struct candidate){s->costs[i], i};
    if (count)
        qsort(list, count, sizeof *list, by_cost);
    return count;
}

/* One cell after the other, dearest first. */
static int economise_cells(struct trial *t, const uint8_t *unsafe, struct candidate *list,
                           size_t *gains, struct err *err)
{
    struct secondary *s = t->s;
    size_t count = list_candidates(s, unsafe, list);
    *gains = 0;
    for (size_t i = 0; i < count; i++) {
        bool gained = false;
        if (s->hidden[list[i].cell] && try_set(t, &list[i].cell, 1, &gained, err) != 0)
            return -1;
        *gains += gained;
    }
    return 0;
}

/* All of a unit at once: another choice there may do with less. */
static int economise_units(struct trial *t, const uint8_t *unsafe, size_t *gains, struct err *err)
{
    struct secondary *s = t->s;
    const struct blocks *b = &s->blocks;
    for (size_t u = 0; u < b->unit_count; u++) {
        size_t count = 0;
        for (size_t k = 0; k < b->class_count; k++) {
            uint32_t i = b->cell[u * b->class_count + k];
            if (i != SLOT_NONE && s->hidden[i] && !unsafe[i] &&
                !(s->cells->flags[i] & CELL_UNPUBLISHED))
                s->list[count++] = i;
        }
        bool gained = false;
        if (count > 1 && try_set(t, s->list, count, &gained, err) != 0)
            return -1;
        *gains += gained;
    }
    return 0;
}

int secondary_economise(struct secondary *s, const uint8_t *unsafe, struct err *err)
{
    if (s->fine) /* exchanges alone gain next to nothing, and take most of the time */
        return 0;
    size_t n = s->cells->count + 1, gained = 1;
    struct trial t = {.s = s, .random = 2463534242U};
    struct candidate *list = malloc(n * sizeof *list);
    secondary_forget_proofs(s);
    t.iterations_most = n <= SYSTEM_SMALL ? s->iterations + ITERATIONS_MOST : 0;
    t.searches_most = SEARCHES_CELLS / n;
    if (t.searches_most < SEARCHES_LEAST)
        t.searches_most = SEARCHES_LEAST;
    if (t.searches_most > SEARCHES_MOST)
        t.searches_most = SEARCHES_MOST;
    t.touched = malloc(n * sizeof *t.touched);
    t.in = calloc(n, 1);
    int rc = -1;
    if (!list || !t.touched || !t.in) {
        err_memory(err);
        goto out;
    }
    rc = 0;
    int rounds = n <= SYSTEM_MEDIUM ? ROUNDS_MOST : 1;
    for (int round = 0; round < rounds && gained && rc == 0; round++)
        if ((rc = economise_cells(&t, unsafe, list, &gained, err)) == 0)
            rc = economise_units(&t, unsafe, &gained, err);
out:
    free(list);
    free(t.dropped);
    free(t.touched);
    free(t.in);
    return rc;
}
