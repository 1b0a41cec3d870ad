/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * confine: closes the sandbox around what a stage's declaration grants. After this the process can
 * open nothing else, start no program and reach no network.
 */
#ifndef HERKOMST_RUN_CONFINE_H
#define HERKOMST_RUN_CONFINE_H

#include "run/stage.h"

int confine_stage(const struct stage *s, struct err *err);

#endif
