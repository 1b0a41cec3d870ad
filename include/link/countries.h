/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * countries: what the SQL functions is_eu and country_group know of a nationality, from the frame
 * "countries" (io/artefacts.h). The frame must outlive it. Read only after countries_init; then
 * safe from several threads.
 */
#ifndef HERKOMST_LINK_COUNTRIES_H
#define HERKOMST_LINK_COUNTRIES_H

#include "base/date.h"
#include "base/err.h"
#include "io/frame.h"

struct countries {
    size_t rows;
    const struct column *iso, *eu_from, *eu_to, *group;
};

/* ERR_DATA when a column is missing. */
int countries_init(struct countries *c, const struct frame *f, struct err *err);

/* 1: a row of this nationality says that it belonged to the European Union at the end of that day
 * (both dates inclusive; no first date = never, no last date = still); 0: no row does; stateless
 * and refugee are 0. -1, unknown: none, undetermined, not_belgian, and any code that the list
 * lacks. */
int countries_is_eu(const struct countries *c, const char *nationality, date at);

/* The group of the first row of this nationality that has one, or NULL. */
const char *countries_group(const struct countries *c, const char *nationality);

#endif
