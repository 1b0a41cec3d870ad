/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small release that is right, for the targets that start from one: E1 and E2 of domain D1, a
 * table of head counts and one of origin, the entities' four origin cells hidden.
 */
#ifndef HERKOMST_TESTS_FUZZ_RELEASE_H
#define HERKOMST_TESTS_FUZZ_RELEASE_H

#include "../unit/structure_fixture.h"
#include "tables/rules.h"
#include "tables/table_csv.h"

static const char FUZZ_CERTIFICATE[] =
    "{\"format\": \"herkomst-certificate/1\", \"release\": \"r1\", \"witnesses\": [\n"
    "{\"staff|entity:E1|origin=foreign\": 0, \"staff|entity:E1|origin=belgian\": 30,"
    " \"staff|entity:E2|origin=foreign\": 13, \"staff|entity:E2|origin=belgian\": 27},\n"
    "{\"staff|entity:E1|origin=foreign\": 13, \"staff|entity:E1|origin=belgian\": 17,"
    " \"staff|entity:E2|origin=foreign\": 0, \"staff|entity:E2|origin=belgian\": 40}],\n"
    "\"proofs\": [{\"cell\": \"staff|entity:E1|origin=foreign\", \"low\": 0, \"high\": 1},\n"
    "{\"cell\": \"staff|entity:E1|origin=belgian\", \"floor\": 17},\n"
    "{\"cell\": \"staff|entity:E2|origin=foreign\", \"low\": 1, \"high\": 0},\n"
    "{\"cell\": \"staff|entity:E2|origin=belgian\", \"low\": 0, \"high\": 1}]}\n";
static const char FUZZ_MANIFEST[] =
    "{\"format\": \"herkomst-manifest/1\", \"release\": \"r1\", \"reference_date\": "
    "\"2017-12-31\",\n \"authorisation\": \"besluit\", \"definitions\": {\"origin\": \"FL2016\"}, "
    "\"previous\": null}\n";
static const char FUZZ_QUALITY[] =
    "dataset,check,count,status\npersonnel,rows,70,\npersonnel,late,,c\n";

static const char FUZZ_TURNOVER[] = "period,level,unit,joined,left,population\n";

enum { FUZZ_CELLS = 12 };

static inline void fuzz_rules(struct rules *r)
{
    rules_init(r);
    fixture_name(r->release, "r1", 2);
    r->reference_date = date_make(2017, 12, 31);
    struct structure *s = &r->structure;
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 1, true);
    fixture_finish(s);
    fixture_variable(s, "origin", "foreign* belgian*");
    fixture_name(s->variables[0].definition, "FL2016", 6);
    fixture_table(s, "head", "staff", "", -1);
    fixture_table(s, "origin", "staff", "origin", -1);
}

/* Counts (hidden ones are 0) and status of the release's cells. */
static inline void fuzz_counts(const struct cells *c, int64_t counts[static FUZZ_CELLS],
                               uint8_t status[static FUZZ_CELLS])
{
    static const struct {
        const char *key;
        int64_t count;
    } KNOWN[] = {
        {"staff|government:VO", 70},
        {"staff|government:VO|origin=foreign", 13},
        {"staff|government:VO|origin=belgian", 57},
        {"staff|domain:D1", 70},
        {"staff|domain:D1|origin=foreign", 13},
        {"staff|domain:D1|origin=belgian", 57},
        {"staff|entity:E1", 30},
        {"staff|entity:E2", 40},
    };
    if (c->count != FUZZ_CELLS)
        abort();
    for (size_t i = 0; i < FUZZ_CELLS; i++) {
        counts[i] = 0;
        status[i] = STATUS_CONFIDENTIAL;
    }
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        size_t cell = cell_by_key(c, KNOWN[i].key);
        counts[cell] = KNOWN[i].count;
        status[cell] = STATUS_PUBLISHED;
    }
}

#endif
