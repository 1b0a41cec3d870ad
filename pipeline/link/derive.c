/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/derive.h: the order of things, and the output frame. */
#include "link/derive.h"

#include "link/person_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What depends on the entity of a row only, by its code in facts.entity. */
struct entity_map {
    uint32_t *unit;   /* index in the structure */
    uint32_t *domain; /* code in the domain column of `entities` */
};

static void map_release(struct entity_map *m)
{
    free(m->unit);
    free(m->domain);
}

static int map_entity(struct entity_map *m, uint32_t code, const char *word,
                      const struct structure *s, const struct frame *entities, struct err *err)
{
    const struct column *entity = frame_find(entities, "entity");
    const struct column *domain = frame_find(entities, "domain");
    for (size_t u = 0; u < s->unit_count; u++)
        if (s->units[u].level == LEVEL_ENTITY && strcmp(s->units[u].code, word) == 0)
            m->unit[code] = (uint32_t)u;
    for (size_t row = 0; row < entities->rows; row++)
        if (strcmp(column_word(entity, row), word) == 0)
            m->domain[code] = (uint32_t)column_get(domain, row);
    return m->unit[code] ? 0 : err_set(err, ERR_DATA, "frame facts: an entity that is not listed");
}

static int map_entities(struct entity_map *m, const struct column *of_facts,
                        const struct structure *s, const struct frame *entities, struct err *err)
{
    size_t count = of_facts->dictionary.count;
    m->unit = calloc(count + 1, sizeof *m->unit);
    m->domain = calloc(count + 1, sizeof *m->domain);
    if (!m->unit || !m->domain)
        return err_memory(err);
    for (uint32_t code = 1; code <= count; code++)
        if (map_entity(m, code, dictionary_word(&of_facts->dictionary, code), s, entities, err) !=
            0)
            return -1;
    return 0;
}

uint32_t *derive_kept(const uint64_t *mask, size_t rows, size_t *count, struct err *err)
{
    *count = 0;
    if (rows > UINT32_MAX) {
        (void)err_set(err, ERR_DATA, "frame facts: too many rows");
        return NULL;
    }
    uint32_t *kept = calloc(rows + 1, sizeof *kept);
    if (!kept) {
        (void)err_memory(err);
        return NULL;
    }
    for (size_t row = 0; row < rows; row++)
        if (mask[row])
            kept[(*count)++] = (uint32_t)row;
    return kept;
}

/* Adds "population:ID": 1 at the rows that count in population p. */
static int write_population(struct frame *out, const struct derive_context *d, size_t p,
                            const uint64_t *mask, const uint32_t *kept, struct quality *quality,
                            struct err *err)
{
    char name[FRAME_NAME];
    const struct structure *s = d->structure;
    (void)snprintf(name, sizeof name, "population:%s", s->populations[p].id);
    struct column *column = frame_add(out, name, COLUMN_U8, err);
    if (!column)
        return -1;
    uint8_t *cells = column->cells;
    uint64_t people = 0;
    for (size_t i = 0; i < out->rows; i++)
        people += cells[i] = mask[kept[i]] >> p & 1;
    /* Where head counts are confidential, this one is too. */
    if (!d->config->disclosure.public_head_counts)
        return 0;
    return quality_add(quality, "derive", name, "", people, err);
}

static int write_rows(struct derive_context *d, const struct entity_map *map, const uint64_t *mask,
                      const uint32_t *kept, size_t count, struct frame *out,
                      struct quality *quality, struct err *err)
{
    const struct structure *s = d->structure;
    const struct column *entity = frame_find(d->rows.facts, "entity");
    struct column *column = frame_add(out, "entity", COLUMN_U32, err);
    if (!column || frame_resize(out, count, err) != 0)
        return -1;
    uint32_t *unit = column->cells;
    for (size_t i = 0; i < count; i++)
        unit[i] = map->unit[column_get(entity, kept[i])];
    for (size_t v = 0; v < s->variable_count; v++) {
        column = frame_add(out, s->variables[v].name, COLUMN_U8, err);
        if (!column || derive_variable(d, v, kept, count, column->cells, err) != 0)
            return -1;
    }
    for (size_t p = 0; p < s->population_count; p++)
        if (write_population(out, d, p, mask, kept, quality, err) != 0)
            return -1;
    return 0;
}

int derive_open_facts(struct derive_context *d, const struct frame *facts, struct err *err)
{
    const struct column *first = frame_need(facts, "first", COLUMN_U8, err);
    const struct column *entity = person_rows_words(facts, "entity", err);
    if (!first || !entity)
        return -1;
    d->first = first->cells;
    d->rows.facts = facts;
    if (facts->rows > 0 && !d->first[0])
        return err_set(err, ERR_DATA, "frame facts: the first row is not the first of a person");
    for (size_t row = 0; row < facts->rows; row++)
        if (column_get(entity, row) == 0)
            return err_set(err, ERR_DATA, "frame facts: a row without an entity");
    return 0;
}

int derive(const struct config *c, const struct derive_input *in, struct rules *rules,
           struct frame *rows, struct frame *moves, struct quality *quality, struct err *err)
{
    const struct frame *facts = in->facts;
    struct derive_context d = {.config = c, .threads = in->threads, .structure = &rules->structure};
    struct entity_map map = {0};
    struct derive_counted now = {.rows = rows};
    uint64_t *mask = NULL;
    uint32_t *kept = NULL;
    int rc = -1;
    memcpy(rules->release, c->release, sizeof rules->release);
    rules->reference_date = c->reference_date;
    rules->disclosure = c->disclosure;
    d.rows.reference_date = c->reference_date;
    if (fields_configured(&d.available, c, err) != 0 || derive_open_facts(&d, facts, err) != 0 ||
        countries_init(&d.countries, in->countries, err) != 0 ||
        derive_units(d.structure, c, in->entities, in->former, err) != 0 ||
        derive_shape(d.structure, c, err) != 0 ||
        map_entities(&map, frame_find(facts, "entity"), d.structure, in->entities, err) != 0)
        goto out;
    d.rows.domain = frame_find(in->entities, "domain");
    d.rows.entity_domain = map.domain;
    now.mask = mask = calloc(facts->rows + 1, sizeof *mask);
    if (!mask) {
        (void)err_memory(err);
        goto out;
    }
    if (derive_populations(&d, mask, err) != 0 || derive_check_within(&d, mask, err) != 0)
        goto out;
    now.kept = kept = derive_kept(mask, facts->rows, &now.count, err);
    if (kept && write_rows(&d, &map, mask, kept, now.count, rows, quality, err) == 0)
        rc = derive_moves(&d, &now, in, moves, err);
out:
    map_release(&map);
    free(mask);
    free(kept);
    return rc;
}
