/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who is counted differently at another date: see MOVES in include/link/derive.h. Each date's facts
 * go through the same steps as those of the reference date; the column `now` leads from a person's
 * facts of then to those of now.
 */
#include "link/derive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {     /* where somebody counts */
    uint32_t unit; /* + 1; 0: not in the population */
    uint8_t categories[CONFIG_VARIABLES];
};

struct writer { /* of the frame moves */
    struct frame *frame;
    struct column *since, *population, *unit[2];
    struct column *category[2][CONFIG_VARIABLES]; /* NULL: sensitive */
};

/* Where people are counted now: columns of derive_counted's rows. */
struct counted_columns {
    const struct column *entity;
    const struct column *category[CONFIG_VARIABLES];
};

/* One other date. */
struct moves {
    const struct derive_context *now;
    const struct derive_counted *counted;
    const struct counted_columns *columns;
    struct writer *to;
    uint8_t since;
    struct derive_context then;
    struct frame places;         /* one column, domain: its words are d->then.rows.domain's */
    const struct column *entity; /* of the facts of then */
    uint32_t *unit, *domain;     /* by code of the entities of then */
    uint64_t *mask;
    uint32_t *kept;
    size_t kept_count;
    uint8_t *categories[CONFIG_VARIABLES]; /* of the kept rows; NULL: sensitive, or in no table */
    const uint32_t *begins;                /* the column now */
    uint32_t *at; /* by the row of now at which somebody begins: where they count, + 1 */
};

static int open_writer(struct writer *w, const struct structure *s, struct frame *frame,
                       struct err *err)
{
    static const char *const names[2] = {"now", "then"};
    w->frame = frame;
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
    const struct writer *w = m->to;
    size_t row = frame_append(w->frame, err);
    if (row == SIZE_MAX)
        return -1;
    column_set(w->since, row, m->since);
    column_set(w->population, row, population);
    for (int side = 0; side < 2; side++) {
        column_set(w->unit[side], row, place[side].unit);
        for (size_t v = 0; v < m->then.structure->variable_count; v++)
            if (w->category[side][v])
                column_set(w->category[side][v], row, place[side].categories[v]);
    }
    return 0;
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
                      const struct derive_input *in, struct err *err)
{
    const struct structure *s = m->then.structure;
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

static int map_entities(struct moves *m, const struct frame *then, const struct derive_input *in,
                        struct err *err)
{
    const struct column *entity = frame_find(then, "entity");
    const struct dictionary *words = &entity->dictionary;
    m->entity = entity;
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

/* The variables without sensitive categories of a population's tables. */
static uint32_t group_variables(const struct structure *s, size_t population)
{
    uint32_t set = 0;
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++)
            if ((size_t)s->tables[t].population == population &&
                !s->variables[s->tables[t].variables[i]].sensitive)
                set |= 1U << s->tables[t].variables[i];
    return set;
}

/* Of variables that no table uses the facts of then need not hold the fields. */
static int count_then(struct moves *m, const struct frame *then, struct err *err)
{
    const struct structure *s = m->then.structure;
    m->mask = calloc(then->rows + 1, sizeof *m->mask);
    if (!m->mask)
        return err_memory(err);
    if (derive_populations(&m->then, m->mask, err) != 0 ||
        !(m->kept = derive_kept(m->mask, then->rows, &m->kept_count, err)))
        return -1;
    for (size_t v = 0; v < s->variable_count; v++) {
        if (!m->to->category[0][v] || !structure_uses(s, v))
            continue;
        m->categories[v] = calloc(m->kept_count + 1, 1);
        if (!m->categories[v])
            return err_memory(err);
        if (derive_variable(&m->then, v, m->kept, m->kept_count, m->categories[v], err) != 0)
            return -1;
    }
    return 0;
}

static struct place place_now(const struct moves *m, size_t i, uint32_t variables)
{
    struct place p = {.unit = (uint32_t)column_get(m->columns->entity, i) + 1};
    for (size_t v = 0; v < m->then.structure->variable_count; v++)
        if (variables >> v & 1)
            p.categories[v] = (uint8_t)column_get(m->columns->category[v], i);
    return p;
}

static struct place place_then(const struct moves *m, size_t i, uint32_t variables)
{
    struct place p = {.unit = m->unit[column_get(m->entity, m->kept[i])] + 1};
    for (size_t v = 0; v < m->then.structure->variable_count; v++)
        if (variables >> v & 1)
            p.categories[v] = m->categories[v][i];
    return p;
}

/* For each person of now, by the row of facts at which they begin. */
static void find_now(struct moves *m, size_t population)
{
    const struct derive_counted *c = m->counted;
    size_t rows = m->now->rows.facts->rows, kept = 0, begin = 0;
    memset(m->at, 0, rows * sizeof *m->at);
    for (size_t row = 0; row < rows; row++) {
        if (m->now->first[row])
            begin = row;
        if (kept == c->count || c->kept[kept] != row)
            continue;
        kept++;
        if (c->mask[row] >> population & 1)
            m->at[begin] = (uint32_t)kept;
    }
}

static int compare(struct moves *m, size_t population, struct err *err)
{
    uint32_t variables = group_variables(m->then.structure, population);
    size_t rows = m->now->rows.facts->rows;
    struct place place[2];
    find_now(m, population);
    for (size_t i = 0; i < m->kept_count; i++) {
        if (!(m->mask[m->kept[i]] >> population & 1))
            continue;
        uint32_t begin = m->begins[m->kept[i]];
        uint32_t *at = begin ? &m->at[begin - 1] : NULL;
        memset(&place[0], 0, sizeof place[0]);
        if (at && *at)
            place[0] = place_now(m, *at - 1, variables);
        if (at)
            *at = 0;
        place[1] = place_then(m, i, variables);
        if (memcmp(&place[0], &place[1], sizeof place[0]) != 0 &&
            write_move(m, population, place, err) != 0)
            return -1;
    }
    memset(&place[1], 0, sizeof place[1]);
    for (size_t row = 0; row < rows; row++) {
        if (m->at[row] == 0)
            continue;
        place[0] = place_now(m, m->at[row] - 1, variables);
        if (write_move(m, population, place, err) != 0)
            return -1;
    }
    return 0;
}

static int check_begins(struct moves *m, const struct frame *then, struct err *err)
{
    const struct column *now = frame_need(then, "now", COLUMN_U32, err);
    if (!now)
        return -1;
    m->begins = now->cells;
    for (size_t row = 0; row < then->rows; row++)
        if (m->begins[row] > m->now->rows.facts->rows ||
            (m->begins[row] > 0 && !m->now->first[m->begins[row] - 1]))
            return err_set(err, ERR_DATA, "frame then: column now: nobody begins there");
    m->at = calloc(m->now->rows.facts->rows + 1, sizeof *m->at);
    return m->at ? 0 : err_memory(err);
}

static void moves_release(struct moves *m)
{
    frame_release(&m->places);
    free(m->unit);
    free(m->domain);
    free(m->mask);
    free(m->kept);
    free(m->at);
    for (size_t v = 0; v < CONFIG_VARIABLES; v++)
        free(m->categories[v]);
}

static int one_date(struct moves *m, const struct frame *then, date since,
                    const struct derive_input *in, struct err *err)
{
    m->then = *m->now;
    m->then.then = true;
    m->then.rows.reference_date = since;
    if (derive_open_facts(&m->then, then, err) != 0 || check_begins(m, then, err) != 0 ||
        map_entities(m, then, in, err) != 0 || count_then(m, then, err) != 0)
        return -1;
    for (size_t p = 0; p < m->then.structure->population_count; p++)
        if (compare(m, p, err) != 0)
            return -1;
    return 0;
}

static void find_columns(struct counted_columns *c, const struct frame *rows,
                         const struct structure *s)
{
    c->entity = frame_find(rows, "entity");
    for (size_t v = 0; v < s->variable_count; v++)
        c->category[v] = frame_find(rows, s->variables[v].name);
}

int derive_moves(const struct derive_context *d, const struct derive_counted *now,
                 const struct derive_input *in, struct frame *moves, struct err *err)
{
    struct writer to = {0};
    const struct column *since = frame_need(in->since, "date", COLUMN_I32, err);
    if (!since || open_writer(&to, d->structure, moves, err) != 0)
        return -1;
    if (in->since->rows > UINT8_MAX)
        return err_set(err, ERR_DATA, "frame since: too many dates");
    struct counted_columns columns;
    find_columns(&columns, now->rows, d->structure);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < in->since->rows; i++) {
        struct moves m = {
            .now = d, .counted = now, .columns = &columns, .to = &to, .since = (uint8_t)i};
        struct frame then;
        frame_init(&then, "then");
        rc = frame_read_narrow(&then, "then", in->then, err);
        if (rc == 0)
            rc = one_date(&m, &then, column_i32(since, i), in, err);
        frame_release(&then);
        moves_release(&m);
    }
    return rc;
}
