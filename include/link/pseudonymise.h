/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pseudonymise: from datasets with national numbers to the frames of pseudonymised.zone
 * (io/artefacts.h), which hold none.
 *
 *     pseudonymise(&out, &in, generations, &keys, threads, err)
 *                                               takes the rows of `in`, wipes its numbers
 *     pseudonymised_write(&out, &sink, err)
 *     pseudonymised_release(&out)                      always
 *
 * Renumbered persons get their last number first (link/alias.h), and rows of people whom nobody
 * needs end here (link/needed.h, for generations too). What comes out depends on the set
 * of accepted rows and the keys alone: not on the order of rows, on how they are spread over files,
 * or on threads.
 *
 * Figures, besides those of the intake: duplicate (of rows) for each dataset; conflict and cycle
 * (of rows) for alias; persons: distinct, all people that the datasets name, parents too.
 */
#ifndef HERKOMST_LINK_PSEUDONYMISE_H
#define HERKOMST_LINK_PSEUDONYMISE_H

#include "io/quality.h"
#include "link/intake.h"
#include "secure/pseudonym.h"

/* Both derived from the master key for this release (secure/pseudonym.h), in locked memory. */
struct pseudonym_keys {
    uint8_t *pseudonym;                     /* purpose "pseudonym" */
    uint8_t *input;                         /* purpose "input" */
    char fingerprint[KEY_FINGERPRINT_TEXT]; /* of the master key, public */
};

struct rows_spilled;
struct pseudonymised {
    struct frame persons;
    struct frame datasets[DATASET_COUNT]; /* alias: empty */
    /* When `in` has its rows in a temporary file, so have these: DATASET_COUNT; else NULL. */
    struct rows_spilled *spilled;
    struct frame inputs;
    struct quality quality;
};

/* `in` has been read; it is left with its files and issues only, and still to be released, after
 * `out` when its rows are in a temporary file. */
int pseudonymise(struct pseudonymised *out, struct intake *in, unsigned generations,
                 const struct pseudonym_keys *keys, unsigned threads, struct err *err);

/* Once: the memory of each dataset is given back when it is written, and the next one's file takes
 * it. */
int pseudonymised_write(struct pseudonymised *p, const struct sink *to, struct err *err);
void pseudonymised_release(struct pseudonymised *p);

#endif
