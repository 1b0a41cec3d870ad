/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/search.h. */
#include "audit/search.h"

#include "base/report.h"

#include <stdlib.h>
#include <string.h>

enum {
    IDLE_SWEEPS = 6, /* answers in a row that settle next to nothing end the sweeps */
    NODES = 3000,    /* programmes of one branch and bound */
    NEAR = 60,       /* of one that any table ends */
    REWARD = 100,    /* for a cell's change by one, beside the cost 1 of all changes */
};

struct part_search {
    struct audit_search *s;
    struct audit_range range;
    uint8_t *met;   /* per cell of the system: its part was searched */
    uint32_t *open; /* cells of the part that are not settled, */
    uint32_t *at;   /* and per place in the part: where the cell is among them */
    size_t open_count;
    int64_t *low, *high; /* per place in the part: in any table; -1 = there was none */
    uint64_t random;
};

const char *audit_verdict_text(enum audit_verdict v)
{
    static const char *const texts[] = {
        [SEARCH_NOT_ASKED] = "not searched",
        [SEARCH_SHOWN] = "protected",
        [SEARCH_EXACT] = "its count follows from what is published",
        [SEARCH_NARROW] = "what is published leaves too narrow a range",
        [SEARCH_NO_TABLE] = "no table agrees with what is published around it",
        [SEARCH_OPEN] = "no tables were found that show it protected",
    };
    return texts[v];
}

/* A fixed sequence of numbers (xorshift). */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t place_of(const struct part_search *p, uint32_t cell)
{
    return p->range.part.place[cell] - 1;
}

/* The cell leaves the open ones; the last of them takes its place. */
static void settle(struct part_search *p, uint32_t cell, enum audit_verdict verdict)
{
    uint32_t at = p->at[place_of(p, cell)], last = p->open[--p->open_count];
    p->open[at] = last;
    p->at[place_of(p, last)] = at;
    p->s->verdict[cell] = (uint8_t)verdict;
    progress_step(1);
}

/* Takes the table at hand into the ranges, and settles what they show; how many cells. */
static size_t take_table(struct part_search *p)
{
    size_t before = p->open_count;
    p->s->tables++;
    for (size_t i = p->open_count; i-- > 0;) {
        size_t place = place_of(p, p->open[i]);
        int64_t value = p->range.table[place];
        if (p->low[place] < 0 || value < p->low[place])
            p->low[place] = value;
        if (value > p->high[place])
            p->high[place] = value;
        if (audit_protects(p->s->c, p->open[i], p->low[place], p->high[place]))
            settle(p, p->open[i], SEARCH_SHOWN);
    }
    if (!p->range.has_from)
        audit_range_from(&p->range);
    return before - p->open_count;
}

static size_t solve_and_take(struct part_search *p, enum audit_solved *solved)
{
    *solved = audit_range_solve(&p->range);
    bool found = *solved == RANGE_SOLVED &&
                 (audit_range_table(&p->range) || audit_range_near(&p->range, NEAR));
    return found ? take_table(p) : 0;
}

/* The change of a cell that certainly protects it, if it is possible. */
static int64_t wanted_change(const struct part_search *p)
{
    const struct disclosure *d = &p->s->c->rules.disclosure;
    int64_t wanted = d->threshold > d->protection_width ? d->threshold : d->protection_width;
    return d->interval ? wanted : 1;
}

/* All open cells at once, each up or down with a weight of its own; from the table at hand by
 * steps, or as far as it goes. */
static void price_sweep(struct part_search *p, bool steps)
{
    audit_range_clear(&p->range);
    for (size_t i = 0; i < p->open_count; i++) {
        uint64_t number = draw(&p->random);
        double weight = 1 + (double)(number % 16);
        bool up = number & 256U;
        audit_range_price(&p->range, p->open[i], up ? -weight : weight);
    }
    if (steps)
        audit_range_step(&p->range, wanted_change(p));
}

/* False: no table agrees. */
static bool sweep(struct part_search *p)
{
    bool steps = false;
    for (size_t idle = 0; p->open_count > 0 && idle < IDLE_SWEEPS;) {
        enum audit_solved solved;
        size_t enough = 1 + p->open_count / 64;
        price_sweep(p, steps);
        size_t settled = solve_and_take(p, &solved);
        if (solved == RANGE_EMPTY)
            return false;
        idle = settled < enough ? idle + 1 : 0;
        if (settled < enough)
            steps = !steps && p->range.has_from;
    }
    return true;
}

/* A table to take steps from, any. False: no table agrees. */
static bool find_from(struct part_search *p)
{
    audit_range_clear(&p->range);
    enum audit_solved solved = audit_range_solve(&p->range);
    if (solved == RANGE_SOLVED &&
        (audit_range_table(&p->range) || audit_range_near(&p->range, NODES)))
        (void)take_table(p);
    return solved != RANGE_EMPTY;
}

/* A cell up and down by steps. True: that settled it. */
static bool step(struct part_search *p, uint32_t cell)
{
    for (int sign = -1; sign <= 1 && p->range.has_from; sign += 2) {
        enum audit_solved solved;
        audit_range_clear(&p->range);
        audit_range_price(&p->range, cell, sign * REWARD);
        audit_range_step(&p->range, wanted_change(p));
        (void)solve_and_take(p, &solved);
        if (p->s->verdict[cell] == SEARCH_SHOWN)
            return true;
    }
    return false;
}

struct extreme { /* of sign * the cell's value, which is made as small as can be */
    int64_t bound;
    bool bounded; /* the bound is shown in whole numbers */
};

/* One end of a cell's range. True: the cell is settled. */
static bool look_at_end(struct part_search *p, uint32_t cell, int sign, struct extreme *e)
{
    audit_range_clear(&p->range);
    audit_range_price(&p->range, cell, sign);
    e->bounded = false;
    if (audit_range_solve(&p->range) != RANGE_SOLVED)
        return false;
    e->bounded = audit_range_bound(&p->range, cell, sign, &e->bound);
    if (audit_range_table(&p->range))
        (void)take_table(p);
    return p->s->verdict[cell] == SEARCH_SHOWN;
}

/* Whole numbers where an end of the linear programme is none. True: the end is known for certain,
 * or the cell is settled. */
static bool branch_end(struct part_search *p, uint32_t cell, int sign, struct extreme *e)
{
    size_t place = place_of(p, cell);
    int64_t seen = sign < 0 ? p->high[place] : p->low[place];
    int64_t best = seen < 0 ? INT64_MAX : sign * seen, before = best;
    if (e->bounded && best == e->bound)
        return true; /* attained */
    int64_t goal = e->bounded ? e->bound : INT64_MIN;
    bool complete = audit_range_whole(&p->range, cell, sign, goal, NODES, &best);
    if (best < before)
        (void)take_table(p);
    if (p->s->verdict[cell] == SEARCH_SHOWN)
        return true;
    e->bound = best;
    e->bounded = complete && best != INT64_MAX;
    return e->bounded;
}

/* What is known of a cell that no table settled. */
static enum audit_verdict judge(struct part_search *p, uint32_t cell)
{
    struct extreme low = {0}, high = {0};
    /* Most of those that the sweeps leave are never small, which one programme shows. */
    if (look_at_end(p, cell, 1, &low) ||
        (low.bounded && audit_protects_floor(p->s->c, low.bound)) || step(p, cell) ||
        look_at_end(p, cell, -1, &high))
        return SEARCH_SHOWN;
    bool enough =
        !low.bounded || !high.bounded || audit_protects(p->s->c, cell, low.bound, -high.bound);
    bool known = branch_end(p, cell, -1, &high) && branch_end(p, cell, 1, &low);
    if (p->s->verdict[cell] == SEARCH_SHOWN)
        return SEARCH_SHOWN;
    if (!known)
        return enough ? SEARCH_OPEN : SEARCH_NARROW;
    return low.bound == -high.bound ? SEARCH_EXACT : SEARCH_NARROW;
}

static void settle_all(struct part_search *p, enum audit_verdict verdict)
{
    while (p->open_count > 0)
        settle(p, p->open[p->open_count - 1], verdict);
}

static bool is_spent(const struct part_search *p)
{
    const struct audit_search *s = p->s;
    return s->limit && s->programmes + p->range.programmes > s->limit;
}

static void search_part(struct part_search *p)
{
    if (is_spent(p)) {
        settle_all(p, SEARCH_OPEN);
        return;
    }
    if (!find_from(p) || !sweep(p)) {
        settle_all(p, SEARCH_NO_TABLE);
        return;
    }
    while (p->open_count > 0) {
        uint32_t cell = p->open[p->open_count - 1];
        enum audit_verdict verdict = is_spent(p) ? SEARCH_OPEN : judge(p, cell);
        if (p->s->verdict[cell] == SEARCH_NOT_ASKED) /* no table did */
            settle(p, cell, verdict);
    }
}

static int search_around(struct part_search *p, size_t cell, struct err *err)
{
    struct audit_search *s = p->s;
    if (audit_range_enter(&p->range, cell, err) != 0)
        return -1;
    p->open_count = 0;
    for (size_t j = 0; j < p->range.part.cell_count; j++) {
        uint32_t at = p->range.part.cells[j];
        p->low[j] = p->high[j] = -1;
        p->met[at] = 1;
        if (!s->asked[at])
            continue;
        p->at[j] = (uint32_t)p->open_count;
        p->open[p->open_count++] = at;
    }
    s->cells += p->open_count;
    s->parts++;
    search_part(p);
    s->programmes += p->range.programmes;
    return 0;
}

int audit_search(struct audit_search *s, struct err *err)
{
    size_t n = s->c->cells.count;
    struct part_search p = {.s = s, .random = UINT64_C(0x9e3779b97f4a7c15)};
    p.met = calloc(n + 1, sizeof *p.met);
    p.open = calloc(n + 1, sizeof *p.open);
    p.at = calloc(n + 1, sizeof *p.at);
    p.low = malloc((n + 1) * sizeof *p.low);
    p.high = malloc((n + 1) * sizeof *p.high);
    s->verdict = calloc(n + 1, sizeof *s->verdict);
    int rc = 0;
    if (!p.met || !p.open || !p.at || !p.low || !p.high || !s->verdict) {
        rc = err_memory(err);
        goto out;
    }
    rc = audit_range_begin(&p.range, s->c, s->index, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (s->asked[i] && s->c->hidden[i] && !p.met[i])
            rc = search_around(&p, i, err);
out:
    audit_range_close(&p.range);
    free(p.met);
    free(p.open);
    free(p.at);
    free(p.low);
    free(p.high);
    return rc;
}

void audit_search_release(struct audit_search *s)
{
    free(s->verdict);
    s->verdict = NULL;
}
