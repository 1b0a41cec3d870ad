/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * audit: is this release what it claims to be? Answered from the release's own files and a public
 * key.
 *
 *     audit_release(folder, key, &result, err)      0: the audit came to its end (see findings);
 *                                                   -1: it could not tell (memory, I/O)
 *     audit_history(folder, previous, count, key, &result, err)   optional: earlier releases too
 *     audit_passed(&result)                         no findings, and no rule left unchecked
 *     audit_text / audit_json                       for people and for programs
 *     audit_result_release(&result)                 always
 *
 * The audit trusts nothing it reads and shares no code with disclosure control: it includes neither
 * sdc/ nor link/. With key = NULL the rules on signature and digests are left out: the publish
 * stage asks that of a release that is not signed yet.
 *
 * Findings name file and cell, and never a count. A rule that could not be looked at, because what
 * it needs was refused, counts as not passed.
 */
/* clang-format off */
/*
 * PROMISES of a pass, and which lines of pipeline/audit check each: file (audit_ and .c left out)
 * and, after a colon, functions in it. make lint sees to it that this list is whole.
 *
 *   signature, digests
 *     nothing strange in the folder, nothing    tree: list_entry
 *     read through a link
 *     SHA256SUMS is signed, and is what         sums: check_signature, check_digests
 *     sha256sum writes of the folder
 *   files, rules
 *     a release's files and no other            documents: audit_files; reports: audit_report_files
 *     rules.json in its one form, and the       documents: check_form, compare_manifest
 *     manifest agrees with it
 *   tables, additivity, public, unsafe, quality
 *     each cell once, the same in all tables    cells: audit_tables
 *     published parts and totals agree          cells: equation_fault
 *     head counts shown, unsafe counts not      cells: audit_public, unsafe_reason
 *     quality.csv tells of no small group       cells: quality_row, government_hidden
 *   reports
 *     every number, bar, dot and line of pages  pages; html; html_marks; html_shapes
 *     what each must be, in own arithmetic      page_numbers; page_truth
 *     every part of a workbook, and no other    xlsx: check_parts; workbook_part; sheets;
 *                                               sheet_rows; charts
 *     metadata, catalogue, SDMX structure       written: byte by byte
 *   derived                                     derived: what is derived, and by what
 *     counts, shares, changes, gaps             indicators; indicator_names; shares
 *     units/UNIT/data.csv, sdmx/TABLE.csv       unit_data; sdmx
 *   certificate                                 certificate_file; json_reader: its form
 *     a witness is of whole numbers, not        certificate: take_witness, additions_hold
 *     negative, of just the part's hidden
 *     cells, and adds up
 *     two witnesses far enough apart,           certificate: pair_fault; criterion
 *     or a floor, by single equations           certificate: floor_fault; floor
 *     or by multipliers                         range: multipliers_fit, bound_of
 *   protection                                  protection: which cells; search: audit_search
 *     a part's equations in few unknown cells   part: audit_part_enter; rows
 *     tables count when their additions hold    part: audit_part_holds; range: audit_range_table
 *     where the programme's are not whole       dive; whole
 *   turnover, history, cumulative
 *     earlier releases are genuine and chained  history: check_earlier, read_chain
 *     head counts lead from them to these, and  turnover: compare_heads, check_again
 *     nothing came back too early
 *     which cells the turnover rule names       named
 *     all releases together                     over_time: take_system, take_proof, check_cells
 *
 * What rests on what is in audit.c; how it is told in result, result_page, summary and explain.
 */
/* clang-format on */
#ifndef HERKOMST_AUDIT_AUDIT_H
#define HERKOMST_AUDIT_AUDIT_H

#include "base/err.h"
#include "base/text.h"
#include "io/config.h"
#include "secure/sign.h"

#include <stdbool.h>
#include <stddef.h>

enum audit_rule {
    AUDIT_SIGNATURE,   /* SHA256SUMS is signed by the key */
    AUDIT_DIGESTS,     /* SHA256SUMS lists every file, and no other, with its digest */
    AUDIT_FILES,       /* the release holds what a release must, and nothing else */
    AUDIT_RULES,       /* rules.json is consistent; manifest and certificate agree with it */
    AUDIT_TABLES,      /* every cell of every table once, equal in all */
    AUDIT_ADDITIVITY,  /* published counts satisfy the equations, hidden ones can */
    AUDIT_PUBLIC,      /* no head count is hidden */
    AUDIT_UNSAFE,      /* no published cell is unsafe */
    AUDIT_QUALITY,     /* quality.csv holds no small count */
    AUDIT_REPORTS,     /* every number, bar and dot of the pages is what the tables say, or blank */
    AUDIT_TURNOVER,    /* turnover.csv is whole; with earlier releases: it leads from their head
                        * counts to these, and no figure is published again too early */
    AUDIT_DERIVED,     /* what other files say follows from published cells, as it says */
    AUDIT_CERTIFICATE, /* every hidden sensitive cell is proved to be protected */
    AUDIT_PROTECTION,  /* and is, as the audit's own search finds: of those that the certificate
                        * does not show, or, if it is to be thorough, of all */
    AUDIT_CUMULATIVE,  /* with all earlier releases: no hidden sensitive cell of any has lost its
                        * protection */
    AUDIT_HISTORY,     /* earlier releases are genuine, and the chain to the last one holds */
    AUDIT_RULES_COUNT,
};
const char *audit_rule_name(enum audit_rule rule);
const char *
audit_rule_about(enum audit_rule rule); /* one plain sentence: what holds if it passes */

struct audit_finding {
    enum audit_rule rule;
    char *file; /* path in the release; "" = the release as a whole */
    char *cell; /* key, or "" */
    char *text; /* "tables/origin.csv: staff|entity:E1|origin=foreign: hidden but public" */
};

enum { AUDIT_FINDINGS = 1000, AUDIT_FIGURES = 8 };

struct audit_check {
    bool asked;   /* part of this audit */
    bool checked; /* looked at, to the end */
    size_t findings;
    size_t figure_count;
    struct {
        const char *what; /* "cells" */
        size_t count;
    } figures[AUDIT_FIGURES];
};

struct audit_result {
    char release[CONFIG_CODE]; /* "" if rules.json cannot be read */
    char *rules;               /* what its rules ask, in words; NULL if they cannot be read */
    bool thorough;             /* audit_thorough: nothing is searched less because it is proved */
    struct audit_check checks[AUDIT_RULES_COUNT];
    size_t finding_count; /* all of them; the first `kept` are in findings */
    size_t kept;
    struct audit_finding *findings;
    char previous[CONFIG_CODE]; /* what the manifest says of the release before this one */
    char previous_digest[CONFIG_DIGEST_TEXT];
};

/* result needs no initialisation, and is always fit for audit_result_release afterwards. */
int audit_release(const char *folder, const struct public_key *key, struct audit_result *result,
                  struct err *err);
/* After audit_release of the same folder: its own search of every hidden sensitive cell, whatever
 * the certificate shows; audit_history after it does the same for all releases together. Nothing
 * more is looked at where some of them were found unprotected before. */
int audit_thorough(const char *folder, struct audit_result *result, struct err *err);
/* After audit_release of the same folder. The manifest names the release before, that one's
 * manifest the one before it, and so on: what follows from a release's place in time is asked of
 * those of `previous` that this chain reaches without a gap. */
int audit_history(const char *folder, char *const *previous, size_t count,
                  const struct public_key *key, struct audit_result *result, struct err *err);
/* After audit_release of the same folder, for who has earlier releases from elsewhere (the ledger):
 * the cumulative rule alone. past: all of them; `named` in it is filled anew. */
struct past;
int audit_cumulative(const char *folder, struct past *past, struct audit_result *result,
                     struct err *err);
/* After audit_release of the same folder: what anybody can work out of one cell, and from what:
 * its range, the equations that bound it, and a table at either end of it. ERR_USAGE: there is no
 * such cell; ERR_REFUSED: the release's tables cannot be read. */
int audit_explain(const char *folder, const char *key, const struct audit_result *result,
                  struct text *out, struct err *err);
bool audit_passed(const struct audit_result *r);
void audit_result_release(struct audit_result *r);

/* One line a rule, then one a finding, a summary, and the verdict. */
void audit_text(const struct audit_result *r, struct text *out);
/* Format herkomst-audit/1; members may be added, those that are there stay. */
void audit_json(const struct audit_result *r, struct text *out);
/* A page to file. */
void audit_html(const struct audit_result *r, struct text *out);
/* A few sentences for who reads nothing else. */
void audit_summary(const struct audit_result *r, struct text *out);

#endif
