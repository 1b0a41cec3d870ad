/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/derive.h: the order of things, and the output frames. */
#include "link/derive.h"

#include "io/frame_pieces.h"

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

/* The frame rows, and how many people each population has. */
struct output {
    const struct sink *to;
    struct frame rows;
    struct column *entity, *variables[CONFIG_VARIABLES], *populations[DERIVE_POPULATIONS];
    uint64_t people[DERIVE_POPULATIONS];
};

static void population_name(const struct structure *s, size_t p, char name[static FRAME_NAME])
{
    (void)snprintf(name, FRAME_NAME, "population:%s", s->populations[p].id);
}

static int open_output(struct output *o, const struct structure *s, const struct sink *to,
                       struct err *err)
{
    o->to = to;
    frame_init(&o->rows, "rows");
    o->entity = frame_add(&o->rows, "entity", COLUMN_U32, err);
    bool there = o->entity;
    for (size_t v = 0; there && v < s->variable_count; v++)
        there = (o->variables[v] = frame_add(&o->rows, s->variables[v].name, COLUMN_U8, err));
    for (size_t p = 0; there && p < s->population_count; p++) {
        char name[FRAME_NAME];
        population_name(s, p, name);
        there = (o->populations[p] = frame_add(&o->rows, name, COLUMN_U8, err));
    }
    return there ? 0 : -1;
}

/* The rows of a piece that count somewhere. */
static int write_rows(struct output *o, const struct derive_facts *f, const uint32_t *unit,
                      struct err *err)
{
    const struct structure *s = f->context->structure;
    size_t at = o->rows.rows;
    if (frame_resize(&o->rows, at + f->kept_count, err) != 0)
        return -1;
    uint32_t *units = (uint32_t *)o->entity->cells + at;
    for (size_t i = 0; i < f->kept_count; i++)
        units[i] = unit[column_get(f->entity, f->kept[i])];
    for (size_t v = 0; v < s->variable_count; v++)
        memcpy((uint8_t *)o->variables[v]->cells + at, f->categories[v], f->kept_count);
    for (size_t p = 0; p < s->population_count; p++) {
        uint8_t *counted = (uint8_t *)o->populations[p]->cells + at;
        uint64_t people = 0;
        for (size_t i = 0; i < f->kept_count; i++)
            people += counted[i] = f->mask[f->kept[i]] >> p & 1;
        o->people[p] += people;
    }
    return frame_pieces_write(&o->rows, false, o->to, err);
}

/* `unknown`: the variables that got that category. */
static int write_unknown(const struct structure *s, const struct config *c, const struct sink *to,
                         struct err *err)
{
    struct frame f;
    frame_init(&f, "unknown");
    struct column *variable = frame_add(&f, "variable", COLUMN_U8, err);
    int rc = variable ? 0 : -1;
    for (size_t v = 0; rc == 0 && v < s->variable_count; v++) {
        if (s->variables[v].category_count == 1 + c->variables[v].category_count)
            continue;
        size_t row = frame_append(&f, err);
        rc = row == SIZE_MAX ? -1 : 0;
        if (rc == 0)
            column_set(variable, row, v);
    }
    if (rc == 0)
        rc = frame_write(&f, to, err);
    frame_release(&f);
    return rc;
}

/* Where head counts are confidential, these are too. */
static int add_figures(const struct output *o, const struct derive_context *c, struct quality *q,
                       struct err *err)
{
    for (size_t p = 0;
         c->config->disclosure.public_head_counts && p < c->structure->population_count; p++) {
        char name[FRAME_NAME];
        population_name(c->structure, p, name);
        if (quality_add(q, "derive", name, "", o->people[p], err) != 0)
            return -1;
    }
    return 0;
}

/* The reference date. places: NULL without other dates. */
static int walk(struct derive_facts *f, struct output *o, const struct derive_input *in,
                const struct entity_map *map, struct derive_places *places, uint64_t *rows,
                struct err *err)
{
    const struct structure *s = f->context->structure;
    struct derive_within within;
    int rc;
    f->rows.domain = frame_find(in->entities, "domain");
    f->rows.entity_domain = map->domain;
    derive_within_open(&within);
    if (derive_facts_want(f, (UINT32_C(1) << s->variable_count) - 1, in->facts, err) != 0)
        return -1;
    while ((rc = derive_facts_next(f, err)) > 0) {
        derive_within_add(&within, f);
        if (write_rows(o, f, map->unit, err) != 0 ||
            (places && derive_places_add(places, f, map->unit, err) != 0))
            return -1;
        *rows += f->frame.rows;
    }
    if (rc != 0 || derive_within_check(&within, f->context, err) != 0)
        return -1;
    return frame_pieces_write(&o->rows, true, o->to, err);
}

static int derive_now(const struct derive_context *c, const struct derive_input *in,
                      struct derive_places *places, const struct sink *to, uint64_t *rows,
                      struct quality *quality, struct err *err)
{
    struct entity_map map = {0};
    struct output o = {0};
    struct derive_facts f;
    int rc = derive_facts_open(&f, c, "facts", false, in->facts, err);
    f.rows.reference_date = c->config->reference_date;
    if (rc == 0)
        rc = map_entities(&map, f.entity, c->structure, in->entities, err);
    if (rc == 0)
        rc = open_output(&o, c->structure, to, err);
    if (rc == 0)
        rc = walk(&f, &o, in, &map, places, rows, err);
    if (rc == 0)
        rc = write_unknown(c->structure, c->config, to, err);
    if (rc == 0)
        rc = add_figures(&o, c, quality, err);
    derive_facts_close(&f);
    map_release(&map);
    frame_release(&o.rows);
    return rc;
}

/* What is known before anybody is counted. */
static int write_shape(struct rules *rules, const struct config *c, const struct derive_input *in,
                       const struct sink *to, struct err *err)
{
    struct frame f;
    memcpy(rules->release, c->release, sizeof rules->release);
    rules->reference_date = c->reference_date;
    rules->disclosure = c->disclosure;
    frame_init(&f, "rules");
    int rc = -1;
    if (derive_units(&rules->structure, c, in->entities, in->former, err) == 0 &&
        derive_shape(&rules->structure, c, err) == 0 && rules_to_frame(rules, &f, err) == 0)
        rc = frame_write(&f, to, err);
    frame_release(&f);
    return rc;
}

int derive(const struct config *c, const struct derive_input *in, struct rules *rules,
           const struct sink *to, uint64_t *rows, struct quality *quality, struct err *err)
{
    struct derive_context d = {.config = c, .plan = in->plan, .structure = &rules->structure};
    const struct derive_units units = {in->entities, in->former};
    struct derive_places places = {0};
    bool dates = in->since->rows > 0;
    *rows = 0;
    int rc = -1;
    if (fields_configured(&d.available, c, err) == 0 &&
        countries_init(&d.countries, in->countries, err) == 0)
        rc = write_shape(rules, c, in, to, err);
    if (rc == 0 && dates)
        rc = derive_places_open(&places, d.structure, in->plan, err);
    if (rc == 0)
        rc = derive_now(&d, in, dates ? &places : NULL, to, rows, quality, err);
    if (rc == 0 && dates)
        rc = derive_places_end(&places, err);
    if (rc == 0)
        rc = frame_write(in->since, to, err);
    if (rc == 0)
        rc = derive_moves(&d, &places, &units, in->since, in->facts, to, err);
    derive_places_close(&places);
    return rc;
}
