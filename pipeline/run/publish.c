/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/publish.h. */
#include "run/publish.h"

#include "audit/audit.h"
#include "base/report.h"
#include "run/output.h"
#include "run/program.h"
#include "secure/files.h"
#include "secure/keyfile.h"
#include "tables/turnover_csv.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define STAGED ".new-"

struct publication {
    const struct release *release;
    const struct config *config;
    unsigned threads;
    struct signing_key key;
    struct ledger *ledger;
    struct ledger_release entry;
    struct release_chain chain;
    struct past past;                 /* all earlier releases */
    struct text staged, target, sums; /* folders, and the text that is signed */
    int lock;
};

static int lock_output(const struct config *c, int *lock, struct err *err)
{
    struct text path;
    text_init(&path);
    text_format(&path, "%s/.publish.lock", c->output);
    int rc = path.failed ? err_memory(err) : files_lock(path.bytes, lock, err);
    text_release(&path);
    return rc;
}

int publish_remove_leftovers(const struct config *config, struct err *err)
{
    int lock = -1;
    int rc = lock_output(config, &lock, err);
    if (rc == 0)
        rc = output_remove_leftovers(config, STAGED, err);
    files_unlock(&lock);
    return rc;
}

/* Everything that can be refused before work is done. */
static int open_all(struct publication *p, struct err *err)
{
    const struct config *c = p->config;
    text_format(&p->staged, "%s/" STAGED "%s", c->output, c->release);
    if (p->staged.failed)
        return err_memory(err);
    if (strcmp(p->release->rules.release, c->release) != 0 ||
        p->release->rules.reference_date != c->reference_date)
        return err_set(err, ERR_DATA, "the protected tables are of another release");
    if (output_release_path(c, &p->target, err) != 0 ||
        keyfile_read_signing(c->signing_key, &p->key, err) != 0 ||
        lock_output(c, &p->lock, err) != 0 || output_remove_leftovers(c, STAGED, err) != 0 ||
        ledger_open(&p->ledger, c->ledger, c->name, c->output, err) != 0 ||
        output_check_free(c, err) != 0 || ledger_check_unused(p->ledger, c->release, err) != 0 ||
        ledger_check_order(p->ledger, c->release, c->reference_date, err) != 0 ||
        ledger_check_past(p->ledger, &p->release->past, err) != 0)
        return -1;
    return 0;
}

static int find_chain(struct publication *p, struct err *err)
{
    const struct config *c = p->config;
    bool any = false;
    key_id_text(p->chain.signing_key_id, p->key.id);
    if (ledger_last(p->ledger, DATE_NONE, &p->chain.previous, &any, err) != 0)
        return -1;
    if (ledger_replaced(p->ledger, c->release, c->reference_date, p->chain.replaces, err) != 0)
        return -1;
    return ledger_past(p->ledger, &p->past, err);
}

static int audit_staged(struct publication *p, struct err *err)
{
    struct audit_result result;
    int rc = audit_release(p->staged.bytes, NULL, &result, err);
    if (rc == 0 && p->past.count > 0)
        rc = audit_cumulative(p->staged.bytes, &p->past, &result, err);
    if (rc == 0 && !audit_passed(&result)) {
        (void)err_set(err, ERR_REFUSED, "the audit of the new release says no: %s",
                      result.kept ? result.findings[0].text : "a rule could not be checked");
        rc = err_hint(err, "nothing was published");
    }
    audit_result_release(&result);
    return rc;
}

/* Only what the audit let pass becomes readable for others, and is signed. */
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
    if (rc == 0 && chmod(p->staged.bytes, 0755) != 0)
        rc = err_errno(err, ERR_CREATE, "release %s", p->config->release);
    if (rc == 0)
        rc = files_fsync_folder(p->staged.bytes, err);
    text_release(&path);
    text_release(&comment);
    text_release(&signature);
    return rc;
}

static int stage_files(struct publication *p, struct err *err)
{
    const struct release *r = p->release;
    if (files_make_folder(p->staged.bytes, 0700, err) != 0 ||
        release_write(r, p->config, &p->chain, &p->past, p->threads, p->staged.bytes, &p->sums,
                      p->entry.digest, err) != 0 ||
        audit_staged(p, err) != 0 || sign_staged(p, err) != 0)
        return -1;
    return 0;
}

static int enter(struct publication *p, struct err *err)
{
    const struct release *r = p->release;
    struct ledger_release *e = &p->entry;
    (void)snprintf(e->id, sizeof e->id, "%s", p->config->release);
    (void)snprintf(e->replaces, sizeof e->replaces, "%s", p->chain.replaces);
    (void)snprintf(e->software, sizeof e->software, "herkomst %s", HERKOMST_VERSION);
    (void)snprintf(e->configuration, sizeof e->configuration, "%s", p->config->digest);
    e->reference_date = p->config->reference_date;
    release_definitions(&p->release->rules, e->definitions, sizeof e->definitions);
    struct text rules, turnover;
    const struct ledger_cells content = {&rules,    &turnover, &r->cells,
                                         r->counts, r->status, r->named};
    text_init(&rules);
    text_init(&turnover);
    int rc = rules_write_json(&r->rules, &rules, err);
    if (rc == 0)
        rc = turnover_csv_write(&turnover, &r->rules, &r->cells, &r->turnover, err);
    if (rc == 0)
        rc = ledger_prepare(p->ledger, e, &content, err);
    text_release(&rules);
    text_release(&turnover);
    return rc;
}

static int rename_new(const struct text *from, const struct text *to)
{
    return renameat2(AT_FDCWD, from->bytes, AT_FDCWD, to->bytes, RENAME_NOREPLACE);
}

/* Takes the release back out of its place, for good. -1: it cannot be told where it is after a
 * power failure; what is there and its entry then stay as they are, for ledger_open to settle. */
static int move_back(const struct publication *p)
{
    if (rename_new(&p->target, &p->staged) != 0)
        return -1;
    return files_fsync_folder(p->config->output, NULL);
}

/* SQLite may refuse to go on after an error of the disk: opened anew, the ledger settles what is
 * still prepared. If even that fails, the next publication's does. */
static void withdraw(struct publication *p)
{
    const struct config *c = p->config;
    if (ledger_withdraw(p->ledger, c->release, NULL) == 0)
        return;
    ledger_close(&p->ledger);
    (void)ledger_open(&p->ledger, c->ledger, c->name, c->output, NULL);
}

/* The release stands in its place, with its entry: that is done, also where the entry cannot be
 * marked so. A ledger that is opened anew settles it; if not now, then before its next use. */
static void confirm(struct publication *p)
{
    const struct config *c = p->config;
    if (ledger_confirm(p->ledger, c->release, NULL) == 0)
        return;
    ledger_close(&p->ledger);
    if (ledger_open(&p->ledger, c->ledger, c->name, c->output, NULL) != 0)
        report_warning("the ledger cannot be written: its entry of release %s stays unconfirmed "
                       "until the next run",
                       c->release);
}

/* Enters the release and renames it into place. On failure *undone tells whether nothing is left of
 * it but the staged folder. */
static int move_into_place(struct publication *p, bool *undone, struct err *err)
{
    *undone = true;
    if (enter(p, err) != 0)
        goto withdraw; /* an entry whose last flush failed may be there all the same */
    if (rename_new(&p->staged, &p->target) != 0) {
        (void)err_errno(err, ERR_CREATE, "release %s", p->config->release);
        goto withdraw;
    }
    if (files_fsync_folder(p->config->output, err) == 0) {
        confirm(p);
        return 0;
    }
    *undone = move_back(p) == 0;
    if (!*undone)
        return -1;
withdraw:
    withdraw(p);
    return -1;
}

/* Signals that ask the process to stop; *before is what was held back already. */
static int hold_signals(sigset_t *before, struct err *err)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    return sigprocmask(SIG_BLOCK, &set, before) == 0 ? 0
                                                     : err_errno(err, ERR_SYSTEM, "sigprocmask");
}

int publish(const struct release *r, const struct config *config, unsigned threads, struct err *err)
{
    struct publication p = {.release = r, .config = config, .threads = threads, .lock = -1};
    sigset_t before;
    bool held = false, undone = true;
    int rc = -1;
    if (open_all(&p, err) != 0 || find_chain(&p, err) != 0)
        goto out;
    if (stage_files(&p, err) != 0 || hold_signals(&before, err) != 0)
        goto undo;
    held = true;
    rc = move_into_place(&p, &undone, err);
undo:
    if (rc != 0 && undone)
        (void)files_remove_tree(p.staged.bytes, NULL);
out:
    ledger_close(&p.ledger);
    past_clear(&p.past);
    signing_key_release(&p.key);
    files_unlock(&p.lock);
    text_release(&p.staged);
    text_release(&p.target);
    text_release(&p.sums);
    if (held && rc != 0)
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return rc;
}
