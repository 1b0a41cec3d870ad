/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * publish: a release appears as a whole, with its ledger entry, or not at all.
 *
 *   1 write it into OUTPUT/.new-RELEASE, which nobody else can enter
 *   2 the auditor's own code checks it; a finding is ERR_REFUSED and nothing is published
 *   3 sign, flush every file and folder
 *   4 ledger_prepare       one transaction
 *   5 rename into place, refusing to replace anything; flush OUTPUT
 *   6 ledger_confirm
 * A crash before 5 leaves a prepared entry without its release, after 5 one with it: ledger_open
 * settles both. A failure (not a crash) of 1 to 5 withdraws the entry and removes the folder; only
 * where the disk no longer lets the release be taken back for certain are both left as they are,
 * for ledger_open. A failure of 6 is a warning: the release and its entry are there. From 4 on
 * SIGINT, SIGTERM and SIGHUP are held back, and after success they stay so: the process ends with
 * the exit code that says what happened.
 */
#ifndef HERKOMST_RUN_PUBLISH_H
#define HERKOMST_RUN_PUBLISH_H

#include "run/release.h"

/* Errors: ERR_DATA the tables are of another release; ERR_KEY; ERR_BUSY; ERR_CREATE the release or
 * its id exists; ERR_REFUSED; and those of ledger_open, ledger_check_order, ledger_check_past. */
int publish(const struct release *r, const struct config *config, unsigned threads,
            struct err *err);

/* Removes what crashed publications left in OUTPUT; ERR_BUSY while one is going on. */
int publish_remove_leftovers(const struct config *config, struct err *err);

#endif
