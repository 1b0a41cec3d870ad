/* SPDX-License-Identifier: EUPL-1.2 */
/* Safe file helpers: what exists is never touched, links are never followed. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/files.h"
#include "secure_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

static void write_new(void **state)
{
    const char *path = in_folder(state, "a"), *link = in_folder(state, "l");
    struct err err;
    char bytes[8];
    for (mode_t mask = 0; mask <= 0777; mask += 0777) {
        mode_t old = umask(mask);
        (void)unlink(path);
        assert_int_equal(files_write_new(path, 0644, "abc", 3, &err), 0);
        (void)umask(old);
        assert_int_equal(mode_of(path), 0644);
    }
    assert_int_equal(get_file(path, bytes, sizeof bytes), 3);
    assert_int_equal(files_write_new(path, 0600, "xyz", 3, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_string_equal(err.file, "a");
    assert_int_equal(symlink(in_folder(state, "target"), link), 0);
    assert_int_equal(files_write_new(link, 0600, "xyz", 3, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_false(file_exists(in_folder(state, "target")));
    assert_int_equal(files_write_new(in_folder(state, "no/a"), 0600, "", 0, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(files_write_new(in_folder(state, "empty"), 0600, "", 0, &err), 0);
}

/* A file that could not be written whole is not left behind. */
static void write_fails(void **state)
{
    const struct rlimit small = {1000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    const char *path = in_folder(state, "a");
    struct err err;
    char *bytes = calloc(1, 5000);
    assert_non_null(bytes);
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int rc = files_write_new(path, 0600, bytes, 5000, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    assert_int_equal(rc, -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_false(file_exists(path));
    int full = open("/dev/full", O_WRONLY);
    assert_int_equal(files_write_all(full, "a", 1, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(close(full), 0);
    free(bytes);
}

static void read_whole(void **state)
{
    const char *path = in_folder(state, "a");
    struct text t;
    struct err err;
    char *bytes = malloc(200000);
    assert_non_null(bytes);
    memset(bytes, 'x', 200000);
    put_file(path, bytes, 200000, 0600);
    text_init(&t);
    assert_int_equal(files_read_whole(path, 200000, &t, &err), 0);
    assert_int_equal(t.length, 200000);
    assert_memory_equal(t.bytes, bytes, 200000);
    text_clear(&t);
    assert_int_equal(files_read_whole(path, 199999, &t, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    put_file(path, "", 0, 0600);
    text_release(&t);
    assert_int_equal(files_read_whole(path, 0, &t, &err), 0);
    assert_int_equal(t.length, 0);
    assert_non_null(t.bytes); /* an empty string, not NULL */
    assert_int_equal(files_read_whole(in_folder(state, "none"), 10, &t, &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    assert_int_equal(files_read_whole(((struct folder *)*state)->path, 10, &t, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(symlink(path, in_folder(state, "l")), 0);
    assert_int_equal(files_read_whole(in_folder(state, "l"), 10, &t, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(mkfifo(in_folder(state, "f"), 0600), 0);
    assert_int_equal(files_read_whole(in_folder(state, "f"), 10, &t, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    text_release(&t);
    free(bytes);
}

static void folders(void **state)
{
    const char *path = in_folder(state, "d");
    struct err err;
    assert_int_equal(files_make_folder(path, 0755, &err), 0);
    assert_int_equal(mode_of(path), 0755);
    assert_int_equal(files_make_folder(path, 0755, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(files_fsync_folder(path, &err), 0);
    assert_int_equal(files_fsync_folder_of(path, &err), 0);
    assert_int_equal(files_fsync_folder_of("/tmp", &err), 0);
    assert_int_equal(files_fsync_folder_of("Makefile", &err), 0);
    assert_int_equal(files_fsync_folder(in_folder(state, "none"), &err), -1);
    assert_int_equal(err.kind, ERR_IO);
}

static void remove_tree(void **state)
{
    struct err err;
    char path[PATH_MAX], tree[PATH_MAX];
    (void)snprintf(tree, sizeof tree, "%s", in_folder(state, "t"));
    assert_int_equal(mkdir(in_folder(state, "keep"), 0700), 0);
    put_file(in_folder(state, "keep/file"), "x", 1, 0600);
    assert_int_equal(files_make_folder(tree, 0700, &err), 0);
    (void)snprintf(path, sizeof path, "%s", tree);
    for (int depth = 0; depth < 20; depth++) {
        (void)strncat(path, "/d", sizeof path - strlen(path) - 1);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    for (int i = 0; i < 2000; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "t/d/file-%d", i);
        put_file(in_folder(state, name), "", 0, 0400);
    }
    assert_int_equal(mkfifo(in_folder(state, "t/fifo"), 0600), 0);
    assert_int_equal(symlink(in_folder(state, "keep"), in_folder(state, "t/link")), 0);
    assert_int_equal(symlink("nowhere", in_folder(state, "t/d/dangling")), 0);
    assert_true(file_exists(in_folder(state, "t/d/d/d")));
    assert_int_equal(files_remove_tree(tree, &err), 0);
    assert_false(file_exists(tree));
    assert_true(file_exists(in_folder(state, "keep/file")));
    /* A link as the tree's root is removed itself; so is a file; nothing is fine. */
    assert_int_equal(symlink(in_folder(state, "keep"), tree), 0);
    assert_int_equal(files_remove_tree(tree, &err), 0);
    assert_false(file_exists(tree));
    put_file(tree, "", 0, 0600);
    assert_int_equal(files_remove_tree(tree, &err), 0);
    assert_int_equal(files_remove_tree(tree, &err), 0);
    assert_true(file_exists(in_folder(state, "keep/file")));
}

static void remove_too_deep(void **state)
{
    struct err err;
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s", in_folder(state, "t"));
    assert_int_equal(mkdir(path, 0700), 0);
    for (int depth = 0; depth < 40; depth++) {
        (void)strncat(path, "/d", sizeof path - strlen(path) - 1);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    assert_int_equal(files_remove_tree(in_folder(state, "t"), &err), -1);
    assert_int_equal(err.kind, ERR_IO);
}

static void locks(void **state)
{
    const char *path = in_folder(state, "lock");
    struct err err = {0};
    int fd, second, status;
    assert_int_equal(files_lock(path, &fd, &err), 0);
    assert_int_equal(mode_of(path), 0600);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(files_lock(path, &second, &err) == -1 && second == -1 ? (int)err.kind : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), ERR_BUSY);
    files_unlock(&fd);
    assert_int_equal(fd, -1);
    files_unlock(&fd);
    assert_int_equal(files_lock(path, &fd, &err), 0);
    files_unlock(&fd);
    assert_int_equal(symlink(path, in_folder(state, "l")), 0);
    assert_int_equal(files_lock(in_folder(state, "l"), &fd, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(write_new), IN_FOLDER(write_fails), IN_FOLDER(read_whole),
        IN_FOLDER(folders),   IN_FOLDER(remove_tree), IN_FOLDER(remove_too_deep),
        IN_FOLDER(locks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
