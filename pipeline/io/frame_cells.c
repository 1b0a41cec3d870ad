/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame_cells.h. */
#include "io/frame_cells.h"

#include <string.h>

/* By width, so that each loop has constants in it. */
#define PUT(width)                                    \
    for (size_t i = 0; i < n; i++)                    \
        for (size_t byte = 0; byte < (width); byte++) \
    out[i * (width) + byte] = (uint8_t)(values[i] >> (8 * byte))
#define GET(width)                                                   \
    for (size_t i = 0; i < n; i++) {                                 \
        uint64_t value = 0;                                          \
        for (size_t byte = 0; byte < (width); byte++)                \
            value |= (uint64_t)in[i * (width) + byte] << (8 * byte); \
        values[i] = value;                                           \
    }

void integers_put(uint8_t *out, const uint64_t *values, size_t n, size_t width)
{
    switch (width) {
    case 1:
        PUT(1);
        break;
    case 2:
        PUT(2);
        break;
    case 4:
        PUT(4);
        break;
    default:
        PUT(8);
    }
}

void integers_get(uint64_t *values, const uint8_t *in, size_t n, size_t width)
{
    switch (width) {
    case 1:
        GET(1);
        break;
    case 2:
        GET(2);
        break;
    case 4:
        GET(4);
        break;
    default:
        GET(8);
    }
}

void cells_load(uint64_t *values, const struct column *c, size_t row, size_t n)
{
    size_t width = column_width(c->type);
    const char *cells = (const char *)c->cells + row * width;
    if (width == 1)
        for (size_t i = 0; i < n; i++)
            values[i] = ((const uint8_t *)cells)[i];
    else if (width == 2)
        for (size_t i = 0; i < n; i++)
            values[i] = ((const uint16_t *)(const void *)cells)[i];
    else if (width == 4)
        for (size_t i = 0; i < n; i++)
            values[i] = ((const uint32_t *)(const void *)cells)[i];
    else
        memcpy(values, cells, n * sizeof *values);
}

void cells_store(struct column *c, size_t row, const uint64_t *values, size_t n)
{
    size_t width = column_width(c->type);
    char *cells = (char *)c->cells + row * width;
    if (width == 1)
        for (size_t i = 0; i < n; i++)
            ((uint8_t *)cells)[i] = (uint8_t)values[i];
    else if (width == 2)
        for (size_t i = 0; i < n; i++)
            ((uint16_t *)(void *)cells)[i] = (uint16_t)values[i];
    else if (width == 4)
        for (size_t i = 0; i < n; i++)
            ((uint32_t *)(void *)cells)[i] = (uint32_t)values[i];
    else
        memcpy(cells, values, n * sizeof *values);
}

uint64_t cells_greatest(const struct column *c, size_t row, size_t n)
{
    uint64_t values[FRAME_CELLS_STEP];
    uint64_t all = 0;
    for (size_t at = 0; at < n; at += FRAME_CELLS_STEP) {
        size_t part = n - at < FRAME_CELLS_STEP ? n - at : FRAME_CELLS_STEP;
        cells_load(values, c, row + at, part);
        for (size_t i = 0; i < part; i++)
            if (values[i] > all)
                all = values[i];
    }
    return all;
}
