/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sandbox: a process that gives up, for good, all that its stage does not need.
 *
 *     sandbox_init(&s);
 *     sandbox_add_read(&s, "/etc/herkomst/key", err);     a file, or a folder with all below it
 *     sandbox_add_write(&s, "/srv/work", err);            read, write, make, rename and remove
 *     sandbox_enforce(&s, err);                           from here on nothing else can be opened
 *     sandbox_release(&s);
 *
 * Files are guarded by Landlock (raw system calls, ABI 1 to 6 as the kernel has it; from ABI 4 TCP
 * bind and connect too, from 6 signals and abstract sockets to processes outside). A seccomp filter
 * (x86-64 and aarch64) refuses with EPERM what no stage ever needs: sockets, other programs, new
 * processes, ptrace, mounts, namespaces, io_uring, kernel modules, BPF. Threads still work: clone3
 * is refused with ENOSYS, so that the C library falls back to clone. no_new_privs is set.
 *
 * Files that are open stay usable. Must be called before any thread is started: Landlock binds the
 * calling thread and those that it starts. What the kernel lacks is not an error: s.holds tells
 * what is guarded, and the caller warns. It cannot be undone.
 */
#ifndef HERKOMST_SECURE_SANDBOX_H
#define HERKOMST_SECURE_SANDBOX_H

#include "base/err.h"

#include <stdint.h>

enum sandbox_guard {
    SANDBOX_FILES = 1,   /* Landlock rules on files */
    SANDBOX_NETWORK = 2, /* Landlock rules on TCP */
    SANDBOX_CALLS = 4,   /* the seccomp filter */
};

struct sandbox {
    int ruleset;    /* descriptor; -1: none */
    int abi;        /* of Landlock; 0: the kernel has none */
    int failure;    /* errno of sandbox_init, which the other functions report */
    uint64_t files; /* the accesses to files that this ABI can guard */
    unsigned holds; /* a sum of SANDBOX_ values: what sandbox_enforce closed */
};

void sandbox_init(struct sandbox *s);
/* ERR_NOINPUT: no such file or folder. A path through a link grants what it leads to. */
int sandbox_add_read(struct sandbox *s, const char *path, struct err *err);
int sandbox_add_write(struct sandbox *s, const char *path, struct err *err);
int sandbox_enforce(struct sandbox *s, struct err *err);
void sandbox_release(struct sandbox *s);

/* The seccomp filter alone, for sandbox_enforce; 0, or -1 with errno. */
int sandbox_filter_calls(void);

#endif
