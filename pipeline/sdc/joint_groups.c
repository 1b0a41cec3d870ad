/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/joint_groups.h. */
#include "sdc/joint_groups.h"

#include <stdlib.h>
#include <string.h>

struct builder {
    struct joint_groups *g;
    const struct joint *j;
    uint32_t *group_of; /* per tie: of the present structure of `to`: its group's cell there */
    uint32_t *tie_of;   /* per cell of the system: the tie of which it is `in`; JOINT_CELL_NONE */
    uint32_t *sum_of;   /* per cell: the first equation of joiners that it is the total of, + 1 */
    size_t leaf_count, leaf_capacity, cover_count, cover_capacity;
};

static enum joint_role role_of(const struct joint *j, uint32_t cell)
{
    return j->layers[j->cells.layer[cell]].role;
}

/* The equation of a link; where somebody may have stayed, the one before it is old = stay + out. */
static struct joint_tie read_tie(const struct joint *j, uint32_t e)
{
    const struct cells *c = &j->cells;
    const uint32_t *m = c->equation_cell + c->equation_start[e];
    size_t members = c->equation_start[e + 1] - c->equation_start[e];
    struct joint_tie t = {m[0], m[1], JOINT_CELL_NONE, JOINT_CELL_NONE, JOINT_CELL_NONE, 0, 0};
    if (role_of(j, m[1]) == JOINT_STAY) {
        const uint32_t *before = c->equation_cell + c->equation_start[e - 1];
        t = (struct joint_tie){m[0], before[0], m[2], before[2], m[1], 0, 0};
    } else if (members == 3 && role_of(j, m[2]) == JOINT_OUT) {
        t.new = m[1];
        t.old = m[0];
        t.out = m[2];
    } else if (members == 3) {
        t.in = m[2];
    }
    return t;
}

/* Links stand pair by pair; those of one group are brought together. */
struct entry {
    uint32_t from, to, group, link;
};

static int by_group(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->link > y->link) - (x->link < y->link);
}

static bool is_sum_of_joiners(const struct joint *j, size_t e)
{
    const uint32_t *m = j->cells.equation_cell + j->cells.equation_start[e];
    return role_of(j, m[0]) == JOINT_IN && role_of(j, m[1]) == JOINT_IN;
}

static int64_t known_count(const struct joint *j, uint32_t in)
{
    return in == JOINT_CELL_NONE ? 0 : j->counts[j->cells.group[in]];
}

static int make_groups(struct builder *b, struct err *err)
{
    const struct joint *j = b->j;
    struct joint_groups *g = b->g;
    struct entry *entries = malloc((j->link_count + 1) * sizeof *entries);
    if (!entries)
        return err_memory(err);
    for (size_t i = 0; i < j->link_count; i++) {
        const struct joint_link *l = &j->links[i];
        entries[i] =
            (struct entry){l->from, l->to, j->releases[l->to].cells->group[l->cell], (uint32_t)i};
    }
    qsort(entries, j->link_count, sizeof *entries, by_group);
    for (size_t i = 0; i < j->link_count; i++) {
        const struct entry *e = &entries[i], *last = i ? &entries[i - 1] : NULL;
        struct joint_tie *t = &g->ties[g->tie_count];
        *t = read_tie(j, j->links[e->link].equation);
        if (t->in != JOINT_CELL_NONE)
            b->tie_of[t->in] = (uint32_t)g->tie_count;
        if (!last || last->from != e->from || last->to != e->to || last->group != e->group)
            g->groups[g->group_count++] =
                (struct joint_tied_group){.from = e->from,
                                          .to = e->to,
                                          .joined = known_count(j, t->in),
                                          .left = known_count(j, t->out),
                                          .first = (uint32_t)g->tie_count};
        g->groups[g->group_count - 1].count++;
        g->tie_count++;
    }
    free(entries);
    return 0;
}

static int add_leaf(struct builder *b, uint32_t tie, struct err *err)
{
    if (b->leaf_count == b->leaf_capacity) {
        size_t capacity = b->leaf_capacity ? 2 * b->leaf_capacity : 1024;
        uint32_t *more = realloc(b->g->leaf, capacity * sizeof *more);
        if (!more)
            return err_memory(err);
        b->g->leaf = more;
        b->leaf_capacity = capacity;
    }
    b->g->leaf[b->leaf_count++] = tie;
    return 0;
}

/* Appends the finest categories of a cell of joiners. */
static int add_leaves(struct builder *b, uint32_t in, struct err *err)
{
    const struct cells *c = &b->j->cells;
    if (b->sum_of[in] == 0)
        return add_leaf(b, b->tie_of[in], err);
    uint32_t e = b->sum_of[in] - 1;
    for (uint32_t i = c->equation_start[e] + 1; i < c->equation_start[e + 1]; i++)
        if (add_leaves(b, c->equation_cell[i], err) != 0)
            return -1;
    return 0;
}

static int add_cover(struct builder *b, uint32_t e, struct err *err)
{
    const struct cells *c = &b->j->cells;
    if (b->cover_count == b->cover_capacity) {
        size_t capacity = b->cover_capacity ? 2 * b->cover_capacity : 256;
        uint32_t *more = realloc(b->g->cover, 2 * capacity * sizeof *more);
        if (!more)
            return err_memory(err);
        b->g->cover = more;
        b->cover_capacity = capacity;
    }
    uint32_t first = (uint32_t)b->leaf_count;
    for (uint32_t i = c->equation_start[e] + 1; i < c->equation_start[e + 1]; i++)
        if (add_leaves(b, c->equation_cell[i], err) != 0)
            return -1;
    b->g->cover[2 * b->cover_count] = first;
    b->g->cover[2 * b->cover_count++ + 1] = (uint32_t)b->leaf_count;
    return 0;
}

struct top { /* an equation whose total is all joiners of a group */
    uint32_t joined, equation;
};

static int by_joined(const void *a, const void *b)
{
    const struct top *x = a, *y = b;
    if (x->joined != y->joined)
        return x->joined < y->joined ? -1 : 1;
    return (x->equation > y->equation) - (x->equation < y->equation);
}

/* Which equations add up the joiners. */
static size_t find_sums(struct builder *b, struct top *tops)
{
    const struct cells *c = &b->j->cells;
    size_t count = 0;
    for (uint32_t e = 0; e < c->equation_count; e++) {
        uint32_t total = c->equation_cell[c->equation_start[e]];
        if (!is_sum_of_joiners(b->j, e))
            continue;
        if (c->flags[total] & CELL_PUBLIC)
            tops[count++] = (struct top){total, e};
        else if (b->sum_of[total] == 0)
            b->sum_of[total] = e + 1;
    }
    if (count)
        qsort(tops, count, sizeof *tops, by_joined);
    return count;
}

/* Does a cover hold this leaf already? Then the equation says the same in another way. */
static bool is_covered(const struct builder *b, const struct joint_tied_group *g, uint32_t tie)
{
    for (uint32_t k = g->cover_start; k < b->cover_count; k++)
        for (uint32_t i = b->g->cover[2 * k]; i < b->g->cover[2 * k + 1]; i++)
            if (b->g->leaf[i] == tie)
                return true;
    return false;
}

static uint32_t first_leaf(const struct builder *b, uint32_t e)
{
    const struct cells *c = &b->j->cells;
    uint32_t in = c->equation_cell[c->equation_start[e] + 1];
    while (b->sum_of[in])
        in = c->equation_cell[c->equation_start[b->sum_of[in] - 1] + 1];
    return b->tie_of[in];
}

static int cover_group(struct builder *b, struct joint_tied_group *g, const struct top *tops,
                       size_t count, struct err *err)
{
    uint32_t in = b->g->ties[g->first].in;
    g->cover_start = g->cover_end = (uint32_t)b->cover_count;
    if (in == JOINT_CELL_NONE || g->left == 0)
        return 0;
    uint32_t joined = b->j->cells.group[in];
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tops[middle].joined < joined)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && tops[low].joined == joined; low++)
        if (!is_covered(b, g, first_leaf(b, tops[low].equation)) &&
            add_cover(b, tops[low].equation, err) != 0)
            return -1;
    g->cover_end = (uint32_t)b->cover_count;
    return 0;
}

/* Leaves of the ties that are sums, and covers of all groups. */
static int find_leaves(struct builder *b, struct err *err)
{
    struct joint_groups *g = b->g;
    struct top *tops = malloc((b->j->cells.equation_count + 1) * sizeof *tops);
    int rc = tops ? 0 : err_memory(err);
    size_t count = tops ? find_sums(b, tops) : 0;
    for (size_t i = 0; i < g->tie_count && rc == 0; i++) {
        struct joint_tie *t = &g->ties[i];
        if (t->in == JOINT_CELL_NONE || b->sum_of[t->in] == 0)
            continue;
        t->leaf_start = (uint32_t)b->leaf_count;
        rc = add_leaves(b, t->in, err);
        t->leaf_count = (uint32_t)b->leaf_count - t->leaf_start;
    }
    for (size_t i = 0; i < g->group_count && rc == 0; i++)
        rc = cover_group(b, &g->groups[i], tops, count, err);
    free(tops);
    return rc;
}

/* CSR lists by cell: counted first, then filled. */
static int list_open(uint32_t **start, uint32_t **list, size_t cells, size_t entries,
                     struct err *err)
{
    *start = calloc(cells + 2, sizeof **start);
    *list = malloc((entries + 1) * sizeof **list);
    return *start && *list ? 0 : err_memory(err);
}

static void list_close(uint32_t *start, size_t cells)
{
    for (size_t i = 1; i < cells + 2; i++)
        start[i] += start[i - 1];
}

/* The sums that each cell of an earlier release is part of. */
static int index_sums(struct joint_groups *g, const struct joint *j, struct err *err)
{
    const struct cells *c = &j->cells;
    if (list_open(&g->sum_start, &g->sum, c->count, c->equation_start[c->equation_count], err) != 0)
        return -1;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t e = 0; e < c->equation_count; e++) {
            uint32_t total = c->equation_cell[c->equation_start[e]];
            if (role_of(j, total) != JOINT_BEFORE ||
                role_of(j, c->equation_cell[c->equation_start[e] + 1]) != JOINT_CELL)
                continue;
            for (uint32_t i = c->equation_start[e] + 1; i < c->equation_start[e + 1]; i++) {
                uint32_t part = c->equation_cell[i];
                if (pass == 0)
                    g->sum_start[part + 2]++;
                else
                    g->sum[g->sum_start[part + 1]++] = total;
            }
        }
        if (pass == 0)
            list_close(g->sum_start, c->count);
    }
    return 0;
}

/* The parts of a sum stand in its groups too. */
static size_t list_parts(const struct joint *j, uint32_t cell, const uint32_t *sum_of,
                         const uint32_t **parts)
{
    const struct cells *c = &j->cells;
    uint32_t e = sum_of[cell];
    *parts = NULL;
    if (e == 0)
        return 0;
    *parts = c->equation_cell + c->equation_start[e - 1] + 1;
    return c->equation_start[e] - c->equation_start[e - 1] - 1;
}

/* The groups that each cell is in. sum_of: per cell, the equation that it is the sum of, + 1. */
static int index_cells(struct joint_groups *g, const struct joint *j, const uint32_t *sum_of,
                       struct err *err)
{
    size_t n = j->cells.count,
           entries = 2 * g->tie_count + j->cells.equation_start[j->cells.equation_count];
    if (list_open(&g->start, &g->of, n, entries, err) != 0)
        return -1;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t k = 0; k < g->group_count; k++)
            for (uint32_t i = 0; i < g->groups[k].count; i++) {
                const struct joint_tie *t = &g->ties[g->groups[k].first + i];
                const uint32_t *parts;
                size_t count = list_parts(j, t->old, sum_of, &parts);
                for (size_t p = 0; p < count + 2; p++) {
                    uint32_t cell = p == 0 ? t->new : p == 1 ? t->old : parts[p - 2];
                    if (pass == 0)
                        g->start[cell + 2]++;
                    else
                        g->of[g->start[cell + 1]++] = k;
                }
            }
        if (pass == 0)
            list_close(g->start, n);
    }
    return 0;
}

static int index_all(struct joint_groups *g, const struct joint *j, struct err *err)
{
    const struct cells *c = &j->cells;
    uint32_t *sum_of = calloc(c->count + 1, sizeof *sum_of);
    if (!sum_of)
        return err_memory(err);
    for (uint32_t e = 0; e < c->equation_count; e++) {
        uint32_t total = c->equation_cell[c->equation_start[e]];
        if (role_of(j, total) == JOINT_BEFORE &&
            role_of(j, c->equation_cell[c->equation_start[e] + 1]) == JOINT_CELL)
            sum_of[total] = e + 1;
    }
    int rc = index_sums(g, j, err) == 0 ? index_cells(g, j, sum_of, err) : -1;
    free(sum_of);
    return rc;
}

int joint_groups_build(struct joint_groups *g, const struct joint *j, struct err *err)
{
    struct builder b = {.g = g, .j = j};
    size_t n = j->cells.count;
    memset(g, 0, sizeof *g);
    g->groups = calloc(j->link_count + 1, sizeof *g->groups);
    g->ties = calloc(j->link_count + 1, sizeof *g->ties);
    b.tie_of = malloc((n + 1) * sizeof *b.tie_of);
    b.sum_of = calloc(n + 1, sizeof *b.sum_of);
    int rc = -1;
    if (!g->groups || !g->ties || !b.tie_of || !b.sum_of) {
        err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        b.tie_of[i] = JOINT_CELL_NONE;
    if (make_groups(&b, err) == 0 && find_leaves(&b, err) == 0)
        rc = index_all(g, j, err);
out:
    free(b.tie_of);
    free(b.sum_of);
    return rc;
}

void joint_groups_release(struct joint_groups *g)
{
    free(g->groups);
    free(g->ties);
    free(g->leaf);
    free(g->cover);
    free(g->start);
    free(g->of);
    free(g->sum_start);
    free(g->sum);
    memset(g, 0, sizeof *g);
}

static int64_t change_of(const struct joint_tie *t, const int64_t *values)
{
    return values[t->new] - values[t->old];
}

static int64_t cover_slack(const struct joint_groups *g, const struct joint_tied_group *group,
                           uint32_t cover, const int64_t *values)
{
    int64_t slack = group->joined;
    for (uint32_t i = g->cover[2 * cover]; i < g->cover[2 * cover + 1]; i++) {
        int64_t change = change_of(&g->ties[g->leaf[i]], values);
        slack -= change > 0 ? change : 0;
    }
    return slack;
}

int64_t joint_group_slack(const struct joint_groups *g, size_t at, const int64_t *values)
{
    const struct joint_tied_group *group = &g->groups[at];
    int64_t least = group->cover_start == group->cover_end ? 0 : INT64_MAX;
    for (uint32_t k = group->cover_start; k < group->cover_end; k++) {
        int64_t slack = cover_slack(g, group, k, values);
        least = slack < least ? slack : least;
    }
    return least;
}

/* The joiners of a cover's categories: what is needed, and the others from the first on. */
static bool fill_cover(const struct joint_groups *g, const struct joint_tied_group *group,
                       uint32_t cover, int64_t *values)
{
    int64_t rest = cover_slack(g, group, cover, values);
    if (rest < 0)
        return false;
    for (uint32_t i = g->cover[2 * cover]; i < g->cover[2 * cover + 1]; i++) {
        const struct joint_tie *t = &g->ties[g->leaf[i]];
        int64_t new = values[t->new], old = values[t->old], least = new < old ? new : old;
        int64_t extra = rest < least ? rest : least;
        values[t->in] = (new > old ? new - old : 0) + extra;
        rest -= extra;
    }
    return rest == 0;
}

bool joint_group_complete(const struct joint_groups *g, size_t at, int64_t *values)
{
    const struct joint_tied_group *group = &g->groups[at];
    for (uint32_t k = group->cover_start; k < group->cover_end; k++)
        if (!fill_cover(g, group, k, values))
            return false;
    for (uint32_t i = group->first; i < group->first + group->count; i++) {
        const struct joint_tie *t = &g->ties[i];
        int64_t change = change_of(t, values);
        if ((t->in == JOINT_CELL_NONE && change > 0) || (t->out == JOINT_CELL_NONE && change < 0))
            return false;
        if (t->stay == JOINT_CELL_NONE) {
            if (t->in != JOINT_CELL_NONE)
                values[t->in] = change;
            if (t->out != JOINT_CELL_NONE)
                values[t->out] = -change;
            continue;
        }
        if (t->leaf_count) {
            values[t->in] = 0;
            for (uint32_t k = t->leaf_start; k < t->leaf_start + t->leaf_count; k++)
                values[t->in] += values[g->ties[g->leaf[k]].in];
        }
        values[t->stay] = values[t->new] - values[t->in];
        values[t->out] = values[t->old] - values[t->stay];
        if (values[t->stay] < 0 || values[t->out] < 0)
            return false;
    }
    return true;
}
