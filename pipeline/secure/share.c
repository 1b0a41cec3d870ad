/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/share.h. */
#include "secure/share.h"

#include "base/text.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define TITLE "herkomst-share 1\n"

enum { CHECK_BYTES = 16 };

/* Appends bytes as hex digits, and a line feed. Constant time, so fit for keys. */
static size_t hex_append(char *text, size_t at, const uint8_t *bytes, size_t length)
{
    (void)sodium_bin2hex(text + at, SHARE_TEXT - at, bytes, length);
    at += 2 * length;
    text[at] = '\n';
    return at + 1;
}

static size_t string_append(char *text, size_t at, const char *string)
{
    size_t length = strlen(string);
    memcpy(text + at, string, length + 1);
    return at + length;
}

size_t share_print(char text[static SHARE_TEXT], const struct share *share)
{
    char part[32];
    uint8_t check[CHECK_BYTES];
    (void)snprintf(part, sizeof part, "part %u of %u\nkey ", share->part, share->parts);
    size_t at = string_append(text, 0, TITLE "set ");
    at = hex_append(text, at, share->set, sizeof share->set);
    at = string_append(text, at, part);
    at = hex_append(text, at, share->key, sizeof share->key);
    (void)crypto_generichash(check, sizeof check, (const uint8_t *)text, at, NULL, 0);
    at = string_append(text, at, "check ");
    at = hex_append(text, at, check, sizeof check);
    text[at] = '\0';
    return at;
}

bool share_begins(const uint8_t *text, size_t length)
{
    return length >= strlen(TITLE) && memcmp(text, TITLE, strlen(TITLE)) == 0;
}

/* What is left to parse; a failed step leaves nothing, so that all later ones fail too. */
struct cursor {
    const char *at;
    size_t left;
    bool ok;
};

static void take_string(struct cursor *c, const char *string)
{
    size_t length = strlen(string);
    c->ok = c->ok && c->left >= length && memcmp(c->at, string, length) == 0;
    if (c->ok) {
        c->at += length;
        c->left -= length;
    }
}

static void take_hex(struct cursor *c, uint8_t *bytes, size_t length)
{
    size_t decoded = 0;
    c->ok = c->ok && c->left >= 2 * length &&
            sodium_hex2bin(bytes, length, c->at, 2 * length, NULL, &decoded, NULL) == 0 &&
            decoded == length;
    if (c->ok) {
        c->at += 2 * length;
        c->left -= 2 * length;
    }
}

static unsigned take_number(struct cursor *c)
{
    unsigned n = 0;
    size_t digits = 0;
    while (c->ok && digits < 2 && c->left > 0 && is_digit(*c->at)) {
        n = 10 * n + (unsigned)(*c->at - '0');
        c->at++;
        c->left--;
        digits++;
    }
    c->ok = c->ok && digits > 0;
    return n;
}

/* Reads leniently what share_print must then print again, byte for byte: one form, one check. */
int share_parse(struct share *share, const uint8_t *text, size_t length, struct err *err)
{
    struct cursor c = {(const char *)text, length, true};
    take_string(&c, TITLE "set ");
    take_hex(&c, share->set, sizeof share->set);
    take_string(&c, "\npart ");
    share->part = take_number(&c);
    take_string(&c, " of ");
    share->parts = take_number(&c);
    take_string(&c, "\nkey ");
    take_hex(&c, share->key, sizeof share->key);
    take_string(&c, "\ncheck ");
    if (!c.ok || share->parts < SHARE_LEAST || share->parts > SHARE_MOST || share->part < 1 ||
        share->part > share->parts)
        return err_set(err, ERR_KEY, "is not a key share of this format");
    char *again = secret_alloc(SHARE_TEXT, err);
    if (!again)
        return -1;
    int rc = 0;
    if (share_print(again, share) != length || sodium_memcmp(again, text, length) != 0)
        rc = err_set(err, ERR_KEY, "is a damaged key share");
    secret_free(again);
    return rc;
}
