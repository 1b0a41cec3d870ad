/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/dictionary.h. A linear-probing table, at most half full, over FNV-1a. */
#include "base/dictionary.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void dictionary_init(struct dictionary *d)
{
    memset(d, 0, sizeof *d);
}

void dictionary_release(struct dictionary *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        free(d->words[i]);
    free((void *)d->words);
    free(d->slots);
    dictionary_init(d);
}

enum { WORDS_MOST = 1 << 30 }; /* so that no size below overflows */

static uint32_t hash(const char *word, size_t length)
{
    uint32_t h = 2166136261U;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)word[i]) * 16777619U;
    return h;
}

/* The slot that holds the word, or the free one where it belongs. */
static uint32_t *slot_of(const struct dictionary *d, const char *word, size_t length)
{
    uint32_t mask = d->slot_count - 1;
    for (uint32_t i = hash(word, length) & mask;; i = (i + 1) & mask) {
        uint32_t code = d->slots[i];
        if (code == 0)
            return &d->slots[i];
        const char *have = d->words[code - 1];
        if (strncmp(have, word, length) == 0 && have[length] == '\0') /* word has no NUL */
            return &d->slots[i];
    }
}

static int reindex(struct dictionary *d, uint32_t slot_count)
{
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return -1;
    free(d->slots);
    d->slots = slots;
    d->slot_count = slot_count;
    for (uint32_t i = 0; i < d->count; i++)
        *slot_of(d, d->words[i], strlen(d->words[i])) = i + 1;
    return 0;
}

static int grow(struct dictionary *d)
{
    if (d->count >= WORDS_MOST)
        return -1;
    if (d->count == d->capacity) {
        uint32_t capacity = d->capacity ? d->capacity * 2 : 16;
        char **words = realloc((void *)d->words, capacity * sizeof *words);
        if (!words)
            return -1;
        d->words = words;
        d->capacity = capacity;
    }
    if ((d->count + 1) * 2 > d->slot_count)
        return reindex(d, d->slot_count ? d->slot_count * 2 : 32);
    return 0;
}

uint32_t dictionary_intern(struct dictionary *d, const char *word, size_t length)
{
    length = strnlen(word, length);
    uint32_t found = dictionary_find(d, word, length);
    if (found)
        return found;
    if (grow(d) != 0)
        return 0;
    char *copy = text_duplicate(word, length);
    if (!copy)
        return 0;
    uint32_t *slot = slot_of(d, word, length);
    d->words[d->count] = copy;
    *slot = ++d->count;
    return d->count;
}

uint32_t dictionary_find(const struct dictionary *d, const char *word, size_t length)
{
    return d->slot_count ? *slot_of(d, word, strnlen(word, length)) : 0;
}

const char *dictionary_word(const struct dictionary *d, uint32_t code)
{
    return code ? d->words[code - 1] : NULL;
}

struct ranked {
    char *word;
    uint32_t old;
};

static int by_word(const void *a, const void *b)
{
    return strcmp(((const struct ranked *)a)->word, ((const struct ranked *)b)->word);
}

int dictionary_sort(struct dictionary *d, uint32_t *renumber)
{
    renumber[0] = 0;
    if (d->count == 0)
        return 0;
    struct ranked *ranked = malloc(d->count * sizeof *ranked);
    if (!ranked)
        return -1;
    for (uint32_t i = 0; i < d->count; i++)
        ranked[i] = (struct ranked){d->words[i], i + 1};
    qsort(ranked, d->count, sizeof *ranked, by_word);
    for (uint32_t i = 0; i < d->count; i++) {
        d->words[i] = ranked[i].word;
        renumber[ranked[i].old] = i + 1;
    }
    free(ranked);
    memset(d->slots, 0, d->slot_count * sizeof *d->slots);
    for (uint32_t i = 0; i < d->count; i++)
        *slot_of(d, d->words[i], strlen(d->words[i])) = i + 1;
    return 0;
}

int dictionary_copy(struct dictionary *to, const struct dictionary *from)
{
    dictionary_init(to);
    for (uint32_t i = 0; i < from->count; i++)
        if (dictionary_intern(to, from->words[i], strlen(from->words[i])) == 0) {
            dictionary_release(to);
            return -1;
        }
    return 0;
}
