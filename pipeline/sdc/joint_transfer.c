/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/joint_transfer.h. */
#include "sdc/joint_transfer.h"

#include "sdc/joint_groups.h"

#include <stdlib.h>
#include <string.h>

enum { RELEASES_MOST = 64 };

struct mode {
    uint64_t moves; /* releases that follow, as bits */
    struct transfer *transfer;
    int64_t *value, *cost; /* per present cell: the least of the releases', and the sum */
};

struct joint_transfer {
    const struct joint *j;
    int64_t width;
    struct blocks blocks; /* of the present release */
    struct joint_groups groups;
    size_t mode_count;
    struct mode *modes;
    uint32_t **twin;   /* per release and present cell: its cell there, or JOINT_CELL_NONE */
    uint32_t *present; /* per cell of a release: the present cell that it is a twin of */
    uint32_t *release; /* per cell: its release */
    int64_t *value, *cost;
    int64_t *slack;       /* per group */
    uint8_t *cell_waits;  /* per present cell: its prices must be set anew */
    uint8_t *group_waits; /* per group: its slack must */
    uint32_t *cell_queue, *group_queue;
    size_t cell_queued, group_queued;
    int64_t *changed;      /* per cell: value and change; scratch of a solution */
    uint8_t *group_marked; /* scratch */
    uint32_t *list, *group_list;
};

/* ---- places ---- */

static bool is_count(const struct joint *j, uint32_t cell)
{
    return j->layers[j->cells.layer[cell]].role == JOINT_CELL;
}

/* Of the units that one of today was, the one of its code. */
static bool has_same_code(const struct joint *j, uint32_t cell)
{
    const struct cells *then = j->releases[j->layers[j->cells.layer[cell]].to].cells;
    const struct unit *was = &then->structure->units[then->unit[j->source[cell]]];
    const struct unit *is = &j->present->structure->units[j->cells.unit[cell]];
    return was->level == is->level && strcmp(was->code, is->code) == 0;
}

static int find_twins(struct joint_transfer *t, struct err *err)
{
    const struct joint *j = t->j;
    const struct cells *c = &j->cells;
    size_t n = j->present->count, last = j->release_count - 1;
    t->twin = calloc(j->release_count, sizeof *t->twin);
    if (!t->twin)
        return err_memory(err);
    for (size_t r = 0; r <= last; r++) {
        t->twin[r] = malloc((n + 1) * sizeof **t->twin);
        if (!t->twin[r])
            return err_memory(err);
        for (uint32_t i = 0; i < n; i++)
            t->twin[r][i] = r == last ? i : JOINT_CELL_NONE;
    }
    for (uint32_t i = 0; i < c->count; i++) {
        const struct joint_layer *layer = &j->layers[c->layer[i]];
        t->present[i] = i < n ? i : JOINT_CELL_NONE;
        t->release[i] = layer->to;
        if (i < n || layer->role != JOINT_CELL || c->flags[i] & CELL_SLACK)
            continue;
        size_t place = cells_find(j->present, (int)c->population[i], (int)c->unit[i],
                                  c->categories + i * c->stride);
        if (place == SIZE_MAX)
            continue;
        uint32_t *twin = &t->twin[layer->to][place];
        if (*twin == JOINT_CELL_NONE || has_same_code(j, i))
            *twin = i;
    }
    for (size_t r = 0; r < last; r++)
        for (uint32_t i = 0; i < n; i++)
            if (t->twin[r][i] != JOINT_CELL_NONE)
                t->present[t->twin[r][i]] = i;
    return 0;
}

static int add_mode(struct joint_transfer *t, uint64_t moves, struct err *err)
{
    for (size_t i = 0; i < t->mode_count; i++)
        if (t->modes[i].moves == moves)
            return 0;
    struct mode *m = &t->modes[t->mode_count++];
    size_t n = t->j->present->count + 1;
    m->moves = moves;
    m->value = calloc(n, sizeof *m->value);
    m->cost = malloc(n * sizeof *m->cost);
    if (!m->value || !m->cost)
        return err_memory(err);
    for (size_t i = 0; i < n; i++)
        m->cost[i] = CIRCUIT_NEVER;
    return transfer_open(&m->transfer, &t->blocks, t->width, err);
}

/* All, the last few, each alone. */
static int make_modes(struct joint_transfer *t, struct err *err)
{
    size_t n = t->j->release_count;
    t->modes = calloc(2 * n + 1, sizeof *t->modes);
    if (!t->modes)
        return err_memory(err);
    if (n > RELEASES_MOST)
        return 0;
    uint64_t all = n == RELEASES_MOST ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
    for (size_t first = 0; first < n; first++)
        if (add_mode(t, all & ~((UINT64_C(1) << first) - 1), err) != 0)
            return -1;
    for (size_t r = n; r-- > 0;)
        if (add_mode(t, UINT64_C(1) << r, err) != 0)
            return -1;
    return 0;
}

int joint_transfer_open(struct joint_transfer **out, const struct joint *j, int64_t width,
                        struct err *err)
{
    struct joint_transfer *t = *out = calloc(1, sizeof *t);
    size_t n = j->cells.count + 1;
    if (!t)
        return err_memory(err);
    t->j = j;
    t->width = width;
    if (blocks_build(&t->blocks, j->present, err) != 0 ||
        joint_groups_build(&t->groups, j, err) != 0)
        return -1;
    size_t groups = t->groups.group_count + 1;
    t->present = malloc(n * sizeof *t->present);
    t->release = malloc(n * sizeof *t->release);
    t->value = calloc(n, sizeof *t->value);
    t->cost = malloc(n * sizeof *t->cost);
    t->changed = calloc(n, sizeof *t->changed);
    t->list = malloc(n * sizeof *t->list);
    t->slack = calloc(groups, sizeof *t->slack);
    t->group_waits = calloc(groups, 1);
    t->group_marked = calloc(groups, 1);
    t->group_queue = malloc(groups * sizeof *t->group_queue);
    t->group_list = malloc(groups * sizeof *t->group_list);
    t->cell_waits = calloc(n, 1);
    t->cell_queue = malloc(n * sizeof *t->cell_queue);
    if (!t->present || !t->release || !t->value || !t->cost || !t->changed || !t->list ||
        !t->slack || !t->group_waits || !t->group_marked || !t->group_queue || !t->group_list ||
        !t->cell_waits || !t->cell_queue)
        return err_memory(err);
    for (size_t i = 0; i < n; i++)
        t->cost[i] = CIRCUIT_NEVER;
    return find_twins(t, err) == 0 ? make_modes(t, err) : -1;
}

void joint_transfer_close(struct joint_transfer *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->mode_count; i++) {
        transfer_close(t->modes[i].transfer);
        free(t->modes[i].value);
        free(t->modes[i].cost);
    }
    free(t->modes);
    for (size_t r = 0; t->twin && r < t->j->release_count; r++)
        free(t->twin[r]);
    free((void *)t->twin);
    joint_groups_release(&t->groups);
    blocks_release(&t->blocks);
    free(t->present);
    free(t->release);
    free(t->value);
    free(t->cost);
    free(t->changed);
    free(t->list);
    free(t->slack);
    free(t->group_waits);
    free(t->group_marked);
    free(t->group_queue);
    free(t->group_list);
    free(t->cell_waits);
    free(t->cell_queue);
    free(t);
}

struct effort joint_transfer_effort(const struct joint_transfer *t)
{
    return effort_for(&t->blocks, true);
}

/* ---- prices ---- */

static void queue_cell(struct joint_transfer *t, uint32_t cell)
{
    uint32_t place = is_count(t->j, cell) ? t->present[cell] : JOINT_CELL_NONE;
    if (place == JOINT_CELL_NONE || t->cell_waits[place])
        return;
    t->cell_waits[place] = 1;
    t->cell_queue[t->cell_queued++] = place;
}

void joint_transfer_set(struct joint_transfer *t, uint32_t cell, int64_t value, int64_t cost)
{
    bool moved = t->value[cell] != value;
    t->value[cell] = value;
    t->cost[cell] = cost;
    queue_cell(t, cell);
    for (uint32_t i = t->groups.start[cell]; moved && i < t->groups.start[cell + 1]; i++) {
        uint32_t g = t->groups.of[i];
        if (!t->group_waits[g])
            t->group_queue[t->group_queued++] = g;
        t->group_waits[g] = 1;
    }
}

/* May the cell move without the releases that stay? */
static bool has_room(const struct joint_transfer *t, uint32_t cell, uint64_t moves)
{
    const struct joint_groups *g = &t->groups;
    int64_t people = t->value[t->j->cells.group[cell]];
    int64_t room = people < t->width ? people : t->width;
    for (uint32_t i = g->start[cell]; i < g->start[cell + 1]; i++) {
        const struct joint_tied_group *group = &g->groups[g->of[i]];
        bool both = (moves >> group->from & 1) && (moves >> group->to & 1);
        if (!both && t->slack[g->of[i]] < room)
            return false;
    }
    return true;
}

static void set_price(struct mode *m, uint32_t place, int64_t value, int64_t cost)
{
    m->value[place] = value;
    m->cost[place] = cost;
    transfer_set(m->transfer, place, value, cost);
}

static void price(const struct joint_transfer *t, struct mode *m, uint32_t place)
{
    int64_t value = INT64_MAX, cost = 0;
    for (size_t r = 0; r < t->j->release_count; r++) {
        if (!(m->moves >> r & 1))
            continue;
        uint32_t cell = t->twin[r][place];
        if (cell == JOINT_CELL_NONE || t->cost[cell] >= CIRCUIT_NEVER ||
            !has_room(t, cell, m->moves)) {
            set_price(m, place, 0, CIRCUIT_NEVER);
            return;
        }
        value = t->value[cell] < value ? t->value[cell] : value;
        cost += t->cost[cell];
    }
    set_price(m, place, value, cost);
}

/* What has changed since the last solution. */
static void catch_up(struct joint_transfer *t)
{
    for (size_t k = 0; k < t->group_queued; k++) {
        uint32_t g = t->group_queue[k];
        const struct joint_tied_group *group = &t->groups.groups[g];
        t->group_waits[g] = 0;
        int64_t slack = joint_group_slack(&t->groups, g, t->value);
        for (uint32_t i = 0; slack != t->slack[g] && i < group->count; i++) {
            queue_cell(t, t->groups.ties[group->first + i].new);
            queue_cell(t, t->groups.ties[group->first + i].old);
        }
        t->slack[g] = slack;
    }
    t->group_queued = 0;
    for (size_t k = 0; k < t->cell_queued; k++) {
        t->cell_waits[t->cell_queue[k]] = 0;
        for (size_t m = 0; m < t->mode_count; m++)
            price(t, &t->modes[m], t->cell_queue[k]);
    }
    t->cell_queued = 0;
}

/* ---- solutions ---- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t mark_groups(struct joint_transfer *t, uint32_t cell, size_t count)
{
    for (uint32_t i = t->groups.start[cell]; i < t->groups.start[cell + 1]; i++) {
        uint32_t g = t->groups.of[i];
        if (!t->group_marked[g])
            t->group_list[count++] = g;
        t->group_marked[g] = 1;
    }
    return count;
}

/* The cells of a group that complete it, in t->list. */
static size_t list_ties(struct joint_transfer *t, uint32_t group, size_t count)
{
    const struct joint_tied_group *g = &t->groups.groups[group];
    for (uint32_t i = g->first; i < g->first + g->count; i++) {
        const struct joint_tie *tie = &t->groups.ties[i];
        const uint32_t three[] = {tie->in, tie->out, tie->stay};
        for (int k = 0; k < 3; k++)
            if (three[k] != JOINT_CELL_NONE)
                t->list[count++] = three[k];
    }
    return count;
}

static size_t sums_of(const struct joint_transfer *t, uint32_t cell)
{
    return t->groups.sum_start[cell + 1] - t->groups.sum_start[cell];
}

static size_t list_sums(struct joint_transfer *t, uint32_t cell, size_t count)
{
    for (uint32_t i = t->groups.sum_start[cell]; i < t->groups.sum_start[cell + 1]; i++)
        t->list[count++] = t->groups.sum[i];
    return count;
}

/* Writes the cells of t->list whose value changes as a move; t->value is as before afterwards. */
static int write_move(struct joint_transfer *t, size_t count, struct move *out, struct err *err)
{
    out->cells = malloc((count + 1) * sizeof *out->cells);
    out->by = malloc((count + 1) * sizeof *out->by);
    if (!out->cells || !out->by) {
        move_release(out);
        return err_memory(err);
    }
    qsort(t->list, count, sizeof *t->list, by_number);
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = t->list[i];
        if (t->value[cell] == t->changed[cell])
            continue;
        out->cells[out->count] = cell;
        out->by[out->count++] = t->value[cell] - t->changed[cell];
    }
    out->whole = out->possible = true;
    return 0;
}

/* Makes the change of the present blocks in all releases of the mode; *out is empty if it cannot be
 * completed. t->changed keeps what the values were. */
static int lift(struct joint_transfer *t, const struct mode *mode, const struct move *m,
                struct move *out, struct err *err)
{
    size_t count = 0, groups = 0;
    bool possible = true;
    int rc = 0;
    memset(out, 0, sizeof *out);
    for (size_t r = 0; r < t->j->release_count; r++)
        for (size_t i = 0; (mode->moves >> r & 1) && i < m->count; i++) {
            uint32_t cell = t->twin[r][m->cells[i]];
            t->list[count++] = cell;
            groups = mark_groups(t, cell, groups);
        }
    size_t moved = count;
    for (size_t i = 0; i < moved; i++)
        count = list_sums(t, t->list[i], count);
    for (size_t k = 0; k < groups; k++)
        count = list_ties(t, t->group_list[k], count);
    for (size_t i = 0; i < count; i++)
        t->changed[t->list[i]] = t->value[t->list[i]];
    for (size_t i = 0, at = moved; i < moved; i++) {
        t->value[t->list[i]] += m->by[i % m->count];
        for (size_t sums = sums_of(t, t->list[i]); sums > 0; sums--)
            t->value[t->list[at++]] += m->by[i % m->count];
    }
    for (size_t k = 0; k < groups; k++) {
        possible = possible && joint_group_complete(&t->groups, t->group_list[k], t->value);
        t->group_marked[t->group_list[k]] = 0;
    }
    if (possible)
        rc = write_move(t, count, out, err);
    for (size_t i = 0; i < count; i++)
        t->value[t->list[i]] = t->changed[t->list[i]];
    return rc;
}

/* One mode: keeps the change if it is cheaper than *cost. */
static int try_mode(struct joint_transfer *t, const struct mode *mode, uint32_t place, int64_t by,
                    const struct effort *effort, struct move *best, int64_t *cost, struct err *err)
{
    struct move m, lifted;
    int64_t paid;
    if (transfer_solve(mode->transfer, place, by, *cost, effort, &m, &paid, err) != 0)
        return -1;
    int rc = m.possible ? lift(t, mode, &m, &lifted, err) : 0;
    if (m.possible && rc == 0 && lifted.possible) {
        move_release(best);
        *best = lifted;
        *cost = paid;
    }
    move_release(&m);
    return rc;
}

int joint_transfer_solve(struct joint_transfer *t, uint32_t cell, int64_t by, int64_t below,
                         const struct effort *effort, struct move *out, int64_t *cost,
                         struct err *err)
{
    uint32_t place = is_count(t->j, cell) ? t->present[cell] : JOINT_CELL_NONE;
    memset(out, 0, sizeof *out);
    *cost = below;
    if (place == JOINT_CELL_NONE)
        return 0;
    catch_up(t);
    for (size_t i = 0; i < t->mode_count && *cost != 0; i++)
        if ((t->modes[i].moves >> t->release[cell] & 1) &&
            try_mode(t, &t->modes[i], place, by, effort, out, cost, err) != 0)
            return -1;
    return 0;
}
