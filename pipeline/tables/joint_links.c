/* SPDX-License-Identifier: EUPL-1.2 */
/* The cells and equations that tie two releases together. See include/tables/joint.h. */
#include "tables/joint_writer.h"

#include <stdlib.h>
#include <string.h>

/* A cell of the pair, laid out like the later release's. */
static uint32_t append(struct joint_writer *w, const struct joint_pair *p, enum joint_role role,
                       uint32_t cell, int64_t count)
{
    unsigned flags = count < 0 ? CELL_UNPUBLISHED : CELL_PUBLIC;
    uint32_t at = joint_append(w, p->layers[role], cell, flags, count);
    struct cells *c = &w->joint->cells;
    uint32_t like = joint_place(w->joint, p->to, cell);
    c->unit[at] = c->unit[like];
    c->population[at] = c->population[like];
    memcpy(c->categories + at * c->stride, c->categories + like * c->stride,
           c->stride * sizeof *c->categories);
    c->group[at] = c->group[like];
    return at;
}

static int equation(struct joint_writer *w, uint32_t total, uint32_t a, uint32_t b, struct err *err)
{
    if (equation_open(&w->equations, b == JOINT_NONE ? 2 : 3, err) != 0)
        return -1;
    equation_add(&w->equations, total);
    equation_add(&w->equations, a);
    if (b != JOINT_NONE)
        equation_add(&w->equations, b);
    return 0;
}

/* The cell that it was: of the earlier release, or (before) the sum of several. */
static int old_cell(struct joint_writer *w, const struct joint_pair *p, uint32_t cell,
                    uint32_t *old, struct err *err)
{
    size_t sources = pair_sources(p, cell);
    *old = joint_place(w->joint, p->from, pair_source(p, cell, 0));
    if (sources == 1)
        return 0;
    *old = append(w, p, JOINT_BEFORE, cell, -1);
    if (equation_open(&w->equations, sources + 1, err) != 0)
        return -1;
    equation_add(&w->equations, *old);
    for (size_t k = 0; k < sources; k++)
        equation_add(&w->equations, joint_place(w->joint, p->from, pair_source(p, cell, k)));
    return 0;
}

/* The cells of a pair stand in this order: in, out, stay, before. */
static int link_cell(struct joint_writer *w, struct joint_pair *p, uint32_t cell, struct err *err)
{
    struct joint *j = w->joint;
    uint32_t group = p->new->cells->group[cell], in = JOINT_NONE, out = JOINT_NONE;
    uint32_t stay = JOINT_NONE, old, new = joint_place(j, p->to, cell);
    p->first[cell] = (uint32_t)j->cells.count;
    if (pair_joined(p, group) > 0) {
        in = append(w, p, JOINT_IN, cell, -1);
        j->cells.group[in] = p->first[group];
    }
    if (pair_left(p, group) > 0) {
        out = append(w, p, JOINT_OUT, cell, -1);
        j->cells.group[out] = p->first[group] + (in != JOINT_NONE);
    }
    if (in != JOINT_NONE && out != JOINT_NONE)
        stay = append(w, p, JOINT_STAY, cell, -1);
    if (old_cell(w, p, cell, &old, err) != 0)
        return -1;
    if (stay != JOINT_NONE && equation(w, old, stay, out, err) != 0)
        return -1;
    j->links[j->link_count++] =
        (struct joint_link){p->from, p->to, cell, (uint32_t)j->cells.equation_count};
    if (stay != JOINT_NONE)
        return equation(w, new, stay, in, err);
    if (out != JOINT_NONE)
        return equation(w, old, new, out, err);
    return equation(w, new, old, in, err);
}

static void link_group(struct joint_writer *w, struct joint_pair *p, uint32_t group)
{
    int64_t joined = pair_joined(p, group), left = pair_left(p, group);
    p->first[group] = (uint32_t)w->joint->cells.count;
    for (int way = 0; way < 2; way++) {
        int64_t count = way ? left : joined;
        if (count == 0)
            continue;
        uint32_t at = append(w, p, way ? JOINT_OUT : JOINT_IN, group, count);
        w->joint->cells.group[at] = at;
    }
}

/* Is it an equation of a linked group along a sensitive variable, all of whose members are linked?
 * The group is then what they all share. */
static bool is_category_sum(const struct joint_pair *p, size_t e, uint32_t *group)
{
    const struct cells *c = p->new->cells;
    const uint32_t *member = c->equation_cell + c->equation_start[e];
    size_t count = c->equation_start[e + 1] - c->equation_start[e];
    *group = c->group[member[0]];
    for (size_t i = 0; i < count; i++)
        if (p->state[member[i]] != PAIR_LINKED || c->group[member[i]] != *group)
            return false;
    return true;
}

/* The joiners of the categories make the joiners of all, and so do the leavers. */
static int sum_categories(struct joint_writer *w, const struct joint_pair *p, size_t e,
                          struct err *err)
{
    const struct cells *c = p->new->cells;
    uint32_t start = c->equation_start[e], end = c->equation_start[e + 1], group;
    if (!is_category_sum(p, e, &group))
        return 0;
    int64_t joined = pair_joined(p, group), left = pair_left(p, group);
    for (int way = 0; way < 2; way++) {
        if ((way ? left : joined) == 0)
            continue;
        if (equation_open(&w->equations, end - start, err) != 0)
            return -1;
        for (uint32_t i = start; i < end; i++)
            equation_add(&w->equations,
                         p->first[c->equation_cell[i]] + (uint32_t)(way && joined > 0));
    }
    return 0;
}

int joint_write_links(struct joint_writer *w, struct joint_pair *p, struct err *err)
{
    const struct cells *c = p->new->cells;
    struct joint *j = w->joint;
    size_t linked = 0;
    for (size_t i = 0; i < c->count; i++)
        linked += p->state[i] == PAIR_LINKED;
    struct joint_link *links = realloc(j->links, (j->link_count + linked + 1) * sizeof *links);
    if (!links)
        return err_memory(err);
    j->links = links;
    if (joint_reserve(w, 4 * linked, err) != 0)
        return -1;
    for (uint32_t i = 0; i < c->count; i++) {
        if (p->state[i] != PAIR_LINKED)
            continue;
        if (c->flags[i] & CELL_PUBLIC)
            link_group(w, p, i);
        else if (link_cell(w, p, i, err) != 0)
            return -1;
    }
    for (size_t e = 0; e < c->equation_count; e++)
        if (sum_categories(w, p, e, err) != 0)
            return -1;
    return 0;
}
