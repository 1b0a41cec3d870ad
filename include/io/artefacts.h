/* SPDX-License-Identifier: EUPL-1.2 */
/* clang-format off */
/*
 * artefacts: what is in the files between the stages. Each is a zone file (secure/zonefile.h) whose
 * schema name is given here, holding frames (io/frame.h) in this order.
 *
 * pseudonymised.zone   zone 2, written by pseudonymise, read by link
 *   persons       count U32, one row: how many people there are. A person's id is the rank of the
 *                 pseudonym among theirs; the pseudonyms themselves go no further, nobody needs
 *                 them. Columns that name a person are U32: id + 1, 0 = no valid number. Parents:
 *                 0 = unknown, PARENT_NONE = legally no such parent.
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
 *   Rows of register, nationality, filiation and registration are those of people in personnel and
 *   of the parents that variables ask for (link/needed.h).
 *   A dataset that the configuration lacks is there with no rows. Rows are sorted by person (so by
 *   pseudonym), then by content, and dictionaries by word: nothing tells the order of input rows.
 *
 * linked.zone          zone 3, written by link, read by derive. No pseudonym, no person id, no
 *                      birth date. Facts come last, so that their reader need not keep them.
 *   entities      entity, name, domain, domain_name coded; delivered U8: those that are expected
 *                 at the reference date
 *   countries, inputs, quality
 *   since         date I32: the reference dates of other releases, increasing; mostly none
 *   former        entity, domain, successor coded; valid_then U8 (link/former.h)
 *   facts         first U8 (1 = the first row of a person); entity coded; and of the fields of
 *                 link/fields.h those that an expression uses. One row an employment in force, a
 *                 person's rows together, main employment first.
 *   then          for each of those dates in turn: as facts, of the employments in force then, of
 *                 the fields that decide about groups; and now U32 (link/link.h)
 *
 * derived.zone         zone 3, written by derive, read by aggregate
 *   rules         tables/rules.h; without the category unknown where it is added
 *   rows          in pieces (io/frame_pieces.h): entity U32 (index of the unit in rules), one U8 or
 *                 U16 column a variable (index of its category), one U8 column "population:ID" each
 *                 (1 = counts in it)
 *   unknown       variable U8: those of rules that get the category unknown, as their last one
 *   since
 *   moves         in pieces: who was counted elsewhere at those dates (tables/turnover.h)
 *   inputs, quality
 *
 * counts.zone          zone 4, written by aggregate, read by suppress
 *   rules
 *   cells         count U64, in the order of cells_build
 *   turnover      since I32, cell U32, joined, left U64: a row each date and group
 *   inputs, quality
 *
 * export.zone          zone 4, written by convert for somebody outside; herkomst decrypt opens it
 *   files         name, content coded: export/bundle.h
 *
 * protected.zone       zone 5, written by suppress, read by publish
 *   rules
 *   cells         count U64 (0 where status is not 0); status U8 (0 published, 1 confidential);
 *                 named U8 (1 = confidential, and the turnover rule names it, as anybody can work
 *                 out)
 *   certificate   json coded: one row
 *   turnover      as published
 *   past          release, digest coded: the releases that the ledger held
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
#define ARTEFACT_EXPORT "export"
#define ARTEFACT_PROTECTED "protected"

#endif
