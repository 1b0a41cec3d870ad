/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/input_digest.h. */
#include "link/input_digest.h"

#include "io/artefacts.h"

#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGEST_BYTES = 32,
    WORD_HASH = 16,
    ROW_WORDS = 2 * FRAME_COLUMNS, /* no cell is longer than two words */
};

static bool is_person(const struct column *c, struct column *const *ids, size_t id_count)
{
    bool named = false;
    for (size_t i = 0; i < id_count; i++)
        named |= c == ids[i];
    return named;
}

/* words[code]: a keyed hash of the word; 0 where there is none. */
static uint64_t *hash_words(const struct dictionary *d, const uint8_t *key)
{
    uint64_t *words = calloc((size_t)d->count + 1, sizeof *words);
    for (uint32_t code = 1; words && code <= d->count; code++) {
        const char *word = dictionary_word(d, code);
        uint8_t hash[WORD_HASH];
        (void)crypto_generichash(hash, sizeof hash, (const uint8_t *)word, strlen(word), key,
                                 PSEUDONYM_KEYBYTES);
        memcpy(&words[code], hash, sizeof *words);
    }
    return words;
}

/* Bytes of a cell in a row: whole words, or half a one. */
static size_t cell_bytes(const struct column *c)
{
    return c->coded ? sizeof(uint64_t) : column_width(c->type);
}

/* Cells of whole words come first. */
static int take_columns(struct input_rows *r, struct column *const *ids, size_t id_count,
                        bool whole, const uint8_t *key, struct err *err)
{
    for (size_t i = 0; i < r->frame->column_count; i++) {
        const struct column *c = r->frame->columns[i];
        if (is_person(c, ids, id_count) || (cell_bytes(c) >= sizeof(uint64_t)) != whole)
            continue;
        if (c->coded && !(r->words[r->column_count] = hash_words(&c->dictionary, key)))
            return err_memory(err);
        r->column[r->column_count++] = c;
        r->length += cell_bytes(c);
    }
    return 0;
}

int input_rows_open(struct input_rows *r, const struct frame *f, struct column *const *ids,
                    size_t id_count, const uint8_t key[static PSEUDONYM_KEYBYTES], struct err *err)
{
    memset(r, 0, sizeof *r);
    r->frame = f;
    r->person_count = id_count;
    r->hasher = row_hasher_open(key, err);
    if (!r->hasher || take_columns(r, ids, id_count, true, key, err) != 0)
        return -1;
    r->whole_count = r->column_count;
    r->length += id_count * sizeof(uint32_t);
    return take_columns(r, ids, id_count, false, key, err);
}

void input_rows_close(struct input_rows *r)
{
    for (size_t i = 0; i < r->whole_count; i++)
        free(r->words[i]);
    row_hasher_close(r->hasher);
    memset(r, 0, sizeof *r);
}

void input_rows_of(struct input_rows *own, const struct input_rows *r, const struct frame *cells)
{
    *own = *r;
    for (size_t i = 0; i < r->column_count; i++)
        for (size_t k = 0; k < r->frame->column_count; k++)
            if (r->frame->columns[k] == r->column[i])
                own->column[i] = cells->columns[k];
}

/* Cells of whole words: of 16 bytes, or hashes of words. Codes nearly always are of a byte. */
static void put_words(uint64_t (*to)[ROW_HASH_ROWS], const struct column *c, const uint64_t *words,
                      const uint32_t *rows, size_t count)
{
    if (!c->coded)
        for (size_t i = 0; i < count; i++)
            for (size_t half = 0; half < 2; half++)
                memcpy(&to[half][i], (const uint8_t *)c->cells + 16 * (size_t)rows[i] + 8 * half,
                       sizeof to[half][i]);
    else if (c->type == COLUMN_U8)
        for (size_t i = 0; i < count; i++)
            to[0][i] = words[((const uint8_t *)c->cells)[rows[i]]];
    else
        for (size_t i = 0; i < count; i++)
            to[0][i] = words[column_get(c, rows[i])];
}

/* Cells of 4 bytes, in half a word. */
static void put_cells(uint64_t to[static ROW_HASH_ROWS], const void *cells, bool upper,
                      const uint32_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = htole32(((const uint32_t *)cells)[rows[i]]);
        memcpy((char *)&to[i] + (upper ? sizeof cell : 0), &cell, sizeof cell);
    }
}

static void put_persons(uint64_t to[static ROW_HASH_ROWS], const struct input_rows *r, size_t field,
                        bool upper, const uint32_t *rows, size_t count)
{
    uint32_t numbers[ROW_HASH_ROWS];
    static const uint32_t in_turn[ROW_HASH_ROWS] = {0, 1, 2, 3, 4, 5, 6, 7};
    if (!r->by_id) {
        put_cells(to, r->persons[field], upper, rows, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t id = r->persons[field][rows[i]];
        numbers[i] = id == 0             ? NUMBER_NONE
                     : id == PARENT_NONE ? NUMBER_NO_PARENT
                                         : r->by_id[id - 1];
    }
    put_cells(to, numbers, upper, in_turn, count);
    sodium_memzero(numbers, sizeof numbers);
}

void input_rows_hash(const struct input_rows *r, const uint32_t *rows, size_t count, row_hashes out)
{
    uint64_t words[ROW_WORDS][ROW_HASH_ROWS];
    size_t used = (r->length + sizeof(uint64_t) - 1) / sizeof(uint64_t);
    size_t at = 0; /* in halves of words */
    memset(words, 0, used * sizeof *words);
    for (size_t i = 0; i < r->whole_count; at += cell_bytes(r->column[i++]) / sizeof(uint32_t))
        put_words(&words[at / 2], r->column[i], r->words[i], rows, count);
    for (size_t i = 0; i < r->person_count; i++, at++)
        put_persons(words[at / 2], r, i, at % 2, rows, count);
    for (size_t i = r->whole_count; i < r->column_count; i++, at++)
        put_cells(words[at / 2], r->column[i]->cells, at % 2, rows, count);
    row_hash(r->hasher, out, (const uint64_t(*)[ROW_HASH_ROWS])words, r->length);
    sodium_memzero(words, used * sizeof *words);
}

void input_digest_add(struct input_digest *d, row_hashes hashes, size_t count)
{
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        for (size_t i = 0; i < count; i++)
            d->sum[word] += le64toh(hashes[word][i]);
    d->rows += count;
}

void input_digest_rows(struct input_digest *d, const struct input_rows *r, size_t first,
                       size_t count)
{
    for (size_t done = 0; done < count; done += ROW_HASH_ROWS) {
        size_t part = count - done < ROW_HASH_ROWS ? count - done : ROW_HASH_ROWS;
        uint32_t rows[ROW_HASH_ROWS];
        row_hashes hashes;
        for (size_t i = 0; i < part; i++)
            rows[i] = (uint32_t)(first + done + i);
        input_rows_hash(r, rows, part, hashes);
        input_digest_add(d, hashes, part);
    }
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

void input_digest_names(struct input_digest *d, struct row_name *names, size_t count,
                        uint64_t *duplicates)
{
    if (count > 0)
        qsort(names, count, sizeof *names, by_words);
    for (size_t i = 0; i < count; i++) {
        row_hashes hashes;
        if (i > 0 && by_words(&names[i - 1], &names[i]) == 0) {
            ++*duplicates;
            continue;
        }
        for (size_t word = 0; word < ROW_HASH_WORDS; word++)
            hashes[word][0] = names[i].words[word];
        input_digest_add(d, hashes, 1);
    }
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
