/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * manifest: manifest.json, what a release was made of: software, reference date, authorisation,
 * definitions, digests, key fingerprints, and the release before it.
 *
 * Input digests are keyed (secure/pseudonym.h, purpose "input"): a plain digest of a small file
 * would let anybody test guesses about the people in it. They do not depend on the order of rows.
 */
#ifndef HERKOMST_RUN_MANIFEST_H
#define HERKOMST_RUN_MANIFEST_H

#include "run/release.h"

int manifest_write(const struct release *r, const struct config *config,
                   const struct release_chain *chain, struct text *out, struct err *err);

#endif
