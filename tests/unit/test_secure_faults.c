/* SPDX-License-Identifier: EUPL-1.2 */
/* What happens when the system fails (faults.h): a failure must be reported with a kind of its own,
 * and leave the old state or the new one. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "faults.h"
#include "io/quality.h"
#include "secure/digest.h"
#include "secure/files.h"
#include "secure/keyfile.h"
#include "secure/record_lists.h"
#include "secure/zonefile.h"
#include "secure_test.h"

#include <sodium.h>

static struct recipient recipient;

static void nothing(void **state)
{
    (void)state;
}

static void ignore(void **state, bool done)
{
    (void)state;
    (void)done;
}

/* Writes a byte many times. */
static int zone_put(void **state, char byte, struct err *err)
{
    struct zone_writer *w;
    char bytes[500];
    memset(bytes, byte, sizeof bytes);
    if (zone_create(&w, in_folder(state, "z"), ZONE_COUNTS, "counts", "r", recipient.public_key,
                    err) != 0)
        return -1;
    struct sink to = zone_sink(w);
    if (to.write(to.context, bytes, sizeof bytes, err) == 0)
        return zone_commit(&w, err);
    zone_discard(&w);
    return -1;
}

static int zone_get(void **state, char *byte, struct err *err)
{
    struct zone_reader *r;
    char bytes[500] = "";
    if (zone_open(&r, in_folder(state, "z"), ZONE_COUNTS, "counts", "r", &recipient, err) != 0)
        return -1;
    struct source from = zone_source(r);
    int rc = from.read(from.context, bytes, sizeof bytes, err);
    if (rc == 0)
        rc = zone_finish(r, err);
    zone_close(&r);
    *byte = bytes[0];
    return rc;
}

static void old_zone(void **state)
{
    struct err err;
    assert_int_equal(zone_put(state, 'o', &err), 0);
}

static int new_zone(void **state, struct err *err)
{
    return zone_put(state, 'n', err);
}

static void no_zone(void **state)
{
    (void)unlink(in_folder(state, "z"));
}

static void zone_is_whole(void **state, bool done)
{
    struct err err;
    char byte = 0;
    assert_true(done == file_exists(in_folder(state, "z")) || !done);
    if (file_exists(in_folder(state, "z"))) {
        assert_int_equal(zone_get(state, &byte, &err), 0);
        assert_int_equal(byte, 'n');
    }
    assert_false(file_exists(in_folder(state, "z.part")));
}

static void zone_writing(void **state)
{
    run_all(state, &(struct scenario){no_zone, new_zone, zone_is_whole}, 5);
}

static int read_zone(void **state, struct err *err)
{
    char byte = 0;
    int rc = zone_get(state, &byte, err);
    if (rc == 0)
        assert_int_equal(byte, 'o');
    return rc;
}

static void zone_reading(void **state)
{
    no_zone(state);
    old_zone(state);
    run_all(state, &(struct scenario){nothing, read_zone, ignore}, 4);
}

static const char *const KEYS[] = {"p", "s", "s.pub", "r", "r.pub", "k.1", "k.2", "k.3"};

static void remove_keys(void **state)
{
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        (void)unlink(in_folder(state, KEYS[i]));
}

static size_t keys_there(void **state)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        n += file_exists(in_folder(state, KEYS[i]));
    return n;
}

static void all_or_no_keys(void **state, bool done)
{
    assert_true(done == (keys_there(state) > 0));
}

static int make_pseudonym(void **state, struct err *err)
{
    return keyfile_new_pseudonym(in_folder(state, "p"), err);
}

static int make_signing(void **state, struct err *err)
{
    return keyfile_new_signing(in_folder(state, "s"), err);
}

static int make_recipient(void **state, struct err *err)
{
    return keyfile_new_recipient(in_folder(state, "r"), err);
}

static int make_shares(void **state, struct err *err)
{
    return keyfile_new_shares(in_folder(state, "k"), 3, err);
}

static void key_making(void **state)
{
    run_all(state, &(struct scenario){remove_keys, make_pseudonym, all_or_no_keys}, 5);
    run_all(state, &(struct scenario){remove_keys, make_signing, all_or_no_keys}, 8);
    run_all(state, &(struct scenario){remove_keys, make_recipient, all_or_no_keys}, 8);
    run_all(state, &(struct scenario){remove_keys, make_shares, all_or_no_keys}, 12);
}

static int read_keys(void **state, struct err *err)
{
    char files[3][PATH_MAX], *paths[3];
    uint8_t *key;
    struct recipient r;
    struct signing_key signing;
    struct public_key public_key;
    for (int i = 0; i < 3; i++) {
        (void)snprintf(files[i], sizeof files[i], "%s.%d", in_folder(state, "k"), i + 1);
        paths[i] = files[i];
    }
    if (keyfile_read_master(paths, 3, &key, err) != 0) {
        assert_null(key);
        return -1;
    }
    secret_free(key);
    if (keyfile_read_recipient(in_folder(state, "r"), &r, err) != 0) {
        assert_null(r.secret_key);
        return -1;
    }
    recipient_release(&r);
    if (keyfile_read_signing(in_folder(state, "s"), &signing, err) != 0) {
        assert_null(signing.secret);
        return -1;
    }
    signing_key_release(&signing);
    return keyfile_read_public(in_folder(state, "s.pub"), &public_key, err) == 0
               ? keyfile_read_recipient_public(in_folder(state, "r.pub"), &r, err)
               : -1;
}

static void key_reading(void **state)
{
    struct err err;
    assert_int_equal(
        make_shares(state, &err) | make_recipient(state, &err) | make_signing(state, &err), 0);
    run_all(state, &(struct scenario){nothing, read_keys, ignore}, 15);
}

static void remove_files(void **state)
{
    (void)unlink(in_folder(state, "d/a"));
    (void)rmdir(in_folder(state, "d"));
}

/* A folder with a file, as a release is made. */
static int make_files(void **state, struct err *err)
{
    struct text content;
    char digest[DIGEST_TEXT];
    int lock;
    if (files_lock(in_folder(state, "lock"), &lock, err) != 0)
        return -1;
    text_init(&content);
    int rc = files_make_folder(in_folder(state, "d"), 0755, err);
    if (rc == 0)
        rc = files_write_new(in_folder(state, "d/a"), 0644, "abc", 3, err);
    if (rc == 0)
        rc = files_fsync_folder(in_folder(state, "d"), err);
    if (rc == 0)
        rc = digest_file(digest, in_folder(state, "d/a"), err);
    if (rc == 0)
        rc = files_read_whole(in_folder(state, "d/a"), 10, &content, err);
    if (rc == 0)
        assert_string_equal(content.bytes, "abc");
    text_release(&content);
    files_unlock(&lock);
    return rc;
}

static void file_is_whole(void **state, bool done)
{
    char bytes[8];
    if (file_exists(in_folder(state, "d/a"))) {
        assert_int_equal(get_file(in_folder(state, "d/a"), bytes, sizeof bytes), 3);
        assert_memory_equal(bytes, "abc", 3);
    } else
        assert_false(done);
}

static void file_making(void **state)
{
    run_all(state, &(struct scenario){remove_files, make_files, file_is_whole}, 15);
}

static void make_tree(void **state)
{
    (void)mkdir(in_folder(state, "t"), 0700);
    (void)mkdir(in_folder(state, "t/u"), 0700);
    put_file(in_folder(state, "t/u/a"), "", 0, 0600);
}

static int remove_tree(void **state, struct err *err)
{
    return files_remove_tree(in_folder(state, "t"), err);
}

static void tree_is_gone(void **state, bool done)
{
    assert_true(!done || !file_exists(in_folder(state, "t")));
}

static void tree_removing(void **state)
{
    run_all(state, &(struct scenario){make_tree, remove_tree, tree_is_gone}, 2);
}

struct memory {
    char bytes[4096];
    size_t length, at;
};

static int put(void *context, const void *bytes, size_t length, struct err *err)
{
    struct memory *m = context;
    if (length > sizeof m->bytes - m->length)
        return err_set(err, ERR_IO, "full");
    memcpy(m->bytes + m->length, bytes, length);
    m->length += length;
    return 0;
}

static int get(void *context, void *bytes, size_t length, struct err *err)
{
    struct memory *m = context;
    if (length > m->length - m->at)
        return err_set(err, ERR_DATA, "short");
    memcpy(bytes, m->bytes + m->at, length);
    m->at += length;
    return 0;
}

/* Quality figures through a frame: every way to run out of memory there. */
static int use_frames(void **state, struct err *err)
{
    static const uint32_t ORDER[] = {2, 0, 1};
    struct memory m = {.length = 0};
    struct quality q, back;
    struct frame f = {.rows = 0}, g = {.rows = 0};
    int rc = -1;
    (void)state;
    quality_init(&q);
    quality_init(&back);
    if (quality_add(&q, "register", "rows", "", 7, err) ||
        quality_add(&q, "register", "linked", "rows", 5, err) ||
        quality_add(&q, "personnel", "rows", "", 3, err) || quality_to_frame(&q, &f, err) ||
        frame_select(&f, ORDER, f.rows, err) || frame_write(&f, &(struct sink){put, &m}, err) ||
        frame_read_named(&g, "quality", &(struct source){get, &m}, err) ||
        quality_from_frame(&back, &g, err))
        goto out;
    assert_int_equal(quality_get(&back, "register", "linked"), 5);
    rc = 0;
out:
    frame_release(&f);
    frame_release(&g);
    quality_release(&q);
    quality_release(&back);
    return rc;
}

static void frames(void **state)
{
#ifdef SANITIZED
    run_all(state, &(struct scenario){nothing, use_frames, ignore}, 0);
#else
    run_all(state, &(struct scenario){nothing, use_frames, ignore}, 20);
#endif
}

enum { SPILLED = 100 };

static int read_lists(struct record_lists *l, struct err *err)
{
    uint32_t room[16], next = 0;
    for (size_t list = 0; list < l->count; list++)
        for (size_t b = 0; b < l->lists[list].block_count; b++) {
            size_t count;
            if (record_block_read(l, list, b, room, &count, err) != 0)
                return -1;
            for (size_t i = 0; i < count; i++)
                assert_int_equal(room[i], next++ % (SPILLED / 2));
        }
    assert_int_equal(next, SPILLED);
    return 0;
}

static int use_spill(void **state, struct err *err)
{
    struct spill *s;
    struct record_lists l = {0};
    struct record_writer w = {0};
    if (spill_open(&s, in_folder(state, "."), err) != 0)
        return -1;
    int rc = record_lists_open(&l, s, 2, sizeof(uint32_t), 64, err);
    if (rc == 0)
        rc = record_writer_open(&w, &l, err);
    for (uint32_t i = 0; rc == 0 && i < SPILLED; i++) {
        uint32_t *record = record_slot(&w, i % 2, err);
        rc = record ? 0 : -1;
        if (record)
            *record = i / 2;
    }
    if (w.to && record_writer_close(&w, rc == 0 ? err : NULL) != 0)
        rc = -1;
    if (rc == 0)
        rc = read_lists(&l, err);
    record_lists_release(&l);
    spill_close(&s);
    return rc;
}

static void spilling(void **state)
{
    run_all(state, &(struct scenario){nothing, use_spill, ignore}, 15);
    assert_int_equal(rmdir(((struct folder *)*state)->path), 0); /* nothing is in it */
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

static int recipient_setup(void **state)
{
    struct err err;
    (void)state;
    return sodium_init() < 0 || recipient_generate(&recipient, &err);
}

static int recipient_teardown(void **state)
{
    (void)state;
    recipient_release(&recipient);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(zone_writing), IN_FOLDER(zone_reading), IN_FOLDER(key_making),
        IN_FOLDER(key_reading),  IN_FOLDER(file_making),  IN_FOLDER(tree_removing),
        IN_FOLDER(frames),       IN_FOLDER(spilling),
    };
    return cmocka_run_group_tests(tests, recipient_setup, recipient_teardown);
}
