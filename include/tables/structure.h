/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * structure: the units, variables, populations and tables of a release, and the one system of cells
 * and equations that they form.
 *
 * Units form a tree (government > domain > entity). The categories of a variable form a tree below
 * "total". A table has a population and variables; its cells are every combination of a unit and,
 * for each variable, a category (leaf or parent) or the total. The same cell (population, unit, the
 * categories that are not total) stands in several tables; it is ONE cell here, with one value and
 * one status.
 *
 * EQUATIONS. Along the unit tree and along every variable's tree, in every table, a cell is the sum
 * of the cells of its children. An equation is {total; children...}; each is stated once, however
 * many tables it stands in. Units that were not delivered have no cells.
 *
 * CLOSURE. Tables of one population count the same people. When the sets of variables of its tables
 * are decomposable (the hypergraph is acyclic: Graham-Yu-Ozsoyoglu reduction leaves nothing),
 * margins that agree always come from some people (Vorob'ev, 1962) and the tables' own equations
 * are all there is to know. Otherwise cells_build adds one table over the variables of the cycle
 * (what the reduction leaves) whose own cells are never published: CELL_UNPUBLISHED.
 *
 * WITHIN. A table of a population within another table's population ties the two: everybody in the
 * part is in the whole. So in every crossing the part's cell is at most the whole's, published or
 * not. (Staff are published by origin and sex together, managers by each apart, and all managers
 * are foreign: the women among them are foreign women of the staff.) To be in the part is one more
 * variable of the whole's people, which the part's tables have; when these and the whole's are
 * decomposable together, margins that agree come from some people. Otherwise, and where the whole
 * lacks a crossing that its part has, cells_build adds crossings to either, CELL_UNPUBLISHED too
 * (tables/closure.h says which, and why these are enough). Wherever both then have a cell it states
 * whole = part + slack, with the slack a cell of its own, CELL_UNPUBLISHED.
 *
 * The suppression side and the audit both use this file: it is structure only and knows no rule of
 * disclosure control.
 */
#ifndef HERKOMST_TABLES_STRUCTURE_H
#define HERKOMST_TABLES_STRUCTURE_H

#include "base/dictionary.h"
#include "base/err.h"
#include "base/text.h"
#include "io/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum level { LEVEL_GOVERNMENT, LEVEL_DOMAIN, LEVEL_ENTITY };
const char *level_name(enum level level);

struct unit {
    enum level level;
    char code[CONFIG_CODE];
    char *name;
    int parent;     /* index in units, parents before children; -1 for the government */
    bool delivered; /* has personnel rows; a parent: at least one child has */
    bool complete;  /* delivered, and every unit below it too */
    /* Codes of units of this level that it took over: in an earlier release that has them, this
     * unit's people were theirs. Owned; NULL if there are none. */
    size_t predecessor_count;
    char (*predecessors)[CONFIG_CODE];
};

struct category {
    char name[CONFIG_CODE];
    int parent; /* index in categories; -1 for the total */
    bool sensitive;
};

struct variable {
    char name[CONFIG_CODE];
    char definition[CONFIG_CODE]; /* "" if none */
    size_t category_count;        /* [0] is "total"; parents before children */
    struct category categories[CONFIG_CATEGORIES + 2];
    bool sensitive; /* at least one category is */
};

struct population {
    char id[CONFIG_CODE];
    char *filter; /* SQL */
};

struct frequency_table {
    char name[CONFIG_CODE];
    int population;
    size_t variable_count;
    int variables[CONFIG_TABLE_VARIABLES]; /* indexes, increasing */
    int within;                            /* table index, -1 = none */
};

struct structure {
    size_t unit_count, variable_count, population_count, table_count;
    struct unit *units;
    struct variable *variables;
    struct population *populations;
    struct frequency_table *tables;
};

void structure_init(struct structure *s);
void structure_release(struct structure *s);

/* The category of those of whom a variable is not known, where no other one stands for them. It is
 * the last one, and is there when there are such people. */
#define CATEGORY_UNKNOWN "unknown"
/* Its index, also where it is not there and would be added: then the number of categories; or -1,
 * if there is no room for it. */
int variable_unknown(const struct variable *v);
/* Adds it if it is not there, and returns the same. */
int variable_add_unknown(struct variable *v);

/* Does some table cross this variable? */
bool structure_uses(const struct structure *s, size_t variable);

enum { STRUCTURE_UNITS = 1 << 18 };

/* Populations stand in the order in which the tables first use them. Parent links, ranges, names
 * unique within their kind, table shapes: ERR_DATA naming what is wrong. A structure from an
 * untrusted file must pass before cells_build. */
int structure_check(const struct structure *s, struct err *err);

enum {
    CELL_PUBLIC = 1,      /* head count: always published, known to the attacker */
    CELL_SENSITIVE = 2,   /* at least one category is sensitive */
    CELL_UNPUBLISHED = 4, /* closing crossing or slack: in no published table */
    CELL_SLACK = 8,
    /* In a joint system only (tables/joint.h): */
    CELL_EARLIER = 16, /* a cell of an earlier release: its status is history and cannot change */
    CELL_EXEMPT = 32,  /* hidden by the turnover rule then: nothing is asked of it, so that it is
                        * not CELL_SENSITIVE here */
};

struct leaf_table { /* a table as it is counted */
    int population;
    size_t variable_count;
    int variables[CONFIG_VARIABLES];
};

struct inclusion {   /* every cell of `part` is at most the same cell of `whole`, if it has it */
    int part, whole; /* populations */
    size_t first, count; /* its slack cells */
};

/* More cells than this, in all tables and closing crossings together with the slack, are refused
 * (ERR_DATA). */
enum { CELLS_MAX = 1 << 23 };
int cells_too_many(struct err *err); /* -1, with err filled */

struct joint;

struct cells {
    const struct structure *structure;
    size_t count;
    size_t stride;  /* structure->variable_count */
    uint32_t *unit; /* per cell */
    uint32_t *population;
    uint16_t *categories; /* per cell, stride categories; 0 = total or not in the table */
    uint8_t *flags;
    uint32_t *group; /* index of the public cell with the same unit and the other categories:
                      * among whom the sensitive fact is counted; public cells: themselves.
                      * With nothing public: the government's total of the population. */

    size_t equation_count;
    uint32_t *equation_start; /* equation e: members [start[e], start[e + 1]) */
    uint32_t *equation_cell;  /* first member = sum of the others */

    size_t *table_start;  /* per leaf table t (the published ones first) its cells, unit by unit */
    uint32_t *table_cell; /* (the delivered ones), last variable fastest, total first: the CSV's
                           * order: table_cell[table_start[t] .. table_start[t + 1]) */

    size_t leaf_table_count; /* the published tables, then the closing crossings by population */
    struct leaf_table *leaf_tables;

    size_t inclusion_count; /* pairs of populations tied by `within` */
    struct inclusion *inclusions;
    uint32_t *slack_part; /* per slack cell: the part's cell; slack cells are the last ones */

    const struct joint *joint; /* tables/joint.h: what this is the system of; NULL: one release */
    uint16_t *layer;           /* joint: index of the cell's layer there; NULL: all are 0. A cell is
                                * known by its layer, population, unit and categories. */

    struct dictionary places; /* "entity:OMG-07" -> index of the unit + 1; private */
    uint32_t *slots;          /* hash index of the cells; private */
    size_t slot_count;
};

/* public_head_counts: disclosure.public; false = no published cell is public and every one is
 * sensitive. s must have passed structure_check, and stay unchanged as long as c is used.
 * Order of the cells: by population, table by table as they first appear, unit by unit, categories
 * last variable fastest and total first; then closing crossings of the population; at the very end
 * the slack. Closing cells are neither public nor sensitive. Release c whatever the result. */
int cells_build(struct cells *c, const struct structure *s, bool public_head_counts,
                struct err *err);
void cells_release(struct cells *c);
/* The tables that are counted, as cells_build lists them, whatever the categories. *tables: to be
 * freed, also after an error. */
int cells_list_leaf_tables(const struct structure *s, struct leaf_table **tables, size_t *count,
                           struct err *err);

/* The cell with these coordinates (stride categories, 0 = total), or SIZE_MAX. */
size_t cells_find(const struct cells *c, int population, int unit, const uint16_t *categories);

/* "staff|entity:OMG-07|origin=foreign|sex=f": variables in the structure's order, totals left out.
 * The population of a slack cell is written "management<staff". The further cells of a joint system
 * have a prefix that ends in "/" (tables/joint.h). */
void cell_key(struct text *out, const struct cells *c, size_t cell);
/* The cell of a key, or SIZE_MAX. */
size_t cell_by_key(const struct cells *c, const char *key);

/* All counts from the leaves: leaf(context, table, unit, categories) gives the count of a table's
 * cell at a unit without children and leaf categories; closing crossings are asked for too, with
 * table = structure->table_count + their number. Fills counts[c->count]; a cell that two tables
 * count differently, or an equation that does not hold, is ERR_INTERNAL naming the cell; a part
 * that is not within its whole ERR_DATA, naming the unit. */
size_t cells_leaf_tables(const struct cells *c, struct leaf_table *out, size_t capacity);
typedef int64_t (*leaf_count)(void *context, size_t leaf_table, int unit,
                              const uint16_t *categories /* stride */);
int cells_sum_up(const struct cells *c, int64_t *counts, leaf_count leaf, void *context,
                 struct err *err);

/* True if every equation holds for these counts; else ERR_INTERNAL naming the first that does not.
 */
int cells_additive(const struct cells *c, const int64_t *counts, struct err *err);

#endif
