/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/confine.h. */
#include "run/confine.h"

#include "base/report.h"
#include "base/text.h"
#include "secure/sandbox.h"

#include <string.h>
#include <unistd.h>

/* The folder in front of a glob's first wildcard, or the file's own folder. A backslash takes the
 * meaning off the character behind it. */
static int grant_dataset(struct sandbox *box, const char *pattern, struct err *err)
{
    struct text folder;
    text_init(&folder);
    for (const char *c = pattern; *c && !strchr("*?[", *c); c++) {
        if (*c == '\\' && c[1])
            c++;
        text_char(&folder, *c);
    }
    while (folder.length > 1 && folder.bytes[folder.length - 1] != '/')
        folder.bytes[--folder.length] = '\0';
    int rc = folder.failed ? err_memory(err) : sandbox_add_read(box, folder.bytes, err);
    text_release(&folder);
    return rc;
}

static int grant_folder_of(struct sandbox *box, const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    struct text folder;
    text_init(&folder);
    text_append(&folder, path, slash && slash > path ? (size_t)(slash - path) : 1);
    int rc = folder.failed ? err_memory(err) : sandbox_add_write(box, folder.bytes, err);
    text_release(&folder);
    return rc;
}

/* A key that is not there or out of reach is a key problem, not a missing input. */
static int grant_key(struct sandbox *box, const char *path, struct err *err)
{
    int rc = sandbox_add_read(box, path, err);
    if (rc != 0 && (err->kind == ERR_NOINPUT || err->kind == ERR_IO))
        err->kind = ERR_KEY;
    return rc;
}

static int grant(const struct stage *s, struct sandbox *box, struct err *err)
{
    const struct config *c = &s->config;
    unsigned rights = s->spec->rights;
    if ((s->spec->output ? sandbox_add_write(box, s->work, err)
                         : sandbox_add_read(box, s->work, err)) != 0)
        return -1;
    for (int d = 0; rights & RIGHT_DATASETS && d < DATASET_COUNT; d++)
        if (c->datasets[d].present && grant_dataset(box, c->datasets[d].path, err) != 0)
            return -1;
    for (size_t i = 0; rights & RIGHT_PSEUDONYM_KEY && i < c->pseudonym_key_count; i++)
        if (grant_key(box, c->pseudonym_keys[i], err) != 0)
            return -1;
    if (rights & RIGHT_PRIVATE_QUALITY && sandbox_add_write(box, c->quality, err) != 0)
        return -1;
    if (rights & RIGHT_LEDGER && access(c->ledger, F_OK) == 0 &&
        sandbox_add_read(box, c->ledger, err) != 0)
        return -1;
    if (rights & RIGHT_SIGNING_KEY && grant_key(box, c->signing_key, err) != 0)
        return -1;
    if (rights & RIGHT_RELEASES &&
        (sandbox_add_write(box, c->output, err) != 0 || grant_folder_of(box, c->ledger, err) != 0))
        return -1;
    return 0;
}

int confine_stage(const struct stage *s, struct err *err)
{
    struct sandbox box;
    sandbox_init(&box);
    int rc = grant(s, &box, err);
    if (rc == 0)
        rc = sandbox_enforce(&box, err);
    if (rc == 0 && !(box.holds & SANDBOX_FILES))
        report_note("this kernel cannot confine a process to its files");
    if (rc == 0 && !(box.holds & SANDBOX_CALLS))
        report_note("this kernel cannot refuse a process its system calls");
    sandbox_release(&box);
    return rc;
}
