/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/expected.h. */
#include "link/expected.h"

#include "link/people.h"
#include "link/person_rows.h"
#include "link/words.h"

#include <stdlib.h>
#include <string.h>

/* Columns that are carried over. */
static const char *const COLUMNS[] = {"entity", "name", "domain", "domain_name"};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof COLUMNS[0] };

/* row[code] = row of the list that holds at the reference date + 1, 0 if none does. */
static int find_rows(uint32_t *row, const struct frame *list, const struct column *entity,
                     date reference, struct err *err)
{
    struct column *from = frame_need(list, "valid_from", COLUMN_I32, err);
    struct column *to = from ? frame_need(list, "valid_to", COLUMN_I32, err) : NULL;
    if (!to)
        return -1;
    const uint32_t *codes = entity->cells;
    for (size_t i = 0; i < list->rows; i++) {
        if (codes[i] == 0 || !period_holds(column_i32(from, i), column_i32(to, i), reference))
            continue;
        if (row[codes[i]] != 0)
            return err_set(err, ERR_DATA, "entities: %s is there twice at the reference date",
                           dictionary_word(&entity->dictionary, codes[i]));
        row[codes[i]] = (uint32_t)i + 1;
    }
    return 0;
}

/* Copies the rows of the list to out, by entity code, and delivered = 0. */
static int copy_rows(struct frame *out, const struct frame *list, const uint32_t *row,
                     uint32_t codes, struct err *err)
{
    struct column *from[COLUMN_COUNT], *to[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (!(from[i] = person_rows_coded(list, COLUMNS[i], err)) ||
            !(to[i] = frame_add_coded(out, COLUMNS[i], err)))
            return -1;
        if (dictionary_copy(&to[i]->dictionary, &from[i]->dictionary) != 0)
            return err_memory(err);
    }
    if (!frame_add(out, "delivered", COLUMN_U8, err))
        return -1;
    for (uint32_t code = 1; code <= codes; code++) {
        if (row[code] == 0)
            continue;
        size_t at = frame_append(out, err);
        if (at == SIZE_MAX)
            return -1;
        for (size_t i = 0; i < COLUMN_COUNT; i++)
            ((uint32_t *)to[i]->cells)[at] = ((const uint32_t *)from[i]->cells)[row[code] - 1];
    }
    return words_compact(out, 1, err);
}

/* Sets `delivered` and returns the personnel's codes as rows of out. */
static uint32_t *match_personnel(struct frame *out, const struct dictionary *personnel,
                                 const uint8_t *seen)
{
    const struct dictionary *mine = &frame_find(out, "entity")->dictionary;
    uint8_t *delivered = frame_find(out, "delivered")->cells;
    uint32_t *row_of = calloc((size_t)personnel->count + 1, sizeof *row_of);
    if (!row_of)
        return NULL;
    /* Both dictionaries hold what is used only, sorted, and out has one row a word: its row is the
     * code less 1. */
    for (uint32_t code = 1; code <= personnel->count; code++) {
        const char *word = dictionary_word(personnel, code);
        row_of[code] = dictionary_find(mine, word, strlen(word));
        if (row_of[code] != 0 && seen[code])
            delivered[row_of[code] - 1] = 1;
    }
    return row_of;
}

int expected_entities(struct frame *out, uint32_t **row_of, const struct frame *list,
                      const struct dictionary *personnel, const uint8_t *seen, date reference,
                      struct err *err)
{
    struct column *entity = person_rows_coded(list, "entity", err);
    if (entity && words_sorted(list, err) != 0)
        return -1;
    if (!entity)
        return -1;
    uint32_t *row = calloc((size_t)entity->dictionary.count + 1, sizeof *row);
    if (!row)
        return err_memory(err);
    int rc = find_rows(row, list, entity, reference, err);
    if (rc == 0)
        rc = copy_rows(out, list, row, entity->dictionary.count, err);
    free(row);
    if (rc != 0)
        return -1;
    *row_of = match_personnel(out, personnel, seen);
    return *row_of ? 0 : err_memory(err);
}
