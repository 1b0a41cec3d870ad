/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame_cells.h. Functions that are always inlined get constant widths, by which the
 * compiler makes a loop for each. */
#include "io/frame_cells.h"

#include <endian.h>
#include <string.h>

#define CONSTANT static inline __attribute__((always_inline))

/* DO(own) with the width of the column's cells as a constant. */
#define BY_OWN(DO)                   \
    switch (column_width(c->type)) { \
    case 1:                          \
        DO(1);                       \
        break;                       \
    case 2:                          \
        DO(2);                       \
        break;                       \
    case 4:                          \
        DO(4);                       \
        break;                       \
    default:                         \
        DO(8);                       \
    }
/* DO(own, width), with that of the integers too. */
#define BY_BOTH(own, DO) \
    switch (f->width) {  \
    case 1:              \
        DO(own, 1);      \
        break;           \
    case 2:              \
        DO(own, 2);      \
        break;           \
    case 4:              \
        DO(own, 4);      \
        break;           \
    default:             \
        DO(own, 8);      \
    }

CONSTANT uint64_t get(const void *from, size_t i, size_t width)
{
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    const uint8_t *bytes = (const uint8_t *)from + i * width;
    switch (width) {
    case 1:
        return *bytes;
    case 2:
        memcpy(&two, bytes, 2);
        return two;
    case 4:
        memcpy(&four, bytes, 4);
        return four;
    default:
        memcpy(&eight, bytes, 8);
        return eight;
    }
}

CONSTANT void put(void *to, size_t i, size_t width, uint64_t value)
{
    const uint8_t one = (uint8_t)value;
    const uint16_t two = (uint16_t)value;
    const uint32_t four = (uint32_t)value;
    memcpy((uint8_t *)to + i * width,
           width == 1   ? (const void *)&one
           : width == 2 ? (const void *)&two
           : width == 4 ? (const void *)&four
                        : (const void *)&value,
           width);
}

/* The same of integers of a stream. */
CONSTANT uint64_t get_little(const uint8_t *from, size_t i, size_t width)
{
    uint64_t value = get(from, i, width);
    return width == 1   ? value
           : width == 2 ? le16toh((uint16_t)value)
           : width == 4 ? le32toh((uint32_t)value)
                        : le64toh(value);
}

CONSTANT void put_little(uint8_t *to, size_t i, size_t width, uint64_t value)
{
    put(to, i, width,
        width == 1   ? value
        : width == 2 ? htole16((uint16_t)value)
        : width == 4 ? htole32((uint32_t)value)
                     : htole64(value));
}

/* What is added to a cell, in the bits of its own width, so that dates count from the least one. */
static uint64_t flip_of(const struct column *c)
{
    return c->type == COLUMN_I32 ? UINT64_C(0x80000000) : 0;
}

static const void *cells_at(const struct column *c, size_t row)
{
    return (const char *)c->cells + row * column_width(c->type);
}

/* Most columns fall soon, so that steps are one look and the rest another. */
CONSTANT void steps(struct cells_extent *e, const void *cells, size_t n, size_t own, uint64_t flip)
{
    uint64_t step = 0, before = get(cells, 0, own) ^ flip;
    size_t rising = 0;
    e->first = before;
    for (; rising < n; rising++) {
        uint64_t value = get(cells, rising, own) ^ flip;
        if (value < before)
            break;
        step = value - before > step ? value - before : step;
        before = value;
    }
    e->rises = rising == n;
    e->step = step;
}

/* In the cells' own width, so that many are compared at a time. */
#define BOUNDS(type)                                                      \
    {                                                                     \
        const type *own = cells_at(c, row), turn = (type)flip;            \
        type greatest = 0, least = (type)-1;                              \
        for (size_t i = 0; i < n; i++) {                                  \
            type value = own[i] ^ turn;                                   \
            type before = (type)(value - 1); /* 0 - 1 is more than all */ \
            greatest = value > greatest ? value : greatest;               \
            least = before < least ? before : least;                      \
        }                                                                 \
        e.greatest = greatest;                                            \
        e.least = (type)(least + 1);                                      \
        break;                                                            \
    }

struct cells_extent cells_extent(const struct column *c, size_t row, size_t n)
{
    struct cells_extent e = {.rises = true};
    const uint64_t flip = flip_of(c);
    if (n == 0)
        return e;
#define STEPS(own) steps(&e, cells_at(c, row), n, own, flip)
    BY_OWN(STEPS)
    switch (column_width(c->type)) {
    case 1:
        BOUNDS(uint8_t)
    case 2:
        BOUNDS(uint16_t)
    case 4:
        BOUNDS(uint32_t)
    default:
        BOUNDS(uint64_t)
    }
    return e;
}

bool cells_uniform(const struct column *c, size_t row, size_t n)
{
    size_t width = column_width(c->type);
    const char *cells = cells_at(c, row);
    return n > 0 && memcmp(cells, cells + width, (n - 1) * width) == 0;
}

CONSTANT void encode(uint8_t *out, const struct cells_form *f, const void *cells, size_t n,
                     size_t own, size_t width, uint64_t flip, uint64_t *before)
{
    uint64_t base = f->base, last = *before;
    if (f->kind == CELLS_PLAIN)
        for (size_t i = 0; i < n; i++)
            put_little(out, i, width, get(cells, i, own));
    else if (f->kind == CELLS_FROM)
        for (size_t i = 0; i < n; i++) {
            uint64_t value = get(cells, i, own) ^ flip;
            put_little(out, i, width, value ? value - base + 1 : 0);
        }
    else
        for (size_t i = 0; i < n; i++) {
            uint64_t value = get(cells, i, own) ^ flip;
            put_little(out, i, width, value - last);
            last = value;
        }
    *before = last;
}

void cells_encode(uint8_t *out, const struct cells_form *f, const struct column *c, size_t row,
                  size_t n, uint64_t *before)
{
    const void *cells = cells_at(c, row);
    const uint64_t flip = flip_of(c);
#define ENCODE(own, width) encode(out, f, cells, n, own, width, flip, before)
#define ENCODE_OWN(own) BY_BOTH(own, ENCODE)
    BY_OWN(ENCODE_OWN)
}

CONSTANT bool decode(void *cells, size_t n, const struct cells_form *f, const uint8_t *in,
                     size_t own, size_t width, uint64_t flip, uint64_t *before, uint64_t *greatest)
{
    const uint64_t most = own < 8 ? (UINT64_C(1) << 8 * own) - 1 : UINT64_MAX, base = f->base;
    uint64_t top = *greatest, last = *before;
    bool right = base <= most;
    if (f->kind == CELLS_PLAIN)
        for (size_t i = 0; i < n; i++) {
            uint64_t value = get_little(in, i, width);
            top = value > top ? value : top;
            right &= value <= most;
            put(cells, i, own, value);
        }
    else if (f->kind == CELLS_FROM)
        for (size_t i = 0; i < n; i++) {
            uint64_t value = get_little(in, i, width);
            right &= value == 0 || value - 1 <= most - base;
            value = value ? value - 1 + base : 0;
            top = value > top ? value : top;
            put(cells, i, own, value ^ flip);
        }
    else
        for (size_t i = 0; i < n; i++) {
            uint64_t value = get_little(in, i, width);
            right &= value <= most - last;
            last += value;
            put(cells, i, own, last ^ flip);
        }
    *before = last;
    *greatest = f->kind == CELLS_STEPS && last > top ? last : top; /* steps never fall */
    return right;
}

bool cells_decode(struct column *c, size_t row, size_t n, const struct cells_form *f,
                  const uint8_t *in, uint64_t *before, uint64_t *greatest)
{
    void *cells = (char *)c->cells + row * column_width(c->type);
    const uint64_t flip = flip_of(c);
    bool right = false;
#define DECODE(own, width) right = decode(cells, n, f, in, own, width, flip, before, greatest)
#define DECODE_OWN(own) BY_BOTH(own, DECODE)
    BY_OWN(DECODE_OWN)
    return right;
}

/* In the cells' own width, so that many are compared at a time. */
#define GREATEST(type)                                        \
    {                                                         \
        const type *own = cells_at(c, row);                   \
        type greatest = 0;                                    \
        for (size_t i = 0; i < n; i++)                        \
            greatest = own[i] > greatest ? own[i] : greatest; \
        return greatest;                                      \
    }

uint64_t cells_greatest(const struct column *c, size_t row, size_t n)
{
    switch (column_width(c->type)) {
    case 1:
        GREATEST(uint8_t)
    case 2:
        GREATEST(uint16_t)
    case 4:
        GREATEST(uint32_t)
    default:
        GREATEST(uint64_t)
    }
}

CONSTANT void fill(void *cells, size_t n, size_t own, uint64_t value)
{
    for (size_t i = 0; i < n; i++)
        put(cells, i, own, value);
}

void cells_fill(struct column *c, size_t row, size_t n, uint64_t value)
{
    void *cells = (char *)c->cells + row * column_width(c->type);
#define FILL(own) fill(cells, n, own, value)
    BY_OWN(FILL)
}
