/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/intake_table.h. */
#include "link/intake_table.h"

#include "link/national_number.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 256 };

/* The frame's column of a field: dates and fte are I32, persons U32, everything else coded. */
static int add_column(struct intake_table *t, const struct field_spec *field, struct err *err)
{
    struct column *column;
    switch (field->type) {
    case FIELD_PERSON:
    case FIELD_PARENT:
        column = frame_add_later(&t->frame, field->name, COLUMN_U32, err);
        if (column)
            t->ids[t->number_count++] = column;
        break;
    case FIELD_DATE:
    case FIELD_FTE:
        column = frame_add(&t->frame, field->name, COLUMN_I32, err);
        break;
    default:
        column = frame_add_narrow(&t->frame, field->name, err);
    }
    return column ? 0 : -1;
}

int intake_table_init(struct intake_table *t, enum dataset dataset, const struct config *config,
                      struct err *err)
{
    const struct dataset_spec *spec = &DATASETS[dataset];
    memset(t, 0, sizeof *t);
    t->dataset = dataset;
    issues_init(&t->issues);
    frame_init(&t->frame, spec->name);
    for (const struct field_spec *field = spec->fields; field->name; field++)
        if (add_column(t, field, err) != 0)
            return -1;
    for (size_t i = 0; dataset == DATASET_PERSONNEL && i < config->attribute_count; i++) {
        char name[FRAME_NAME];
        (void)snprintf(name, sizeof name, "attribute.%s", config->attributes[i].name);
        if (!frame_add_narrow(&t->frame, name, err))
            return -1;
    }
    return 0;
}

void intake_table_forget(struct intake_table *t)
{
    for (size_t i = 0; i < t->number_count; i++) {
        if (t->numbers[i])
            sodium_memzero(t->numbers[i], t->capacity * sizeof *t->numbers[i]);
        free(t->numbers[i]);
        t->numbers[i] = NULL;
    }
}

uint64_t intake_number(const struct intake_table *t, size_t field, size_t row)
{
    uint32_t packed = t->numbers[field][row];
    return packed == NUMBER_NONE || packed == NUMBER_NO_PARENT ? packed
                                                               : national_number_unpack(packed);
}

void intake_table_settle(struct intake_table *t, size_t field)
{
    frame_supply(&t->frame, t->ids[field], t->numbers[field]);
    t->numbers[field] = NULL;
}

void intake_table_release(struct intake_table *t)
{
    intake_table_forget(t);
    if (t->hashing)
        input_rows_close(t->hashing);
    free(t->hashing);
    free(t->places);
    issues_release(&t->issues);
    frame_release(&t->frame);
    memset(t, 0, sizeof *t);
}

static int open_hashing(struct intake_table *t, const struct row_hasher *hasher, struct err *err)
{
    t->hashing = calloc(1, sizeof *t->hashing);
    if (!t->hashing)
        return err_memory(err);
    return input_rows_open(t->hashing, &t->frame, t->number_count, hasher, err);
}

int intake_table_digest(struct intake_table *t, const struct row_hasher *hasher, struct err *err)
{
    int rc = t->hashing ? input_rows_words(t->hashing, err) : open_hashing(t, hasher, err);
    if (rc != 0)
        return -1;
    for (size_t i = 0; i < t->number_count; i++)
        t->hashing->numbers[i] = t->numbers[i];
    input_digest_rows(&t->digest, t->hashing, t->frame.rows);
    return 0;
}

/* realloc would leave a copy of the numbers behind. */
static int move_numbers(struct intake_table *t, size_t capacity, struct err *err)
{
    uint32_t *moved[DATASET_PERSONS] = {NULL};
    bool complete = true;
    for (size_t i = 0; i < t->number_count; i++) {
        moved[i] = calloc(capacity, sizeof *moved[i]);
        complete &= moved[i] != NULL;
        if (moved[i] && t->numbers[i])
            memcpy(moved[i], t->numbers[i], t->frame.rows * sizeof *moved[i]);
    }
    if (complete) {
        intake_table_forget(t);
        memcpy(t->numbers, moved, sizeof moved);
        return 0;
    }
    for (size_t i = 0; i < t->number_count; i++) {
        if (moved[i])
            sodium_memzero(moved[i], t->frame.rows * sizeof *moved[i]);
        free(moved[i]);
    }
    return err_memory(err);
}

/* Makes room for the numbers and places of this many rows. */
static int set_capacity(struct intake_table *t, size_t capacity, struct err *err)
{
    if (t->number_count > 0) {
        if (move_numbers(t, capacity, err) != 0)
            return -1;
    } else {
        struct intake_place *places = reallocarray(t->places, capacity, sizeof *places);
        if (!places)
            return err_memory(err);
        t->places = places;
    }
    t->capacity = capacity;
    return 0;
}

/* Room for the numbers and places of at least this many rows. */
static int reserve(struct intake_table *t, size_t rows, struct err *err)
{
    if (rows <= t->capacity)
        return 0;
    size_t capacity = t->capacity ? t->capacity : FIRST_ROWS;
    while (capacity < rows)
        capacity *= 2;
    return set_capacity(t, capacity, err);
}

int intake_table_reserve(struct intake_table *t, size_t rows, struct err *err)
{
    if (rows <= t->capacity)
        return 0;
    return set_capacity(t, rows, err) != 0 ? -1 : frame_reserve(&t->frame, rows, err);
}

void intake_table_empty(struct intake_table *t)
{
    for (size_t i = 0; i < t->number_count; i++)
        if (t->numbers[i])
            sodium_memzero(t->numbers[i], t->frame.rows * sizeof *t->numbers[i]);
    t->frame.rows = 0;
}

/* Not without any: words of a table that has none are taken for another one's. */
int intake_table_shrink(struct intake_table *t, struct err *err)
{
    frame_trim(&t->frame);
    return set_capacity(t, 1, err);
}

size_t intake_table_add(struct intake_table *t, size_t count, struct err *err)
{
    if (reserve(t, t->frame.rows + count, err) != 0)
        return SIZE_MAX;
    return frame_extend(&t->frame, count, err);
}

/* Puts new codes in the place of old ones. */
static void recode(struct column *to, size_t first, const struct column *from, size_t rows,
                   const uint32_t *code)
{
    if (to->type == COLUMN_U8 && from->type == COLUMN_U8) /* nearly always */
        for (size_t row = 0; row < rows; row++)
            ((uint8_t *)to->cells)[first + row] =
                (uint8_t)code[((const uint8_t *)from->cells)[row]];
    else
        for (size_t row = 0; row < rows; row++)
            column_set(to, first + row, code[column_get(from, row)]);
}

/* code[old]: of the same word in `to`, which is given it if need be. */
static int map_codes(uint32_t *code, struct column *to, const struct dictionary *from,
                     struct err *err)
{
    for (uint32_t old = 1; old <= from->count; old++) {
        const char *word = dictionary_word(from, old);
        code[old] = dictionary_intern(&to->dictionary, word, strlen(word));
        if (code[old] == 0)
            return err_memory(err);
    }
    return 0;
}

/* Cells of a coded column, whose codes are those of another dictionary. */
static int append_codes(struct frame *f, struct column *to, size_t first, const struct column *from,
                        size_t rows, struct err *err)
{
    uint32_t *code = calloc((size_t)from->dictionary.count + 1, sizeof *code);
    if (!code)
        return err_memory(err);
    int rc = map_codes(code, to, &from->dictionary, err);
    if (rc == 0)
        rc = frame_hold(f, to, to->dictionary.count, err);
    if (rc == 0)
        recode(to, first, from, rows, code);
    free(code);
    return rc;
}

/* Takes frame, numbers and places as they are. */
static void take(struct intake_table *t, struct intake_table *more, uint32_t file, uint32_t above)
{
    struct issues issues = t->issues, theirs = more->issues;
    struct intake_table empty = *t;
    *t = *more;
    *more = empty;
    t->issues = issues;
    more->issues = theirs;
    t->digest = empty.digest;
    more->digest = (struct input_digest){0};
    for (size_t row = 0; t->places && row < t->frame.rows; row++)
        t->places[row] = (struct intake_place){file, t->places[row].line + above};
}

static int copy(struct intake_table *t, const struct intake_table *more, uint32_t file,
                uint32_t above, struct err *err)
{
    size_t first = t->frame.rows, rows = more->frame.rows;
    if (reserve(t, first + rows, err) != 0 || frame_reserve(&t->frame, t->capacity, err) != 0)
        return -1;
    t->frame.rows += rows; /* every cell is copied */
    for (size_t i = 0; i < t->frame.column_count; i++) {
        struct column *to = t->frame.columns[i];
        const struct column *from = more->frame.columns[i];
        size_t width = column_width(to->type);
        if (to->later)
            continue;
        if (!to->coded)
            memcpy((char *)to->cells + first * width, from->cells, rows * width);
        else if (append_codes(&t->frame, to, first, from, rows, err) != 0)
            return -1;
    }
    for (size_t i = 0; i < t->number_count; i++)
        memcpy(t->numbers[i] + first, more->numbers[i], rows * sizeof *t->numbers[i]);
    for (size_t row = 0; t->places && row < rows; row++)
        t->places[first + row] = (struct intake_place){file, more->places[row].line + above};
    return 0;
}

int intake_table_append(struct intake_table *t, struct intake_table *more, uint32_t file,
                        uint32_t above, struct err *err)
{
    if (issues_append(&t->issues, &more->issues, file, above, err) != 0)
        return -1;
    input_digest_join(&t->digest, &more->digest);
    more->digest = (struct input_digest){0};
    if (more->frame.rows == 0)
        return 0;
    if (t->capacity > 0)
        return copy(t, more, file, above, err);
    take(t, more, file, above);
    return 0;
}
