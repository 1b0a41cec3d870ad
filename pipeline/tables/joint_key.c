/* SPDX-License-Identifier: EUPL-1.2 */
/* Keys of the further cells of a joint system: a prefix that names the releases, and a key of one
 * of them. See include/tables/joint.h. */
#include "tables/joint_writer.h"

#include <string.h>

static const char MARKS[] = {
    [JOINT_IN] = '+', [JOINT_OUT] = '-', [JOINT_STAY] = '=', [JOINT_BEFORE] = '&'};

bool joint_is_key(const char *key)
{
    return key[strcspn(key, "/|")] == '/';
}

void joint_key(struct text *out, const struct joint *j, size_t cell)
{
    const struct joint_layer *layer = &j->layers[j->cells.layer[cell]];
    text_string(out, j->releases[layer->from].id);
    if (layer->role != JOINT_CELL) {
        text_char(out, '>');
        text_string(out, j->releases[layer->to].id);
        text_char(out, MARKS[layer->role]);
    }
    text_char(out, '/');
    cell_key(out, j->releases[layer->to].cells, j->source[cell]);
}

/* The release of this id, or release_count. */
static size_t release_find(const struct joint *j, const char *id, size_t length)
{
    size_t r = 0;
    while (r < j->release_count &&
           (strlen(j->releases[r].id) != length || memcmp(j->releases[r].id, id, length) != 0))
        r++;
    return r;
}

static enum joint_role role_of(char mark)
{
    for (int role = JOINT_IN; role <= JOINT_BEFORE; role++)
        if (MARKS[role] == mark)
            return (enum joint_role)role;
    return JOINT_CELL;
}

/* Of the few cells that stand for one cell of the pair, that in this layer. */
static size_t cell_in_layer(const struct joint *j, size_t first, uint32_t source, uint16_t layer)
{
    for (size_t i = first; i < j->cells.count && j->source[i] == source &&
                           j->layers[j->cells.layer[i]].role != JOINT_CELL;
         i++)
        if (j->cells.layer[i] == layer)
            return i;
    return SIZE_MAX;
}

static size_t pair_cell(const struct joint *j, size_t from, size_t to, enum joint_role role,
                        const char *key)
{
    for (size_t i = 0; i < j->pair_count && role != JOINT_CELL; i++) {
        const struct joint_pair *p = &j->pairs[i];
        if (p->from != from || p->to != to)
            continue;
        size_t cell = cell_by_key(p->new->cells, key);
        if (cell == SIZE_MAX || p->first[cell] == JOINT_NONE)
            return SIZE_MAX;
        return cell_in_layer(j, p->first[cell], (uint32_t)cell, p->layers[role]);
    }
    return SIZE_MAX;
}

size_t joint_by_key(const struct joint *j, const char *key)
{
    size_t length = strcspn(key, "/"), first = strcspn(key, "/>");
    const char *rest = key + length + 1;
    size_t from = release_find(j, key, first);
    if (from == j->release_count)
        return SIZE_MAX;
    if (first < length) {
        size_t to = release_find(j, key + first + 1, length - first - 2);
        return pair_cell(j, from, to, role_of(key[length - 1]), rest);
    }
    size_t cell = j->place[from] ? cell_by_key(j->releases[from].cells, rest) : SIZE_MAX;
    uint32_t place = cell == SIZE_MAX ? JOINT_NONE : j->place[from][cell];
    return place == JOINT_NONE ? SIZE_MAX : place;
}
