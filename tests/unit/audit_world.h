/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * audit_world: a random small government (engine_world.h) as a signed release, and what the audit
 * says of it. Include it after cmocka.h.
 *
 *     group setup and teardown: those of audit_publisher.h
 *     audit_world_publish(&w, &rules, hidden, certificate)     rules.json says `rules`
 *     audit_world_ask(&result, thorough)
 */
#ifndef HERKOMST_TESTS_AUDIT_WORLD_H
#define HERKOMST_TESTS_AUDIT_WORLD_H

#include "audit_publisher.h"
#include "engine_judge.h"

/* Every file but the seals. */
static inline void audit_world_write(struct world *w, const struct disclosure *rules,
                                     const uint8_t *hidden, const char *certificate)
{
    struct err err;
    struct rules r = {.release = "r1",
                      .reference_date = date_make(2017, 12, 31),
                      .disclosure = *rules,
                      .structure = w->structure};
    assert_int_equal(files_remove_tree(audit_release_folder, &err), 0);
    assert_int_equal(mkdir(audit_release_folder, 0755), 0);
    signed_release_write(audit_release_folder, &r, &w->cells, w->counts, hidden, certificate);
}

static inline void audit_world_publish(struct world *w, const struct disclosure *rules,
                                       const uint8_t *hidden, const char *certificate)
{
    audit_world_write(w, rules, hidden, certificate);
    signed_release_seal(audit_release_folder, &audit_signing_key);
}

static inline void audit_world_ask(struct audit_result *result, bool thorough)
{
    struct err err = {0};
    int rc = audit_release(audit_release_folder, &audit_key, result, &err);
    if (rc == 0 && thorough)
        rc = audit_thorough(audit_release_folder, result, &err);
    if (rc != 0)
        fail_msg("%s", err.text);
}

/* certificate.json of a proof; cells may be other ones than the world's. */
static inline char *audit_world_certificate(const struct proof *proof, const struct cells *cells,
                                            const uint8_t *hidden, const int64_t *counts)
{
    int64_t seen[WORLD_CELLS];
    struct view view;
    struct text json;
    struct err err;
    text_init(&json);
    view_make(&view, cells, hidden, counts, seen);
    assert_int_equal(proof_write_json(proof, &view, "r1", &json, &err), 0);
    return json.bytes;
}

#endif
