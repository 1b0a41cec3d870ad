/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * suppress_bench [--rules z0|z1|own] [--name NAME] [--threads N] [--csv FILE] [--header] INSTANCE
 *
 * Runs the suppression engine on an instance (tests/tools/instances.c; the rules:
 * tests/bench/instance_system.h) and prints one line of figures, tabs between them; --header
 * prints their names first:
 *
 *     instance rules cells primary secondary sum unprotected programmes largest wall cpu mb
 *
 * sum = of the counts of the secondary cells; unprotected = hidden sensitive cells without a proof;
 * programmes = linear programmes that the proofs solved; largest = cells of the largest connected
 * part; seconds of the whole program, wall and processor; mb = its peak memory. --csv writes every
 * cell as key,count,hidden,primary. Exit 0: a pattern was found and is proved; 1: it was not.
 */
#include "../bench/instance_system.h"

#include "sdc/primary.h"
#include "sdc/suppress.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static struct options {
    const char *rules, *name, *csv, *instance;
    unsigned threads;
    bool header;
} options = {.rules = "z0", .threads = 1};

static double wall_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void print_figures(const struct instance_system *s, const struct suppression *out,
                          double wall)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    if (options.header)
        printf("instance\trules\tcells\tprimary\tsecondary\tsum\tunprotected\tprogrammes\tlargest\t"
               "wall\tcpu\tmb\n");
    printf("%s\t%s\t%zu\t%zu\t%zu\t%lld\t%zu\t%zu\t%zu\t%.2f\t%.2f\t%.1f\n", options.name,
           options.rules, s->cells.count, out->primary, out->secondary,
           (long long)out->secondary_sum, out->proof.unprotected, out->proof.programs,
           out->proof.largest_part, wall, seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
           (double)usage.ru_maxrss / 1024);
}

static int write_cells(const struct instance_system *s, const struct suppression *out,
                       struct err *err)
{
    int rc = -1;
    struct text line;
    text_init(&line);
    uint8_t *unsafe = calloc(s->cells.count + 1, 1);
    FILE *file = fopen(options.csv, "w");
    if (!unsafe || !file) {
        err_errno(err, ERR_CREATE, "cannot write the cells");
        goto out;
    }
    if (primary_find(unsafe, &s->cells, s->counts, &s->rules, NULL, err) != 0)
        goto out;
    (void)fputs("key,count,hidden,primary\n", file);
    for (size_t i = 0; i < s->cells.count; i++) {
        text_clear(&line);
        cell_key(&line, &s->cells, i);
        text_format(&line, ",%lld,%d,%d\n", (long long)s->counts[i], out->hidden[i], unsafe[i]);
        if (line.failed || fputs(line.bytes, file) == EOF) {
            err_errno(err, ERR_IO, "cannot write the cells");
            goto out;
        }
    }
    rc = 0;
out:
    if (file && fclose(file) != 0 && rc == 0)
        rc = err_errno(err, ERR_IO, "cannot write the cells");
    free(unsafe);
    text_release(&line);
    return rc;
}

static int measure(struct instance_system *s, struct err *err)
{
    double start = wall_seconds();
    struct suppression out;
    if (instance_system_read(s, options.instance, options.rules, err) != 0 ||
        suppress(&out, &s->cells, s->counts, &s->rules, NULL, NULL, options.threads, err) != 0)
        return -1;
    print_figures(s, &out, wall_seconds() - start);
    int rc = options.csv ? write_cells(s, &out, err) : 0;
    if (rc == 0 && out.proof.unprotected)
        rc = err_set(err, ERR_REFUSED, "%zu cells are not protected", out.proof.unprotected);
    suppression_release(&out);
    return rc;
}

static _Noreturn void usage(void)
{
    (void)fputs("usage: suppress_bench [--rules z0|z1|own] [--name NAME] [--threads N] "
                "[--csv FILE] [--header] INSTANCE\n",
                stderr);
    exit(64);
}

static unsigned parse_threads(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '1' || *text > '9' || *end || number > 64)
        usage();
    return (unsigned)number;
}

static void parse_options(int argc, char **argv)
{
    static const struct option LONG[] = {
        {"rules", required_argument, NULL, 'r'},   {"name", required_argument, NULL, 'n'},
        {"threads", required_argument, NULL, 't'}, {"csv", required_argument, NULL, 'c'},
        {"header", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", LONG, NULL)) != -1) {
        if (option == 'r')
            options.rules = optarg;
        else if (option == 'n')
            options.name = optarg;
        else if (option == 't')
            options.threads = parse_threads(optarg);
        else if (option == 'c')
            options.csv = optarg;
        else if (option == 'h')
            options.header = true;
        else
            usage();
    }
    if (argc - optind != 1)
        usage();
    options.instance = argv[optind];
    if (!options.name)
        options.name = options.instance;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct instance_system s;
    parse_options(argc, argv);
    int rc = measure(&s, &err);
    if (rc != 0)
        (void)fprintf(stderr, "suppress_bench: %s\n", err.text);
    instance_system_release(&s);
    return rc == 0 ? 0 : (int)err.kind;
}
