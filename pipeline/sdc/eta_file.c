/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/eta_file.h. */
#include "sdc/eta_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double ZERO = 1e-11; /* smaller values come from rounding */

int sparse_open(struct sparse *v, size_t length, struct err *err)
{
    v->count = 0;
    v->value = calloc(length + 1, sizeof *v->value);
    v->list = malloc((length + 1) * sizeof *v->list);
    v->listed = calloc(length + 1, sizeof *v->listed);
    return v->value && v->list && v->listed ? 0 : err_memory(err);
}

void sparse_release(struct sparse *v)
{
    free(v->value);
    free(v->list);
    free(v->listed);
}

void sparse_clear(struct sparse *v)
{
    for (size_t i = 0; i < v->count; i++) {
        v->value[v->list[i]] = 0;
        v->listed[v->list[i]] = false;
    }
    v->count = 0;
}

void eta_file_release(struct eta_file *f)
{
    free(f->etas);
    free(f->elements);
    memset(f, 0, sizeof *f);
}

void eta_file_clear(struct eta_file *f)
{
    f->count = f->element_count = 0;
}

static int make_room(struct eta_file *f, size_t elements, struct err *err)
{
    if (f->count == f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 64;
        struct eta *etas = realloc(f->etas, capacity * sizeof *etas);
        if (!etas)
            return err_memory(err);
        f->etas = etas;
        f->capacity = capacity;
    }
    if (f->element_count + elements > f->room) {
        size_t room = 2 * f->room + elements + 512;
        struct eta_element *more = realloc(f->elements, room * sizeof *more);
        if (!more)
            return err_memory(err);
        f->elements = more;
        f->room = room;
    }
    return 0;
}

int eta_file_add(struct eta_file *f, const struct sparse *column, uint32_t row, struct err *err)
{
    if (make_room(f, column->count, err) != 0)
        return -1;
    struct eta *eta = &f->etas[f->count++];
    *eta = (struct eta){.row = row, .pivot = column->value[row], .start = f->element_count};
    for (size_t i = 0; i < column->count; i++) {
        uint32_t r = column->list[i];
        if (r == row || fabs(column->value[r]) < ZERO)
            continue;
        f->elements[f->element_count++] = (struct eta_element){.value = column->value[r], .row = r};
    }
    eta->end = f->element_count;
    return 0;
}

void eta_file_forward(const struct eta_file *f, struct sparse *v)
{
    eta_file_forward_from(f, 0, v);
}

/* What does not change is read once: the compiler cannot know that values are no addresses. */
void eta_file_forward_from(const struct eta_file *f, size_t first, struct sparse *v)
{
    double *value = v->value;
    uint32_t *list = v->list;
    bool *listed = v->listed;
    size_t count = v->count;
    for (size_t k = first; k < f->count; k++) {
        const struct eta *eta = &f->etas[k];
        double x = value[eta->row];
        if (fabs(x) < ZERO)
            continue;
        x /= eta->pivot;
        value[eta->row] = x;
        const struct eta_element *last = f->elements + eta->end;
        for (const struct eta_element *e = f->elements + eta->start; e < last; e++) {
            list[count] = e->row; /* stays only if it is news */
            count += !listed[e->row];
            listed[e->row] = true;
            value[e->row] -= e->value * x;
        }
    }
    v->count = count;
}

void eta_file_back(const struct eta_file *f, struct sparse *v)
{
    const double *value = v->value;
    for (size_t k = f->count; k-- > 0;) {
        const struct eta *eta = &f->etas[k];
        const struct eta_element *last = f->elements + eta->end;
        double sum = value[eta->row];
        for (const struct eta_element *e = f->elements + eta->start; e < last; e++)
            sum -= e->value * value[e->row];
        if (fabs(sum) < ZERO)
            v->value[eta->row] = 0;
        else if (v->listed[eta->row])
            v->value[eta->row] = sum / eta->pivot;
        else
            sparse_add(v, eta->row, sum / eta->pivot);
    }
}
