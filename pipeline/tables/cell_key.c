/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A cell's key, population|level:unit|variable=category|..., written and read. Reading is strict:
 * only what writing gives is a key, so that no cell has two. See include/tables/structure.h.
 */
#include "tables/joint.h"

#include <string.h>

/* The inclusion that a slack cell belongs to, or NULL. */
static const struct inclusion *inclusion_of(const struct cells *c, size_t cell)
{
    for (size_t i = 0; i < c->inclusion_count; i++)
        if (cell >= c->inclusions[i].first &&
            cell - c->inclusions[i].first < c->inclusions[i].count)
            return &c->inclusions[i];
    return NULL;
}

void cell_key(struct text *out, const struct cells *c, size_t cell)
{
    if (c->joint && c->layer[cell] != 0) {
        joint_key(out, c->joint, cell);
        return;
    }
    const struct structure *s = c->structure;
    const struct unit *unit = &s->units[c->unit[cell]];
    text_string(out, s->populations[c->population[cell]].id);
    const struct inclusion *in = inclusion_of(c, cell);
    if (in) {
        text_char(out, '<');
        text_string(out, s->populations[in->whole].id);
    }
    text_char(out, '|');
    text_string(out, level_name(unit->level));
    text_char(out, ':');
    text_string(out, unit->code);
    const uint16_t *categories = c->categories + cell * c->stride;
    for (size_t v = 0; v < c->stride; v++) {
        if (categories[v] == 0)
            continue;
        text_char(out, '|');
        text_string(out, s->variables[v].name);
        text_char(out, '=');
        text_string(out, s->variables[v].categories[categories[v]].name);
    }
}

/* A piece of a key: `*rest` up to the delimiter, which is passed; or up to the end, where *rest
 * becomes NULL. */
struct piece {
    const char *bytes;
    size_t length;
};

static struct piece next_piece(const char **rest, char delimiter)
{
    struct piece p = {*rest, 0};
    const char *end = strchr(*rest, delimiter);
    p.length = end ? (size_t)(end - *rest) : strlen(*rest);
    *rest = end ? end + 1 : NULL;
    return p;
}

static bool piece_is(struct piece p, const char *name)
{
    return strlen(name) == p.length && memcmp(p.bytes, name, p.length) == 0;
}

static int find_population(const struct structure *s, struct piece p)
{
    for (size_t i = 0; i < s->population_count; i++)
        if (piece_is(p, s->populations[i].id))
            return (int)i;
    return -1;
}

/* variable=category pairs, variables increasing, no totals. */
static int read_categories(const struct structure *s, const char *rest, uint16_t *categories)
{
    size_t v = 0;
    while (rest) {
        struct piece pair = next_piece(&rest, '|');
        const char *equals = memchr(pair.bytes, '=', pair.length);
        if (!equals)
            return -1;
        struct piece name = {pair.bytes, (size_t)(equals - pair.bytes)};
        struct piece category = {equals + 1, pair.length - name.length - 1};
        while (v < s->variable_count && !piece_is(name, s->variables[v].name))
            v++;
        if (v == s->variable_count)
            return -1;
        size_t i = 1;
        while (i < s->variables[v].category_count &&
               !piece_is(category, s->variables[v].categories[i].name))
            i++;
        if (i >= s->variables[v].category_count)
            return -1;
        categories[v++] = (uint16_t)i;
    }
    return 0;
}

/* The slack of the part's cell; slack cells of an inclusion are in the order of their parts. */
static size_t find_slack(const struct cells *c, int part, int whole, size_t part_cell)
{
    for (size_t i = 0; i < c->inclusion_count; i++) {
        const struct inclusion *in = &c->inclusions[i];
        if (in->part != part || in->whole != whole)
            continue;
        const uint32_t *parts = c->slack_part + (in->first - c->inclusions[0].first);
        size_t low = 0, high = in->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (parts[middle] < part_cell)
                low = middle + 1;
            else
                high = middle;
        }
        return low < in->count && parts[low] == part_cell ? in->first + low : SIZE_MAX;
    }
    return SIZE_MAX;
}

size_t cell_by_key(const struct cells *c, const char *key)
{
    if (c->joint && joint_is_key(key))
        return joint_by_key(c->joint, key);
    const struct structure *s = c->structure;
    uint16_t categories[CONFIG_VARIABLES] = {0};
    const char *rest = key;
    struct piece population = next_piece(&rest, '|'), whole = {NULL, 0};
    const char *less = memchr(population.bytes, '<', population.length);
    if (less) {
        whole = (struct piece){less + 1, population.length - (size_t)(less + 1 - population.bytes)};
        population.length = (size_t)(less - population.bytes);
    }
    if (!rest)
        return SIZE_MAX;
    struct piece place = next_piece(&rest, '|');
    int p = find_population(s, population);
    int u = (int)dictionary_find(&c->places, place.bytes, place.length) - 1;
    if (p < 0 || u < 0 || read_categories(s, rest, categories) != 0)
        return SIZE_MAX;
    size_t cell = cells_find(c, p, u, categories);
    if (!whole.bytes || cell == SIZE_MAX)
        return cell;
    return find_slack(c, p, find_population(s, whole), cell);
}
