/* SPDX-License-Identifier: EUPL-1.2 */
/* bits: what a word's bits tell, without an instruction that not every processor has. */
#ifndef HERKOMST_BASE_BITS_H
#define HERKOMST_BASE_BITS_H

#include <stdint.h>

/* How many are set; the C library's own is a call without the processor's instruction. */
static inline unsigned bits_count(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

#endif
