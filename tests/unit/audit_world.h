/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * audit_world: a random small government (engine_world.h) as a signed release, and what the audit
 * says of it. Include it after cmocka.h.
 *
 *     group setup and teardown: audit_world_setup, audit_world_teardown
 *     audit_world_publish(&w, &rules, hidden, certificate)     rules.json says `rules`
 *     audit_world_ask(&result, thorough)
 */
#ifndef HERKOMST_TESTS_AUDIT_WORLD_H
#define HERKOMST_TESTS_AUDIT_WORLD_H

#include "../tools/signed_release.h"
#include "audit/audit.h"
#include "engine_judge.h"
#include "secure/keyfile.h"
#include "secure/secret.h"

static char audit_folder[64], audit_release_folder[80];
static struct public_key audit_key;
static struct signing_key audit_signing_key;

/* In memory where there is such a place: many thousands of small files are written. */
static inline int audit_world_setup(void **state)
{
    (void)state;
    struct err err;
    char key[96], public[100];
    (void)snprintf(audit_folder, sizeof audit_folder, "%s/herkomst-test-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (secret_setup(&err) != 0 || !mkdtemp(audit_folder))
        return -1;
    (void)snprintf(audit_release_folder, sizeof audit_release_folder, "%s/r", audit_folder);
    (void)snprintf(key, sizeof key, "%s/key", audit_folder);
    (void)snprintf(public, sizeof public, "%s.pub", key);
    return keyfile_new_signing(key, &err) == 0 &&
                   keyfile_read_signing(key, &audit_signing_key, &err) == 0 &&
                   keyfile_read_public(public, &audit_key, &err) == 0
               ? 0
               : -1;
}

static inline int audit_world_teardown(void **state)
{
    (void)state;
    struct err err;
    signing_key_release(&audit_signing_key);
    return files_remove_tree(audit_folder, &err);
}

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

static inline void audit_world_print(const struct audit_result *result)
{
    struct text text;
    text_init(&text);
    audit_text(result, &text);
    print_error("%s", text.bytes);
    text_release(&text);
}

#endif
