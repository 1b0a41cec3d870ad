/* SPDX-License-Identifier: EUPL-1.2 */
/* Temporary files: what is written is read again, in the lists that it was put into; nobody else
 * can read it, a change is found, and no name is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "secure/record_lists.h"
#include "secure_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

/* This process's descriptor of the temporary file. */
static int descriptor(void)
{
    for (int fd = 3; fd < 64; fd++) {
        char link[64], path[256] = "";
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, path, sizeof path - 1) > 0 && strstr(path, "/spill-"))
            return fd;
    }
    fail_msg("no temporary file is open");
    return -1;
}

static size_t files_in(void **state)
{
    DIR *d = opendir(in_folder(state, "."));
    size_t count = 0;
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e; e = readdir(d))
        count += e->d_name[0] != '.';
    assert_int_equal(closedir(d), 0);
    return count;
}

static void blocks_come_back(void **state)
{
    enum { BLOCKS = 20 };
    struct spill *s;
    struct err err;
    struct spill_block blocks[BLOCKS];
    uint8_t bytes[3000], clear[3000];
    struct stat st;
    assert_int_equal(spill_open(&s, in_folder(state, "."), &err), 0);
    assert_int_equal(files_in(state), 0);
    assert_int_equal(fstat(descriptor(), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_nlink, 0);
    for (size_t i = 0; i < BLOCKS; i++) {
        memset(bytes, (int)i, sizeof bytes);
        assert_int_equal(spill_write(s, bytes, 150 * i, &blocks[i], &err), 0);
    }
    for (size_t i = BLOCKS; i-- > 0;) {
        memset(clear, (int)i, sizeof clear);
        assert_int_equal(blocks[i].length, 150 * i);
        assert_int_equal(spill_read(s, &blocks[i], bytes, &err), 0);
        assert_memory_equal(bytes, clear, 150 * i);
    }
    /* the same bytes twice are not the same on the disk, nor what they were */
    uint8_t one[150], other[150];
    struct spill_block twice[2];
    for (size_t i = 0; i < 2; i++) {
        memset(bytes, 7, sizeof one);
        assert_int_equal(spill_write(s, bytes, sizeof one, &twice[i], &err), 0);
    }
    assert_int_equal(pread(descriptor(), one, sizeof one, (off_t)twice[0].place), sizeof one);
    assert_int_equal(pread(descriptor(), other, sizeof other, (off_t)twice[1].place), sizeof other);
    assert_memory_not_equal(one, other, sizeof one);
    memset(clear, 7, sizeof clear);
    assert_memory_not_equal(one, clear, sizeof one);
    spill_close(&s);
    assert_null(s);
}

static void refuse(struct spill *s, struct spill_block block)
{
    struct err err;
    uint8_t bytes[600];
    assert_int_equal(spill_read(s, &block, bytes, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
}

static void changes_are_found(void **state)
{
    struct spill *s;
    struct err err;
    struct spill_block a, b;
    uint8_t bytes[600] = {0};
    assert_int_equal(spill_open(&s, in_folder(state, "."), &err), 0);
    assert_int_equal(spill_write(s, bytes, 500, &a, &err), 0);
    assert_int_equal(spill_write(s, bytes, 500, &b, &err), 0);
    int fd = descriptor();
    uint8_t first[516], second[516];
    assert_int_equal(pread(fd, first, sizeof first, (off_t)a.place), sizeof first);
    assert_int_equal(pread(fd, second, sizeof second, (off_t)b.place), sizeof second);
    /* a bit of it, of its tag; the other one in its place; shorter; moved; past the end */
    for (size_t at = 0; at < sizeof first; at += 43) {
        uint8_t changed = first[at] ^ 1;
        assert_int_equal(pwrite(fd, &changed, 1, (off_t)(a.place + at)), 1);
        refuse(s, a);
        assert_int_equal(pwrite(fd, &first[at], 1, (off_t)(a.place + at)), 1);
    }
    assert_int_equal(pwrite(fd, second, sizeof second, (off_t)a.place), sizeof second);
    refuse(s, a);
    assert_int_equal(pwrite(fd, first, sizeof first, (off_t)a.place), sizeof first);
    refuse(s, (struct spill_block){a.place, 499});
    refuse(s, (struct spill_block){a.place + 1, 500});
    refuse(s, (struct spill_block){b.place, 600});
    assert_int_equal(spill_read(s, &a, bytes, &err), 0);
    spill_drop(s, &a);
    refuse(s, a);
    assert_int_equal(spill_read(s, &b, bytes, &err), 0);
    spill_close(&s);
}

static void records_keep_their_lists_and_order(void **state)
{
    enum { LISTS = 7, RECORDS = 1000 };
    struct spill *s;
    struct record_lists l;
    struct record_writer w;
    struct err err;
    uint32_t room[3 * 64];
    assert_int_equal(spill_open(&s, in_folder(state, "."), &err), 0);
    assert_int_equal(record_lists_open(&l, s, LISTS, 12, 100, &err), 0);
    assert_int_equal(l.block_records, 8);
    assert_int_equal(record_writer_open(&w, &l, &err), 0);
    for (uint32_t i = 0; i < RECORDS; i++) {
        uint32_t *record = record_slot(&w, i * i % LISTS, &err);
        assert_non_null(record);
        record[0] = record[1] = record[2] = i;
    }
    assert_int_equal(record_writer_close(&w, &err), 0);
    for (size_t list = 0; list < LISTS; list++) {
        size_t next = 0, seen = 0;
        for (size_t b = 0; b < l.lists[list].block_count; b++) {
            size_t count;
            assert_int_equal(record_block_read(&l, list, b, room, &count, &err), 0);
            for (size_t i = 0; i < count; i++, next++, seen++) {
                while (next * next % LISTS != list)
                    next++;
                assert_int_equal(room[3 * i], next);
                assert_int_equal(room[3 * i + 2], next);
            }
        }
        assert_int_equal(seen, l.lists[list].records);
    }
    record_lists_release(&l);
    spill_close(&s);
}

/* Whatever upper bytes of a block are the same, and of the widest records too. */
static void what_is_the_same_comes_back(void **state)
{
    enum { WIDEST = RECORD_WIDTH / 4, MOST = 40 };
    struct spill *s;
    struct err err;
    uint32_t seed = 1, clear[MOST * WIDEST], room[MOST * WIDEST];
    size_t shorter = 0;
    assert_int_equal(spill_open(&s, in_folder(state, "."), &err), 0);
    for (size_t round = 0; round < 600; round++) {
        struct record_lists l;
        struct record_writer w;
        size_t words = round % 4 ? 1 + round % 9 : WIDEST, records = 1 + round % MOST, count;
        assert_int_equal(record_lists_open(&l, s, 1, 4 * words, 4 * words * MOST, &err), 0);
        assert_int_equal(record_writer_open(&w, &l, &err), 0);
        for (size_t i = 0; i < records; i++) {
            for (size_t k = 0; k < words; k++) {
                seed = seed * 1664525 + 1013904223;
                uint32_t upper = (uint32_t)(round * 0x01234567 + k);
                unsigned same = 8 * (unsigned)((round + k) % 5); /* bits */
                clear[i * words + k] = same == 32  ? upper
                                       : same == 0 ? seed
                                                   : seed >> same | upper << (32 - same);
            }
            memcpy(record_slot(&w, 0, &err), &clear[i * words], 4 * words);
        }
        assert_int_equal(record_writer_close(&w, &err), 0);
        assert_int_equal(l.lists[0].block_count, 1);
        shorter += l.lists[0].blocks[0].at.length < 4 * words * records * 3 / 4;
        assert_int_equal(record_block_read(&l, 0, 0, room, &count, &err), 0);
        assert_int_equal(count, records);
        assert_memory_equal(room, clear, 4 * words * records);
        record_lists_release(&l);
    }
    assert_true(shorter > 100);
    spill_close(&s);
}

static void no_folder(void **state)
{
    struct spill *s;
    struct err err;
    assert_int_equal(spill_open(&s, in_folder(state, "nowhere"), &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blocks_come_back, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(changes_are_found, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(records_keep_their_lists_and_order, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(what_is_the_same_comes_back, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(no_folder, folder_setup, folder_teardown),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
