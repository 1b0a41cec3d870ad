/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * audit_publisher: somebody with a signing key, for tests of what an audit says of releases that
 * were properly signed. Include it after cmocka.h.
 *
 *     group setup and teardown: audit_setup, audit_teardown    a folder and a key pair
 *     audit_print(&result)                                     what it said, where a test fails
 */
#ifndef HERKOMST_TESTS_AUDIT_PUBLISHER_H
#define HERKOMST_TESTS_AUDIT_PUBLISHER_H

#include "../tools/signed_release.h"
#include "audit/audit.h"
#include "secure/keyfile.h"
#include "secure/secret.h"

static char audit_folder[64];
static char audit_release_folder[80]; /* not made */
static struct public_key audit_key;
static struct signing_key audit_signing_key;

/* In memory where there is such a place: many thousands of small files are written. */
static inline int audit_setup(void **state)
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

static inline int audit_teardown(void **state)
{
    (void)state;
    struct err err;
    signing_key_release(&audit_signing_key);
    return files_remove_tree(audit_folder, &err);
}

static inline void audit_print(const struct audit_result *result)
{
    struct text text;
    text_init(&text);
    audit_text(result, &text);
    print_error("%s", text.bytes);
    text_release(&text);
}

#endif
