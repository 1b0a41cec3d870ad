/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit of a small release: it passes, and whatever is changed in it, sealed again by its own
 * publisher or not, the rule that is there for it finds it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/audit.h"
#include "certificate_fixture.h"
#include "secure/keyfile.h"
#include "small_release.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[32], release[64];
static struct public_key public_key;
static struct signing_key signing_key;

static const char *path_of(const char *name)
{
    static char path[200];
    assert_true(snprintf(path, sizeof path, "%s/%s", release, name) < (int)sizeof path);
    return path;
}

static void store(const char *name, const char *bytes, size_t length)
{
    struct err err;
    (void)unlink(path_of(name));
    assert_int_equal(files_write_new(path_of(name), 0644, bytes, length, &err), 0);
}

static void load(const char *name, struct text *to)
{
    struct err err;
    text_init(to);
    assert_int_equal(files_read_whole(path_of(name), 1 << 20, to, &err), 0);
}

/* SHA256SUMS and its signature, as the publisher makes them. */
static void seal(void)
{
    signed_release_seal(release, &signing_key);
}

static int setup(void **state)
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

static int teardown(void **state)
{
    (void)state;
    struct err err;
    signing_key_release(&signing_key);
    return files_remove_tree(folder, &err);
}

static void fresh(void)
{
    struct err err;
    assert_int_equal(files_remove_tree(release, &err), 0);
    assert_int_equal(mkdir(release, 0755), 0);
    small_release_write(release);
    seal();
}

static void replace(const char *name, const char *from, const char *to)
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
static void expect_finding(enum audit_rule rule, const char *cell)
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
static void expect(enum audit_rule rule, const char *cell, const char *name, const char *from,
                   const char *to)
{
    fresh();
    replace(name, from, to);
    seal();
    expect_finding(rule, cell);
}

static void test_good_release_passes(void **state)
{
    (void)state;
    struct audit_result result;
    struct err err;
    struct text text, json;
    fresh();
    text_init(&text);
    text_init(&json);
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    audit_text(&result, &text);
    audit_json(&result, &json);
    if (!audit_passed(&result))
        print_error("%s", text.bytes);
    assert_true(audit_passed(&result));
    assert_int_equal(result.finding_count, 0);
    assert_string_equal(result.release, "r1");
    assert_non_null(strstr(text.bytes, "Sensitive are origin (foreign, belgian). Unsafe are counts "
                                       "below 5, and zeros. "));
    assert_non_null(strstr(text.bytes, "certificate  PASS"));
    assert_non_null(strstr(text.bytes, "4 hidden sensitive cells"));
    assert_non_null(strstr(json.bytes, "\"result\": \"pass\""));
    audit_result_release(&result);

    /* Not signed yet: as publish asks. */
    assert_int_equal(unlink(path_of("SHA256SUMS.minisig")), 0);
    assert_int_equal(audit_release(release, NULL, &result, &err), 0);
    assert_true(audit_passed(&result));
    assert_false(result.checks[AUDIT_SIGNATURE].asked);
    audit_result_release(&result);
    text_release(&text);
    text_release(&json);
}

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

static void test_rules_and_manifest(void **state)
{
    (void)state;
    expect(AUDIT_RULES, NULL, "rules.json", "\"threshold\": 5", "\"threshold\":  5");
    expect(AUDIT_RULES, NULL, "rules.json", "herkomst-rules/1", "herkomst-rules/2");
    expect(AUDIT_RULES, NULL, "rules.json", "\"parent\": \"D1\"", "\"parent\": \"D2\"");
    expect(AUDIT_RULES, NULL, "rules.json", "\"release\": \"r1\"", "\"release\": \"r2\"");
    expect(AUDIT_RULES, NULL, "manifest.json", "\"release\": \"r1\"", "\"release\": \"r2\"");
    expect(AUDIT_RULES, NULL, "manifest.json", "2017-12-31", "2017-12-30");
    expect(AUDIT_RULES, NULL, "manifest.json", "FL2016", "SEM");
    expect(AUDIT_RULES, NULL, "manifest.json", "\"test\"", "\"\"");
    expect(AUDIT_RULES, NULL, "manifest.json", "null}",
           "null, \"signing_key_id\": \"0123456789ABCDEF\"}");
    expect(AUDIT_RULES, NULL, "manifest.json", "null}", "null");
    expect(AUDIT_RULES, NULL, "manifest.json", "null}", "{\"release\": \"r0\"}}");
}

static void test_tables(void **state)
{
    (void)state;
    expect(AUDIT_TABLES, NULL, "tables/head.csv", "E1,30,", "E1,31,"); /* not as in origin.csv */
    expect(AUDIT_TABLES, NULL, "tables/head.csv", "2017-12-31,entity,E1,30,\n", "");
    expect(AUDIT_TABLES, NULL, "tables/origin.csv", "E1,foreign,,c", "E1,foreign,,");
    expect(AUDIT_TABLES, NULL, "tables/origin.csv", "E1,foreign,,c", "E1,foreign,,n");
    expect(AUDIT_TABLES, NULL, "tables/origin.csv", "VO,foreign,13", "VO,foreign,013");
}

static void test_counts(void **state)
{
    (void)state;
    expect(AUDIT_ADDITIVITY, "staff|government:VO|origin=foreign", "tables/origin.csv",
           "VO,foreign,13", "VO,foreign,14");
    expect(AUDIT_ADDITIVITY, "staff|entity:E1", "tables/origin.csv", "E1,foreign,,c",
           "E1,foreign,31,");
    expect(AUDIT_UNSAFE, "staff|entity:E1|origin=foreign", "tables/origin.csv", "E1,foreign,,c",
           "E1,foreign,4,");
    expect(AUDIT_UNSAFE, "staff|entity:E1|origin=foreign", "tables/origin.csv", "E1,foreign,,c",
           "E1,foreign,0,");
    expect(AUDIT_UNSAFE, "staff|domain:D1|origin=foreign", "rules.json",
           "\"minimum_population\": 0", "\"minimum_population\": 71");
    expect(AUDIT_QUALITY, NULL, "quality.csv", "late,,c", "late,4,");
    expect(AUDIT_QUALITY, NULL, "quality.csv", "late,,c", "late,7,c");
    expect(AUDIT_QUALITY, NULL, "quality.csv", "dataset,check", "check,dataset");
}

static void test_head_counts_are_published(void **state)
{
    (void)state;
    fresh();
    replace("tables/origin.csv", "E2,total,40,", "E2,total,,c");
    replace("tables/head.csv", "E2,40,", "E2,,c");
    seal();
    expect_finding(AUDIT_PUBLIC, "staff|entity:E2");
}

static void test_certificate(void **state)
{
    (void)state;
    static const char file[] = "certificate.json";
    static const char cell[] = "staff|entity:E1|origin=foreign";
    enum audit_rule rule = AUDIT_CERTIFICATE;
    expect(rule, NULL, file, "herkomst-certificate/1", "herkomst-certificate/2");
    expect(rule, NULL, file, "\"release\": \"r1\"", "\"release\": \"r2\"");
    expect(rule, NULL, file, "}]}", "}]");
    expect(rule, NULL, file, ": 30,", ": 29,");   /* an equation does not hold */
    expect(rule, NULL, file, ": 30,", ": 30.0,"); /* whole numbers */
    expect(rule, NULL, file, "\"staff|entity:E1|origin=foreign\": 0, ",
           ""); /* not the whole part */
    expect(rule, NULL, file, "\"staff|entity:E1|origin=foreign\": 0, ",
           "\"staff|entity:E1|origin=foreign\": 0, \"staff|entity:E1\": 30, "); /* published */
    expect(rule, NULL, file, "\"staff|entity:E1|origin=foreign\": 0, ",
           "\"staff|entity:E1|origin=foreign\": 0, \"staff|entity:E9\": 30, "); /* unknown */
    expect(rule, cell, file, "\"low\": 0, \"high\": 1", "\"low\": 1, \"high\": 0");
    expect(rule, cell, file, "\"low\": 0, \"high\": 1", "\"low\": 0, \"high\": 0");
    expect(rule, cell, file, "\"low\": 0, \"high\": 1", "\"low\": 0, \"high\": 2");
    expect(rule, cell, file, "\"low\": 0, \"high\": 1", "\"low\": -1, \"high\": 1");
    expect(rule, cell, file, "\"low\": 0, \"high\": 1", "\"floor\": 5");
    expect(rule, cell, file,
           "{\"cell\": \"staff|entity:E1|origin=foreign\", \"low\": 0, \"high\": 1},", "");
    expect(rule, NULL, file, "{\"cell\": \"staff|entity:E1", "{\"cell\": \"staff|domain:D1");
    expect(rule, "staff|entity:E1|origin=belgian", file, "\"floor\": 17", "\"floor\": 18");
    expect(rule, "staff|entity:E1|origin=belgian", file, "\"floor\": 17", "\"floor\": 4");
    /* As wide as before, but no longer wide enough for these rules. */
    expect(rule, cell, "rules.json", "\"protection_width\": 5", "\"protection_width\": 14");
    expect(rule, "staff|entity:E1|origin=belgian", "rules.json", "\"interval\"", "\"exact\"");
}

static void test_negative_witness(void **state)
{
    (void)state;
    fresh(); /* additions alone would not see it */
    replace("certificate.json", "E1|origin=foreign\": 0,", "E1|origin=foreign\": -1,");
    replace("certificate.json", "E1|origin=belgian\": 30,", "E1|origin=belgian\": 31,");
    replace("certificate.json", "E2|origin=foreign\": 13,", "E2|origin=foreign\": 14,");
    replace("certificate.json", "E2|origin=belgian\": 27}", "E2|origin=belgian\": 26}");
    seal();
    expect_finding(AUDIT_CERTIFICATE, "staff|entity:E1|origin=foreign");
}

/* A hidden cell that is in no equation: nothing shows its floor, and there is nothing to solve. */
static void test_floor_of_a_lone_cell(void **state)
{
    (void)state;
    static const char certificate[] =
        "{\"format\": \"herkomst-certificate/1\", \"release\": \"r1\", \"witnesses\": [],\n"
        "\"proofs\": [{\"cell\": \"staff|government:VO\", \"floor\": 5}]}\n";
    static const char table[] = "period,level,unit,count,status\n2017-12-31,government,VO,,c\n";
    struct rules r;
    struct text json;
    struct err err;
    fresh();
    rules_init(&r);
    fixture_name(r.release, "r1", 2);
    r.reference_date = date_make(2017, 12, 31);
    r.disclosure.public_head_counts = false;
    fixture_unit(&r.structure, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_finish(&r.structure);
    fixture_table(&r.structure, "head", "staff", "", -1);
    text_init(&json);
    assert_int_equal(rules_write_json(&r, &json, &err), 0);
    store("rules.json", json.bytes, json.length);
    store("tables/head.csv", table, sizeof table - 1);
    store("certificate.json", certificate, sizeof certificate - 1);
    replace("manifest.json", "\"origin\": \"FL2016\"", "");
    assert_int_equal(unlink(path_of("tables/origin.csv")), 0);
    seal();
    expect_finding(AUDIT_CERTIFICATE, "staff|government:VO");
    text_release(&json);
    rules_release(&r);
}

/* Counts that add up to their total modulo 2^64, and to something else. */
static void test_sums_do_not_wrap(void **state)
{
    (void)state;
    enum { ENTITIES = 18447 }; /* times 10^15 - 1 is 2^64 and the total below */
    static const int64_t each = 999999999999999, total = 255926290429937;
    struct rules r;
    struct cells c;
    struct err err;
    struct text text;
    fresh();
    small_rules(&r);
    structure_release(&r.structure);
    structure_init(&r.structure);
    fixture_unit(&r.structure, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(&r.structure, LEVEL_DOMAIN, "D1", 0, true);
    for (int i = 0; i < ENTITIES; i++) {
        char code[CONFIG_CODE];
        (void)snprintf(code, sizeof code, "E%d", i);
        fixture_unit(&r.structure, LEVEL_ENTITY, code, 1, true);
    }
    fixture_finish(&r.structure);
    fixture_table(&r.structure, "head", "staff", "", -1);
    assert_int_equal(cells_build(&c, &r.structure, true, &err), 0);
    int64_t *counts = malloc(c.count * sizeof *counts);
    uint8_t *status = calloc(c.count, 1);
    assert_true(counts && status);
    for (size_t i = 0; i < c.count; i++)
        counts[i] = c.unit[i] < 2 ? total : each;
    text_init(&text);
    assert_int_equal(table_csv_write(&text, &r, &c, 0, counts, status, &err), 0);
    store("tables/head.csv", text.bytes, text.length);
    text_clear(&text);
    assert_int_equal(rules_write_json(&r, &text, &err), 0);
    store("rules.json", text.bytes, text.length);
    assert_int_equal(unlink(path_of("tables/origin.csv")), 0);
    replace("manifest.json", "\"origin\": \"FL2016\"", "");
    seal();
    expect_finding(AUDIT_TABLES, NULL);
    text_release(&text);
    free(counts);
    free(status);
    cells_release(&c);
    rules_release(&r);
}

static void test_history(void **state)
{
    (void)state;
    struct audit_result result;
    struct err err;
    char digest[DIGEST_TEXT], previous[64], manifest[512];
    char *folders[] = {previous};
    fresh();
    replace("rules.json", "\"r1\"", "\"r0\"");
    replace("certificate.json", "\"r1\"", "\"r0\"");
    replace("manifest.json", "\"r1\"", "\"r0\"");
    seal();
    assert_int_equal(digest_file(digest, path_of("SHA256SUMS"), &err), 0);
    (void)snprintf(previous, sizeof previous, "%s/r0", folder);
    assert_int_equal(rename(release, previous), 0);
    fresh();
    (void)snprintf(manifest, sizeof manifest,
                   "{\"release\": \"r0\", \"sha256sums_sha256\": \"%s\"}}", digest);
    replace("manifest.json", "null}", manifest);
    seal();
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    assert_true(audit_passed(&result)); /* the release alone */
    assert_int_equal(audit_history(release, folders, 1, &public_key, &result, &err), 0);
    assert_false(audit_passed(&result)); /* a floor aside, it proves nothing of both */
    assert_int_equal(result.checks[AUDIT_CUMULATIVE].findings, 7);
    audit_result_release(&result);
    char *certificate = certificate_after(SMALL_CERTIFICATE, (const char *const[]){"r0"}, 1);
    store("certificate.json", certificate, strlen(certificate));
    seal();
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    assert_int_equal(audit_history(release, folders, 1, &public_key, &result, &err), 0);
    assert_true(audit_passed(&result));
    audit_result_release(&result);
    replace("certificate.json", "\"r0/staff|entity:E1|origin=foreign\": 13",
            "\"r0/staff|entity:E1|origin=foreign\": 12"); /* not what the present one says */
    seal();
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    assert_true(audit_passed(&result));
    assert_int_equal(audit_history(release, folders, 1, &public_key, &result, &err), 0);
    assert_false(audit_passed(&result));
    audit_result_release(&result);
    free(certificate);

    digest[0] = digest[0] == '0' ? '1' : '0'; /* another release of that name */
    (void)snprintf(manifest, sizeof manifest,
                   "{\"release\": \"r0\", \"sha256sums_sha256\": \"%s\"}}", digest);
    fresh();
    replace("manifest.json", "null}", manifest);
    seal();
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    assert_true(audit_passed(&result));
    assert_int_equal(audit_history(release, folders, 1, &public_key, &result, &err), 0);
    assert_false(audit_passed(&result));
    audit_result_release(&result);

    fresh();
    assert_int_equal(audit_release(release, &public_key, &result, &err), 0);
    assert_int_equal(audit_history(release, folders, 1, &public_key, &result, &err), 0);
    assert_int_equal(result.checks[AUDIT_HISTORY].findings, 1); /* the manifest names none */
    audit_result_release(&result);
    assert_int_equal(files_remove_tree(previous, &err), 0);
}

static void test_cannot_tell(void **state)
{
    (void)state;
    struct audit_result result;
    struct err err;
    assert_int_equal(audit_release("/nonexistent", &public_key, &result, &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    audit_result_release(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_release_passes),
        cmocka_unit_test(test_seal),
        cmocka_unit_test(test_unsigned_content_is_not_read),
        cmocka_unit_test(test_sums_are_canonical),
        cmocka_unit_test(test_strange_files),
        cmocka_unit_test(test_rules_and_manifest),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_head_counts_are_published),
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_negative_witness),
        cmocka_unit_test(test_floor_of_a_lone_cell),
        cmocka_unit_test(test_sums_do_not_wrap),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_cannot_tell),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
