/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * lanes: eight things hashed at a time, each in a lane of vectors that the compiler makes. One body
 * is compiled for each kind of processor; which one runs here is asked at run time.
 */
#ifndef HERKOMST_SECURE_LANES_H
#define HERKOMST_SECURE_LANES_H

#include <stdbool.h>
#include <stdint.h>

enum { LANES = 8 };

/* A word of each lane. */
typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

#define LANES_BODY static inline __attribute__((always_inline)) void
/* Kernels of either kind of processor; callers' kernels are in this order, and plain ones last. */
#ifdef __x86_64__
#define LANES_AVX512 __attribute__((target("avx512f"))) static void
#define LANES_AVX2 __attribute__((target("avx2"))) static void
static inline bool lanes_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}
static inline bool lanes_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}
#endif
/* Words of a message are read as they lie. */
static inline bool lanes_anywhere(void)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

#endif
