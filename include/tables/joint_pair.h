/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_pair: two releases, `from` and a later `to`: which cells are the same, and which groups can
 * be linked. Private to pipeline/tables; joint.h says what is linked.
 */
#ifndef HERKOMST_TABLES_JOINT_PAIR_H
#define HERKOMST_TABLES_JOINT_PAIR_H

#include "tables/joint.h"
#include "tables/series.h"

#define JOINT_NONE UINT32_MAX

enum pair_state {
    PAIR_APART,    /* not linked */
    PAIR_POSSIBLE, /* a group that nothing contradicts (yet) */
    PAIR_BROKEN,   /* a group that what is published contradicts */
    PAIR_IMPLIED,  /* a group whose link follows from two others */
    PAIR_LINKED,
};

/* What the populations, variables and categories of one structure are in another, by name. */
enum { NAME_MAP_CATEGORIES = CONFIG_CATEGORIES + 2 };

struct name_map {
    int *population;    /* -1: not there */
    int *variable;      /* -1: not there, or (strict) not the same */
    uint16_t *category; /* [variable * NAME_MAP_CATEGORIES + category]; 0: not there */
};

/* A variable is the same if definition ids are, and if it is sensitive the trees of categories. */
int name_map_build(struct name_map *m, const struct structure *of, const struct structure *in,
                   bool strict, struct err *err);
void name_map_release(struct name_map *m);

struct joint_pair {
    uint32_t from, to; /* releases */
    const struct published_release *old, *new;
    const struct joint_turnover *turnover; /* NULL: nobody joined or left */
    struct name_map names;                 /* of `to` in `from` */
    struct series_sources sources;         /* the units of `to` */
    uint8_t *state;                        /* per cell of `to`: enum pair_state */
    uint32_t *first;    /* per cell of `to`: its first cell in the joint system, or JOINT_NONE */
    uint16_t layers[5]; /* by enum joint_role; of the joint system */
};

/* Finds what can be linked: the states of groups and their cells. dropped: per unit of `to`, 1 =
 * leave out; NULL = none. Everything else of p is filled in before. A pair that fails is still the
 * caller's to release. */
int pair_plan(struct joint_pair *p, const uint8_t *dropped, struct err *err);

/* Finds the groups of p whose links follow from those of `first`, p's earlier release to one in
 * between, and `second`, from there to p's later one. All are planned. */
int pair_imply(struct joint_pair *p, const struct joint_pair *first,
               const struct joint_pair *second, struct err *err);

/* Links what is left. present: `to` is the present release. */
void pair_link(struct joint_pair *p, bool present);
void pair_release(struct joint_pair *p);

int64_t pair_joined(const struct joint_pair *p, uint32_t group);
int64_t pair_left(const struct joint_pair *p, uint32_t group);

/* How many cells of `from` the cell may have been, and the k-th of them; JOINT_NONE if that unit
 * has no such cell. */
size_t pair_sources(const struct joint_pair *p, uint32_t cell);
uint32_t pair_source(const struct joint_pair *p, uint32_t cell, size_t k);

/* As published by release r; -1: hidden, or in no table. */
int64_t published_count(const struct published_release *r, uint32_t cell);

#endif
