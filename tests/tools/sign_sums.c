/* SPDX-License-Identifier: EUPL-1.2 */
/* sign_sums KEY RELEASE: signs RELEASE/SHA256SUMS as publish does: for tests of what a publisher
 * could sign and should not. Exit 0: done. */
#include "secure/files.h"
#include "secure/keyfile.h"
#include "secure/secret.h"
#include "secure/sign.h"

#include <stdio.h>

enum { LIMIT = 1 << 24 };

static int sign_folder(const char *folder, const struct signing_key *key, struct err *err)
{
    struct text sums, path, signature;
    text_init(&sums);
    text_init(&path);
    text_init(&signature);
    text_format(&path, "%s/SHA256SUMS", folder);
    int rc = files_read_whole(path.bytes, LIMIT, &sums, err);
    if (rc == 0)
        rc = sign_bytes(&signature, sums.bytes, sums.length, "herkomst test", key, err);
    text_string(&path, ".minisig");
    if (rc == 0)
        rc = files_write_new(path.bytes, 0644, signature.bytes, signature.length, err);
    text_release(&sums);
    text_release(&path);
    text_release(&signature);
    return rc;
}

int main(int argc, char **argv)
{
    struct err err = {.kind = ERR_NONE};
    struct signing_key key;
    if (argc != 3) {
        (void)fprintf(stderr, "usage: sign_sums KEY RELEASE\n");
        return 64;
    }
    int rc = secret_setup(&err) == 0 ? keyfile_read_signing(argv[1], &key, &err) : -1;
    if (rc == 0) {
        rc = sign_folder(argv[2], &key, &err);
        signing_key_release(&key);
    }
    if (rc != 0)
        (void)fprintf(stderr, "sign_sums: %s\n", err.text);
    return rc == 0 ? 0 : 1;
}
