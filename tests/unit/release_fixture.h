/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release_fixture: a small release that is ready to be published, as the publish stage has it, and
 * its configuration; for the tests of run/. Include it after cmocka.h.
 *
 * E1 has 3 foreign of 30, E2 10 of 40; the four cells are hidden, the domain's and the government's
 * sums are published, and the certificate proves the hidden ones.
 */
#ifndef HERKOMST_TESTS_RELEASE_FIXTURE_H
#define HERKOMST_TESTS_RELEASE_FIXTURE_H

#include "io/artefacts.h"
#include "run/release.h"
#include "secure_test.h"
#include "structure_fixture.h"
#include "tables/table_csv.h"

#define FIXTURE_DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static inline char *fixture_copy(const char *value)
{
    char *copy = strdup(value);
    assert_non_null(copy);
    return copy;
}

/* Everything is in FOLDER: FOLDER/releases, FOLDER/signing.key (not made here). */
static inline void fixture_config(struct config *c, void **state, const char *release)
{
    memset(c, 0, sizeof *c);
    c->name = fixture_copy("Dienst van de \"Proef\"");
    c->authorisation = fixture_copy("besluit 2004-12-24, art. 8/1");
    c->output = fixture_copy(in_folder(state, "releases"));
    c->ledger = fixture_copy(in_folder(state, "releases/ledger.sqlite"));
    c->quality = fixture_copy(in_folder(state, "quality"));
    c->signing_key = fixture_copy(in_folder(state, "signing.key"));
    c->reference_date = date_make(2017, 12, 31);
    fixture_name(c->release, release, strlen(release));
    memcpy(c->digest, FIXTURE_DIGEST, sizeof FIXTURE_DIGEST);
}

static inline void fixture_rules(struct rules *r, const char *release)
{
    rules_init(r);
    fixture_name(r->release, release, strlen(release));
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

static inline void fixture_cell(struct release *r, const char *key, int64_t count)
{
    size_t cell = cell_by_key(&r->cells, key);
    assert_true(cell != SIZE_MAX);
    r->counts[cell] = count < 0 ? 0 : count;
    r->status[cell] = count < 0 ? STATUS_CONFIDENTIAL : STATUS_PUBLISHED;
}

static inline void fixture_word(struct frame *f, size_t row, const char *column, const char *word)
{
    struct column *c = frame_find(f, column);
    if (!c)
        c = frame_add_coded(f, column, NULL);
    assert_non_null(c);
    uint32_t code = dictionary_intern(&c->dictionary, word, strlen(word));
    assert_true(code != 0);
    column_set(c, row, code);
}

static inline void fixture_frames(struct release *r)
{
    struct text json;
    text_init(&json);
    text_format(
        &json,
        "{\"format\": \"herkomst-certificate/1\", \"release\": \"%s\", \"witnesses\": [\n"
        "{\"staff|entity:E1|origin=foreign\": 0, \"staff|entity:E1|origin=belgian\": 30,"
        " \"staff|entity:E2|origin=foreign\": 13, \"staff|entity:E2|origin=belgian\": 27},\n"
        "{\"staff|entity:E1|origin=foreign\": 13, \"staff|entity:E1|origin=belgian\": 17,"
        " \"staff|entity:E2|origin=foreign\": 0, \"staff|entity:E2|origin=belgian\": 40}],\n"
        "\"proofs\": [{\"cell\": \"staff|entity:E1|origin=foreign\", \"low\": 0, \"high\": 1},\n"
        "{\"cell\": \"staff|entity:E1|origin=belgian\", \"floor\": 17},\n"
        "{\"cell\": \"staff|entity:E2|origin=foreign\", \"low\": 1, \"high\": 0},\n"
        "{\"cell\": \"staff|entity:E2|origin=belgian\", \"low\": 0, \"high\": 1}]}\n",
        r->rules.release);
    frame_init(&r->certificate, "certificate");
    assert_int_equal(frame_resize(&r->certificate, 1, NULL), 0);
    fixture_word(&r->certificate, 0, "json", json.bytes);
    text_release(&json);
    frame_init(&r->inputs, "inputs");
    assert_int_equal(frame_resize(&r->inputs, 2, NULL), 0);
    fixture_word(&r->inputs, 0, "dataset", "personnel");
    fixture_word(&r->inputs, 0, "digest", "0123456789abcdef");
    fixture_word(&r->inputs, 1, "dataset", INPUTS_PSEUDONYM_KEY);
    fixture_word(&r->inputs, 1, "digest", "fedcba9876543210");
    frame_init(&r->past, "past");
    assert_true(frame_add_coded(&r->past, "release", NULL) &&
                frame_add_coded(&r->past, "digest", NULL));
    frame_init(&r->quality, "quality");
    assert_int_equal(frame_resize(&r->quality, 2, NULL), 0);
    fixture_word(&r->quality, 0, "dataset", "personnel");
    fixture_word(&r->quality, 0, "check", "late");
    fixture_word(&r->quality, 1, "dataset", "personnel");
    fixture_word(&r->quality, 1, "check", "rows");
    struct column *count = frame_add(&r->quality, "count", COLUMN_U64, NULL);
    struct column *status = frame_add(&r->quality, "status", COLUMN_U8, NULL);
    assert_true(count && status);
    column_set(status, 0, 1);
    column_set(count, 1, 70);
}

static inline void fixture_release(struct release *r, const char *release)
{
    struct err err;
    memset(r, 0, sizeof *r);
    fixture_rules(&r->rules, release);
    assert_int_equal(cells_build(&r->cells, &r->rules.structure, true, &err), 0);
    r->counts = calloc(r->cells.count, sizeof *r->counts);
    r->status = calloc(r->cells.count, sizeof *r->status);
    r->named = calloc(r->cells.count, sizeof *r->named);
    assert_true(r->counts && r->status && r->named);
    assert_int_equal(turnover_open(&r->turnover, &r->cells, r->rules.reference_date, NULL, 0, &err),
                     0);
    fixture_cell(r, "staff|government:VO", 70);
    fixture_cell(r, "staff|government:VO|origin=foreign", 13);
    fixture_cell(r, "staff|government:VO|origin=belgian", 57);
    fixture_cell(r, "staff|domain:D1", 70);
    fixture_cell(r, "staff|domain:D1|origin=foreign", 13);
    fixture_cell(r, "staff|domain:D1|origin=belgian", 57);
    fixture_cell(r, "staff|entity:E1", 30);
    fixture_cell(r, "staff|entity:E2", 40);
    fixture_cell(r, "staff|entity:E1|origin=foreign", -1);
    fixture_cell(r, "staff|entity:E1|origin=belgian", -1);
    fixture_cell(r, "staff|entity:E2|origin=foreign", -1);
    fixture_cell(r, "staff|entity:E2|origin=belgian", -1);
    fixture_frames(r);
}

#endif
