/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/publish.h. */
#include "run/publish.h"

#include "audit/audit.h"
#include "run/output.h"
#include "run/program.h"
#include "secure/files.h"
#include "secure/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

struct publication {
    const struct release *release;
    const struct config *config;
    struct signing_key key;
    struct ledger *ledger;
    struct ledger_release entry;
    struct release_chain chain;
    struct text staged, target, sums; /* folders, and the text that is signed */
    int lock;
};

/* Everything that can be refused before work is done. */
static int open_all(struct publication *p, struct err *err)
{
    const struct config *c = p->config;
    struct text lock;
    text_init(&lock);
    text_format(&lock, "%s/.publish.lock", c->output);
    text_format(&p->staged, "%s/.new-%s", c->output, c->release);
    int rc = lock.failed || p->staged.failed ? err_memory(err) : 0;
    if (rc == 0 && strcmp(p->release->rules.release, c->release) != 0)
        rc = err_set(err, ERR_DATA, "the protected tables are of another release");
    if (rc == 0 &&
        (output_release_path(c, &p->target, err) != 0 ||
         keyfile_read_signing(c->signing_key, &p->key, err) != 0 ||
         files_lock(lock.bytes, &p->lock, err) != 0 ||
         ledger_open(&p->ledger, c->ledger, c->name, c->output, err) != 0 ||
         output_check_free(c, err) != 0 || ledger_check_unused(p->ledger, c->release, err) != 0))
        rc = -1;
    text_release(&lock);
    return rc;
}

static int find_chain(struct publication *p, struct err *err)
{
    struct ledger_release same;
    bool any = false, corrects = false;
    key_id_text(p->chain.signing_key_id, p->key.id);
    if (ledger_last(p->ledger, DATE_NONE, &p->chain.previous, &any, err) != 0 ||
        ledger_last(p->ledger, p->config->reference_date, &same, &corrects, err) != 0)
        return -1;
    if (!corrects)
        return 0;
    (void)snprintf(p->chain.replaces, sizeof p->chain.replaces, "%s", same.id);
    return 0;
}

static int audit_staged(const struct publication *p, struct err *err)
{
    struct audit_result result;
    int rc = audit_release(p->staged.bytes, NULL, &result, err);
    if (rc == 0 && !audit_passed(&result)) {
        err_set(err, ERR_REFUSED, "the audit of the new release says no: %s",
                result.kept ? result.findings[0].text : "a rule could not be checked");
        rc = err_hint(err, "nothing was published");
    }
    audit_result_release(&result);
    return rc;
}

static int sign_staged(struct publication *p, struct err *err)
{
    struct text signature, comment, path;
    text_init(&signature);
    text_init(&comment);
    text_init(&path);
    text_format(&comment, "herkomst release %s", p->config->release);
    text_format(&path, "%s/SHA256SUMS.minisig", p->staged.bytes);
    int rc = comment.failed || path.failed ? err_memory(err) : 0;
    if (rc == 0)
        rc = sign_bytes(&signature, p->sums.bytes, p->sums.length, comment.bytes, &p->key, err);
    if (rc == 0)
        rc = files_write_new(path.bytes, 0644, signature.bytes, signature.length, err);
    text_release(&path);
    text_clear(&comment);
    text_format(&comment, "%s/tables", p->staged.bytes);
    if (rc == 0 && (files_fsync_folder(comment.bytes, err) != 0 ||
                    files_fsync_folder(p->staged.bytes, err) != 0))
        rc = -1;
    text_release(&comment);
    text_release(&signature);
    return rc;
}

static int stage_files(struct publication *p, struct err *err)
{
    const struct release *r = p->release;
    if (files_remove_tree(p->staged.bytes, err) != 0 ||
        files_make_folder(p->staged.bytes, 0755, err) != 0 ||
        release_write(r, p->config, &p->chain, p->staged.bytes, &p->sums, p->entry.digest, err) !=
            0 ||
        audit_staged(p, err) != 0 || sign_staged(p, err) != 0)
        return -1;
    return 0;
}

static int enter(struct publication *p, struct err *err)
{
    struct ledger_release *e = &p->entry;
    (void)snprintf(e->id, sizeof e->id, "%s", p->config->release);
    (void)snprintf(e->replaces, sizeof e->replaces, "%s", p->chain.replaces);
    (void)snprintf(e->software, sizeof e->software, "herkomst %s", HERKOMST_VERSION);
    (void)snprintf(e->configuration, sizeof e->configuration, "%s", p->config->digest);
    e->reference_date = p->config->reference_date;
    release_definitions(&p->release->rules, e->definitions, sizeof e->definitions);
    return ledger_prepare(p->ledger, e, &p->release->cells, p->release->counts, p->release->status,
                          err);
}

static int rename_new(const struct text *from, const struct text *to)
{
    return renameat2(AT_FDCWD, from->bytes, AT_FDCWD, to->bytes, RENAME_NOREPLACE);
}

/* The moment of publication. If the ledger cannot be told, the release is taken back. */
static int move_into_place(struct publication *p, struct err *err)
{
    if (rename_new(&p->staged, &p->target) != 0)
        return err_errno(err, ERR_CREATE, "release %s", p->config->release);
    if (files_fsync_folder(p->config->output, err) == 0 &&
        ledger_confirm(p->ledger, p->config->release, err) == 0)
        return 0;
    (void)rename_new(&p->target, &p->staged);
    return -1;
}

int publish(const struct release *r, const struct config *config, struct err *err)
{
    struct publication p = {.release = r, .config = config, .lock = -1};
    bool prepared = false;
    int rc = -1;
    if (open_all(&p, err) != 0 || find_chain(&p, err) != 0)
        goto out;
    if (stage_files(&p, err) != 0 || enter(&p, err) != 0)
        goto undo;
    prepared = true;
    if (move_into_place(&p, err) != 0)
        goto undo;
    rc = 0;
    goto out;
undo:
    if (prepared)
        (void)ledger_withdraw(p.ledger, config->release, NULL);
    (void)files_remove_tree(p.staged.bytes, NULL);
out:
    ledger_close(&p.ledger);
    signing_key_release(&p.key);
    files_unlock(&p.lock);
    text_release(&p.staged);
    text_release(&p.target);
    text_release(&p.sums);
    return rc;
}
