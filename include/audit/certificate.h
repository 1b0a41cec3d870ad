/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * certificate: certificate.json checked by additions, against one system of cells: a release's own
 * (AUDIT_CERTIFICATE), or that of several releases (AUDIT_CUMULATIVE). Private to pipeline/audit.
 *
 *     certificate_open(&k, err)                          reads the file, looks at its form
 *     certificate_index(&k, err)                         once the system's cells are there
 *     certificate_witnesses(&k, strict, err)             which of the witnesses agree
 *     certificate_proofs(k.proofs, take, context, err)
 *     certificate_fault(&k, &proof, cell, ...)           does this proof hold?
 *     certificate_close(&k)                              always
 *
 * Of the witnesses only the cells' numbers and values are kept: twelve bytes a value.
 */
#ifndef HERKOMST_AUDIT_CERTIFICATE_H
#define HERKOMST_AUDIT_CERTIFICATE_H

#include "audit/json_reader.h"
#include "audit/range.h"

enum { CERTIFICATE_KEY = 1000 };

struct certificate_part { /* a member of the file; bytes NULL: it is not there */
    const char *bytes;
    size_t length;
};

struct certificate_proof {
    size_t number;
    char cell[CERTIFICATE_KEY];
    bool has_form; /* a cell and two witnesses, or a cell and a floor, and no more */
    bool is_floor;
    int64_t low, high; /* witnesses */
    int64_t floor;
};

struct certificate_check {
    struct audit_case *c; /* its cells, counts and hidden are the system's */
    enum audit_rule rule;
    bool own;         /* the release's own system: keys of further cells are passed over */
    bool has_form;    /* false: not its form, which is a finding */
    struct text text; /* the file */
    struct certificate_part witnesses, proofs, cumulative, left_out; /* arrays */
    struct audit_index index;
    int64_t *value; /* of the witness at hand; -1 = not in it */
    uint32_t *seen; /* per equation: number of the witness that last looked at it */
    uint32_t *held; /* cells of the witness at hand */
    size_t witness_count, witness_capacity, entry_count, entry_capacity;
    struct certificate_witness {
        bool good;
        size_t start; /* of its entries, in the order of cells */
    } * witness;
    struct certificate_entry {
        uint32_t cell, low, high; /* the value's two halves: 12 bytes */
    } * entry;
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
/* take is called for each proof in turn; -1 from it ends that. */
typedef int (*certificate_take)(void *context, const struct certificate_proof *proof,
                                struct err *err);
int certificate_proofs(struct certificate_part proofs, certificate_take take, void *context,
                       struct err *err);
/* NULL, or what is wrong with the proof of the cell; *failed when the audit cannot go on. */
const char *certificate_fault(struct certificate_check *k, const struct certificate_proof *proof,
                              size_t cell, bool *failed, struct err *err);
void certificate_close(struct certificate_check *k);

#endif
