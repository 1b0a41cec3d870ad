/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_world: up to three releases of a small government counted from a list of invented people,
 * for the tests of joint systems: true counts, who joined and left, and what is published.
 *
 *     world_init(&w, 2);  units, variables and tables of w.r[i].structure;  w.person[...]
 *     world_count(&w);    world_hide(&w, i, KEY) or world_hide_some(&w, &random)
 *     world_input(&w)     for joint_build
 *
 * The last variable may be "origin", which a person never changes; "sex" may be there before it.
 */
#ifndef TESTS_JOINT_WORLD_H
#define TESTS_JOINT_WORLD_H

#include "structure_fixture.h"
#include "tables/joint.h"

enum { WORLD_RELEASES = 3, WORLD_CELLS = 64, WORLD_PEOPLE = 40, WORLD_TABLES = 20000 };

struct world_person {
    const char *unit[WORLD_RELEASES]; /* code of an entity; NULL: not there */
    const char *sex, *origin;
};

struct world_release {
    struct structure structure;
    struct cells cells;
    const char *id;
    date when;
    int64_t count[WORLD_CELLS], shown[WORLD_CELLS]; /* shown: -1 = hidden */
    int64_t low[WORLD_CELLS], high[WORLD_CELLS];
    uint8_t exempt[WORLD_CELLS];
    uint64_t leaves[WORLD_CELLS];              /* per cell: the leaves that it counts, as bits */
    uint64_t old[WORLD_RELEASES][WORLD_CELLS]; /* by earlier release: the cells that it was */
    int64_t *tables; /* all that agree with what is shown, WORLD_CELLS counts each */
    size_t table_count;
};

struct world {
    size_t releases, people;
    struct world_release r[WORLD_RELEASES];
    struct world_person person[WORLD_PEOPLE];
    int64_t joined[WORLD_RELEASES][WORLD_RELEASES][WORLD_CELLS]; /* [from][to][cell of to] */
    int64_t left[WORLD_RELEASES][WORLD_RELEASES][WORLD_CELLS];
    struct published_release published[WORLD_RELEASES];
    struct joint_turnover turnovers[WORLD_RELEASES];
    struct joint_input input;
};

static inline void world_init(struct world *w, size_t releases)
{
    static const char *const ids[] = {"R1", "R2", "R3"};
    memset(w, 0, sizeof *w);
    w->releases = releases;
    for (size_t i = 0; i < releases; i++) {
        w->r[i].id = ids[i];
        w->r[i].when = (date)(17000 + 180 * i);
        structure_init(&w->r[i].structure);
    }
}

static inline void world_release(struct world *w)
{
    for (size_t i = 0; i < w->releases; i++) {
        cells_release(&w->r[i].cells);
        structure_release(&w->r[i].structure);
        free(w->r[i].tables);
    }
}

static inline uint32_t world_random(uint32_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % below;
}

/* ---- made in a few lines ---- */

static inline void world_units(struct structure *s, const char *domain2)
{
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    if (domain2)
        fixture_unit(s, LEVEL_DOMAIN, domain2, 0, true);
}

/* sex: its categories, or NULL */
static inline void world_tables(struct structure *s, const char *sex)
{
    if (sex)
        fixture_variable(s, "sex", sex);
    fixture_variable(s, "origin", "foreign* eu*<foreign other*<foreign belgian*");
    fixture_table(s, "origin", "staff", "origin", -1);
    if (sex)
        fixture_table(s, "sex-origin", "staff", "sex origin", -1);
}

static inline void world_predecessor(struct structure *s, size_t unit, const char *code)
{
    struct unit *u = &s->units[unit];
    u->predecessors = fixture_grow(u->predecessors, u->predecessor_count, CONFIG_CODE);
    fixture_name(u->predecessors[u->predecessor_count++], code, strlen(code));
}

/* People who are at one of the two entities, or nowhere, and stay there in two of three cases. */
static inline void world_populate(struct world *w, uint32_t *random, size_t people,
                                  const char *const codes[WORLD_RELEASES][2])
{
    static const char *const origins[] = {"eu", "other", "belgian"};
    w->people = people;
    for (size_t p = 0; p < people; p++) {
        struct world_person *who = &w->person[p];
        uint32_t at = world_random(random, 3);
        who->origin = origins[world_random(random, 3)];
        who->sex = world_random(random, 2) ? "f" : "m";
        for (size_t i = 0; i < w->releases && i < WORLD_RELEASES; i++) {
            at = world_random(random, 3) ? at : world_random(random, 3);
            who->unit[i] = at < 2 ? codes[i][at] : NULL;
        }
    }
}

/* ---- counting ---- */

/* The unit of a release that has (had) the people of an entity of an earlier one, or -1. */
static inline int world_unit(const struct structure *s, const char *code)
{
    for (size_t u = 0; code && u < s->unit_count; u++)
        if (s->units[u].level == LEVEL_ENTITY && strcmp(s->units[u].code, code) == 0)
            return (int)u;
    for (size_t u = 0; code && u < s->unit_count; u++)
        for (size_t i = 0; i < s->units[u].predecessor_count; i++)
            if (strcmp(s->units[u].predecessors[i], code) == 0)
                return (int)u;
    return -1;
}

static inline bool world_within(const struct structure *s, int unit, int above)
{
    while (unit > above)
        unit = s->units[unit].parent;
    return unit == above;
}

static inline bool world_has_category(const struct variable *v, const char *name, uint16_t wanted)
{
    int at = (int)v->category_count - 1;
    while (at > 0 && strcmp(v->categories[at].name, name) != 0)
        at--;
    while (at > (int)wanted)
        at = v->categories[at].parent;
    return at == (int)wanted;
}

/* Does the cell of release r count somebody of this entity (of any release), sex and origin? */
static inline bool world_counts(const struct world_release *r, size_t cell, const char *unit,
                                const struct world_person *p)
{
    const struct structure *s = &r->structure;
    int at = world_unit(s, unit);
    if (at < 0 || !world_within(s, at, (int)r->cells.unit[cell]))
        return false;
    for (size_t v = 0; v < s->variable_count; v++) {
        bool origin = strcmp(s->variables[v].name, "origin") == 0;
        if (!world_has_category(&s->variables[v], origin ? p->origin : p->sex,
                                r->cells.categories[cell * r->cells.stride + v]))
            return false;
    }
    return true;
}

static inline void world_turnover(struct world *w, size_t from, size_t to)
{
    const struct world_release *r = &w->r[to];
    for (size_t i = 0; i < r->cells.count; i++)
        for (size_t p = 0; p < w->people; p++) {
            bool then = world_counts(r, i, w->person[p].unit[from], &w->person[p]);
            bool now = world_counts(r, i, w->person[p].unit[to], &w->person[p]);
            w->joined[from][to][i] += now && !then;
            w->left[from][to][i] += then && !now;
        }
}

static inline void world_count(struct world *w)
{
    struct err err;
    for (size_t i = 0; i < w->releases; i++) {
        struct world_release *r = &w->r[i];
        fixture_finish(&r->structure);
        if (structure_check(&r->structure, &err) != 0 ||
            cells_build(&r->cells, &r->structure, true, &err) != 0 || r->cells.count > WORLD_CELLS)
            abort();
        for (size_t c = 0; c < r->cells.count; c++) {
            for (size_t p = 0; p < w->people; p++)
                r->count[c] +=
                    w->person[p].unit[i] && world_counts(r, c, w->person[p].unit[i], &w->person[p]);
            r->shown[c] = r->count[c];
        }
        for (size_t from = 0; from < i; from++)
            world_turnover(w, from, i);
    }
}

/* Hides about two of three cells that may be hidden. */
static inline void world_hide_some(struct world *w, uint32_t *random)
{
    for (size_t i = 0; i < w->releases; i++)
        for (size_t c = 0; c < w->r[i].cells.count; c++)
            if (!(w->r[i].cells.flags[c] & CELL_PUBLIC) && world_random(random, 3) > 0)
                w->r[i].shown[c] = -1;
}

static inline size_t world_cell(const struct world *w, size_t release, const char *key)
{
    size_t cell = cell_by_key(&w->r[release].cells, key);
    if (cell == SIZE_MAX)
        abort();
    return cell;
}

static inline void world_hide(struct world *w, size_t release, const char *key)
{
    w->r[release].shown[world_cell(w, release, key)] = -1;
}

static inline const struct joint_input *world_input(struct world *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->releases; i++) {
        const struct world_release *r = &w->r[i];
        w->published[i] =
            (struct published_release){r->id, r->when, &r->cells, r->shown, r->exempt};
        for (size_t from = 0; from < i; from++)
            w->turnovers[n++] =
                (struct joint_turnover){from, i, w->joined[from][i], w->left[from][i]};
    }
    w->input = (struct joint_input){w->releases, w->published, n, w->turnovers, 0, NULL};
    return &w->input;
}

#endif
