/* SPDX-License-Identifier: EUPL-1.2 */
/* clang-format off */
/*
 * artefacts: what is in the files between the stages. Each is a zone file (secure/zonefile.h) whose
 * schema name is given here, holding frames (io/frame.h) in this order.
 *
 * pseudonymised.zone   zone 2, written by pseudonymise, read by link
 *   persons       pseudonym BYTES16, strictly increasing. A person's id is its row; columns that
 *                 name a person are U32: id + 1, 0 = no valid number. Parents: 0 = unknown,
 *                 PARENT_NONE = legally no such parent.
 *   personnel     person U32; entity, employment coded; start_date, end_date I32; fte I32
 *                 (1/10000); birth_date I32; sex coded; attribute.NAME coded, one for each
 *                 configured attribute
 *   register      person; birth_date; sex; nationality_first, nationality_current coded (ISO or
 *                 symbolic, 0 = unknown); parent1, parent2 U32
 *   nationality   person; nationality coded; start_date, end_date I32
 *   filiation     person; parent1, parent2
 *   registration  person; kind coded; start_date, end_date
 *   entities      entity, name, domain, domain_name coded; valid_from, valid_to I32; successor
 *   countries     code, iso coded; eu_from, eu_to I32; group, name_nl, name_en coded
 *   inputs        dataset coded, digest coded (hex; keyed, independent of row order); the row
 *                 pseudonym_key holds the key's fingerprint
 *   quality       io/quality.h
 *   A dataset that the configuration lacks is there with no rows. Rows are sorted by person (so by
 *   pseudonym), then by content, and dictionaries by word: nothing tells the order of input rows.
 *
 * linked.zone          zone 3, written by link, read by derive. No pseudonym, no person id, no
 *                      birth date.
 *   facts         first U8 (1 = the first row of a person); entity coded; and of the fields of
 *                 link/fields.h those that an expression uses. One row an employment in force, a
 *                 person's rows together, main employment first.
 *   entities      entity, name, domain, domain_name coded; delivered U8: those that are expected
 *                 at the reference date
 *   countries, inputs, quality
 *
 * derived.zone         zone 3, written by derive, read by aggregate
 *   rules         tables/rules.h
 *   rows          entity U32 (index of the unit in rules), one U8 or U16 column a variable (index
 *                 of its category), one U8 column "population:ID" each (1 = counts in it)
 *   inputs, quality
 *
 * counts.zone          zone 4, written by aggregate, read by suppress
 *   rules
 *   cells         count U64, in the order of cells_build
 *   inputs, quality
 *
 * protected.zone       zone 5, written by suppress, read by publish
 *   rules
 *   cells         count U64 (0 where status is not 0), status U8 (0 published, 1 confidential)
 *   certificate   json coded: one row
 *   inputs
 *   quality       dataset, check coded; count U64; status U8: protected
 */
/* clang-format on */
#ifndef HERKOMST_IO_ARTEFACTS_H
#define HERKOMST_IO_ARTEFACTS_H

#include <stdint.h>

#define PARENT_NONE UINT32_MAX

/* The row of the frame `inputs` that holds the pseudonym key's fingerprint. */
#define INPUTS_PSEUDONYM_KEY "pseudonym_key"

#define ARTEFACT_PSEUDONYMISED "pseudonymised"
#define ARTEFACT_LINKED "linked"
#define ARTEFACT_DERIVED "derived"
#define ARTEFACT_COUNTS "counts"
#define ARTEFACT_PROTECTED "protected"

#endif
