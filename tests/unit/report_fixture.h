/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * report_fixture: two releases as reports see them, for the tests of report/. Include it after
 * cmocka.h. Government VO > domain D1 > entities E1, E2; origin by sex; a target of 10 % foreign.
 * 2016-12-31: all published. 2017-12-31: E2's foreign and belgian are hidden. A test changes what
 * it likes between report_begin and report_open.
 */
#ifndef HERKOMST_TESTS_REPORT_FIXTURE_H
#define HERKOMST_TESTS_REPORT_FIXTURE_H

#include "past_fixture.h"
#include "report/view.h"

struct report_world {
    struct rules rules, before;
    struct cells cells;
    struct past past;
    struct turnover turnover;
    struct config config;
    struct target_config target;
    struct variable_config variables[2];
    struct table_config tables[2];
    int64_t *counts;
    uint8_t *status;
    struct view view;
};

static inline void report_structure(struct rules *r, const char *release, date reference)
{
    struct structure *s = &r->structure;
    fixture_dated(r, release, reference);
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 1, true);
    fixture_finish(s);
    fixture_variable(s, "origin", "foreign* belgian* unknown");
    fixture_variable(s, "sex", "f m");
    fixture_name(s->variables[0].definition, "FL2016", 6);
    fixture_table(s, "origin", "staff", "origin", -1);
    fixture_table(s, "sex", "staff", "sex", -1);
}

static inline void report_begin(struct report_world *w)
{
    memset(w, 0, sizeof *w);
    report_structure(&w->before, "2016-12-31", date_make(2016, 12, 31));
    report_structure(&w->rules, "2017-12-31", date_make(2017, 12, 31));
    struct config *c = &w->config;
    c->name = "Dienst van de Proef";
    c->authorisation = "besluit 2004-12-24, art. 8/1";
    c->languages = "nl,en";
    fixture_name(w->variables[0].name, "origin", 6);
    fixture_name(w->variables[0].categories[0].name, "foreign", 7);
    fixture_name(w->variables[1].name, "sex", 3);
    fixture_name(w->tables[0].name, "origin", 6);
    fixture_name(w->tables[1].name, "sex", 3);
    fixture_name(w->target.name, "foreign", 7);
    w->target.share.among_variable = w->target.share.among_category = -1;
    w->target.target_ppm = 100000;
    w->target.by = date_make(2020, 12, 31);
    c->variables = w->variables;
    c->tables = w->tables;
    c->targets = &w->target;
    c->target_count = 1;
}

/* Counts at each unit: E1 has 12 foreign of 100 then, 15 of 110 now; E2 6 of 50, then 7 of 52. */
static inline int64_t report_count(bool now, size_t unit, int category)
{
    static const int64_t entities[2][2][4] = {{{100, 12, 80, 8}, {50, 6, 40, 4}},
                                              {{110, 15, 86, 9}, {52, 7, 41, 4}}};
    return unit >= 2 ? entities[now][unit - 2][category]
                     : entities[now][0][category] + entities[now][1][category];
}

static inline void report_open(struct report_world *w)
{
    static const char *const categories[] = {"", "|origin=foreign", "|origin=belgian",
                                             "|origin=unknown"};
    static const char *const units[] = {"government:VO", "domain:D1", "entity:E1", "entity:E2"};
    struct err err;
    char key[80];
    assert_int_equal(past_reserve(&w->past, 1, &err), 0);
    struct past_release *then = fixture_past(&w->past, &w->before);
    assert_int_equal(cells_build(&w->cells, &w->rules.structure, true, &err), 0);
    date since = date_make(2016, 12, 31);
    assert_int_equal(
        turnover_open(&w->turnover, &w->cells, w->rules.reference_date, &since, 1, &err), 0);
    w->counts = calloc(w->cells.count, sizeof *w->counts);
    w->status = malloc(w->cells.count);
    assert_true(w->counts && w->status);
    memset(w->status, 1, w->cells.count);
    for (size_t u = 0; u < 4; u++)
        for (int k = 0; k < 4; k++) {
            (void)snprintf(key, sizeof key, "staff|%s%s", units[u], categories[k]);
            size_t cell = cell_by_key(&w->cells, key), was = cell_by_key(&then->cells, key);
            if (cell != SIZE_MAX) {
                w->counts[cell] = report_count(true, u, k);
                w->status[cell] = u == 3 && (k == 1 || k == 2);
            }
            if (was != SIZE_MAX)
                past_publish(then, was, report_count(false, u, k));
        }
    if (view_open(&w->view, &w->rules, &w->cells, w->counts, w->status, &w->turnover, &w->past,
                  &w->config, &err) != 0)
        fail_msg("%s", err.text);
}

static inline size_t report_cell(const struct report_world *w, const char *key)
{
    size_t cell = cell_by_key(&w->cells, key);
    assert_true(cell != SIZE_MAX);
    return cell;
}

static inline void report_end(struct report_world *w)
{
    view_close(&w->view);
    turnover_close(&w->turnover);
    cells_release(&w->cells);
    past_clear(&w->past);
    rules_release(&w->rules);
    rules_release(&w->before);
    free(w->counts);
    free(w->status);
}

#endif
