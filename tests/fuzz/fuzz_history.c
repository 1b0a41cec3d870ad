/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Two releases of one publisher, r0 and its revision r1, as the audit reads them together. The
 * bytes after the first, split at form feeds, are files in the order of FILES; a part that is empty
 * or missing leaves its file as it is. Even first byte: the two hide the same, and what nobody
 * changes passes. Odd: r0 shows E1's and E2's counts, which its revision then cannot hide any more:
 * whatever its files say, it never passes (but where links are left out, of which nobody can say
 * why).
 */
#include "../unit/small_release.h"
#include "fuzz_file.h"

#include "../unit/certificate_fixture.h"
#include "audit/audit.h"
#include "secure/secret.h"

#include <sodium.h>

static const struct {
    bool earlier; /* a file of r0 */
    const char *name;
} FILES[] = {{false, "certificate.json"}, {false, "turnover.csv"},    {false, "tables/origin.csv"},
             {true, "tables/origin.csv"}, {true, "certificate.json"}, {true, "turnover.csv"}};
enum { FILE_COUNT = sizeof FILES / sizeof *FILES };

static struct signing_key key = {.id = {1, 2, 3}};
static struct public_key public_key;
static char folders[2][256]; /* of r0 and r1 */
static char *certificates[2];
static struct rules rules[2];
static struct cells cells;
static int64_t counts[SMALL_CELLS], all[SMALL_CELLS];
static uint8_t status[SMALL_CELLS];

static void set_up(void)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = {7};
    static const struct {
        const char *key;
        int64_t count;
    } HIDDEN[] = {{"staff|entity:E1|origin=foreign", 3},
                  {"staff|entity:E1|origin=belgian", 27},
                  {"staff|entity:E2|origin=foreign", 10},
                  {"staff|entity:E2|origin=belgian", 30}};
    struct err err;
    fuzz_demand(secret_setup(&err) == 0);
    key.secret = secret_alloc(SIGN_SECRETBYTES, &err);
    fuzz_demand(key.secret && crypto_sign_seed_keypair(public_key.key, key.secret, seed) == 0);
    memcpy(public_key.id, key.id, sizeof key.id);
    for (size_t i = 0; i < 2; i++) {
        small_rules(&rules[i]);
        fixture_name(rules[i].release, i ? "r1" : "r0", 2);
        fuzz_path(folders[i], sizeof folders[i], i ? ".r1" : ".r0");
        fuzz_demand(mkdir(folders[i], 0700) == 0 || errno == EEXIST);
    }
    fuzz_demand(cells_build(&cells, &rules[1].structure, true, &err) == 0);
    small_counts(&cells, counts, status);
    memcpy(all, counts, sizeof all);
    for (size_t i = 0; i < sizeof HIDDEN / sizeof *HIDDEN; i++)
        all[cell_by_key(&cells, HIDDEN[i].key)] = HIDDEN[i].count;
    certificates[1] = certificate_after(SMALL_CERTIFICATE, (const char *const[]){"r0"}, 1);
    certificates[0] = text_duplicate(SMALL_CERTIFICATE, strlen(SMALL_CERTIFICATE));
    char *id = strstr(certificates[0], "\"r1\"");
    fuzz_demand(id != NULL);
    id[2] = '0';
}

static void write_release(size_t i, bool shows, const char *previous)
{
    static const uint8_t none[SMALL_CELLS];
    static const char nothing[] = "{\"format\": \"herkomst-certificate/1\", \"release\": \"r0\", "
                                  "\"witnesses\": [], \"proofs\": []}\n";
    signed_release_write(folders[i], &rules[i], &cells, shows ? all : counts, shows ? none : status,
                         shows ? nothing : certificates[i]);
    signed_release_manifest(folders[i], &rules[i], previous);
}

/* The parts of the bytes, over the files that are right; how many there were. */
static size_t put_parts(const uint8_t *bytes, size_t length, bool shows, bool earlier)
{
    const uint8_t *end = bytes + length;
    size_t given = 0;
    for (size_t i = 0; i < FILE_COUNT && bytes <= end; i++) {
        const uint8_t *stop = bytes < end ? memchr(bytes, '\f', (size_t)(end - bytes)) : NULL;
        size_t size = (size_t)((stop ? stop : end) - bytes);
        if (size > 0 && FILES[i].earlier == earlier && !(shows && FILES[i].earlier)) {
            signed_release_put(folders[!earlier], FILES[i].name, (const char *)bytes, size);
            given++;
        }
        bytes += size + 1;
    }
    return given;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct audit_result result;
    struct err err = {.kind = ERR_NONE};
    char previous[200], path[300], digest[DIGEST_TEXT], *earlier[] = {folders[0]};
    if (!cells.count)
        set_up();
    if (length < 1)
        return 0;
    bool shows = bytes[0] & 1;
    write_release(0, shows, "null");
    size_t given = put_parts(bytes + 1, length - 1, shows, true);
    signed_release_seal(folders[0], &key);
    (void)snprintf(path, sizeof path, "%s/SHA256SUMS", folders[0]);
    fuzz_demand(digest_file(digest, path, &err) == 0);
    (void)snprintf(previous, sizeof previous,
                   "{\"release\": \"r0\", \"sha256sums_sha256\": \"%s\"}", digest);
    write_release(1, false, previous);
    given += put_parts(bytes + 1, length - 1, shows, false);
    signed_release_seal(folders[1], &key);
    fuzz_demand(audit_release(folders[1], &public_key, &result, &err) == 0);
    int rc = audit_history(folders[1], earlier, 1, &public_key, &result, &err);
    fuzz_demand(rc == 0 || err.kind != ERR_NONE);
    bool left_out = memmem(bytes, length, "left_out", 8) != NULL;
    fuzz_demand(!shows || left_out || rc != 0 || !audit_passed(&result));
    fuzz_demand(shows || given > 0 || (rc == 0 && audit_passed(&result)));
    audit_result_release(&result);
    return 0;
}
