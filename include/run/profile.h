/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * profile: where the time of a run goes (herkomst run --profile).
 *
 *     stage         rows   seconds       CPU      MB/s   peak MB
 *     link      24000000      1.21      2.02     812.4     640.1
 *
 * The driver measures: wall clock and CPU seconds and the peak memory of a stage's process, and the
 * bytes of the files that it read and wrote, intermediate files and datasets. Rows are what a stage
 * worked through (struct stage); it alone knows, and says so over a pipe when it is done
 * (--profile-fd). The figures depend on the machine and are no part of any file.
 */
#ifndef HERKOMST_RUN_PROFILE_H
#define HERKOMST_RUN_PROFILE_H

#include "base/err.h"
#include "io/config.h"

#include <stdint.h>
#include <sys/resource.h>
#include <time.h>

enum { PROFILE_STAGES = 8 };

struct profile_stage {
    const char *name;
    struct timespec begun;
    uint64_t rows, bytes, written; /* bytes: read and written */
    double seconds, cpu;
    long peak_kb;
};

struct profile {
    size_t count;
    struct profile_stage stages[PROFILE_STAGES];
};

/* A stage begins. `bytes`: of the files that it will read. */
void profile_begin(struct profile *p, const char *name, uint64_t bytes);
/* It has ended; `bytes`: of the file that it wrote. rows_fd: where the stage said how many rows. */
void profile_end(struct profile *p, const struct rusage *used, uint64_t bytes, int rows_fd);
/* Of a stage, when it is done. */
void profile_say_rows(int fd, uint64_t rows);
/* The table, to standard output. */
int profile_print(const struct profile *p, struct err *err);

/* Sizes; 0 what cannot be told. */
struct artefact;
uint64_t profile_artefact_bytes(const char *work, const struct artefact *a); /* a NULL: 0 */
uint64_t profile_dataset_bytes(const struct config *c);

#endif
