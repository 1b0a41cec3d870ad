/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/rows.h. */
#include "audit/rows.h"

#include <stdlib.h>
#include <string.h>

enum { WHITE, GREY, BLACK }; /* not looked at, being written as a sum, done */

static int append(struct audit_list *l, int64_t value, struct err *err)
{
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? l->capacity * 2 : 64;
        int64_t *values = realloc(l->values, capacity * sizeof *values);
        if (!values)
            return err_memory(err);
        l->values = values;
        l->capacity = capacity;
    }
    l->values[l->count++] = value;
    return 0;
}

/* ---- sums of free cells ---- */

static int write_sum(struct audit_part *p, size_t place, struct err *err);

/* Writes the hidden members of an equation as sums. *usable: none of them is itself waiting for
 * this one. */
static int write_members(struct audit_part *p, uint32_t e, bool *usable, struct err *err)
{
    const struct cells *s = &p->c->cells;
    *usable = true;
    for (uint32_t m = s->equation_start[e] + 1; m < s->equation_start[e + 1] && *usable; m++) {
        uint32_t cell = s->equation_cell[m];
        if (!p->place[cell])
            continue;
        size_t place = p->place[cell] - 1;
        if (p->state[place] == WHITE && write_sum(p, place, err) != 0)
            return -1;
        *usable = p->state[place] == BLACK;
    }
    return 0;
}

static int add_members(struct audit_part *p, size_t place, uint32_t e, struct err *err)
{
    const struct cells *s = &p->c->cells;
    for (uint32_t m = s->equation_start[e] + 1; m < s->equation_start[e + 1]; m++) {
        uint32_t cell = s->equation_cell[m];
        if (!p->place[cell]) {
            p->base[place] += p->c->counts[cell];
            continue;
        }
        size_t member = p->place[cell] - 1;
        p->base[place] += p->base[member];
        for (size_t i = 0; i < p->sum_count[member]; i++)
            if (append(&p->sum, p->sum.values[p->sum_start[member] + i], err) != 0)
                return -1;
    }
    return 0;
}

/* Depth: of the unit tree and the variables' trees together. */
static int write_sum(struct audit_part *p, size_t place, struct err *err)
{
    uint32_t cell = p->cells[place];
    p->state[place] = GREY;
    for (uint32_t i = p->index->start[cell]; i < p->index->start[cell + 1]; i++) {
        uint32_t e = p->index->equation[i];
        bool usable;
        if (p->c->cells.equation_cell[p->c->cells.equation_start[e]] != cell)
            continue;
        if (write_members(p, e, &usable, err) != 0)
            return -1;
        if (usable) {
            p->defined[place] = e + 1;
            break;
        }
    }
    p->sum_start[place] = p->sum.count;
    if (p->defined[place]) {
        if (add_members(p, place, p->defined[place] - 1, err) != 0)
            return -1;
    } else {
        p->free_place[p->free_count] = (uint32_t)place;
        if (append(&p->sum, (int64_t)p->free_count++, err) != 0)
            return -1;
    }
    p->sum_count[place] = p->sum.count - p->sum_start[place];
    p->state[place] = BLACK;
    return 0;
}

/* ---- rows ---- */

struct dedupe { /* open addressing: row + 1 by its content */
    size_t slots;
    uint32_t *slot;
};

struct row { /* the one being made; free cells increasing */
    size_t count;
    uint32_t *cells;
    int64_t right;
    uint32_t equation;
};

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Adds sign * the cell of a place, and notes which free cells were met first. */
static void add_to_row(struct audit_part *p, struct row *r, size_t place, int sign)
{
    r->right -= sign * p->base[place];
    for (size_t i = 0; i < p->sum_count[place]; i++) {
        int64_t number = p->sum.values[p->sum_start[place] + i];
        if (!(p->state[number] & 1U)) {
            p->state[number] |= 1U;
            r->cells[r->count++] = (uint32_t)number;
        }
        p->coefficient[number] += sign;
    }
}

/* What equation e says of the free cells; the first of them gets a positive coefficient. */
static void gather_row(struct audit_part *p, struct row *r, uint32_t e)
{
    const struct cells *s = &p->c->cells;
    r->count = 0;
    r->right = 0;
    r->equation = e;
    for (uint32_t m = s->equation_start[e]; m < s->equation_start[e + 1]; m++) {
        uint32_t cell = s->equation_cell[m];
        int sign = m == s->equation_start[e] ? -1 : 1;
        if (p->place[cell])
            add_to_row(p, r, p->place[cell] - 1, sign);
        else
            r->right -= sign * p->c->counts[cell];
    }
    size_t kept = 0;
    for (size_t i = 0; i < r->count; i++) {
        p->state[r->cells[i]] &= (uint8_t)~1U;
        if (p->coefficient[r->cells[i]] != 0)
            r->cells[kept++] = r->cells[i];
    }
    r->count = kept;
    if (kept == 0)
        return;
    qsort(r->cells, kept, sizeof *r->cells, by_number);
    if (p->coefficient[r->cells[0]] < 0) {
        r->right = -r->right;
        for (size_t i = 0; i < kept; i++)
            p->coefficient[r->cells[i]] = -p->coefficient[r->cells[i]];
    }
}

static uint64_t hash_row(const struct audit_part *p, const struct row *r)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < r->count; i++) {
        hash = (hash ^ r->cells[i]) * UINT64_C(1099511628211);
        hash = (hash ^ (uint64_t)p->coefficient[r->cells[i]]) * UINT64_C(1099511628211);
        hash ^= hash >> 29;
    }
    return hash;
}

static bool is_row(const struct audit_part *p, const struct row *r, size_t number)
{
    size_t start = (size_t)p->row_start.values[number];
    size_t end =
        number + 1 < p->row_count ? (size_t)p->row_start.values[number + 1] : p->row_free.count;
    if (end - start != r->count)
        return false;
    for (size_t i = 0; i < r->count; i++)
        if (p->row_free.values[start + i] != r->cells[i] ||
            p->row_coefficient.values[start + i] != p->coefficient[r->cells[i]])
            return false;
    return true;
}

static int keep_row(struct audit_part *p, const struct row *r, struct err *err)
{
    if (append(&p->row_start, (int64_t)p->row_free.count, err) != 0 ||
        append(&p->row_right, r->right, err) != 0 ||
        append(&p->row_equation, r->equation, err) != 0)
        return -1;
    for (size_t i = 0; i < r->count; i++)
        if (append(&p->row_free, r->cells[i], err) != 0 ||
            append(&p->row_coefficient, p->coefficient[r->cells[i]], err) != 0)
            return -1;
    p->row_count++;
    return 0;
}

static int take_row(struct audit_part *p, struct dedupe *d, const struct row *r, struct err *err)
{
    if (r->count == 0) {
        p->contradiction = p->contradiction || r->right != 0;
        return 0;
    }
    size_t at = (size_t)hash_row(p, r) % d->slots;
    for (; d->slot[at]; at = (at + 1) % d->slots)
        if (is_row(p, r, d->slot[at] - 1)) {
            p->contradiction = p->contradiction || p->row_right.values[d->slot[at] - 1] != r->right;
            return 0;
        }
    d->slot[at] = (uint32_t)p->row_count + 1;
    return keep_row(p, r, err);
}

static bool defines(const struct audit_part *p, uint32_t e)
{
    uint32_t total = p->c->cells.equation_cell[p->c->cells.equation_start[e]];
    return p->place[total] && p->defined[p->place[total] - 1] == e + 1;
}

static int make_rows(struct audit_part *p, struct err *err)
{
    struct dedupe d = {.slots = 2 * p->equation_count + 1};
    struct row r = {.cells = malloc((p->free_count + 1) * sizeof *r.cells)};
    d.slot = calloc(d.slots, sizeof *d.slot);
    int rc = 0;
    if (!d.slot || !r.cells) {
        rc = err_memory(err);
        goto out;
    }
    for (size_t i = 0; rc == 0 && i < p->equation_count; i++) {
        if (defines(p, p->equations[i]))
            continue;
        gather_row(p, &r, p->equations[i]);
        rc = take_row(p, &d, &r, err);
        for (size_t k = 0; k < r.count; k++)
            p->coefficient[r.cells[k]] = 0;
    }
out:
    free(d.slot);
    free(r.cells);
    return rc;
}

int audit_rows_make(struct audit_part *p, struct err *err)
{
    size_t n = p->cell_count + 1;
    p->base = calloc(n, sizeof *p->base);
    p->sum_start = calloc(n, sizeof *p->sum_start);
    p->sum_count = calloc(n, sizeof *p->sum_count);
    p->free_place = malloc(n * sizeof *p->free_place);
    p->state = calloc(n, sizeof *p->state);
    p->defined = calloc(n, sizeof *p->defined);
    p->coefficient = calloc(n, sizeof *p->coefficient);
    if (!p->base || !p->sum_start || !p->sum_count || !p->free_place || !p->state || !p->defined ||
        !p->coefficient)
        return err_memory(err);
    for (size_t place = 0; place < p->cell_count; place++)
        if (p->state[place] == WHITE && write_sum(p, place, err) != 0)
            return -1;
    memset(p->state, 0, n); /* from here on: bit 1 = the free cell of this number was met */
    return make_rows(p, err);
}
