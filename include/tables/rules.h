/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rules: rules.json, all that a verifier needs to know of a release besides its counts: units,
 * variables with categories, hierarchy and sensitivity, tables, disclosure parameters, definitions.
 * Between the stages the same text travels inside the zone files, so that there is one form.
 *
 * Written with a fixed key order and layout: the same rules are the same bytes. Read strictly:
 * unknown format, missing or doubtful members are ERR_DATA.
 */
#ifndef HERKOMST_TABLES_RULES_H
#define HERKOMST_TABLES_RULES_H

#include "base/date.h"
#include "io/disclosure.h"
#include "io/frame.h"
#include "tables/structure.h"

struct rules {
    char release[CONFIG_CODE];
    date reference_date;
    struct disclosure disclosure;
    struct structure structure;
};

void rules_init(struct rules *r);
void rules_release(struct rules *r);

int rules_write_json(const struct rules *r, struct text *out, struct err *err);
int rules_read_json(struct rules *r, const char *json, size_t length, struct err *err);

/* As a frame "rules" of a zone file. */
int rules_to_frame(const struct rules *r, struct frame *f, struct err *err);
int rules_from_frame(struct rules *r, const struct frame *f, struct err *err);
/* The frame `unknown` of derived.zone: adds that category to the variables that it names. */
int rules_add_unknown(struct rules *r, const struct frame *f, struct err *err);

#endif
