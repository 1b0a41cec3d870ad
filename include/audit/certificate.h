/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * certificate: certificate.json checked by additions, against one system of cells: a release's own
 * (AUDIT_CERTIFICATE), or that of several releases (AUDIT_CUMULATIVE). Private to pipeline/audit.
 *
 *     certificate_open(&k, err)                          reads the file, looks at its form
 *     certificate_index(&k, err)                         once the system's cells are there
 *     certificate_witnesses(&k, err)                     which of the witnesses agree
 *     certificate_fault(&k, proof, cell, ...)            does this proof hold?
 *     certificate_close(&k)                              always
 */
#ifndef HERKOMST_AUDIT_CERTIFICATE_H
#define HERKOMST_AUDIT_CERTIFICATE_H

#include "audit/range.h"

#include <jansson.h>

struct certificate_check {
    struct audit_case *c; /* its cells, counts and hidden are the system's */
    enum audit_rule rule;
    bool own;     /* the release's own system: keys of further cells are passed over */
    json_t *root; /* NULL: not its form, which is a finding */
    json_t *witnesses, *proofs, *cumulative, *left_out; /* the last two may be NULL */
    struct audit_index index;
    int64_t *value;           /* of the witness at hand; -1 = not in it */
    uint32_t *seen;           /* per equation: number of the witness that last looked at it */
    uint32_t *held;           /* cells of the witness at hand */
    bool *good;               /* per witness */
    uint8_t *proved;          /* per cell: has a proof */
    uint8_t *shown;           /* per cell: a proof that holds */
    int64_t *floors;          /* made when the first floor is claimed */
    struct audit_range range; /* for floors that they do not reach */
};

/* k: zeroed, but for c, rule and own. */
int certificate_open(struct certificate_check *k, struct err *err);
int certificate_index(struct certificate_check *k, struct err *err);
/* One that does not agree is a finding, if `strict`. */
int certificate_witnesses(struct certificate_check *k, bool strict, struct err *err);
/* NULL, or what is wrong with the proof of the cell; *failed when the audit cannot go on. */
const char *certificate_fault(struct certificate_check *k, const json_t *proof, size_t cell,
                              bool *failed, struct err *err);
void certificate_close(struct certificate_check *k);

#endif
