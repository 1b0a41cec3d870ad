/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit of a small release: it passes, and whatever is changed in it and sealed again by its
 * own publisher, the rule that is there for it finds it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_sealed.h"

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
