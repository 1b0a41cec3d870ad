/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The joint system of a release and the earlier ones: first which cells are the same
 * (joint_pair.c), then which cells of the earlier releases are needed, then the cells are numbered
 * and the equations written, those of links by joint_links.c. See include/tables/joint.h.
 */
#include "tables/joint_writer.h"

#include <stdlib.h>
#include <string.h>

enum { ROLES = 4, LAYERS_MAX = UINT16_MAX }; /* a pair has a layer for each role but JOINT_CELL */

/* ---- releases and pairs ---- */

static int take_releases(struct joint *j, const struct joint_input *in, struct err *err)
{
    size_t count = in->release_count;
    if (count == 0)
        return err_set(err, ERR_INTERNAL, "joint system: no release");
    j->releases = malloc(count * sizeof *j->releases);
    j->place = calloc(count, sizeof *j->place);
    if (!j->releases || !j->place)
        return err_memory(err);
    memcpy(j->releases, in->releases, count * sizeof *j->releases);
    j->release_count = count;
    j->present = in->releases[count - 1].cells;
    for (size_t r = 1; r < count; r++) {
        for (size_t i = 0; i < r; i++)
            if (strcmp(in->releases[i].id, in->releases[r].id) == 0)
                return err_set(err, ERR_INTERNAL, "joint system: release %s is there twice",
                               in->releases[r].id);
    }
    for (size_t t = 0; t < in->turnover_count; t++)
        if (in->turnovers[t].from >= in->turnovers[t].to || in->turnovers[t].to >= count)
            return err_set(err, ERR_INTERNAL, "joint system: turnover between no two releases");
    return 0;
}

static const struct joint_turnover *turnover_of(const struct joint_input *in, size_t from,
                                                size_t to)
{
    for (size_t t = 0; t < in->turnover_count; t++)
        if (in->turnovers[t].from == from && in->turnovers[t].to == to)
            return &in->turnovers[t];
    return NULL;
}

/* The pairs of releases that turnover is known between. */
static int list_pairs(struct joint *j, const struct joint_input *in, struct err *err)
{
    size_t count = j->release_count;
    j->pairs = calloc(count * (count - 1) / 2 + 1, sizeof *j->pairs);
    if (!j->pairs)
        return err_memory(err);
    for (size_t from = 0; from < count; from++)
        for (size_t to = from + 1; to < count; to++) {
            const struct published_release *old = &in->releases[from], *new = &in->releases[to];
            bool one_date = old->reference_date == new->reference_date;
            const struct joint_turnover *turnover = one_date ? NULL : turnover_of(in, from, to);
            if (one_date || turnover)
                j->pairs[j->pair_count++] = (struct joint_pair){.from = (uint32_t)from,
                                                                .to = (uint32_t)to,
                                                                .old = old,
                                                                .new = new,
                                                                .turnover = turnover};
        }
    return 0;
}

static int list_layers(struct joint *j, struct err *err)
{
    size_t count = j->release_count + ROLES * j->pair_count;
    if (count > LAYERS_MAX)
        return err_set(err, ERR_DATA, "joint system: too many releases");
    j->layers = calloc(count, sizeof *j->layers);
    if (!j->layers)
        return err_memory(err);
    uint32_t last = (uint32_t)j->release_count - 1;
    j->layers[j->layer_count++] = (struct joint_layer){JOINT_CELL, last, last};
    for (uint32_t r = 0; r < last; r++)
        j->layers[j->layer_count++] = (struct joint_layer){JOINT_CELL, r, r};
    for (size_t i = 0; i < j->pair_count; i++) {
        struct joint_pair *p = &j->pairs[i];
        for (int role = JOINT_IN; role <= JOINT_BEFORE; role++) {
            p->layers[role] = (uint16_t)j->layer_count;
            j->layers[j->layer_count++] =
                (struct joint_layer){(enum joint_role)role, p->from, p->to};
        }
    }
    return 0;
}

/* The units of `to` whose links the caller wants left out: 1 in dropped. */
static bool mark_dropped(const struct joint_input *in, const struct joint_pair *p, uint8_t *dropped)
{
    bool any = false;
    size_t units = in->releases[p->to].cells->structure->unit_count;
    memset(dropped, 0, units);
    for (size_t i = 0; i < in->dropped_count; i++) {
        const struct joint_unit *d = &in->dropped[i];
        if (d->from == p->from && d->to == p->to && d->unit < units)
            dropped[d->unit] = any = true;
    }
    return any;
}

static int note_left_out(struct joint *j, const struct joint_pair *p, struct err *err)
{
    size_t broken = 0;
    for (size_t i = 0; i < p->new->cells->count; i++)
        broken += p->state[i] == PAIR_BROKEN;
    struct joint_group *list =
        realloc(j->left_out, (j->left_out_count + broken + 1) * sizeof *list);
    if (!list)
        return err_memory(err);
    j->left_out = list;
    for (size_t i = 0; i < p->new->cells->count; i++)
        if (p->state[i] == PAIR_BROKEN)
            list[j->left_out_count++] = (struct joint_group){p->from, p->to, (uint32_t)i};
    return 0;
}

static int plan_pairs(struct joint *j, const struct joint_input *in, struct err *err)
{
    uint8_t *dropped = malloc(STRUCTURE_UNITS);
    if (!dropped)
        return err_memory(err);
    int rc = 0;
    for (size_t i = 0; i < j->pair_count && rc == 0; i++) {
        struct joint_pair *p = &j->pairs[i];
        bool any = mark_dropped(in, p, dropped);
        rc = pair_plan(p, any ? dropped : NULL, err);
        if (rc == 0)
            rc = note_left_out(j, p, err);
    }
    free(dropped);
    return rc;
}

static const struct joint_pair *pair_of(const struct joint *j, size_t from, size_t to)
{
    for (size_t i = 0; i < j->pair_count; i++)
        if (j->pairs[i].from == from && j->pairs[i].to == to)
            return &j->pairs[i];
    return NULL;
}

/* Leaves out what follows from other links, and links the rest. */
static int link_pairs(struct joint *j, struct err *err)
{
    for (size_t i = 0; i < j->pair_count; i++) {
        struct joint_pair *p = &j->pairs[i];
        for (size_t middle = p->from + 1; middle < p->to; middle++) {
            const struct joint_pair *first = pair_of(j, p->from, middle);
            const struct joint_pair *second = pair_of(j, middle, p->to);
            if (first && second && pair_imply(p, first, second, err) != 0)
                return -1;
        }
    }
    for (size_t i = 0; i < j->pair_count; i++)
        pair_link(&j->pairs[i], j->pairs[i].to + 1 == j->release_count);
    return 0;
}

/* ---- which cells of an earlier release are needed ---- */

/* Both ends of every link. */
static void need_linked(struct joint *j, const struct joint_pair *p)
{
    uint32_t *old = j->place[p->from], *new = j->place[p->to];
    for (uint32_t i = 0; i < p->new->cells->count; i++) {
        if (p->state[i] != PAIR_LINKED)
            continue;
        if (new)
            new[i] = PLACE_NEEDED;
        for (size_t k = 0; k < pair_sources(p, i); k++)
            old[pair_source(p, i, k)] = PLACE_NEEDED;
    }
}

static void need_hidden(const struct published_release *r, uint32_t *place)
{
    const struct cells *c = r->cells;
    for (uint32_t i = 0; i < c->count; i++)
        if (published_count(r, i) < 0)
            place[i] = PLACE_NEEDED;
    for (size_t e = 0; e < c->equation_count; e++)
        if (joint_hides_member(r, e))
            for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++)
                place[c->equation_cell[i]] = PLACE_NEEDED;
}

/* A group is its own group. */
static void need_groups(const struct cells *c, uint32_t *place)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (place[i] == PLACE_NEEDED)
            place[c->group[i]] = PLACE_NEEDED;
}

static int find_needed(struct joint *j, struct err *err)
{
    for (size_t r = 0; r + 1 < j->release_count; r++) {
        size_t count = j->releases[r].cells->count;
        j->place[r] = malloc((count + 1) * sizeof **j->place);
        if (!j->place[r])
            return err_memory(err);
        for (size_t i = 0; i < count; i++)
            j->place[r][i] = JOINT_NONE;
        need_hidden(&j->releases[r], j->place[r]);
    }
    for (size_t i = 0; i < j->pair_count; i++)
        need_linked(j, &j->pairs[i]);
    for (size_t r = 0; r + 1 < j->release_count; r++)
        need_groups(j->releases[r].cells, j->place[r]);
    return 0;
}

int joint_build(struct joint *j, const struct joint_input *input, struct err *err)
{
    memset(j, 0, sizeof *j);
    if (take_releases(j, input, err) != 0 || list_pairs(j, input, err) != 0 ||
        list_layers(j, err) != 0 || plan_pairs(j, input, err) != 0 || link_pairs(j, err) != 0 ||
        find_needed(j, err) != 0)
        return -1;
    struct joint_writer w = {.joint = j, .equations.cells = &j->cells};
    if (joint_write_releases(&w, err) != 0)
        return -1;
    for (size_t i = 0; i < j->pair_count; i++)
        if (joint_write_links(&w, &j->pairs[i], err) != 0)
            return -1;
    return 0;
}

void joint_release(struct joint *j)
{
    struct cells *c = &j->cells;
    free(c->unit);
    free(c->population);
    free(c->categories);
    free(c->flags);
    free(c->group);
    free(c->layer);
    free(c->equation_start);
    free(c->equation_cell);
    for (size_t i = 0; i < j->pair_count; i++)
        pair_release(&j->pairs[i]);
    for (size_t r = 0; j->place && r < j->release_count; r++)
        free(j->place[r]);
    free(j->pairs);
    free(j->place);
    free(j->releases);
    free(j->layers);
    free(j->source);
    free(j->counts);
    free(j->links);
    free(j->left_out);
    memset(j, 0, sizeof *j);
}
