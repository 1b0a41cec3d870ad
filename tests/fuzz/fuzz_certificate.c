/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A certificate of anybody's; an odd first byte says that E2's counts are published,
 * so that E1's are known exactly: no certificate whatever shows those to be protected. In the other
 * release the one that is right has no finding.
 */
#include "fuzz_case.h"

static void publish_e2(struct fuzz_case *f)
{
    static const struct {
        const char *key;
        int64_t count;
    } SHOWN[] = {{"staff|entity:E2|origin=foreign", 10}, {"staff|entity:E2|origin=belgian", 30}};
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        size_t cell = cell_by_key(&f->c.cells, SHOWN[i].key);
        f->counts[cell] = SHOWN[i].count;
        f->hidden[cell] = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct fuzz_case right, known;
    if (!right.folder[0]) {
        fuzz_case_open(&right);
        fuzz_case_open(&known);
        publish_e2(&known);
    }
    if (length < 1)
        return 0;
    struct fuzz_case *f = bytes[0] & 1 ? &known : &right;
    fuzz_case_put(f, "certificate.json", bytes + 1, length - 1);
    fuzz_demand(audit_certificate(&f->c, &f->err) == 0);
    free(f->c.shown);
    f->c.shown = NULL;
    size_t findings = fuzz_case_findings(f);
    fuzz_demand(f == &right || findings > 0);
    fuzz_demand(f == &known || findings == 0 ||
                !fuzz_same(bytes + 1, length - 1, SMALL_CERTIFICATE));
    return 0;
}
