/* SPDX-License-Identifier: EUPL-1.2 */
/* Zone files: what was written comes back, and nothing else is ever accepted. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "sanitized.h"

#include "base/relay.h"
#include "secure/zonefile.h"
#include "secure/zoneformat.h"
#include "secure_test.h"

#include <sys/resource.h>
#include <sys/wait.h>

#define RELEASE "2017-12-31"
#define MANY ((size_t)5 * ZONE_CHUNK / 2)
#define LONG ((size_t)25 * ZONE_CHUNK / 2)

static struct recipient reader_key, other_key;

static int keys_setup(void **state)
{
    struct err err;
    (void)state;
    return secret_setup(&err) || recipient_generate(&reader_key, &err) ||
           recipient_generate(&other_key, &err);
}

static int keys_teardown(void **state)
{
    (void)state;
    recipient_release(&reader_key);
    recipient_release(&other_key);
    return 0;
}

/* A zone file of `length` bytes 0, 1, 2, ..., 250, 0, ... */
static void write_zone(const char *path, size_t length)
{
    struct zone_writer *w;
    struct err err = {0};
    uint8_t *bytes = malloc(length + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(i % 251);
    (void)unlink(path);
    assert_int_equal(
        zone_create(&w, path, ZONE_MICRODATA, "linked", RELEASE, reader_key.public_key, &err), 0);
    struct sink to = zone_sink(w);
    for (size_t at = 0; at < length; at += 300007) {
        size_t part = length - at < 300007 ? length - at : 300007;
        assert_int_equal(to.write(to.context, bytes + at, part, &err), 0);
    }
    assert_int_equal(zone_commit(&w, &err), 0);
    assert_null(w);
    free(bytes);
}

/* The error's kind, 0 when `length` bytes were read and the file ended there. */
static int read_zone(const char *path, size_t length)
{
    struct zone_reader *r;
    struct err err = {0};
    uint8_t *bytes = malloc(length + 1);
    bool good = true;
    assert_non_null(bytes);
    if (zone_open(&r, path, ZONE_MICRODATA, "linked", RELEASE, &reader_key, &err) == 0) {
        struct source from = zone_source(r);
        if (from.read(from.context, bytes, length, &err) == 0 && zone_finish(r, &err) == 0)
            for (size_t i = 0; i < length; i++)
                good = good && bytes[i] == (uint8_t)(i % 251);
        zone_close(&r);
    }
    assert_null(r);
    free(bytes);
    assert_true(good);
    return (int)err.kind;
}

static void round_trip(void **state)
{
    const size_t lengths[] = {0, 1, 1000, ZONE_CHUNK - 1, ZONE_CHUNK, ZONE_CHUNK + 1, MANY};
    const char *path = in_folder(state, "a.zone");
    struct stat st;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        write_zone(path, lengths[i]);
        assert_int_equal(read_zone(path, lengths[i]), 0);
        assert_false(file_exists(in_folder(state, "a.zone.part")));
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        size_t chunks = lengths[i] ? (lengths[i] + ZONE_CHUNK - 1) / ZONE_CHUNK : 1;
        assert_int_equal(st.st_size,
                         ZONE_HEADER + lengths[i] + chunks * (4 + (size_t)ZONE_OVERHEAD));
    }
}

#ifndef SANITIZED /* which has its own idea of address space */
/* The same of LONG bytes, from the first of which on there are `more` bytes of address space. */
static int write_within(const char *path, size_t more)
{
    static uint8_t bytes[LONG];
    struct zone_writer *w;
    struct err err = {0};
    unsigned long pages = 0;
    for (size_t i = 0; i < LONG; i++)
        bytes[i] = (uint8_t)(i % 251);
    if (zone_create(&w, path, ZONE_MICRODATA, "linked", RELEASE, reader_key.public_key, &err) != 0)
        return 1;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%lu", &pages) != 1)
        return 2;
    rlim_t most = pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
    if (fclose(f) != 0 || setrlimit(RLIMIT_AS, &(struct rlimit){most, most}) != 0)
        return 3;
    struct sink to = zone_sink(w);
    return to.write(to.context, bytes, LONG, &err) == 0 && zone_commit(&w, &err) == 0 ? 0 : 4;
}

/* Address space for no thread, for hardly one, and for the writer's. Before any other test: the C
 * library keeps the stacks of threads that have ended. */
static void without_a_thread(void **state)
{
    static const size_t more[] = {0, 9 << 20, 64 << 20};
    const char *path = in_folder(state, "a.zone");
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        (void)unlink(path);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(write_within(path, more[i]));
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(read_zone(path, LONG), 0);
    }
}
#endif

static void less_or_more_than_there_is(void **state)
{
    const char *path = in_folder(state, "a.zone");
    write_zone(path, 1000);
    assert_int_equal(read_zone(path, 999), ERR_DATA);  /* finish with unread bytes */
    assert_int_equal(read_zone(path, 1001), ERR_DATA); /* reading past the end */
    write_zone(path, ZONE_CHUNK + 1);
    assert_int_equal(read_zone(path, ZONE_CHUNK), ERR_DATA);
    write_zone(path, ZONE_CHUNK);
    assert_int_equal(read_zone(path, ZONE_CHUNK), 0);
    assert_int_equal(read_zone(path, 0), ERR_DATA);
}

static void every_byte_counts(void **state)
{
    enum { LENGTH = 100 };
    uint8_t bytes[ZONE_HEADER + LENGTH + 64];
    const char *path = in_folder(state, "a.zone");
    const char *bad = in_folder(state, "b.zone");
    write_zone(path, LENGTH);
    size_t size = get_file(path, bytes, sizeof bytes);
    assert_int_equal(size, ZONE_HEADER + 4 + LENGTH + ZONE_OVERHEAD);
    for (size_t i = 0; i < size; i++)
        for (int bit = 0; bit < 8; bit += 5) { /* bits 0 and 5 */
            bytes[i] ^= (uint8_t)(1 << bit);
            put_file(bad, bytes, size, 0600);
            int kind = read_zone(bad, LENGTH);
            assert_true(kind == ERR_DATA || kind == ERR_KEY);
            bytes[i] ^= (uint8_t)(1 << bit);
        }
    for (size_t length = 0; length < size; length++) {
        put_file(bad, bytes, length, 0600);
        assert_int_equal(read_zone(bad, LENGTH), ERR_DATA);
    }
    bytes[size] = 0;
    put_file(bad, bytes, size + 1, 0600);
    assert_int_equal(read_zone(bad, LENGTH), ERR_DATA);
    put_file(bad, bytes, size, 0600); /* and the untouched copy is fine */
    assert_int_equal(read_zone(bad, LENGTH), 0);
}

static void chunks_have_an_order(void **state)
{
    enum { CHUNK = 4 + ZONE_CHUNK + ZONE_OVERHEAD };
    const char *path = in_folder(state, "a.zone"), *bad = in_folder(state, "b.zone");
    uint8_t *bytes = malloc(ZONE_HEADER + 3 * (size_t)CHUNK), *swapped = malloc(CHUNK);
    assert_non_null(bytes);
    assert_non_null(swapped);
    write_zone(path, MANY);
    size_t size = get_file(path, bytes, ZONE_HEADER + 3 * (size_t)CHUNK);
    uint8_t *first = bytes + ZONE_HEADER, *second = first + CHUNK;
    memcpy(swapped, first, CHUNK);
    memcpy(first, second, CHUNK);
    memcpy(second, swapped, CHUNK);
    put_file(bad, bytes, size, 0600);
    assert_int_equal(read_zone(bad, MANY), ERR_DATA);
    memcpy(second, first, CHUNK); /* the second chunk twice: the first one is missing */
    put_file(bad, bytes, size, 0600);
    assert_int_equal(read_zone(bad, MANY), ERR_DATA);
    memcpy(first, swapped, CHUNK); /* the first chunk twice */
    memcpy(second, swapped, CHUNK);
    put_file(bad, bytes, size, 0600);
    assert_int_equal(read_zone(bad, MANY), ERR_DATA);
    put_file(bad, bytes, ZONE_HEADER + CHUNK, 0600); /* cut between two chunks */
    assert_int_equal(read_zone(bad, ZONE_CHUNK), ERR_DATA);
    free(bytes);
    free(swapped);
}

/* The header of one file before the chunks of another one, both for the same recipient. */
static void files_cannot_be_spliced(void **state)
{
    uint8_t a[2048], b[2048];
    write_zone(in_folder(state, "a.zone"), 100);
    write_zone(in_folder(state, "b.zone"), 100);
    size_t size = get_file(in_folder(state, "a.zone"), a, sizeof a);
    assert_int_equal(get_file(in_folder(state, "b.zone"), b, sizeof b), size);
    memcpy(a, b, ZONE_HEADER);
    put_file(in_folder(state, "c.zone"), a, size, 0600);
    assert_int_equal(read_zone(in_folder(state, "c.zone"), 100), ERR_DATA);
}

static void exchanged(void **state)
{
    struct zone_reader *r;
    struct err err;
    const char *path = in_folder(state, "a.zone");
    write_zone(path, 100);
    assert_int_equal(zone_open(&r, path, ZONE_COUNTS, "linked", RELEASE, &reader_key, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "zone"));
    assert_int_equal(zone_open(&r, path, ZONE_MICRODATA, "derived", RELEASE, &reader_key, &err),
                     -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "schema"));
    assert_int_equal(zone_open(&r, path, ZONE_MICRODATA, "linked", "2018-06-30", &reader_key, &err),
                     -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "release"));
    assert_int_equal(zone_open(&r, path, ZONE_MICRODATA, "linked", RELEASE, &other_key, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
    assert_string_equal(err.file, "a.zone");
    struct recipient blind = reader_key;
    blind.secret_key = NULL;
    assert_int_equal(zone_open(&r, path, ZONE_MICRODATA, "linked", RELEASE, &blind, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
    assert_int_equal(zone_open(&r, in_folder(state, "none"), ZONE_MICRODATA, "linked", RELEASE,
                               &reader_key, &err),
                     -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    assert_int_equal(symlink(path, in_folder(state, "link")), 0);
    assert_int_equal(zone_open(&r, in_folder(state, "link"), ZONE_MICRODATA, "linked", RELEASE,
                               &reader_key, &err),
                     -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_null(r);
}

/* A relabelled header, with all else genuine: the label is authenticated through every chunk. */
static void relabelled(void **state)
{
    uint8_t bytes[2048];
    struct zone_reader *r;
    struct err err;
    const char *path = in_folder(state, "a.zone");
    write_zone(path, 100);
    size_t size = get_file(path, bytes, sizeof bytes);
    bytes[ZONE_AT_ZONE] = ZONE_PROTECTED;
    put_file(path, bytes, size, 0600);
    assert_int_equal(zone_open(&r, path, ZONE_PROTECTED, "linked", RELEASE, &reader_key, &err), 0);
    struct source from = zone_source(r);
    assert_int_equal(from.read(from.context, bytes, 1, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_int_equal(from.read(from.context, bytes, 1, &err), -1); /* and stays refused */
    assert_int_equal(zone_finish(r, &err), -1);
    zone_close(&r);
}

static void nothing_is_left_of_a_failure(void **state)
{
    struct zone_writer *w;
    struct err err;
    const char *path = in_folder(state, "a.zone"), *part = in_folder(state, "a.zone.part");
    write_zone(path, 10);
    /* a file that is there is never replaced, not even one that appears while we write */
    assert_int_equal(
        zone_create(&w, path, ZONE_COUNTS, "counts", RELEASE, reader_key.public_key, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(read_zone(path, 10), 0);
    assert_int_equal(rename(path, in_folder(state, "kept.zone")), 0);
    assert_int_equal(
        zone_create(&w, path, ZONE_COUNTS, "counts", RELEASE, reader_key.public_key, &err), 0);
    assert_int_equal(rename(in_folder(state, "kept.zone"), path), 0);
    assert_int_equal(zone_commit(&w, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(read_zone(path, 10), 0);
    assert_int_equal(rename(path, in_folder(state, "kept.zone")), 0);
    assert_int_equal(
        zone_create(&w, path, ZONE_COUNTS, "counts", RELEASE, reader_key.public_key, &err), 0);
    assert_true(file_exists(part));
    struct zone_writer *second; /* another writer of the same file neither wins nor harms */
    assert_int_equal(
        zone_create(&second, path, ZONE_COUNTS, "counts", RELEASE, reader_key.public_key, &err),
        -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_null(second);
    assert_true(file_exists(part));
    zone_discard(&w);
    zone_discard(&w);
    assert_false(file_exists(part));
    assert_int_equal(symlink(in_folder(state, "kept.zone"), part), 0); /* a link is not followed */
    assert_int_equal(
        zone_create(&w, path, ZONE_COUNTS, "counts", RELEASE, reader_key.public_key, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(read_zone(in_folder(state, "kept.zone"), 10), 0);
    assert_int_equal(zone_create(&w, in_folder(state, "no/such/folder.zone"), ZONE_COUNTS, "counts",
                                 RELEASE, reader_key.public_key, &err),
                     -1);
    assert_int_equal(err.kind, ERR_CREATE);
}

static void a_full_disk_is_not_committed(void **state)
{
    struct zone_writer *w;
    struct err err = {0};
    const char *path = in_folder(state, "a.zone");
    const size_t chunks = 2 * RELAY_SLOTS + 3; /* more than can wait to be encrypted and written */
    uint8_t *bytes = calloc(chunks, ZONE_CHUNK);
    assert_non_null(bytes);
    assert_int_equal(
        zone_create(&w, path, ZONE_COUNTS, "counts", RELEASE, reader_key.public_key, &err), 0);
    /* The descriptor is the last one that was opened: writing to it fails from now on. */
    int full = open("/dev/full", O_WRONLY), probe = dup(full);
    assert_true(full >= 0 && probe > full);
    assert_int_equal(dup2(full, full - 1), full - 1);
    struct sink to = zone_sink(w);
    assert_int_equal(to.write(to.context, bytes, chunks * ZONE_CHUNK, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(zone_commit(&w, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_null(w);
    assert_false(file_exists(path));
    assert_false(file_exists(in_folder(state, "a.zone.part")));
    (void)close(full);
    (void)close(probe);
    free(bytes);
}

/* A file that somebody with the public key made otherwise than this program does: a chunk of
 * `length` bytes with `tag`, and an empty last one. */
static int crafted(const char *path, unsigned char tag, size_t length)
{
    uint8_t bytes[ZONE_HEADER + 4096], key[ZONE_KEY], digest[ZONE_DIGEST];
    const uint8_t clear[1024] = {0, 1, 2};
    crypto_secretstream_xchacha20poly1305_state stream;
    unsigned long long size;
    struct err err;
    size_t at = ZONE_HEADER;
    crypto_secretstream_xchacha20poly1305_keygen(key);
    assert_int_equal(zone_header_fill(bytes, ZONE_MICRODATA, "linked", RELEASE, &err), 0);
    assert_int_equal(crypto_box_seal(bytes + ZONE_AT_KEY, key, sizeof key, reader_key.public_key),
                     0);
    (void)crypto_secretstream_xchacha20poly1305_init_push(&stream, bytes + ZONE_AT_STREAM, key);
    zone_header_digest(digest, bytes);
    for (int last = 0; last < 2; last++) {
        (void)crypto_secretstream_xchacha20poly1305_push(
            &stream, bytes + at + 4, &size, clear, last ? 0 : length, digest, sizeof digest,
            last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : tag);
        for (unsigned i = 0; i < 4; i++)
            bytes[at + i] = (uint8_t)(size >> (8 * i));
        at += 4 + (size_t)size;
        if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
            break;
    }
    put_file(path, bytes, at, 0600);
    return read_zone(path, length);
}

static void only_our_form(void **state)
{
    const char *path = in_folder(state, "a.zone");
    /* The control: made by hand as the program would. */
    assert_int_equal(crafted(path, crypto_secretstream_xchacha20poly1305_TAG_FINAL, 3), 0);
    assert_int_equal(crafted(path, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, 3), ERR_DATA);
    assert_int_equal(crafted(path, crypto_secretstream_xchacha20poly1305_TAG_PUSH, 3), ERR_DATA);
    assert_int_equal(crafted(path, crypto_secretstream_xchacha20poly1305_TAG_REKEY, 3), ERR_DATA);
    assert_int_equal(crafted(path, 17, 3), ERR_DATA);
}

static void a_key_of_nobody(void **state)
{
    const uint8_t zero[RECIPIENT_PUBLICBYTES] = {0};
    struct zone_writer *w;
    struct err err;
    assert_int_equal(
        zone_create(&w, in_folder(state, "a"), ZONE_COUNTS, "counts", RELEASE, zero, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
    assert_false(file_exists(in_folder(state, "a.part")));
}

static void names_are_checked(void **state)
{
    struct zone_writer *w;
    struct err err;
    const char *path = in_folder(state, "a.zone");
    const uint8_t *key = reader_key.public_key;
    assert_int_equal(zone_create(&w, path, ZONE_COUNTS, "../counts", RELEASE, key, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_int_equal(zone_create(&w, path, ZONE_COUNTS, "counts", "", key, &err), -1);
    assert_int_equal(zone_create(&w, path, (enum zone)7, "counts", RELEASE, key, &err), -1);
    assert_int_equal(zone_create(&w, path, (enum zone)0, "counts", RELEASE, key, &err), -1);
    assert_false(file_exists(in_folder(state, "a.zone.part")));
    assert_string_equal(zone_name(ZONE_IDENTIFIED), "identified");
    assert_string_equal(zone_name(ZONE_PROTECTED), "protected");
    assert_string_equal(zone_name((enum zone)9), "");
}

/* No clear text, and no key, in what is on disk. */
static void nothing_readable(void **state)
{
    uint8_t bytes[4096];
    struct zone_writer *w;
    struct err err;
    const char *path = in_folder(state, "a.zone");
    assert_int_equal(
        zone_create(&w, path, ZONE_MICRODATA, "linked", RELEASE, reader_key.public_key, &err), 0);
    struct sink to = zone_sink(w);
    for (int i = 0; i < 50; i++)
        assert_int_equal(to.write(to.context, "FINDTHISMARK", 12, &err), 0);
    assert_int_equal(zone_commit(&w, &err), 0);
    size_t size = get_file(path, bytes, sizeof bytes);
    assert_null(memmem(bytes, size, "FINDTHIS", 8));
    assert_null(memmem(bytes, size, reader_key.secret_key, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifndef SANITIZED
        cmocka_unit_test_setup_teardown(without_a_thread, folder_setup, folder_teardown),
#endif
        cmocka_unit_test_setup_teardown(round_trip, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(less_or_more_than_there_is, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(every_byte_counts, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(chunks_have_an_order, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(files_cannot_be_spliced, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(exchanged, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(relabelled, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(nothing_is_left_of_a_failure, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_is_not_committed, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(only_our_form, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_key_of_nobody, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(names_are_checked, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(nothing_readable, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, keys_setup, keys_teardown);
}
