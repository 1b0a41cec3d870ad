/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The signature over SHA256SUMS, and the digests in it. The file must be just what sha256sum would
 * write for the folder's files in byte order: a line more, less or otherwise is a finding.
 */
#include "audit/case.h"

#include "secure/digest.h"

#include <string.h>

enum { SUMS_BYTES = 256 << 20, SIGNATURE_BYTES = 4096 };

static int check_signature(const char *folder, const struct text *sums,
                           const struct public_key *key, enum audit_rule rule,
                           struct audit_result *r, struct err *err)
{
    struct text signature;
    text_init(&signature);
    int rc = audit_read(folder, "SHA256SUMS.minisig", SIGNATURE_BYTES, &signature, err);
    if (rc == 0)
        rc = sign_verify(signature.bytes, signature.length, sums->bytes, sums->length, key, err);
    text_release(&signature);
    if (rc != 0)
        rc = audit_find_error(r, rule, "SHA256SUMS.minisig", err);
    if (rc == 0)
        audit_end(r, rule);
    return rc;
}

static bool is_listed(const char *path)
{
    return strcmp(path, "SHA256SUMS") != 0 && strcmp(path, "SHA256SUMS.minisig") != 0;
}

/* The line that SHA256SUMS must have for a file. */
static int expected_line(const char *folder, const char *path, struct text *line, struct err *err)
{
    struct text full;
    char digest[DIGEST_TEXT];
    text_init(&full);
    text_format(&full, "%s/%s", folder, path);
    int rc = full.failed ? err_memory(err) : digest_file(digest, full.bytes, err);
    text_release(&full);
    if (rc != 0)
        return -1;
    text_clear(line);
    text_format(line, "%s  %s\n", digest, path);
    return line->failed ? err_memory(err) : 0;
}

/* The path of a line of SHA256SUMS, and the line's length. */
static size_t line_length(const char *at)
{
    const char *end = strchr(at, '\n');
    return end ? (size_t)(end - at) + 1 : strlen(at);
}

static bool line_names(const char *at, const char *path)
{
    size_t length = line_length(at), name = strlen(path);
    return length == DIGEST_TEXT - 1 + 2 + name + 1 &&
           memcmp(at + DIGEST_TEXT - 1 + 2, path, name) == 0;
}

static int check_digests(const char *folder, const struct audit_tree *tree, const struct text *sums,
                         enum audit_rule rule, struct audit_result *r, struct err *err)
{
    struct text line;
    int rc = 0;
    size_t files = 0;
    const char *at = sums->bytes;
    text_init(&line);
    if (strlen(sums->bytes) != sums->length)
        rc = audit_find(r, rule, "SHA256SUMS", "", err, "a NUL byte");
    for (size_t i = 0; rc == 0 && i < tree->count; i++) {
        const char *path = tree->paths[i];
        if (!is_listed(path))
            continue;
        files++;
        if (expected_line(folder, path, &line, err) != 0) {
            rc = audit_find_error(r, rule, path, err);
            continue;
        }
        if (strncmp(at, line.bytes, line.length) == 0) {
            at += line.length;
        } else if (line_names(at, path)) {
            rc = audit_find(r, rule, path, "", err, "not the digest that SHA256SUMS has");
            at += line_length(at);
        } else {
            rc = audit_find(r, rule, path, "", err, "not in SHA256SUMS, or not in its place");
        }
    }
    if (rc == 0 && *at)
        rc = audit_find(r, rule, "SHA256SUMS", "", err,
                        "a line that is none of the files, not in its place, or not canonical");
    text_release(&line);
    audit_figure(r, rule, "files", files);
    if (rc == 0)
        audit_end(r, rule);
    return rc;
}

int audit_sums(const char *folder, const struct audit_tree *tree, const struct public_key *key,
               enum audit_rule signature, enum audit_rule digests, struct audit_result *r,
               char sums_digest[static CONFIG_DIGEST_TEXT], struct err *err)
{
    struct text sums;
    text_init(&sums);
    audit_begin(r, signature);
    audit_begin(r, digests);
    sums_digest[0] = '\0';
    int rc = audit_read(folder, "SHA256SUMS", SUMS_BYTES, &sums, err);
    if (rc != 0) {
        rc = audit_find_error(r, digests, "SHA256SUMS", err);
        goto out;
    }
    digest_bytes(sums_digest, sums.bytes, sums.length);
    rc = check_signature(folder, &sums, key, signature, r, err);
    if (rc == 0)
        rc = check_digests(folder, tree, &sums, digests, r, err);
out:
    text_release(&sums);
    return rc;
}
