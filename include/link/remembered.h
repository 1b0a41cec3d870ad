/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * remembered: short words that a coded column has taken before, so that a value that comes a
 * million times is parsed once. A word is remembered with its code under what the file had for it
 * (" M" trimmed: "M", for "m"); nothing is remembered of words over 8 bytes. 0 is "not known".
 */
#ifndef HERKOMST_LINK_REMEMBERED_H
#define HERKOMST_LINK_REMEMBERED_H

#include "io/csv_reader.h"

#include <stdint.h>
#include <string.h>

enum { REMEMBERED_SLOTS = 1 << 10, REMEMBERED_BYTES = 8 };

/* All zeros to begin with. */
struct remembered {
    struct {
        uint64_t key;
        uint32_t code;
    } slots[REMEMBERED_SLOTS];
};

/* The field's bytes as a number; fields have no NUL, so that no two are the same. Length 1 to 8. */
static inline uint64_t remembered_key(struct csv_field f)
{
    const unsigned char *b = (const unsigned char *)f.bytes;
    if (f.length < 4)
        return (uint64_t)b[0] | (uint64_t)b[f.length / 2] << (f.length / 2 * 8) |
               (uint64_t)b[f.length - 1] << ((f.length - 1) * 8);
    uint32_t low, high;
    memcpy(&low, b, 4);
    memcpy(&high, b + f.length - 4, 4);
    return (uint64_t)low | ((uint64_t)high >> (8 * (8 - f.length))) << 32;
}

static inline size_t remembered_slot(uint64_t key)
{
    return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 54);
}

static inline uint32_t remembered_find(const struct remembered *r, struct csv_field f)
{
    if (f.length == 0 || f.length > REMEMBERED_BYTES)
        return 0;
    uint64_t key = remembered_key(f);
    size_t slot = remembered_slot(key);
    return r->slots[slot].key == key ? r->slots[slot].code : 0;
}

/* In the place of another one, if need be. */
static inline void remembered_put(struct remembered *r, struct csv_field f, uint32_t code)
{
    if (f.length == 0 || f.length > REMEMBERED_BYTES)
        return;
    uint64_t key = remembered_key(f);
    size_t slot = remembered_slot(key);
    r->slots[slot].key = key;
    r->slots[slot].code = code;
}

#endif
