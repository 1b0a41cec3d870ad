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

struct ledger_release {
    char id[CONFIG_CODE];
    date reference_date;
    char replaces[CONFIG_CODE]; /* "" or the release that this one corrects */
    char digest[DIGEST_TEXT];   /* SHA-256 of its SHA256SUMS */
    char software[32];
    char definitions[256];           /* "origin=FL2016 ..." */
    char configuration[DIGEST_TEXT]; /* digest of the configuration */
};

/* Opens, or on a first run makes, the ledger of the government `name` for the releases in `output`.
 * Another government's: ERR_CONFIG; locked: ERR_BUSY; no ledger, or damaged: ERR_DATA; missing
 * although `output` holds releases: ERR_DATA. */
int ledger_open(struct ledger **l, const char *path, const char *name, const char *output,
                struct err *err);
void ledger_close(struct ledger **l);

/* The release made last (of that reference date, unless DATE_NONE); *found = false if there is
 * none. */
int ledger_last(struct ledger *l, date reference, struct ledger_release *last, bool *found,
                struct err *err);

/* ERR_CREATE if the id was ever used. */
int ledger_check_unused(struct ledger *l, const char *id, struct err *err);

int ledger_prepare(struct ledger *l, const struct ledger_release *release,
                   const struct cells *cells, const int64_t *counts, const uint8_t *status,
                   struct err *err);
int ledger_confirm(struct ledger *l, const char *id, struct err *err);
int ledger_withdraw(struct ledger *l, const char *id, struct err *err); /* undoes a prepare */

/* Calls row for every published release, oldest reference date first. */
int ledger_history(const char *path,
                   int (*row)(void *context, const struct ledger_release *release, struct err *err),
                   void *context, struct err *err);

#endif
