/* SPDX-License-Identifier: EUPL-1.2 */
/* csv_speed FILE...: CPU seconds of one thread that reads the files with csv_read, and with libcsv
 * alone, which checks nothing; callbacks do nothing. For tests/bench/national.sh. */
#include "io/csv_reader.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int nothing(void *context, const struct csv_field *fields, size_t count, long line,
                   struct err *err)
{
    (void)context;
    (void)fields;
    (void)count;
    (void)line;
    (void)err;
    return 0;
}

static void no_field(void *bytes, size_t length, void *context)
{
    (void)bytes;
    (void)length;
    (void)context;
}

static void no_row(int end, void *context)
{
    (void)end;
    (void)context;
}

static int read_bare(const char *path)
{
    static char block[CSV_BLOCK];
    struct csv_parser parser;
    FILE *file = fopen(path, "rbe");
    if (!file || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return -1;
    int rc = 0;
    for (size_t got; rc == 0 && (got = fread(block, 1, sizeof block, file)) > 0;)
        rc = csv_parse(&parser, block, got, no_field, no_row, NULL) == got ? 0 : -1;
    csv_free(&parser);
    return fclose(file) == 0 ? rc : -1;
}

static double cpu_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    const struct csv_options options = {',', ENCODING_UTF8, NULL};
    double strict = 0, bare = 0;
    for (int i = 1; i < argc; i++) {
        double begun = cpu_seconds();
        if (csv_read(argv[i], &options, nothing, nothing, NULL, NULL) != 0)
            return EXIT_FAILURE;
        double middle = cpu_seconds();
        if (read_bare(argv[i]) != 0)
            return EXIT_FAILURE;
        strict += middle - begun;
        bare += cpu_seconds() - middle;
    }
    return printf("%.3f %.3f\n", strict, bare) > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
