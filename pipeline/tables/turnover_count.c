/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who joined and who left each group: each move adds to every group that holds one of its two
 * places and not the other. A place is a unit and a category of each variable; the groups that hold
 * it are those of the units and categories above. See include/tables/turnover.h.
 */
#include "tables/turnover.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = CONFIG_CATEGORIES + 2 };

struct place {
    int unit;                              /* -1: not in the population */
    uint16_t categories[CONFIG_VARIABLES]; /* 0: none of today's */
};

struct turnover_counting {
    struct turnover *to;
    const struct cells *cells;
    const struct structure *structure;
    const struct column *since, *population, *unit[2];  /* now, then */
    const struct column *category[2][CONFIG_VARIABLES]; /* NULL: sensitive */
    uint32_t *shapes;                                   /* by population: sets of variables */
    size_t *shape_start;                                /* of each population, and the end */
    uint32_t *stamp;                                    /* per cell: the last move that met it, */
    uint32_t move;                                      /* which is the last of all */
    uint64_t before;                                    /* moves before the present piece */
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
static int list_shapes(struct turnover_counting *c, struct err *err)
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

static int open_columns(struct turnover_counting *c, const struct frame *moves, struct err *err)
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

static int read_place(const struct turnover_counting *c, size_t row, int side, struct place *out,
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
    return fits ? 0
                : err_set(err, ERR_DATA, "frame moves: row %" PRIu64 ": no place",
                          c->before + row + 1);
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
static bool holds(const struct turnover_counting *c, size_t cell, const struct place *p)
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
static void add_shape(struct turnover_counting *c, int population, uint32_t shape,
                      const struct place *in, const struct place *out, int64_t *to)
{
    const struct structure *s = c->structure;
    uint16_t categories[CONFIG_VARIABLES] = {0};
    for (size_t v = 0; v < s->variable_count; v++)
        categories[v] = shape >> v & 1 ? in->categories[v] : 0;
    do
        for (int u = in->unit; u >= 0; u = s->units[u].parent) {
            size_t cell = cells_find(c->cells, population, u, categories);
            if (cell == SIZE_MAX || c->stamp[cell] == c->move || !turnover_is_group(c->cells, cell))
                continue;
            c->stamp[cell] = c->move;
            to[cell] += !holds(c, cell, out);
        }
    while (climb(s, shape, in, categories));
}

/* Another stamp for each move and side. */
static void next_stamp(struct turnover_counting *c)
{
    if (c->move == UINT32_MAX) {
        memset(c->stamp, 0, c->cells->count * sizeof *c->stamp);
        c->move = 0;
    }
    c->move++;
}

static int count_move(struct turnover_counting *c, size_t row, struct err *err)
{
    struct place place[2];
    const struct turnover *t = c->to;
    uint64_t since = column_get(c->since, row), population = column_get(c->population, row);
    if (since >= t->count || population >= c->structure->population_count)
        return err_set(err, ERR_DATA, "frame moves: row %" PRIu64 ": no such date or population",
                       c->before + row + 1);
    bool earlier = t->dates[since] < t->reference;
    int64_t *to[2] = {(earlier ? t->joined : t->left) + since * t->cells,
                      (earlier ? t->left : t->joined) + since * t->cells};
    for (int side = 0; side < 2; side++)
        if (read_place(c, row, side, &place[side], err) != 0)
            return -1;
    for (int side = 0; side < 2; side++) {
        next_stamp(c);
        for (size_t i = c->shape_start[population]; i < c->shape_start[population + 1]; i++)
            add_shape(c, (int)population, c->shapes[i], &place[side], &place[1 - side], to[side]);
    }
    return 0;
}

int turnover_counting_open(struct turnover_counting **out, struct turnover *t,
                           const struct cells *cells, struct err *err)
{
    struct turnover_counting *c = *out = calloc(1, sizeof *c);
    if (!c)
        return err_memory(err);
    c->to = t;
    c->cells = cells;
    c->structure = cells->structure;
    c->stamp = calloc(cells->count + 1, sizeof *c->stamp);
    return c->stamp ? list_shapes(c, err) : err_memory(err);
}

int turnover_count(struct turnover_counting *c, const struct frame *moves, struct err *err)
{
    if (open_columns(c, moves, err) != 0)
        return -1;
    for (size_t row = 0; row < moves->rows; row++)
        if (count_move(c, row, err) != 0)
            return -1;
    c->before += moves->rows;
    return 0;
}

void turnover_counting_close(struct turnover_counting **counting)
{
    struct turnover_counting *c = *counting;
    *counting = NULL;
    if (!c)
        return;
    free(c->stamp);
    free(c->shapes);
    free(c->shape_start);
    free(c);
}
