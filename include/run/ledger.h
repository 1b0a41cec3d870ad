/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ledger: what was ever published, in SQLite: every release with its digest and every cell with its
 * status, forever. The source of trends, of turnover decisions, and of `previous` in the manifest.
 *
 * A release and its entry appear together, whatever crashes when:
 *
 *     ledger_prepare(&l, &entry, cells...)    one transaction: the entry, marked prepared
 *     rename the release into place, flush
 *     ledger_confirm(&l, release)             marks it published
 *
 * ledger_open first settles what a crash left: a prepared entry whose release stands in its place
 * with the recorded digest is confirmed; one whose release is not there is removed.
 */
#ifndef HERKOMST_RUN_LEDGER_H
#define HERKOMST_RUN_LEDGER_H

#include "base/date.h"
#include "base/err.h"
#include "io/config.h"
#include "secure/digest.h"
#include "tables/structure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger; /* opaque */

enum { LEDGER_DEFINITIONS = CONFIG_VARIABLES * 2 * CONFIG_CODE }; /* those of all variables */

struct ledger_release {
    char id[CONFIG_CODE];
    date reference_date;
    char replaces[CONFIG_CODE]; /* "" or the release that this one corrects */
    char digest[DIGEST_TEXT];   /* SHA-256 of its SHA256SUMS */
    char software[32];
    char definitions[LEDGER_DEFINITIONS]; /* "origin=FL2016 ..." */
    char configuration[DIGEST_TEXT];      /* digest of the configuration */
};

/* Opens, or on a first run makes (0600 under secret_setup's umask), the ledger of the government
 * `name` for the releases in `output`, for this process alone until it is closed. Another
 * government's: ERR_CONFIG; in use by another process for more than two seconds: ERR_BUSY; no
 * ledger, of a newer version, or damaged: ERR_DATA; missing although `output` holds releases:
 * ERR_DATA; its folder is missing or may not be written: ERR_CREATE. */
int ledger_open(struct ledger **l, const char *path, const char *name, const char *output,
                struct err *err);
void ledger_close(struct ledger **l);

/* The release made last (of that reference date, unless DATE_NONE); *found = false if there is
 * none. */
int ledger_last(struct ledger *l, date reference, struct ledger_release *last, bool *found,
                struct err *err);

/* Could a release of that id be entered? Asked before a run's work is done; the errors are those of
 * ledger_open and ledger_check_unused. Makes no ledger. */
int ledger_check_ready(const char *path, const char *name, const char *output, const char *id,
                       struct err *err);

/* ERR_CREATE if the id was ever used. */
int ledger_check_unused(struct ledger *l, const char *id, struct err *err);

int ledger_prepare(struct ledger *l, const struct ledger_release *release,
                   const struct cells *cells, const int64_t *counts, const uint8_t *status,
                   struct err *err);
/* ERR_INTERNAL unless the entry was prepared. */
int ledger_confirm(struct ledger *l, const char *id, struct err *err);
/* Undoes a prepare; what is published stays. */
int ledger_withdraw(struct ledger *l, const char *id, struct err *err);

/* Calls row for every published release, oldest reference date first, those of one date as they
 * were made. ERR_NOINPUT if there is no file. */
int ledger_history(const char *path,
                   int (*row)(void *context, const struct ledger_release *release, struct err *err),
                   void *context, struct err *err);

#endif
