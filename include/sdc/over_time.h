/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * over_time: the cumulative rule: a new release must not undo an older one. A pattern of the
 * present release, which protects it alone, is made to protect all releases together.
 *
 *     over_time_open(&o, &input, counts, rules, err)       what earlier releases make of it
 *     over_time_suppress(&o, &s, threads, err)             which cells are hidden
 *     over_time_release(&o)
 *
 * METHOD. The releases form one system of cells (tables/joint.h). Of what earlier releases hid, any
 * table that agrees with everything published is taken to start from (sdc/joint_start.h). Then as
 * for one release: what the proof leaves open is protected by the cheapest changes of the system,
 * in which earlier hidden cells and those that are never published move for nothing, published
 * earlier ones never. Where none is found, either nothing protects the cell whatever is hidden:
 * then it must not be hidden, and the pattern is looked for again (sdc/over_time_limits.h); or
 * everything around it is hidden. The last word is a proof over the system as anybody can build it
 * once the release is out.
 *
 * Where people's data were corrected, the present counts may contradict an earlier release; links
 * of the units concerned are then left out (`dropped`).
 */
#ifndef HERKOMST_SDC_OVER_TIME_H
#define HERKOMST_SDC_OVER_TIME_H

#include "sdc/joint_start.h"
#include "sdc/suppress.h"
#include "tables/joint.h"

struct over_time {
    const struct disclosure *rules;
    const int64_t *true_counts; /* of the present release */
    struct joint_input input;   /* of `releases`, with the units that are dropped */
    struct published_release *releases;
    int64_t
        *shown; /* of the present release: public cells' counts; in the end all that is published */
    struct joint_start start;
    const uint8_t *named; /* per cell of the present release: by the turnover rule; or NULL */
    uint8_t *unsafe;      /* per cell of the present release */
    uint8_t *added;       /* per cell of the present release: 1 = hidden because of the others */
    uint8_t *past;        /* per cell of the present release: enum cell_past */
    struct joint joint;   /* of all releases, the present one as it will be published */
    uint8_t *hidden;      /* per cell of joint */
    struct proof proof;   /* over joint.cells */
    struct joint_unit *dropped;
    size_t dropped_count;
    size_t rounds; /* figures for the operator */
};

/* input: its last release is the present one, of which counts are not looked at, and `exempt` is
 * what the turnover rule names. All arrays must outlive o. counts: true ones of the present
 * release. Release o whatever the result. */
int over_time_open(struct over_time *o, const struct joint_input *input, const int64_t *counts,
                   const struct disclosure *rules, struct err *err);

/* The pattern s protects the present release alone (s->proof), and with all others (o->proof). What
 * cannot be protected whatever is hidden is ERR_REFUSED, naming cells. Release s whatever the
 * result. */
int over_time_suppress(struct over_time *o, struct suppression *s, unsigned threads,
                       struct err *err);
void over_time_release(struct over_time *o);

/* certificate.json: proofs of the present release's cells, by witnesses over all releases where
 * they have such, and `cumulative`: proofs of earlier releases' cells, and floors that hold with
 * these only. s: of over_time_suppress. */
int over_time_write_json(const struct over_time *o, const struct suppression *s,
                         const char *release, struct text *out, struct err *err);

#endif
