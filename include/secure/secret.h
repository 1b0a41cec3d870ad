/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * secret: locked memory for keys, and a process that does not leak them.
 *
 * secret_setup() comes first in every program: sodium_init, no core dumps (RLIMIT_CORE 0,
 * PR_SET_DUMPABLE 0), umask 077. Keys live in memory from secret_alloc only (sodium_malloc: guard
 * pages, mlock, DONTDUMP) and never in argv, the environment or a message.
 */
#ifndef HERKOMST_SECURE_SECRET_H
#define HERKOMST_SECURE_SECRET_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MASTER_KEYBYTES = 32,
    PSEUDONYM_KEYBYTES = 32,
    RECIPIENT_PUBLICBYTES = 32,
    RECIPIENT_SECRETBYTES = 32,
};

/* Who may read a run's intermediate files: an X25519 key pair. */
struct recipient {
    uint8_t public_key[RECIPIENT_PUBLICBYTES];
    uint8_t *secret_key; /* secret_alloc'd, RECIPIENT_SECRETBYTES; NULL: may write, not read */
};

int secret_setup(struct err *err);

/* Zeroed locked memory, or NULL with ERR_KEY (the memory cannot be locked) or ERR_SYSTEM. */
void *secret_alloc(size_t bytes, struct err *err);
void secret_free(void *secret); /* wipes; NULL is fine */

int recipient_generate(struct recipient *r, struct err *err);
/* Sends and receives a recipient's secret key over a pipe (fd is closed by both). Sending to a pipe
 * that nobody reads any more raises SIGPIPE: the driver ignores that signal. */
int recipient_send(const struct recipient *r, int fd, struct err *err);
int recipient_receive(struct recipient *r, int fd, struct err *err);
void recipient_release(struct recipient *r);

#endif
