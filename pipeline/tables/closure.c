/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/closure.h. Sets of variables and sets of populations are bits of a word; an
 * edge of a family has a bit for each of its parts above those of the variables. */
#include "tables/closure.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_PART = 32, PARTS_MOST = 64 - FIRST_PART }; /* bits of an edge */
_Static_assert(CONFIG_VARIABLES <= 32, "a set of variables is 32 bits");
_Static_assert(CONFIG_TABLES <= 64, "a set of populations is 64 bits");

/* ---- reduction ---- */

/* Drops the variables that stand in one edge only. */
static bool drop_lonely_variables(uint64_t *edges, size_t count)
{
    uint64_t once = 0, twice = 0;
    for (size_t i = 0; i < count; i++) {
        twice |= once & edges[i];
        once |= edges[i];
    }
    uint64_t lonely = once & ~twice;
    for (size_t i = 0; i < count; i++)
        edges[i] &= ~lonely;
    return lonely != 0;
}

/* Drops one edge that lies within another. */
static bool drop_contained_edge(uint64_t *edges, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        for (size_t j = 0; j < *count; j++)
            if (i != j && (edges[i] & ~edges[j]) == 0) {
                edges[i] = edges[--*count];
                return true;
            }
    return false;
}

uint64_t closure_reduce(uint64_t *edges, size_t count)
{
    bool changed = true;
    while (changed) {
        changed = drop_lonely_variables(edges, count);
        changed = drop_contained_edge(edges, &count) || changed;
    }
    uint64_t left = 0;
    for (size_t i = 0; i < count; i++)
        left |= edges[i];
    return left;
}

/* ---- families ---- */

struct builder {
    size_t populations;
    uint64_t wholes[CONFIG_TABLES]; /* per population: those that it lies within, by any steps */
    uint32_t uses[CONFIG_TABLES];   /* per population: variables */
    size_t count, capacity;
    struct crossing *edges; /* the tables, then crossings */
};

struct family {
    uint64_t members;
    uint32_t shared; /* variables that two members use */
    bool nested;     /* what a member lies within is a chain */
};

static bool has(uint64_t set, size_t i)
{
    return set >> i & 1;
}

static bool lies_within(const struct crossing *a, const struct crossing *b)
{
    return a->population == b->population && (a->variables & ~b->variables) == 0;
}

/* Unless it is there already, or is no crossing. */
static int add(struct builder *b, size_t population, uint32_t variables, struct err *err)
{
    struct crossing new = {(int)population, variables};
    for (size_t i = 0; i < b->count; i++)
        if (lies_within(&new, &b->edges[i]))
            return 0;
    if (b->count == b->capacity) {
        size_t capacity = b->capacity * 2 + 1;
        struct crossing *more = realloc(b->edges, capacity * sizeof *more);
        if (!more)
            return err_memory(err);
        b->edges = more;
        b->capacity = capacity;
    }
    b->edges[b->count++] = new;
    return 0;
}

static void read_tables(struct builder *b, const struct structure *s)
{
    b->populations = s->population_count;
    for (size_t t = 0; t < s->table_count; t++) {
        const struct frequency_table *table = &s->tables[t];
        struct crossing *edge = &b->edges[b->count++];
        *edge = (struct crossing){.population = table->population};
        for (size_t v = 0; v < table->variable_count; v++)
            edge->variables |= (uint32_t)1 << table->variables[v];
        b->uses[table->population] |= edge->variables;
        if (table->within >= 0 && s->tables[table->within].population != table->population)
            b->wholes[table->population] |= (uint64_t)1 << s->tables[table->within].population;
    }
    for (size_t q = 0; q < b->populations; q++)
        for (size_t p = 0; p < b->populations; p++)
            if (has(b->wholes[p], q))
                b->wholes[p] |= b->wholes[q];
}

/* Everything that `wholes` ties to population p. */
static uint64_t members_with(const struct builder *b, size_t p)
{
    uint64_t members = (uint64_t)1 << p, before = 0;
    while (members != before) {
        before = members;
        for (size_t q = 0; q < b->populations; q++) {
            uint64_t tied = (uint64_t)1 << q | b->wholes[q];
            if (members & tied)
                members |= tied;
        }
    }
    return members;
}

/* Is what each member lies within a chain, and is there a bit for each part? */
static bool is_nested(const struct builder *b, uint64_t members)
{
    size_t parts = 0;
    for (size_t p = 0; p < b->populations; p++) {
        if (!has(members, p))
            continue;
        parts += b->wholes[p] != 0;
        for (size_t q = 0; q < b->populations; q++) {
            uint64_t chain = (uint64_t)1 << q | b->wholes[q];
            for (size_t r = 0; r < b->populations && has(b->wholes[p], q); r++)
                if (q == p || (has(b->wholes[p], r) && !has(chain, r) && !has(b->wholes[r], q)))
                    return false;
        }
    }
    return parts <= PARTS_MOST;
}

/* The family of p. Its wholes come to use what they share with anybody and a part of theirs uses.
 */
static struct family family_of(struct builder *b, size_t p)
{
    struct family f = {.members = members_with(b, p), .shared = 0};
    uint32_t once = 0;
    for (size_t q = 0; q < b->populations; q++)
        if (has(f.members, q)) {
            f.shared |= once & b->uses[q];
            once |= b->uses[q];
        }
    for (size_t q = 0; q < b->populations; q++)
        for (size_t w = 0; w < b->populations; w++)
            if (has(f.members, q) && has(b->wholes[q], w))
                b->uses[w] |= b->uses[q] & f.shared;
    f.nested = is_nested(b, f.members);
    return f;
}

/* The bits that say: in population p, and in those that it lies within. The outermost one has none:
 * all are in it. */
static uint64_t membership(const struct builder *b, const struct family *f, size_t p)
{
    uint64_t bits = 0, in = b->wholes[p] | (uint64_t)1 << p, bit = (uint64_t)1 << FIRST_PART;
    for (size_t q = 0; q < b->populations; q++)
        if (has(f->members, q) && b->wholes[q]) {
            bits |= has(in, q) ? bit : 0;
            bit <<= 1;
        }
    return bits;
}

/* What is left of a family's edges, each with its members' bits. */
static int reduce(const struct builder *b, const struct family *f, uint64_t *left, struct err *err)
{
    uint64_t *edges = malloc((b->count + 1) * sizeof *edges);
    size_t count = 0;
    if (!edges)
        return err_memory(err);
    for (size_t i = 0; i < b->count; i++)
        if (has(f->members, (size_t)b->edges[i].population))
            edges[count++] =
                b->edges[i].variables | membership(b, f, (size_t)b->edges[i].population);
    *left = closure_reduce(edges, count);
    free(edges);
    return 0;
}

/* Parts have the tables of their wholes as far as they use the variables. */
static int cross_like_wholes(struct builder *b, const struct family *f, struct err *err)
{
    size_t count = b->count;
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < b->populations; p++)
            if (has(f->members, p) && has(b->wholes[p], (size_t)b->edges[i].population) &&
                add(b, p, b->edges[i].variables & b->uses[p], err) != 0)
                return -1;
    return 0;
}

static int close_nested(struct builder *b, const struct family *f, struct err *err)
{
    uint64_t left = 0;
    if (reduce(b, f, &left, err) != 0)
        return -1;
    if (left == 0)
        return 0;
    if (cross_like_wholes(b, f, err) != 0 || reduce(b, f, &left, err) != 0)
        return -1;
    for (size_t p = 0; p < b->populations; p++)
        if (has(f->members, p) && (membership(b, f, p) & ~left) == 0 &&
            add(b, p, (uint32_t)left & b->uses[p], err) != 0)
            return -1;
    return 0;
}

static int close_tangled(struct builder *b, const struct family *f, struct err *err)
{
    for (size_t p = 0; p < b->populations; p++) {
        const struct family alone = {.members = (uint64_t)1 << p, .nested = true};
        uint64_t left = 0;
        if (has(f->members, p) &&
            (add(b, p, f->shared, err) != 0 || reduce(b, &alone, &left, err) != 0 ||
             add(b, p, (uint32_t)left, err) != 0))
            return -1;
    }
    return 0;
}

/* Wholes have the edges of their parts. */
static int cross_like_parts(struct builder *b, const struct family *f, struct err *err)
{
    size_t count = b->count;
    for (size_t i = 0; i < count; i++) {
        uint64_t wholes = b->wholes[b->edges[i].population];
        for (size_t w = 0; w < b->populations; w++)
            if (has(f->members, (size_t)b->edges[i].population) && has(wholes, w) &&
                add(b, w, b->edges[i].variables & f->shared, err) != 0)
                return -1;
    }
    return 0;
}

/* Takes the crossings over, population by population, without those that came to lie within
 * another. */
static void give(struct closure *c, const struct builder *b, size_t tables)
{
    for (size_t p = 0; p < b->populations; p++)
        for (size_t i = tables; i < b->count; i++) {
            bool needed = b->edges[i].population == (int)p;
            for (size_t j = i + 1; j < b->count && needed; j++)
                needed = !lies_within(&b->edges[i], &b->edges[j]);
            if (needed)
                c->crossings[c->count++] = b->edges[i];
        }
}

int closure_find(struct closure *c, const struct structure *s, struct err *err)
{
    struct builder b = {.capacity = s->table_count + 16};
    uint64_t done = 0;
    int rc = -1;
    memset(c, 0, sizeof *c);
    b.edges = calloc(b.capacity, sizeof *b.edges);
    if (!b.edges)
        return err_memory(err);
    read_tables(&b, s);
    for (size_t p = 0; p < b.populations; p++) {
        if (has(done, p))
            continue;
        struct family f = family_of(&b, p);
        done |= f.members;
        if ((f.nested ? close_nested(&b, &f, err) : close_tangled(&b, &f, err)) != 0 ||
            cross_like_parts(&b, &f, err) != 0)
            goto out;
    }
    c->crossings = calloc(b.count + 1, sizeof *c->crossings);
    if (!c->crossings) {
        err_memory(err);
        goto out;
    }
    give(c, &b, s->table_count);
    rc = 0;
out:
    free(b.edges);
    return rc;
}

void closure_release(struct closure *c)
{
    free(c->crossings);
    memset(c, 0, sizeof *c);
}
