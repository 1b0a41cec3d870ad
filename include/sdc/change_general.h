/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * change_general: the programme of sdc/least_change.h by COIN-OR CLP. For what that gives up, and
 * to compare it with.
 */
#ifndef HERKOMST_SDC_CHANGE_GENERAL_H
#define HERKOMST_SDC_CHANGE_GENERAL_H

#include "sdc/least_change.h"

/* limits: of every column. by_column: room for all; how much each moves, if a change was found.
 * answer is never CHANGE_GIVEN_UP: it is an error (ERR_INTERNAL) if CLP has no answer. */
int change_general(const struct change_system *system, const struct change_limits *limits,
                   uint32_t target, double by, double *by_column, enum least_change_answer *answer,
                   size_t *iterations, struct err *err);

#endif
