/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_past: what a joint system (tables/joint.h) is made of, from the releases of a past and a
 * present one: whoever protects and whoever audits asks the same.
 *
 *     joint_past_make(&p, &past, &present, err)
 *     joint_build(&j, &p.input, err)
 *     joint_past_release(&p)         when j is released too
 *
 * Releases stand in the order in which they were made. What is known of two of them is what
 * turnover.csv of the one of the later date says of the other's; where it has no such period, what
 * that of the other says; else nothing. (Files of an earlier date hardly know who came afterwards.)
 */
#ifndef HERKOMST_TABLES_JOINT_PAST_H
#define HERKOMST_TABLES_JOINT_PAST_H

#include "tables/joint.h"
#include "tables/turnover.h"

struct joint_past {
    struct joint_input input;
    struct published_release *releases;
    struct joint_turnover *turnovers;
    int64_t **figures; /* of pairs whose later date is that of the release made first */
    size_t figure_count;
};

/* past, and what present points to, must outlive p. turnover: the present release's, of
 * present->cells. Release p whatever the result. */
int joint_past_make(struct joint_past *p, const struct past *past,
                    const struct published_release *present, const struct turnover *turnover,
                    struct err *err);
void joint_past_release(struct joint_past *p);

#endif
