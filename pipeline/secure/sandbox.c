/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The file and network side of include/secure/sandbox.h: Landlock, by system call since Debian 12's
 * C library has no wrappers. Its kernel headers end at ABI 2, so later constants are given here;
 * the numbers are the kernel's stable interface (Documentation/userspace-api/landlock.rst).
 */
#include "secure/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Accesses to files, by the ABI that brought them. */
#define ABI_1 ((1ULL << 13) - 1) /* EXECUTE to MAKE_SYM */
#define ABI_2 (1ULL << 13)       /* REFER: link or rename to another folder */
#define ABI_3 (1ULL << 14)       /* TRUNCATE */
#define ABI_5 (1ULL << 15)       /* IOCTL_DEV */

#define TCP_ALL 3ULL   /* ABI 4: bind, connect */
#define SCOPE_ALL 3ULL /* ABI 6: abstract unix sockets, signals */

#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define WRITE_FILE (READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ABI_3)
#define READ_FOLDER (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_FOLDER                                                                        \
    (WRITE_FILE | READ_FOLDER | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | ABI_2)

/* struct landlock_ruleset_attr of ABI 6; older kernels take the part that they know. */
struct ruleset {
    uint64_t files;
    uint64_t tcp;
    uint64_t scope;
};

static size_t ruleset_size(int abi)
{
    return abi >= 6   ? sizeof(struct ruleset)
           : abi >= 4 ? offsetof(struct ruleset, scope)
                      : offsetof(struct ruleset, tcp);
}

static uint64_t guarded_files(int abi)
{
    return ABI_1 | (abi >= 2 ? ABI_2 : 0) | (abi >= 3 ? ABI_3 : 0) | (abi >= 5 ? ABI_5 : 0);
}

void sandbox_init(struct sandbox *s)
{
    *s = (struct sandbox){.ruleset = -1};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
        return; /* not built in, or switched off at boot */
    long fd = -1;
    if (abi >= 1) {
        s->abi = (int)abi;
        s->files = guarded_files(s->abi);
        const struct ruleset rules = {
            .files = s->files,
            .tcp = abi >= 4 ? TCP_ALL : 0,
            .scope = abi >= 6 ? SCOPE_ALL : 0,
        };
        fd = syscall(SYS_landlock_create_ruleset, &rules, ruleset_size(s->abi), 0);
    }
    if (fd < 0)
        s->failure = errno;
    s->ruleset = (int)fd;
}

static int not_made(const struct sandbox *s, struct err *err)
{
    errno = s->failure;
    return err_errno(err, ERR_SYSTEM, "the sandbox cannot be made");
}

static int rule_add(struct sandbox *s, const char *path, int fd, uint64_t on_file,
                    uint64_t on_folder, struct err *err)
{
    struct stat st;
    struct landlock_path_beneath_attr rule = {.parent_fd = fd};
    if (fstat(fd, &st) != 0)
        return err_errno(err, ERR_IO, "cannot be examined"), err_at(err, path, 0);
    rule.allowed_access = (S_ISDIR(st.st_mode) ? on_folder : on_file) & s->files;
    if (s->ruleset >= 0 &&
        syscall(SYS_landlock_add_rule, s->ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        return err_errno(err, ERR_SYSTEM, "the sandbox cannot be opened for it"),
               err_at(err, path, 0);
    return 0;
}

static int path_add(struct sandbox *s, const char *path, uint64_t on_file, uint64_t on_folder,
                    struct err *err)
{
    if (s->failure)
        return not_made(s, err);
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) {
        (void)err_errno(err, errno == ENOENT ? ERR_NOINPUT : ERR_IO, "cannot be opened");
        return err_at(err, path, 0);
    }
    int rc = rule_add(s, path, fd, on_file, on_folder, err);
    (void)close(fd);
    return rc;
}

int sandbox_add_read(struct sandbox *s, const char *path, struct err *err)
{
    return path_add(s, path, READ_FILE, READ_FOLDER, err);
}

int sandbox_add_write(struct sandbox *s, const char *path, struct err *err)
{
    return path_add(s, path, WRITE_FILE, WRITE_FOLDER, err);
}

int sandbox_enforce(struct sandbox *s, struct err *err)
{
    if (s->failure)
        return not_made(s, err);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return err_errno(err, ERR_SYSTEM, "the sandbox cannot be closed");
    if (s->ruleset >= 0) {
        if (syscall(SYS_landlock_restrict_self, s->ruleset, 0) != 0)
            return err_errno(err, ERR_SYSTEM, "the sandbox cannot be closed");
        s->holds |= SANDBOX_FILES | (s->abi >= 4 ? (unsigned)SANDBOX_NETWORK : 0U);
    }
    if (sandbox_filter_calls() == 0)
        s->holds |= SANDBOX_CALLS;
    else if (errno != ENOSYS && errno != EINVAL)
        return err_errno(err, ERR_SYSTEM, "the sandbox cannot be closed");
    return 0;
}

void sandbox_release(struct sandbox *s)
{
    if (s->ruleset >= 0)
        (void)close(s->ruleset);
    s->ruleset = -1;
}
