/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * input_digest: what the manifest says about an input dataset: two runs had the same input when the
 * digests are equal, and nobody without the master key learns anything else from them.
 *
 *   BLAKE2b-256(key of purpose "input" and the release,
 *               the frame's bytes (io/frame.h) without its columns of persons and parents,
 *               then for each of these columns and each row 16 bytes: the pseudonym,
 *               all 00 for no number, all FF for no such parent)
 *
 * Pseudonyms and not ids, because an id is a rank among all persons of the run: the digest of a
 * dataset depends on no other dataset's rows (its rows do depend on the code lists and on alias).
 */
#ifndef HERKOMST_LINK_INPUT_DIGEST_H
#define HERKOMST_LINK_INPUT_DIGEST_H

#include "io/frame.h"
#include "secure/pseudonym.h"

enum { INPUT_DIGEST_TEXT = 65 };

/* f: rows in order (link/row_order.h). ids: its columns that name persons, id_count of them. */
int input_digest(char out[static INPUT_DIGEST_TEXT], const struct frame *f,
                 struct column *const *ids, size_t id_count,
                 const uint8_t (*pseudonyms)[PSEUDONYM_BYTES],
                 const uint8_t key[static PSEUDONYM_KEYBYTES], struct err *err);

#endif
