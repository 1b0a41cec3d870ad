/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/output.h: where results go, under which modes, and what --output moves along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/output.h"
#include "secure_test.h"

static void set(char **to, const char *value)
{
    free(*to);
    *to = strdup(value);
    assert_non_null(*to);
}

static struct config places(const char *output, const char *ledger, const char *quality)
{
    struct config c;
    memset(&c, 0, sizeof c);
    set(&c.output, output);
    set(&c.ledger, ledger);
    set(&c.quality, quality);
    memcpy(c.release, "r1", 3);
    return c;
}

static void check_relocated(const char *output, const char *ledger, const char *to,
                            const char *new_output, const char *new_ledger)
{
    struct err err;
    struct config c = places(output, ledger, "/q");
    assert_int_equal(output_relocate(&c, to, &err), 0);
    assert_string_equal(c.output, new_output);
    assert_string_equal(c.ledger, new_ledger);
    assert_string_equal(c.quality, "/q");
    config_release(&c);
}

static void test_relocate(void **state)
{
    (void)state;
    /* A ledger in the old folder moves along, another one stays. */
    check_relocated("/a/out", "/a/out/ledger.sqlite", "/b", "/b", "/b/ledger.sqlite");
    check_relocated("/a/out", "/a/out/deep/l", "/b/c/", "/b/c", "/b/c/deep/l");
    check_relocated("/a/out/", "/a/out/ledger.sqlite", "/b", "/b", "/b/ledger.sqlite");
    check_relocated("/a/out//", "/a/out/ledger.sqlite", "/b", "/b", "/b/ledger.sqlite");
    check_relocated("/a/out", "/a/ledger.sqlite", "/b", "/b", "/a/ledger.sqlite");
    check_relocated("/a/out", "/a/outer/ledger.sqlite", "/b", "/b", "/a/outer/ledger.sqlite");
    check_relocated("/a/out", "/a/out/l", "/", "/", "/l");
}

static void test_relocate_relative(void **state)
{
    struct err err;
    char here[PATH_MAX], expected[PATH_MAX + 16];
    struct config c = places("/a", "/a/l", "/q");
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(in_folder(state, "")), 0);
    assert_int_equal(output_relocate(&c, "x/y", &err), 0);
    assert_int_equal(chdir(here), 0);
    (void)snprintf(expected, sizeof expected, "%s", in_folder(state, "x/y"));
    assert_string_equal(c.output, expected);
    assert_int_equal(output_relocate(&c, "", &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_string_equal(c.output, expected);
    config_release(&c);
}

static void check_mode(const char *path, unsigned mode)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, mode);
}

static void test_ensure_folder(void **state)
{
    struct err err;
    const char *path = in_folder(state, "f");
    mode_t before = umask(0);
    assert_int_equal(output_ensure_folder(path, 0750, &err), 0);
    (void)umask(before);
    check_mode(path, 0750);
    assert_int_equal(output_ensure_folder(path, 0700, &err), 0); /* is there: left as it is */
    check_mode(path, 0750);
    put_file(in_folder(state, "file"), "x", 1, 0600);
    assert_int_equal(output_ensure_folder(in_folder(state, "file"), 0700, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(output_ensure_folder(in_folder(state, "none/f"), 0700, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
}

static void test_private_files(void **state)
{
    struct err err;
    struct text content;
    char bytes[16];
    struct config c = places("/none", "/none/l", in_folder(state, "quality"));
    text_init(&content);
    text_string(&content, "first, longer");
    mode_t before = umask(0);
    assert_int_equal(output_make_private_quality(&c, &err), 0);
    assert_int_equal(output_make_private_quality(&c, &err), 0);
    assert_int_equal(output_write_private(&c, "link.csv", &content, &err), 0);
    (void)umask(before);
    check_mode(in_folder(state, "quality"), 0700);
    check_mode(in_folder(state, "quality/r1"), 0700);
    check_mode(in_folder(state, "quality/r1/link.csv"), 0600);
    text_clear(&content);
    text_string(&content, "second");
    assert_int_equal(output_write_private(&c, "link.csv", &content, &err), 0);
    assert_int_equal(get_file(in_folder(state, "quality/r1/link.csv"), bytes, sizeof bytes), 6);
    assert_memory_equal(bytes, "second", 6);
    text_release(&content);
    config_release(&c);
}

/* A link that somebody put there is replaced, not followed. */
static void test_private_file_is_no_link(void **state)
{
    struct err err;
    struct text content;
    char bytes[16];
    struct config c = places("/none", "/none/l", in_folder(state, "quality"));
    text_init(&content);
    text_string(&content, "private");
    assert_int_equal(output_make_private_quality(&c, &err), 0);
    put_file(in_folder(state, "precious"), "keep", 4, 0600);
    assert_int_equal(symlink("../../precious", in_folder(state, "quality/r1/link.csv")), 0);
    assert_int_equal(output_write_private(&c, "link.csv", &content, &err), 0);
    assert_int_equal(get_file(in_folder(state, "precious"), bytes, sizeof bytes), 4);
    assert_memory_equal(bytes, "keep", 4);
    check_mode(in_folder(state, "quality/r1/link.csv"), 0600);
    /* A folder in its place is an error. */
    assert_int_equal(mkdir(in_folder(state, "quality/r1/derive.csv"), 0700), 0);
    assert_int_equal(output_write_private(&c, "derive.csv", &content, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    text_release(&content);
    config_release(&c);
}

static void test_check_free(void **state)
{
    struct err err;
    struct text path;
    struct config c = places(in_folder(state, "out"), "/none/l", "/none/q");
    assert_int_equal(output_check_free(&c, &err), 0); /* not even the folder is there */
    assert_int_equal(mkdir(c.output, 0700), 0);
    assert_int_equal(output_check_free(&c, &err), 0);
    assert_int_equal(output_release_path(&c, &path, &err), 0);
    assert_string_equal(path.bytes, in_folder(state, "out/r1"));
    assert_int_equal(symlink("nowhere", path.bytes), 0); /* taken, wherever it leads */
    assert_int_equal(output_check_free(&c, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_non_null(strstr(err.text, "release r1 exists"));
    assert_non_null(strstr(err.hint, "r1.r2"));
    text_release(&path);
    set(&c.output, in_folder(state, "file"));
    put_file(c.output, "x", 1, 0600);
    assert_int_equal(output_check_free(&c, &err), 0); /* making the folder will fail */
    config_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relocate),
        cmocka_unit_test_setup_teardown(test_relocate_relative, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_ensure_folder, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_private_files, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_private_file_is_no_link, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(test_check_free, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
