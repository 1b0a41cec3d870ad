/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/publish.h: a release appears as a whole, with its ledger entry, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "publish_world.h"

static void test_whole(void **state)
{
    struct stat st;
    struct ledger_release last;
    struct ledger *l = NULL;
    struct err err;
    struct text sums;
    char digest[DIGEST_TEXT];
    bool found = false;
    mode_t before = umask(077);
    published(state, "r1");
    (void)umask(before);
    audited(state, "r1");
    assert_int_equal(entries(state, ".new-"), 0);
    assert_int_equal(stat(in_folder(state, "releases/r1"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    assert_int_equal(stat(in_folder(state, "releases/ledger.sqlite"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(ledger_open(&l, in_folder(state, "releases/ledger.sqlite"),
                                 "Dienst van de \"Proef\"", in_folder(state, "releases"), &err),
                     0);
    assert_int_equal(ledger_last(l, DATE_NONE, &last, &found, &err), 0);
    ledger_close(&l);
    assert_true(found);
    assert_string_equal(last.id, "r1");
    assert_string_equal(last.replaces, "");
    assert_string_equal(last.definitions, "origin=FL2016");
    assert_string_equal(last.configuration, FIXTURE_DIGEST);
    text_init(&sums);
    assert_int_equal(
        files_read_whole(in_folder(state, "releases/r1/SHA256SUMS"), 1 << 16, &sums, &err), 0);
    digest_bytes(digest, sums.bytes, sums.length);
    assert_string_equal(last.digest, digest);
    text_release(&sums);
}

static void test_revision(void **state)
{
    struct err err;
    struct text manifest;
    char expected[200], digest[DIGEST_TEXT];
    published(state, "r1");
    published(state, "r1.r2");
    audited(state, "r1");
    audited(state, "r1.r2");
    text_init(&manifest);
    assert_int_equal(files_read_whole(in_folder(state, "releases/r1.r2/manifest.json"), 1 << 16,
                                      &manifest, &err),
                     0);
    assert_int_equal(digest_file(digest, in_folder(state, "releases/r1/SHA256SUMS"), &err), 0);
    (void)snprintf(expected, sizeof expected,
                   " \"previous\": {\"release\": \"r1\", \"sha256sums_sha256\": \"%s\"}}", digest);
    assert_non_null(strstr(manifest.bytes, expected));
    assert_non_null(strstr(manifest.bytes, "\"replaces\": \"r1\""));
    text_release(&manifest);
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE state = 'published'"), 2);
}

static void test_id_used(void **state)
{
    published(state, "r1");
    refused(state, "r1", ERR_CREATE, "exists already");
    audited(state, "r1");
    assert_int_equal(rename(in_folder(state, "releases/r1"), in_folder(state, "releases/r2")), 0);
    refused(state, "r1", ERR_CREATE, "used before");
    assert_int_equal(entries(state, "r1"), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    audited(state, "r2");
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
}

static void test_existing_folder(void **state)
{
    assert_int_equal(mkdir(in_folder(state, "releases/r1"), 0700), 0);
    refused(state, "r1", ERR_CREATE, "exists already");
    assert_int_equal(rmdir(in_folder(state, "releases/r1")), 0); /* it was left empty */
    nothing_left(state);
}

static void test_signing_key(void **state)
{
    assert_int_equal(chmod(in_folder(state, "signing.key"), 0640), 0);
    refused(state, "r1", ERR_KEY, "");
    nothing_left(state);
    assert_int_equal(unlink(in_folder(state, "signing.key")), 0);
    refused(state, "r1", ERR_KEY, "");
    nothing_left(state);
    put_file(in_folder(state, "signing.key"), "no key", 6, 0600);
    refused(state, "r1", ERR_KEY, "");
    nothing_left(state);
}

static void show_unsafe_cell(struct release *r)
{
    fixture_cell(r, "staff|entity:E1|origin=foreign", 3);
    fixture_cell(r, "staff|entity:E1|origin=belgian", 27);
    fixture_cell(r, "staff|entity:E2|origin=foreign", 10);
    fixture_cell(r, "staff|entity:E2|origin=belgian", 30);
}
static void change_a_sum(struct release *r)
{
    fixture_cell(r, "staff|domain:D1|origin=foreign", 14);
}
static void hide_a_head_count(struct release *r)
{
    fixture_cell(r, "staff|entity:E1", -1);
}
static void show_one_of_two(struct release *r)
{
    fixture_cell(r, "staff|entity:E2|origin=foreign", 10);
}
static void forget_the_proof(struct release *r)
{
    fixture_word(&r->certificate, 0, "json",
                 "{\"format\": \"herkomst-certificate/1\", \"release\": \"r1\", "
                 "\"witnesses\": [], \"proofs\": []}\n");
}
static void show_a_small_figure(struct release *r)
{
    column_set(frame_find(&r->quality, "count"), 0, 2);
    column_set(frame_find(&r->quality, "status"), 0, 0);
}

static void test_audit_refuses(void **state)
{
    static void (*const spoils[])(struct release *) = {show_unsafe_cell,  change_a_sum,
                                                       hide_a_head_count, show_one_of_two,
                                                       forget_the_proof,  show_a_small_figure};
    for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
        struct err err;
        assert_int_equal(publish_one(state, "r1", spoils[i], &err), -1);
        if (err.kind != ERR_REFUSED)
            fail_msg("%zu: %d: %s", i, (int)err.kind, err.text);
        nothing_left(state);
    }
    published(state, "r1"); /* nothing of them stands in the way */
    audited(state, "r1");
}

static void of_another_release(struct release *r)
{
    fixture_name(r->rules.release, "r9", 2);
}
static void of_another_date(struct release *r)
{
    r->rules.reference_date++;
}

static void test_another_release(void **state)
{
    struct err err;
    assert_int_equal(publish_one(state, "r1", of_another_release, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_int_equal(publish_one(state, "r1", of_another_date, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    nothing_left(state);
}

static void forget_the_past(struct release *r)
{
    assert_int_equal(frame_resize(&r->past, 0, NULL), 0);
}
static void of_june(struct release *r)
{
    r->rules.reference_date = date_make(2017, 6, 30);
}

/* What was protected against another past than the ledger's is not published. */
static void test_another_past(void **state)
{
    struct err err;
    published(state, "r1");
    assert_int_equal(publish_one(state, "r2", forget_the_past, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "other earlier releases"));
    assert_int_equal(entries(state, "r2"), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
    published(state, "r2");
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE rules LIKE "
                                "'{\"format\": \"herkomst-rules/1\", \"release\": \"r_\"%'"),
                     2);
}

/* An older reference date is refused here too: a stage can be run by hand. */
static void test_out_of_order(void **state)
{
    struct release r;
    struct config c;
    struct err err;
    published(state, "r1");
    for (int revision = 0; revision < 2; revision++) {
        const char *id = revision ? "r1.r2" : "r2";
        fixture_release(&r, id);
        fixture_config(&c, state, id);
        know_past(&r, &c);
        of_june(&r);
        c.reference_date = r.rules.reference_date;
        assert_int_equal(publish(&r, &c, 2, &err), -1);
        assert_int_equal(err.kind, ERR_CONFIG);
        assert_non_null(strstr(err.text, revision ? "would revise r1" : "before that of"));
        release_free(&r);
        config_release(&c);
    }
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
    assert_int_equal(entries(state, ".new-"), 0);
}

static void test_locked(void **state)
{
    int lock = -1;
    struct err err;
    struct config c;
    assert_int_equal(files_lock(in_folder(state, "releases/.publish.lock"), &lock, &err), 0);
    refused(state, "r1", ERR_BUSY, "lock");
    fixture_config(&c, state, "r1");
    assert_int_equal(publish_remove_leftovers(&c, &err), -1);
    assert_int_equal(err.kind, ERR_BUSY);
    files_unlock(&lock);
    nothing_left(state);
    published(state, "r1");
    config_release(&c);
}

static void test_leftovers(void **state)
{
    struct err err;
    struct config c;
    published(state, "r0");
    assert_int_equal(mkdir(in_folder(state, "releases/.new-r1"), 0700), 0);
    put_file(in_folder(state, "releases/.new-r1/rules.json"), "{", 1, 0600);
    assert_int_equal(mkdir(in_folder(state, "releases/.new-other"), 0700), 0);
    fixture_config(&c, state, "r1");
    assert_int_equal(publish_remove_leftovers(&c, &err), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    assert_int_equal(mkdir(in_folder(state, "releases/.new-other"), 0700), 0);
    published(state, "r1");
    assert_int_equal(entries(state, ".new-"), 0);
    audited(state, "r0");
    audited(state, "r1");
    config_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_whole),           IN_PLACE(test_revision),     IN_PLACE(test_id_used),
        IN_PLACE(test_existing_folder), IN_PLACE(test_signing_key),  IN_PLACE(test_audit_refuses),
        IN_PLACE(test_another_release), IN_PLACE(test_another_past), IN_PLACE(test_out_of_order),
        IN_PLACE(test_locked),          IN_PLACE(test_leftovers),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
