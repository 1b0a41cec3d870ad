/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * search: the audit's own search for hidden cells that are not protected, whatever a certificate
 * says. Private to pipeline/audit.
 *
 * For each cell that is asked for it looks for whole-number tables that agree with everything
 * published and show the cell at values far enough apart, and otherwise for a proof that there are
 * none, or that the cell is large in all of them (include/audit/range.h): first tables that move
 * many cells at once, then a programme for the least and the greatest value of each cell that is
 * still open, then branch and bound. Deterministic: what is tried depends on the published cells
 * alone, and limits are numbers of programmes, never seconds.
 *
 * A cell is SEARCH_SHOWN only by tables whose additions were checked, or by a bound that was
 * checked in whole numbers; SEARCH_OPEN (nothing found either way) is not protected as far as an
 * audit is concerned.
 */
#ifndef HERKOMST_AUDIT_SEARCH_H
#define HERKOMST_AUDIT_SEARCH_H

#include "audit/range.h"

enum audit_verdict {
    SEARCH_NOT_ASKED,
    SEARCH_SHOWN,    /* protected */
    SEARCH_EXACT,    /* one value is possible */
    SEARCH_NARROW,   /* more than one, but not what the rules ask for */
    SEARCH_NO_TABLE, /* no table agrees with what is published */
    SEARCH_OPEN,
};
const char *audit_verdict_text(enum audit_verdict v);

struct audit_search {
    const struct audit_case *c;
    const struct audit_index *index;
    const uint8_t *asked; /* per cell: 1 = search; hidden cells only */
    size_t limit;         /* programmes; what is open then is SEARCH_OPEN. 0 = none */
    uint8_t *verdict;     /* per cell, enum audit_verdict; owned */
    size_t cells, programmes, tables, parts; /* that were looked at, solved, found */
};

/* s: zeroed, but for c, index, asked and limit. Where a certificate should have shown what is
 * searched, the answer is no in any case: SEARCH_LIMIT then ends a search for the reason. */
enum { SEARCH_LIMIT = 5000 };
int audit_search(struct audit_search *s, struct err *err);
void audit_search_release(struct audit_search *s);

#endif
