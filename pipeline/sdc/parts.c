/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/parts.h. Union-find with path halving, the smaller cell as the root, so that a
 * root is its part's smallest cell. */
#include "sdc/parts.h"

#include <stdlib.h>
#include <string.h>

static uint32_t root_of(uint32_t *parent, uint32_t cell)
{
    while (parent[cell] != cell) {
        parent[cell] = parent[parent[cell]];
        cell = parent[cell];
    }
    return cell;
}

/* The first hidden member of an equation, or PART_NONE. */
static uint32_t first_hidden(const struct cells *c, const uint8_t *hidden, size_t equation)
{
    for (uint32_t i = c->equation_start[equation]; i < c->equation_start[equation + 1]; i++)
        if (hidden[c->equation_cell[i]])
            return c->equation_cell[i];
    return PART_NONE;
}

static void join_equation(uint32_t *parent, const struct cells *c, const uint8_t *hidden, size_t e)
{
    uint32_t first = first_hidden(c, hidden, e);
    for (uint32_t i = c->equation_start[e]; first != PART_NONE && i < c->equation_start[e + 1];
         i++) {
        uint32_t cell = c->equation_cell[i];
        if (!hidden[cell])
            continue;
        uint32_t a = root_of(parent, first), b = root_of(parent, cell);
        if (a < b)
            parent[b] = a;
        else
            parent[a] = b;
    }
}

/* Turns counts by part, at [p + 1], into starts. */
static void accumulate(uint32_t *start, size_t count)
{
    for (size_t p = 0; p < count; p++)
        start[p + 1] += start[p];
}

/* Moves starts back to where they were before they were used as cursors. */
static void rewind_starts(uint32_t *start, size_t count)
{
    memmove(start + 1, start, count * sizeof *start);
    start[0] = 0;
}

static void list_cells(struct parts *p, const struct cells *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (p->of[i] != PART_NONE)
            p->cell_start[p->of[i] + 1]++;
    accumulate(p->cell_start, p->count);
    for (uint32_t i = 0; i < c->count; i++)
        if (p->of[i] != PART_NONE)
            p->cells[p->cell_start[p->of[i]]++] = i;
    rewind_starts(p->cell_start, p->count);
}

static void list_equations(struct parts *p, const struct cells *c, const uint8_t *hidden)
{
    for (size_t e = 0; e < c->equation_count; e++) {
        uint32_t first = first_hidden(c, hidden, e);
        if (first != PART_NONE)
            p->equation_start[p->of[first] + 1]++;
    }
    accumulate(p->equation_start, p->count);
    for (uint32_t e = 0; e < c->equation_count; e++) {
        uint32_t first = first_hidden(c, hidden, e);
        if (first != PART_NONE)
            p->equations[p->equation_start[p->of[first]]++] = e;
    }
    rewind_starts(p->equation_start, p->count);
}

/* Numbers the roots; returns how many. */
static size_t number_parts(uint32_t *of, uint32_t *parent, const uint8_t *hidden, size_t cells)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < cells; i++) {
        of[i] = PART_NONE;
        if (hidden[i]) {
            uint32_t root = root_of(parent, i); /* root <= i, so it has its number */
            of[i] = root == i ? count++ : of[root];
        }
    }
    return count;
}

int parts_build(struct parts *p, const struct cells *cells, const uint8_t *hidden, struct err *err)
{
    int rc = -1;
    memset(p, 0, sizeof *p);
    uint32_t *parent = malloc((cells->count + 1) * sizeof *parent);
    p->of = malloc((cells->count + 1) * sizeof *p->of);
    p->cells = malloc((cells->count + 1) * sizeof *p->cells);
    p->equations = malloc((cells->equation_count + 1) * sizeof *p->equations);
    if (!parent || !p->of || !p->cells || !p->equations)
        goto out;
    for (uint32_t i = 0; i < cells->count; i++)
        parent[i] = i;
    for (size_t e = 0; e < cells->equation_count; e++)
        join_equation(parent, cells, hidden, e);
    p->count = number_parts(p->of, parent, hidden, cells->count);
    p->cell_start = calloc(p->count + 2, sizeof *p->cell_start);
    p->equation_start = calloc(p->count + 2, sizeof *p->equation_start);
    if (!p->cell_start || !p->equation_start)
        goto out;
    list_cells(p, cells);
    list_equations(p, cells, hidden);
    rc = 0;
out:
    free(parent);
    if (rc != 0) {
        parts_release(p);
        return err_memory(err);
    }
    return 0;
}

void parts_release(struct parts *p)
{
    free(p->of);
    free(p->cell_start);
    free(p->cells);
    free(p->equation_start);
    free(p->equations);
    memset(p, 0, sizeof *p);
}
