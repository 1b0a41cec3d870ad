/* SPDX-License-Identifier: EUPL-1.2 */
/* few_sort: a list of indices in the order of what they stand for. Lists that nearly always have
 * few members are sorted by insertion: qsort takes longer to begin than to sort them. */
#ifndef HERKOMST_BASE_FEW_SORT_H
#define HERKOMST_BASE_FEW_SORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { FEW_SORT_MOST = 16 };

static inline void few_sort(uint32_t *list, size_t count,
                            int (*compare)(const void *, const void *, void *), void *context)
{
    if (count > FEW_SORT_MOST) {
        qsort_r(list, count, sizeof *list, compare, context);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t own = list[i];
        size_t at = i;
        for (; at > 0 && compare(&list[at - 1], &own, context) > 0; at--)
            list[at] = list[at - 1];
        list[at] = own;
    }
}

#endif
