/* SPDX-License-Identifier: EUPL-1.2 */
/* The configurations of tests/vectors/config, one value of which may be overridden. */
#ifndef HERKOMST_TESTS_CONFIG_VECTORS_H
#define HERKOMST_TESTS_CONFIG_VECTORS_H

#include "io/config.h"

#include <string.h>

#define VECTORS "tests/vectors/config/"

static inline int load(struct config *c, const char *path, const char *override, struct err *err)
{
    char *overrides[1] = {(char *) override};
    memset(err, 0, sizeof *err);
    return config_load(c, path, overrides, override ? 1 : 0, err);
}

#endif
