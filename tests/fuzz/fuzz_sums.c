/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A SHA256SUMS that the publisher signed, whatever is in it: it is the one that sha256sum writes of
 * the folder, or there is a finding. An even first byte: the rest are edits of that one.
 */
#include "fuzz_case.h"

#include "secure/secret.h"

#include <sodium.h>

enum { MOST = 8192 };

static struct fuzz_case f;
static struct signing_key key = {.id = {1, 2, 3}};
static struct public_key public_key;
static struct text right;

static void set_up(void)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = {7};
    fuzz_demand(secret_setup(&f.err) == 0);
    key.secret = secret_alloc(SIGN_SECRETBYTES, &f.err);
    fuzz_demand(key.secret && crypto_sign_seed_keypair(public_key.key, key.secret, seed) == 0);
    memcpy(public_key.id, key.id, sizeof key.id);
    fuzz_case_folder(&f);
    signed_release_seal(f.folder, &key);
    fuzz_demand(audit_tree_list(&f.c.tree, f.folder, &f.result, &f.err) == 0);
    text_init(&right);
    fuzz_demand(audit_read(f.folder, "SHA256SUMS", MOST, &right, &f.err) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static uint8_t sums[MOST];
    char digest[CONFIG_DIGEST_TEXT];
    struct text signature;
    size_t size = length ? length - 1 : 0;
    if (!f.folder[0])
        set_up();
    if (length < 1 || length > MOST)
        return 0;
    if (bytes[0] & 1) {
        memcpy(sums, bytes + 1, size);
    } else {
        memcpy(sums, right.bytes, right.length);
        size = fuzz_edit(sums, right.length, MOST, bytes + 1, size);
    }
    text_init(&signature);
    fuzz_demand(sign_bytes(&signature, sums, size, "test", &key, &f.err) == 0);
    fuzz_case_put(&f, "SHA256SUMS", sums, size);
    fuzz_case_put(&f, "SHA256SUMS.minisig", (const uint8_t *)signature.bytes, signature.length);
    text_release(&signature);
    fuzz_demand(audit_sums(f.folder, &f.c.tree, &public_key, AUDIT_SIGNATURE, AUDIT_DIGESTS,
                           &f.result, digest, &f.err) == 0);
    fuzz_demand(f.result.checks[AUDIT_SIGNATURE].findings == 0);
    fuzz_demand((fuzz_case_findings(&f) == 0) == fuzz_same(sums, size, right.bytes));
    return 0;
}
