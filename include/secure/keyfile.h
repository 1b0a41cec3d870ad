/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * keyfile: keys on disk.
 *
 * A key file is read only if it is a regular file (no link, FIFO or device: O_NOFOLLOW), owned by
 * the effective user, with no permission for group or others, and of exactly the right form;
 * anything else is ERR_KEY with a hint (a public key that does not exist: ERR_NOINPUT). It is read
 * with read(2) straight into locked memory. New files are written 0600, O_EXCL (ERR_CREATE when it
 * exists), fsynced.
 *
 *   pseudonym key   32 random bytes, nothing else
 *   share           text: "herkomst-share 1", set id, "k of n", 32 bytes in hex, check; the master
 * key is the XOR of all n; shares of another set, missing or twice are refused recipient       32
 * bytes secret (FILE), and FILE.pub: "herkomst-recipient 1" and 32 bytes in hex signing minisign's
 * unencrypted secret key format (FILE) and public key format (FILE.pub)
 */
#ifndef HERKOMST_SECURE_KEYFILE_H
#define HERKOMST_SECURE_KEYFILE_H

#include "secure/secret.h"
#include "secure/sign.h"

int keyfile_new_pseudonym(const char *path, struct err *err);
int keyfile_new_shares(const char *path, unsigned count, struct err *err); /* 2..16 */
int keyfile_new_recipient(const char *path, struct err *err);
int keyfile_new_signing(const char *path, struct err *err);

/* One path: a whole key or, with several, all shares of one. *key is secret_alloc'd. */
int keyfile_read_master(char *const *paths, size_t count, uint8_t **key, struct err *err);
int keyfile_read_recipient(const char *path, struct recipient *r, struct err *err);
/* From FILE.pub: r->secret_key stays NULL. */
int keyfile_read_recipient_public(const char *path, struct recipient *r, struct err *err);
int keyfile_read_signing(const char *path, struct signing_key *key, struct err *err);
int keyfile_read_public(const char *path, struct public_key *key, struct err *err);

#endif
