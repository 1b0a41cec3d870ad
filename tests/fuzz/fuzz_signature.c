/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signatures: any text, or edits of a valid signature, of a message that is edited too. Accepted is
 * that one text for that one message, and nothing else. Public key files are read the same way.
 */
#include "fuzz_file.h"
#include "secure/keyfile.h"

#include <sodium.h>

static const char MESSAGE[] = "a  rules.json\n";
enum { MESSAGE_BYTES = sizeof MESSAGE - 1, TEXT_MOST = 8192 };

static struct public_key public_key;
static struct text valid;

/* A key pair that is the same in every run, so that a found input can be played again. */
static void make_valid(void)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = {7};
    struct signing_key key = {.id = {1, 2, 3}};
    struct err err;
    fuzz_demand(secret_setup(&err) == 0);
    key.secret = secret_alloc(SIGN_SECRETBYTES, &err);
    fuzz_demand(key.secret != NULL);
    fuzz_demand(crypto_sign_seed_keypair(public_key.key, key.secret, seed) == 0);
    memcpy(public_key.id, key.id, sizeof key.id);
    text_init(&valid);
    fuzz_demand(sign_bytes(&valid, MESSAGE, MESSAGE_BYTES, "a comment", &key, &err) == 0);
    signing_key_release(&key);
}

static void check_verify(const uint8_t *signature, size_t length, const uint8_t *message,
                         size_t message_length)
{
    struct err err = {.kind = ERR_NONE};
    int rc =
        sign_verify((const char *)signature, length, message, message_length, &public_key, &err);
    bool is_valid = length == valid.length && memcmp(signature, valid.bytes, length) == 0 &&
                    message_length == MESSAGE_BYTES && memcmp(message, MESSAGE, MESSAGE_BYTES) == 0;
    fuzz_demand((rc == 0) == is_valid && (rc == 0 || err.kind == ERR_REFUSED));
}

/* The first byte: bit 0 edits instead of a whole text, bit 1 of the message, bit 2 a key file. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static uint8_t text[TEXT_MOST], message[TEXT_MOST];
    if (valid.length == 0)
        make_valid();
    if (length < 1 || length > TEXT_MOST)
        return 0;
    uint8_t how = bytes[0];
    bytes++;
    length--;
    if (how & 4) {
        struct public_key key;
        struct err err = {.kind = ERR_NONE};
        int rc = keyfile_read_public(fuzz_file(bytes, length, ".pub"), &key, &err);
        fuzz_demand(rc == 0 || err.kind == ERR_KEY);
        return 0;
    }
    size_t text_length = valid.length, message_length = MESSAGE_BYTES;
    memcpy(text, valid.bytes, valid.length);
    memcpy(message, MESSAGE, MESSAGE_BYTES);
    if (how & 2) {
        message_length = fuzz_edit(message, MESSAGE_BYTES, TEXT_MOST, bytes, length);
    } else if (how & 1) {
        text_length = fuzz_edit(text, valid.length, TEXT_MOST, bytes, length);
    } else {
        memcpy(text, bytes, length);
        text_length = length;
    }
    check_verify(text, text_length, message, message_length);
    return 0;
}
