/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * link_spilled: the part of link for people and rows that do not fit in memory.
 *
 * Rows are put into a temporary file as they are read, in partitions by person. Each partition is
 * folded twice. The first time what its people are as parents goes to the file: a list of birth
 * dates, first nationality and parents, in the order of ids. The second time parents who belong to
 * another partition are looked up there, as guests behind the partition's own people, and facts are
 * made as in memory. Rows without a valid number come last, as many at a time as fit.
 *
 * Besides what a partition takes there are three bits for each of all people. Every partition reads
 * the list of parents once (twice for grandparents), so that what is read grows with people times
 * partitions.
 */
#ifndef HERKOMST_LINK_LINK_SPILLED_H
#define HERKOMST_LINK_LINK_SPILLED_H

#include "link/employment.h"
#include "link/facts.h"
#include "link/link.h"
#include "secure/record_lists.h"

enum { LINK_PIECE_ROWS = 1 << 18 }; /* that are folded together */

/* Datasets of which rows are put into the file. */
enum { SPILL_PERSONNEL, SPILL_REGISTERS, SPILL_DATASETS = 5 };

struct link_spill {
    struct spill *file;
    size_t persons, parts;
    struct spilled_dataset {
        struct frame frame;        /* columns and words; and the rows that are being worked with */
        struct record_lists lists; /* of each partition; of personnel one more, without person */
        uint32_t last;             /* person of those that were read */
    } datasets[SPILL_DATASETS];
    struct record_lists parents; /* births by day, first, and two parents; in the order of ids */
    struct spilled_facts {
        struct frame head;
        bool begun;
        size_t rows;
        struct record_lists lists;
        struct record_writer writer;
        uint32_t *codes[FRAME_COLUMNS]; /* 1: used; and in the end new codes */
    } * facts;                          /* of each day */
    size_t days;
};

/* Do these need more than the plan allows? */
bool link_spill_wanted(const struct link *l, size_t persons, size_t rows);
int link_spill_open(struct link *l, size_t persons, struct err *err);
void link_spill_close(struct link *l);

/* l->personnel has been opened, and `left` rows come. */
int link_spill_personnel(struct link *l, size_t left, const struct source *from, struct err *err);
int link_spill_read(struct link *l, const char *name, const struct source *from, size_t *rows,
                    struct err *err);
/* What a row of personnel takes in memory: cells, facts, and its person's guests when it is one of
 * a partition. */
size_t link_spill_row_bytes(const struct link *l, bool spilled);
/* A column of personnel. */
const struct column *link_spill_words(const struct link *l, const char *name);

/* All days. row_of: of expected_entities. */
int link_spill_finish(struct link *l, const uint32_t *row_of, struct facts_counts *counts,
                      struct err *err);
/* Its parts: rows of a day come, and all have come. facts may be empty afterwards. */
int link_spill_put(struct link *l, size_t day, struct frame *facts, struct err *err);
int link_spill_settle(struct link *l, size_t day, struct err *err);
/* Gives the columns and words of a day's facts. */
void link_spill_take(struct link *l, size_t day, struct frame *head);
int link_spill_write(struct link *l, size_t day, const struct frame *head, const struct sink *to,
                     struct err *err);

/* Parents who are no part of `part`, whose people have ids from `base` on, come as its guests.
 * births: by day and guest, malloc'd. */
int link_spill_invite(struct link *part, const struct link *l, size_t base, date **births,
                      struct err *err);

/* ---- what link.c shares ---- */

typedef int (*link_fold)(struct people *p, const struct frame *f, unsigned threads,
                         struct err *err);
/* NULL: not a dataset that is folded. */
link_fold link_fold_of(const char *name);
/* Folds the people who are there whole, and leaves the rest for the next piece. */
int link_fold_piece(struct link *l, struct frame *f, size_t left, link_fold fold, struct err *err);
void link_frame_wipe(struct frame *f);
/* Every employment in force must be at an expected entity: intake has rejected the others, and a
 * person in no unit would be lost without a trace. */
int link_check_entities(const struct link *l, const struct employments *e, const uint32_t *row_of,
                        struct err *err);
int link_note_begins(struct link *l, const struct employments *e, struct err *err);
/* Where in l->begins somebody stands who is employed by this row. */
uint32_t *link_begin_of(const struct link *l, const struct employments *e, uint32_t row);

#endif
