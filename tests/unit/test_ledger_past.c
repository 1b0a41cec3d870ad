/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/ledger.h over time: the order of reference dates, what a later run reads of earlier
 * releases, and a ledger of version 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger_fixture.h"

static int ready(void **state, const char *id, date reference, struct ledger_dates *others,
                 struct err *err)
{
    return ledger_check_ready(in_folder(state, "ledger.sqlite"), NAME, in_folder(state, "out"), id,
                              reference, others, err);
}

static int read_past(void **state, struct past *past, struct err *err)
{
    return ledger_read_past(in_folder(state, "ledger.sqlite"), NAME, past, err);
}

static const date JUNE = 17347, DECEMBER = 17531, NEXT_JUNE = 17712;

static void check_order(struct ledger *l, const char *id, date reference, const char *message)
{
    struct err err = {.kind = ERR_NONE};
    int rc = ledger_check_order(l, id, reference, &err);
    if (rc != (message ? -1 : 0) || (message && !strstr(err.text, message)))
        fail_msg("%s: %d %s", id, rc, err.text);
    assert_int_equal(err.kind, message ? ERR_CONFIG : ERR_NONE);
}

static void check_replaced(struct ledger *l, const char *id, date reference, const char *expected)
{
    struct err err;
    char replaced[CONFIG_CODE];
    assert_int_equal(ledger_replaced(l, id, reference, replaced, &err), 0);
    assert_string_equal(replaced, expected);
}

static void test_order(void **state)
{
    struct ledger *l = opened(state);
    check_order(l, "anything", JUNE, NULL); /* the first */
    check_order(l, "anything.r2", JUNE, NULL);
    check_replaced(l, "anything.r2", JUNE, "");
    publish(l, "june", JUNE, "");
    publish(l, "december", DECEMBER, "");
    check_order(l, "later", NEXT_JUNE, NULL);
    check_order(l, "same", DECEMBER, NULL);
    check_order(l, "december.r2", DECEMBER, NULL);
    check_order(l, "june.r2", JUNE, NULL); /* a correction of an older one */
    check_order(l, "june.r17", JUNE, NULL);
    check_order(l, "june.r2", DECEMBER, "would revise june");
    check_order(l, "june.r2", NEXT_JUNE, "would revise june");
    check_order(l, "between", JUNE + 30, "before that of release december");
    check_order(l, "june2", JUNE, "before that of release december");
    check_order(l, "june.r1", JUNE, "before that of release december"); /* begins at 2 */
    check_order(l, "june.r", JUNE, "before that of release december");
    check_order(l, "june.r2x", JUNE, "before that of release december");
    check_order(l, "june.2", JUNE, "before that of release december");
    check_order(l, "other.r2", JUNE, "before that of release december");
    check_order(l, "JUNE.r2", JUNE, "before that of release december");
    check_replaced(l, "june.r2", JUNE, "june");
    check_replaced(l, "same", DECEMBER, "december");
    check_replaced(l, "later", NEXT_JUNE, "");
    publish(l, "june.r2", JUNE, "june");
    publish(l, "june-of-others", JUNE, "");
    check_replaced(l, "june.r3", JUNE, "june.r2"); /* of its own line */
    check_order(l, "june.r3", JUNE, NULL);
    ledger_close(&l);
}

static void test_other_dates(void **state)
{
    struct ledger_dates others;
    struct err err;
    assert_int_equal(ready(state, "x", JUNE, &others, &err), 0);
    assert_int_equal(others.count, 0);
    struct ledger *l = opened(state);
    publish(l, "june", JUNE, "");
    publish(l, "december", DECEMBER, "");
    publish(l, "december.r2", DECEMBER, "december");
    const struct ledger_release pending = entry("pending", NEXT_JUNE, "");
    assert_int_equal(prepare(l, &pending, &err), 0);
    ledger_close(&l);
    assert_int_equal(ready(state, "x", NEXT_JUNE, &others, &err), 0);
    assert_int_equal(others.count, 2); /* each once; what was not published is not there */
    assert_int_equal(others.dates[0], JUNE);
    assert_int_equal(others.dates[1], DECEMBER);
    assert_int_equal(ready(state, "june.r2", JUNE, &others, &err), 0);
    assert_int_equal(others.count, 1);
    assert_int_equal(others.dates[0], DECEMBER);
    assert_int_equal(ready(state, "x", JUNE, &others, &err), -1);
    assert_int_equal(err.kind, ERR_CONFIG);
}

static void test_past(void **state)
{
    struct past past = {0};
    struct frame list;
    struct err err;
    assert_int_equal(read_past(state, &past, &err), 0); /* none: nothing published */
    assert_int_equal(past.count, 0);
    past_clear(&past);
    struct ledger *l = opened(state);
    publish(l, "december", DECEMBER, "");
    publish(l, "june", JUNE, "");
    publish(l, "june.r2", JUNE, "june");
    const struct ledger_release pending = entry("pending", NEXT_JUNE, "");
    assert_int_equal(prepare(l, &pending, &err), 0);
    ledger_close(&l);
    assert_int_equal(read_past(state, &past, &err), 0);
    assert_int_equal(past.count, 3);
    assert_string_equal(past.releases[0].rules.release, "june");
    assert_string_equal(past.releases[1].rules.release, "june.r2");
    assert_string_equal(past.releases[2].rules.release, "december");
    const struct past_release *r = &past.releases[2];
    assert_string_equal(r->digest, FIXTURE_DIGEST);
    size_t hidden = cell_by_key(&r->cells, "staff|entity:E1|origin=foreign");
    size_t shown = cell_by_key(&r->cells, "staff|domain:D1|origin=foreign");
    assert_true(r->hidden[hidden] && r->counts[hidden] == -1 && r->named[hidden]);
    assert_true(!r->hidden[shown] && r->counts[shown] == 13 && !r->named[shown]);
    assert_false(r->named[cell_by_key(&r->cells, "staff|entity:E2|origin=foreign")]);
    assert_int_equal(past_list(&past, &list, &err), 0);
    past_clear(&past);

    l = opened(state); /* the prepared one is gone: there is no such release */
    assert_int_equal(ledger_check_past(l, &list, &err), 0);
    publish(l, "more", NEXT_JUNE, "");
    assert_int_equal(ledger_check_past(l, &list, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    ledger_close(&l);
    (void)ask(state, "DELETE FROM release WHERE id = 'more'");
    l = opened(state);
    assert_int_equal(ledger_check_past(l, &list, &err), 0);
    fixture_word(&list, 1, "digest", "another");
    assert_int_equal(ledger_check_past(l, &list, &err), -1);
    fixture_word(&list, 1, "digest", FIXTURE_DIGEST);
    assert_int_equal(frame_resize(&list, 2, NULL), 0);
    assert_int_equal(ledger_check_past(l, &list, &err), -1);
    ledger_close(&l);
    frame_release(&list);
}

/* Reading for protection changes nothing and trusts nothing. */
static void test_past_refused(void **state)
{
    static const struct {
        const char *spoil, *message;
        enum err_kind kind;
    } cases[] = {
        {"UPDATE cell SET key = 'staff|entity:E9' WHERE key = 'staff|entity:E1'", "not those of",
         ERR_DATA},
        {"DELETE FROM cell WHERE key = 'staff|entity:E1'", "release r1: its cells", ERR_DATA},
        {"UPDATE release SET rules = '{}'", "release r1: rules.json", ERR_DATA},
        {"UPDATE release SET rules = replace(rules, '\"r1\"', '\"r2\"')", "another one's",
         ERR_DATA},
        {"UPDATE release SET reference_date = '2017-12-30'", "another one's", ERR_DATA},
        {"UPDATE meta SET value = 'Elders'", "another government's", ERR_CONFIG},
        {"PRAGMA user_version = 3", "newer version", ERR_DATA},
        {"PRAGMA user_version = 1", "older version", ERR_DATA},
        {"PRAGMA application_id = 7", "no ledger", ERR_DATA},
        {"DROP TABLE cell", "damaged", ERR_DATA},
    };
    struct err err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct past past = {0};
        (void)unlink(in_folder(state, "ledger.sqlite"));
        struct ledger *l = opened(state);
        publish(l, "r1", DECEMBER, "");
        ledger_close(&l);
        (void)ask(state, cases[i].spoil);
        if (read_past(state, &past, &err) != -1 || err.kind != cases[i].kind ||
            !strstr(err.text, cases[i].message))
            fail_msg("%s: %d %s", cases[i].spoil, (int)err.kind, err.text);
        past_clear(&past);
    }
    (void)unlink(in_folder(state, "ledger.sqlite"));
    struct ledger *l = opened(state);
    struct past past = {0};
    assert_int_equal(read_past(state, &past, &err), -1); /* somebody publishes */
    assert_int_equal(err.kind, ERR_BUSY);
    past_clear(&past);
    ledger_close(&l);
}

/* OUT/ID as it was published, its rules too, and a ledger of version 1 that has it. */
static void publish_as_before(void **state, const char *id, date reference)
{
    struct err err;
    struct release f;
    struct text rules, sums;
    char digest[DIGEST_TEXT], name[64];
    struct ledger_release r = entry(id, reference, "");
    fixture_release(&f, id);
    f.rules.reference_date = reference;
    text_init(&rules);
    text_init(&sums);
    assert_int_equal(rules_write_json(&f.rules, &rules, &err), 0);
    digest_bytes(digest, rules.bytes, rules.length);
    text_format(&sums, "%s  rules.json\n", digest);
    place(state, id, sums.bytes, &r);
    (void)snprintf(name, sizeof name, "out/%s/rules.json", id);
    put_file(in_folder(state, name), rules.bytes, rules.length, 0600);
    struct ledger *l = opened(state);
    const struct ledger_cells content = {&rules, NULL, &f.cells, f.counts, f.status, NULL};
    assert_int_equal(ledger_prepare(l, &r, &content, &err), 0);
    assert_int_equal(ledger_confirm(l, id, &err), 0);
    ledger_close(&l);
    release_free(&f);
    text_release(&rules);
    text_release(&sums);
}

static void make_version_1(void **state)
{
    (void)ask(state, "ALTER TABLE release DROP COLUMN rules");
    (void)ask(state, "ALTER TABLE release DROP COLUMN turnover");
    (void)ask(state, "ALTER TABLE cell DROP COLUMN named");
    (void)ask(state, "PRAGMA user_version = 1");
}

static void test_version_1(void **state)
{
    struct past past = {0};
    struct err err;
    publish_as_before(state, "june", JUNE);
    publish_as_before(state, "december", DECEMBER);
    make_version_1(state);
    struct ledger *l = opened(state);
    ledger_close(&l);
    assert_int_equal(ask(state, "PRAGMA user_version"), 2);
    assert_int_equal(read_past(state, &past, &err), 0);
    assert_int_equal(past.count, 2);
    assert_string_equal(past.releases[1].rules.release, "december");
    past_clear(&past);
}

static void test_version_1_needs_its_releases(void **state)
{
    publish_as_before(state, "june", JUNE);
    make_version_1(state);
    put_file(in_folder(state, "out/june/rules.json"), "{}", 2, 0600); /* not what was published */
    check_refused(state, ERR_DATA, "older version, and release june is needed");
    assert_int_equal(ask(state, "PRAGMA user_version"), 1); /* left alone */
    assert_int_equal(ask(state, "SELECT count(*) FROM pragma_table_info('cell')"), 3);
    assert_int_equal(unlink(in_folder(state, "out/june/rules.json")), 0);
    check_refused(state, ERR_DATA, "older version");
    put_file(in_folder(state, "out/june/SHA256SUMS"), "x", 1, 0600);
    check_refused(state, ERR_DATA, "older version");
    assert_int_equal(ask(state, "PRAGMA user_version"), 1);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_order),     IN_FOLDER(test_other_dates),
        IN_FOLDER(test_past),      IN_FOLDER(test_past_refused),
        IN_FOLDER(test_version_1), IN_FOLDER(test_version_1_needs_its_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
