/* SPDX-License-Identifier: EUPL-1.2 */
/* What changes between two dates besides who is on the staff: see EVENTS in world.h. */
#include "draw.h"
#include "world.h"

enum { TRANSFERS = 167 /* of 10,000 */ };

bool world_merger(const struct world *w, uint32_t *entity, uint32_t *successor, date *since)
{
    if (!w->events || w->entity_count < 2)
        return false;
    *entity = (uint32_t)w->entity_count - 1;
    *successor = *entity;
    while (*successor > 0 && w->entities[--*successor].domain != w->entities[*entity].domain)
        ;
    *since = date_make(2017, 10, 1);
    return true;
}

date person_renumbered(const struct world *w, uint32_t person)
{
    if (!w->events || person >= w->career_count || w->careers[person].old_number == 0 ||
        w->careers[person].older_number != 0)
        return DATE_NONE;
    return date_make(2017, 1, 1) + (date)draw_below(w->seed, DRAW_RENUMBERED, person, 730);
}

uint32_t person_number(const struct world *w, uint32_t person, date day)
{
    date since = person_renumbered(w, person);
    return since != DATE_NONE && day < since ? w->careers[person].old_number
                                             : w->persons[person].nine;
}

date career_transfer(const struct world *w, uint32_t person, uint32_t *entity)
{
    const struct career *c = &w->careers[person];
    if (!w->events || w->entity_count < 3 || w->posts[c->post].role != ROLE_NONE ||
        (w->persons[person].flags & PERSON_BAD_NUMBER) ||
        !draw_chance(w->seed, DRAW_TRANSFER, person, TRANSFERS))
        return DATE_NONE;
    uint64_t of = UINT64_C(1) << 40 | person;
    uint32_t own = w->posts[c->post].entity;
    uint32_t month = draw_below(w->seed, DRAW_TRANSFER, of, 60);
    date day = date_make(2016 + (int)month / 12, 1 + (int)month % 12, 1);
    *entity = draw_below(w->seed, DRAW_TRANSFER, of + 1, (uint32_t)w->entity_count - 1);
    *entity += *entity >= own;
    return day > c->start && (c->end == DATE_NONE || day <= c->end) ? day : DATE_NONE;
}
