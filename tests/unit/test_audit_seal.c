/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit of what is not as its publisher sealed it, of lists of files in another form, and of
 * files that do not belong to a release.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_sealed.h"

static void test_seal(void **state)
{
    (void)state;
    fresh();
    replace("tables/origin.csv", ",13,", ",14,");
    expect_finding(AUDIT_DIGESTS, NULL);
    fresh();
    replace("SHA256SUMS", "tables/head", "tables/Head");
    expect_finding(AUDIT_SIGNATURE, NULL);
    fresh();
    assert_int_equal(unlink(path_of("SHA256SUMS.minisig")), 0);
    expect_finding(AUDIT_SIGNATURE, NULL);
    fresh();
    assert_int_equal(unlink(path_of("quality.csv")), 0);
    expect_finding(AUDIT_DIGESTS, NULL);
    fresh();
    store("notes.txt", "x", 1);
    expect_finding(AUDIT_DIGESTS, NULL);
    seal();
    expect_finding(AUDIT_FILES, NULL);
    fresh();
    replace("SHA256SUMS.minisig", "untrusted comment", "untrusted  comment");
    replace("SHA256SUMS.minisig", "trusted comment: test", "trusted comment: tesT");
    expect_finding(AUDIT_SIGNATURE, NULL);
}

/* What is not the publisher's is not even parsed. */
static void test_unsigned_content_is_not_read(void **state)
{
    (void)state;
    struct audit_result result;
    struct err err;
    fresh();
    replace("rules.json", "{", "[");
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    assert_int_equal(result.checks[AUDIT_DIGESTS].findings, 1);
    for (size_t i = AUDIT_DIGESTS + 1; i < AUDIT_RULES_COUNT; i++)
        assert_false(result.checks[i].checked || result.checks[i].findings > 0);
    assert_false(audit_passed(&result));
    audit_result_release(&result);
    seal();
    expect_finding(AUDIT_RULES, NULL);
}

/* Line order and form of SHA256SUMS, signed by the publisher all the same. */
static void test_sums_are_canonical(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"  certificate.json", " *certificate.json"},
        {"  certificate.json\n", "  certificate.json\n\n"},
        {"  certificate.json\n", "  certificate.json\r\n"},
        {"  certificate.json", "  ./certificate.json"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct text sums, signature;
        struct err err;
        fresh();
        replace("SHA256SUMS", changes[i][0], changes[i][1]);
        load("SHA256SUMS", &sums);
        text_init(&signature);
        assert_int_equal(sign_bytes(&signature, sums.bytes, sums.length, "r1", &signing_key, &err),
                         0);
        store("SHA256SUMS.minisig", signature.bytes, signature.length);
        expect_finding(AUDIT_DIGESTS, NULL);
        text_release(&sums);
        text_release(&signature);
    }
}

static void test_strange_files(void **state)
{
    (void)state;
    fresh();
    assert_int_equal(unlink(path_of("quality.csv")), 0);
    assert_int_equal(symlink("/dev/null", path_of("quality.csv")), 0);
    expect_finding(AUDIT_FILES, NULL);
    fresh();
    assert_int_equal(mkdir(path_of("units"), 0755), 0);
    expect_finding(AUDIT_FILES, NULL);
    fresh();
    assert_int_equal(mkfifo(path_of("pipe"), 0644), 0);
    expect_finding(AUDIT_FILES, NULL);
    fresh();
    store(".hidden", "x", 1);
    expect_finding(AUDIT_FILES, NULL);
    fresh();
    assert_int_equal(unlink(path_of("quality.csv")), 0);
    seal();
    expect_finding(AUDIT_FILES, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seal),
        cmocka_unit_test(test_unsigned_content_is_not_read),
        cmocka_unit_test(test_sums_are_canonical),
        cmocka_unit_test(test_strange_files),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
