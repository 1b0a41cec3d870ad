/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_search.h. */
#include "sdc/part_search.h"

#include "sdc/whole_table.h"

#include <stdlib.h>
#include <string.h>

enum { PASSES_MOST = 300, CLOSED_LEAST = 8, TOGETHER_ROUNDS = 16, FAR = 1000000, GOOD_PART = 16 };

static const double NEARLY = 1e-6;

/* A number in [0, 1), the same in every run. */
double search_chance(uint32_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return (double)(*random & 1023) / 1024;
}

bool target_paired(const struct target *t)
{
    return t->low_at != TABLE_NONE && needs_met(&t->needs, t->low, t->high);
}

int search_pool_grow(struct search *s, struct err *err)
{
    size_t capacity = s->table_capacity ? 2 * s->table_capacity : 16;
    int64_t **tables = realloc((void *)s->tables, capacity * sizeof *tables);
    if (!tables)
        return err_memory(err);
    s->tables = tables;
    size_t *layers = realloc(s->layers, capacity * sizeof *layers);
    if (!layers)
        return err_memory(err);
    s->layers = layers;
    s->table_capacity = capacity;
    return 0;
}

bool target_notice(struct target *t, int64_t value, int table)
{
    bool news = false;
    if (t->closed)
        return false;
    if (t->low_at == TABLE_NONE || value < t->low) {
        t->low = value;
        t->low_at = table;
        news = true;
    }
    if (t->high_at == TABLE_NONE || value > t->high) {
        t->high = value;
        t->high_at = table;
        news = true;
    }
    t->closed = target_paired(t);
    return news;
}

bool search_notice(struct search *s, struct target *t, int64_t value, int table)
{
    bool before = t->closed, news = target_notice(t, value, table);
    s->open -= t->closed && !before;
    return news;
}

int search_pool_add(struct search *s, const int64_t *table, struct err *err)
{
    if (s->table_count == s->table_capacity && search_pool_grow(s, err) != 0)
        return -1;
    size_t bytes = (s->equations.unknowns + 1) * sizeof *table;
    int64_t *copy = malloc(bytes);
    if (!copy)
        return err_memory(err);
    memcpy(copy, table, bytes);
    s->tables[s->table_count++] = copy;
    return 0;
}

/* Adds the scratch table to the pool if it shows an open cell at a new low or high. */
static int pool_offer(struct search *s, struct err *err)
{
    bool news = false;
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *t = &s->targets[i];
        news = search_notice(s, t, s->scratch[t->unknown], (int)s->table_count) || news;
    }
    return news ? search_pool_add(s, s->scratch, err) : 0;
}

/* How high a cell must be seen, and how low, given what was seen on the other side. */
int64_t search_wanted_high(const struct target *t)
{
    int64_t wide = (t->low_at == TABLE_NONE ? 0 : t->low) + t->needs.width;
    return wide > t->needs.high ? wide : t->needs.high;
}
int search_solve_and_offer(struct search *s, struct err *err)
{
    s->effort += s->equations.unknowns;
    if (linear_maximise(s->linear, err) != 0)
        return -1;
    return linear_whole(s->linear, s->scratch) ? pool_offer(s, err) : 0;
}

void search_pull(uint32_t *random, struct linear *linear, const struct target *t, double lean)
{
    int64_t low = t->high - t->needs.width;
    double weight = search_chance(random);
    bool down = t->low_at != TABLE_NONE && t->low > 0 && search_chance(random) < lean;
    if (down)
        linear_weigh(linear, t->unknown, 0, -weight, low > 0 ? low : 0);
    else
        linear_weigh(linear, t->unknown, weight, 0, search_wanted_high(t));
}

/* Where a cell has room to move either way. */
static int64_t roomy(const struct target *t)
{
    return t->needs.high > t->needs.width ? t->needs.high : t->needs.width;
}

/* Any way at all, so that what is below stands differently; up as far as it was seen. */
static void push(struct search *s, const struct target *t)
{
    double weight = search_chance(&s->random) - 0.5;
    linear_weigh(s->linear, t->unknown, weight, weight < 0 ? weight : 0, t->high);
}

enum pass {
    PASS_ROOMY, /* what stands above the entities has room to move, as much as can be */
    PASS_ABOVE, /* open cells there stand where they must still be seen, and others anywhere */
    PASS_ALL    /* open cells of entities too, which takes several times as long */
};

/* A table that others start from. */
static int search_first(struct search *s, enum pass kind, struct err *err)
{
    bool found;
    linear_clear(s->linear);
    for (size_t i = 0; i < s->target_count; i++) {
        const struct target *t = &s->targets[i];
        bool above = search_neighbourhood_of(s, t->cell) == 0;
        if (kind == PASS_ROOMY && above)
            linear_weigh(s->linear, t->unknown, 1, 0, roomy(t));
        else if (kind != PASS_ROOMY && !t->closed && (above || kind == PASS_ALL))
            search_pull(&s->random, s->linear, t, 0.5);
        else if (kind == PASS_ABOVE && above)
            push(s, t);
    }
    s->effort += s->equations.unknowns;
    if (linear_maximise(s->linear, err) != 0 ||
        linear_repair(s->linear, s->scratch, &found, err) != 0)
        return -1;
    if (!found || pool_offer(s, err) != 0)
        return found ? -1 : 0;
    s->base_at = s->table_count - 1;
    search_set_base(s);
    return 0;
}

/* With entities left to their domains as long as that closes a good part; then with them. A pass
 * takes as long as a few cells alone: on as long as it closes more than these. */
static int search_passes(struct search *s, struct err *err)
{
    bool on = true;
    enum pass kind = PASS_ROOMY;
    for (int pass = 0; pass < PASSES_MOST && s->open && on; pass++) {
        size_t before = s->open;
        if (search_first(s, kind, err) != 0)
            return -1;
        if (s->table_count == 0)
            return 0;
        if (search_regions(s, err) != 0)
            return -1;
        size_t closed = before - s->open;
        on = kind != PASS_ALL || closed >= CLOSED_LEAST;
        if (kind == PASS_ROOMY)
            kind = PASS_ABOVE;
        else if (closed * GOOD_PART < before)
            kind = PASS_ALL;
    }
    return 0;
}

/* All open cells at once, each pulled up or down at random: in a vertex, many stand at an extreme.
 * Upwards the pull ends at a step, so that nothing is unbounded where no head count is public. */
int search_together(struct search *s, struct err *err)
{
    for (int round = 0; round < TOGETHER_ROUNDS && s->open; round++) {
        double lean = round % 2 ? 0.2 : 0.8; /* some rounds mostly up, some mostly down */
        linear_clear(s->linear);
        for (size_t i = 0; i < s->target_count; i++) {
            const struct target *t = &s->targets[i];
            double pull = search_chance(&s->random) - lean;
            if (!t->closed)
                linear_weigh(s->linear, t->unknown, pull, pull < 0 ? pull : 0, FAR);
        }
        s->effort += s->equations.unknowns;
        if (search_solve_and_offer(s, err) != 0)
            return -1;
    }
    return 0;
}

void search_set_base(struct search *s)
{
    for (size_t u = 0; u < s->equations.unknowns; u++)
        s->base[s->cells[u]] = s->tables[s->base_at][u];
    s->layer_count = 0;
    s->version++;
}

/* NEIGHBOURHOODS. A cell is first moved among the cells of its unit's siblings alone, all others as
 * in the base: a small programme. 0 is the whole part. */
size_t search_neighbourhood_of(const struct search *s, uint32_t cell)
{
    int parent = s->system->structure->units[s->system->unit[cell]].parent;
    return parent > 0 ? (size_t)parent : 0;
}

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
        rc = pool_offer(s, err);
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

/* Its least value; may prove a floor. */
static int lower_alone(struct search *s, struct target *t, struct err *err)
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
    int64_t least = rounded_up(linear_value(s->linear, t->unknown));
    bool possible, found;
    return !t->closed && t->low > least ? move_near(s, t, least, &possible, &found, err) : 0;
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

/* Up as far as the lowest value seen asks, then down as far as it goes; where the vertices are
 * fractional, by a move of a table of the pool. No more is tried of what cannot be as high as it
 * must. */
int search_target(struct search *s, struct target *t, struct err *err)
{
    bool possible, found;
    double high;
    int64_t wanted = search_wanted_high(t);
    size_t home = search_neighbourhood_of(s, t->cell);
    if (move_within(s, home, t, wanted, &possible, &found, err) != 0)
        return -1;
    if (t->closed)
        return 0;
    if (raise_alone(s, t, wanted, &high, err) != 0)
        return -1;
    if (t->closed || high < (double)t->needs.high)
        return 0;
    if (home && high >= (double)wanted && move_within(s, 0, t, wanted, &possible, &found, err) != 0)
        return -1;
    if (!t->closed && (t->low_at == TABLE_NONE || t->low > 0) && lower_alone(s, t, err) != 0)
        return -1;
    if (t->closed || (!possible && search_wanted_high(t) >= wanted))
        return 0;
    return move_near(s, t, search_wanted_high(t), &possible, &found, err);
}

static int search_alone(struct search *s, struct err *err)
{
    if (s->open && s->table_count)
        search_set_base(s);
    for (size_t i = 0; i < s->target_count && s->open; i++) {
        struct target *t = &s->targets[i];
        if (t->closed)
            continue;
        if (s->table_count && !s->view->hasty && search_target(s, t, err) != 0)
            return -1;
        if (!t->closed) { /* not protected, or not shown to be */
            t->closed = true;
            s->open--;
        }
    }
    return 0;
}

bool target_protected(const struct target *t)
{
    return target_paired(t) || t->floor >= t->needs.floor;
}

static int list_targets(struct search *s, const struct view *view, const struct bounds *bounds,
                        const struct disclosure *rules, size_t cell_count, struct err *err)
{
    s->targets = calloc(cell_count + 1, sizeof *s->targets);
    s->target_of = malloc((cell_count + 1) * sizeof *s->target_of);
    if (!s->targets || !s->target_of)
        return err_memory(err);
    for (size_t u = 0; u < cell_count; u++)
        s->target_of[u] = TARGET_NONE;
    for (uint32_t u = 0; u < cell_count; u++) {
        if (!view_asks(view, s->cells[u]))
            continue;
        struct target *t = &s->targets[s->target_count++];
        *t = (struct target){.cell = s->cells[u],
                             .unknown = u,
                             .needs = needs_of(view, rules, s->cells[u]),
                             .low_at = TABLE_NONE,
                             .high_at = TABLE_NONE,
                             .floor = bounds->low[s->cells[u]]};
        t->closed =
            target_protected(t) || !needs_met(&t->needs, t->floor, bounds->high[s->cells[u]]);
        s->open += !t->closed;
    }
    for (size_t i = 0; i < s->target_count; i++)
        s->target_of[s->targets[i].unknown] = (uint32_t)i;
    return 0;
}

static int open_linear(struct search *s, struct err *err)
{
    uint8_t *stepped = calloc(s->equations.unknowns + 1, 1);
    if (!stepped)
        return err_memory(err);
    for (size_t i = 0; i < s->target_count; i++)
        stepped[s->targets[i].unknown] = 1;
    int rc = linear_open(&s->linear, &s->equations, stepped, s->equations.known, err);
    free(stepped);
    return rc;
}

static int open_sums(struct search *s, struct err *err)
{
    s->sums = calloc(s->equations.count + 1, sizeof *s->sums);
    return s->sums ? 0 : err_memory(err);
}

int search_open(struct search *s, const struct view *view, const struct bounds *bounds,
                const struct disclosure *rules, const struct parts *parts, size_t part,
                struct transfer *transfer, struct err *err)
{
    memset(s, 0, sizeof *s);
    s->transfer = transfer;
    s->view = view;
    s->parts = parts;
    s->part = part;
    size_t first = parts->cell_start[part], count = parts->cell_start[part + 1] - first;
    s->cells = parts->cells + first;
    s->random = 2463534242U;
    s->threads = 1;
    s->may_branch = true;
    s->system = view->cells;
    s->scratch = calloc(count + 1, sizeof *s->scratch);
    s->base = calloc(view->cells->count + 1, sizeof *s->base);
    s->held = calloc(view->cells->count + 1, 1);
    s->neighbourhoods = calloc(view->cells->structure->unit_count + 1, sizeof *s->neighbourhoods);
    if (!s->scratch || !s->base || !s->held || !s->neighbourhoods) {
        search_release(s);
        return err_memory(err);
    }
    if (list_targets(s, view, bounds, rules, count, err) == 0 &&
        (s->target_count == 0 ||
         (part_equations_build(&s->equations, view, parts, part, err) == 0 &&
          open_sums(s, err) == 0 && open_linear(s, err) == 0)))
        return 0;
    search_release(s);
    return -1;
}

int search_run(struct search *s, struct err *err)
{
    if (search_passes(s, err) != 0 || search_exchange(s, err) != 0)
        return -1;
    return search_alone(s, err);
}

size_t search_programmes(const struct search *s)
{
    return s->solved + (s->linear ? linear_solved(s->linear) : 0);
}

void search_release(struct search *s)
{
    linear_close(s->linear);
    for (size_t u = 0; s->neighbourhoods && u < s->system->structure->unit_count; u++)
        deviations_close(s->neighbourhoods[u].deviations);
    free(s->neighbourhoods);
    free(s->held);
    for (size_t i = 0; i < s->table_count; i++)
        free(s->tables[i]);
    free((void *)s->tables);
    free(s->layers);
    free(s->targets);
    free(s->target_of);
    free(s->sums);
    free(s->scratch);
    free(s->base);
    part_equations_release(&s->equations);
    memset(s, 0, sizeof *s);
}
