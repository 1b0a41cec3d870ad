/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/alias.h. With one new number for each old, the rows are a graph in which every
 * number has at most one way on: walking it once finds every circle, and every end. */
#include "link/alias.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* By old number, the row that wins last. */
static bool stands_before(const struct alias_row *x, const struct alias_row *y)
{
    if (x->old != y->old)
        return x->old < y->old;
    return x->since != y->since ? x->since < y->since : x->new < y->new;
}

static void swap(struct alias_row *x, struct alias_row *y)
{
    struct alias_row kept = *x;
    *x = *y;
    *y = kept;
}

static void sift_down(struct alias_row *rows, size_t root, size_t count)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && stands_before(&rows[child], &rows[child + 1]))
            child++;
        if (!stands_before(&rows[root], &rows[child]))
            return;
        swap(&rows[root], &rows[child]);
    }
}

/* Heapsort, because it works in place: qsort leaves copies of numbers in freed memory. */
static void sort_rows(struct alias_row *rows, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(rows, i, count);
    for (size_t end = count; end > 1; end--) {
        swap(&rows[0], &rows[end - 1]);
        sift_down(rows, 0, end - 1);
    }
}

/* Index of the row of an old number, or SIZE_MAX. */
static size_t find(const struct alias_map *map, uint64_t old)
{
    size_t low = 0, high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->rows[middle].old < old)
            low = middle + 1;
        else
            high = middle;
    }
    return low < map->count && map->rows[low].old == old ? low : SIZE_MAX;
}

/* Keeps of each old number the row that wins. */
static void choose(struct alias_map *map, const struct alias_row *rows, size_t count)
{
    for (size_t i = 0, end; i < count; i = end) {
        bool conflict = false;
        for (end = i + 1; end < count && rows[end].old == rows[i].old; end++)
            conflict |= rows[end].new != rows[i].new;
        map->conflicts += conflict;
        map->rows[map->count++] = rows[end - 1];
    }
}

enum { UNSEEN, ON_PATH, IN_CIRCLE, DONE };

/* The path from `start`: up to its end, a row walked before, or a row of this path, whose circle is
 * then marked. */
static void walk(struct alias_map *map, const size_t *next, uint8_t *state, size_t start)
{
    size_t at = start;
    while (at != SIZE_MAX && state[at] == UNSEEN) {
        state[at] = ON_PATH;
        at = next[at];
    }
    while (at != SIZE_MAX && state[at] == ON_PATH) {
        state[at] = IN_CIRCLE;
        map->cycles++;
        at = next[at];
    }
    for (at = start; at != SIZE_MAX && state[at] == ON_PATH; at = next[at])
        state[at] = DONE;
}

/* Where the chain from this row ends: at a number without a row, or at one in a circle. Every row
 * on the way gets that end at once, so that no chain is walked twice. */
static void resolve(struct alias_map *map, size_t *next, const uint8_t *state, size_t start)
{
    size_t last = start;
    while (next[last] != SIZE_MAX && state[next[last]] == DONE)
        last = next[last];
    uint64_t end = map->rows[last].new;
    for (size_t at = start; at != last;) {
        size_t after = next[at];
        map->rows[at].new = end;
        next[at] = SIZE_MAX;
        at = after;
    }
}

static void drop_circles(struct alias_map *map, const uint8_t *state)
{
    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++)
        if (state[i] == DONE)
            map->rows[kept++] = map->rows[i];
    sodium_memzero(map->rows + kept, (map->count - kept) * sizeof *map->rows);
    map->count = kept;
}

int alias_build(struct alias_map *map, struct alias_row *rows, size_t count, struct err *err)
{
    int rc = -1;
    memset(map, 0, sizeof *map);
    size_t room = count ? count : 1;
    size_t *next = calloc(room, sizeof *next);
    uint8_t *state = calloc(room, sizeof *state);
    map->rows = calloc(room, sizeof *map->rows);
    if (!next || !state || !map->rows) {
        (void)err_memory(err);
        goto out;
    }
    sort_rows(rows, count);
    choose(map, rows, count);
    for (size_t i = 0; i < map->count; i++)
        next[i] = find(map, map->rows[i].new);
    for (size_t i = 0; i < map->count; i++)
        walk(map, next, state, i);
    for (size_t i = 0; i < map->count; i++)
        if (state[i] == DONE)
            resolve(map, next, state, i);
    drop_circles(map, state);
    rc = 0;
out:
    free(state);
    free(next);
    return rc;
}

void alias_release(struct alias_map *map)
{
    if (map->rows)
        sodium_memzero(map->rows, map->count * sizeof *map->rows);
    free(map->rows);
    memset(map, 0, sizeof *map);
}

void alias_apply(const struct alias_map *map, uint64_t *numbers, size_t count)
{
    for (size_t i = 0; map->count > 0 && i < count; i++) {
        size_t found = find(map, numbers[i]);
        if (found != SIZE_MAX)
            numbers[i] = map->rows[found].new;
    }
}
