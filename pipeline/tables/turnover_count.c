/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who joined and who left each group: each move adds to every group that holds one of its two
 * places and not the other. A place is a unit and a category of each variable; the groups that hold
 * it are those of the units and categories above. See include/tables/turnover.h.
 */
#include "tables/turnover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = CONFIG_CATEGORIES + 2 };

struct place {
    int unit;                              /* -1: not in the population */
    uint16_t categories[CONFIG_VARIABLES]; /* 0: none of today's */
};

struct counting {
    const struct cells *cells;
    const struct structure *structure;
    const struct column *since, *population, *unit[2];  /* now, then */
    const struct column *category[2][CONFIG_VARIABLES]; /* NULL: sensitive */
    uint32_t *shapes;                                   /* by population: sets of variables */
    size_t *shape_start;                                /* of each population, and the end */
    uint32_t *stamp;                                    /* per cell: the last move that met it */
};

static uint32_t open_variables(const struct structure *s, const struct frequency_table *t)
{
    uint32_t set = 0;
    for (size_t i = 0; i < t->variable_count; i++)
        if (!s->variables[t->variables[i]].sensitive)
            set |= 1U << t->variables[i];
    return set;
}

/* The head counts of a population are those of its tables without their sensitive variables. */
static int list_shapes(struct counting *c, struct err *err)
{
    const struct structure *s = c->structure;
    c->shapes = calloc(s->table_count + 1, sizeof *c->shapes);
    c->shape_start = calloc(s->population_count + 1, sizeof *c->shape_start);
    if (!c->shapes || !c->shape_start)
        return err_memory(err);
    size_t count = 0;
    for (size_t p = 0; p < s->population_count; p++) {
        c->shape_start[p] = count;
        for (size_t t = 0; t < s->table_count; t++) {
            uint32_t set = open_variables(s, &s->tables[t]);
            bool known = (size_t)s->tables[t].population != p;
            for (size_t i = c->shape_start[p]; i < count && !known; i++)
                known = c->shapes[i] == set;
            if (!known)
                c->shapes[count++] = set;
        }
    }
    c->shape_start[s->population_count] = count;
    return 0;
}

static int open_columns(struct counting *c, const struct frame *moves, struct err *err)
{
    static const char *const names[2] = {"now", "then"};
    c->since = frame_need(moves, "since", COLUMN_U8, err);
    c->population = c->since ? frame_need(moves, "population", COLUMN_U8, err) : NULL;
    if (!c->population)
        return -1;
    for (int side = 0; side < 2; side++) {
        if (!(c->unit[side] = frame_need(moves, names[side], COLUMN_U32, err)))
            return -1;
        for (size_t v = 0; v < c->structure->variable_count; v++) {
            char name[FRAME_NAME];
            if (c->structure->variables[v].sensitive)
                continue;
            (void)snprintf(name, sizeof name, "%s:%s", names[side],
                           c->structure->variables[v].name);
            if (!(c->category[side][v] = frame_need(moves, name, COLUMN_U8, err)))
                return -1;
        }
    }
    return 0;
}

static int read_place(const struct counting *c, size_t row, int side, struct place *out,
                      struct err *err)
{
    const struct structure *s = c->structure;
    uint64_t unit = column_get(c->unit[side], row);
    memset(out, 0, sizeof *out);
    out->unit = (int)unit - 1;
    bool fits = unit <= s->unit_count;
    for (size_t v = 0; v < s->variable_count; v++) {
        uint64_t category = c->category[side][v] ? column_get(c->category[side][v], row) : 0;
        fits = fits && category < s->variables[v].category_count;
        out->categories[v] = (uint16_t)category;
    }
    return fits ? 0 : err_set(err, ERR_DATA, "frame moves: row %zu: no place", row + 1);
}

static bool holds_unit(const struct structure *s, int unit, int place)
{
    while (place > unit)
        place = s->units[place].parent;
    return place == unit;
}

static bool holds_category(const struct variable *v, int category, int place)
{
    while (place > category)
        place = v->categories[place].parent;
    return place == category;
}

/* Is the place in this cell? */
static bool holds(const struct counting *c, size_t cell, const struct place *p)
{
    const struct structure *s = c->structure;
    if (p->unit < 0 || !holds_unit(s, (int)c->cells->unit[cell], p->unit))
        return false;
    const uint16_t *categories = c->cells->categories + cell * c->cells->stride;
    for (size_t v = 0; v < s->variable_count; v++)
        if (!holds_category(&s->variables[v], categories[v], p->categories[v]))
            return false;
    return true;
}

/* The next categories upwards of a place, as an odometer; false when all were there. */
static bool climb(const struct structure *s, uint32_t shape, const struct place *p,
                  uint16_t *categories)
{
    for (size_t v = 0; v < s->variable_count; v++) {
        if (!(shape >> v & 1))
            continue;
        if (categories[v] != 0) {
            categories[v] = (uint16_t)s->variables[v].categories[categories[v]].parent;
            return true;
        }
        categories[v] = p->categories[v];
    }
    return false;
}

/* Adds one in every group of this shape that holds `in` and not `out`. */
static void add_shape(struct counting *c, int population, uint32_t shape, const struct place *in,
                      const struct place *out, uint32_t move, int64_t *to)
{
    const struct structure *s = c->structure;
    uint16_t categories[CONFIG_VARIABLES] = {0};
    for (size_t v = 0; v < s->variable_count; v++)
        categories[v] = shape >> v & 1 ? in->categories[v] : 0;
    do
        for (int u = in->unit; u >= 0; u = s->units[u].parent) {
            size_t cell = cells_find(c->cells, population, u, categories);
            if (cell == SIZE_MAX || c->stamp[cell] == move || !turnover_is_group(c->cells, cell))
                continue;
            c->stamp[cell] = move;
            to[cell] += !holds(c, cell, out);
        }
    while (climb(s, shape, in, categories));
}

static int count_move(struct counting *c, struct turnover *t, size_t row, struct err *err)
{
    struct place place[2];
    uint64_t since = column_get(c->since, row), population = column_get(c->population, row);
    if (since >= t->count || population >= c->structure->population_count)
        return err_set(err, ERR_DATA, "frame moves: row %zu: no such date or population", row + 1);
    bool earlier = t->dates[since] < t->reference;
    int64_t *to[2] = {(earlier ? t->joined : t->left) + since * t->cells,
                      (earlier ? t->left : t->joined) + since * t->cells};
    for (int side = 0; side < 2; side++)
        if (read_place(c, row, side, &place[side], err) != 0)
            return -1;
    for (int side = 0; side < 2; side++)
        for (size_t i = c->shape_start[population]; i < c->shape_start[population + 1]; i++)
            add_shape(c, (int)population, c->shapes[i], &place[side], &place[1 - side],
                      (uint32_t)(2 * row) + (uint32_t)side + 1, to[side]);
    return 0;
}

int turnover_count(struct turnover *t, const struct cells *cells, const struct frame *moves,
                   struct err *err)
{
    struct counting c = {.cells = cells, .structure = cells->structure};
    int rc = -1;
    if (moves->rows > INT32_MAX)
        return err_set(err, ERR_DATA, "frame moves: too many rows");
    c.stamp = calloc(cells->count + 1, sizeof *c.stamp);
    if (!c.stamp)
        (void)err_memory(err);
    else if (list_shapes(&c, err) == 0)
        rc = open_columns(&c, moves, err);
    for (size_t row = 0; rc == 0 && row < moves->rows; row++)
        rc = count_move(&c, t, row, err);
    free(c.stamp);
    free(c.shapes);
    free(c.shape_start);
    return rc;
}
