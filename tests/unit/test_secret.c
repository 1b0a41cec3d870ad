/* SPDX-License-Identifier: EUPL-1.2 */
/* The process setup, locked memory, and a key that goes through a pipe. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/secret.h"
#include "secure_test.h"

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#endif
#endif

#include <linux/capability.h>
#include <signal.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The exit code of `body` in a child of its own; a signal is 128 + its number. */
static int in_child(int (*body)(void))
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(body());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int set_up(void)
{
    struct rlimit core;
    struct err err;
    if (secret_setup(&err) != 0 || getrlimit(RLIMIT_CORE, &core) != 0)
        return 1;
    if (core.rlim_cur != 0 || core.rlim_max != 0)
        return 2;
    if (prctl(PR_GET_DUMPABLE) != 0)
        return 3;
    return umask(0) == 077 ? 0 : 4;
}

static void setup(void **state)
{
    (void)state;
    assert_int_equal(in_child(set_up), 0);
}

static int write_behind(void)
{
    struct err err;
    volatile uint8_t *key = secret_alloc(32, &err);
    if (!key)
        return 1;
    for (int i = 0; i < 32; i++)
        if (key[i] != 0)
            return 2;
    (void)signal(SIGSEGV, SIG_DFL);
    key[32] = 1; /* a guard page: this ends the process */
    return 3;
}

static void zeroed_and_guarded(void **state)
{
    (void)state;
    int code = in_child(write_behind);
#ifdef ADDRESS_SANITIZER
    assert_true(code == 128 + SIGSEGV || code == 1 || code == 128 + SIGABRT);
#else
    assert_int_equal(code, 128 + SIGSEGV);
#endif
    secret_free(NULL);
}

/* Without the right to lock memory there is no key. */
static int cannot_lock(void)
{
    const struct rlimit none = {0, 0};
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct rights[2] = {{0}, {0}};
    struct err err = {0};
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || syscall(SYS_capset, &header, rights) != 0)
        return 1;
    if (secret_alloc(32, &err))
        return 2;
    return err.kind == ERR_KEY && err.hint[0] ? 0 : 3;
}

static void locking_fails(void **state)
{
    (void)state;
#ifdef ADDRESS_SANITIZER
    const int want = 2; /* the sanitizer replaces mlock by a function that does nothing */
#else
    const int want = 0;
#endif
    assert_int_equal(in_child(cannot_lock), want);
}

static void generated(void **state)
{
    struct recipient a, b;
    struct err err;
    (void)state;
    assert_int_equal(recipient_generate(&a, &err), 0);
    assert_int_equal(recipient_generate(&b, &err), 0);
    assert_memory_not_equal(a.public_key, b.public_key, RECIPIENT_PUBLICBYTES);
    assert_memory_not_equal(a.secret_key, b.secret_key, RECIPIENT_SECRETBYTES);
    recipient_release(&a);
    recipient_release(&a);
    assert_null(a.secret_key);
    recipient_release(&b);
}

static void handed_over(void **state)
{
    struct recipient a, b;
    struct err err;
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(recipient_generate(&a, &err), 0);
    assert_int_equal(recipient_send(&a, ends[1], &err), 0);
    assert_int_equal(recipient_receive(&b, ends[0], &err), 0);
    assert_memory_equal(a.public_key, b.public_key, RECIPIENT_PUBLICBYTES);
    assert_memory_equal(a.secret_key, b.secret_key, RECIPIENT_SECRETBYTES);
    assert_int_equal(close(ends[0]), -1); /* both ends were closed */
    assert_int_equal(close(ends[1]), -1);
    recipient_release(&a);
    recipient_release(&b);
}

/* Fewer or more bytes than a key. */
static void handed_over_wrongly(void **state)
{
    static const size_t LENGTHS[] = {0, 1, 31, 33, 100};
    const uint8_t bytes[100] = {1};
    struct recipient r;
    struct err err;
    int ends[2];
    (void)state;
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], bytes, LENGTHS[i]), LENGTHS[i]);
        assert_int_equal(close(ends[1]), 0);
        assert_int_equal(recipient_receive(&r, ends[0], &err), -1);
        assert_int_equal(err.kind, ERR_KEY);
        assert_null(r.secret_key);
    }
    assert_int_equal(recipient_receive(&r, -1, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
    assert_int_equal(recipient_generate(&r, &err), 0);
    assert_int_equal(recipient_send(&r, -1, &err), -1);
    assert_int_equal(err.kind, ERR_SYSTEM);
    recipient_release(&r);
}

static int sodium_setup(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setup),         cmocka_unit_test(zeroed_and_guarded),
        cmocka_unit_test(locking_fails), cmocka_unit_test(generated),
        cmocka_unit_test(handed_over),   cmocka_unit_test(handed_over_wrongly),
    };
    return cmocka_run_group_tests(tests, sodium_setup, NULL);
}
