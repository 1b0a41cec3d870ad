/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * export: the tables before suppression, in the shape that other disclosure control tools read, for
 * offices that want to compare. Confidential: whoever gets the bundle has every count.
 *
 * τ-ARGUS (tabular input; Tau-Argus 4 manual): TABLE.tab, every cell a row, and TABLE.rda, its
 * metadata; unit.hrc and VARIABLE.hrc, hierarchies; herkomst.arb, a batch that protects each table.
 *
 * sdcTable (R): cells/TABLE.csv, the inner cells, of which it makes the margins itself;
 * status/TABLE.csv, what may and what must be hidden; hierarchies/unit.csv and VARIABLE.csv in its
 * "@" form; protect.R, which protects each table.
 *
 * A cell's status: u = unsafe, p (z in sdcTable) = a head count, which is published whatever it is,
 * s = any other. The tools protect each table by itself, and know neither `within` nor earlier
 * releases: README.txt in the bundle says so.
 */
#ifndef HERKOMST_EXPORT_EXPORT_H
#define HERKOMST_EXPORT_EXPORT_H

#include "export/bundle.h"
#include "secure/secret.h"
#include "tables/rules.h"

/* What is in counts.zone, and which cells are unsafe (per cell, 0 or 1). */
struct export_source {
    const struct rules *rules;
    const struct cells *cells;
    const int64_t *counts;
    const uint8_t *unsafe;
};

enum export_format { EXPORT_TAUARGUS, EXPORT_SDCTABLE };

/* "tauargus" or "sdctable"; ERR_USAGE. */
int export_format_parse(const char *name, enum export_format *format, struct err *err);

/* Fills an empty bundle. */
int export_tables(struct bundle *b, const struct export_source *from, enum export_format format,
                  struct err *err);

/* Opens the zone file that herkomst export made, of whatever release, and appends its files as a
 * ZIP archive. ERR_KEY: it was not written for this recipient. */
int export_open(const char *path, const struct recipient *recipient, struct text *archive,
                struct err *err);

#endif
