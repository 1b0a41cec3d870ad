/* SPDX-License-Identifier: EUPL-1.2 */
/* change_system: equations between columns, of which each has the coefficients 1 and -1 only, by
 * rows and by columns. For sdc/least_change.h. */
#ifndef HERKOMST_SDC_CHANGE_SYSTEM_H
#define HERKOMST_SDC_CHANGE_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An element: the place of its row or column, and its sign. */
static inline uint32_t element_of(size_t place, bool negative)
{
    return (uint32_t)(2 * place + negative);
}

static inline uint32_t element_place(uint32_t element)
{
    return element >> 1;
}

static inline double element_times(uint32_t element, double value)
{
    return element & 1 ? -value : value;
}

struct change_system { /* the arrays are the caller's; row_start has rows + 1 places, and so on */
    size_t rows, columns;
    const uint32_t *row_start, *row;       /* elements with the places of columns */
    const uint32_t *column_start, *column; /* elements with the places of rows */
};

#endif
