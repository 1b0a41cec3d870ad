/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who is counted differently at another date: see MOVES in include/link/derive.h. Each date's facts
 * are walked beside the places of the reference date: both stand in the order of people, and the
 * column `now` says where somebody's facts of today begin.
 */
#include "link/derive_moves.h"

#include "io/frame_pieces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {     /* where somebody counts */
    uint32_t unit; /* + 1; 0: not in the population */
    uint8_t categories[CONFIG_VARIABLES];
};

struct writer { /* of the frame moves */
    struct frame frame;
    const struct sink *to;
    struct column *since, *population, *unit[2];
    struct column *category[2][CONFIG_VARIABLES]; /* NULL: sensitive */
};

/* One other date. */
struct moves {
    const struct derive_context *context;
    struct writer *to;
    uint8_t since;
    struct derive_facts then;
    struct frame places;      /* one column, domain: its words are then.rows.domain's */
    uint32_t *unit, *domain;  /* by code of the entities of then */
    const struct column *now; /* of the facts of then */
    uint32_t variables[DERIVE_POPULATIONS];
    struct derive_places_reader today;
    struct person { /* whose facts of then come */
        bool there;
        uint32_t now;     /* where their facts of today begin; 0: there are none */
        uint64_t mask[2]; /* populations in which they count: now, then */
        struct place place[2][DERIVE_POPULATIONS];
    } person;
};

static int open_writer(struct writer *w, const struct structure *s, const struct sink *to,
                       struct err *err)
{
    static const char *const names[2] = {"now", "then"};
    struct frame *frame = &w->frame;
    frame_init(frame, "moves");
    w->to = to;
    w->since = frame_add(frame, "since", COLUMN_U8, err);
    w->population = w->since ? frame_add(frame, "population", COLUMN_U8, err) : NULL;
    if (!w->population)
        return -1;
    for (int side = 0; side < 2; side++) {
        if (!(w->unit[side] = frame_add(frame, names[side], COLUMN_U32, err)))
            return -1;
        for (size_t v = 0; v < s->variable_count; v++) {
            char name[FRAME_NAME];
            if (s->variables[v].sensitive)
                continue;
            (void)snprintf(name, sizeof name, "%s:%s", names[side], s->variables[v].name);
            if (!(w->category[side][v] = frame_add(frame, name, COLUMN_U8, err)))
                return -1;
        }
    }
    return 0;
}

static int write_move(const struct moves *m, size_t population, const struct place place[2],
                      struct err *err)
{
    struct writer *w = m->to;
    size_t row = frame_append(&w->frame, err);
    if (row == SIZE_MAX)
        return -1;
    column_set(w->since, row, m->since);
    column_set(w->population, row, population);
    for (int side = 0; side < 2; side++) {
        column_set(w->unit[side], row, place[side].unit);
        for (size_t v = 0; v < m->context->structure->variable_count; v++)
            if (w->category[side][v])
                column_set(w->category[side][v], row, place[side].categories[v]);
    }
    return frame_pieces_write(&w->frame, false, w->to, err);
}

/* ---- the entities of then ---- */

static size_t find_word(const struct frame *f, const char *column, const char *word)
{
    const struct column *c = frame_find(f, column);
    for (size_t row = 0; row < f->rows; row++)
        if (strcmp(column_word(c, row) ? column_word(c, row) : "", word) == 0)
            return row;
    return SIZE_MAX;
}

static uint32_t find_unit(const struct structure *s, enum level level, const char *code)
{
    for (size_t u = 0; code && u < s->unit_count; u++)
        if (s->units[u].level == level && strcmp(s->units[u].code, code) == 0)
            return (uint32_t)u;
    return 0; /* the government */
}

/* The unit of today for an entity of then, and its domain's name. */
static int map_entity(struct moves *m, uint32_t code, const char *word,
                      const struct derive_units *in, struct err *err)
{
    const struct structure *s = m->context->structure;
    struct column *words = frame_find(&m->places, "domain");
    size_t listed = find_word(in->entities, "entity", word);
    size_t former = listed == SIZE_MAX ? find_word(in->former, "entity", word) : SIZE_MAX;
    if (listed == SIZE_MAX && former == SIZE_MAX)
        return err_set(err, ERR_DATA, "frame then: an entity that is not listed");
    const char *domain = listed != SIZE_MAX
                             ? column_word(frame_find(in->entities, "domain"), listed)
                             : column_word(frame_find(in->former, "domain"), former);
    const char *entity =
        listed != SIZE_MAX ? word : column_word(frame_find(in->former, "successor"), former);
    m->unit[code] = find_unit(s, LEVEL_ENTITY, entity);
    if (!entity)
        m->unit[code] = find_unit(s, LEVEL_DOMAIN, domain);
    if (domain)
        m->domain[code] = dictionary_intern(&words->dictionary, domain, strlen(domain));
    return domain && m->domain[code] == 0 ? err_memory(err) : 0;
}

static int map_entities(struct moves *m, const struct derive_units *in, struct err *err)
{
    const struct dictionary *words = &m->then.entity->dictionary;
    frame_init(&m->places, "places");
    m->unit = calloc((size_t)words->count + 1, sizeof *m->unit);
    m->domain = calloc((size_t)words->count + 1, sizeof *m->domain);
    if (!m->unit || !m->domain)
        return err_memory(err);
    if (!frame_add_coded(&m->places, "domain", err))
        return -1;
    for (uint32_t code = 1; code <= words->count; code++)
        if (map_entity(m, code, dictionary_word(words, code), in, err) != 0)
            return -1;
    m->then.rows.domain = frame_find(&m->places, "domain");
    m->then.rows.entity_domain = m->domain;
    return 0;
}

/* ---- who counted where ---- */

/* Who counts in the same place on both dates has not moved. */
static int write_person(struct moves *m, struct person *p, struct err *err)
{
    for (uint64_t left = p->mask[0] | p->mask[1]; left; left &= left - 1) {
        size_t population = (size_t)__builtin_ctzll(left);
        struct place place[2];
        memset(place, 0, sizeof place);
        for (int side = 0; side < 2; side++)
            if (p->mask[side] >> population & 1)
                place[side] = p->place[side][population];
        if (memcmp(&place[0], &place[1], sizeof place[0]) != 0 &&
            write_move(m, population, place, err) != 0)
            return -1;
    }
    return 0;
}

static void begin_person(struct person *p, uint32_t now)
{
    p->there = true;
    p->now = now;
    p->mask[0] = p->mask[1] = 0; /* and no place is looked at */
}

/* Somebody's row that counts in these populations. */
static void set_places(const struct moves *m, struct person *p, int side, uint64_t mask,
                       uint32_t unit, const uint8_t *categories)
{
    p->mask[side] |= mask;
    for (uint64_t left = mask; left; left &= left - 1) {
        size_t population = (size_t)__builtin_ctzll(left);
        struct place *place = &p->place[side][population];
        memset(place, 0, sizeof *place);
        place->unit = unit + 1;
        for (size_t v = 0; v < m->context->structure->variable_count; v++)
            if (m->variables[population] >> v & 1)
                place->categories[v] = categories[v];
    }
}

/* Takes the person's places of today; *there: somebody begins where they are said to. */
static int take_today(struct moves *m, struct person *p, bool *there, struct err *err)
{
    struct derive_places_reader *r = &m->today;
    *there = false;
    while (r->there && r->place.begin == p->now) {
        *there = true;
        set_places(m, p, 0, r->place.mask, r->place.unit, r->place.categories);
        if (derive_places_next(r, err) != 0)
            return -1;
    }
    return 0;
}

/* People of today who begin before that, and of whom nothing is known at the other date. */
static int pass_today(struct moves *m, uint32_t begin, struct err *err)
{
    while (m->today.there && m->today.place.begin < begin) {
        struct person alone;
        bool there;
        begin_person(&alone, m->today.place.begin);
        if (take_today(m, &alone, &there, err) != 0 || write_person(m, &alone, err) != 0)
            return -1;
    }
    return 0;
}

static int end_person(struct moves *m, struct err *err)
{
    struct person *p = &m->person;
    bool there = true;
    if (!p->there)
        return 0;
    p->there = false;
    if (p->now > 0 && (pass_today(m, p->now, err) != 0 || take_today(m, p, &there, err) != 0))
        return -1;
    if (!there)
        return err_set(err, ERR_DATA, "frame then: column now: nobody begins there");
    return write_person(m, p, err);
}

static int add_row(struct moves *m, size_t row, size_t kept, struct err *err)
{
    struct person *p = &m->person;
    uint32_t now = (uint32_t)column_get(m->now, row);
    if (derive_facts_begins(&m->then, row)) {
        if (end_person(m, err) != 0)
            return -1;
        begin_person(p, now);
    }
    if (now != p->now)
        return err_set(err, ERR_DATA, "frame then: column now: somebody begins twice");
    if (m->then.mask[row] == 0)
        return 0;
    uint8_t categories[CONFIG_VARIABLES] = {0};
    for (size_t v = 0; v < m->context->structure->variable_count; v++)
        if (m->then.categories[v])
            categories[v] = m->then.categories[v][kept];
    set_places(m, p, 1, m->then.mask[row], m->unit[column_get(m->then.entity, row)], categories);
    return 0;
}

static int compare(struct moves *m, struct err *err)
{
    int rc;
    while ((rc = derive_facts_next(&m->then, err)) > 0) {
        size_t kept = 0;
        for (size_t row = 0; row < m->then.frame.rows; row++) {
            if (add_row(m, row, kept, err) != 0)
                return -1;
            kept += m->then.mask[row] != 0;
        }
    }
    if (rc != 0 || end_person(m, err) != 0)
        return -1;
    return pass_today(m, UINT32_MAX, err);
}

/* Of variables that decide about no group the facts of then need not hold the fields. */
static int one_date(struct moves *m, date since, struct derive_places *places,
                    const struct derive_units *units, const struct source *from, struct err *err)
{
    const struct structure *s = m->context->structure;
    uint32_t all = 0;
    for (size_t p = 0; p < s->population_count; p++)
        all |= m->variables[p] = derive_group_variables(s, p);
    if (derive_facts_open(&m->then, m->context, "then", true, from, err) != 0 ||
        !(m->now = frame_need(&m->then.frame, "now", COLUMN_U32, err)))
        return -1;
    m->then.rows.reference_date = since;
    if (map_entities(m, units, err) != 0 || derive_facts_want(&m->then, all, from, err) != 0 ||
        derive_places_begin(&m->today, places, err) != 0)
        return -1;
    return compare(m, err);
}

static void moves_release(struct moves *m)
{
    derive_facts_close(&m->then);
    derive_places_stop(&m->today);
    frame_release(&m->places);
    free(m->unit);
    free(m->domain);
}

int derive_moves(const struct derive_context *c, struct derive_places *places,
                 const struct derive_units *units, const struct frame *since,
                 const struct source *from, const struct sink *to, struct err *err)
{
    struct writer writer = {0};
    const struct column *dates = frame_need(since, "date", COLUMN_I32, err);
    int rc = dates ? open_writer(&writer, c->structure, to, err) : -1;
    if (rc == 0 && since->rows > UINT8_MAX)
        rc = err_set(err, ERR_DATA, "frame since: too many dates");
    for (size_t i = 0; rc == 0 && i < since->rows; i++) {
        struct moves m = {.context = c, .to = &writer, .since = (uint8_t)i};
        rc = one_date(&m, column_i32(dates, i), places, units, from, err);
        moves_release(&m);
    }
    if (rc == 0)
        rc = frame_pieces_write(&writer.frame, true, to, err);
    frame_release(&writer.frame);
    return rc;
}
