/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * input_digest: what the manifest says about an input dataset: two runs had the same input when the
 * digests are equal, and nobody without the master key learns anything else from them.
 *
 *     input_rows_open(&rows, frame, number_count, hasher, err)
 *     input_rows_words(&rows, err)                          after words came into the frame
 *     input_rows_hash(&rows, row, count, hashes)            of any rows, in any order
 *     input_digest_rows(&digest, &rows, count)
 *     input_digest_text(out, &digest, frame, key)
 *     input_rows_close(&rows)
 *
 *   BLAKE2b-256(key, the frame's name, each column's name and type, the number of rows,
 *               the sum of SipHash-2-4-128(its own key, row) over them (secure/row_hash.h))
 *
 * with the key of purpose "input" and the release. A row is: of each coded cell 8 bytes of a keyed
 * hash of its word, of any other one its 4; persons and parents are national numbers there, packed,
 * as the file has them: neither ids, which are ranks among all persons of the run, nor what alias
 * says of them. So the digest of a dataset depends on no other dataset's rows, but for the code
 * lists that say which rows are accepted.
 */
#ifndef HERKOMST_LINK_INPUT_DIGEST_H
#define HERKOMST_LINK_INPUT_DIGEST_H

#include "io/dataset.h"
#include "io/frame.h"
#include "secure/pseudonym.h"
#include "secure/row_hash.h"

enum { INPUT_DIGEST_TEXT = 65 };

struct input_digest {
    uint64_t sum[ROW_HASH_WORDS];
    uint64_t rows;
};

/* A frame's rows as what is hashed. */
struct input_rows {
    const struct row_hasher *hasher;
    const uint32_t *numbers[DATASET_PERSONS]; /* of each row: the caller's to set */
    size_t number_count;
    size_t column_count, coded_count;
    const struct column *column[FRAME_COLUMNS]; /* all but those of persons, coded ones first */
    uint64_t *words[FRAME_COLUMNS];             /* hashes of a coded column's words, by code */
    uint32_t word_count[FRAME_COLUMNS];
    size_t length; /* bytes of a row */
};

/* Columns that have no cells yet (frame_add_later) are those of persons, `number_count` of them.
 * The hasher and the frame must stay as long as r; what cells are read is settled by each hash. */
int input_rows_open(struct input_rows *r, const struct frame *f, size_t number_count,
                    const struct row_hasher *hasher, struct err *err);
void input_rows_close(struct input_rows *r); /* of all zeros: fine */
/* Hashes the words that the frame's dictionaries have got since, and gives nothing else. */
int input_rows_words(struct input_rows *r, struct err *err);

/* count: at most ROW_HASH_ROWS. Threads may share r. */
void input_rows_hash(const struct input_rows *r, const uint32_t *rows, size_t count,
                     row_hashes out);

/* Adds rows 0 ... count - 1. */
void input_digest_rows(struct input_digest *d, const struct input_rows *r, size_t count);
void input_digest_join(struct input_digest *d, const struct input_digest *more);

void input_digest_text(char out[static INPUT_DIGEST_TEXT], const struct input_digest *d,
                       const struct frame *f, const uint8_t key[static PSEUDONYM_KEYBYTES]);

/* A row by its hash, where rows that are the same must be found. */
struct row_name {
    uint64_t words[ROW_HASH_WORDS];
};
struct row_name row_name_of(row_hashes hashes, size_t i);
/* Sorts names; returns how many equal another one that is counted. */
size_t row_names_repeated(struct row_name *names, size_t count);

#endif
