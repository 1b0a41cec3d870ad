/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * faults: what happens when the system fails. A scenario runs with its 1st, 2nd, 3rd ... call to
 * the system failing, until none is left, once and from then on for ever; and with interrupted and
 * short reads and writes.
 *
 * The calls are replaced by functions of the same name in the test program, which go on to the real
 * ones. For one thread. Include it after cmocka.h.
 */
#ifndef HERKOMST_TESTS_FAULTS_H
#define HERKOMST_TESTS_FAULTS_H

#include "base/err.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sanitized.h"

enum mode { ONCE, FOR_EVER, INTERRUPTED, SHORT };

static struct {
    bool armed;
    enum mode mode;
    unsigned at, seen; /* which call fails, and how many there were */
    unsigned step;     /* 0, or how many calls there are to the next one that is tried */
    bool fired;
} fault;

/* Does this call fail? A call that moves bytes may also be interrupted or cut short. */
static bool fails(bool moves_bytes)
{
    if (!fault.armed || (!moves_bytes && fault.mode >= INTERRUPTED))
        return false;
    fault.seen++;
    bool now = fault.mode == FOR_EVER ? fault.seen >= fault.at : fault.seen == fault.at;
    fault.fired = fault.fired || now;
    return now;
}

static void *next(const char *name)
{
    void *f = dlsym(RTLD_NEXT, name);
    if (!f)
        abort();
    return f;
}

#define REAL(type, name, ...)         \
    static type (*real)(__VA_ARGS__); \
    if (!real)                        \
    *(void **)(void *)&real = next(#name)

#define FAILING(name, parameters, arguments)       \
    int name parameters                            \
    {                                              \
        static __typeof__(&(name)) real;           \
        if (!real)                                 \
            *(void **)(void *)&real = next(#name); \
        if (fails(false)) {                        \
            errno = EIO;                           \
            return -1;                             \
        }                                          \
        return real arguments;                     \
    }

FAILING(fsync, (int fd), (fd))
FAILING(fchmod, (int fd, mode_t mode), (fd, mode))
FAILING(renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
        (a, from, b, to, flags))
FAILING(mkdir, (const char *path, mode_t mode), (path, mode))
FAILING(flock, (int fd, int operation), (fd, operation))
FAILING(fstat, (int fd, struct stat *st), (fd, st))

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL(ssize_t, write, int, const void *, size_t);
    if (!fails(true))
        return real(fd, bytes, length);
    if (fault.mode == SHORT)
        return real(fd, bytes, length > 1 ? length / 2 : length);
    errno = fault.mode == INTERRUPTED ? EINTR : ENOSPC;
    return -1;
}

ssize_t read(int fd, void *bytes, size_t length)
{
    REAL(ssize_t, read, int, void *, size_t);
    if (!fails(true))
        return real(fd, bytes, length);
    if (fault.mode == SHORT)
        return real(fd, bytes, 1);
    errno = fault.mode == INTERRUPTED ? EINTR : EIO;
    return -1;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at)
{
    REAL(ssize_t, pwritev, int, const struct iovec *, int, off_t);
    if (!fails(true))
        return real(fd, parts, count, at);
    if (fault.mode == SHORT)
        return real(fd, &(struct iovec){parts->iov_base, parts->iov_len > 1 ? 1 : parts->iov_len},
                    1, at);
    errno = fault.mode == INTERRUPTED ? EINTR : ENOSPC;
    return -1;
}

ssize_t pread(int fd, void *bytes, size_t length, off_t at)
{
    REAL(ssize_t, pread, int, void *, size_t, off_t);
    if (!fails(true))
        return real(fd, bytes, length, at);
    if (fault.mode == SHORT)
        return real(fd, bytes, 1, at);
    errno = fault.mode == INTERRUPTED ? EINTR : EIO;
    return -1;
}

int close(int fd)
{
    REAL(int, close, int);
    int rc = real(fd); /* gone, whatever it says */
    if (!fails(false))
        return rc;
    errno = EIO;
    return -1;
}

int open(const char *path, int flags, ...)
{
    REAL(int, open, const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (!fails(false))
        return real(path, flags, mode);
    errno = EMFILE;
    return -1;
}

#ifndef SANITIZED
/* Memory too, of this program and of libsodium. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t bytes)
{
    return fails(false) ? NULL : __libc_malloc(bytes);
}
void *calloc(size_t n, size_t bytes)
{
    return fails(false) ? NULL : __libc_calloc(n, bytes);
}
void *realloc(void *old, size_t bytes)
{
    return fails(false) ? NULL : __libc_realloc(old, bytes);
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    REAL(void *, mmap, void *, size_t, int, int, int, off_t);
    if (!fails(false))
        return real(address, length, protection, flags, fd, offset);
    errno = ENOMEM;
    return MAP_FAILED;
}
int mlock(const void *address, size_t length)
{
    REAL(int, mlock, const void *, size_t);
    if (!fails(false))
        return real(address, length);
    errno = ENOMEM;
    return -1;
}
#endif

/* A scenario: prepares unarmed, acts armed, and checks unarmed what is there afterwards. */
struct scenario {
    void (*before)(void **state);
    int (*act)(void **state, struct err *err);
    void (*after)(void **state, bool done);
};

static unsigned run(void **state, const struct scenario *s, enum mode mode)
{
    unsigned failed = 0;
    for (unsigned at = 1;; at += fault.step ? fault.step : 1) {
        struct err err = {0};
        s->before(state);
        fault.mode = mode;
        fault.at = at;
        fault.seen = 0;
        fault.fired = false;
        fault.armed = true;
        int rc = s->act(state, &err);
        fault.armed = false;
        if (rc != 0 && (!fault.fired || mode >= INTERRUPTED))
            fail_msg("mode %d, call %u: %s", (int)mode, at, err.text);
        if (rc != 0 && err.kind != ERR_IO && err.kind != ERR_CREATE && err.kind != ERR_SYSTEM &&
            err.kind != ERR_KEY)
            fail_msg("mode %d, call %u: kind %d %s", (int)mode, at, (int)err.kind, err.text);
        failed += rc != 0;
        s->after(state, rc == 0);
        if (!fault.fired)
            return failed;
        assert_true(at < 100000);
    }
}

static void run_all(void **state, const struct scenario *s, unsigned least)
{
    assert_true(run(state, s, ONCE) >= least); /* the faults were real ones */
    assert_true(run(state, s, FOR_EVER) >= least);
    assert_int_equal(run(state, s, INTERRUPTED), 0);
    assert_int_equal(run(state, s, SHORT), 0);
}

#endif
