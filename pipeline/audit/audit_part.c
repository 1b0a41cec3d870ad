/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/part.h; what is left of the equations is made in audit_rows.c. */
#include "audit/part.h"

#include "audit/rows.h"

#include <stdlib.h>
#include <string.h>

int audit_index_build(struct audit_index *x, const struct cells *c, struct err *err)
{
    size_t members = c->equation_start[c->equation_count];
    x->start = calloc(c->count + 2, sizeof *x->start);
    x->equation = malloc((members + 1) * sizeof *x->equation);
    if (!x->start || !x->equation)
        return err_memory(err);
    for (size_t i = 0; i < members; i++)
        x->start[c->equation_cell[i] + 2]++;
    for (size_t i = 1; i < c->count + 2; i++)
        x->start[i] += x->start[i - 1];
    for (size_t e = 0; e < c->equation_count; e++)
        for (size_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++)
            x->equation[x->start[c->equation_cell[i] + 1]++] = (uint32_t)e;
    return 0;
}

void audit_index_release(struct audit_index *x)
{
    free(x->start);
    free(x->equation);
    memset(x, 0, sizeof *x);
}

int audit_part_begin(struct audit_part *p, const struct audit_case *c,
                     const struct audit_index *index, struct err *err)
{
    size_t cells = c->cells.count + 1, equations = c->cells.equation_count + 1;
    *p = (struct audit_part){.c = c, .index = index};
    p->place = calloc(cells, sizeof *p->place);
    p->met = calloc(equations, sizeof *p->met);
    p->cells = malloc(cells * sizeof *p->cells);
    p->equations = malloc(equations * sizeof *p->equations);
    return p->place && p->met && p->cells && p->equations ? 0 : err_memory(err);
}

static void list_release(struct audit_list *l)
{
    free(l->values);
    memset(l, 0, sizeof *l);
}

static void leave(struct audit_part *p)
{
    for (size_t j = 0; j < p->cell_count; j++)
        p->place[p->cells[j]] = 0;
    for (size_t e = 0; e < p->equation_count; e++)
        p->met[p->equations[e]] = 0;
    p->cell_count = p->equation_count = p->free_count = p->row_count = 0;
    p->contradiction = false;
    free(p->base);
    free(p->sum_start);
    free(p->sum_count);
    free(p->free_place);
    free(p->state);
    free(p->defined);
    free(p->coefficient);
    p->sum_start = p->sum_count = NULL;
    p->free_place = p->defined = NULL;
    p->state = NULL;
    p->base = p->coefficient = NULL;
    list_release(&p->sum);
    list_release(&p->row_start);
    list_release(&p->row_free);
    list_release(&p->row_coefficient);
    list_release(&p->row_right);
    list_release(&p->row_equation);
}

void audit_part_close(struct audit_part *p)
{
    leave(p);
    free(p->place);
    free(p->met);
    free(p->cells);
    free(p->equations);
    memset(p, 0, sizeof *p);
}

static void meet_cell(struct audit_part *p, uint32_t cell)
{
    if (!p->c->hidden[cell] || p->place[cell])
        return;
    p->cells[p->cell_count++] = cell;
    p->place[cell] = (uint32_t)p->cell_count;
}

static void meet_equation(struct audit_part *p, uint32_t e)
{
    const struct cells *s = &p->c->cells;
    if (p->met[e])
        return;
    p->met[e] = 1;
    p->equations[p->equation_count++] = e;
    for (uint32_t m = s->equation_start[e]; m < s->equation_start[e + 1]; m++)
        meet_cell(p, s->equation_cell[m]);
}

int audit_part_enter(struct audit_part *p, size_t cell, struct err *err)
{
    leave(p);
    meet_cell(p, (uint32_t)cell);
    for (size_t next = 0; next < p->cell_count; next++) {
        uint32_t at = p->cells[next];
        for (uint32_t i = p->index->start[at]; i < p->index->start[at + 1]; i++)
            meet_equation(p, p->index->equation[i]);
    }
    return audit_rows_make(p, err);
}

bool audit_part_holds(const struct audit_part *p, const int64_t *values)
{
    const struct cells *s = &p->c->cells;
    for (size_t i = 0; i < p->equation_count; i++) {
        uint32_t e = p->equations[i];
        int64_t sum = 0;
        for (uint32_t m = s->equation_start[e]; m < s->equation_start[e + 1]; m++) {
            uint32_t cell = s->equation_cell[m];
            int64_t value = p->place[cell] ? values[p->place[cell] - 1] : p->c->counts[cell];
            sum += m == s->equation_start[e] ? -value : value;
        }
        if (sum != 0)
            return false;
    }
    return true;
}
