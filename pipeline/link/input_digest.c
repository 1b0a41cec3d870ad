/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/input_digest.h. */
#include "link/input_digest.h"

#include "io/artefacts.h"

#include <sodium.h>
#include <string.h>

enum { DIGEST_BYTES = 32, BATCH = 256 };

static int hash_bytes(void *context, const void *bytes, size_t length, struct err *err)
{
    (void)err;
    return crypto_generichash_update(context, bytes, length);
}

static void hash_persons(crypto_generichash_state *state, const struct column *ids, size_t rows,
                         const uint8_t (*pseudonyms)[PSEUDONYM_BYTES])
{
    uint8_t batch[BATCH][PSEUDONYM_BYTES];
    const uint32_t *id = ids->cells;
    for (size_t row = 0; row < rows;) {
        size_t n = 0;
        for (; n < BATCH && row < rows; n++, row++) {
            if (id[row] == 0 || id[row] == PARENT_NONE)
                memset(batch[n], id[row] == 0 ? 0 : 0xFF, PSEUDONYM_BYTES);
            else
                memcpy(batch[n], pseudonyms[id[row] - 1], PSEUDONYM_BYTES);
        }
        (void)crypto_generichash_update(state, &batch[0][0], n * PSEUDONYM_BYTES);
    }
}

/* The frame without the columns `ids`; it shares the others with f. */
static struct frame without(const struct frame *f, struct column *const *ids, size_t id_count)
{
    struct frame rest = *f;
    rest.column_count = 0;
    for (size_t i = 0; i < f->column_count; i++) {
        bool named = false;
        for (size_t j = 0; j < id_count; j++)
            named |= f->columns[i] == ids[j];
        if (!named)
            rest.columns[rest.column_count++] = f->columns[i];
    }
    return rest;
}

int input_digest(char out[static INPUT_DIGEST_TEXT], const struct frame *f,
                 struct column *const *ids, size_t id_count,
                 const uint8_t (*pseudonyms)[PSEUDONYM_BYTES],
                 const uint8_t key[static PSEUDONYM_KEYBYTES], struct err *err)
{
    crypto_generichash_state state;
    uint8_t digest[DIGEST_BYTES];
    struct sink sink = {hash_bytes, &state};
    struct frame rest = without(f, ids, id_count);
    (void)crypto_generichash_init(&state, key, PSEUDONYM_KEYBYTES, sizeof digest);
    int rc = frame_write(&rest, &sink, err);
    for (size_t i = 0; rc == 0 && i < id_count; i++)
        hash_persons(&state, ids[i], f->rows, pseudonyms);
    if (rc == 0) {
        (void)crypto_generichash_final(&state, digest, sizeof digest);
        (void)sodium_bin2hex(out, INPUT_DIGEST_TEXT, digest, sizeof digest);
    }
    sodium_memzero(&state, sizeof state);
    return rc;
}
