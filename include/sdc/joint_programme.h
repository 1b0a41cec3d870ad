/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_programme: one part (connected active cells) of a joint system as a linear programme.
 * Private to sdc/joint_start.h.
 *
 * SHORT FORM, for cells of earlier releases. Of who came and went only the joiners `in` of groups
 * that people both joined and left are unknowns; in >= new - old is all that is said of a link, and
 * that they add up to no more than `joined`. `stay`, `out` and the rest of `in` can be found
 * afterwards, group by group, when old and new are known; nearly always, so whoever uses this
 * checks. The sum of `in` is made as small as possible: earlier tables as near to the later ones as
 * they can be; that vertex is nearly always one of whole numbers. What is said about cells that are
 * neither known nor active is left out.
 *
 * FULL FORM: the equations as they stand, for who came, went and stayed between known tables.
 *
 * Where the vertex is fractional, whole cells are kept and those around the fractional ones tried
 * again by branch and bound, in circles that grow.
 */
#ifndef HERKOMST_SDC_JOINT_PROGRAMME_H
#define HERKOMST_SDC_JOINT_PROGRAMME_H

#include "sdc/parts.h"
#include "tables/joint.h"

struct joint_table { /* what is known so far */
    const struct joint *joint;
    int64_t *counts;   /* per cell; looked at where unknown is 0 */
    uint8_t *unknown;  /* per cell */
    uint8_t *active;   /* per cell: to be found now; only unknown ones. In short form the `stay` of
                        * links must be too: it ties their old and new cells together */
    uint32_t *link_of; /* per equation: its link + 1; 0: it is no link's */
    uint8_t *change;   /* per cell: 1 = `in` of a group that people joined and left; 2 = and it is
                        * no sum of others */
    uint8_t *loose;    /* per link: 1 = it does not hold, and is not asked for */
    int *column;       /* per cell: scratch */
};

/* counts: of the present release. */
int joint_table_init(struct joint_table *t, const struct joint *j, const int64_t *counts,
                     struct err *err);
void joint_table_release(struct joint_table *t);

/* Is it a cell of a release, or a sum of such? */
bool joint_is_count(const struct joint *j, uint32_t cell);

/* Finds the part's cells: in short form those that joint_is_count, in full form all; they are then
 * known. Elastic: links may be missed, as little as possible, and are then loose. *found is false
 * if there is no such table, or none was found.
 */
int joint_programme(struct joint_table *t, const struct parts *parts, size_t part, bool short_form,
                    bool elastic, bool *found, struct err *err);

#endif
