/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * metadata: what tools need to read a release: CSV on the Web metadata beside each CSV file
 * (FILE-metadata.json, W3C 2015), tables as SDMX-CSV 2.0 with their structure (SDMX-JSON 2.0), and
 * a DCAT-AP catalogue entry (catalog.jsonld).
 *
 * Metadata follow from the rules, the government's name and the legal basis alone: the audit writes
 * them anew and compares.
 *
 * SDMX. sdmx/TABLE.csv: STRUCTURE,STRUCTURE_ID,ACTION,LEVEL,UNIT,VARIABLE...,TIME_PERIOD,OBS_VALUE,
 * OBS_STATUS,CONF_STATUS, rows as in tables/TABLE.csv. Published: A, F. Hidden: OBS_VALUE empty, Q,
 * C, whatever the reason. Not delivered: OBS_VALUE empty, L, F. Ids are the release's names,
 * variables in capitals; a character that SDMX ids cannot have is $ and its two hexadecimal digits
 * (55+ is 55$2B).
 */
#ifndef HERKOMST_REPORT_METADATA_H
#define HERKOMST_REPORT_METADATA_H

#include "base/text.h"
#include "tables/rules.h"

/* Each appends the file's text. */
int csvw_table_write(struct text *out, const struct rules *r, size_t table, struct err *err);
int csvw_indicators_write(struct text *out, const struct rules *r, struct err *err);
int csvw_turnover_write(struct text *out, const struct rules *r, struct err *err);
int csvw_quality_write(struct text *out, struct err *err);
int csvw_data_write(struct text *out, const struct rules *r, struct err *err); /* of a unit */
int csvw_sdmx_write(struct text *out, const struct rules *r, size_t table, struct err *err);

int sdmx_csv_write(struct text *out, const struct rules *r, const struct cells *cells, size_t table,
                   const int64_t *counts, const uint8_t *status, struct err *err);
int sdmx_structure_write(struct text *out, const struct rules *r, struct err *err);

/* A name as an SDMX id; a variable's in capitals. */
void sdmx_id(struct text *out, const char *name);
void sdmx_concept(struct text *out, const char *variable);

int catalog_write(struct text *out, const struct rules *r, const char *name,
                  const char *authorisation, struct err *err);

#endif
