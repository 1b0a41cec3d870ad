/* SPDX-License-Identifier: EUPL-1.2 */
/* The cells and equations of the releases that a joint system is made of. See
 * include/tables/joint_writer.h. */
#include "tables/joint_writer.h"

#include <stdlib.h>
#include <string.h>

bool joint_hides_member(const struct published_release *r, size_t equation)
{
    const struct cells *c = r->cells;
    for (uint32_t i = c->equation_start[equation]; i < c->equation_start[equation + 1]; i++)
        if (published_count(r, c->equation_cell[i]) < 0)
            return true;
    return false;
}

/* The array, grown, or as it was where memory ran out. */
static void *grown(void *array, size_t count, size_t size, bool *failed)
{
    void *more = realloc(array, count * size);
    if (more)
        return more;
    *failed = true;
    return array;
}

int joint_reserve(struct joint_writer *w, size_t more, struct err *err)
{
    struct joint *j = w->joint;
    struct cells *c = &j->cells;
    bool failed = false;
    if (c->count + more < w->capacity)
        return 0;
    if (more >= PLACE_NEEDED || c->count + more >= PLACE_NEEDED)
        return err_set(err, ERR_DATA, "joint system: too many cells");
    size_t n = c->count + more + c->count / 2 + 1;
    c->unit = grown(c->unit, n, sizeof *c->unit, &failed);
    c->population = grown(c->population, n, sizeof *c->population, &failed);
    c->categories = grown(c->categories, n, (c->stride + 1) * sizeof *c->categories, &failed);
    c->flags = grown(c->flags, n, sizeof *c->flags, &failed);
    c->group = grown(c->group, n, sizeof *c->group, &failed);
    c->layer = grown(c->layer, n, sizeof *c->layer, &failed);
    j->source = grown(j->source, n, sizeof *j->source, &failed);
    j->counts = grown(j->counts, n, sizeof *j->counts, &failed);
    if (failed)
        return err_memory(err);
    w->capacity = n;
    return 0;
}

uint32_t joint_append(struct joint_writer *w, uint16_t layer, uint32_t source, unsigned flags,
                      int64_t count)
{
    struct joint *j = w->joint;
    struct cells *c = &j->cells;
    uint32_t i = (uint32_t)c->count++;
    c->unit[i] = 0;
    c->population[i] = 0;
    memset(c->categories + i * c->stride, 0, c->stride * sizeof *c->categories);
    c->flags[i] = (uint8_t)flags;
    c->group[i] = i;
    c->layer[i] = layer;
    j->source[i] = source;
    j->counts[i] = count;
    return i;
}

uint32_t joint_place(const struct joint *j, size_t release, uint32_t cell)
{
    return j->place[release] ? j->place[release][cell] : cell;
}

static int write_equation(struct joint_writer *w, size_t release, size_t e, struct err *err)
{
    const struct cells *c = w->joint->releases[release].cells;
    uint32_t start = c->equation_start[e], end = c->equation_start[e + 1];
    if (equation_open(&w->equations, end - start, err) != 0)
        return -1;
    for (uint32_t i = start; i < end; i++)
        equation_add(&w->equations, joint_place(w->joint, release, c->equation_cell[i]));
    return 0;
}

/* What the turnover rule hides needs no protection over time. */
static unsigned flags_of(const struct published_release *r, uint32_t cell)
{
    unsigned flags = r->cells->flags[cell];
    if (r->exempt && r->exempt[cell])
        flags = (flags & ~(unsigned)CELL_SENSITIVE) | CELL_EXEMPT;
    return flags;
}

/* The present release's cells as they are; what finds them by name or place is borrowed. */
static int write_present(struct joint_writer *w, struct err *err)
{
    struct joint *j = w->joint;
    const struct published_release *r = &j->releases[j->release_count - 1];
    const struct cells *from = r->cells;
    struct cells *c = &j->cells;
    w->capacity = 0;
    c->joint = j;
    c->structure = from->structure;
    c->stride = from->stride;
    c->table_start = from->table_start;
    c->table_cell = from->table_cell;
    c->leaf_table_count = from->leaf_table_count;
    c->leaf_tables = from->leaf_tables;
    c->inclusion_count = from->inclusion_count;
    c->inclusions = from->inclusions;
    c->slack_part = from->slack_part;
    c->places = from->places;
    c->slots = from->slots;
    c->slot_count = from->slot_count;
    c->equation_start = calloc(1, sizeof *c->equation_start);
    if (!c->equation_start)
        return err_memory(err);
    if (joint_reserve(w, from->count, err) != 0)
        return -1;
    for (uint32_t i = 0; i < from->count; i++)
        (void)joint_append(w, 0, i, flags_of(r, i), published_count(r, i));
    memcpy(c->unit, from->unit, from->count * sizeof *c->unit);
    memcpy(c->population, from->population, from->count * sizeof *c->population);
    memcpy(c->categories, from->categories, from->count * c->stride * sizeof *c->categories);
    memcpy(c->group, from->group, from->count * sizeof *c->group);
    for (size_t e = 0; e < from->equation_count; e++)
        if (write_equation(w, j->release_count - 1, e, err) != 0)
            return -1;
    return 0;
}

struct layout { /* of an earlier release in the present structure */
    uint32_t *unit;
    struct name_map names;
};

/* Unit, population and categories as the present structure has them. */
static void lay_out(struct cells *c, uint32_t at, const struct cells *from, uint32_t cell,
                    const struct layout *l)
{
    const struct name_map *m = &l->names;
    int population = m->population[from->population[cell]];
    c->unit[at] = l->unit[from->unit[cell]];
    c->population[at] = population < 0 ? 0 : (uint32_t)population;
    for (size_t v = 0; v < from->stride; v++)
        if (m->variable[v] >= 0)
            c->categories[at * c->stride + (size_t)m->variable[v]] =
                m->category[v * NAME_MAP_CATEGORIES + from->categories[cell * from->stride + v]];
}

static int write_cells(struct joint_writer *w, size_t release, const struct layout *l,
                       struct err *err)
{
    struct joint *j = w->joint;
    const struct published_release *r = &j->releases[release];
    const struct cells *from = r->cells;
    uint32_t *place = j->place[release], first = (uint32_t)j->cells.count;
    if (joint_reserve(w, from->count, err) != 0)
        return -1;
    for (uint32_t i = 0; i < from->count; i++) {
        if (place[i] == JOINT_NONE)
            continue;
        place[i] = joint_append(w, (uint16_t)(release + 1), i,
                                flags_of(r, i) | (unsigned)CELL_EARLIER, published_count(r, i));
        lay_out(&j->cells, place[i], from, i, l);
    }
    for (uint32_t i = first; i < j->cells.count; i++)
        j->cells.group[i] = place[from->group[j->source[i]]];
    return 0;
}

static int write_earlier(struct joint_writer *w, size_t release, struct err *err)
{
    const struct published_release *r = &w->joint->releases[release];
    const struct structure *then = r->cells->structure, *now = w->joint->present->structure;
    struct layout l = {.unit = malloc((then->unit_count + 1) * sizeof *l.unit)};
    int rc = l.unit ? series_units(l.unit, then, now, err) : err_memory(err);
    if (rc == 0)
        rc = name_map_build(&l.names, then, now, false, err);
    if (rc == 0)
        rc = write_cells(w, release, &l, err);
    name_map_release(&l.names);
    free(l.unit);
    for (size_t e = 0; e < r->cells->equation_count && rc == 0; e++)
        if (joint_hides_member(r, e))
            rc = write_equation(w, release, e, err);
    return rc;
}

int joint_write_releases(struct joint_writer *w, struct err *err)
{
    if (write_present(w, err) != 0)
        return -1;
    for (size_t r = 0; r + 1 < w->joint->release_count; r++)
        if (write_earlier(w, r, err) != 0)
            return -1;
    return 0;
}
