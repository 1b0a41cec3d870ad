/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/combinations.h. A linear-probing table over tuples of 32-bit codes. */
#include "link/combinations.h"

#include <stdlib.h>
#include <string.h>

static int source_open(struct fact_source *s, const char *field, const struct fact_rows *rows,
                       struct err *err)
{
    memset(s, 0, sizeof *s);
    s->is_date = strcmp(field, FACT_NAMES[FACT_START_DATE]) == 0 ||
                 strcmp(field, FACT_NAMES[FACT_END_DATE]) == 0 ||
                 strcmp(field, FACT_NAMES[FACT_REFERENCE_DATE]) == 0;
    s->is_fte = strcmp(field, FACT_NAMES[FACT_FTE]) == 0;
    if (strcmp(field, FACT_NAMES[FACT_REFERENCE_DATE]) == 0)
        return 0;
    bool domain = strcmp(field, FACT_NAMES[FACT_DOMAIN]) == 0;
    const char *name = domain ? FACT_NAMES[FACT_ENTITY] : field;
    s->column = frame_find(rows->facts, name);
    if (!s->column || s->column->type == COLUMN_U64 || s->column->type == COLUMN_BYTES16)
        return err_set(err, ERR_DATA, "frame facts: no column %s, or of a wrong type", name);
    if (domain)
        s->translation = rows->entity_domain;
    s->words = domain ? rows->domain : s->column->coded ? s->column : NULL;
    return 0;
}

int combinations_open(struct combinations *c, struct expression *e, const struct fact_rows *rows,
                      struct err *err)
{
    memset(c, 0, sizeof *c);
    c->expression = e;
    c->reference_date = rows->reference_date;
    c->width = expression_field_count(e);
    if (c->width > FIELDS_MAX)
        return err_set(err, ERR_CONFIG, "more than %d fields are used", FIELDS_MAX);
    for (size_t i = 0; i < c->width; i++)
        if (source_open(&c->sources[i], expression_field(e, i), rows, err) != 0)
            return -1;
    return 0;
}

void combinations_close(struct combinations *c)
{
    free(c->tuples);
    free(c->slots);
    memset(c, 0, sizeof *c);
}

static uint32_t source_code(const struct fact_source *s, size_t row)
{
    if (!s->column)
        return 0;
    if (s->column->type == COLUMN_I32)
        return (uint32_t)column_i32(s->column, row);
    uint32_t code = s->column->type == COLUMN_U32 ? ((const uint32_t *)s->column->cells)[row]
                                                  : (uint32_t)column_get(s->column, row);
    return s->translation ? s->translation[code] : code;
}

static size_t hash(const uint32_t *tuple, size_t width)
{
    uint64_t h = 0x9E3779B97F4A7C15U;
    for (size_t i = 0; i < width; i++) {
        h = (h ^ tuple[i]) * 0xFF51AFD7ED558CCDU;
        h ^= h >> 32;
    }
    return (size_t)h;
}

/* The slot that holds the tuple, or the free one where it belongs. */
static uint32_t *slot_of(const struct combinations *c, const uint32_t *tuple)
{
    size_t mask = c->slot_count - 1;
    for (size_t i = hash(tuple, c->width) & mask;; i = (i + 1) & mask) {
        uint32_t code = c->slots[i];
        if (code == 0 ||
            memcmp(c->tuples + (code - 1) * c->width, tuple, c->width * sizeof *tuple) == 0)
            return &c->slots[i];
    }
}

static int grow(struct combinations *c, struct err *err)
{
    uint32_t capacity = c->capacity ? c->capacity * 2 : 256;
    if (capacity <= c->capacity)
        return err_memory(err);
    uint32_t *tuples = reallocarray(c->tuples, capacity, (c->width + 1) * sizeof *tuples);
    if (!tuples)
        return err_memory(err);
    c->tuples = tuples;
    uint32_t *slots = calloc((size_t)capacity * 2, sizeof *slots);
    if (!slots)
        return err_memory(err);
    free(c->slots);
    c->slots = slots;
    c->slot_count = (size_t)capacity * 2;
    c->capacity = capacity;
    for (uint32_t i = 0; i < c->count; i++)
        *slot_of(c, c->tuples + i * c->width) = i + 1;
    return 0;
}

int combinations_next(struct combinations *c, size_t row, uint32_t *code, struct err *err)
{
    uint32_t tuple[FIELDS_MAX + 1];
    tuple[0] = 0; /* an expression may use no field at all */
    for (size_t i = 0; i < c->width; i++)
        tuple[i] = source_code(&c->sources[i], row);
    c->is_new = false;
    if (c->count > 0 &&
        memcmp(c->tuples + c->last * c->width, tuple, c->width * sizeof *tuple) == 0) {
        *code = c->last;
        return 0;
    }
    if (c->count == c->capacity && grow(c, err) != 0)
        return -1;
    uint32_t *slot = slot_of(c, tuple);
    if (*slot == 0) {
        memcpy(c->tuples + c->count * c->width, tuple, c->width * sizeof *tuple);
        *slot = ++c->count;
        c->is_new = true;
    }
    *code = c->last = *slot - 1;
    return 0;
}

static void source_value(struct fact_source *s, uint32_t code, date reference_date,
                         struct sql_value *v)
{
    int32_t number = (int32_t)code;
    bool missing = s->column && s->column->type == COLUMN_I32 && number == INT32_MIN;
    *v = (struct sql_value){.type = SQL_NULL};
    if (s->words) {
        v->text = dictionary_word(&s->words->dictionary, code);
        v->type = v->text ? SQL_TEXT : SQL_NULL;
    } else if (missing) {
        return;
    } else if (s->is_date) {
        v->type = SQL_TEXT;
        v->text = date_iso(s->column ? number : reference_date, s->text);
    } else if (s->is_fte) {
        v->type = SQL_REAL;
        v->real = number / 10000.0;
    } else {
        v->type = SQL_INTEGER;
        v->integer = number;
    }
}

int combinations_value(struct combinations *c, uint32_t code, struct sql_value *value,
                       struct err *err)
{
    struct sql_value values[FIELDS_MAX + 1];
    for (size_t i = 0; i < c->width; i++)
        source_value(&c->sources[i], c->tuples[code * c->width + i], c->reference_date, &values[i]);
    return expression_evaluate(c->expression, values, value, err);
}
