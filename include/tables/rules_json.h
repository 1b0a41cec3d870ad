/* SPDX-License-Identifier: EUPL-1.2 */
/* rules_json: members of rules.json read strictly. Private to pipeline/tables. Errors are ERR_DATA.
 */
#ifndef HERKOMST_TABLES_RULES_JSON_H
#define HERKOMST_TABLES_RULES_JSON_H

#include "base/err.h"
#include "tables/structure.h"

#include <jansson.h>

/* The object has just these members (NULL ends the list); one whose name begins with '?' may be
 * left out. where: "unit 3". */
int rules_members(const json_t *object, const char *const *names, const char *where,
                  struct err *err);

/* A text of 1 to most bytes without control characters; NULL otherwise. */
const char *rules_text(const json_t *object, const char *name, size_t most);

/* A short name into a CONFIG_CODE array; structure_check looks at its characters. */
int rules_code(char out[static CONFIG_CODE], const json_t *object, const char *name);

/* The list of a member, with room for its items in *array. */
const json_t *rules_list(const json_t *root, const char *name, size_t most, size_t item,
                         void **array, struct err *err);

/* The member "units". */
int rules_units(struct structure *s, const json_t *root, struct err *err);

#endif
