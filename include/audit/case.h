/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * case: what the rules of an audit share: the folder, what was read of it so far, and the result
 * that they add to. Private to pipeline/audit.
 *
 * Each audit_* function below looks at one rule. 0: it is done (findings may have been added); -1:
 * the audit cannot go on (err).
 */
#ifndef HERKOMST_AUDIT_CASE_H
#define HERKOMST_AUDIT_CASE_H

#include "audit/audit.h"
#include "tables/rules.h"
#include "tables/structure.h"
#include "tables/turnover.h"

#include <stdint.h>

enum { AUDIT_THREADS = 2 }; /* that look at a release at the same time */

struct audit_tree { /* files below a folder: paths in byte order */
    size_t count, capacity;
    char **paths;
};

struct audit_case {
    const char *folder;
    const struct public_key *key;
    struct audit_result *result;
    struct audit_tree tree;
    struct rules rules;
    struct cells cells; /* of rules.structure, once AUDIT_RULES is checked */
    int64_t *counts;    /* -1 = hidden */
    uint8_t *hidden;    /* CELL_UNPUBLISHED cells always */
    struct turnover turnover;
    uint8_t *shown; /* per cell: its certificate shows it protected; NULL: it was not read */
};
void audit_case_release(struct audit_case *c);

/* Whoever takes counts that are added later sees to it that all of them together stay below this:
 * then no sum of some of them, nor the difference of two, overflows. */
#define AUDIT_ADDABLE (INT64_C(1) << 60)
/* Adds a count to a total; false if the total would not stay below it. */
static inline bool audit_addable(int64_t *total, int64_t count)
{
    *total += count; /* both are below 2^60 */
    return *total < AUDIT_ADDABLE;
}

/* Result: what was looked at, and what was found. Both -1 only when memory ran out. */
void audit_begin(struct audit_result *r, enum audit_rule rule);
void audit_figure(struct audit_result *r, enum audit_rule rule, const char *what, size_t count);
void audit_end(struct audit_result *r, enum audit_rule rule); /* looked at to the end */
int audit_find(struct audit_result *r, enum audit_rule rule, const char *file, const char *cell,
               struct err *err, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* A cell's finding, in the first table that it stands in. */
int audit_find_cell(struct audit_case *c, enum audit_rule rule, size_t cell, struct err *err,
                    const char *what);
/* Adds what another result says of a rule, of which it says nothing else: findings are taken from
 * it, and stand behind those that are there. */
int audit_result_join(struct audit_result *r, struct audit_result *more, enum audit_rule rule,
                      struct err *err);
/* An error about a file becomes a finding, unless it means that the audit cannot tell. */
int audit_find_error(struct audit_result *r, enum audit_rule rule, const char *file,
                     struct err *err);

/* Files. */
void audit_tree_release(struct audit_tree *t);
bool audit_tree_has(const struct audit_tree *t, const char *path);
/* Lists the folder; links, devices and the like are findings of AUDIT_FILES. */
int audit_tree_list(struct audit_tree *t, const char *folder, struct audit_result *r,
                    struct err *err);
/* Reads folder/path, at most `limit` bytes, into an initialised text. */
int audit_read(const char *folder, const char *path, size_t limit, struct text *out,
               struct err *err);
/* Signature and digests of a folder under these rules; sums_digest: SHA-256 of its SHA256SUMS. */
int audit_sums(const char *folder, const struct audit_tree *tree, const struct public_key *key,
               enum audit_rule signature, enum audit_rule digests, struct audit_result *r,
               char sums_digest[static CONFIG_DIGEST_TEXT], struct err *err);

int audit_files(struct audit_case *c, struct err *err);
/* The reports that the release must have, none if it has no report at all; expected is to be
 * released whatever the result. */
struct report_paths;
int audit_report_files(struct audit_case *c, struct report_paths *expected, struct err *err);
int audit_rules(struct audit_case *c, struct err *err);      /* fills rules and cells */
int audit_tell_rules(struct audit_case *c, struct err *err); /* fills the result's rules */
int audit_tables(struct audit_case *c, struct err *err);     /* fills counts and hidden */
int audit_additivity(struct audit_case *c, struct err *err);
int audit_public(struct audit_case *c, struct err *err);
int audit_unsafe(struct audit_case *c, struct err *err);
int audit_quality(struct audit_case *c, struct err *err);
int audit_turnover(struct audit_case *c, struct err *err); /* fills turnover */
/* After audit_turnover, where the release has reports. Without what is known of earlier releases
 * (past NULL) their numbers are only counted. */
int audit_reports(struct audit_case *c, struct err *err);
bool audit_has_reports(const struct audit_case *c);
int audit_written(struct audit_case *c, struct err *err);
int audit_workbooks(struct audit_case *c, const struct past *past, struct err *err);
int audit_pages(struct audit_case *c, const struct past *past, struct err *err);
int audit_derived(struct audit_case *c, struct err *err);
int audit_certificate(struct audit_case *c, struct err *err); /* fills shown */
/* Its own search, of the cells that the certificate does not show protected, or of all. */
int audit_protection(struct audit_case *c, struct err *err);

/* Is protection asked of this cell: hidden, sensitive, and in a published table? */
bool audit_asks(const struct audit_case *c, size_t cell);
/* THE criterion: with group count G, threshold k and width w, a cell that may be `low` and may be
 * `high` is protected when high >= min(k, G) and high - low >= min(w, G) (protection = interval),
 * or high > low (exact); */
bool audit_protects(const struct audit_case *c, size_t cell, int64_t low, int64_t high);
/* and, with intervals, when it is never below k. */
bool audit_protects_floor(const struct audit_case *c, int64_t floor);

/* What a manifest says of a release's place among the others; "" where it says none. */
struct audit_place {
    char release[CONFIG_CODE], replaces[CONFIG_CODE];
    char previous[CONFIG_CODE], previous_digest[CONFIG_DIGEST_TEXT];
};
/* ERR_DATA unless the text is a manifest. */
int audit_place_read(struct audit_place *p, const char *json, size_t length, struct err *err);

/* Reads rules, tables and turnover of a release that was audited before: what was found of them is
 * told already. c: zeroed but for the folder. *good: there was nothing to tell. */
int audit_read_again(struct audit_case *c, bool *good, struct err *err);

/* Earlier releases, the one made last first: does turnover.csv lead from their head counts to this
 * release's? Is a figure published again although too few people came or went? complete: there are
 * no others. */
struct audit_past {
    const struct past_release *release;
    const struct audit_place *place;
};
int audit_compare(struct audit_case *c, const struct audit_past *past, size_t count, bool complete,
                  struct err *err);

/* Which cells does the turnover rule name in a release: shown in an earlier one, since which too
 * few people came or went? As it can be seen in the releases, whether the cell is hidden or not. */
struct audit_named {
    const struct past *past;
    size_t made; /* of its releases those that were made before this count */
    const struct cells *cells;
    date reference;
    const struct turnover *turnover; /* NULL: nothing is known, and nothing named */
    int64_t threshold;
};
int audit_named(const struct audit_named *n, uint8_t *named, struct err *err);

/* The cumulative rule. past: all earlier releases; fills their `named`. */
int audit_over_time(struct audit_case *c, struct past *past, struct err *err);

/* Lower bounds of all cells that follow from what is published, by additions: each equation narrows
 * its members to what the others leave, again and again (a fixed number of rounds). floors: per
 * cell. */
int audit_floors(const struct audit_case *c, int64_t *floors, struct err *err);

#endif
