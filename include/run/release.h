/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release: the files of a release, from protected tables only.
 *
 *     release_load(&r, &source, err)          the frames of protected.zone
 *     release_write(&r, config, &chain, &past, threads, folder, &sums, digest, err)
 *                                             every file but the signature, and SHA256SUMS
 *     release_free(&r)
 *
 * Nothing here sees a hidden count: protected.zone does not hold them.
 */
#ifndef HERKOMST_RUN_RELEASE_H
#define HERKOMST_RUN_RELEASE_H

#include "io/config.h"
#include "io/frame.h"
#include "run/ledger.h"
#include "secure/digest.h"
#include "secure/sign.h"
#include "tables/rules.h"
#include "tables/structure.h"

struct release {
    struct rules rules;
    struct cells cells;
    int64_t *counts; /* 0 where hidden */
    uint8_t *status; /* per cell: 0 published, 1 confidential */
    uint8_t *named;  /* per cell: 1 = confidential, and the turnover rule names it */
    struct turnover turnover;
    struct frame certificate, past, inputs, quality;
};

/* Release r whatever the result. ERR_DATA: the frames do not fit each other. */
int release_load(struct release *r, const struct source *source, struct err *err);
void release_free(struct release *r);

/* What the manifest says of the chain of releases and of who signs; empty ids for none. */
struct release_chain {
    char signing_key_id[SIGN_KEYID_TEXT];
    struct ledger_release previous; /* made before this one */
    char replaces[CONFIG_CODE];     /* corrected by this one */
};

/* Writes into an empty folder; past: all earlier releases; digest: the SHA-256 of SHA256SUMS, whose
 * text is left in sums. All is flushed to disk, but for the entries of `folder` itself, where the
 * signature is still to come.
 */
int release_write(const struct release *r, const struct config *config,
                  const struct release_chain *chain, const struct past *past, unsigned threads,
                  const char *folder, struct text *sums, char digest[static DIGEST_TEXT],
                  struct err *err);

/* "origin=FL2016 ...": the definitions of its variables; LEDGER_DEFINITIONS has room for all. */
void release_definitions(const struct rules *rules, char *out, size_t size);

#endif
