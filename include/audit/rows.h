/* SPDX-License-Identifier: EUPL-1.2 */
/* rows: which cells of a part are free, of which of them the others are sums, and what is left of
 * the equations. Private to audit/part.h. */
#ifndef HERKOMST_AUDIT_ROWS_H
#define HERKOMST_AUDIT_ROWS_H

#include "audit/part.h"

/* After the part's cells and equations were met. */
int audit_rows_make(struct audit_part *p, struct err *err);

#endif
