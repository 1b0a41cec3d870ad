/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/economise_trial.h. */
#include "sdc/economise_trial.h"

#include <stdlib.h>
#include <string.h>

struct trial_room {
    struct secondary *s;
    struct trial_limits limits;
    uint32_t *dropped; /* changes that move the cells at hand */
    size_t dropped_count;
    uint32_t *touched; /* cells that may have lost their protection */
    uint8_t *in;       /* per cell: it is in touched */
    size_t touched_count;
};

int trial_room_open(struct trial_room **out, struct secondary *s, const struct trial_limits *limits,
                    struct err *err)
{
    struct trial_room *r = *out = calloc(1, sizeof *r);
    if (!r)
        return err_memory(err);
    r->s = s;
    r->limits = *limits;
    r->touched = malloc((s->cells->count + 1) * sizeof *r->touched);
    r->in = calloc(s->cells->count + 1, 1);
    return r->touched && r->in ? 0 : err_memory(err);
}

void trial_room_close(struct trial_room *r)
{
    if (!r)
        return;
    free(r->dropped);
    free(r->touched);
    free(r->in);
    free(r);
}

/* A cell that no change shows to be protected has nothing to lose; the proof will tell. */
static void touch(struct trial_room *r, uint32_t cell)
{
    if (r->in[cell] || !needs_any(r->s->cells, r->s->hidden, cell) || !secondary_is_met(r->s, cell))
        return;
    r->in[cell] = 1;
    r->touched[r->touched_count++] = cell;
}

/* What shows others by moving the cell can show them no more. */
static int drop_changes(struct trial_room *r, uint32_t cell, struct err *err)
{
    struct evidence *e = r->s->evidence;
    size_t count;
    const uint32_t *ids = evidence_of(e, cell, &count);
    uint32_t *dropped = realloc(r->dropped, (r->dropped_count + count + 1) * sizeof *dropped);
    if (!dropped)
        return err_memory(err);
    r->dropped = dropped;
    for (size_t i = 0; i < count; i++) {
        if (!evidence_holds(e, ids[i]))
            continue;
        const struct move *m = evidence_move(e, ids[i]);
        for (size_t k = 0; k < m->count; k++)
            touch(r, m->cells[k]);
        evidence_drop(e, ids[i]);
        r->dropped[r->dropped_count++] = ids[i];
    }
    return 0;
}

/* Protects again whatever was touched, for less than the cells cost. */
static int protect_touched(struct trial_room *r, int64_t gain, bool *possible, struct err *err)
{
    struct secondary *s = r->s;
    size_t searches = 0;
    for (size_t i = 0; i < r->touched_count && *possible; i++) {
        int64_t cost;
        if (!needs_any(s->cells, s->hidden, r->touched[i]) || secondary_is_met(s, r->touched[i]))
            continue;
        if (++searches > r->limits.searches_most) {
            *possible = false;
            return 0;
        }
        enum reach reach = s->iterations < r->limits.iterations_most ? REACH_WIDE : REACH_EXCHANGES;
        if (secondary_protect(s, r->touched[i], gain, reach, possible, &cost, err) != 0)
            return -1;
        gain -= cost;
    }
    return 0;
}

static void shuffle(struct trial_room *r, uint32_t random)
{
    for (size_t i = r->touched_count; i > 1; i--) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        size_t k = random % i;
        uint32_t swap = r->touched[k];
        r->touched[k] = r->touched[i - 1];
        r->touched[i - 1] = swap;
    }
}

/* Publishes the cells of the set. *gain: what they cost. */
static int publish(struct trial_room *r, const struct trial *t, int64_t *gain, struct err *err)
{
    struct secondary *s = r->s;
    r->touched_count = r->dropped_count = 0;
    *gain = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (drop_changes(r, t->set[i], err) != 0)
            return -1;
        if (t->count == 1) /* it would only come back */
            s->barred = t->set[i];
        secondary_set_hidden(s, t->set[i], 0);
        *gain += s->costs[t->set[i]];
    }
    s->opened_count = 0;
    return 0;
}

static int keep_opened(const struct secondary *s, struct trial *t, struct err *err)
{
    t->opened = malloc((s->opened_count + 1) * sizeof *t->opened);
    if (!t->opened)
        return err_memory(err);
    memcpy(t->opened, s->opened, s->opened_count * sizeof *t->opened);
    t->opened_count = s->opened_count;
    return 0;
}

/* Everything is hidden as before the trial. */
static void take_back(struct trial_room *r, const struct trial *t)
{
    struct secondary *s = r->s;
    secondary_take_back(s, 0);
    s->barred = SLOT_NONE;
    for (size_t i = 0; i < t->count; i++)
        secondary_set_hidden(s, t->set[i], 1);
    s->opened_count = 0;
    for (size_t i = 0; i < r->dropped_count; i++)
        evidence_restore(s->evidence, r->dropped[i]);
    for (size_t i = 0; i < r->touched_count; i++)
        r->in[r->touched[i]] = 0;
}

static bool moves_hidden(const struct secondary *s, const struct move *m)
{
    for (size_t k = 0; k < m->count; k++)
        if (!s->hidden[m->cells[k]])
            return false;
    return true;
}

/* Out of the evidence, into the trial: those that hold there, whether or not it gained. */
static int take_moves(struct trial_room *r, struct trial *t, size_t known, struct err *err)
{
    struct evidence *e = r->s->evidence;
    size_t count = evidence_count(e) - known;
    t->moves = calloc(count + 1, sizeof *t->moves);
    if (!t->moves)
        return err_memory(err);
    while (evidence_count(e) > known) {
        struct move m;
        evidence_take_last(e, &m);
        if (t->gained || moves_hidden(r->s, &m))
            t->moves[t->move_count++] = m;
        else
            move_release(&m);
    }
    return 0;
}

int trial_make(struct trial_room *r, struct trial *t, size_t iterations, struct err *err)
{
    struct secondary *s = r->s;
    size_t known = evidence_count(s->evidence);
    int64_t gain;
    s->iterations = iterations;
    t->gained = true;
    int rc = publish(r, t, &gain, err);
    if (t->count > 1)
        shuffle(r, t->random);
    if (rc == 0)
        rc = protect_touched(r, gain, &t->gained, err);
    t->iterations = s->iterations - iterations;
    if (rc == 0 && t->gained)
        rc = keep_opened(s, t, err);
    take_back(r, t);
    return rc == 0 ? take_moves(r, t, known, err) : -1;
}

static void adopt_cells(struct secondary *s, const struct trial *t)
{
    for (size_t i = 0; i < t->count; i++) {
        size_t count;
        const uint32_t *ids = evidence_of(s->evidence, t->set[i], &count);
        for (size_t k = 0; k < count; k++)
            evidence_drop(s->evidence, ids[k]);
        secondary_set_hidden(s, t->set[i], 0);
    }
    s->opened_count = 0;
    for (size_t i = 0; i < t->opened_count; i++)
        secondary_set_hidden(s, t->opened[i], 1);
    s->opened_count = 0;
}

/* In the order in which they were found. */
int trial_adopt(struct secondary *s, const struct trial *t, struct err *err)
{
    if (t->gained)
        adopt_cells(s, t);
    for (size_t i = t->move_count; i-- > 0;) {
        struct move copy;
        uint32_t id;
        if (move_copy(&copy, &t->moves[i], err) != 0)
            return -1;
        if (evidence_add(s->evidence, &copy, &id, err) != 0) {
            move_release(&copy);
            return -1;
        }
    }
    return 0;
}

void trial_release(struct trial *t)
{
    for (size_t i = 0; i < t->move_count; i++)
        move_release(&t->moves[i]);
    free(t->moves);
    free(t->opened);
    t->moves = NULL;
    t->opened = NULL;
    t->move_count = t->opened_count = 0;
}
