/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * over_time: the cumulative rule: a new release must not undo an older one. The pattern of the
 * present release, which protects it alone, is made to protect all releases together.
 *
 *     suppress(&s, ...)                                    the present release alone
 *     over_time_protect(&o, &s, &input, counts, ...)       hides more in s
 *     over_time_release(&o)
 *
 * METHOD. The releases form one system of cells (tables/joint.h). Of what earlier releases hid, any
 * table that agrees with everything published is taken to start from (sdc/joint_start.h). Then as
 * for one release: what the proof leaves open is protected by the cheapest changes of the system,
 * in which earlier hidden cells and those that are never published move for nothing, published
 * earlier ones never; where none is found, everything around the cell is hidden. The last word is a
 * proof over the system as anybody can build it once the release is out.
 *
 * Where people's data were corrected, the present counts may contradict an earlier release; links of
 * the units concerned are then left out (`dropped`).
 */
#ifndef HERKOMST_SDC_OVER_TIME_H
#define HERKOMST_SDC_OVER_TIME_H

#include "sdc/suppress.h"
#include "tables/joint.h"

struct over_time {
    struct joint joint; /* of all releases, the present one as it will be published */
    uint8_t *hidden;    /* per cell of joint */
    int64_t *counts;    /* per cell of joint: as published, -1 where hidden */
    struct proof proof; /* over joint.cells */
    struct joint_unit *dropped;
    size_t dropped_count;
    size_t rounds; /* figures for the operator */
};

/* input: its last release is the present one, undecided (the public cells' counts alone); it must
 * outlive o. counts: true ones of the present release. What cannot be protected whatever is hidden
 * is ERR_REFUSED, naming cells. Release o whatever the result. */
int over_time_protect(struct over_time *o, struct suppression *s, const struct joint_input *input,
                      const int64_t *counts, const struct disclosure *rules, unsigned threads,
                      struct err *err);
void over_time_release(struct over_time *o);

#endif
