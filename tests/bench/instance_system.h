/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * instance_system: the system of cells of an instance (tests/tools/instances.c), for the programs
 * that measure suppression. Government > domains > entities; one table with all variables of the
 * file, so that every margin is a cell.
 *
 * RULES is one of
 *   z0   what other tools promise: origin flat, nothing public, protection exact, threshold 5,
 *        zeros published
 *   z1   the same, zeros protected
 *   own  what a release promises: origin nested as foreign(eu, non_eu), belgian, unknown, all but
 *        unknown sensitive; head counts public, protection interval of width 5, zeros protected
 * Hiding a cell costs its count in all three.
 */
#ifndef HERKOMST_BENCH_INSTANCE_SYSTEM_H
#define HERKOMST_BENCH_INSTANCE_SYSTEM_H

#include "io/disclosure.h"
#include "tables/structure.h"

struct instance_system {
    struct disclosure rules;
    struct structure structure;
    struct cells cells;
    int64_t *counts; /* per cell */
};

/* Reads the file. ERR_USAGE for rules that there are not. Release s whatever the result. */
int instance_system_read(struct instance_system *s, const char *path, const char *rules,
                         struct err *err);
void instance_system_release(struct instance_system *s);

#endif
