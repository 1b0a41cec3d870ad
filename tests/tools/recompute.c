/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * recompute RELEASE: is certificate.json what follows from the published files alone? Reads
 * rules.json and tables/TABLE.csv, proves the view anew and compares bytes: a certificate that had
 * used a hidden count would differ, since there is none here to use. Exit 0: the same bytes.
 */
#include "sdc/prove.h"
#include "secure/files.h"
#include "tables/rules.h"
#include "tables/table_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 512 << 20 };

struct release {
    const char *folder;
    struct rules rules;
    struct cells cells;
    int64_t *counts, *public_counts;
    uint8_t *status;
};

static int read_text(const struct release *r, const char *name, struct text *out, struct err *err)
{
    struct text path;
    text_init(&path);
    text_init(out);
    text_format(&path, "%s/%s", r->folder, name);
    int rc = path.failed ? err_memory(err) : files_read_whole(path.bytes, LIMIT, out, err);
    text_release(&path);
    return rc;
}

static int read_tables(struct release *r, struct err *err)
{
    const struct structure *s = &r->rules.structure;
    if (cells_build(&r->cells, s, r->rules.disclosure.public_head_counts, err) != 0)
        return -1;
    r->counts = calloc(r->cells.count + 1, sizeof *r->counts);
    r->public_counts = calloc(r->cells.count + 1, sizeof *r->public_counts);
    r->status = malloc(r->cells.count + 1);
    if (!r->counts || !r->public_counts || !r->status)
        return err_memory(err);
    memset(r->status, STATUS_UNREAD, r->cells.count + 1);
    int rc = 0;
    for (size_t t = 0; rc == 0 && t < s->table_count; t++) {
        struct text path;
        text_init(&path);
        text_format(&path, "%s/tables/%s.csv", r->folder, s->tables[t].name);
        rc = path.failed
                 ? err_memory(err)
                 : table_csv_read(path.bytes, &r->rules, &r->cells, t, r->counts, r->status, err);
        text_release(&path);
    }
    for (size_t i = 0; i < r->cells.count; i++) /* from now on: hidden or not */
        r->status[i] = r->status[i] != STATUS_PUBLISHED;
    return rc;
}

static int certificate(struct release *r, struct text *out, struct err *err)
{
    struct view view;
    struct proof proof;
    view_make(&view, &r->cells, r->status, r->counts, r->public_counts);
    if (prove(&proof, &view, &r->rules.disclosure, 1, err) != 0)
        return -1;
    int rc = proof_write_json(&proof, &view, r->rules.release, out, err);
    proof_release(&proof);
    return rc;
}

static int compare(struct release *r, bool *same, struct err *err)
{
    struct text rules, published, again;
    text_init(&published);
    text_init(&again);
    int rc = -1;
    if (read_text(r, "rules.json", &rules, err) == 0 &&
        rules_read_json(&r->rules, rules.bytes, rules.length, err) == 0 &&
        read_tables(r, err) == 0 && read_text(r, "certificate.json", &published, err) == 0 &&
        certificate(r, &again, err) == 0)
        rc = 0;
    *same = rc == 0 && published.length == again.length &&
            memcmp(published.bytes, again.bytes, again.length) == 0;
    text_release(&rules);
    text_release(&published);
    text_release(&again);
    return rc;
}

int main(int argc, char **argv)
{
    struct release r = {.folder = argc == 2 ? argv[1] : "."};
    struct err err = {.kind = ERR_NONE};
    bool same = false;
    rules_init(&r.rules);
    int rc = argc == 2 ? compare(&r, &same, &err) : err_set(&err, ERR_USAGE, "one release");
    (void)printf("certificate: %s\n", rc != 0 ? err.text : same ? "the same bytes" : "it differs");
    cells_release(&r.cells);
    rules_release(&r.rules);
    free(r.counts);
    free(r.public_counts);
    free(r.status);
    return rc == 0 && same ? 0 : 1;
}
