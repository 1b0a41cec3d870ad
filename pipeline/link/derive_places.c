/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/derive_places.h. A record: begin, unit, mask, then a byte a variable. */
#include "link/derive_places.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BEGIN = 0, UNIT = 4, MASK = 8, CATEGORIES = 16, WORD = 4 };

uint32_t derive_group_variables(const struct structure *s, size_t population)
{
    uint32_t set = 0;
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++)
            if ((size_t)s->tables[t].population == population &&
                !s->variables[s->tables[t].variables[i]].sensitive)
                set |= UINT32_C(1) << s->tables[t].variables[i];
    return set;
}

int derive_places_open(struct derive_places *p, const struct structure *s,
                       const struct memory_plan *plan, struct err *err)
{
    uint32_t set = 0;
    memset(p, 0, sizeof *p);
    for (size_t population = 0; population < s->population_count; population++)
        set |= derive_group_variables(s, population);
    for (size_t v = 0; v < s->variable_count; v++)
        if (set >> v & 1)
            p->variables[p->variable_count++] = (uint8_t)v;
    size_t width = CATEGORIES + (p->variable_count + WORD - 1) / WORD * WORD;
    if (spill_open(&p->file, plan->folder, err) != 0 ||
        record_lists_open(&p->records, p->file, 1, width, memory_plan_block(plan, 1, 1), err) != 0)
        return -1;
    return record_writer_open(&p->writer, &p->records, err);
}

static int add(struct derive_places *p, const struct derive_facts *facts, size_t row, size_t kept,
               uint32_t unit, struct err *err)
{
    uint8_t *record = record_slot(&p->writer, 0, err);
    if (!record)
        return -1;
    memset(record, 0, p->records.width);
    memcpy(record + BEGIN, &p->begin, sizeof p->begin);
    memcpy(record + UNIT, &unit, sizeof unit);
    memcpy(record + MASK, &facts->mask[row], sizeof *facts->mask);
    for (size_t i = 0; facts->mask[row] && i < p->variable_count; i++)
        record[CATEGORIES + i] = facts->categories[p->variables[i]][kept];
    return 0;
}

int derive_places_add(struct derive_places *p, const struct derive_facts *facts,
                      const uint32_t *unit, struct err *err)
{
    size_t kept = 0;
    for (size_t row = 0; row < facts->frame.rows; row++) {
        bool begins = derive_facts_begins(facts, row);
        if (begins)
            p->begin = (uint32_t)(p->rows + row + 1);
        if ((begins || facts->mask[row]) &&
            add(p, facts, row, kept, unit[column_get(facts->entity, row)], err) != 0)
            return -1;
        kept += facts->mask[row] != 0;
    }
    p->rows += facts->frame.rows;
    return 0;
}

int derive_places_end(struct derive_places *p, struct err *err)
{
    return record_writer_close(&p->writer, err);
}

void derive_places_close(struct derive_places *p)
{
    if (p->writer.to)
        (void)record_writer_close(&p->writer, NULL);
    record_lists_release(&p->records);
    spill_close(&p->file);
    memset(p, 0, sizeof *p);
}

int derive_places_begin(struct derive_places_reader *r, struct derive_places *p, struct err *err)
{
    memset(r, 0, sizeof *r);
    r->from = p;
    r->room = malloc(p->records.block_records * p->records.width);
    return r->room ? derive_places_next(r, err) : err_memory(err);
}

int derive_places_next(struct derive_places_reader *r, struct err *err)
{
    const struct derive_places *p = r->from;
    r->there = false;
    if (r->at == r->count) {
        if (r->block == p->records.lists[0].block_count)
            return 0;
        r->at = 0;
        if (record_block_read(&r->from->records, 0, r->block++, r->room, &r->count, err) != 0)
            return -1;
    }
    const uint8_t *record = r->room + r->at++ * p->records.width;
    memcpy(&r->place.begin, record + BEGIN, sizeof r->place.begin);
    memcpy(&r->place.unit, record + UNIT, sizeof r->place.unit);
    memcpy(&r->place.mask, record + MASK, sizeof r->place.mask);
    for (size_t i = 0; i < p->variable_count; i++)
        r->place.categories[p->variables[i]] = record[CATEGORIES + i];
    r->there = true;
    return 0;
}

void derive_places_stop(struct derive_places_reader *r)
{
    if (r->room)
        sodium_memzero(r->room, r->from->records.block_records * r->from->records.width);
    free(r->room);
    memset(r, 0, sizeof *r);
}
