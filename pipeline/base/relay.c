/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/relay.h. */
#include "base/relay.h"

void relay_init(struct relay *r)
{
    *r = (struct relay){.given = 0};
    (void)pthread_mutex_init(&r->lock, NULL);
    (void)pthread_cond_init(&r->changed, NULL);
}

void relay_destroy(struct relay *r)
{
    (void)pthread_cond_destroy(&r->changed);
    (void)pthread_mutex_destroy(&r->lock);
}

bool relay_room(struct relay *r, unsigned *slot)
{
    (void)pthread_mutex_lock(&r->lock);
    while (r->given - r->taken == RELAY_SLOTS && !r->stopped)
        (void)pthread_cond_wait(&r->changed, &r->lock);
    bool room = !r->stopped;
    *slot = (unsigned)(r->given % RELAY_SLOTS);
    (void)pthread_mutex_unlock(&r->lock);
    return room;
}

bool relay_next(struct relay *r, unsigned *slot)
{
    (void)pthread_mutex_lock(&r->lock);
    while (r->given == r->taken && !r->ended)
        (void)pthread_cond_wait(&r->changed, &r->lock);
    bool next = r->given != r->taken;
    *slot = (unsigned)(r->taken % RELAY_SLOTS);
    (void)pthread_mutex_unlock(&r->lock);
    return next;
}

void relay_give(struct relay *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->given++;
    (void)pthread_cond_signal(&r->changed);
    (void)pthread_mutex_unlock(&r->lock);
}

void relay_taken(struct relay *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->taken++;
    (void)pthread_cond_signal(&r->changed);
    (void)pthread_mutex_unlock(&r->lock);
}

void relay_end(struct relay *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->ended = true;
    (void)pthread_cond_signal(&r->changed);
    (void)pthread_mutex_unlock(&r->lock);
}

void relay_stop(struct relay *r)
{
    (void)pthread_mutex_lock(&r->lock);
    r->stopped = true;
    (void)pthread_cond_signal(&r->changed);
    (void)pthread_mutex_unlock(&r->lock);
}
