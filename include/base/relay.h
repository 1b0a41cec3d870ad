/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * relay: a few slots that one thread fills and another one empties, in turn.
 *
 *     the giver:  while (relay_room(&r, &slot)) { fill slot; relay_give(&r); }  relay_end(&r);
 *     the taker:  while (relay_next(&r, &slot)) { empty slot; relay_taken(&r); } relay_stop(&r);
 *
 * Both go through the slots 0, 1, ... RELAY_SLOTS - 1, 0, ... What a slot holds is the caller's.
 * relay_room waits for a free slot, and is false once the taker has stopped; relay_next waits for a
 * full one, and is false when there is none and the giver has ended.
 */
#ifndef HERKOMST_BASE_RELAY_H
#define HERKOMST_BASE_RELAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { RELAY_SLOTS = 4 };

struct relay {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t given, taken;
    bool ended, stopped;
};

void relay_init(struct relay *r);
void relay_destroy(struct relay *r);

bool relay_room(struct relay *r, unsigned *slot);
void relay_give(struct relay *r);
void relay_end(struct relay *r);

bool relay_next(struct relay *r, unsigned *slot);
void relay_taken(struct relay *r);
void relay_stop(struct relay *r);

#endif
