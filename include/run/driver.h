/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * driver: runs the stages in order, as separate processes. The next one's process is started while
 * a stage works; it looks at nothing before its key, which comes when that stage has ended well.
 *
 * The recipient key of the intermediate files is made for the run, lives in locked memory, and goes
 * to each stage over a pipe. When the run ends, however it ends, the intermediate files are
 * unreadable; they are removed at once, or, after a crash, by the next run. A stage dies with the
 * driver (PR_SET_PDEATHSIG). One run at a time per output folder (ERR_BUSY).
 *
 * A check and an export publish nothing, and neither lock nor ask the ledger. An export's work
 * folder is beside the file that it makes; what a crash leaves of it is unreadable, and nobody
 * removes it.
 *
 * What the ledger would refuse at the end is refused at once. The other reference dates that it
 * holds go to the stage that takes them (--since).
 *
 * A stage gets standard input, output and error, the key's pipe, and the environment, in which
 * nothing secret is and from which no stage reads anything. SIGINT, SIGTERM and SIGHUP end the run
 * with ERR_SYSTEM, unless the release was just being put into place: then it is done.
 */
#ifndef HERKOMST_RUN_DRIVER_H
#define HERKOMST_RUN_DRIVER_H

#include "base/err.h"
#include "run/program.h"

/* herkomst export: the counts, for another tool and a recipient outside, as one encrypted file. */
struct export_request {
    const char *format;    /* tauargus, sdctable */
    const char *recipient; /* file of a public key */
    const char *file;      /* to be made; ERR_CREATE if it is there */
};

struct run_request {
    const char *config;
    const char *output;  /* NULL: the configuration's */
    const char *threads; /* NULL: default */
    const char *memory;  /* NULL: default, of each stage */
    bool quiet, json;
    bool profile;    /* print where the time went */
    bool check_only; /* intake, link and derive; print the quality figures; publish nothing */
    const struct export_request *export; /* NULL; else up to aggregate, and convert */
    size_t override_count;
    char *overrides[PROGRAM_VALUES];
};

/* A stage's failure has the kind of its exit code; the stage has printed its own message. */
int driver_run(const struct run_request *request, struct err *err);

/* Appends the folder of the running program, in which its sister programs are. */
int driver_program_folder(struct text *folder, struct err *err);

#endif
