/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_search.h: the pool, and the passes that fill it. */
#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

enum { PASSES_MOST = 300, CLOSED_LEAST = 8, TOGETHER_ROUNDS = 16, FAR = 1000000, GOOD_PART = 16 };

/* So many cells of each domain take as long alone as a pass does; and how many are left alone. */
enum { ALONE_EACH = 3, ALONE_MOST = 64 };

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

void search_look_again(const struct search *s, struct target *t, const bool *kept)
{
    t->low_at = t->high_at = TABLE_NONE;
    for (size_t k = 0; k < s->table_count; k++) {
        int64_t value = s->tables[k][t->unknown];
        if (kept && !kept[k])
            continue;
        if (t->low_at == TABLE_NONE || value < t->low) {
            t->low = value;
            t->low_at = (int)k;
        }
        if (t->high_at == TABLE_NONE || value > t->high) {
            t->high = value;
            t->high_at = (int)k;
        }
    }
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

int search_pool_offer(struct search *s, struct err *err)
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
    return linear_whole(s->linear, s->scratch) ? search_pool_offer(s, err) : 0;
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

/* The table that is known. */
static int search_known(struct search *s, struct err *err)
{
    for (size_t u = 0; u < s->equations.unknowns; u++)
        s->scratch[u] = s->view->table[s->cells[u]];
    if (search_pool_offer(s, err) != 0)
        return -1;
    search_set_base(s);
    return 0;
}

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
    if (!found || search_pool_offer(s, err) != 0)
        return found ? -1 : 0;
    s->base_at = s->table_count - 1;
    search_set_base(s);
    return 0;
}

int search_other_base(struct search *s, struct err *err)
{
    return search_first(s, PASS_ALL, err);
}

/* A pass asks some programmes of each domain and one of all, a cell alone two changes within its
 * domain. But many cells alone take more tables, and the certificate holds these; and of a single
 * domain, vertices close nearly all. */
static bool is_sooner_alone(const struct search *s, size_t closed)
{
    return !s->system->joint && s->domains > 1 && s->open <= ALONE_MOST &&
           closed < ALONE_EACH * s->domains;
}

/* With entities left to their domains as long as that closes a good part; then with them. A pass
 * takes as long as a few cells alone: on as long as it closes more than these. */
static int search_passes(struct search *s, struct err *err)
{
    bool on = true;
    enum pass kind = PASS_ROOMY;
    for (int pass = 0; pass < PASSES_MOST && s->open && on; pass++) {
        size_t before = s->open;
        bool known = pass == 0 && s->view->table;
        if ((known ? search_known(s, err) : search_first(s, kind, err)) != 0)
            return -1;
        if (s->table_count == 0)
            return 0;
        if (search_grow(s, err) != 0 || search_regions(s, err) != 0)
            return -1;
        size_t closed = before - s->open;
        on = s->system->joint && !s->fractional ? closed * 2 >= before
                                                : kind != PASS_ALL || closed >= CLOSED_LEAST;
        on = on && !is_sooner_alone(s, closed);
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

size_t search_neighbourhood_of(const struct search *s, uint32_t cell)
{
    int parent = s->system->structure->units[s->system->unit[cell]].parent;
    return parent > 0 ? (size_t)parent : 0;
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

int search_open_linear(const struct search *s, struct linear **linear, struct err *err)
{
    uint8_t *stepped = calloc(s->equations.unknowns + 1, 1);
    if (!stepped)
        return err_memory(err);
    for (size_t i = 0; i < s->target_count; i++)
        stepped[s->targets[i].unknown] = 1;
    int rc = linear_open(linear, &s->equations, stepped, s->equations.known, err);
    free(stepped);
    return rc;
}

static int open_sums(struct search *s, struct err *err)
{
    s->sums = calloc(s->equations.count + 1, sizeof *s->sums);
    return s->sums ? 0 : err_memory(err);
}

static int open_equations(struct search *s, struct err *err)
{
    return part_equations_build(&s->equations, s->view, s->parts, s->part, err) == 0 &&
                   open_sums(s, err) == 0
               ? search_open_linear(s, &s->linear, err)
               : -1;
}

int search_any_table(struct search *s, struct err *err)
{
    bool found;
    if (!s->linear && open_equations(s, err) != 0)
        return -1;
    linear_clear(s->linear);
    if (linear_maximise(s->linear, err) != 0 ||
        linear_repair(s->linear, s->scratch, &found, err) != 0)
        return -1;
    return found ? search_pool_add(s, s->scratch, err) : 0;
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
        (s->target_count == 0 || open_equations(s, err) == 0))
        return 0;
    search_release(s);
    return -1;
}

/* Of several releases: turns, and passes again where these come to nothing. */
static int search_releases(struct search *s, struct err *err)
{
    if (search_turns(s, err) != 0)
        return -1;
    return s->fractional ? search_passes(s, err) : 0;
}

int search_run(struct search *s, struct err *err)
{
    s->by_units = s->table_count > 0;
    if (s->by_units)
        search_set_base(s);
    else if (search_passes(s, err) != 0 || (s->system->joint && search_releases(s, err) != 0))
        return -1;
    return search_exchange(s, err) == 0 ? search_alone(s, err) : -1;
}

size_t search_programmes(const struct search *s)
{
    return s->solved + (s->linear ? linear_solved(s->linear) : 0);
}

void search_end(struct search *s)
{
    s->solved = search_programmes(s);
    linear_close(s->linear);
    for (size_t u = 0; s->neighbourhoods && u < s->system->structure->unit_count; u++)
        deviations_close(s->neighbourhoods[u].deviations);
    free(s->neighbourhoods);
    free(s->held);
    free(s->base);
    s->linear = NULL;
    s->neighbourhoods = NULL;
    s->held = NULL;
    s->base = NULL;
}

void search_release(struct search *s)
{
    search_end(s);
    for (size_t i = 0; i < s->table_count; i++)
        free(s->tables[i]);
    free((void *)s->tables);
    free(s->layers);
    free(s->targets);
    free(s->target_of);
    free(s->sums);
    free(s->scratch);
    part_equations_release(&s->equations);
    memset(s, 0, sizeof *s);
}
