/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The system call side of include/secure/sandbox.h: a seccomp filter, assembled here as classic
 * BPF. It is a list of what is refused, not of what is allowed: the libraries (SQLite, GLPK, the C
 * library) may change what harmless calls they make, and a release must not fail for that. Landlock
 * guards the files.
 */
#include "secure/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

static const unsigned REFUSED[] = {
    /* network */
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    /* other programs and processes */
    SYS_execve,
    SYS_execveat,
#ifdef SYS_fork
    SYS_fork,
    SYS_vfork,
#endif
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_getfd,
    SYS_kcmp,
    /* the tree of files as others see it */
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_fspick,
    SYS_fsmount,
    SYS_fsconfig,
    SYS_mount_setattr,
    SYS_unshare,
    SYS_setns,
    SYS_open_by_handle_at,
    SYS_swapon,
    SYS_swapoff,
    SYS_quotactl,
    SYS_mknodat,
#ifdef SYS_mknod
    SYS_mknod,
#endif
    /* ways around the filter, and into the kernel */
    SYS_io_uring_setup,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
};

enum { REFUSED_COUNT = sizeof REFUSED / sizeof REFUSED[0], PROGRAM = 2 * REFUSED_COUNT + 24 };

struct program {
    struct sock_filter code[PROGRAM];
    unsigned short length;
};

static void add(struct program *p, unsigned op, unsigned k, unsigned if_true, unsigned if_false)
{
    p->code[p->length++] = (struct sock_filter){(unsigned short)op, (unsigned char)if_true,
                                                (unsigned char)if_false, k};
}

static void load(struct program *p, size_t offset)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

/* Return the verdict when the comparison with k holds; go on with the next one otherwise. */
static void verdict_if(struct program *p, unsigned comparison, unsigned k, unsigned verdict)
{
    add(p, BPF_JMP | BPF_K | comparison, k, 0, 1);
    add(p, BPF_RET | BPF_K, verdict, 0, 0);
}

static void assemble(struct program *p)
{
    const unsigned refuse = SECCOMP_RET_ERRNO | EPERM;
    load(p, offsetof(struct seccomp_data, arch));
    add(p, BPF_JMP | BPF_K | BPF_JEQ, ARCHITECTURE, 1, 0);
    add(p, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
    load(p, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    verdict_if(p, BPF_JGE, 0x40000000U, refuse); /* the x32 names of the same calls */
#endif
    for (size_t i = 0; i < REFUSED_COUNT; i++)
        verdict_if(p, BPF_JEQ, REFUSED[i], refuse);
    /* Its flags are in memory, where a filter cannot look. */
    verdict_if(p, BPF_JEQ, SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
    add(p, BPF_JMP | BPF_K | BPF_JEQ, SYS_clone, 1, 0);
    add(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    /* clone: threads only. The flags are the low half (both machines are little-endian). */
    load(p, offsetof(struct seccomp_data, args[0]));
    verdict_if(p, BPF_JSET, CLONE_THREAD, SECCOMP_RET_ALLOW);
    add(p, BPF_RET | BPF_K, refuse, 0, 0);
}

int sandbox_filter_calls(void)
{
    struct program p = {.length = 0};
    assemble(&p);
    const struct sock_fprog program = {p.length, p.code};
    long rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    if (rc > 0) /* the thread that could not be bound */
        errno = EBUSY;
    return rc == 0 ? 0 : -1;
}

#else

int sandbox_filter_calls(void)
{
    errno = ENOSYS;
    return -1;
}

#endif
