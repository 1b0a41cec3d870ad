/* SPDX-License-Identifier: EUPL-1.2 */
/* search_alone and search_target of include/sdc/part_search.h: one cell after the other.
 *
 * NEIGHBOURHOODS. A cell is first moved among the cells of its unit's siblings alone, all others as
 * in the base: a small programme. 0 is the whole part. */
#include "sdc/part_search.h"

#include "sdc/whole_table.h"

#include <stdlib.h>

enum { BASES_MOST = 4 };

static const double NEARLY = 1e-6;

static int open_neighbourhood(struct search *s, size_t home, struct err *err)
{
    uint8_t *movable = calloc(s->system->count + 1, 1);
    if (!movable)
        return err_memory(err);
    for (size_t u = 0; u < s->equations.unknowns; u++)
        movable[s->cells[u]] = s->equations.known[u] < 0 &&
                               (home == 0 || search_neighbourhood_of(s, s->cells[u]) == home);
    struct neighbourhood *n = &s->neighbourhoods[home];
    int rc = deviations_open(&n->deviations, s->system, s->base, movable, s->held, err);
    for (size_t u = 0; rc == 0 && u < s->equations.unknowns; u++)
        deviations_price(n->deviations, s->cells[u], 1, 1);
    free(movable);
    return rc;
}

/* Its programme, as of the present base and held cells; NULL after an error. */
static struct deviations *deviations_at(struct search *s, size_t home, struct err *err)
{
    struct neighbourhood *n = &s->neighbourhoods[home];
    if (!n->deviations && open_neighbourhood(s, home, err) != 0)
        return NULL;
    if (n->version != s->version)
        deviations_rebase(n->deviations);
    n->version = s->version;
    return n->deviations;
}

/* Whole numbers near the base as a fractional change leaves it, the target at its value. */
static int make_whole(struct search *s, const struct deviations *d, const struct target *t,
                      int64_t value, bool *found, struct err *err)
{
    size_t n = s->equations.unknowns;
    double *x = malloc((n + 1) * sizeof *x);
    int64_t *kept = malloc((n + 1) * sizeof *kept);
    int rc = x && kept ? 0 : err_memory(err);
    for (size_t u = 0; rc == 0 && u < n; u++) {
        uint32_t cell = s->cells[u];
        kept[u] = s->held[cell] ? s->base[cell] : s->equations.known[u];
        x[u] = (double)s->base[cell] + deviations_moved(d, cell);
    }
    if (rc == 0) {
        kept[t->unknown] = value;
        rc = whole_table(&s->equations, x, kept, s->scratch, found, err);
    }
    if (rc == 0 && *found)
        rc = search_pool_offer(s, err);
    free(x);
    free(kept);
    return rc;
}

/* As move_near, within a neighbourhood. *possible: such a table exists, whole or not. */
static int move_within(struct search *s, size_t home, const struct target *t, int64_t value,
                       bool *possible, bool *found, struct err *err)
{
    struct move m;
    struct deviations *d = deviations_at(s, home, err);
    *possible = *found = false;
    if (!d || deviations_solve(d, t->cell, value - s->base[t->cell], &m, err) != 0)
        return -1;
    s->solved++;
    s->effort += home ? s->equations.unknowns / 8 + 1 : s->equations.unknowns;
    *possible = m.possible;
    *found = m.possible && m.whole && search_move_allowed(s, &m);
    int rc = *found ? search_add_move(s, &m, err) : 0;
    if (rc == 0 && m.possible && !m.whole && home == 0 && s->may_branch)
        rc = make_whole(s, d, t, value, found, err);
    move_release(&m);
    return rc;
}

/* Looks for a table in which the target has this value, near the base. *possible: there is one. */
static int move_near(struct search *s, const struct target *t, int64_t value, bool *possible,
                     bool *found, struct err *err)
{
    size_t home = search_neighbourhood_of(s, t->cell);
    *found = false;
    if (home && move_within(s, home, t, value, possible, found, err) != 0)
        return -1;
    return *found ? 0 : move_within(s, 0, t, value, possible, found, err);
}

static int64_t rounded_up(double x)
{
    int64_t whole = (int64_t)x;
    return (double)whole < x - NEARLY ? whole + 1 : whole;
}

/* Its least value, which may prove a floor; a table with it is looked for. */
static int lower_alone(struct search *s, struct target *t, int64_t *least, struct err *err)
{
    bool settled = s->equations.known[t->unknown] >= 0;
    linear_clear(s->linear);
    linear_weigh(s->linear, t->unknown, -1, -1, 0);
    if (!settled && search_solve_and_offer(s, err) != 0)
        return -1;
    int64_t floor = linear_floor(s->linear, t->unknown);
    t->floor = floor > t->floor ? floor : t->floor;
    if (!t->closed && t->floor >= t->needs.floor) {
        t->closed = true;
        s->open--;
    }
    *least = rounded_up(linear_value(s->linear, t->unknown));
    bool possible, found;
    return !t->closed && t->low > *least ? move_near(s, t, *least, &possible, &found, err) : 0;
}

/* Up, alone: *high is the greatest value that it may have, no more than `wanted`. */
static int raise_alone(struct search *s, struct target *t, int64_t wanted, double *high,
                       struct err *err)
{
    *high = (double)wanted;
    if (s->equations.known[t->unknown] >= 0) /* no search widens what can be computed */
        return 0;
    linear_clear(s->linear);
    linear_weigh(s->linear, t->unknown, 1, 0, wanted);
    if (search_solve_and_offer(s, err) != 0)
        return -1;
    *high = linear_value(s->linear, t->unknown) + NEARLY;
    return 0;
}

/* Down as far as the greatest value seen asks. */
static int lower_near(struct search *s, struct target *t, struct err *err)
{
    int64_t low = t->high - t->needs.width;
    bool possible, found;
    if (t->high < t->needs.high || low < 0 || s->base[t->cell] <= low)
        return 0;
    return move_near(s, t, low, &possible, &found, err);
}

/* Up as far as the lowest value seen asks; if that cannot be, as far as it goes, and down. No more
 * is tried of what cannot be as high as it must. */
int search_target(struct search *s, struct target *t, struct err *err)
{
    bool possible, found;
    double high;
    int64_t wanted = search_wanted_high(t), least = 0;
    t->impossible = false;
    if (move_near(s, t, wanted, &possible, &found, err) != 0)
        return -1;
    if (!t->closed && lower_near(s, t, err) != 0)
        return -1;
    if (t->closed)
        return 0;
    if (raise_alone(s, t, wanted, &high, err) != 0)
        return -1;
    t->impossible = high < (double)t->needs.high;
    if (t->closed || t->impossible)
        return 0;
    if ((t->low_at == TABLE_NONE || t->low > 0) && lower_alone(s, t, &least, err) != 0)
        return -1;
    t->impossible = high < (double)(least + t->needs.width);
    if (t->closed || (!possible && search_wanted_high(t) >= wanted))
        return 0;
    return move_near(s, t, search_wanted_high(t), &possible, &found, err);
}

static void close_target(struct search *s, struct target *t)
{
    s->open -= !t->closed;
    t->closed = true;
}

/* Every open target, from the present base. */
static int search_each(struct search *s, struct err *err)
{
    for (size_t i = 0; i < s->target_count && s->open; i++) {
        struct target *t = &s->targets[i];
        if (t->closed)
            continue;
        if (search_target(s, t, err) != 0)
            return -1;
        if (t->impossible)
            close_target(s, t);
    }
    return 0;
}

/* A whole number that is missed near one base may be found near another. */
int search_alone(struct search *s, struct err *err)
{
    if (s->open && s->table_count)
        search_set_base(s);
    bool hasty = s->view->table || s->by_units;
    for (int base = 0; base < BASES_MOST && s->open && s->table_count && !hasty; base++)
        if ((base > 0 && search_other_base(s, err) != 0) || search_each(s, err) != 0)
            return -1;
    for (size_t i = 0; i < s->target_count; i++)
        close_target(s, &s->targets[i]); /* not shown to be protected */
    return 0;
}
