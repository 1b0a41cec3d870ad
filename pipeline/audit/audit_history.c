/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Earlier releases: each is genuine, the chain of manifests leads to them, and what they show
 * together with this one keeps the rules over time. See include/audit/audit.h.
 */
#include "audit/audit.h"

#include "audit/derived.h"
#include "tables/table_csv.h"

#include <stdlib.h>
#include <string.h>

enum { RULES_BYTES = 32 << 20, MANIFEST_BYTES = 1 << 20, TABLE_BYTES = 512 << 20 };

struct earlier {
    const char *folder;
    char digest[CONFIG_DIGEST_TEXT]; /* of its SHA256SUMS; "" if it is not genuine */
    struct audit_place place;
};

struct history {
    const struct public_key *key;
    struct audit_result *result;
    size_t count;
    struct earlier *earlier;
    size_t chained; /* of them, from the release before on: */
    size_t *chain;
    bool complete; /* the chain goes back to the first release */
    struct past past;
    struct audit_past *compared; /* as many as are chained */
};

static int find(const struct history *h, const char *file, const char *what, struct err *err)
{
    return audit_find(h->result, AUDIT_HISTORY, file, "", err, "%s", what);
}

/* Its signature and digests, and what its manifest says. */
static int check_earlier(const struct history *h, struct earlier *e, struct err *err)
{
    struct audit_tree tree = {0};
    struct audit_result own = {0};
    struct text json;
    text_init(&json);
    int rc = audit_tree_list(&tree, e->folder, &own, err);
    if (rc == 0 && own.finding_count == 0)
        rc = audit_sums(e->folder, &tree, h->key, AUDIT_SIGNATURE, AUDIT_DIGESTS, &own, e->digest,
                        err);
    for (size_t i = 0; i < own.kept && rc == 0; i++)
        rc = find(h, e->folder, own.findings[i].text, err);
    if (rc == 0 && own.finding_count > 0) {
        e->digest[0] = '\0';
    } else if (rc == 0 &&
               (audit_read(e->folder, "manifest.json", MANIFEST_BYTES, &json, err) != 0 ||
                audit_place_read(&e->place, json.bytes, json.length, err) != 0)) {
        e->digest[0] = '\0';
        rc = audit_find_error(h->result, AUDIT_HISTORY, e->folder, err);
    }
    text_release(&json);
    audit_tree_release(&tree);
    audit_result_release(&own);
    return rc;
}

/* Follows the manifests from the release before on, as far as releases were given. */
static void follow_chain(struct history *h)
{
    const char *digest = h->result->previous_digest;
    while (digest[0]) {
        size_t next = 0;
        while (next < h->count && strcmp(h->earlier[next].digest, digest) != 0)
            next++;
        for (size_t i = 0; i < h->chained && next < h->count; i++)
            if (h->chain[i] == next)
                return; /* the same folder twice, or a circle */
        if (next == h->count)
            return;
        h->chain[h->chained++] = next;
        digest = h->earlier[next].place.previous_digest;
    }
    h->complete = true;
}

static int read_table(const struct earlier *e, struct past_release *r, size_t table,
                      uint8_t *status, struct err *err)
{
    struct text path;
    text_init(&path);
    text_format(&path, "%s/tables/%s.csv", e->folder, r->rules.structure.tables[table].name);
    int rc = path.failed
                 ? err_memory(err)
                 : table_csv_read(path.bytes, &r->rules, &r->cells, table, r->counts, status, err);
    text_release(&path);
    return rc;
}

/* The published cells of an earlier release, of which the rules are there. */
static int read_tables(const struct earlier *e, struct past_release *r, struct err *err)
{
    uint8_t *status = malloc(r->cells.count + 1);
    if (!status)
        return err_memory(err);
    memset(status, STATUS_UNREAD, r->cells.count + 1);
    int rc = 0;
    int64_t total = 0;
    for (size_t t = 0; rc == 0 && t < r->rules.structure.table_count; t++)
        rc = read_table(e, r, t, status, err);
    for (size_t i = 0; rc == 0 && i < r->cells.count; i++) {
        if (status[i] != STATUS_PUBLISHED)
            continue;
        past_publish(r, i, r->counts[i]);
        if (!audit_addable(&total, r->counts[i]))
            rc = err_set(err, ERR_DATA, "counts too large to be added up");
    }
    free(status);
    return rc;
}

/* What an earlier release shows. */
static int read_release(struct history *h, const struct earlier *e, size_t made, struct err *err)
{
    struct text json;
    text_init(&json);
    struct past_release *r = NULL;
    if (audit_read(e->folder, "rules.json", RULES_BYTES, &json, err) == 0)
        r = past_add(&h->past, json.bytes, json.length, err);
    text_release(&json);
    if (!r)
        return -1;
    r->made = made;
    text_init(&json);
    int rc = audit_read(e->folder, "turnover.csv", TABLE_BYTES, &json, err);
    if (rc == 0)
        rc = past_take_turnover(r, "turnover.csv", json.bytes, json.length, err);
    text_release(&json);
    return rc == 0 ? read_tables(e, r, err) : -1;
}

/* Reads the releases of the chain; *good = false after a finding. */
static int read_chain(struct history *h, bool *good, struct err *err)
{
    *good = true;
    h->compared = calloc(h->chained + 1, sizeof *h->compared);
    if (!h->compared)
        return err_memory(err);
    if (past_reserve(&h->past, h->chained, err) != 0)
        return -1;
    for (size_t i = 0; i < h->chained; i++) {
        const struct earlier *e = &h->earlier[h->chain[i]];
        if (read_release(h, e, h->chained - i, err) != 0) {
            *good = false;
            return audit_find_error(h->result, AUDIT_HISTORY, e->folder, err);
        }
        h->compared[i] = (struct audit_past){&h->past.releases[i], &e->place};
    }
    return 0;
}

int audit_read_again(struct audit_case *c, bool *good, struct err *err)
{
    struct audit_result *result = c->result, quiet = {0};
    rules_init(&c->rules);
    c->result = &quiet;
    int rc = audit_rules(c, err) != 0 || audit_tables(c, err) != 0 || audit_turnover(c, err) != 0
                 ? -1
                 : 0;
    *good = rc == 0 && quiet.checks[AUDIT_TURNOVER].checked && quiet.finding_count == 0;
    c->result = result;
    audit_result_release(&quiet);
    return rc;
}

/* The release before: of the latest earlier date, the one made last. NULL if there is none, or it
 * may be one that was not given. */
static const struct past_release *release_before(const struct history *h, date reference)
{
    const struct past_release *before = NULL;
    for (size_t i = 0; i < h->past.count; i++) {
        const struct past_release *r = &h->past.releases[i];
        date d = r->rules.reference_date;
        if (d < reference && (!before || d > before->rules.reference_date ||
                              (d == before->rules.reference_date && r->made > before->made)))
            before = r;
    }
    bool is_last =
        h->chained > 0 && before == h->compared[0].release && !h->compared[0].place->replaces[0];
    return h->complete || is_last ? before : NULL;
}

/* Changes since the release before, once it is known what that one showed. */
static int compare_derived(struct history *h, struct audit_case *c, struct err *err)
{
    const struct past_release *before = release_before(h, c->rules.reference_date);
    const struct audit_check *derived = &h->result->checks[AUDIT_DERIVED];
    if (!before || !derived->checked || derived->findings > 0)
        return 0;
    int64_t *then = malloc((c->cells.count + 1) * sizeof *then);
    if (!then)
        return err_memory(err);
    audit_begin(h->result, AUDIT_DERIVED);
    int rc = audit_tree_list(&c->tree, c->folder, h->result, err);
    if (rc == 0)
        rc = past_counts(before, &c->cells, then, err);
    if (rc == 0)
        rc = audit_derived_files(c, then, err);
    free(then);
    return rc;
}

/* What follows from its place in time. Across a gap in the chain nothing is said of all releases
 * together. */
static int compare(struct history *h, const char *folder, struct err *err)
{
    struct audit_case c = {.folder = folder, .key = h->key, .result = h->result};
    bool good = h->result->checks[AUDIT_TURNOVER].checked, read = false;
    int rc = 0;
    if (good)
        rc = read_chain(h, &good, err);
    if (rc == 0 && good)
        rc = audit_read_again(&c, &read, err);
    if (rc == 0 && read)
        rc = audit_compare(&c, h->compared, h->chained, h->complete, err);
    if (rc == 0 && read)
        rc = compare_derived(h, &c, err);
    if (rc == 0 && h->complete && h->chained > 0) {
        audit_begin(h->result, AUDIT_CUMULATIVE);
        if (read && h->result->checks[AUDIT_CERTIFICATE].checked)
            rc = audit_over_time(&c, &h->past, err);
    }
    if (rc == 0 && read && h->complete && h->result->checks[AUDIT_REPORTS].checked)
        rc = audit_pages(&c, &h->past, err) != 0 ? -1 : audit_workbooks(&c, &h->past, err);
    audit_case_release(&c);
    return rc;
}

int audit_cumulative(const char *folder, struct past *past, struct audit_result *result,
                     struct err *err)
{
    struct audit_case c = {.folder = folder, .result = result};
    bool read = false;
    audit_begin(result, AUDIT_CUMULATIVE);
    int rc = result->checks[AUDIT_CERTIFICATE].checked ? audit_read_again(&c, &read, err) : 0;
    if (rc == 0 && read)
        rc = audit_over_time(&c, past, err);
    if (rc == 0 && read && result->checks[AUDIT_REPORTS].checked)
        rc = audit_pages(&c, past, err) != 0 ? -1 : audit_workbooks(&c, past, err);
    audit_case_release(&c);
    return rc;
}

int audit_thorough(const char *folder, struct audit_result *result, struct err *err)
{
    struct audit_case c = {.folder = folder, .result = result};
    const struct audit_check *before = &result->checks[AUDIT_PROTECTION];
    bool read = false;
    if (!before->checked || before->findings > 0)
        return 0; /* the answer is no already */
    result->thorough = true;
    int rc = audit_read_again(&c, &read, err);
    if (rc == 0 && read) {
        audit_begin(result, AUDIT_PROTECTION);
        rc = audit_protection(&c, err);
    }
    audit_case_release(&c);
    return rc;
}

static int look_back(struct history *h, const char *folder, char *const *previous, struct err *err)
{
    h->earlier = calloc(h->count + 1, sizeof *h->earlier);
    h->chain = calloc(h->count + 1, sizeof *h->chain);
    if (!h->earlier || !h->chain)
        return err_memory(err);
    for (size_t i = 0; i < h->count; i++) {
        h->earlier[i].folder = previous[i];
        if (check_earlier(h, &h->earlier[i], err) != 0)
            return -1;
    }
    follow_chain(h);
    audit_figure(h->result, AUDIT_HISTORY, "earlier releases", h->count);
    audit_figure(h->result, AUDIT_HISTORY, "in the chain", h->chained);
    if (h->chained == 0 &&
        find(h, "manifest.json",
             h->result->previous[0] ? "none of the earlier releases is the one it names"
                                    : "it names no earlier release",
             err) != 0)
        return -1;
    return compare(h, folder, err);
}

int audit_history(const char *folder, char *const *previous, size_t count,
                  const struct public_key *key, struct audit_result *result, struct err *err)
{
    struct history h = {.key = key, .result = result, .count = count};
    audit_begin(result, AUDIT_HISTORY);
    int rc = look_back(&h, folder, previous, err);
    if (rc == 0)
        audit_end(result, AUDIT_HISTORY);
    past_clear(&h.past);
    free(h.earlier);
    free(h.chain);
    free(h.compared);
    return rc;
}
