/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * intake: the input datasets, read, checked and held in memory with their national numbers.
 *
 *     intake_read(&in, &config, key, threads, err)    all configured datasets
 *     intake_figures(&in, &quality, err)              rows, rejected, and each reason
 *     intake_rejected_csv(&in, &text, err)            the operator's private list: no values
 *     intake_check(&in, &config, err)                 were too many rejected?
 *     intake_release(&in)                             always; wipes the numbers
 *
 * A path may be a glob; its files are taken in byte order of their names, in several threads, a
 * file or a part of a large file at a time; what comes out depends neither on the threads nor on
 * timing. A path that matches no file is ERR_NOINPUT. Personnel and entities must be configured,
 * and countries when a file has a nationality column (ERR_CONFIG). Bad files, headers and code
 * lists are ERR_DATA (see link/row_reader.h and link/code_lists.h); a bad value only rejects its
 * row.
 */
#ifndef HERKOMST_LINK_INTAKE_H
#define HERKOMST_LINK_INTAKE_H

#include "base/text.h"
#include "io/config.h"
#include "io/quality.h"
#include "link/intake_table.h"
#include "link/memory_plan.h"
#include "secure/pseudonym.h"

enum { INTAKE_PART = 4 << 20 }; /* bytes of a file that one thread reads at a time */

struct intake_dataset {
    bool present;
    size_t file_count;
    char **files; /* paths, in byte order */
    struct intake_table table;
};

struct intake_spill;
struct intake {
    struct intake_dataset datasets[DATASET_COUNT];
    struct row_hasher *hasher;      /* of the digests; NULL once all is read */
    const struct memory_plan *plan; /* NULL: everything stays in memory */
    struct intake_spill *spill;     /* where the rows are; NULL: in the tables */
};

/* On an error, too, `in` is to be released. key: of the input digests, which the tables have then:
 * of all accepted rows as they stand in the files, whoever needs them. */
int intake_read(struct intake *in, const struct config *config,
                const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads, struct err *err);
/* The same with another size of what a thread reads at a time; the result is the same for each. */
int intake_read_parts(struct intake *in, const struct config *config,
                      const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads, uint64_t part,
                      struct err *err);
/* The same within a plan, which must stay as long as `in`: when rows do not fit in memory, they are
 * in in->spill (link/intake_spill.h) and not in the tables. */
int intake_read_within(struct intake *in, const struct config *config,
                       const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                       const struct memory_plan *plan, struct err *err);
void intake_release(struct intake *in);

int intake_figures(const struct intake *in, struct quality *q, struct err *err);

/* "dataset,file,line,reason", sorted by these; file is a base name. */
int intake_rejected_csv(const struct intake *in, struct text *out, struct err *err);

/* ERR_DATA if more than max_rejected of a dataset's rows were rejected; the hint names the list. */
int intake_check(const struct intake *in, const struct config *config, struct err *err);

/* The files that match a pattern of glob(3), in byte order; none is ERR_NOINPUT. *files and its
 * strings are the caller's, on an error too (intake_files_release). */
int intake_files(const char *pattern, char ***files, size_t *count, struct err *err);
void intake_files_release(char **files, size_t count);

#endif
