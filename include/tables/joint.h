/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint: the one system of cells and equations of a release and the earlier ones. Origin hardly
 * ever changes, so two releases differ by who came and went, and what one hides the other may tell.
 *
 *     releases[0 .. n - 1] in the order in which they were made, the last one the present one
 *     joint_build(&j, &input, err)
 *     j.cells        may be used wherever a system of cells is
 *     joint_release(&j)
 *
 * KNOWLEDGE. Of two releases, `from` and `to`, which was made later, turnover.csv of `to` says how
 * many people are in each public cell (a group) at the date of `to` and were not at that of `from`
 * (joined), and the other way round (left); the date of `to` may be the earlier one, where a
 * release is revised. Who is in the group at both dates has the same sensitive categories at both,
 * so for each cell of the group
 *
 *     old = stay + out,   new = stay + in,   stay, in, out >= 0,
 *
 * and everybody who joined or left has exactly one category of each sensitive variable, so the `in`
 * cells of a group add up along these variables' trees to `joined`, the `out` cells to `left`. (It
 * follows that new = old + in - out, 0 <= in <= joined, 0 <= out <= left.) Two releases of one date
 * (a revision and what it replaces): nobody joined or left.
 *
 * LINKS. A cell of `to` is linked to the cell of `from` with the same population id, unit and
 * categories, provided that
 * - every variable that is not at total has the same definition id in both, and if it is sensitive
 *   the same tree of categories; the cell's categories are there in both;
 * - its group is public and published in both, and turnover since `from` is known;
 * - what is published does not contradict it. Head counts: new = old + joined - left. Any cell of
 *   the group published in both: -left <= new - old <= joined. A contradiction means that data were
 *   corrected or people counted otherwise; the whole group is then left out (left_out), and so it
 *   is when the caller says so (dropped).
 * A unit is the units of `from` whose people its series has (tables/series.h), delivered ones: the
 * unit of the same code, or several, for example those that merged into it; `old` is then their
 * cells' sum. Cells of closing crossings are linked like others, slack is not. Between two earlier
 * releases a group is linked only where either hides something of it. A link is left out where it
 * follows from those with a release in between: where as many joined from the first to the last as
 * joined up to and since the one in between, who are then all other people.
 *
 * CELLS of j.cells, in this order:
 *
 * - First those of the present release, with the same indexes, groups and flags (but see
 *   CELL_EXEMPT).
 *
 * - Second, of each earlier release, in their order: what it hid, and what of it is needed with
 *   that: members of the same equations, groups, linked cells. CELL_EARLIER. A sensitive cell that
 *   was hidden still is CELL_SENSITIVE and its group is the earlier release's, so that the
 *   criterion reads the head count of that date; not when the turnover rule hid it (CELL_EXEMPT).
 *
 * - Third, for each pair of releases (by `from`, then `to`), in the order of the cells of `to`: of
 *   a linked group `joined` and `left`, CELL_PUBLIC; of each linked cell `in`, `out`, `stay` and,
 *   if it was several cells, their sum `before`, CELL_UNPUBLISHED. What must be 0 is not there:
 *   joined and in where nobody joined the group, left and out where nobody left it. Then stay, too,
 *   is another cell: where nobody joined, old = new + out; where nobody left, new = old + in; where
 *   neither, new = old.
 *
 * The second and third ones have the unit, population and categories that come closest to theirs in
 * the present structure; nothing but layout may be read from these. The equations are the present
 * release's, then the earlier ones' (those with a hidden member), then the links'.
 *
 * KEYS of the further cells, wherever a file names a cell:
 *     2017-06-30/KEY                 cell of an earlier release: its id, and its key there
 *     2017-06-30>2017-12-31+/KEY     in   (of a group: joined)   KEY: the cell's in the later one
 *     2017-06-30>2017-12-31-/KEY     out  (of a group: left)
 *     2017-06-30>2017-12-31=/KEY     stay
 *     2017-06-30>2017-12-31&/KEY     before
 * cell_key and cell_by_key (structure.h) write and read them.
 *
 * LIMITS. Not reckoned with: that people who stay in a unit also stay in the one above it (stays
 * are not added up along units or along variables that are not sensitive; a moved person is a
 * joiner here and a leaver there), and what three dates together tell about one joiner.
 *
 * Structure only, as structure.h: the suppression side and the audit both use it. Time and memory
 * are linear in the cells of all pairs of releases that turnover is given for. Not thread-safe
 * while it is built.
 */
#ifndef HERKOMST_TABLES_JOINT_H
#define HERKOMST_TABLES_JOINT_H

#include "base/date.h"
#include "tables/structure.h"

struct published_release {
    const char *id; /* a code, no other release's of the input */
    date reference_date;
    const struct cells *cells; /* of its own structure */
    const int64_t *counts;     /* per cell: as published; -1: hidden. Of the present release, while
                                * that is not decided yet: the public cells' counts, -1 elsewhere */
    const uint8_t *exempt;     /* per cell: 1 = named by the turnover rule; NULL = none */
};

struct joint_turnover { /* what turnover.csv of release `to` says of the time since `from` */
    size_t from, to;    /* from < to */
    const int64_t *joined, *left; /* per cell of `to`, looked at for public ones; -1: not known. In
                                   * the group of `to` and not of `from`, and the other way round */
};

struct joint_unit { /* all links of this unit, between these releases */
    size_t from, to;
    uint32_t unit; /* of the structure of `to` */
};

struct joint_group {
    size_t from, to;
    uint32_t cell; /* the public cell of `to` */
};

struct joint_input {
    size_t release_count; /* at least 1; as they were made, the present one last */
    const struct published_release *releases;
    size_t turnover_count; /* at most one a pair */
    const struct joint_turnover *turnovers;
    size_t dropped_count; /* links to leave out, for example because joint_counts said so */
    const struct joint_unit *dropped;
};

enum joint_role { JOINT_CELL, JOINT_IN, JOINT_OUT, JOINT_STAY, JOINT_BEFORE };

struct joint_layer {
    enum joint_role role;
    uint32_t from, to; /* releases; of a JOINT_CELL: its release, twice */
};

struct joint_link { /* `equation` is the one that the link of a cell adds to what is known */
    uint32_t from, to;
    uint32_t cell; /* of `to` */
    uint32_t equation;
};

struct joint_pair; /* private */

struct joint {
    struct cells cells; /* borrows from the present release's */
    const struct cells *present;
    size_t release_count;
    struct published_release *releases; /* as given */
    size_t layer_count;
    struct joint_layer *layers; /* by cells.layer */
    uint32_t *source;           /* per cell: its index among the cells of release layers[].to */
    int64_t *counts;            /* per cell: as published (joined and left too), else -1 */

    size_t link_count;
    struct joint_link *links;
    size_t left_out_count; /* groups that contradict their link; not those of dropped units */
    struct joint_group *left_out;

    size_t pair_count; /* private */
    struct joint_pair *pairs;
    uint32_t **place; /* per earlier release and cell of it: the joint cell, or UINT32_MAX */
};

/* What input points to must outlive j, and j must stay where it is. Release j whatever the result.
 * An id twice or turnover of no pair: ERR_INTERNAL; more cells than can be
 * counted: ERR_DATA. */
int joint_build(struct joint *j, const struct joint_input *input, struct err *err);
void joint_release(struct joint *j);

/* Parts of cell_key and cell_by_key. Is this the key of a further cell? */
bool joint_is_key(const char *key);
void joint_key(struct text *out, const struct joint *j, size_t cell);
size_t joint_by_key(const struct joint *j, const char *key);

#endif
