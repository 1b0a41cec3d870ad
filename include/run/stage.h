/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stage: a program of the pipeline, declared as data and started through stage_main.
 *
 * The declarations (STAGES) say for each stage what it reads and writes, in which zone, and what
 * else it may touch. The driver, the sandbox, --describe, --help, the man pages and the tests all
 * read them; nothing is said twice.
 *
 * stage_main sets up the process (no core dump, locked keys), parses the command line, loads the
 * configuration, takes the recipient's key, closes the sandbox around what the declaration grants,
 * runs the stage, prints its error, and returns the exit code. A stage's run function only wires
 * modules together; it returns 0, or -1 with err filled.
 */
#ifndef HERKOMST_RUN_STAGE_H
#define HERKOMST_RUN_STAGE_H

#include "base/err.h"
#include "io/config.h"
#include "run/program.h"
#include "secure/zonefile.h"
#include "tables/turnover.h"

#include <stdbool.h>
#include <stddef.h>

/* What a stage may touch besides its input and output file, and the configuration. */
enum {
    RIGHT_DATASETS = 1,        /* read the input datasets */
    RIGHT_PSEUDONYM_KEY = 2,   /* read the pseudonym key */
    RIGHT_PRIVATE_QUALITY = 4, /* write the operator's private quality folder */
    RIGHT_SIGNING_KEY = 8,     /* read the signing key */
    RIGHT_RELEASES = 16,       /* write the folder of releases and the ledger */
    RIGHT_LEDGER = 32,         /* read the ledger */
};

struct artefact {
    const char *schema; /* the file is WORK/SCHEMA.zone */
    enum zone zone;
};

struct stage_spec {
    const char *name; /* "link" */
    const char *purpose;
    const char *description;
    const struct artefact *input;  /* NULL: reads no intermediate file */
    const struct artefact *output; /* NULL: writes none */
    unsigned rights;
    bool takes_memory; /* has the option --memory: it sees rows, and what does not fit is spilled */
    bool takes_since;  /* has the option --since: the other reference dates (tables/turnover.h) */
    bool takes_format; /* has the options --format and --for: another tool's, somebody outside */
};

extern const struct stage_spec STAGE_PSEUDONYMISE, STAGE_LINK, STAGE_DERIVE, STAGE_AGGREGATE,
    STAGE_CONVERT, STAGE_SUPPRESS, STAGE_PUBLISH;
/* Those that make a release, in the order in which they run: all but convert. */
extern const struct stage_spec *const STAGES[];
extern const size_t STAGE_COUNT;

struct stage {
    const struct stage_spec *spec;
    struct config config;
    char *work; /* folder of the intermediate files */
    struct recipient recipient;
    unsigned threads;
    uint64_t memory; /* bytes, of --memory */
    uint64_t rows;   /* what the run function has worked through, for --profile */
    int profile_fd;  /* of --profile-fd; -1: nobody asks */
    uint8_t output_key[RECIPIENT_PUBLICBYTES]; /* for whom the output is written */
    bool passing;                              /* the output's key ends with the run */
    const char *format;                        /* of --format */
    size_t since_count;                        /* of --since */
    date since[TURNOVER_DATES];
    struct zone_reader *reader; /* stage_open_input */
    struct zone_writer *writer; /* stage_open_output */
};

typedef int (*stage_run)(struct stage *stage, struct err *err);

int stage_main(const struct stage_spec *spec, stage_run run, int argc, char **argv);

/* Removes WORK/SCHEMA.zone that the stage has read, for the driver: nobody reads it again, and what
 * was not waited for on its way to the disk (zone_passing) need not go there. */
void stage_input_done(const struct stage_spec *spec, const char *work);

/* Opens WORK/SCHEMA.zone of the declaration; *source reads its frames. stage_main finishes
 * (everything must have been read) and closes it. */
int stage_open_input(struct stage *s, struct source *source, struct err *err);
/* Everything must have been read; closes it, so that its buffers are wiped early. stage_main does
 * it if the run function did not; one whose work takes effect outside its output file must do it
 * first. */
int stage_finish_input(struct stage *s, struct err *err);
/* stage_main commits it when the run function returns 0, and discards it otherwise. */
int stage_open_output(struct stage *s, struct sink *sink, struct err *err);

/* Writes the stage's own quality figures to QUALITY/RELEASE/NAME.csv (private, 0600). */
struct quality;
int stage_write_quality(const struct stage *s, const struct quality *q, struct err *err);

#endif
