/* SPDX-License-Identifier: EUPL-1.2 */
/* past_fixture: earlier releases in a few lines, for the unit tests. Include it after cmocka.h. */
#ifndef HERKOMST_TESTS_PAST_FIXTURE_H
#define HERKOMST_TESTS_PAST_FIXTURE_H

#include "structure_fixture.h"
#include "tables/past.h"

/* Rules without a structure yet. */
static inline void fixture_dated(struct rules *r, const char *release, date reference)
{
    rules_init(r);
    fixture_name(r->release, release, strlen(release));
    r->reference_date = reference;
}

static inline void fixture_predecessor(struct structure *s, const char *unit, const char *code)
{
    size_t u = 0;
    while (strcmp(s->units[u].code, unit) != 0)
        u++;
    struct unit *to = &s->units[u];
    to->predecessors = fixture_grow(to->predecessors, to->predecessor_count, CONFIG_CODE);
    fixture_name(to->predecessors[to->predecessor_count++], code, strlen(code));
}

/* Adds a release with these rules, everything hidden. */
static inline struct past_release *fixture_past(struct past *past, const struct rules *r)
{
    struct text json;
    struct err err = {.kind = ERR_NONE};
    text_init(&json);
    assert_int_equal(rules_write_json(r, &json, &err), 0);
    struct past_release *added = past_add(past, json.bytes, json.length, &err);
    text_release(&json);
    if (!added)
        fail_msg("%s", err.text);
    assert_non_null(added);
    return added;
}

static inline void fixture_show(struct past_release *r, const char *key, int64_t count)
{
    size_t cell = cell_by_key(&r->cells, key);
    assert_true(cell != SIZE_MAX);
    past_publish(r, cell, count);
}

#endif
