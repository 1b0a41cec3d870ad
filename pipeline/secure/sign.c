/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * See include/secure/sign.h. A signature file is
 *
 *     untrusted comment: signature from minisign secret key
 *     base64("ED", key id, Ed25519 signature of BLAKE2b-512(file))
 *     trusted comment: COMMENT
 *     base64(Ed25519 signature of (signature, COMMENT))
 *
 * The untrusted comment is what minisign itself writes. Nothing signs it, so another text is
 * refused: no byte of a signature file may change unnoticed.
 */
#include "secure/sign.h"

#include "secure/minisign.h"
#include "secure/secret.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define UNTRUSTED_COMMENT "signature from minisign secret key"

enum {
    ALGORITHM_BYTES = 2,
    SIGNATURE_BYTES = crypto_sign_BYTES,
    AT_ID = ALGORITHM_BYTES,
    AT_SIGNATURE = AT_ID + SIGN_KEYIDBYTES,
    LINE_BYTES = AT_SIGNATURE + SIGNATURE_BYTES,
    LINE_TEXT = sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL),
    HASH_BYTES = crypto_generichash_BYTES_MAX,
};

_Static_assert(SIGN_PUBLICBYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(SIGN_SECRETBYTES == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(HASH_BYTES == 64, "BLAKE2b-512");

static const char ALGORITHM[ALGORITHM_BYTES] = {'E', 'D'};

/* What the global signature covers. */
struct global {
    uint8_t bytes[SIGNATURE_BYTES + MINISIGN_COMMENT];
    size_t length;
};

static void global_fill(struct global *g, const uint8_t signature[static SIGNATURE_BYTES],
                        struct slice comment)
{
    memcpy(g->bytes, signature, SIGNATURE_BYTES);
    if (comment.length)
        memcpy(g->bytes + SIGNATURE_BYTES, comment.bytes, comment.length);
    g->length = SIGNATURE_BYTES + comment.length;
}

static void hash(uint8_t out[static HASH_BYTES], const void *bytes, size_t length)
{
    (void)crypto_generichash(out, HASH_BYTES, bytes, length, NULL, 0);
}

void signing_key_release(struct signing_key *k)
{
    secret_free(k->secret);
    memset(k, 0, sizeof *k);
}

void key_id_text(char out[static SIGN_KEYID_TEXT], const uint8_t id[static SIGN_KEYIDBYTES])
{
    static const char HEX[] = "0123456789ABCDEF";
    for (size_t i = 0; i < SIGN_KEYIDBYTES; i++) { /* a little-endian number */
        out[2 * i] = HEX[id[SIGN_KEYIDBYTES - 1 - i] >> 4];
        out[2 * i + 1] = HEX[id[SIGN_KEYIDBYTES - 1 - i] & 15];
    }
    out[SIGN_KEYID_TEXT - 1] = '\0';
}

int sign_bytes(struct text *signature, const void *bytes, size_t length,
               const char *trusted_comment, const struct signing_key *key, struct err *err)
{
    struct slice comment = {trusted_comment, strlen(trusted_comment)};
    uint8_t digest[HASH_BYTES], line[LINE_BYTES], whole[SIGNATURE_BYTES];
    char text[LINE_TEXT];
    struct global global;

    if (!minisign_comment(comment, "", &comment))
        return err_set(err, ERR_INTERNAL, "the trusted comment is too long or not one line");
    hash(digest, bytes, length);
    memcpy(line, ALGORITHM, sizeof ALGORITHM);
    memcpy(line + AT_ID, key->id, SIGN_KEYIDBYTES);
    if (crypto_sign_detached(line + AT_SIGNATURE, NULL, digest, sizeof digest, key->secret) != 0)
        return err_set(err, ERR_KEY, "the release cannot be signed");
    global_fill(&global, line + AT_SIGNATURE, comment);
    if (crypto_sign_detached(whole, NULL, global.bytes, global.length, key->secret) != 0)
        return err_set(err, ERR_KEY, "the release cannot be signed");

    text_string(signature, MINISIGN_UNTRUSTED UNTRUSTED_COMMENT "\n");
    text_string(signature, sodium_bin2base64(text, sizeof text, line, sizeof line,
                                             sodium_base64_VARIANT_ORIGINAL));
    text_string(signature, "\n" MINISIGN_TRUSTED);
    text_append(signature, comment.bytes, comment.length);
    text_char(signature, '\n');
    text_string(signature, sodium_bin2base64(text, sizeof text, whole, sizeof whole,
                                             sodium_base64_VARIANT_ORIGINAL));
    text_char(signature, '\n');
    return signature->failed ? err_memory(err) : 0;
}

static int refuse(struct err *err, const char *reason)
{
    return err_set(err, ERR_REFUSED, "%s", reason);
}

int sign_verify(const char *signature, size_t signature_length, const void *bytes, size_t length,
                const struct public_key *key, struct err *err)
{
    struct slice rest = {signature, signature_length}, line, comment;
    uint8_t own[LINE_BYTES], whole[SIGNATURE_BYTES], digest[HASH_BYTES];
    struct global global;

    if (!minisign_line(&rest, &line) || !minisign_comment(line, MINISIGN_UNTRUSTED, &comment) ||
        comment.length != strlen(UNTRUSTED_COMMENT) ||
        memcmp(comment.bytes, UNTRUSTED_COMMENT, comment.length) != 0)
        return refuse(err, "the signature's first line is not as minisign writes it");
    if (!minisign_line(&rest, &line) || !minisign_base64(line, own, sizeof own))
        return refuse(err, "the signature's second line is not a minisign signature");
    if (!minisign_line(&rest, &line) || !minisign_comment(line, MINISIGN_TRUSTED, &comment))
        return refuse(err, "the signature's third line is not a trusted comment");
    if (!minisign_line(&rest, &line) || !minisign_base64(line, whole, sizeof whole) || rest.length)
        return refuse(err, "the signature's fourth line is not the last one, or no signature");
    if (memcmp(own, ALGORITHM, sizeof ALGORITHM) != 0)
        return refuse(err, "the signature's algorithm is not ED (prehashed Ed25519)");
    if (memcmp(own + AT_ID, key->id, SIGN_KEYIDBYTES) != 0)
        return refuse(err, "the signature was made with another key");
    hash(digest, bytes, length);
    if (crypto_sign_verify_detached(own + AT_SIGNATURE, digest, sizeof digest, key->key) != 0)
        return refuse(err, "the signature does not fit the file");
    global_fill(&global, own + AT_SIGNATURE, comment);
    if (crypto_sign_verify_detached(whole, global.bytes, global.length, key->key) != 0)
        return refuse(err, "the trusted comment was altered");
    return 0;
}
