/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small release in a folder of its own, changed and sealed again by its publisher, and what the
 * audit finds. Include it after cmocka.h, in one file of a program.
 */
#ifndef HERKOMST_TESTS_AUDIT_SEALED_H
#define HERKOMST_TESTS_AUDIT_SEALED_H

#include "audit/audit.h"
#include "certificate_fixture.h"
#include "secure/keyfile.h"
#include "small_release.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[32], release[64];
static struct public_key public_key;
static struct signing_key signing_key;

static inline const char *path_of(const char *name)
{
    static char path[200];
    assert_true(snprintf(path, sizeof path, "%s/%s", release, name) < (int)sizeof path);
    return path;
}

static inline void store(const char *name, const char *bytes, size_t length)
{
    struct err err;
    (void)unlink(path_of(name));
    assert_int_equal(files_write_new(path_of(name), 0644, bytes, length, &err), 0);
}

static inline void load(const char *name, struct text *to)
{
    struct err err;
    text_init(to);
    assert_int_equal(files_read_whole(path_of(name), 1 << 20, to, &err), 0);
}

/* SHA256SUMS and its signature, as the publisher makes them. */
static inline void seal(void)
{
    signed_release_seal(release, &signing_key);
}

static inline int setup(void **state)
{
    (void)state;
    struct err err;
    char key[64], public[64];
    strcpy(folder, "/tmp/herkomst-audit-XXXXXX");
    if (secret_setup(&err) != 0 || !mkdtemp(folder))
        return -1;
    (void)snprintf(release, sizeof release, "%s/r1", folder);
    (void)snprintf(key, sizeof key, "%s/key", folder);
    (void)snprintf(public, sizeof public, "%s/key.pub", folder);
    if (keyfile_new_signing(key, &err) != 0 || keyfile_read_signing(key, &signing_key, &err) != 0 ||
        keyfile_read_public(public, &public_key, &err) != 0)
        return -1;
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    struct err err;
    signing_key_release(&signing_key);
    return files_remove_tree(folder, &err);
}

static inline void fresh(void)
{
    struct err err;
    assert_int_equal(files_remove_tree(release, &err), 0);
    assert_int_equal(mkdir(release, 0755), 0);
    small_release_write(release);
    seal();
}

static inline void replace(const char *name, const char *from, const char *to)
{
    struct text before, after;
    load(name, &before);
    text_init(&after);
    const char *at = strstr(before.bytes, from);
    if (!at)
        print_error("%s has no %s\n", name, from);
    assert_non_null(at);
    text_append(&after, before.bytes, (size_t)(at - before.bytes));
    text_string(&after, to);
    text_string(&after, at + strlen(from));
    store(name, after.bytes, after.length);
    text_release(&before);
    text_release(&after);
}

/* The audit comes to its end and finds something under this rule. */
static inline void expect_finding(enum audit_rule rule, const char *cell)
{
    struct audit_result result;
    struct err err;
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    assert_false(audit_passed(&result));
    bool found = false;
    for (size_t i = 0; i < result.kept; i++)
        found = found || (result.findings[i].rule == rule &&
                          (!cell || strcmp(result.findings[i].cell, cell) == 0));
    if (!found) {
        struct text text;
        text_init(&text);
        audit_text(&result, &text);
        print_error("%s was not found:\n%s", audit_rule_name(rule), text.bytes);
        text_release(&text);
    }
    assert_true(found);
    audit_result_release(&result);
}

/* Changes a file of a fresh release, seals it again, and expects the rule to find it. */
static inline void expect(enum audit_rule rule, const char *cell, const char *name,
                          const char *from, const char *to)
{
    fresh();
    replace(name, from, to);
    seal();
    expect_finding(rule, cell);
}

#endif
