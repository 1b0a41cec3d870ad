/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/profile.h. */
#include "run/profile.h"

#include "base/text.h"
#include "link/intake.h"
#include "run/stage.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t file_bytes(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

uint64_t profile_artefact_bytes(const char *work, const struct artefact *a)
{
    struct text path;
    text_init(&path);
    if (a)
        text_format(&path, "%s/%s.zone", work, a->schema);
    uint64_t bytes = a && !path.failed ? file_bytes(path.bytes) : 0;
    text_release(&path);
    return bytes;
}

uint64_t profile_dataset_bytes(const struct config *c)
{
    uint64_t bytes = 0;
    for (int d = 0; d < DATASET_COUNT; d++) {
        char **files = NULL;
        size_t count = 0;
        if (c->datasets[d].present && intake_files(c->datasets[d].path, &files, &count, NULL) == 0)
            for (size_t i = 0; i < count; i++)
                bytes += file_bytes(files[i]);
        intake_files_release(files, count);
    }
    return bytes;
}

void profile_begin(struct profile *p, const char *name, uint64_t bytes)
{
    struct profile_stage *s = &p->stages[p->count];
    *s = (struct profile_stage){.name = name, .bytes = bytes};
    (void)clock_gettime(CLOCK_MONOTONIC, &s->begun);
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

void profile_end(struct profile *p, const struct rusage *used, uint64_t bytes, int rows_fd)
{
    struct profile_stage *s = &p->stages[p->count++];
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    s->seconds =
        (double)(now.tv_sec - s->begun.tv_sec) + (double)(now.tv_nsec - s->begun.tv_nsec) / 1e9;
    s->cpu = seconds_of(used->ru_utime) + seconds_of(used->ru_stime);
    s->peak_kb = used->ru_maxrss;
    s->bytes += bytes;
    s->written = bytes;
    uint64_t rows = 0;
    if (read(rows_fd, &rows, sizeof rows) == (ssize_t)sizeof rows)
        s->rows = rows;
}

void profile_say_rows(int fd, uint64_t rows)
{
    /* Nobody may be listening any more: the figure is lost then, and nothing else. */
    if (write(fd, &rows, sizeof rows) < 0)
        return;
}

static int print_line(const struct profile_stage *s)
{
    double megabytes = (double)s->bytes / 1e6;
    return printf("%-14s %12" PRIu64 " %9.2f %9.2f %9.1f %9.1f %9.1f\n", s->name, s->rows,
                  s->seconds, s->cpu, s->seconds > 0 ? megabytes / s->seconds : 0,
                  (double)s->peak_kb / 1024, (double)s->written / 1e6);
}

int profile_print(const struct profile *p, struct err *err)
{
    struct profile_stage all = {.name = "all stages"};
    bool failed = printf("%-14s %12s %9s %9s %9s %9s %9s\n", "stage", "rows", "seconds", "CPU",
                         "MB/s", "peak MB", "MB out") < 0;
    for (size_t i = 0; i < p->count && !failed; i++) {
        const struct profile_stage *s = &p->stages[i];
        failed = print_line(s) < 0;
        all.rows = i == 0 ? s->rows : all.rows;
        all.bytes += s->bytes;
        all.written += s->written;
        all.seconds += s->seconds;
        all.cpu += s->cpu;
        all.peak_kb = s->peak_kb > all.peak_kb ? s->peak_kb : all.peak_kb;
    }
    if (failed || print_line(&all) < 0 || fflush(stdout) != 0)
        return err_errno(err, ERR_IO, "standard output");
    return 0;
}
