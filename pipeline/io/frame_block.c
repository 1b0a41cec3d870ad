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
 *   SAME      no bytes a cell: u64, which all cells are
 */
#include "io/frame_cells.h"

enum { STEP = FRAME_CELLS_STEP, SAME = 0x60, WIDTH = 0x1F, BASE_BYTES = 8 };

static const bool LITTLE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

int integer_write(const struct sink *to, uint64_t value, size_t width, struct err *err)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < width; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    return to->write(to->context, bytes, width, err);
}

int integer_read(const struct source *from, uint64_t *value, size_t width, struct err *err)
{
    uint8_t bytes[8];
    if (from->read(from->context, bytes, width, err) != 0)
        return -1;
    *value = 0;
    for (size_t i = 0; i < width; i++)
        *value |= (uint64_t)bytes[i] << 8 * i;
    return 0;
}

static size_t width_for(uint64_t value)
{
    return value <= UINT8_MAX ? 1 : value <= UINT16_MAX ? 2 : value <= UINT32_MAX ? 4 : 8;
}

static size_t form_bytes(const struct cells_form *f, size_t n)
{
    return n * f->width + (f->kind != CELLS_PLAIN ? BASE_BYTES : 0);
}

/* The one of the fewest bytes, whatever a cell's width in memory. */
static struct cells_form form_of(const struct column *c, size_t row, size_t n)
{
    size_t own = column_width(c->type);
    if (c->type == COLUMN_BYTES16 || own == 1)
        return (struct cells_form){.width = own};
    struct cells_extent e = cells_extent(c, row, n);
    struct cells_form best = {.width = c->type == COLUMN_I32 ? own : width_for(e.greatest)};
    struct cells_form from = {CELLS_FROM, width_for(e.greatest ? e.greatest - e.least + 1 : 0),
                              e.least};
    struct cells_form steps = {CELLS_STEPS, width_for(e.step), e.first};
    if (form_bytes(&from, n) < form_bytes(&best, n))
        best = from;
    return e.rises && form_bytes(&steps, n) < form_bytes(&best, n) ? steps : best;
}

/* Cells as they are in memory. */
static bool is_raw(const struct cells_form *f, size_t own)
{
    return f->kind == CELLS_PLAIN && f->width == own && (LITTLE || own == 1 || own == 16);
}

static int write_same(const struct column *c, size_t row, const struct sink *to, struct err *err)
{
    uint64_t value = c->type == COLUMN_I32 ? (uint32_t)column_i32(c, row) : column_get(c, row);
    if (integer_write(to, SAME, 1, err) != 0)
        return -1;
    return integer_write(to, value, BASE_BYTES, err);
}

int cells_write(const struct column *c, size_t row, size_t n, const struct sink *to,
                struct err *err)
{
    size_t own = column_width(c->type);
    struct cells_form form = form_of(c, row, n);
    if (c->type != COLUMN_BYTES16 && form_bytes(&form, n) > BASE_BYTES && cells_uniform(c, row, n))
        return write_same(c, row, to, err);
    if (integer_write(to, (uint64_t)form.kind | form.width, 1, err) != 0)
        return -1;
    if (is_raw(&form, own))
        return to->write(to->context, (const char *)c->cells + row * own, n * own, err);
    if (form.kind != CELLS_PLAIN && integer_write(to, form.base, BASE_BYTES, err) != 0)
        return -1;
    uint8_t bytes[STEP * 8];
    uint64_t before = form.base;
    for (size_t at = 0; at < n; at += STEP) {
        size_t part = n - at < STEP ? n - at : STEP;
        cells_encode(bytes, &form, c, row + at, part, &before);
        if (to->write(to->context, bytes, part * form.width, err) != 0)
            return -1;
    }
    return 0;
}

/* Every code among the cells is 0 or that of a word. */
static int codes_check(const struct column *c, uint64_t greatest, struct err *err)
{
    if (c->coded && greatest > c->dictionary.count)
        return err_set(err, ERR_DATA, "column %s: a code without a word", c->name);
    return 0;
}

static int read_same(struct column *c, size_t row, size_t n, const struct source *from,
                     struct err *err)
{
    uint64_t value;
    size_t own = column_width(c->type);
    if (c->type == COLUMN_BYTES16)
        return err_set(err, ERR_DATA, "column %s: cells of a wrong width", c->name);
    if (integer_read(from, &value, BASE_BYTES, err) != 0)
        return -1;
    if (own < 8 && value >> 8 * own != 0)
        return err_set(err, ERR_DATA, "column %s: a value that is too large", c->name);
    cells_fill(c, row, n, value);
    return codes_check(c, value, err);
}

static int form_take(struct cells_form *f, uint64_t byte, const struct column *c,
                     const struct source *from, struct err *err)
{
    size_t own = column_width(c->type);
    *f = (struct cells_form){(enum cells_kind)(byte & ~(uint64_t)WIDTH), byte & WIDTH, 0};
    bool integer = f->width == 1 || f->width == 2 || f->width == 4 || f->width == 8;
    bool narrow = integer && f->width < own && c->type != COLUMN_BYTES16;
    bool known = f->kind == CELLS_PLAIN || f->kind == CELLS_FROM || f->kind == CELLS_STEPS;
    if ((f->kind == CELLS_PLAIN && f->width != own && (!narrow || c->type == COLUMN_I32)) ||
        !known || (f->kind != CELLS_PLAIN && !narrow))
        return err_set(err, ERR_DATA, "column %s: cells of a wrong width", c->name);
    return f->kind != CELLS_PLAIN ? integer_read(from, &f->base, BASE_BYTES, err) : 0;
}

static int read_raw(struct column *c, size_t row, size_t n, const struct source *from,
                    struct err *err)
{
    size_t own = column_width(c->type);
    if (from->read(from->context, (char *)c->cells + row * own, n * own, err) != 0)
        return -1;
    return c->coded ? codes_check(c, cells_greatest(c, row, n), err) : 0;
}

int cells_read(struct column *c, size_t row, size_t n, const struct source *from, struct err *err)
{
    struct cells_form form;
    uint64_t byte, before, greatest = 0;
    if (integer_read(from, &byte, 1, err) != 0)
        return -1;
    if (byte == SAME)
        return read_same(c, row, n, from, err);
    if (form_take(&form, byte, c, from, err) != 0)
        return -1;
    if (is_raw(&form, column_width(c->type)))
        return read_raw(c, row, n, from, err);
    uint8_t bytes[STEP * 8];
    before = form.base;
    for (size_t at = 0; at < n; at += STEP) {
        size_t part = n - at < STEP ? n - at : STEP;
        if (from->read(from->context, bytes, part * form.width, err) != 0)
            return -1;
        if (!cells_decode(c, row + at, part, &form, bytes, &before, &greatest))
            return err_set(err, ERR_DATA, "column %s: a value that is too large", c->name);
    }
    return codes_check(c, greatest, err);
}
