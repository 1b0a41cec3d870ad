/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * link: the join. Pseudonymised datasets in, one row for each employment in force out, without any
 * identifier.
 *
 *     link_init(&l, persons, &fields, reference, threads, err);      fields: from fields_used()
 *     link_since(&l, dates, count, &groups, err);  optional; groups: from fields_of_groups()
 *     link_read(&l, name, &source, &rows, err);      for personnel, register, nationality,
 *                                      filiation, registration, entities: in this order, each once;
 *                                      or link_add(&l, &frame, err) for one that is in memory
 *     link_finish(&l, &facts, &entities, &quality, err);
 *     link_write(&l, 0, &facts, &sink, err);
 *     link_then(&l, i, &then, err); link_write(&l, 1 + i, &then, &sink, err);   for each of the
 * dates link_former(&l, &former, err); link_release(&l);                always; wipes
 *
 * The datasets are walked once, in the order of persons, and folded into arrays by person. They are
 * read piece by piece, each of which is folded and wiped before the next, so that of a register no
 * more than a piece is in memory; of personnel, what is in force stays (link/in_force.h). What no
 * field needs is not computed.
 *
 * MEMORY. Within a plan (link_init_within) that people and rows do not fit in, link_read puts rows
 * in a temporary file, and link_finish works through them in partitions (link/link_spilled.h). The
 * frames that link_finish and link_then give then have columns and words, and their rows are in the
 * file: link_write writes the same bytes in either case.
 *
 * FACTS. Columns: first (U8), entity, then of the fields those that belong to a row, in the order
 * of the set: age, fte (1/10000), start_date, end_date as I32 (DATE_NONE = none), linked and
 * registered_KIND as U8 0/1, the others coded (0 = NULL). domain and reference_date are no columns:
 * the one is found through the entity, the other is the same for all. Rows: by person in the order
 * of pseudonyms, main employment first; then those without a valid number. Dictionaries hold only
 * words that are used.
 *
 * THEN. What decides in which groups people were at another date: as FACTS, of the employments in
 * force then and as things were then (age, registrations, current nationality), in the fields of
 * groups only; and the column `now`, U32: the row + 1 at which the person's facts begin, 0 = not in
 * force at the reference date. Somebody without a valid number is the same person as long as it is
 * the same row.
 *
 * BIRTH AND SEX are the register's; where it has none, those of the person's first employment (in
 * the order of rank) that has one.
 *
 * QUALITY, dataset "link": of the `persons` in force (heads): linked, several_employments,
 * differing, dual, unknown_first, unknown_current, unknown_parent (at least one of two),
 * birth_date_differs, sex_differs (register and personnel); of their parent_links: parent_self,
 * parent_same, parent_age. Figures on what is not computed are left out.
 */
#ifndef HERKOMST_LINK_LINK_H
#define HERKOMST_LINK_LINK_H

#include "io/frame.h"
#include "io/quality.h"
#include "link/memory_plan.h"
#include "link/people.h"

struct link_spill;
struct link {
    const struct memory_plan *plan; /* NULL: everything stays in memory */
    struct link_spill *spill;       /* where the rows are; NULL: in memory */
    const struct field_set *fields;
    date reference;
    unsigned threads;
    struct people people;
    const struct field_set *groups; /* of link_since */
    uint32_t *begins;       /* row + 1 of the facts at which somebody begins: by person id + 1,
                             * then by the row of personnel that has no valid number */
    struct frame personnel; /* rows in force on one of the days */
    uint32_t last;          /* person of those that were read */
    uint8_t *seen;          /* by code of its entities: it had a row, in force or not */
    struct frame entities;
};

/* persons: how many there are; to link a person is a number from here on. fields must stay as long
 * as l. */
int link_init(struct link *l, size_t persons, const struct field_set *fields, date reference,
              unsigned threads, struct err *err);
/* The same within a plan, which must stay as long as l. */
int link_init_within(struct link *l, size_t persons, const struct field_set *fields, date reference,
                     unsigned threads, const struct memory_plan *plan, struct err *err);
/* Other dates, which must stay as long as l, as must groups. Before anything is added. */
int link_since(struct link *l, const date *since, size_t count, const struct field_set *groups,
               struct err *err);
void link_release(struct link *l);

/* Takes the frame: when it returns, 0 or not, f is empty and its cells are wiped or belong to l. A
 * frame of another name is ERR_INTERNAL. */
int link_add(struct link *l, struct frame *f, struct err *err);
/* Reads the frame of this name and adds it. *rows: how many it had. */
int link_read(struct link *l, const char *name, const struct source *from, size_t *rows,
              struct err *err);

/* facts, entities: released or never used; the caller releases them, also after an error. An
 * employment in force at an entity that is not valid at the reference date is ERR_DATA (intake
 * rejects those). */
int link_finish(struct link *l, struct frame *facts, struct frame *entities, struct quality *q,
                struct err *err);

/* After link_finish. then, former: as facts. */
int link_then(struct link *l, size_t i, struct frame *then, struct err *err);
/* Writes the frame that link_finish (day 0) or link_then(day - 1) gave. */
int link_write(struct link *l, size_t day, const struct frame *f, const struct sink *to,
               struct err *err);
int link_former(const struct link *l, struct frame *former, struct err *err);

#endif
