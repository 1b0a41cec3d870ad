/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_groups: who came, went and stayed between two releases of a joint system (tables/joint.h),
 * group by group, follows from the releases' own tables: so a change of these can be completed
 * without a programme.
 *
 * Of a group that `joined` people joined, let need = max(0, new - old) of each of its finest
 * categories. The change is possible just when these add up to no more than `joined`: the other
 * joiners replace leavers of the same category, as many as there are people in both tables. They
 * are taken from the first categories on; sums of categories follow.
 */
#ifndef HERKOMST_SDC_JOINT_GROUPS_H
#define HERKOMST_SDC_JOINT_GROUPS_H

#include "base/err.h"
#include "tables/joint.h"

#define JOINT_CELL_NONE UINT32_MAX

struct joint_tie { /* a linked cell; cells of the joint system, JOINT_CELL_NONE: there is none */
    uint32_t new, old, in, out, stay;
    uint32_t leaf_start, leaf_count; /* the finest categories that it is the sum of (ties) */
};

struct joint_tied_group {
    uint32_t from, to; /* releases */
    int64_t joined, left;
    uint32_t first, count;           /* ties */
    uint32_t cover_start, cover_end; /* covers: each is all of the group, once */
};

struct joint_groups {
    size_t group_count, tie_count;
    struct joint_tied_group *groups;
    struct joint_tie *ties;
    uint32_t *leaf;            /* ties, of ties and of covers */
    uint32_t *cover;           /* cover k: leaf[cover[2 * k] .. cover[2 * k + 1]) */
    uint32_t *start, *of;      /* cell i is new or old, or part of an old sum, in the groups
                                * of[start[i] .. start[i + 1]) */
    uint32_t *sum_start, *sum; /* and part of the sums (JOINT_BEFORE) sum[sum_start[i] .. ) */
};

/* j must outlive it. Release g whatever the result. */
int joint_groups_build(struct joint_groups *g, const struct joint *j, struct err *err);
void joint_groups_release(struct joint_groups *g);

/* How many more joiners there could be beyond those that are needed; negative: the tables of the
 * two releases contradict what is known of the group. values: per cell of the system. */
int64_t joint_group_slack(const struct joint_groups *g, size_t group, const int64_t *values);

/* Sets who came, went and stayed in the group. false: there is no way. */
bool joint_group_complete(const struct joint_groups *g, size_t group, int64_t *values);

#endif
