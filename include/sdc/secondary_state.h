/* SPDX-License-Identifier: EUPL-1.2 */
/* secondary_state: what the files of secondary suppression (sdc/secondary.h) share. Private to
 * pipeline/sdc. */
#ifndef HERKOMST_SDC_SECONDARY_STATE_H
#define HERKOMST_SDC_SECONDARY_STATE_H

#include "sdc/evidence.h"
#include "sdc/secondary.h"
#include "sdc/transfer.h"

struct secondary {
    const struct cells *cells;
    const int64_t *counts;
    const struct disclosure *rules;
    const uint8_t *past; /* per cell: enum cell_past; or NULL */
    uint8_t *hidden;
    struct view view; /* for the criterion: groups' counts where they are published */
    int64_t *costs;   /* of hiding, per cell */
    int64_t dearest;
    double price_most, price_cell; /* in programmes: of the dearest cell, and of any besides */
    uint8_t *may;                  /* per cell: it may be hidden */
    uint32_t barred;               /* one that exchanges may not hide for now, or SLOT_NONE */
    int64_t *low, *high;           /* per cell: values that a proof saw it at; low > high: none */
    struct evidence *evidence;     /* changes that show cells at other values */
    struct blocks blocks;
    struct transfer *transfer;
    struct deviations **regions; /* of secondary_regions.c; each may be NULL */
    uint8_t *held;               /* per cell: its domain's programme does not move it for now */
    uint32_t *held_for;          /* per domain: the entity that this is for; 0 = none yet */
    bool series;                 /* other releases are known, or will come (turnover rule) */
    bool few;                    /* units have few cells each; or a series */
    bool fine;                   /* programmes take too long: exchanges alone */
    bool strict;                 /* only changes in whole numbers count */
    size_t iterations, iterations_most; /* of simplex, so far, and until exchanges must do */
    uint32_t *opened; /* the cells that were hidden one after the other, to take them back */
    size_t opened_count;
    uint32_t *list; /* room for as many cells as there are */
};

/* Whatever hides or shows a cell, or changes whether it may be hidden, comes through here. */
void secondary_set_hidden(struct secondary *s, uint32_t cell, uint8_t hidden);
/* What the cell costs in exchanges (sdc/transfer.h). */
int64_t secondary_transfer_cost(const struct secondary *s, uint32_t cell);
/* Takes back what was hidden since opened_count was `mark`. */
void secondary_take_back(struct secondary *s, size_t mark);

/* What proofs saw holds while more is hidden, not when cells are published again. */
void secondary_forget_proofs(struct secondary *s);

/* The programme over the cells that may move for a cell. */
enum region {
    REGION_DOMAIN, /* of the entities of its domain; for another unit's cell as REGION_MANY */
    REGION_MANY, /* of all domains' units, or, where these have very many cells, of some of them */
    REGION_ALL   /* of all units */
};
int secondary_region(struct secondary *s, uint32_t cell, enum region region,
                     struct deviations **out, struct err *err);
bool secondary_reach_is_all(const struct secondary *s); /* REGION_MANY is the same as REGION_ALL */
void secondary_close_regions(struct secondary *s);
/* The domain of an entity; of other units: themselves. */
uint32_t secondary_domain(const struct secondary *s, uint32_t unit);
/* Gives the cell its price; in every programme that there is. */
void secondary_price(const struct secondary *s, struct deviations *d, uint32_t cell);
void secondary_price_again(struct secondary *s, uint32_t cell);

/* The least and greatest value that the cell was seen at. */
void secondary_range(const struct secondary *s, uint32_t cell, int64_t *low, int64_t *high);
bool secondary_is_met(const struct secondary *s, uint32_t cell);

/* Where changes are looked for. */
enum reach {
    REACH_EXCHANGES, /* exchanges only */
    REACH_NEAR,      /* programmes over the domain's entities too; what is dear is left alone */
    REACH_WIDE       /* and over everything */
};

struct plan { /* of how a cell is protected */
    struct move moves[2];
    size_t count;
    int64_t cost;
    bool enough; /* it protects the cell */
};
void plan_release(struct plan *p);

/* The cheapest plan that is found; one that is enough costs less than `below`, and 0 if nothing
 * need be hidden. Nothing is hidden by it. It is the caller's to release. */
int secondary_plan(struct secondary *s, uint32_t cell, int64_t below, enum reach reach,
                   struct plan *plan, struct err *err);
/* Hides what the plan moves, and keeps what it shows. */
int secondary_adopt(struct secondary *s, struct plan *plan, struct err *err);
/* Both. *enough: the cell is protected; *cost: what was paid. */
int secondary_protect(struct secondary *s, uint32_t cell, int64_t below, enum reach reach,
                      bool *enough, int64_t *cost, struct err *err);

/* The order in which cells are protected: by level, domain, unit, then small counts first. */
struct rank {
    enum level level;
    uint32_t domain, unit;
    int64_t count;
    uint32_t cell;
};

/* Each of them in this order, by a plan that costs less than `below` (1: what is free). */
int secondary_protect_ranked(struct secondary *s, const struct rank *ranks, size_t count,
                             enum reach reach, int64_t below, struct err *err);
/* The same over everything, at any cost, in several threads. */
int secondary_protect_batches(struct secondary *s, const struct rank *ranks, size_t count,
                              unsigned threads, struct err *err);
/* The same for entities, near by, domain by domain in several threads. */
int secondary_protect_domains(struct secondary *s, const struct rank *ranks, size_t count,
                              int64_t below, unsigned threads, struct err *err);

#endif
