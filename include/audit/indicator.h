/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * indicator: which cells an indicator's name means. Private to pipeline/audit.
 *
 * POPULATION:VARIABLE=CATEGORY[/VARIABLE=CATEGORY...]: of the people of the population who have the
 * categories behind the slashes, those who have the first one too.
 */
#ifndef HERKOMST_AUDIT_INDICATOR_H
#define HERKOMST_AUDIT_INDICATOR_H

#include "audit/case.h"

struct indicator_share {
    int population, variable;                   /* variable -1: of no cells */
    uint16_t category, among[CONFIG_VARIABLES]; /* 0: whatever */
};

struct indicator_pair {
    size_t part, whole; /* cells; SIZE_MAX where the unit was not delivered */
};

/* False: it names no cells. */
bool indicator_share_read(struct indicator_share *i, const char *name, const struct structure *s);
/* The cells at a unit. False: no table has them. */
bool indicator_pair_find(const struct audit_case *c, const struct indicator_share *i, size_t unit,
                         struct indicator_pair *p);

#endif
