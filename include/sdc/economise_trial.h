/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * economise_trial: what if some cells were published again, and what that leaves open protected by
 * others? Each trial starts from the same hidden cells and leaves them as they were, so that
 * several are made side by side; what one found is then adopted by all. Private to
 * pipeline/sdc/economise.c.
 *
 *     trial_room_open(&room, s, limits, err)          a thread's own; s: its own too
 *     trial_make(room, &trial, err)
 *     trial_adopt(s, &trial, err)                     for every room's s, in the same order
 */
#ifndef HERKOMST_SDC_ECONOMISE_TRIAL_H
#define HERKOMST_SDC_ECONOMISE_TRIAL_H

#include "sdc/secondary_state.h"

struct trial {
    uint32_t *set; /* the cells, the caller's; */
    size_t count;
    uint32_t random;  /* not 0: the order in which others are protected, if there are several */
    bool gained;      /* out: that costs less than the cells do */
    uint32_t *opened; /* then: what is hidden in their place */
    size_t opened_count;
    struct move *moves; /* changes found on the way that move hidden cells only */
    size_t move_count;
    size_t iterations; /* of simplex */
};

struct trial_limits {
    size_t searches_most;   /* a cell that more others depend on stays hidden */
    size_t iterations_most; /* of simplex, by all trials; until then programmes may be asked too */
};

struct trial_room;

/* s must outlive it. */
int trial_room_open(struct trial_room **room, struct secondary *s,
                    const struct trial_limits *limits, struct err *err);
void trial_room_close(struct trial_room *room);

/* Fills in the results; trial_release frees them, whatever trial_make returned. iterations: what
 * was spent by all trials before. */
int trial_make(struct trial_room *room, struct trial *t, size_t iterations, struct err *err);
/* Takes over the changes; and, if it gained, what it publishes and hides. */
int trial_adopt(struct secondary *s, const struct trial *t, struct err *err);
void trial_release(struct trial *t);

#endif
