/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/needed.h. */
#include "link/needed.h"

#include "base/parallel.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

bool needed_is_register(int d)
{
    return DATASETS[d].has_persons && d != DATASET_ALIAS && d != DATASET_PERSONNEL;
}

static struct intake_table *table_of(struct intake *in, int d)
{
    return &in->datasets[d].table;
}

enum { STEP = 256 };

/* ---- generations ---- */

struct parents {
    const struct intake_table *table;
    const struct number_set *children;
    uint8_t *is_child;                           /* of each row */
    struct parallel_queue queue;                 /* of rows */
    struct number_set found[NUMBER_SET_THREADS]; /* by thread */
};

/* Which of `count` rows, from `row` on, are of children: which ones nobody can foretell, a
 * processor neither. `end` is that of the range. */
static size_t find_children(const struct parents *p, size_t row, size_t end, size_t count,
                            uint8_t found[static STEP])
{
    const uint32_t *numbers = p->table->numbers[0];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (row + i + NUMBER_SET_AHEAD < end)
            number_set_prefetch(p->children, numbers[row + i + NUMBER_SET_AHEAD]);
        bool member = number_set_has(p->children, numbers[row + i]);
        p->is_child[row + i] = member;
        found[n] = (uint8_t)i;
        n += member;
    }
    return n;
}

/* After work that ended with rc; an error that is there already stays. */
static int close_inlet(struct number_inlet *in, int rc, struct err *err)
{
    return number_inlet_close(in, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

/* The parents in rows of children, of those from begin to end - 1. */
static int put_found(const struct parents *p, size_t begin, size_t end, struct number_inlet *in,
                     struct err *err)
{
    const struct intake_table *t = p->table;
    for (size_t row = begin; row < end; row += STEP) {
        uint8_t found[STEP];
        size_t n = find_children(p, row, end, end - row < STEP ? end - row : STEP, found);
        for (size_t i = 1; i < t->number_count; i++)
            for (size_t k = 0; k < n; k++)
                if (number_inlet_put(in, t->numbers[i][row + found[k]], err) != 0)
                    return -1;
    }
    return 0;
}

static int put_parents(void *context, unsigned thread, size_t begin, size_t end, struct err *err)
{
    struct parents *p = context;
    struct number_inlet in;
    int rc = number_inlet_open(&in, &p->found[thread], NULL, err);
    while (rc == 0 && parallel_take(&p->queue, &begin, &end))
        rc = put_found(p, begin, end, &in, err);
    return close_inlet(&in, rc, err);
}

static int add_parents(struct number_set *to, const struct number_set *children,
                       const struct intake_table *t, uint8_t *is_child, unsigned threads,
                       struct err *err)
{
    struct parents *p = calloc(1, sizeof *p);
    if (!p)
        return err_memory(err);
    p->table = t;
    p->children = children;
    p->is_child = is_child;
    int rc =
        parallel_takers(number_set_threads(threads), t->frame.rows, &p->queue, put_parents, p, err);
    for (size_t i = 0; i < NUMBER_SET_THREADS; i++) {
        if (rc == 0)
            rc = number_set_take(to, &p->found[i], NULL, err);
        number_set_release(&p->found[i]);
    }
    free(p);
    return rc;
}

/* Of each row of a dataset, whether the parents that it names are in the set because it is that of
 * one of their children; NULL: nobody has looked. */
struct children {
    uint8_t *is_child[DATASET_COUNT];
};

static void children_release(struct children *c)
{
    for (int d = 0; d < DATASET_COUNT; d++)
        free(c->is_child[d]);
}

/* Adds everybody's parents to the set. */
static int add_generation(struct number_set *s, struct intake *in, struct children *c,
                          unsigned threads, struct err *err)
{
    struct number_set more;
    int rc = 0;
    number_set_init(&more);
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++) {
        const struct intake_table *t = table_of(in, d);
        if (!needed_is_register(d) || t->number_count < 2)
            continue;
        if (!c->is_child[d] && !(c->is_child[d] = malloc(t->frame.rows + 1)))
            rc = err_memory(err);
        if (rc == 0)
            rc = add_parents(&more, s, t, c->is_child[d], threads, err);
    }
    if (rc == 0)
        rc = number_set_take(s, &more, NULL, err);
    number_set_release(&more);
    return rc;
}

/* ---- rows that go ---- */

/* What a thread finds. */
struct found {
    struct number_set once, repeated; /* people whose rows go: all, and those with several */
    struct number_set gone;           /* whom these rows name besides */
    struct number_set named;          /* whom rows that stay name, unless they are of children */
    struct row_name *list;            /* rows of those with several */
    size_t count, capacity;
};

struct dropping {
    struct intake_table *table;
    const struct number_set *needed;
    const uint8_t *is_child;     /* struct children */
    uint8_t *keep;               /* of each row */
    struct parallel_queue queue; /* of rows */
    struct input_rows rows;
    struct number_set once, repeated; /* of all threads */
    struct found found[PARALLEL_MOST];
};

/* Into the sets of a thread. */
struct marking {
    struct number_inlet once, gone, named;
};

static int put_listed(struct number_inlet *in, const uint32_t *numbers, const uint8_t *list,
                      size_t count, struct err *err)
{
    for (size_t k = 0; k < count; k++)
        if (number_inlet_put(in, numbers[list[k]], err) != 0)
            return -1;
    return 0;
}

/* The rows about which nothing is known: those of children stay. */
static size_t find_unknown(struct dropping *d, size_t row, size_t count, uint8_t found[static STEP])
{
    size_t n = 0;
    if (d->is_child)
        memcpy(d->keep + row, d->is_child + row, count);
    for (size_t i = 0; i < count; i++) {
        found[n] = (uint8_t)i;
        n += !(d->is_child && d->is_child[row + i]);
    }
    for (size_t k = 0; k < n; k++)
        number_set_prefetch(d->needed, d->table->numbers[0][row + found[k]]);
    return n;
}

static int mark_stretch(struct dropping *d, size_t begin, size_t end, struct marking *m,
                        struct err *err)
{
    const struct intake_table *t = d->table;
    for (size_t row = begin; row < end; row += STEP) {
        uint8_t unknown[STEP] = {0}, goes[STEP], stays[STEP];
        size_t rows = find_unknown(d, row, end - row < STEP ? end - row : STEP, unknown);
        size_t going = 0, staying = 0;
        for (size_t k = 0; k < rows; k++) {
            bool needed = number_set_has(d->needed, t->numbers[0][row + unknown[k]]);
            d->keep[row + unknown[k]] = needed;
            goes[going] = stays[staying] = unknown[k];
            going += !needed;
            staying += needed;
        }
        if (put_listed(&m->once, t->numbers[0] + row, goes, going, err) != 0)
            return -1;
        for (size_t i = 1; i < t->number_count; i++)
            if (put_listed(&m->gone, t->numbers[i] + row, goes, going, err) != 0 ||
                put_listed(&m->named, t->numbers[i] + row, stays, staying, err) != 0)
                return -1;
    }
    return 0;
}

static int mark_rows(void *context, unsigned thread, size_t begin, size_t end, struct err *err)
{
    struct dropping *d = context;
    struct found *f = &d->found[thread];
    struct marking m = {0};
    int rc = -1;
    if (number_inlet_open(&m.once, &f->once, &f->repeated, err) == 0 &&
        number_inlet_open(&m.gone, &f->gone, NULL, err) == 0 &&
        number_inlet_open(&m.named, &f->named, NULL, err) == 0)
        rc = 0;
    while (rc == 0 && parallel_take(&d->queue, &begin, &end))
        rc = mark_stretch(d, begin, end, &m, err);
    rc = close_inlet(&m.once, rc, err);
    rc = close_inlet(&m.gone, rc, err);
    return close_inlet(&m.named, rc, err);
}

/* Somebody may have a row that each of several threads came upon. */
static int join_threads(struct dropping *d, struct number_set *gone, struct err *err)
{
    for (size_t i = 0; i < PARALLEL_MOST; i++) {
        struct found *f = &d->found[i];
        if (number_set_take(&d->once, &f->once, &d->repeated, err) != 0 ||
            number_set_take(&d->repeated, &f->repeated, NULL, err) != 0 ||
            number_set_take(gone, &f->gone, NULL, err) != 0)
            return -1;
    }
    return number_set_take(gone, &d->once, NULL, err);
}

static int note(struct found *f, row_hashes hashes, size_t i, struct err *err)
{
    if (f->count == f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 256;
        struct row_name *list = reallocarray(f->list, capacity, sizeof *list);
        if (!list)
            return err_memory(err);
        f->list = list;
        f->capacity = capacity;
    }
    f->list[f->count++] = row_name_of(hashes, i);
    return 0;
}

static int name_batch(struct dropping *d, struct found *f, const uint32_t *rows, size_t count,
                      struct err *err)
{
    row_hashes hashes;
    int rc = 0;
    input_rows_hash(&d->rows, rows, count, hashes);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = note(f, hashes, i, err);
    return rc;
}

/* Only of people who have several can a row be there twice. */
static int name_rows(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct dropping *d = context;
    uint32_t rows[ROW_HASH_ROWS];
    size_t count = 0;
    int rc = 0;
    for (size_t row = begin; rc == 0 && row < end; row++) {
        if (d->keep[row] || !number_set_has(&d->repeated, d->table->numbers[0][row]))
            continue;
        rows[count++] = (uint32_t)row;
        if (count < ROW_HASH_ROWS)
            continue;
        rc = name_batch(d, &d->found[range], rows, count, err);
        count = 0;
    }
    return rc == 0 && count > 0 ? name_batch(d, &d->found[range], rows, count, err) : rc;
}

/* How often there was none but it, of the rows that go. */
static int count_repeated(struct dropping *d, const struct row_hasher *hasher, unsigned threads,
                          uint64_t *duplicates, struct err *err)
{
    struct intake_table *t = d->table;
    size_t count = 0, at = 0;
    if (input_rows_open(&d->rows, &t->frame, t->number_count, hasher, err) != 0)
        return -1;
    for (size_t i = 0; i < t->number_count; i++)
        d->rows.numbers[i] = t->numbers[i];
    if (parallel_ranges(threads, t->frame.rows, name_rows, d, err) != 0)
        return -1;
    for (size_t i = 0; i < PARALLEL_MOST; i++)
        count += d->found[i].count;
    struct row_name *all = malloc((count ? count : 1) * sizeof *all);
    if (!all)
        return err_memory(err);
    for (size_t i = 0; i < PARALLEL_MOST; i++)
        for (size_t row = 0; row < d->found[i].count; row++)
            all[at++] = d->found[i].list[row];
    *duplicates += row_names_repeated(all, count);
    free(all);
    return 0;
}

/* The rows that are kept, in their order. */
static int keep_numbers(void *context, unsigned worker, size_t field, struct err *err)
{
    const struct dropping *d = context;
    uint32_t *numbers = d->table->numbers[field];
    size_t rows = d->table->frame.rows;
    size_t kept = cells_keep(numbers, sizeof *numbers, d->keep, rows);
    (void)worker;
    (void)err;
    sodium_memzero(numbers + kept, (rows - kept) * sizeof *numbers);
    return 0;
}

/* Whom rows name: those that go, and those that stay. */
struct named {
    struct number_set gone, kept;
};

static int drop(struct dropping *d, struct named *named, const struct row_hasher *hasher,
                unsigned threads, uint64_t *duplicates, struct err *err)
{
    struct intake_table *t = d->table;
    size_t rows = t->frame.rows;
    if (parallel_takers(number_set_threads(threads), rows, &d->queue, mark_rows, d, err) != 0)
        return -1;
    for (size_t i = 0; i < PARALLEL_MOST; i++)
        if (number_set_take(&named->kept, &d->found[i].named, NULL, err) != 0)
            return -1;
    if (!memchr(d->keep, 0, rows))
        return 0;
    if (join_threads(d, &named->gone, err) != 0)
        return -1;
    if (d->repeated.blocks && count_repeated(d, hasher, threads, duplicates, err) != 0)
        return -1;
    if (parallel_items(threads, t->number_count, keep_numbers, d, err) != 0)
        return -1;
    frame_keep(&t->frame, 0, d->keep, threads);
    return 0;
}

static int drop_rows(struct intake_table *t, const struct number_set *needed,
                     const uint8_t *is_child, struct named *named, const struct row_hasher *hasher,
                     unsigned threads, uint64_t *duplicates, struct err *err)
{
    if (t->frame.rows == 0)
        return 0;
    struct dropping *d = calloc(1, sizeof *d);
    if (!d)
        return err_memory(err);
    d->table = t;
    d->needed = needed;
    d->is_child = is_child;
    d->keep = malloc(t->frame.rows);
    int rc = d->keep ? drop(d, named, hasher, threads, duplicates, err) : err_memory(err);
    for (size_t i = 0; i < PARALLEL_MOST; i++) {
        number_set_release(&d->found[i].once);
        number_set_release(&d->found[i].repeated);
        number_set_release(&d->found[i].gone);
        number_set_release(&d->found[i].named);
        free(d->found[i].list);
    }
    input_rows_close(&d->rows);
    number_set_release(&d->once);
    number_set_release(&d->repeated);
    free(d->keep);
    free(d);
    return rc;
}

/* persons: whose rows are needed. Whom the last generation's rows name has no rows here, and an id
 * all the same. */
static int keep(struct intake *in, const struct children *c, const struct row_hasher *hasher,
                unsigned threads, struct number_set *persons, struct named *named,
                struct left_out *out, struct err *err)
{
    for (int d = 0; d < DATASET_COUNT; d++)
        if (needed_is_register(d) && drop_rows(table_of(in, d), persons, c->is_child[d], named,
                                               hasher, threads, &out->duplicates[d], err) != 0)
            return -1;
    if (number_set_take(persons, &named->kept, NULL, err) != 0)
        return -1;
    out->persons = number_set_count_either(&named->gone, persons);
    return 0;
}

int needed_keep(struct intake *in, unsigned generations,
                const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                struct number_set *persons, struct left_out *out, struct err *err)
{
    const struct intake_table *personnel = table_of(in, DATASET_PERSONNEL);
    struct children c = {{NULL}};
    struct named named;
    memset(out, 0, sizeof *out);
    number_set_init(&named.gone);
    number_set_init(&named.kept);
    struct row_hasher *hasher = row_hasher_open(key, err);
    if (!hasher)
        return -1;
    int rc = number_set_add(persons, personnel->numbers[0], personnel->frame.rows, threads, err);
    for (unsigned g = 0; rc == 0 && g < generations; g++)
        rc = add_generation(persons, in, &c, threads, err);
    if (rc == 0)
        rc = keep(in, &c, hasher, threads, persons, &named, out, err);
    number_set_release(&named.gone);
    number_set_release(&named.kept);
    children_release(&c);
    row_hasher_close(hasher);
    return rc;
}
