/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * row_hash: a keyed 128-bit hash of rows (SipHash-2-4), several at a time, and sums of such hashes.
 *
 * A sum over rows (of 64-bit words, each modulo 2^64) is a digest of them that does not depend on
 * their order, and parts of which may be made apart from one another and added (the multiset hash
 * of Clarke, Devadas, van Dijk, Gassend and Suh, 2003, with a secret key). It binds nobody who has
 * the key: such a one could make other rows with the same sum.
 */
#ifndef HERKOMST_SECURE_ROW_HASH_H
#define HERKOMST_SECURE_ROW_HASH_H

#include "secure/secret.h"
#include "secure/siphash_lanes.h"

enum {
    ROW_HASH_ROWS = LANES,
    ROW_HASH_WORDS = SIPHASH_WORDS,
    ROW_HASH_KEY = 32,
    ROW_HASH_BYTES = 1024 /* of a row, at most */
};

/* Word w of row r is words[w][r]. */
typedef uint64_t row_hashes[ROW_HASH_WORDS][ROW_HASH_ROWS];

struct row_hasher;

/* Copies the key, and the one that it derives for rows, into its own locked memory, and chooses a
 * kernel that gives libsodium's bytes for some rows; without one every row goes to libsodium. NULL:
 * see secret_alloc. */
struct row_hasher *row_hasher_open(const uint8_t key[static ROW_HASH_KEY], struct err *err);
void row_hasher_close(struct row_hasher *h); /* NULL is fine */

/* The first of the kernels that can be trusted, or NULL. */
const struct siphash_lanes *row_hash_kernel(const struct siphash_lanes *kernels, size_t count);

/* Hashes ROW_HASH_ROWS rows, laid out as siphash_kernel says. Threads may share h. */
void row_hash(const struct row_hasher *h, row_hashes out, const uint64_t (*words)[ROW_HASH_ROWS],
              size_t length);
/* Eight bytes of a keyed hash of a word (BLAKE2b), to stand for it in rows. */
uint64_t row_hash_word(const struct row_hasher *h, const char *word, size_t length);

#endif
