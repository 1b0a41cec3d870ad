/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * expected: the entities that are expected to deliver at the reference date.
 *
 * Every entity of the list whose validity covers the reference date (both ends included) is
 * expected; `delivered` tells whether the personnel dataset has at least one row of it, in force or
 * not. One that did not deliver is no zero: later stages show it as missing.
 */
#ifndef HERKOMST_LINK_EXPECTED_H
#define HERKOMST_LINK_EXPECTED_H

#include "base/date.h"
#include "base/err.h"
#include "io/frame.h"

#include <stdint.h>

/* Fills `out`, an initialised frame, with entity, name, domain, domain_name, delivered, sorted by
 * entity. *row_of, malloc'd: by code of the personnel's dictionary of entities, the entity's row in
 * out + 1, or 0 if it is not expected. seen[code]: personnel has a row of it. An entity that is
 * there twice at that date is ERR_DATA naming it. */
int expected_entities(struct frame *out, uint32_t **row_of, const struct frame *list,
                      const struct dictionary *personnel, const uint8_t *seen, date reference,
                      struct err *err);

#endif
