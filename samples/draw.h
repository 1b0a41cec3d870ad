/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * draw: the sample's chance, without state. Every draw is a function of (seed, what it is for, of
 * whom), so that the same person is the same whatever the date, the order of work or the size of
 * another part. Mixing function: the finaliser of splitmix64 (G. L. Steele, D. Lea and C. H. Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014). Integers only: the same bytes on
 * every machine. Not for secrets.
 */
#ifndef HERKOMST_SAMPLES_DRAW_H
#define HERKOMST_SAMPLES_DRAW_H

#include <stdbool.h>
#include <stdint.h>

enum purpose {
    DRAW_BIRTH,
    DRAW_SEX,
    DRAW_SERIAL,
    DRAW_START,
    DRAW_LEAVE,
    DRAW_MONTH,
    DRAW_FOREIGN,
    DRAW_ABSENT,
    DRAW_BAD,
    DRAW_ORIGIN,
    DRAW_COUNTRY,
    DRAW_CHANGED,
    DRAW_FAMILY,
    DRAW_MIXED,
    DRAW_PARENT,
    DRAW_SIBLING,
    DRAW_COLLEAGUE,
    DRAW_GRANDPARENT,
    DRAW_UNKNOWN,
    DRAW_ALIAS,
    DRAW_NUMBER_KIND,
    DRAW_HEAD,
    DRAW_MIDDLE,
    DRAW_REGISTRATION,
    DRAW_REGISTERED_ON,
    DRAW_ENTITY_SIZE,
    DRAW_STUDENT,
    DRAW_SPELLING,
    DRAW_HISTORY,
    DRAW_ODDITY,
    DRAW_ROW,
    DRAW_FTE,
    DRAW_LEVEL,
    DRAW_JOB_TITLE,
    DRAW_SECOND_JOB,
    DRAW_RENUMBERED,
    DRAW_TRANSFER,
};

static inline uint64_t draw_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* 64 bits that depend on all three arguments. */
static inline uint64_t draw(uint64_t seed, enum purpose purpose, uint64_t of)
{
    uint64_t stream = draw_mix(seed + UINT64_C(0x9e3779b97f4a7c15) * ((uint64_t)purpose + 1));
    return draw_mix(stream + UINT64_C(0x9e3779b97f4a7c15) * (of + 1));
}

/* A number in [0, n), n > 0. */
static inline uint32_t draw_below(uint64_t seed, enum purpose purpose, uint64_t of, uint32_t n)
{
    return (uint32_t)(((draw(seed, purpose, of) >> 32) * n) >> 32);
}

/* True for about `parts` of 10,000. */
static inline bool draw_chance(uint64_t seed, enum purpose purpose, uint64_t of, uint32_t parts)
{
    return draw_below(seed, purpose, of, 10000) < parts;
}

#endif
