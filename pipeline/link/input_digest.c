/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/input_digest.h. */
#include "link/input_digest.h"

#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST_BYTES = 32, ROW_WORDS = FRAME_COLUMNS /* no cell is longer than a word */ };

/* Coded columns come first: their cells are whole words, all others half a one. */
static void take_columns(struct input_rows *r, const struct frame *f, bool coded)
{
    for (size_t i = 0; i < f->column_count; i++)
        if (!f->columns[i]->later && f->columns[i]->coded == coded)
            r->column[r->column_count++] = f->columns[i];
}

int input_rows_open(struct input_rows *r, const struct frame *f, size_t number_count,
                    const struct row_hasher *hasher, struct err *err)
{
    memset(r, 0, sizeof *r);
    r->hasher = hasher;
    r->number_count = number_count;
    take_columns(r, f, true);
    r->coded_count = r->column_count;
    take_columns(r, f, false);
    r->length = r->coded_count * sizeof(uint64_t) +
                (number_count + r->column_count - r->coded_count) * sizeof(uint32_t);
    return input_rows_words(r, err);
}

void input_rows_close(struct input_rows *r)
{
    for (size_t i = 0; i < r->coded_count; i++)
        free(r->words[i]);
    memset(r, 0, sizeof *r);
}

/* words[code]: a keyed hash of the word; 0 where there is none. */
int input_rows_words(struct input_rows *r, struct err *err)
{
    for (size_t i = 0; i < r->coded_count; i++) {
        const struct dictionary *d = &r->column[i]->dictionary;
        if (r->words[i] && r->word_count[i] == d->count)
            continue;
        uint64_t *words = reallocarray(r->words[i], (size_t)d->count + 1, sizeof *words);
        if (!words)
            return err_memory(err);
        words[0] = 0;
        r->words[i] = words;
        for (uint32_t code = r->word_count[i] + 1; code <= d->count; code++) {
            const char *word = dictionary_word(d, code);
            words[code] = row_hash_word(r->hasher, word, strlen(word));
        }
        r->word_count[i] = d->count;
    }
    return 0;
}

/* Codes nearly always are of a byte. */
static void put_words(uint64_t to[static ROW_HASH_ROWS], const struct column *c,
                      const uint64_t *words, const uint32_t *rows, size_t count)
{
    if (c->type == COLUMN_U8)
        for (size_t i = 0; i < count; i++)
            to[i] = words[((const uint8_t *)c->cells)[rows[i]]];
    else
        for (size_t i = 0; i < count; i++)
            to[i] = words[column_get(c, rows[i])];
}

/* Cells of 4 bytes, in half a word. */
static void put_cells(uint64_t to[static ROW_HASH_ROWS], const uint32_t *cells, bool upper,
                      const uint32_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t cell = cells[rows[i]];
        to[i] = upper ? to[i] | cell << 32 : cell;
    }
}

void input_rows_hash(const struct input_rows *r, const uint32_t *rows, size_t count, row_hashes out)
{
    uint64_t words[ROW_WORDS][ROW_HASH_ROWS];
    size_t used = (r->length + sizeof(uint64_t) - 1) / sizeof(uint64_t), half = 0;
    if (count < ROW_HASH_ROWS)
        memset(words, 0, used * sizeof *words);
    for (size_t i = 0; i < r->coded_count; i++)
        put_words(words[i], r->column[i], r->words[i], rows, count);
    uint64_t(*halves)[ROW_HASH_ROWS] = words + r->coded_count;
    for (size_t i = 0; i < r->number_count; i++, half++)
        put_cells(halves[half / 2], r->numbers[i], half % 2, rows, count);
    for (size_t i = r->coded_count; i < r->column_count; i++, half++)
        put_cells(halves[half / 2], r->column[i]->cells, half % 2, rows, count);
    for (size_t i = 0; i < used && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__; i++)
        for (size_t row = 0; row < count; row++)
            words[i][row] = htole64(words[i][row]);
    row_hash(r->hasher, out, (const uint64_t(*)[ROW_HASH_ROWS])words, r->length);
    sodium_memzero(words, used * sizeof *words);
}

void input_digest_rows(struct input_digest *d, const struct input_rows *r, size_t count)
{
    uint64_t sums[ROW_HASH_WORDS][ROW_HASH_ROWS] = {{0}};
    for (size_t done = 0; done < count; done += ROW_HASH_ROWS) {
        size_t part = count - done < ROW_HASH_ROWS ? count - done : ROW_HASH_ROWS;
        uint32_t rows[ROW_HASH_ROWS];
        row_hashes hashes;
        for (size_t i = 0; i < part; i++)
            rows[i] = (uint32_t)(done + i);
        input_rows_hash(r, rows, part, hashes);
        for (size_t word = 0; word < ROW_HASH_WORDS; word++)
            for (size_t i = 0; i < part; i++)
                sums[word][i] += le64toh(hashes[word][i]);
    }
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        for (size_t i = 0; i < ROW_HASH_ROWS; i++)
            d->sum[word] += sums[word][i];
    d->rows += count;
}

void input_digest_join(struct input_digest *d, const struct input_digest *more)
{
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        d->sum[word] += more->sum[word];
    d->rows += more->rows;
}

static void hash_number(crypto_generichash_state *state, uint64_t number)
{
    number = htole64(number);
    (void)crypto_generichash_update(state, (const uint8_t *)&number, sizeof number);
}

/* With its length, so that no two lists of names are the same bytes. */
static void hash_name(crypto_generichash_state *state, const char *name)
{
    hash_number(state, strlen(name));
    (void)crypto_generichash_update(state, (const uint8_t *)name, strlen(name));
}

void input_digest_text(char out[static INPUT_DIGEST_TEXT], const struct input_digest *d,
                       const struct frame *f, const uint8_t key[static PSEUDONYM_KEYBYTES])
{
    crypto_generichash_state state;
    uint8_t digest[DIGEST_BYTES];
    (void)crypto_generichash_init(&state, key, PSEUDONYM_KEYBYTES, sizeof digest);
    hash_name(&state, f->name);
    hash_number(&state, f->column_count);
    for (size_t i = 0; i < f->column_count; i++) {
        hash_name(&state, f->columns[i]->name);
        hash_number(&state, f->columns[i]->coded ? 0 : (uint64_t)f->columns[i]->type);
    }
    hash_number(&state, d->rows);
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        hash_number(&state, d->sum[word]);
    (void)crypto_generichash_final(&state, digest, sizeof digest);
    (void)sodium_bin2hex(out, INPUT_DIGEST_TEXT, digest, sizeof digest);
    sodium_memzero(&state, sizeof state);
}

struct row_name row_name_of(row_hashes hashes, size_t i)
{
    struct row_name name;
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        name.words[word] = hashes[word][i];
    return name;
}

static int by_words(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct row_name));
}

size_t row_names_repeated(struct row_name *names, size_t count)
{
    size_t repeated = 0;
    if (count > 0)
        qsort(names, count, sizeof *names, by_words);
    for (size_t i = 1; i < count; i++)
        repeated += by_words(&names[i - 1], &names[i]) == 0;
    return repeated;
}
