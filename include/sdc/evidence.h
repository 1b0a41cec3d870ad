/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * evidence: the changes of the true table that nobody can tell from it, since they move hidden
 * cells only, and the range in which they show each cell. Secret side.
 *
 * A change stays as long as all that it moves is hidden; who publishes a cell drops the changes
 * that move it (they can be taken up again when it is hidden after all).
 */
#ifndef HERKOMST_SDC_EVIDENCE_H
#define HERKOMST_SDC_EVIDENCE_H

#include "sdc/deviations.h"
#include "sdc/prove.h"

struct evidence;

/* counts must outlive it. */
int evidence_open(struct evidence **e, size_t cell_count, const int64_t *counts, struct err *err);
void evidence_close(struct evidence *e);

/* Takes over a whole-number move. */
int evidence_add(struct evidence *e, struct move *m, uint32_t *id, struct err *err);
/* Adds e's change to another's; e is only good for more of this and for being closed then. */
int evidence_hand_over(struct evidence *e, uint32_t id, struct evidence *to, struct err *err);
/* Takes the last change out again; it is the caller's to release. */
void evidence_take_last(struct evidence *e, struct move *m);
/* Adds copies of those that hold, in their order. */
int evidence_copy(const struct evidence *e, struct evidence *to, struct err *err);
size_t evidence_count(const struct evidence *e); /* ids are 0 .. count - 1 */
const struct move *evidence_move(const struct evidence *e, uint32_t id);

void evidence_drop(struct evidence *e, uint32_t id);
void evidence_restore(struct evidence *e, uint32_t id);
bool evidence_holds(const struct evidence *e, uint32_t id);

/* The changes that move a cell, dropped ones too. */
const uint32_t *evidence_of(const struct evidence *e, uint32_t cell, size_t *count);

/* Widens a range in which the cell was seen, the true count at least, by what the changes show. */
void evidence_widen(const struct evidence *e, uint32_t cell, int64_t *low, int64_t *high);
/* Does it meet the cell's needs then? Looks at no more changes than that takes. */
bool evidence_meets(const struct evidence *e, uint32_t cell, const struct needs *needs, int64_t low,
                    int64_t high);

#endif
