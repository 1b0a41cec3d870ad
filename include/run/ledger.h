/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ledger: what was ever published, in SQLite: every release with its digest, its rules.json and its
 * turnover.csv, and every cell with its status, forever. The source of trends, of turnover
 * decisions, of what a new release may not undo, and of `previous` in the manifest.
 *
 * A release and its entry appear together, whatever crashes when:
 *
 *     ledger_prepare(&l, &entry, cells...)    one transaction: the entry, marked prepared
 *     rename the release into place, flush
 *     ledger_confirm(&l, release)             marks it published
 *
 * ledger_open first settles what a crash left: a prepared entry whose release stands in its place
 * with the recorded digest is confirmed; one whose release is not there is removed. A ledger of
 * herkomst 0.1.0, which had no rules, then gets them from the releases in `output`, once.
 *
 * ORDER. Reference dates never go back, but for a revision: a release X.rN where the ledger has X
 * or a revision of it, for the same reference date.
 */
#ifndef HERKOMST_RUN_LEDGER_H
#define HERKOMST_RUN_LEDGER_H

#include "base/date.h"
#include "base/err.h"
#include "io/config.h"
#include "secure/digest.h"
#include "tables/turnover.h"

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

/* What the release replaces: "" or, for a revision, the last one of its line; for any other one the
 * last of its reference date. */
int ledger_replaced(struct ledger *l, const char *id, date reference,
                    char replaced[static CONFIG_CODE], struct err *err);

struct ledger_dates {
    size_t count;
    date dates[TURNOVER_DATES]; /* increasing */
};

/* Could a release of that id and reference date be entered? Asked before a run's work is done; the
 * errors are those of ledger_open, ledger_check_unused and ledger_check_order. Makes no ledger.
 * others: the other reference dates of which something is published. */
int ledger_check_ready(const char *path, const char *name, const char *output, const char *id,
                       date reference, struct ledger_dates *others, struct err *err);

/* ERR_CONFIG if it would break the order of reference dates. */
int ledger_check_order(struct ledger *l, const char *id, date reference, struct err *err);

/* ERR_CREATE if the id was ever used. */
int ledger_check_unused(struct ledger *l, const char *id, struct err *err);

struct ledger_cells {                    /* what is entered of a release */
    const struct text *rules, *turnover; /* its rules.json and turnover.csv; NULL: it has none */
    const struct cells *cells;
    const int64_t *counts;
    const uint8_t *status; /* 1: hidden */
    const uint8_t *named;  /* per cell, 1 = the turnover rule names it; NULL = none */
};

int ledger_prepare(struct ledger *l, const struct ledger_release *release,
                   const struct ledger_cells *content, struct err *err);
/* ERR_INTERNAL unless the entry was prepared. */
int ledger_confirm(struct ledger *l, const char *id, struct err *err);
/* Undoes a prepare; what is published stays. */
int ledger_withdraw(struct ledger *l, const char *id, struct err *err);

/* Everything that was published, for reading only: past is a zeroed struct, to be cleared whatever
 * the result. No file: nothing was published. Errors: those of ledger_open; nothing is settled or
 * changed. */
int ledger_read_past(const char *path, const char *name, struct past *past, struct err *err);

/* The same of an open ledger. */
int ledger_past(struct ledger *l, struct past *past, struct err *err);

/* ERR_DATA unless the ledger holds just the releases of this frame (past_list). */
int ledger_check_past(struct ledger *l, const struct frame *past, struct err *err);

struct ledger_row { /* a line of the history */
    struct ledger_release release;
    struct disclosure rules;
    size_t cells, hidden;
};

/* Calls row for every published release, oldest reference date first, those of one date as they
 * were made. ERR_NOINPUT if there is no file. */
int ledger_history(const char *path,
                   int (*row)(void *context, const struct ledger_row *row, struct err *err),
                   void *context, struct err *err);

#endif
