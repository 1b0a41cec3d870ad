/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A block of a column's cells as bytes; see frame_stream.c for what is around it. A zone file is as
 * long as what is in it, all of which is encrypted, so cells take few bytes: a u8 says how the
 * block is written and how many bytes (1, 2, 4 or 8; the cells' own 4 or 16) a cell takes,
 *
 *   plain     the cells; unsigned ones in the least width that holds the block's greatest
 *   FROM      u64 base, then 0 for a cell that is 0, and cell - base + 1 for any other one: dates
 *             of a few decades, with or without DATE_NONE, which is the 0 of dates (these count
 *             from INT32_MIN)
 *   STEPS     u64 base, then what each cell is more than the one before (the first one, than base):
 *             rows in the order of persons
 */
#include "io/frame_cells.h"

#include <stdlib.h>

enum { STEP = FRAME_CELLS_STEP, FROM = 0x20, STEPS = 0x40, WIDTH = 0x1F, BASE_BYTES = 8 };

static const bool LITTLE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

/* How a block is written. */
struct form {
    uint64_t kind; /* 0, FROM or STEPS */
    uint64_t base;
    size_t width;
};

/* What all forms are chosen by. */
struct extent {
    uint64_t first, least, greatest; /* least: but 0 */
    uint64_t step;                   /* the greatest */
    bool rises;                      /* never falls */
};

int integer_write(const struct sink *to, uint64_t value, size_t width, struct err *err)
{
    uint8_t bytes[8];
    integers_put(bytes, &value, 1, width);
    return to->write(to->context, bytes, width, err);
}

int integer_read(const struct source *from, uint64_t *value, size_t width, struct err *err)
{
    uint8_t bytes[8];
    if (from->read(from->context, bytes, width, err) != 0)
        return -1;
    integers_get(value, bytes, 1, width);
    return 0;
}

static size_t width_for(uint64_t value)
{
    return value <= UINT8_MAX ? 1 : value <= UINT16_MAX ? 2 : value <= UINT32_MAX ? 4 : 8;
}

/* Cells as they are counted here: dates from the least one. */
static void count_from_least(uint64_t *values, const struct column *c, size_t n)
{
    for (size_t i = 0; c->type == COLUMN_I32 && i < n; i++)
        values[i] ^= UINT64_C(0x80000000);
}

static void extent_add(struct extent *e, const uint64_t *values, size_t n, uint64_t before)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t value = values[i];
        e->greatest = value > e->greatest ? value : e->greatest;
        e->least = value - 1 < e->least - 1 ? value : e->least; /* 0 - 1 is more than all */
        e->rises &= value >= before;
        e->step = value - before > e->step ? value - before : e->step;
        before = value;
    }
}

static struct extent extent_of(const struct column *c, size_t row, size_t n)
{
    struct extent e = {.rises = true};
    uint64_t values[STEP], before = 0;
    for (size_t at = 0; at < n; at += STEP) {
        size_t part = n - at < STEP ? n - at : STEP;
        cells_load(values, c, row + at, part);
        count_from_least(values, c, part);
        if (at == 0)
            e.first = before = values[0];
        extent_add(&e, values, part, before);
        before = values[part - 1];
    }
    return e;
}

/* The one of the fewest bytes. */
static struct form form_of(const struct column *c, size_t row, size_t n)
{
    size_t own = column_width(c->type);
    if (c->type == COLUMN_BYTES16)
        return (struct form){.width = own};
    struct extent e = extent_of(c, row, n);
    struct form best = {.width = c->type == COLUMN_I32 ? own : width_for(e.greatest)};
    struct form from = {FROM, e.least, width_for(e.greatest ? e.greatest - e.least + 1 : 0)};
    struct form steps = {STEPS, e.first, width_for(e.step)};
    size_t bytes = n * best.width;
    if (BASE_BYTES + n * from.width < bytes) {
        best = from;
        bytes = BASE_BYTES + n * from.width;
    }
    return e.rises && BASE_BYTES + n * steps.width < bytes ? steps : best;
}

static void encode(const struct form *f, uint64_t *values, size_t n, uint64_t *before)
{
    for (size_t i = 0; f->kind == FROM && i < n; i++)
        values[i] = values[i] ? values[i] - f->base + 1 : 0;
    for (size_t i = 0; f->kind == STEPS && i < n; i++) {
        uint64_t value = values[i];
        values[i] = value - *before;
        *before = value;
    }
}

int cells_write(const struct column *c, size_t row, size_t n, const struct sink *to,
                struct err *err)
{
    size_t own = column_width(c->type);
    struct form form = form_of(c, row, n);
    uint64_t before = form.base;
    if (integer_write(to, form.kind | form.width, 1, err) != 0)
        return -1;
    if (form.kind == 0 && form.width == own && (LITTLE || own == 16))
        return to->write(to->context, (const char *)c->cells + row * own, n * own, err);
    if (form.kind != 0 && integer_write(to, form.base, BASE_BYTES, err) != 0)
        return -1;
    uint64_t values[STEP];
    uint8_t bytes[STEP * 8];
    for (size_t at = 0; at < n; at += STEP) {
        size_t part = n - at < STEP ? n - at : STEP;
        cells_load(values, c, row + at, part);
        if (form.kind != 0)
            count_from_least(values, c, part);
        encode(&form, values, part, &before);
        integers_put(bytes, values, part, form.width);
        if (to->write(to->context, bytes, part * form.width, err) != 0)
            return -1;
    }
    return 0;
}

/* Every code among the cells is 0 or that of a word. */
static int codes_check(const struct column *c, size_t row, size_t n, struct err *err)
{
    if (c->coded && cells_greatest(c, row, n) > c->dictionary.count)
        return err_set(err, ERR_DATA, "column %s: a code without a word", c->name);
    return 0;
}

/* False: a value is more than a cell holds. */
static bool decode(const struct form *f, uint64_t *values, size_t n, uint64_t most,
                   uint64_t *before)
{
    bool right = f->base <= most;
    for (size_t i = 0; f->kind == FROM && i < n; i++) {
        right &= values[i] == 0 || values[i] - 1 <= most - f->base;
        values[i] = values[i] ? values[i] - 1 + f->base : 0;
    }
    for (size_t i = 0; f->kind == STEPS && i < n; i++) {
        right &= values[i] <= most - *before;
        *before += values[i];
        values[i] = *before;
    }
    return right;
}

static int form_read(struct form *f, const struct column *c, const struct source *from,
                     struct err *err)
{
    size_t own = column_width(c->type);
    uint64_t byte;
    if (integer_read(from, &byte, 1, err) != 0)
        return -1;
    f->width = byte & WIDTH;
    f->kind = byte & ~(uint64_t)WIDTH;
    bool integer = f->width == 1 || f->width == 2 || f->width == 4 || f->width == 8;
    bool narrow = integer && f->width < own && c->type != COLUMN_BYTES16;
    if ((f->kind == 0 && f->width != own && (!narrow || c->type == COLUMN_I32)) ||
        (f->kind != 0 && f->kind != FROM && f->kind != STEPS) || (f->kind != 0 && !narrow))
        return err_set(err, ERR_DATA, "column %s: cells of a wrong width", c->name);
    return f->kind != 0 ? integer_read(from, &f->base, BASE_BYTES, err) : 0;
}

int cells_read(struct column *c, size_t row, size_t n, const struct source *from, struct err *err)
{
    size_t own = column_width(c->type);
    uint64_t most = own < 8 ? ((uint64_t)1 << 8 * own) - 1 : UINT64_MAX;
    struct form form = {0};
    if (form_read(&form, c, from, err) != 0)
        return -1;
    if (form.kind == 0 && form.width == own && (LITTLE || own == 16)) {
        if (from->read(from->context, (char *)c->cells + row * own, n * own, err) != 0)
            return -1;
        return codes_check(c, row, n, err);
    }
    uint64_t values[STEP], before = form.base;
    uint8_t bytes[STEP * 8];
    for (size_t at = 0; at < n; at += STEP) {
        size_t part = n - at < STEP ? n - at : STEP;
        if (from->read(from->context, bytes, part * form.width, err) != 0)
            return -1;
        integers_get(values, bytes, part, form.width);
        if (form.kind != 0) {
            if (!decode(&form, values, part, most, &before))
                return err_set(err, ERR_DATA, "column %s: a value that is too large", c->name);
            count_from_least(values, c, part);
        }
        cells_store(c, row + at, values, part);
    }
    return codes_check(c, row, n, err);
}
