/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * small_release: a release that is right and small enough to reckon by hand, for the tests and fuzz
 * targets of the audit's readers. E1 has 3 foreign of 30, E2 10 of 40; all four origin cells are
 * hidden, the sums of their domain D1 are published; E3 was not delivered.
 *
 *     small_rules(&r); small_counts(&cells, counts, status)
 *     small_release_write(folder)             every file but the seals; no derived ones
 *     SMALL_INDICATORS, SMALL_DATA, SMALL_SDMX    derived files that are right, of E1 and `origin`
 */
#ifndef HERKOMST_TESTS_SMALL_RELEASE_H
#define HERKOMST_TESTS_SMALL_RELEASE_H

#include "../tools/signed_release.h"
#include "structure_fixture.h"

static const char SMALL_CERTIFICATE[] =
    "{\"format\": \"herkomst-certificate/1\", \"release\": \"r1\", \"witnesses\": [\n"
    "{\"staff|entity:E1|origin=foreign\": 0, \"staff|entity:E1|origin=belgian\": 30,"
    " \"staff|entity:E2|origin=foreign\": 13, \"staff|entity:E2|origin=belgian\": 27},\n"
    "{\"staff|entity:E1|origin=foreign\": 13, \"staff|entity:E1|origin=belgian\": 17,"
    " \"staff|entity:E2|origin=foreign\": 0, \"staff|entity:E2|origin=belgian\": 40}],\n"
    "\"proofs\": [{\"cell\": \"staff|entity:E1|origin=foreign\", \"low\": 0, \"high\": 1},\n"
    "{\"cell\": \"staff|entity:E1|origin=belgian\", \"floor\": 17},\n"
    "{\"cell\": \"staff|entity:E2|origin=foreign\", \"low\": 1, \"high\": 0},\n"
    "{\"cell\": \"staff|entity:E2|origin=belgian\", \"low\": 0, \"high\": 1}]}\n";
static const char SMALL_QUALITY[] =
    "dataset,check,count,status\npersonnel,rows,70,\npersonnel,late,,c\n";

__attribute__((unused)) static const char SMALL_INDICATORS[] =
    "period,level,unit,indicator,numerator,denominator,share,previous_share,change_pp,target,gap,"
    "status\n"
    "2017-12-31,government,VO,staff:origin=foreign,13,70,18.6,,,,,\n"
    "2017-12-31,government,VO,staff:origin=belgian,57,70,81.4,,,,,\n"
    "2017-12-31,government,VO,target:origin,13,70,18.6,,,20.0,1,\n"
    "2017-12-31,government,VO,target:origin:growth,13,70,18.6,,,20.0,2,\n"
    "2017-12-31,domain,D1,staff:origin=foreign,13,70,18.6,,,,,\n"
    "2017-12-31,domain,D1,staff:origin=belgian,57,70,81.4,,,,,\n"
    "2017-12-31,domain,D1,target:origin,13,70,18.6,,,20.0,1,\n"
    "2017-12-31,domain,D1,target:origin:growth,13,70,18.6,,,20.0,2,\n"
    "2017-12-31,entity,E1,staff:origin=foreign,,30,,,,,,c\n"
    "2017-12-31,entity,E1,staff:origin=belgian,,30,,,,,,c\n"
    "2017-12-31,entity,E1,target:origin,,30,,,,20.0,,c\n"
    "2017-12-31,entity,E1,target:origin:growth,,30,,,,20.0,,c\n"
    "2017-12-31,entity,E2,staff:origin=foreign,,40,,,,,,c\n"
    "2017-12-31,entity,E2,staff:origin=belgian,,40,,,,,,c\n"
    "2017-12-31,entity,E2,target:origin,,40,,,,20.0,,c\n"
    "2017-12-31,entity,E2,target:origin:growth,,40,,,,20.0,,c\n"
    "2017-12-31,entity,E3,staff:origin=foreign,,,,,,,,n\n"
    "2017-12-31,entity,E3,staff:origin=belgian,,,,,,,,n\n"
    "2017-12-31,entity,E3,target:origin,,,,,,20.0,,n\n"
    "2017-12-31,entity,E3,target:origin:growth,,,,,,20.0,,n\n";
__attribute__((unused)) static const char SMALL_DATA[] =
    "period,level,unit,origin,count,status,population\n"
    "2017-12-31,entity,E1,total,30,,staff\n"
    "2017-12-31,entity,E1,foreign,,c,staff\n"
    "2017-12-31,entity,E1,belgian,,c,staff\n";
__attribute__((unused)) static const char SMALL_SDMX[] =
    "STRUCTURE,STRUCTURE_ID,ACTION,LEVEL,UNIT,ORIGIN,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,government,VO,total,2017-12-31,70,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,government,VO,foreign,2017-12-31,13,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,government,VO,belgian,2017-12-31,57,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,domain,D1,_T,2017-12-31,70,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,domain,D1,foreign,2017-12-31,13,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,domain,D1,belgian,2017-12-31,57,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E1,total,2017-12-31,30,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E1,foreign,2017-12-31,,Q,C\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E1,belgian,2017-12-31,,Q,C\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E2,total,2017-12-31,40,A,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E2,foreign,2017-12-31,,Q,C\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E2,belgian,2017-12-31,,Q,C\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E3,total,2017-12-31,,L,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E3,foreign,2017-12-31,,L,F\n"
    "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E3,belgian,2017-12-31,,L,F\n";

enum { SMALL_CELLS = 12 };

static inline void small_rules(struct rules *r)
{
    rules_init(r);
    fixture_name(r->release, "r1", 2);
    r->reference_date = date_make(2017, 12, 31);
    struct structure *s = &r->structure;
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E3", 1, false);
    fixture_finish(s);
    fixture_variable(s, "origin", "foreign* belgian*");
    fixture_name(s->variables[0].definition, "FL2016", 6);
    fixture_table(s, "head", "staff", "", -1);
    fixture_table(s, "origin", "staff", "origin", -1);
}

/* Counts (hidden ones are 0) and status of the release's cells. */
static inline void small_counts(const struct cells *c, int64_t counts[static SMALL_CELLS],
                                uint8_t status[static SMALL_CELLS])
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
    signed_demand(c->count == SMALL_CELLS, "its cells");
    for (size_t i = 0; i < SMALL_CELLS; i++) {
        counts[i] = 0;
        status[i] = STATUS_CONFIDENTIAL;
    }
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        size_t cell = cell_by_key(c, KNOWN[i].key);
        signed_demand(cell != SIZE_MAX, KNOWN[i].key);
        counts[cell] = KNOWN[i].count;
        status[cell] = STATUS_PUBLISHED;
    }
}

/* The folder is there and empty. */
static inline void small_release_write(const char *folder)
{
    struct rules rules;
    struct cells cells;
    struct err err;
    int64_t counts[SMALL_CELLS];
    uint8_t status[SMALL_CELLS];
    small_rules(&rules);
    signed_demand(cells_build(&cells, &rules.structure, true, &err) == 0, "cells");
    small_counts(&cells, counts, status);
    signed_release_write(folder, &rules, &cells, counts, status, SMALL_CERTIFICATE);
    signed_release_put(folder, "quality.csv", SMALL_QUALITY, sizeof SMALL_QUALITY - 1);
    cells_release(&cells);
    rules_release(&rules);
}

#endif
