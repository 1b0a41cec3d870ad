/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_writer: a joint system while it is made: cells and equations are appended. Private to
 * pipeline/tables.
 */
#ifndef HERKOMST_TABLES_JOINT_WRITER_H
#define HERKOMST_TABLES_JOINT_WRITER_H

#include "tables/cell_equations.h"
#include "tables/joint_pair.h"

struct joint_writer {
    struct joint *joint;
    struct equation_writer equations;
    size_t capacity; /* of the arrays per cell */
};

/* Room for `more` cells. */
int joint_reserve(struct joint_writer *w, size_t more, struct err *err);

/* Appends a cell, for which there must be room; unit, population and categories are the caller's to
 * set, all 0 at first. Returns its index. */
uint32_t joint_append(struct joint_writer *w, uint16_t layer, uint32_t source, unsigned flags,
                      int64_t count);

/* The joint cell of release r's cell, or JOINT_NONE. */
uint32_t joint_place(const struct joint *j, size_t release, uint32_t cell);

/* Does the release hide a member of its equation? */
bool joint_hides_member(const struct published_release *r, size_t equation);

/* Appends the cells and equations of the present release, and what is needed of the earlier ones:
 * the cells whose place is PLACE_NEEDED, which then get their index. */
#define PLACE_NEEDED (JOINT_NONE - 1)
int joint_write_releases(struct joint_writer *w, struct err *err);

/* Appends the pair's cells and equations, and notes its links. */
int joint_write_links(struct joint_writer *w, struct joint_pair *p, struct err *err);

#endif
