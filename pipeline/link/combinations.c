/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/combinations.h. Each thread finds the combinations of its own stretch of rows;
 * the new ones are then put together, stretch by stretch, so that codes are in order of appearance.
 * Threads keep what they found for the rows that come next. */
#include "link/combinations.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_BITS = 64, CODE_BITS = 32, FIRST_SLOTS = 256, FEW_BITS = 12 };

static unsigned bits_for(uint32_t value)
{
    return value ? CODE_BITS - (unsigned)__builtin_clz(value) : 0;
}

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
    s->bits = s->words ? bits_for(s->words->dictionary.count)
                       : (unsigned)(8 * column_width(s->column->type));
    return 0;
}

/* How many levels of keys the sources fill, and how many bits of the last one. */
static void fill_levels(struct combinations *c)
{
    for (size_t i = 0; i < c->width; i++) {
        if (c->bits + c->sources[i].bits > KEY_BITS) {
            c->level++;
            c->bits = CODE_BITS;
        }
        c->bits += c->sources[i].bits;
    }
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
    fill_levels(c);
    return 0;
}

static void set_release(struct combination_set *s)
{
    for (size_t i = 0; i <= FIELDS_MAX; i++)
        free(s->levels[i].slots);
    free(s->first_row);
    free(s->direct);
    memset(s, 0, sizeof *s);
}

void combinations_forget(struct combinations *c)
{
    set_release(&c->set);
    for (unsigned r = 0; r < c->stretch_count; r++) {
        set_release(&c->stretches[r].set);
        free(c->stretches[r].global);
    }
    free(c->stretches);
    c->stretches = NULL;
    c->stretch_count = 0;
    c->count = 0;
}

void combinations_close(struct combinations *c)
{
    combinations_forget(c);
    memset(c, 0, sizeof *c);
}

static uint64_t set_bytes(const struct combination_set *s)
{
    uint64_t bytes =
        s->capacity * sizeof *s->first_row + (s->direct ? sizeof *s->direct << FEW_BITS : 0);
    for (size_t i = 0; i <= FIELDS_MAX; i++)
        bytes += s->levels[i].slot_count * sizeof *s->levels[i].slots;
    return bytes;
}

uint64_t combinations_bytes(const struct combinations *c)
{
    uint64_t bytes = set_bytes(&c->set);
    for (unsigned r = 0; r < c->stretch_count; r++)
        bytes += set_bytes(&c->stretches[r].set) +
                 c->stretches[r].known * sizeof *c->stretches[r].global;
    return bytes;
}

static uint32_t source_code(const struct fact_source *s, size_t row)
{
    if (!s->column)
        return 0;
    if (s->column->type == COLUMN_I32)
        return (uint32_t)column_i32(s->column, row);
    uint32_t code = (uint32_t)column_get(s->column, row);
    return s->translation ? s->translation[code] : code;
}

/* Where the key belongs. */
static inline struct key_slot *home_of(const struct key_index *x, uint64_t key)
{
    uint64_t hash = key * UINT64_C(0x9E3779B97F4A7C15);
    return &x->slots[(size_t)(hash ^ hash >> 32) & (x->slot_count - 1)];
}

/* The slot that holds the key, or the first free one from where it belongs. */
static inline struct key_slot *slot_of(const struct key_index *x, uint64_t key)
{
    const struct key_slot *end = x->slots + x->slot_count;
    struct key_slot *slot = home_of(x, key);
    while (slot->code != 0 && slot->key != key)
        slot = slot + 1 < end ? slot + 1 : x->slots;
    return slot;
}

static int grow(struct key_index *x, struct err *err)
{
    struct key_index old = *x;
    x->slot_count = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
    x->slots = calloc(x->slot_count, sizeof *x->slots);
    if (!x->slots) {
        *x = old;
        return err_memory(err);
    }
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].code != 0)
            *slot_of(x, old.slots[i].key) = old.slots[i];
    free(old.slots);
    return 0;
}

/* The code of a key, a new one if need be. */
static inline int intern(struct key_index *x, uint64_t key, uint32_t *code, struct err *err)
{
    if (x->count >= x->slot_count / 4 && grow(x, err) != 0)
        return -1;
    struct key_slot *slot = slot_of(x, key);
    if (slot->code == 0)
        *slot = (struct key_slot){key, ++x->count};
    *code = slot->code - 1;
    return 0;
}

/* The rows that a stretch is worked through in: a field's codes of all of them at a time. */
enum { STEP = 512 };
struct step {
    const uint32_t *rows; /* of the facts, or NULL: those from `first` on */
    size_t first, count;
};
static inline size_t row_at(const struct step *at, size_t i)
{
    return at->rows ? at->rows[i] : at->first + i;
}

#define ADD_CODES(type, code_of)                              \
    if (at->rows)                                             \
        for (size_t i = 0; i < at->count; i++) {              \
            type code = ((const type *)cells)[at->rows[i]];   \
            keys[i] |= (uint64_t)(code_of) << bits;           \
        }                                                     \
    else                                                      \
        for (size_t i = 0; i < at->count; i++) {              \
            type code = ((const type *)cells)[at->first + i]; \
            keys[i] |= (uint64_t)(code_of) << bits;           \
        }
#define ADD_WORDS(type)                          \
    if (from->translation) {                     \
        ADD_CODES(type, from->translation[code]) \
    } else {                                     \
        ADD_CODES(type, code)                    \
    }

/* A field's codes beside those that stand in the keys already. */
static void add_codes(const struct fact_source *from, const struct step *at, unsigned bits,
                      uint64_t *keys)
{
    const void *cells = from->column->cells;
    switch (from->column->type) {
    case COLUMN_U8:
        ADD_WORDS(uint8_t)
        break;
    case COLUMN_U16:
        ADD_WORDS(uint16_t)
        break;
    case COLUMN_I32:
        ADD_CODES(int32_t, (uint32_t)code)
        break;
    default:
        ADD_WORDS(uint32_t)
    }
}

/* The keys of the last level. */
static int row_keys(const struct combinations *c, struct combination_set *s, const struct step *at,
                    uint64_t keys[static STEP], struct err *err)
{
    unsigned bits = 0;
    size_t level = 0;
    memset(keys, 0, at->count * sizeof *keys);
    for (size_t f = 0; f < c->width; f++) {
        const struct fact_source *from = &c->sources[f];
        if (bits + from->bits > KEY_BITS) {
            for (size_t i = 0; i < at->count; i++) {
                uint32_t code;
                if (intern(&s->levels[level], keys[i], &code, err) != 0)
                    return -1;
                keys[i] = code;
            }
            level++;
            bits = CODE_BITS;
        }
        if (from->bits > 0)
            add_codes(from, at, bits, keys);
        bits += from->bits;
    }
    return 0;
}

static int note_first(struct combination_set *s, uint32_t code, size_t row, struct err *err)
{
    if (code >= s->capacity) {
        uint32_t capacity = s->capacity ? s->capacity * 2 : FIRST_SLOTS;
        uint32_t *rows = reallocarray(s->first_row, capacity, sizeof *rows);
        if (!rows)
            return err_memory(err);
        s->first_row = rows;
        s->capacity = capacity;
    }
    s->first_row[code] = (uint32_t)row;
    return 0;
}

/* The code of a key of the last level, which stands in this row. */
static int key_code(const struct combinations *c, struct combination_set *s, uint64_t key,
                    size_t row, uint32_t *code, struct err *err)
{
    struct key_index *x = &s->levels[c->level];
    uint32_t before = x->count;
    if (intern(x, key, code, err) != 0)
        return -1;
    return x->count == before ? 0 : note_first(s, *code, row, err);
}

struct search {
    struct combinations *combinations;
    const uint32_t *rows;
    uint32_t *codes;
};

/* Keys of a few bits: a table of all that there may be. Which key comes next nobody can foretell,
 * so that there is no branch on it but for what is new. */
static int few_codes(const struct combinations *c, struct combination_set *s, const struct step *at,
                     const uint64_t keys[static STEP], uint32_t *codes, struct err *err)
{
    if (!s->direct && !(s->direct = calloc((size_t)1 << FEW_BITS, sizeof *s->direct)))
        return err_memory(err);
    for (size_t i = 0; i < at->count; i++) {
        uint32_t *known = &s->direct[keys[i]];
        if (*known == 0) {
            uint32_t code;
            if (key_code(c, s, keys[i], row_at(at, i), &code, err) != 0)
                return -1;
            *known = code + 1;
        }
        codes[i] = *known - 1;
    }
    return 0;
}

/* Others: mostly known, and mostly where they belong. */
static int many_codes(const struct combinations *c, struct combination_set *s,
                      const struct step *at, const uint64_t keys[static STEP], uint32_t *codes,
                      struct err *err)
{
    const struct key_index *x = &s->levels[c->level];
    for (size_t i = 0; i < at->count; i++) {
        const struct key_slot *slot = x->slot_count ? home_of(x, keys[i]) : NULL;
        if (slot && slot->key == keys[i] && slot->code != 0)
            codes[i] = slot->code - 1;
        else if (key_code(c, s, keys[i], row_at(at, i), &codes[i], err) != 0)
            return -1;
    }
    return 0;
}

static int find_own(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct search *s = context;
    const struct combinations *c = s->combinations;
    struct combination_set *set = &s->combinations->stretches[range].set;
    bool few = c->level == 0 && c->bits <= FEW_BITS;
    uint64_t keys[STEP];
    for (size_t at = begin; at < end; at += STEP) {
        const struct step step = {s->rows ? s->rows + at : NULL, at,
                                  end - at < STEP ? end - at : STEP};
        if (row_keys(c, set, &step, keys, err) != 0 ||
            (few ? few_codes : many_codes)(c, set, &step, keys, s->codes + at, err) != 0)
            return -1;
    }
    return 0;
}

/* What the stretch has found for the first time. */
static int put_together(struct combinations *c, struct combination_stretch *stretch,
                        struct err *err)
{
    const struct combination_set *own = &stretch->set;
    uint32_t count = own->levels[c->level].count;
    if (count == stretch->known)
        return 0;
    uint32_t *global = reallocarray(stretch->global, count, sizeof *global);
    if (!global)
        return err_memory(err);
    stretch->global = global;
    for (; stretch->known < count; stretch->known++) {
        uint64_t keys[STEP];
        uint32_t row = own->first_row[stretch->known];
        const struct step one = {NULL, row, 1};
        if (row_keys(c, &c->set, &one, keys, err) != 0 ||
            key_code(c, &c->set, keys[0], row, &global[stretch->known], err) != 0)
            return -1;
    }
    return 0;
}

static int more_stretches(struct combinations *c, unsigned count, struct err *err)
{
    if (count <= c->stretch_count)
        return 0;
    struct combination_stretch *stretches = reallocarray(c->stretches, count, sizeof *stretches);
    if (!stretches)
        return err_memory(err);
    memset(stretches + c->stretch_count, 0, (count - c->stretch_count) * sizeof *stretches);
    c->stretches = stretches;
    c->stretch_count = count;
    return 0;
}

int combinations_find(struct combinations *c, const uint32_t *rows, size_t count, unsigned threads,
                      uint32_t *own, struct err *err)
{
    struct search s = {c, rows, own};
    unsigned ranges = parallel_count(threads, count);
    c->before = c->count;
    int rc = more_stretches(c, ranges, err);
    if (rc == 0)
        rc = parallel_ranges(ranges, count, find_own, &s, err);
    for (unsigned r = 0; rc == 0 && r < ranges; r++)
        rc = put_together(c, &c->stretches[r], err);
    c->count = c->set.levels[c->level].count;
    return rc;
}

struct telling {
    const struct combinations *combinations;
    const uint32_t *own;
    const uint8_t *verdicts;
    uint8_t *to;
};

static int tell_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct telling *t = context;
    const uint32_t *global = t->combinations->stretches[range].global;
    (void)err;
    for (size_t i = begin; i < end; i++)
        t->to[i] = t->verdicts[global[t->own[i]]];
    return 0;
}

int combinations_tell(const struct combinations *c, const uint32_t *own, size_t count,
                      unsigned threads, const uint8_t *verdicts, uint8_t *to, struct err *err)
{
    struct telling t = {c, own, verdicts, to};
    return parallel_ranges(threads, count, tell_range, &t, err);
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
        source_value(&c->sources[i], source_code(&c->sources[i], c->set.first_row[code]),
                     c->reference_date, &values[i]);
    return expression_evaluate(c->expression, values, value, err);
}
