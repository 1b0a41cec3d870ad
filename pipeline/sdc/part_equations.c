/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_equations.h. */
#include "sdc/part_equations.h"

#include <stdlib.h>
#include <string.h>

/* Position of a cell within its part. */
static uint32_t unknown_of(const struct parts *parts, size_t part, uint32_t cell)
{
    uint32_t low = parts->cell_start[part], high = parts->cell_start[part + 1];
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (parts->cells[middle] <= cell)
            low = middle;
        else
            high = middle;
    }
    return low - parts->cell_start[part];
}

/* One equation: hidden members become terms, published ones go to the right. The total has sign -1.
 */
static int add_equation(struct part_equations *q, const struct view *v, const struct parts *parts,
                        size_t part, uint32_t e, struct err *err)
{
    const struct cells *c = v->cells;
    int64_t right = 0;
    uint32_t end = q->start[q->count];
    for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
        uint32_t cell = c->equation_cell[i];
        int8_t sign = i == c->equation_start[e] ? -1 : 1;
        if (v->hidden[cell]) {
            q->member[end] = unknown_of(parts, part, cell);
            q->sign[end++] = sign;
        } else if (__builtin_sub_overflow(right, sign * v->counts[cell], &right)) {
            return err_set(err, ERR_INTERNAL, "suppression: counts are too large");
        }
    }
    q->right[q->count++] = right;
    q->start[q->count] = end;
    return 0;
}

static int index_unknowns(struct part_equations *q, struct err *err)
{
    size_t terms = q->start[q->count];
    q->in_start = calloc(q->unknowns + 2, sizeof *q->in_start);
    q->in = calloc(terms + 1, sizeof *q->in);
    q->in_sign = calloc(terms + 1, 1);
    if (!q->in_start || !q->in || !q->in_sign)
        return err_memory(err);
    for (size_t t = 0; t < terms; t++)
        q->in_start[q->member[t] + 1]++;
    for (size_t u = 0; u < q->unknowns; u++)
        q->in_start[u + 1] += q->in_start[u];
    for (uint32_t e = 0; e < q->count; e++)
        for (uint32_t t = q->start[e]; t < q->start[e + 1]; t++) {
            uint32_t at = q->in_start[q->member[t]]++;
            q->in[at] = e;
            q->in_sign[at] = q->sign[t];
        }
    memmove(q->in_start + 1, q->in_start, q->unknowns * sizeof *q->in_start);
    q->in_start[0] = 0;
    return 0;
}

struct queue { /* equations to look at (again), each at most once at a time */
    uint32_t *items;
    uint8_t *waiting;
    size_t first, count, capacity;
};

static void enqueue(struct queue *w, uint32_t e)
{
    if (w->waiting[e])
        return;
    w->waiting[e] = 1;
    w->items[(w->first + w->count++) % w->capacity] = e;
}

static uint32_t dequeue(struct queue *w)
{
    uint32_t e = w->items[w->first];
    w->first = (w->first + 1) % w->capacity;
    w->count--;
    w->waiting[e] = 0;
    return e;
}

static void settle(struct part_equations *q, struct queue *w, uint32_t unknown, int64_t value)
{
    q->known[unknown] = value;
    for (uint32_t i = q->in_start[unknown]; i < q->in_start[unknown + 1]; i++)
        enqueue(w, q->in[i]);
}

/* Draws what follows at sight from one equation; -1 if it cannot hold. */
static int look_at(struct part_equations *q, struct queue *w, uint32_t e)
{
    int64_t left = q->right[e];
    size_t plus = 0, minus = 0;
    uint32_t last = 0;
    for (uint32_t t = q->start[e]; t < q->start[e + 1]; t++) {
        int64_t known = q->known[q->member[t]];
        if (known >= 0) {
            left -= q->sign[t] * known;
            continue;
        }
        plus += q->sign[t] > 0;
        minus += q->sign[t] < 0;
        last = t;
    }
    if (plus + minus == 0)
        return left == 0 ? 0 : -1;
    if ((minus == 0 && left < 0) || (plus == 0 && left > 0))
        return -1;
    if (plus + minus == 1) {
        settle(q, w, q->member[last], q->sign[last] * left);
        return 0;
    }
    if (left != 0 || (plus > 0 && minus > 0))
        return 0;
    for (uint32_t t = q->start[e]; t < q->start[e + 1]; t++)
        if (q->known[q->member[t]] < 0)
            settle(q, w, q->member[t], 0);
    return 0;
}

static int reduce(struct part_equations *q, struct err *err)
{
    int rc = -1;
    struct queue w = {.capacity = q->count + 1};
    w.items = malloc(w.capacity * sizeof *w.items);
    w.waiting = calloc(w.capacity, 1);
    if (!w.items || !w.waiting) {
        err_memory(err);
        goto out;
    }
    for (uint32_t e = 0; e < q->count; e++)
        enqueue(&w, e);
    while (w.count)
        if (look_at(q, &w, dequeue(&w)) != 0) {
            err_set(err, ERR_INTERNAL, "suppression: no table agrees with the published cells");
            goto out;
        }
    rc = 0;
out:
    free(w.items);
    free(w.waiting);
    return rc;
}

int part_equations_build(struct part_equations *q, const struct view *view,
                         const struct parts *parts, size_t part, struct err *err)
{
    memset(q, 0, sizeof *q);
    const struct cells *c = view->cells;
    size_t first = parts->equation_start[part], count = parts->equation_start[part + 1] - first;
    size_t terms = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t e = parts->equations[first + i];
        terms += c->equation_start[e + 1] - c->equation_start[e];
    }
    q->unknowns = parts->cell_start[part + 1] - parts->cell_start[part];
    q->known = malloc((q->unknowns + 1) * sizeof *q->known);
    q->start = calloc(count + 1, sizeof *q->start);
    q->right = calloc(count + 1, sizeof *q->right);
    q->member = calloc(terms + 1, sizeof *q->member);
    q->sign = calloc(terms + 1, 1);
    if (!q->known || !q->start || !q->right || !q->member || !q->sign) {
        err_memory(err);
        goto fail;
    }
    for (size_t u = 0; u < q->unknowns; u++)
        q->known[u] = -1;
    for (size_t i = 0; i < count; i++)
        if (add_equation(q, view, parts, part, parts->equations[first + i], err) != 0)
            goto fail;
    if (index_unknowns(q, err) != 0 || reduce(q, err) != 0)
        goto fail;
    return 0;
fail:
    part_equations_release(q);
    return -1;
}

void part_equations_release(struct part_equations *q)
{
    free(q->known);
    free(q->start);
    free(q->member);
    free(q->sign);
    free(q->right);
    free(q->in_start);
    free(q->in);
    free(q->in_sign);
    memset(q, 0, sizeof *q);
}

bool part_equations_hold(const struct part_equations *q, const int64_t *values)
{
    for (size_t u = 0; u < q->unknowns; u++)
        if (values[u] < 0)
            return false;
    for (size_t e = 0; e < q->count; e++) {
        int64_t sum = 0;
        for (uint32_t t = q->start[e]; t < q->start[e + 1]; t++)
            if (__builtin_add_overflow(sum, q->sign[t] * values[q->member[t]], &sum))
                return false;
        if (sum != q->right[e])
            return false;
    }
    return true;
}
