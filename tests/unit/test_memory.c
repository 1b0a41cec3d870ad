/* SPDX-License-Identifier: EUPL-1.2 */
/* Sizes as users write them, and what is free by the kernel's own files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"

#include "secure_test.h"

#include <stdlib.h>

static void sizes(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes; /* 0: not a size */
    } cases[] = {{"1", 1},
                 {"1K", 1024},
                 {"256M", MEMORY_LEAST},
                 {MEMORY_LEAST_TEXT, MEMORY_LEAST},
                 {"4G", UINT64_C(4) << 30},
                 {"17179869183G", UINT64_C(17179869183) << 30},
                 {"17179869184G", 0},
                 {"18446744073709551615", UINT64_MAX},
                 {"18446744073709551616", 0},
                 {"", 0},
                 {"G", 0},
                 {"4g", 0},
                 {"4GB", 0},
                 {"4.5G", 0},
                 {"-4G", 0},
                 {" 4G", 0},
                 {"4T", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t bytes = 0;
        bool good = memory_parse(cases[i].text, &bytes);
        assert_int_equal(good, cases[i].bytes != 0);
        if (good)
            assert_true(bytes == cases[i].bytes);
    }
}

static void put(void **state, const char *name, const char *bytes)
{
    FILE *f = fopen(in_folder(state, name), "w");
    assert_non_null(f);
    assert_true(fputs(bytes, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static uint64_t free_of(void **state)
{
    return memory_default_below(in_folder(state, "."));
}

static void half_of_what_is_free(void **state)
{
    static const char *const folders[] = {"proc",
                                          "proc/self",
                                          "sys",
                                          "sys/fs",
                                          "sys/fs/cgroup",
                                          "sys/fs/cgroup/a",
                                          "sys/fs/cgroup/a/b"};
    assert_true(free_of(state) == MEMORY_UNLIMITED); /* nothing tells */
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        assert_int_equal(mkdir(in_folder(state, folders[i]), 0700), 0);
    put(state, "proc/meminfo", "MemTotal:  9000000 kB\nMemAvailable:    8388608 kB\n");
    assert_true(free_of(state) == UINT64_C(4) << 30);
    /* of the group and those above it the strictest counts */
    put(state, "proc/self/cgroup", "0::/a/b\n");
    put(state, "sys/fs/cgroup/a/b/memory.max", "max\n");
    assert_true(free_of(state) == UINT64_C(4) << 30);
    put(state, "sys/fs/cgroup/a/memory.max", "2147483648\n");
    assert_true(free_of(state) == UINT64_C(1) << 30);
    put(state, "sys/fs/cgroup/memory.max", "1073741824\n");
    assert_true(free_of(state) == UINT64_C(512) << 20);
    /* what is less than the least is no limit to work in */
    put(state, "proc/meminfo", "MemAvailable: 1000 kB\n");
    assert_true(free_of(state) == MEMORY_LEAST);
    assert_true(memory_default() >= MEMORY_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test_setup_teardown(half_of_what_is_free, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
