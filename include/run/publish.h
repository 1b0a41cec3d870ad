/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * publish: a release appears as a whole, with its ledger entry, or not at all.
 *
 *   1 write it into OUTPUT/.new-RELEASE
 *   2 the auditor's own code checks it; a finding is ERR_REFUSED and nothing is published
 *   3 sign, flush every file and folder
 *   4 ledger_prepare       one transaction
 *   5 rename into place, refusing to replace anything; flush OUTPUT
 *   6 ledger_confirm
 * A crash before 5 leaves a prepared entry without its release, after 5 one with it: ledger_open
 * settles both. A failure (not a crash) before 5 withdraws the entry and removes the folder.
 */
#ifndef HERKOMST_RUN_PUBLISH_H
#define HERKOMST_RUN_PUBLISH_H

#include "run/release.h"

int publish(const struct release *r, const struct config *config, struct err *err);

#endif
