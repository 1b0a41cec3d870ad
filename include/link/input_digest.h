/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * input_digest: what the manifest says about an input dataset: two runs had the same input when the
 * digests are equal, and nobody without the master key learns anything else from them.
 *
 *     input_rows_open(&rows, frame, ids, id_count, key, err)
 *     input_rows_hash(&rows, row, count, hashes)            of any rows, in any order
 *     input_digest_add(&digest, hashes, count)
 *     input_digest_text(out, &digest, frame, key)
 *     input_rows_close(&rows)
 *
 *   BLAKE2b-256(key, the frame's name, each column's name and type, the number of distinct rows,
 *               the sum of BLAKE2b-256(key, row) over them (secure/row_hash.h))
 *
 * with the key of purpose "input" and the release. A row is: of each coded cell 8 bytes of a keyed
 * hash of its word, of any other one its 4 or 16; persons and parents are national numbers there,
 * packed, and not ids: an id is a rank among all persons of the run, and the digest of a dataset
 * depends on no other dataset's rows (its rows do depend on the code lists and on alias).
 */
#ifndef HERKOMST_LINK_INPUT_DIGEST_H
#define HERKOMST_LINK_INPUT_DIGEST_H

#include "io/frame.h"
#include "link/intake_table.h"
#include "secure/pseudonym.h"
#include "secure/row_hash.h"

enum { INPUT_DIGEST_TEXT = 65 };

struct input_digest {
    uint64_t sum[ROW_HASH_WORDS];
    uint64_t rows;
};

/* A frame's rows as what is hashed. */
struct input_rows {
    const struct frame *frame;
    struct row_hasher *hasher;
    /* Numbers of persons and parents by row; or, if by_id is there, their ids. */
    const uint32_t *persons[INTAKE_NUMBERS];
    size_t person_count;
    const uint32_t *by_id;                      /* numbers by id */
    const struct column *column[FRAME_COLUMNS]; /* all others: those of 8 and 16 bytes first */
    size_t whole_count, column_count;
    uint64_t *words[FRAME_COLUMNS]; /* hashes of a coded column's words, by code */
    size_t length;                  /* bytes of a row */
};

/* Columns that have no cells yet (frame_add_later) are those of persons, and so are the `ids`;
 * where they are found is the caller's to say, in `persons` and `by_id`. */
int input_rows_open(struct input_rows *r, const struct frame *f, struct column *const *ids,
                    size_t id_count, const uint8_t key[static PSEUDONYM_KEYBYTES], struct err *err);
void input_rows_close(struct input_rows *r);
/* The same with the cells of another frame of these columns, one by one; not to be closed. */
void input_rows_of(struct input_rows *own, const struct input_rows *r, const struct frame *cells);

/* count: at most ROW_HASH_ROWS. Threads may share r. */
void input_rows_hash(const struct input_rows *r, const uint32_t *rows, size_t count,
                     row_hashes out);

void input_digest_add(struct input_digest *d, row_hashes hashes, size_t count);
/* Those of rows first, first + 1, ... */
void input_digest_rows(struct input_digest *d, const struct input_rows *r, size_t first,
                       size_t count);
/* A row by its hash, where rows that are the same must be found. */
struct row_name {
    uint64_t words[ROW_HASH_WORDS];
};
struct row_name row_name_of(row_hashes hashes, size_t i);
/* Sorts names, and adds each once; the others are counted. */
void input_digest_names(struct input_digest *d, struct row_name *names, size_t count,
                        uint64_t *duplicates);
void input_digest_join(struct input_digest *d, const struct input_digest *more);

void input_digest_text(char out[static INPUT_DIGEST_TEXT], const struct input_digest *d,
                       const struct frame *f, const uint8_t key[static PSEUDONYM_KEYBYTES]);

#endif
