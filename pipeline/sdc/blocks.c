/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/blocks.h. */
#include "sdc/blocks.h"

#include "base/dictionary.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 5 }; /* bytes that write a number of 32 bits without a NUL */

struct builder {
    struct blocks *b;
    struct dictionary lines; /* each a word of its classes */
    size_t line_capacity, member_count, member_capacity;
};

static size_t spell(char *out, size_t at, uint32_t number)
{
    for (int i = 0; i < DIGITS; i++, number >>= 7)
        out[at++] = (char)(0x80 | (number & 0x7f));
    return at;
}

/* A class of the cell is everything but its unit. */
static uint32_t class_of(struct dictionary *classes, const struct cells *c, size_t cell)
{
    char word[DIGITS * (CONFIG_VARIABLES + 2)];
    size_t n = spell(word, 0, c->population[cell]);
    n = spell(word, n, c->flags[cell] & (unsigned)(CELL_UNPUBLISHED | CELL_SLACK));
    for (size_t v = 0; v < c->stride; v++)
        n = spell(word, n, c->categories[cell * c->stride + v]);
    return dictionary_intern(classes, word, n);
}

/* Gives every cell its slot, provisionally its class. */
static int find_classes(struct blocks *b, struct err *err)
{
    struct dictionary classes;
    dictionary_init(&classes);
    int rc = 0;
    for (size_t i = 0; i < b->cells->count && rc == 0; i++) {
        uint32_t class = class_of(&classes, b->cells, i);
        b->slot[i] = class - 1;
        rc = class ? 0 : err_memory(err);
    }
    b->class_count = classes.count;
    dictionary_release(&classes);
    return rc;
}

static int place_cells(struct blocks *b, struct err *err)
{
    size_t slots = b->unit_count * b->class_count;
    if (slots >= SLOT_NONE)
        return err_set(err, ERR_DATA, "the tables have too many cells");
    b->cell = malloc((slots + 1) * sizeof *b->cell);
    if (!b->cell)
        return err_memory(err);
    for (size_t s = 0; s < slots; s++)
        b->cell[s] = SLOT_NONE;
    for (size_t i = 0; i < b->cells->count; i++) {
        size_t slot = b->cells->unit[i] * b->class_count + b->slot[i];
        bool taken = b->cell[slot] != SLOT_NONE;
        b->slot[i] = taken ? SLOT_NONE : (uint32_t)slot;
        if (!taken)
            b->cell[slot] = (uint32_t)i;
    }
    return 0;
}

static int list_children(struct blocks *b, struct err *err)
{
    const struct structure *s = b->cells->structure;
    b->child_start = calloc(b->unit_count + 2, sizeof *b->child_start);
    b->child = calloc(b->unit_count + 1, sizeof *b->child);
    if (!b->child_start || !b->child)
        return err_memory(err);
    uint32_t *next = b->child_start + 1;
    for (size_t u = 0; u < b->unit_count; u++)
        if (s->units[u].parent >= 0 && s->units[u].delivered)
            next[s->units[u].parent + 1]++;
    for (size_t u = 0; u < b->unit_count; u++)
        next[u + 1] += next[u];
    for (size_t u = 0; u < b->unit_count; u++)
        if (s->units[u].parent >= 0 && s->units[u].delivered)
            b->child[next[s->units[u].parent]++] = (uint32_t)u;
    return 0;
}

static bool all_have_slots(const struct blocks *b, const uint32_t *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (b->slot[members[i]] == SLOT_NONE)
            return false;
    return true;
}

static bool one_unit(const struct blocks *b, const uint32_t *members, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (b->cells->unit[members[i]] != b->cells->unit[members[0]])
            return false;
    return true;
}

/* One class, a unit and exactly its children? */
static bool is_family(const struct blocks *b, const uint32_t *members, size_t count)
{
    uint32_t unit = b->cells->unit[members[0]];
    const uint32_t *child = b->child + b->child_start[unit];
    if (b->child_start[unit + 1] - b->child_start[unit] != count - 1)
        return false;
    for (size_t i = 0; i < count; i++)
        if (b->slot[members[i]] % b->class_count != b->slot[members[0]] % b->class_count ||
            (i > 0 && b->cells->unit[members[i]] != child[i - 1]))
            return false;
    return true;
}

/* Takes cells of equations that fit neither way out of the blocks. That may spoil an equation seen
 * before, so until nothing changes. */
static void drop_misfits(struct blocks *b)
{
    const struct cells *c = b->cells;
    bool again = true;
    while (again) {
        again = false;
        for (size_t e = 0; e < c->equation_count; e++) {
            const uint32_t *members = c->equation_cell + c->equation_start[e];
            size_t count = c->equation_start[e + 1] - c->equation_start[e];
            if (all_have_slots(b, members, count) &&
                (one_unit(b, members, count) || is_family(b, members, count)))
                continue;
            for (size_t i = 0; i < count; i++) {
                uint32_t slot = b->slot[members[i]];
                if (slot == SLOT_NONE)
                    continue;
                b->slot[members[i]] = b->cell[slot] = SLOT_NONE;
                again = true;
            }
        }
    }
}

/* word: room for the line's classes, spelt. */
static int line_add(struct builder *k, char *word, const uint32_t *members, size_t count,
                    struct err *err)
{
    struct blocks *b = k->b;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n = spell(word, n, b->slot[members[i]] % (uint32_t)b->class_count);
    uint32_t code = dictionary_intern(&k->lines, word, n);
    if (code == 0)
        return err_memory(err);
    if (code <= b->line_count)
        return 0;
    if (b->line_count + 2 > k->line_capacity) {
        size_t capacity = k->line_capacity ? k->line_capacity * 2 : 256;
        uint32_t *start = realloc(b->line_start, capacity * sizeof *start);
        if (!start)
            return err_memory(err);
        b->line_start = start;
        k->line_capacity = capacity;
        b->line_start[0] = 0;
    }
    if (k->member_count + count > k->member_capacity) {
        size_t capacity = (k->member_capacity ? k->member_capacity * 2 : 1024) + count;
        uint32_t *class = realloc(b->line_class, capacity * sizeof *class);
        if (!class)
            return err_memory(err);
        b->line_class = class;
        k->member_capacity = capacity;
    }
    for (size_t i = 0; i < count; i++)
        b->line_class[k->member_count++] = b->slot[members[i]] % (uint32_t)b->class_count;
    b->line_start[++b->line_count] = (uint32_t)k->member_count;
    return 0;
}

static int list_lines(struct blocks *b, struct err *err)
{
    const struct cells *c = b->cells;
    struct builder k = {.b = b};
    size_t longest = 1;
    int rc = 0;
    for (size_t e = 0; e < c->equation_count; e++) {
        size_t count = c->equation_start[e + 1] - c->equation_start[e];
        longest = count > longest ? count : longest;
    }
    dictionary_init(&k.lines);
    char *word = malloc(longest * DIGITS);
    b->line_start = calloc(1, sizeof *b->line_start);
    if (!word || !b->line_start)
        rc = err_memory(err);
    for (size_t e = 0; e < c->equation_count && rc == 0; e++) {
        const uint32_t *members = c->equation_cell + c->equation_start[e];
        size_t count = c->equation_start[e + 1] - c->equation_start[e];
        if (all_have_slots(b, members, count) && one_unit(b, members, count))
            rc = line_add(&k, word, members, count, err);
    }
    dictionary_release(&k.lines);
    free(word);
    return rc;
}

static int index_lines(struct blocks *b, struct err *err)
{
    size_t members = b->line_start[b->line_count];
    b->class_start = calloc(b->class_count + 2, sizeof *b->class_start);
    b->class_line = calloc(members + 1, sizeof *b->class_line);
    b->class_sign = calloc(members + 1, sizeof *b->class_sign);
    if (!b->class_start || !b->class_line || !b->class_sign)
        return err_memory(err);
    uint32_t *next = b->class_start + 1;
    for (size_t i = 0; i < members; i++)
        next[b->line_class[i] + 1]++;
    for (size_t c = 0; c < b->class_count; c++)
        next[c + 1] += next[c];
    for (size_t l = 0; l < b->line_count; l++)
        for (uint32_t i = b->line_start[l]; i < b->line_start[l + 1]; i++) {
            uint32_t at = next[b->line_class[i]]++;
            b->class_line[at] = (uint32_t)l;
            b->class_sign[at] = i == b->line_start[l] ? -1 : 1;
        }
    return 0;
}

int blocks_build(struct blocks *b, const struct cells *cells, struct err *err)
{
    memset(b, 0, sizeof *b);
    b->cells = cells;
    b->unit_count = cells->structure->unit_count;
    b->slot = malloc((cells->count + 1) * sizeof *b->slot);
    if (!b->slot)
        return err_memory(err);
    if (find_classes(b, err) != 0 || place_cells(b, err) != 0 || list_children(b, err) != 0)
        return -1;
    drop_misfits(b);
    return list_lines(b, err) != 0 ? -1 : index_lines(b, err);
}

void blocks_release(struct blocks *b)
{
    free(b->cell);
    free(b->slot);
    free(b->line_start);
    free(b->line_class);
    free(b->class_start);
    free(b->class_line);
    free(b->class_sign);
    free(b->child_start);
    free(b->child);
    memset(b, 0, sizeof *b);
}
