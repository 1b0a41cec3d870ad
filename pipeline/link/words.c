/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/words.h. */
#include "link/words.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

int words_sorted(const struct frame *f, struct err *err)
{
    for (size_t i = 0; i < f->column_count; i++) {
        const struct dictionary *d = &f->columns[i]->dictionary;
        for (uint32_t k = 1; k < d->count; k++)
            if (strcmp(d->words[k - 1], d->words[k]) >= 0)
                return err_set(err, ERR_DATA, "frame %s: column %s: words are not sorted", f->name,
                               f->columns[i]->name);
    }
    return 0;
}

/* Marks in code[0 .. count] the codes that are used. */
static void mark(uint32_t *code, const struct column *c, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        code[column_get(c, i)] = 1;
}

/* `code` (marked) becomes the code of each word that is used in `to`, in sorted order. */
static int renumber(uint32_t *code, struct dictionary *to, const struct dictionary *from)
{
    for (uint32_t i = 1; i <= from->count; i++) {
        const char *word = dictionary_word(from, i);
        if (code[i] != 0 && (code[i] = dictionary_intern(to, word, strlen(word))) == 0)
            return -1;
    }
    uint32_t *sorted = calloc((size_t)to->count + 1, sizeof *sorted);
    if (!sorted || dictionary_sort(to, sorted) != 0) {
        free(sorted);
        return -1;
    }
    for (uint32_t i = 1; i <= from->count; i++)
        code[i] = sorted[code[i]];
    free(sorted);
    return 0;
}

int words_renumber(struct dictionary *d, uint32_t *code, struct err *err)
{
    struct dictionary words;
    dictionary_init(&words);
    code[0] = 0;
    if (renumber(code, &words, d) != 0) {
        dictionary_release(&words);
        return err_memory(err);
    }
    dictionary_release(d);
    *d = words;
    return 0;
}

static int compact(struct column *c, size_t rows, struct err *err)
{
    uint32_t *code = calloc((size_t)c->dictionary.count + 1, sizeof *code);
    if (!code)
        return err_memory(err);
    mark(code, c, rows);
    int rc = words_renumber(&c->dictionary, code, err);
    for (size_t i = 0; rc == 0 && i < rows; i++)
        column_set(c, i, code[column_get(c, i)]);
    free(code);
    return rc;
}

static int compact_column(void *context, unsigned worker, size_t i, struct err *err)
{
    const struct frame *f = context;
    (void)worker;
    return f->columns[i]->coded ? compact(f->columns[i], f->rows, err) : 0;
}

int words_compact(struct frame *f, unsigned threads, struct err *err)
{
    return parallel_items(threads, f->column_count, compact_column, f, err);
}
