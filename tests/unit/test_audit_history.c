/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit over time: releases of a government of two entities in a row, in which everything is
 * published unless a case hides it; what each case does wrong is found, and nothing else is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/audit.h"
#include "past_fixture.h"
#include "secure/digest.h"
#include "secure/files.h"
#include "secure/keyfile.h"
#include "secure_test.h"
#include "tables/table_csv.h"
#include "tables/turnover_csv.h"

enum { MOST = 4 };

/* A release: E1 has `foreign` of `staff`, E2 always 20 of 60. */
struct made {
    const char *id;
    date reference;
    int64_t staff, foreign; /* foreign < 0: hidden */
    const char *replaces;   /* NULL: nothing */
    struct {                /* since the date of an earlier release, at E1 and above */
        date other;         /* 0: no more */
        int64_t joined, left;
    } since[MOST];
};

static const date JUNE = 17347, DECEMBER = 17531, NEXT_JUNE = 17712;

static struct public_key public_key;
static struct signing_key signing_key;
static char previous_digest[DIGEST_TEXT]; /* of the release made last */
static char previous_id[CONFIG_CODE];

static int setup(void **state)
{
    struct err err;
    previous_id[0] = '\0';
    if (folder_setup(state) != 0 || secret_setup(&err) != 0 ||
        keyfile_new_signing(in_folder(state, "key"), &err) != 0 ||
        keyfile_read_signing(in_folder(state, "key"), &signing_key, &err) != 0)
        return -1;
    return keyfile_read_public(in_folder(state, "key.pub"), &public_key, &err);
}

static int teardown(void **state)
{
    signing_key_release(&signing_key);
    return folder_teardown(state);
}

struct writing {
    void **state;
    const char *id;
    struct text sums;
};

static void store(struct writing *w, const char *name, const struct text *content)
{
    char path[60], digest[DIGEST_TEXT];
    struct err err;
    (void)snprintf(path, sizeof path, "%s/%s", w->id, name);
    assert_false(content->failed);
    assert_int_equal(
        files_write_new(in_folder(w->state, path), 0644, content->bytes, content->length, &err), 0);
    digest_bytes(digest, content->bytes, content->length);
    text_format(&w->sums, "%s  %s\n", digest, name);
}

static void put(const struct cells *c, int64_t *counts, const char *key, int64_t count)
{
    size_t cell = cell_by_key(c, key);
    assert_true(cell != SIZE_MAX);
    counts[cell] = count;
}

static void make_rules(struct rules *r, const struct made *m)
{
    fixture_dated(r, m->id, m->reference);
    struct structure *s = &r->structure;
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 1, true);
    fixture_finish(s);
    fixture_variable(s, "origin", "foreign* belgian*");
    fixture_table(s, "origin", "staff", "origin", -1);
}

static void make_counts(const struct cells *c, const struct made *m, int64_t *counts,
                        uint8_t *status)
{
    static const char *const above[] = {"government:VO", "domain:D1", "entity:E1", "entity:E2"};
    int64_t foreign = m->foreign < 0 ? 10 : m->foreign;
    for (size_t i = 0; i < 4; i++) {
        char key[60];
        int64_t staff = i == 3 ? 60 : i == 2 ? m->staff : m->staff + 60;
        int64_t of_them = i == 3 ? 20 : i == 2 ? foreign : foreign + 20;
        (void)snprintf(key, sizeof key, "staff|%s", above[i]);
        put(c, counts, key, staff);
        (void)snprintf(key, sizeof key, "staff|%s|origin=foreign", above[i]);
        put(c, counts, key, of_them);
        if (m->foreign < 0 && i >= 2)
            status[cell_by_key(c, key)] = STATUS_CONFIDENTIAL;
        (void)snprintf(key, sizeof key, "staff|%s|origin=belgian", above[i]);
        put(c, counts, key, staff - of_them);
        if (m->foreign < 0 && i >= 2)
            status[cell_by_key(c, key)] = STATUS_CONFIDENTIAL;
    }
}

static void make_turnover(struct turnover *t, const struct cells *c, const struct made *m)
{
    struct err err;
    static const char *const groups[] = {"staff|government:VO", "staff|domain:D1",
                                         "staff|entity:E1"};
    assert_int_equal(turnover_open(t, c, m->reference, NULL, 0, &err), 0);
    for (size_t d = 0; d < MOST && m->since[d].other; d++) {
        assert_int_equal(turnover_extend(t, m->since[d].other, &err), 0);
        for (size_t i = 0; i < 3; i++) {
            size_t at = d * t->cells + cell_by_key(c, groups[i]);
            t->joined[at] = m->since[d].joined;
            t->left[at] = m->since[d].left;
        }
    }
}

static void write_documents(struct writing *w, const struct made *m)
{
    char day[DATE_TEXT];
    struct text json;
    text_init(&json);
    text_format(&json,
                "{\"format\": \"herkomst-certificate/1\", \"release\": \"%s\", \"witnesses\": [], "
                "\"proofs\": []}\n",
                m->id);
    store(w, "certificate.json", &json);
    text_clear(&json);
    text_format(&json,
                "{\"format\": \"herkomst-manifest/1\", \"release\": \"%s\", \"reference_date\": "
                "\"%s\", \"authorisation\": \"a\", \"definitions\": {}, \"replaces\": ",
                m->id, date_iso(m->reference, day));
    text_format(&json, m->replaces ? "\"%s\"" : "null", m->replaces);
    if (previous_id[0])
        text_format(&json,
                    ", \"previous\": {\"release\": \"%s\", \"sha256sums_sha256\": \"%s\"}}\n",
                    previous_id, previous_digest);
    else
        text_string(&json, ", \"previous\": null}\n");
    store(w, "manifest.json", &json);
    text_clear(&json);
    text_string(&json, "dataset,check,count,status\n");
    store(w, "quality.csv", &json);
    text_release(&json);
}

static void seal(struct writing *w)
{
    char path[60];
    struct text signature;
    struct err err;
    text_init(&signature);
    assert_int_equal(sign_bytes(&signature, w->sums.bytes, w->sums.length, "t", &signing_key, &err),
                     0);
    (void)snprintf(path, sizeof path, "%s/SHA256SUMS", w->id);
    put_file(in_folder(w->state, path), w->sums.bytes, w->sums.length, 0644);
    (void)snprintf(path, sizeof path, "%s/SHA256SUMS.minisig", w->id);
    put_file(in_folder(w->state, path), signature.bytes, signature.length, 0644);
    digest_bytes(previous_digest, w->sums.bytes, w->sums.length);
    text_release(&signature);
}

/* Writes and seals OUT/ID, the next one of the chain. */
static void make(void **state, const struct made *m)
{
    struct writing w = {.state = state, .id = m->id};
    struct rules r;
    struct cells c;
    struct turnover t;
    struct text text;
    struct err err;
    char path[60];
    int64_t counts[16] = {0};
    uint8_t status[16] = {0};
    make_rules(&r, m);
    assert_int_equal(cells_build(&c, &r.structure, true, &err), 0);
    make_counts(&c, m, counts, status);
    make_turnover(&t, &c, m);
    assert_int_equal(mkdir(in_folder(state, m->id), 0755), 0);
    (void)snprintf(path, sizeof path, "%s/tables", m->id);
    assert_int_equal(mkdir(in_folder(state, path), 0755), 0);
    text_init(&w.sums);
    text_init(&text);
    write_documents(&w, m);
    assert_int_equal(rules_write_json(&r, &text, &err), 0);
    store(&w, "rules.json", &text);
    text_clear(&text);
    assert_int_equal(table_csv_write(&text, &r, &c, 0, counts, status, &err), 0);
    store(&w, "tables/origin.csv", &text);
    text_clear(&text);
    assert_int_equal(turnover_csv_write(&text, &r, &c, &t, &err), 0);
    store(&w, "turnover.csv", &text);
    seal(&w);
    fixture_name(previous_id, m->id, strlen(m->id));
    text_release(&text);
    text_release(&w.sums);
    turnover_close(&t);
    cells_release(&c);
    rules_release(&r);
}

/* Audits a release with earlier ones ("a b"): rule and cell or text of the findings of these two
 * rules. */
static void expect(void **state, const char *id, const char *earlier, const char *const *findings,
                   size_t count)
{
    struct audit_result result;
    struct err err;
    char folders[MOST][PATH_MAX], *list[MOST], names[100], *rest = names, *name;
    char own[PATH_MAX];
    size_t given = 0, met = 0;
    (void)snprintf(names, sizeof names, "%s", earlier);
    while ((name = strsep(&rest, " ")) && *name) {
        (void)snprintf(folders[given], PATH_MAX, "%s", in_folder(state, name));
        list[given] = folders[given];
        given++;
    }
    (void)snprintf(own, sizeof own, "%s", in_folder(state, id));
    assert_int_equal(audit_release(own, &public_key, &result, &err), 0);
    if (given)
        assert_int_equal(audit_history(own, list, given, &public_key, &result, &err), 0);
    for (size_t i = 0; i < result.kept; i++) {
        const struct audit_finding *f = &result.findings[i];
        if (f->rule != AUDIT_TURNOVER && f->rule != AUDIT_HISTORY)
            continue;
        if (met >= count || !strstr(f->text, findings[met]))
            fail_msg("finding: %s", f->text);
        met++;
    }
    assert_int_equal(met, count);
    audit_result_release(&result);
}
#define EXPECT(state, id, earlier, ...)                            \
    expect(state, id, earlier, (const char *const[]){__VA_ARGS__}, \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define EXPECT_NONE(state, id, earlier) expect(state, id, earlier, NULL, 0)

static void test_two_that_agree(void **state)
{
    struct audit_result result;
    struct err err;
    char own[PATH_MAX], earlier[PATH_MAX], *list[] = {earlier};
    make(state, &(struct made){"r0", JUNE, 40, 10, NULL, {{0}}});
    make(state, &(struct made){"r1", DECEMBER, 42, 11, NULL, {{JUNE, 5, 3}}});
    EXPECT_NONE(state, "r0", "");
    EXPECT_NONE(state, "r1", "");
    EXPECT_NONE(state, "r1", "r0");
    (void)snprintf(own, sizeof own, "%s", in_folder(state, "r1"));
    (void)snprintf(earlier, sizeof earlier, "%s", in_folder(state, "r0"));
    assert_int_equal(audit_release(own, &public_key, &result, &err), 0);
    assert_int_equal(audit_history(own, list, 1, &public_key, &result, &err), 0);
    assert_true(audit_passed(&result));
    const struct audit_check *check = &result.checks[AUDIT_TURNOVER];
    assert_int_equal(check->figure_count, 3);
    assert_int_equal(check->figures[0].count, 1); /* period */
    assert_int_equal(check->figures[1].count, 4); /* head counts */
    assert_int_equal(check->figures[2].count, 8); /* sensitive figures */
    audit_result_release(&result);
}

static void test_head_counts_lead(void **state)
{
    make(state, &(struct made){"r0", JUNE, 40, 10, NULL, {{0}}});
    make(state, &(struct made){"r1", DECEMBER, 42, 11, NULL, {{JUNE, 5, 4}}});
    EXPECT_NONE(state, "r1", "");
    EXPECT(state, "r1", "r0", "staff|government:VO: does not lead", "staff|domain:D1: does not",
           "turnover.csv: staff|entity:E1: does not lead to this head count from release r0");
}

static void test_periods(void **state)
{
    make(state, &(struct made){"r0", JUNE, 40, 10, NULL, {{JUNE - 100, 0, 0}}});
    make(state, &(struct made){"r1", DECEMBER, 40, 10, NULL, {{0}}});
    EXPECT(state, "r0", "", "periods although the manifest names no earlier release");
    EXPECT(state, "r1", "r0", "no period since release r0");
    EXPECT(state, "r0", "r1", "periods although", "it names no earlier release");
}

static void test_published_again_too_early(void **state)
{
    make(state, &(struct made){"r0", JUNE, 40, 10, NULL, {{0}}});
    make(state, &(struct made){"r1", DECEMBER, 41, 11, NULL, {{JUNE, 2, 1}}});
    EXPECT(state, "r1", "r0", "staff|government:VO|origin=foreign: published again too early",
           "staff|government:VO|origin=belgian", "staff|domain:D1|origin=foreign",
           "staff|domain:D1|origin=belgian",
           "staff|entity:E1|origin=foreign: published again too early after release r0",
           "staff|entity:E1|origin=belgian");
}

/* E1's figure was not shown in between: what counts is how many came and went since it was. */
static void test_last_publication(void **state)
{
    make(state, &(struct made){"r0", JUNE, 40, 10, NULL, {{0}}});
    make(state, &(struct made){"r1", DECEMBER, 46, -1, NULL, {{JUNE, 6, 0}}});
    make(state, &(struct made){"r2", NEXT_JUNE, 40, 10, NULL, {{JUNE, 1, 1}, {DECEMBER, 0, 6}}});
    EXPECT_NONE(state, "r1", "r0");
    EXPECT_NONE(state, "r2", "r1"); /* nobody knows what r0 showed */
    EXPECT(state, "r2", "r0 r1",
           "staff|entity:E1|origin=foreign: published again too early after "
           "release r0",
           "staff|entity:E1|origin=belgian");
    EXPECT(state, "r2", "r0", "none of the earlier releases is the one it names");
}

/* Of two releases of a date the one made last counts; and what a gap could hold is not guessed. */
static void test_revision(void **state)
{
    make(state, &(struct made){"r0", JUNE, 39, 10, NULL, {{0}}});
    make(state, &(struct made){"r1", DECEMBER, 46, -1, NULL, {{JUNE, 7, 0}}});
    make(state, &(struct made){"r0.r2", JUNE, 40, 10, "r0", {{DECEMBER, 6, 0}}});
    make(state, &(struct made){"r2", NEXT_JUNE, 42, 12, NULL, {{JUNE, 2, 0}, {DECEMBER, 0, 4}}});
    EXPECT_NONE(state, "r2", "r0.r2");
    EXPECT(state, "r2", "r0.r2 r1 r0",
           "staff|government:VO|origin=foreign: published again too early after release r1",
           "staff|government:VO|origin=belgian", "staff|domain:D1|origin=foreign",
           "staff|domain:D1|origin=belgian",
           "staff|entity:E1|origin=foreign: published again too early after release r0.r2",
           "staff|entity:E1|origin=belgian");
    EXPECT_NONE(state, "r0.r2", "r1 r0");
}

static void test_not_genuine(void **state)
{
    make(state, &(struct made){"r0", JUNE, 40, 10, NULL, {{0}}});
    make(state, &(struct made){"r1", DECEMBER, 41, 11, NULL, {{JUNE, 2, 1}}});
    put_file(in_folder(state, "r0/turnover.csv"), "x", 1, 0644);
    EXPECT(state, "r1", "r0", "turnover.csv: not the digest", "none of the earlier releases");
    assert_int_equal(unlink(in_folder(state, "r0/SHA256SUMS")), 0);
    EXPECT(state, "r1", "r0", "", "none of the earlier releases");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_two_that_agree),   IN_FOLDER(test_head_counts_lead),
        IN_FOLDER(test_periods),          IN_FOLDER(test_published_again_too_early),
        IN_FOLDER(test_last_publication), IN_FOLDER(test_revision),
        IN_FOLDER(test_not_genuine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
