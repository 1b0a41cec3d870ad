/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/shapes.h. */
#include "sdc/shapes.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS_MOST = 64, WAY_NODES = 16, MEMBERS_MOST = 128, SHAPES_MOST = 512 };

struct way { /* along one variable */
    size_t count;
    uint16_t category[WAY_NODES];
    int8_t by[WAY_NODES];
};

struct ways {
    size_t count;
    struct way way[WAYS_MOST];
};

struct builder {
    struct shapes *s;
    const struct blocks *b;
    uint32_t *sample; /* per class: a cell of it */
    int8_t *residual; /* per line */
    size_t shape_count, shape_limit, shape_capacity, member_count, member_capacity;
};

static bool is_leaf(const struct variable *v, int category)
{
    for (size_t c = 1; c < v->category_count; c++)
        if (v->categories[c].parent == category)
            return false;
    return true;
}

static int parent_of(const struct variable *v, int category)
{
    int parent = v->categories[category].parent;
    return category == 0 ? -1 : parent < 0 ? 0 : parent;
}

static bool is_below(const struct variable *v, int category, int ancestor)
{
    while (category >= 0 && category != ancestor)
        category = parent_of(v, category);
    return category == ancestor;
}

static bool add_node(struct way *w, int category, int by)
{
    if (w->count == WAY_NODES)
        return false;
    w->category[w->count] = (uint16_t)category;
    w->by[w->count++] = (int8_t)by;
    return true;
}

/* From a leaf up to the total (to < 0), or over to the leaf `to`. */
static bool make_way(struct way *w, const struct variable *v, int from, int to)
{
    w->count = 0;
    int c = from;
    for (; c >= 0 && (to < 0 || !is_below(v, to, c)); c = parent_of(v, c))
        if (!add_node(w, c, 1))
            return false;
    for (int d = to; d >= 0 && d != c; d = parent_of(v, d))
        if (!add_node(w, d, -1))
            return false;
    return true;
}

/* Every way that moves the category up. */
static void list_ways(struct ways *ways, const struct variable *v, int category)
{
    ways->count = 0;
    for (int from = 0; from < (int)v->category_count; from++) {
        if (!is_leaf(v, from) || !is_below(v, from, category))
            continue;
        for (int to = -1; to < (int)v->category_count; to++) {
            if (to == 0 || (to > 0 && (!is_leaf(v, to) || is_below(v, to, category))))
                continue;
            if (ways->count < WAYS_MOST && make_way(&ways->way[ways->count], v, from, to))
                ways->count++;
        }
    }
}

static int reserve(struct builder *k, struct err *err)
{
    if (k->shape_count == k->shape_capacity) {
        size_t capacity = k->shape_capacity ? k->shape_capacity * 2 : 256;
        struct shape *shape = realloc(k->s->shape, capacity * sizeof *shape);
        if (!shape)
            return err_memory(err);
        k->s->shape = shape;
        k->shape_capacity = capacity;
    }
    if (k->member_count + MEMBERS_MOST > k->member_capacity) {
        size_t capacity = (k->member_capacity ? k->member_capacity * 2 : 4096) + MEMBERS_MOST;
        uint32_t *member = realloc(k->s->member, capacity * sizeof *member);
        if (member)
            k->s->member = member;
        int8_t *by = realloc(k->s->by, capacity);
        if (by)
            k->s->by = by;
        if (!member || !by)
            return err_memory(err);
        k->member_capacity = capacity;
    }
    return 0;
}

/* Do the new members keep every line of the block? */
static bool keeps_lines(struct builder *k, size_t count)
{
    const struct blocks *b = k->b;
    bool keeps = true;
    for (int pass = 0; pass < 3; pass++) /* add up, look, take away */
        for (size_t i = k->member_count; i < k->member_count + count; i++) {
            uint32_t class = k->s->member[i];
            for (uint32_t l = b->class_start[class]; l < b->class_start[class + 1]; l++) {
                int8_t *residual = &k->residual[b->class_line[l]];
                int by = k->s->by[i] * b->class_sign[l];
                if (pass == 1)
                    keeps = keeps && *residual == 0;
                else
                    *residual = (int8_t)(*residual + (pass == 0 ? by : -by));
            }
        }
    return keeps;
}

/* What is chosen for a class: a way along each variable of `chosen`; the others have none. */
struct choice {
    uint32_t chosen; /* bits of variables */
    const struct way *way[CONFIG_VARIABLES];
};

static bool is_difference(const struct way *w)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->category[i] == 0)
            return false;
    return true;
}

static uint32_t variables_of(const struct leaf_table *t)
{
    uint32_t bits = 0;
    for (size_t v = 0; v < t->variable_count; v++)
        bits |= (uint32_t)1 << t->variables[v];
    return bits;
}

/* The class with these categories, or SLOT_NONE if it cannot move. */
static uint32_t movable_class(const struct blocks *b, uint32_t cell, const uint16_t *categories)
{
    const struct cells *c = b->cells;
    size_t member = cells_find(c, (int)c->population[cell], (int)c->unit[cell], categories);
    if (member == SIZE_MAX || c->flags[member] & CELL_PUBLIC || b->slot[member] == SLOT_NONE)
        return SLOT_NONE;
    return b->slot[member] % (uint32_t)b->class_count;
}

/* Adds the members that one table has in the shape; a margin that another table gave already counts
 * once. false: too many, or one cannot move. */
static bool add_product(struct builder *k, const struct leaf_table *t, uint32_t cell,
                        const struct choice *c, size_t *count)
{
    size_t products = 1;
    for (size_t v = 0; v < t->variable_count; v++)
        products *= c->way[t->variables[v]]->count;
    for (size_t i = 0; i < products; i++) {
        uint16_t categories[CONFIG_VARIABLES] = {0};
        size_t rest = i;
        int by = 1;
        for (size_t v = 0; v < t->variable_count; v++) {
            const struct way *w = c->way[t->variables[v]];
            categories[t->variables[v]] = w->category[rest % w->count];
            by *= w->by[rest % w->count];
            rest /= w->count;
        }
        uint32_t class = movable_class(k->b, cell, categories);
        const uint32_t *members = k->s->member + k->member_count;
        bool known = false;
        for (size_t m = 0; m < *count && !known; m++)
            known = members[m] == class;
        if (class == SLOT_NONE || (!known && *count == MEMBERS_MOST))
            return false;
        if (known)
            continue;
        k->s->member[k->member_count + *count] = class;
        k->s->by[k->member_count + (*count)++] = (int8_t)by;
    }
    return true;
}

/* The tables that see a change with these differences: people of one combination of the differing
 * variables take the place of another, and a table that lacks one of these variables counts the
 * same as before. */
static bool sees(const struct leaf_table *t, int population, uint32_t differences)
{
    return t->population == population && (variables_of(t) & differences) == differences;
}

static int add_shape(struct builder *k, uint32_t cell, const struct choice *c, uint32_t differences,
                     struct err *err)
{
    const struct cells *cells = k->b->cells;
    size_t count = 0;
    if (reserve(k, err) != 0)
        return -1;
    for (size_t t = 0; t < cells->leaf_table_count; t++)
        if (sees(&cells->leaf_tables[t], (int)cells->population[cell], differences) &&
            !add_product(k, &cells->leaf_tables[t], cell, c, &count))
            return 0;
    if (count == 0 || !keeps_lines(k, count))
        return 0;
    k->s->shape[k->shape_count++] = (struct shape){(uint32_t)k->member_count, (uint32_t)count};
    k->member_count += count;
    return 0;
}

/* Chooses ways for the variables from `v` on, of those in `wanted`, in every manner. */
static int choose(struct builder *k, uint32_t cell, int v, uint32_t wanted, struct choice *c,
                  struct err *err)
{
    const struct cells *cells = k->b->cells;
    while (v < CONFIG_VARIABLES && !(wanted >> v & 1 && !(c->chosen >> v & 1)))
        v++;
    if (v < CONFIG_VARIABLES) {
        struct ways *ways = malloc(sizeof *ways);
        if (!ways)
            return err_memory(err);
        int rc = 0;
        list_ways(ways, &cells->structure->variables[v],
                  cells->categories[cell * cells->stride + (size_t)v]);
        c->chosen |= (uint32_t)1 << v;
        for (size_t w = 0; rc == 0 && w < ways->count && k->shape_count < k->shape_limit; w++) {
            c->way[v] = &ways->way[w];
            rc = choose(k, cell, v + 1, wanted, c, err);
        }
        c->chosen &= ~((uint32_t)1 << v);
        free(ways);
        return rc;
    }
    /* The class's own variables are chosen: which tables see that, and over which others? */
    uint32_t differences = 0, seen = 0;
    for (int i = 0; i < CONFIG_VARIABLES; i++)
        if (c->chosen >> i & 1 && is_difference(c->way[i]))
            differences |= (uint32_t)1 << i;
    for (size_t t = 0; t < cells->leaf_table_count; t++)
        if (sees(&cells->leaf_tables[t], (int)cells->population[cell], differences))
            seen |= variables_of(&cells->leaf_tables[t]);
    if (seen & ~c->chosen)
        return choose(k, cell, 0, seen, c, err);
    return add_shape(k, cell, c, differences, err);
}

static int add_class(struct builder *k, uint32_t class, struct err *err)
{
    const struct cells *c = k->b->cells;
    uint32_t cell = k->sample[class], own = 0;
    struct choice choice = {.chosen = 0};
    if (cell == SLOT_NONE || c->flags[cell] & (CELL_PUBLIC | CELL_UNPUBLISHED))
        return 0;
    for (size_t v = 0; v < c->stride; v++)
        if (c->categories[cell * c->stride + v])
            own |= (uint32_t)1 << v;
    k->shape_limit = k->shape_count + SHAPES_MOST;
    return choose(k, cell, 0, own, &choice, err);
}

int shapes_build(struct shapes *s, const struct blocks *b, struct err *err)
{
    memset(s, 0, sizeof *s);
    struct builder k = {.s = s, .b = b};
    int rc = 0;
    s->class_start = calloc(b->class_count + 2, sizeof *s->class_start);
    k.sample = malloc((b->class_count + 1) * sizeof *k.sample);
    k.residual = calloc(b->line_count + 1, 1);
    if (!s->class_start || !k.sample || !k.residual) {
        free(k.sample);
        free(k.residual);
        return err_memory(err);
    }
    for (uint32_t c = 0; c < b->class_count && rc == 0; c++) {
        k.sample[c] = SLOT_NONE;
        for (size_t u = 0; u < b->unit_count && k.sample[c] == SLOT_NONE; u++)
            k.sample[c] = b->cell[u * b->class_count + c];
    }
    for (uint32_t c = 0; c < b->class_count && rc == 0; c++) {
        rc = add_class(&k, c, err);
        s->class_start[c + 1] = (uint32_t)k.shape_count;
    }
    free(k.sample);
    free(k.residual);
    return rc;
}

void shapes_release(struct shapes *s)
{
    free(s->class_start);
    free(s->shape);
    free(s->member);
    free(s->by);
    memset(s, 0, sizeof *s);
}
