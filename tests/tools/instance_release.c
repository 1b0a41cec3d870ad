/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * instance_release [--rules z0|z1|own] INSTANCE KEY FOLDER
 *
 * Suppresses an instance (tests/tools/instances.c; the rules: tests/bench/instance_system.h) and
 * writes it as a release signed with KEY, into a new FOLDER: what the bench audits. Exit 0: done.
 */
#include "../bench/instance_system.h"
#include "signed_release.h"

#include "sdc/suppress.h"
#include "secure/keyfile.h"
#include "secure/secret.h"

static int write_release(struct instance_system *s, const struct signing_key *key,
                         const char *folder, struct err *err)
{
    struct suppression out;
    struct view view;
    struct text json;
    struct rules rules = {.release = "bench",
                          .reference_date = date_make(2017, 12, 31),
                          .disclosure = s->rules,
                          .structure = s->structure};
    if (suppress(&out, &s->cells, s->counts, &s->rules, NULL, NULL, 2, err) != 0)
        return -1;
    int64_t *seen = malloc((s->cells.count + 1) * sizeof *seen);
    signed_demand(seen && (mkdir(folder, 0755) == 0), folder);
    view_make(&view, &s->cells, out.hidden, s->counts, seen);
    text_init(&json);
    int rc = proof_write_json(&out.proof, &view, rules.release, &json, err);
    if (rc == 0) {
        signed_release_write(folder, &rules, &s->cells, seen, out.hidden, json.bytes);
        signed_release_seal(folder, key);
    }
    free(seen);
    text_release(&json);
    suppression_release(&out);
    return rc;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct instance_system s;
    struct signing_key key;
    const char *rules = "own";
    if (argc == 6 && strcmp(argv[1], "--rules") == 0) {
        rules = argv[2];
        argv += 2;
        argc -= 2;
    }
    if (argc != 4) {
        (void)fputs("usage: instance_release [--rules z0|z1|own] INSTANCE KEY FOLDER\n", stderr);
        return 64;
    }
    memset(&s, 0, sizeof s);
    int rc = secret_setup(&err) == 0 ? keyfile_read_signing(argv[2], &key, &err) : -1;
    if (rc == 0) {
        rc = instance_system_read(&s, argv[1], rules, &err);
        if (rc == 0)
            rc = write_release(&s, &key, argv[3], &err);
        instance_system_release(&s);
        signing_key_release(&key);
    }
    if (rc != 0)
        (void)fprintf(stderr, "instance_release: %s\n", err.text);
    return rc == 0 ? 0 : 1;
}
