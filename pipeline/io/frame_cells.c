/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame_cells.h. Loops are macros of a cell's type and of an integer's width on the
 * stream, so that the compiler makes one for each, which works on many cells at a time. */
#include "io/frame_cells.h"

#include <endian.h>
#include <string.h>

#define CONSTANT static inline __attribute__((always_inline))

/* DO(type), with the unsigned type of the column's cells. */
#define BY_TYPE(DO)                  \
    switch (column_width(c->type)) { \
    case 1:                          \
        DO(uint8_t)                  \
        break;                       \
    case 2:                          \
        DO(uint16_t)                 \
        break;                       \
    case 4:                          \
        DO(uint32_t)                 \
        break;                       \
    default:                         \
        DO(uint64_t)                 \
    }
/* DO(type, width), with the integers' width too. */
#define BY_WIDTH(DO, type) \
    switch (f->width) {    \
    case 1:                \
        DO(type, 1)        \
        break;             \
    case 2:                \
        DO(type, 2)        \
        break;             \
    case 4:                \
        DO(type, 4)        \
        break;             \
    default:               \
        DO(type, 8)        \
    }

/* An integer of a stream; width is a constant. */
CONSTANT uint64_t get_little(const uint8_t *from, size_t i, size_t width)
{
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    from += i * width;
    switch (width) {
    case 1:
        return *from;
    case 2:
        memcpy(&two, from, 2);
        return le16toh(two);
    case 4:
        memcpy(&four, from, 4);
        return le32toh(four);
    default:
        memcpy(&eight, from, 8);
        return le64toh(eight);
    }
}

CONSTANT void put_little(uint8_t *to, size_t i, size_t width, uint64_t value)
{
    const uint16_t two = htole16((uint16_t)value);
    const uint32_t four = htole32((uint32_t)value);
    const uint64_t eight = htole64(value);
    to += i * width;
    switch (width) {
    case 1:
        *to = (uint8_t)value;
        break;
    case 2:
        memcpy(to, &two, 2);
        break;
    case 4:
        memcpy(to, &four, 4);
        break;
    default:
        memcpy(to, &eight, 8);
    }
}

/* What a cell's bits are turned with, so that dates count from the least one. */
static uint32_t turn_of(const struct column *c)
{
    return c->type == COLUMN_I32 ? UINT32_C(0x80000000) : 0;
}

static const void *cells_at(const struct column *c, size_t row)
{
    return (const char *)c->cells + row * column_width(c->type);
}

/* Most columns fall soon, so that steps are one look and the rest another. */
#define EXTENT(type)                                                         \
    {                                                                        \
        const type *own = cells_at(c, row), turn = (type)turn_of(c);         \
        type greatest = 0, least = (type)-1, step = 0, last = own[0] ^ turn; \
        size_t rising = 0;                                                   \
        for (; rising < n && (own[rising] ^ turn) >= last; rising++) {       \
            type more = (type)((own[rising] ^ turn) - last);                 \
            step = more > step ? more : step;                                \
            last = own[rising] ^ turn;                                       \
        }                                                                    \
        for (size_t i = 0; i < n; i++) {                                     \
            type value = own[i] ^ turn;                                      \
            type before = (type)(value - 1); /* 0 - 1 is more than all */    \
            greatest = value > greatest ? value : greatest;                  \
            least = before < least ? before : least;                         \
        }                                                                    \
        e.first = own[0] ^ turn;                                             \
        e.rises = rising == n;                                               \
        e.step = step;                                                       \
        e.greatest = greatest;                                               \
        e.least = (type)(least + 1);                                         \
    }

struct cells_extent cells_extent(const struct column *c, size_t row, size_t n)
{
    struct cells_extent e = {.rises = true};
    if (n > 0)
        BY_TYPE(EXTENT)
    return e;
}

bool cells_uniform(const struct column *c, size_t row, size_t n)
{
    size_t width = column_width(c->type);
    const char *cells = cells_at(c, row);
    return n > 0 && memcmp(cells, cells + width, (n - 1) * width) == 0;
}

/* Integers of `width` bytes, from cells that are of that type. */
#define ENCODE(type, width)                                                  \
    {                                                                        \
        const type *restrict own = cells_at(c, row);                         \
        const type turn = (type)turn_of(c), base = (type)f->base;            \
        type last = (type)*before;                                           \
        for (size_t i = 0; i < n && kind == CELLS_PLAIN; i++)                \
            put_little(out, i, width, own[i]);                               \
        for (size_t i = 0; i < n && kind == CELLS_FROM; i++) {               \
            type value = own[i] ^ turn;                                      \
            put_little(out, i, width, value ? (type)(value - base + 1) : 0); \
        }                                                                    \
        for (size_t i = 0; i < n && kind == CELLS_STEPS; i++) {              \
            type value = own[i] ^ turn;                                      \
            put_little(out, i, width, (type)(value - last));                 \
            last = value;                                                    \
        }                                                                    \
        *before = last;                                                      \
    }

void cells_encode(uint8_t *out, const struct cells_form *f, const struct column *c, size_t row,
                  size_t n, uint64_t *before)
{
    const enum cells_kind kind = f->kind;
#define ENCODE_OWN(type) BY_WIDTH(ENCODE, type)
    BY_TYPE(ENCODE_OWN)
}

/* And back. */
#define DECODE(type, width)                                                   \
    {                                                                         \
        const type turn = (type)turn_of(c), base = (type)f->base;             \
        type last = (type)*before, top = 0,                                   \
             wrong = f->base != base, *restrict own = (type *)c->cells + row; \
        for (size_t i = 0; i < n && kind == CELLS_PLAIN; i++) {               \
            type value = (type)get_little(in, i, width);                      \
            top = value > top ? value : top;                                  \
            own[i] = value;                                                   \
        }                                                                     \
        for (size_t i = 0; i < n && kind == CELLS_FROM; i++) {                \
            type value = (type)get_little(in, i, width);                      \
            type cell = value ? (type)(value - 1 + base) : 0;                 \
            wrong |= (value != 0) & (cell < base);                            \
            top = cell > top ? cell : top;                                    \
            own[i] = cell ^ turn;                                             \
        }                                                                     \
        for (size_t i = 0; i < n && kind == CELLS_STEPS; i++) {               \
            type value = (type)get_little(in, i, width);                      \
            type next = (type)(last + value);                                 \
            wrong |= next < last;                                             \
            last = next;                                                      \
            own[i] = last ^ turn;                                             \
        }                                                                     \
        if (kind == CELLS_STEPS)                                              \
            top = last; /* they never fall */                                 \
        *greatest = top > *greatest ? top : *greatest;                        \
        *before = last;                                                       \
        right = !wrong;                                                       \
    }

bool cells_decode(struct column *c, size_t row, size_t n, const struct cells_form *f,
                  const uint8_t *in, uint64_t *before, uint64_t *greatest)
{
    const enum cells_kind kind = f->kind;
    bool right = false;
#define DECODE_OWN(type) BY_WIDTH(DECODE, type)
    BY_TYPE(DECODE_OWN)
    return right;
}

#define GREATEST(type)                            \
    {                                             \
        const type *own = cells_at(c, row);       \
        type most = 0;                            \
        for (size_t i = 0; i < n; i++)            \
            most = own[i] > most ? own[i] : most; \
        greatest = most;                          \
    }

uint64_t cells_greatest(const struct column *c, size_t row, size_t n)
{
    uint64_t greatest = 0;
    BY_TYPE(GREATEST)
    return greatest;
}

#define FILL(type)                                              \
    {                                                           \
        type cell = (type)value, *own = (type *)c->cells + row; \
        for (size_t i = 0; i < n; i++)                          \
            own[i] = cell;                                      \
    }

void cells_fill(struct column *c, size_t row, size_t n, uint64_t value)
{
    BY_TYPE(FILL)
}
