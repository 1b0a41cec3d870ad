/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * memory: how much memory a stage may use (--memory), as a number of bytes.
 *
 * A SIZE is a whole number with K, M or G behind it (powers of 1024) or nothing (bytes). Without
 * one it is half of what is free: of MemAvailable in /proc/meminfo or, where that is less, of the
 * least memory.max of the process's control group (version 2) and those above it.
 */
#ifndef HERKOMST_BASE_MEMORY_H
#define HERKOMST_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What every stage can work with, whatever the number of people, and the same as users write it. */
#define MEMORY_LEAST (UINT64_C(256) << 20)
#define MEMORY_LEAST_TEXT "256M"
#define MEMORY_UNLIMITED UINT64_MAX

/* False: not a SIZE, or one that 64 bits do not hold. */
bool memory_parse(const char *text, uint64_t *bytes);

/* Half of what is free, but at least MEMORY_LEAST; MEMORY_UNLIMITED where nothing tells. */
uint64_t memory_default(void);
/* The same from another root of the file system than "", for tests. */
uint64_t memory_default_below(const char *root);

#endif
