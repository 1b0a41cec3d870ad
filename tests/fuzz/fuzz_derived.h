/* SPDX-License-Identifier: EUPL-1.2 */
/* One derived file of anybody's, as the only one of the small release. */
#ifndef HERKOMST_TESTS_FUZZ_DERIVED_H
#define HERKOMST_TESTS_FUZZ_DERIVED_H

#include "fuzz_case.h"

#include "audit/derived.h"

/* How many findings it has; no more than that is asked where there are some. */
static inline size_t fuzz_derived(const char *path, const uint8_t *bytes, size_t length)
{
    static struct fuzz_case f;
    static char *paths[1];
    if (!f.folder[0]) {
        fuzz_case_open(&f);
        paths[0] = text_duplicate(path, strlen(path));
        f.c.tree = (struct audit_tree){.count = 1, .capacity = 1, .paths = paths};
    }
    fuzz_case_put(&f, path, bytes, length);
    fuzz_demand(audit_derived_files(&f.c, NULL, &f.err) == 0);
    return fuzz_case_findings(&f);
}

#endif
