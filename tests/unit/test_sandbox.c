/* SPDX-License-Identifier: EUPL-1.2 */
/* The sandbox: each refusal and each thing that must still work, in a child each. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/files.h"
#include "secure/sandbox.h"
#include "secure_test.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* FOLDER/in is granted for reading, FOLDER/out for writing, FOLDER/one for reading as a file. */
static char in[PATH_MAX], out[PATH_MAX], one[PATH_MAX], secret[PATH_MAX];
static unsigned holds;

static void make_tree(void **state)
{
    (void)snprintf(in, sizeof in, "%s", in_folder(state, "in"));
    (void)snprintf(out, sizeof out, "%s", in_folder(state, "out"));
    (void)snprintf(one, sizeof one, "%s", in_folder(state, "one"));
    (void)snprintf(secret, sizeof secret, "%s", in_folder(state, "secret"));
    assert_int_equal(mkdir(in, 0700), 0);
    assert_int_equal(mkdir(out, 0700), 0);
    put_file(in_folder(state, "in/file"), "x", 1, 0600);
    put_file(in_folder(state, "out/file"), "x", 1, 0600);
    put_file(one, "x", 1, 0600);
    put_file(secret, "x", 1, 0600);
    assert_int_equal(symlink(secret, in_folder(state, "in/link")), 0);
}

static int enter(void)
{
    struct sandbox s;
    struct err err;
    sandbox_init(&s);
    if (sandbox_add_read(&s, in, &err) || sandbox_add_write(&s, out, &err) ||
        sandbox_add_read(&s, one, &err) || sandbox_enforce(&s, &err))
        return -1;
    holds = s.holds;
    sandbox_release(&s);
    return 0;
}

/* Runs a check in a child after enforcing; 0 = as it should be, else the number that failed. */
static void confined(void **state, int (*check)(void))
{
    int status;
    make_tree(state);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (enter() != 0)
            _exit(99);
        _exit(check());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static char *join(const char *folder, const char *name)
{
    static char paths[4][PATH_MAX + 32];
    static unsigned next;
    char *path = paths[next++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* 0 = opened, else errno. */
static int try_open(const char *path, int flags)
{
    int fd = open(path, flags, 0600);
    if (fd < 0)
        return errno;
    (void)close(fd);
    return 0;
}

static int files_check(void)
{
    int no = holds & SANDBOX_FILES ? EACCES : 0; /* a kernel without Landlock refuses nothing */
    if (try_open(join(in, "file"), O_RDONLY) != 0)
        return 1;
    if (try_open(in, O_RDONLY | O_DIRECTORY) != 0)
        return 2;
    if (try_open(one, O_RDONLY) != 0)
        return 3;
    if (try_open(join(out, "file"), O_RDWR | O_TRUNC) != 0)
        return 4;
    if (try_open(join(out, "new"), O_WRONLY | O_CREAT | O_EXCL) != 0)
        return 5;
    if (rename(join(out, "new"), join(out, "newer")) != 0 || unlink(join(out, "newer")) != 0)
        return 6;
    if (mkdir(join(out, "d"), 0700) != 0 || rename(join(out, "d"), join(out, "e")) != 0 ||
        rmdir(join(out, "e")) != 0)
        return 7;
    struct err err;
    if (files_fsync_folder(out, &err) != 0)
        return 8;
    if (try_open(secret, O_RDONLY) != no)
        return 10;
    if (try_open(join(in, "link"), O_RDONLY) != no)
        return 11;
    if (try_open(join(in, "file"), O_WRONLY) != no)
        return 12;
    if (try_open(join(in, "new"), O_WRONLY | O_CREAT) != no)
        return 13;
    if (try_open(one, O_WRONLY) != no)
        return 14;
    if (no && (unlink(join(in, "file")) == 0 || errno != EACCES))
        return 15;
    if (no && (symlink("x", join(out, "l")) == 0 || errno != EACCES))
        return 16;
    if (no && (mkfifo(join(out, "f"), 0600) == 0 || (errno != EACCES && errno != EPERM)))
        return 17;
    if (try_open("/etc/passwd", O_RDONLY) != no)
        return 18;
    if (no &&
        (rename(join(in, "file"), join(out, "file")) == 0 || (errno != EACCES && errno != EXDEV)))
        return 19;
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 20;
}

static void files(void **state)
{
    confined(state, files_check);
}

#define REFUSED(number, call)              \
    do {                                   \
        errno = 0;                         \
        if ((call) >= 0 || errno != EPERM) \
            return number;                 \
    } while (0)

static int calls_check(void)
{
    char *const arguments[] = {"true", NULL};
    char *const none[] = {NULL};
    if (!(holds & SANDBOX_CALLS))
        return 0;
    REFUSED(1, socket(AF_INET, SOCK_STREAM, 0));
    REFUSED(2, socket(AF_UNIX, SOCK_STREAM, 0));
    REFUSED(3, socket(AF_INET6, SOCK_DGRAM, 0));
    REFUSED(4, execve("/bin/true", arguments, none));
    REFUSED(5, syscall(SYS_execveat, -1, "/bin/true", arguments, none, 0));
    REFUSED(6, fork());
    REFUSED(7, syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#ifdef SYS_fork
    REFUSED(8, syscall(SYS_fork));
    REFUSED(9, syscall(SYS_vfork));
#endif
    REFUSED(10, ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    REFUSED(11, mount("none", out, "tmpfs", 0, NULL));
    REFUSED(12, syscall(SYS_umount2, out, 0));
    REFUSED(13, unshare(CLONE_NEWUSER));
    REFUSED(14, syscall(SYS_io_uring_setup, 1, NULL));
    REFUSED(15, chroot(out));
    REFUSED(16, syscall(SYS_bpf, 0, NULL, 0));
    REFUSED(17, syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
    REFUSED(18, syscall(SYS_setns, -1, 0));
#ifdef __x86_64__
    REFUSED(19, syscall(0x40000000 | SYS_socket, AF_INET, SOCK_STREAM, 0)); /* by its x32 name */
#endif
    errno = 0;
    if (syscall(SYS_clone3, NULL, 0) != -1 || errno != ENOSYS)
        return 20;
    return 0;
}

static void calls(void **state)
{
    confined(state, calls_check);
}

static void *read_secret(void *result)
{
    *(int *)result = try_open(secret, O_RDONLY);
    return result;
}

/* Threads start, and are confined themselves. */
static int threads_check(void)
{
    pthread_t threads[4];
    int results[4] = {-1, -1, -1, -1};
    for (int i = 0; i < 4; i++)
        if (pthread_create(&threads[i], NULL, read_secret, &results[i]) != 0)
            return 1;
    for (int i = 0; i < 4; i++)
        if (pthread_join(threads[i], NULL) != 0 ||
            results[i] != (holds & SANDBOX_FILES ? EACCES : 0))
            return 2;
    return 0;
}

static void threads(void **state)
{
    confined(state, threads_check);
}

/* A socket that was open before: with ABI 4 and later it cannot be connected either. */
static int inherited = -1;

static int network_check(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    errno = 0;
    if (connect(inherited, (struct sockaddr *)&to, sizeof to) == 0)
        return 1;
    return holds & (SANDBOX_NETWORK | SANDBOX_CALLS) ? (errno == EPERM || errno == EACCES ? 0 : 2)
                                                     : 0;
}

static void network(void **state)
{
    inherited = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(inherited >= 0);
    confined(state, network_check);
    assert_int_equal(close(inherited), 0);
}

/* What the kernel under this test offers is really used. */
static int holds_check(void)
{
    unsigned want = 0;
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
    if (abi >= 1)
        want |= SANDBOX_FILES;
    if (abi >= 4)
        want |= SANDBOX_NETWORK;
#if defined(__x86_64__) || defined(__aarch64__)
    want |= SANDBOX_CALLS;
#endif
    return holds == want ? 0 : 1;
}

static void nothing_is_left_out(void **state)
{
    confined(state, holds_check);
}

static void missing_paths(void **state)
{
    struct sandbox s;
    struct err err;
    sandbox_init(&s);
    assert_int_equal(sandbox_add_read(&s, in_folder(state, "none"), &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    assert_int_equal(sandbox_add_write(&s, in_folder(state, "none"), &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    sandbox_release(&s);
    sandbox_release(&s);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(files),   IN_FOLDER(calls),         IN_FOLDER(threads),
        IN_FOLDER(network), IN_FOLDER(missing_paths), IN_FOLDER(nothing_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
