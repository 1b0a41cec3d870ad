/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * code_lists: the entities and the countries that the rows of other datasets refer to.
 *
 * Code lists have no tolerance: what contradicts itself is ERR_DATA with file and line.
 *   countries   a code stands there once
 *   entities    the periods of an entity don't overlap; a domain has one name
 *
 * A list keeps pointers into the table's frame, which must stay as it is while the list is used.
 * Look-ups may run in several threads.
 */
#ifndef HERKOMST_LINK_CODE_LISTS_H
#define HERKOMST_LINK_CODE_LISTS_H

#include "link/intake_table.h"

#include <stdbool.h>

struct country_list {
    const struct column *iso;
    uint32_t
        *row; /* of each number: row + 1 in the frame, 0 = not listed; VALUE_COUNTRIES of them */
};

/* files: the paths that the table's places refer to. */
int country_list_build(struct country_list *list, const struct intake_table *t, char *const *files,
                       struct err *err);
void country_list_release(struct country_list *list);

enum { COUNTRY_TEXT = 24, COUNTRY_UNKNOWN = 999 };

/* What a country's number stands for: an ISO code or a symbolic one, "?NNN" if it is not listed
 * (*listed = false; written into text), or NULL for unknown: 999, and what the list maps to XX or
 * to nothing. */
const char *country_list_find(const struct country_list *list, uint32_t country, bool *listed,
                              char text[static COUNTRY_TEXT]);

/* What the column iso of a list may say: two capitals, or stateless, refugee, undetermined,
 * not_belgian. */
bool country_iso_valid(struct csv_field f);

enum entity_state {
    ENTITY_UNKNOWN, /* not in the list */
    ENTITY_ENDED,   /* in the list, but not at the reference date */
    ENTITY_VALID,
};

struct entity_list {
    const struct column *entity;
    bool *valid; /* of each code of entity's dictionary, at the reference date */
};

int entity_list_build(struct entity_list *list, const struct intake_table *t, char *const *files,
                      date reference, struct err *err);
void entity_list_release(struct entity_list *list);
enum entity_state entity_list_find(const struct entity_list *list, struct csv_field code);

#endif
