/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The cumulative rule: with what this and all earlier releases show, and who came and went in
 * between, every hidden sensitive cell of each of them is protected. The system of cells is built
 * from the releases (tables/joint.h); the proofs are the certificate's, of which a witness counts
 * when it agrees with all releases. See include/audit/case.h.
 *
 * Nothing is asked of cells that the turnover rule names: everybody knows them but for a few
 * people.
 */
#include "audit/certificate.h"
#include "audit/search.h"
#include "tables/joint_past.h"

#include <stdlib.h>
#include <string.h>

static const char NAME[] = "certificate.json";

struct over_time {
    struct audit_case *c;  /* the release */
    struct audit_case all; /* the system of all releases, as a case */
    uint8_t *named;
    struct joint_past past;
    struct joint_unit *dropped; /* links that the certificate leaves out */
    struct joint joint;
    struct certificate_check certificate;
};

static int find(const struct over_time *o, const char *cell, const char *what, struct err *err)
{
    return audit_find(o->c->result, AUDIT_CUMULATIVE, NAME, cell, err, "%s", what);
}

/* ---- the system ---- */

static int name_cells(struct over_time *o, struct past *past, struct err *err)
{
    struct audit_case *c = o->c;
    struct audit_named n = {.past = past, .threshold = c->rules.disclosure.turnover_threshold};
    for (size_t i = 0; i < past->count; i++) {
        struct past_release *r = &past->releases[i];
        n.cells = &r->cells;
        n.reference = r->rules.reference_date;
        n.made = r->made;
        n.turnover = r->turnover;
        n.threshold = r->rules.disclosure.turnover_threshold;
        if (audit_named(&n, r->named, err) != 0)
            return -1;
    }
    n.cells = &c->cells;
    n.reference = c->rules.reference_date;
    n.made = SIZE_MAX;
    n.turnover = &c->turnover;
    n.threshold = c->rules.disclosure.turnover_threshold;
    o->named = malloc(c->cells.count + 1);
    return o->named ? audit_named(&n, o->named, err) : err_memory(err);
}

static size_t release_find(const struct over_time *o, const char *id)
{
    size_t r = 0;
    while (r < o->past.input.release_count && strcmp(o->past.releases[r].id, id) != 0)
        r++;
    return r;
}

static size_t unit_find(const struct structure *s, const char *level, const char *code)
{
    size_t u = 0;
    while (u < s->unit_count && (strcmp(s->units[u].code, code) != 0 ||
                                 strcmp(level_name(s->units[u].level), level) != 0))
        u++;
    return u;
}

/* {"from": ID, "to": ID, "level": LEVEL, "unit": CODE}; false if it is not. */
static bool read_dropped(const struct over_time *o, struct json_reader *r, struct joint_unit *unit)
{
    static const char *const names[] = {"from", "to", "level", "unit"};
    char words[4][CONFIG_CODE] = {"", "", "", ""}, name[CONFIG_CODE];
    size_t releases = o->past.input.release_count;
    if (!reader_is(r, '{')) {
        reader_skip(r);
        return false;
    }
    for (reader_open(r, '{'); reader_name(r, name, sizeof name);) {
        size_t i = 0;
        while (i < 4 && strcmp(names[i], name) != 0)
            i++;
        if (i == 4 || *words[i])
            reader_skip(r);
        else
            (void)reader_string(r, words[i], sizeof words[i]);
    }
    size_t from = release_find(o, words[0]), to = release_find(o, words[1]);
    const struct structure *s =
        to < releases ? o->past.releases[to].cells->structure : o->c->cells.structure;
    size_t at = unit_find(s, words[2], words[3]);
    *unit = (struct joint_unit){from, to, (uint32_t)at};
    return from < to && to < releases && at < s->unit_count;
}

/* Links that the publisher left out, since corrected data contradict them. */
static int take_left_out(struct over_time *o, struct err *err)
{
    const struct certificate_part *list = &o->certificate.left_out;
    size_t capacity = 0, *count = &o->past.input.dropped_count;
    struct json_reader r =
        json_reader(list->bytes ? list->bytes : "[]", list->bytes ? list->length : 2);
    for (reader_open(&r, '['); reader_item(&r);) {
        struct joint_unit unit;
        if (!read_dropped(o, &r, &unit)) {
            if (find(o, "", "left_out names no two releases and a unit", err) != 0)
                return -1;
            continue;
        }
        if (*count == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            struct joint_unit *dropped = realloc(o->dropped, capacity * sizeof *dropped);
            if (!dropped)
                return err_memory(err);
            o->dropped = dropped;
        }
        o->dropped[(*count)++] = unit;
    }
    o->past.input.dropped = o->dropped;
    audit_figure(o->c->result, AUDIT_CUMULATIVE, "units left out", *count);
    return 0;
}

/* The case of all releases: cells hidden, or published with their counts. */
static int take_system(struct over_time *o, struct err *err)
{
    const struct joint *j = &o->joint;
    size_t n = j->cells.count;
    o->all = *o->c;
    o->all.cells = j->cells;
    o->all.counts = j->counts;
    o->all.hidden = malloc(n + 1);
    if (!o->all.hidden)
        return err_memory(err);
    for (size_t i = 0; i < n; i++)
        o->all.hidden[i] = j->counts[i] < 0;
    return 0;
}

/* ---- the proofs ---- */

static int take_proof(void *context, const struct certificate_proof *proof, struct err *err)
{
    struct over_time *o = context;
    struct certificate_check *k = &o->certificate;
    size_t cell = cell_by_key(&o->all.cells, proof->cell);
    bool failed;
    if (cell == SIZE_MAX || !o->all.hidden[cell] || k->proved[cell])
        return 0;
    k->proved[cell] = certificate_fault(k, proof, cell, &failed, err) == NULL;
    return failed ? -1 : 0;
}

static int find_unprotected(struct over_time *o, size_t cell, const char *what, struct err *err)
{
    struct text key;
    text_init(&key);
    cell_key(&key, &o->all.cells, cell);
    int rc = key.failed ? err_memory(err) : find(o, key.bytes, what, err);
    text_release(&key);
    return rc;
}

/* What is wrong with a cell, NULL if nothing is. */
static const char *cell_fault(const struct over_time *o, size_t cell, enum audit_verdict verdict)
{
    if (verdict == SEARCH_EXACT)
        return "not protected with all releases together: its count follows from them";
    if (verdict == SEARCH_NARROW)
        return "not protected with all releases together: they leave too narrow a range";
    if (verdict == SEARCH_OPEN || verdict == SEARCH_NO_TABLE)
        return "not shown to be protected with all releases together";
    return o->certificate.proved[cell] ? NULL : "no proof that holds with all releases together";
}

/* Searches the cells without a proof that holds, or all if the audit is to be thorough. */
static int check_cells(struct over_time *o, struct err *err)
{
    size_t n = o->all.cells.count, needed = 0;
    bool thorough = o->c->result->thorough;
    uint8_t *asked = calloc(n + 1, sizeof *asked);
    struct audit_search s = {.c = &o->all,
                             .index = &o->certificate.index,
                             .asked = asked,
                             .limit = thorough ? 0 : SEARCH_LIMIT};
    if (!asked)
        return err_memory(err);
    for (size_t i = 0; i < n; i++) {
        asked[i] = audit_asks(&o->all, i) && (thorough || !o->certificate.proved[i]);
        needed += audit_asks(&o->all, i);
    }
    int rc = audit_search(&s, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        const char *fault = audit_asks(&o->all, i) ? cell_fault(o, i, s.verdict[i]) : NULL;
        rc = fault ? find_unprotected(o, i, fault, err) : 0;
    }
    audit_figure(o->c->result, AUDIT_CUMULATIVE, "hidden sensitive cells", needed);
    audit_figure(o->c->result, AUDIT_CUMULATIVE, "links", o->joint.link_count);
    audit_figure(o->c->result, AUDIT_CUMULATIVE, "cells searched", s.cells);
    if (rc == 0)
        audit_end(o->c->result, AUDIT_CUMULATIVE);
    audit_search_release(&s);
    free(asked);
    return rc;
}

static int check(struct over_time *o, struct err *err)
{
    struct certificate_check *k = &o->certificate;
    if (certificate_open(k, err) != 0)
        return -1;
    if (!k->has_form)
        return 0;
    if (take_left_out(o, err) != 0)
        return -1;
    if (joint_build(&o->joint, &o->past.input, err) != 0) /* an id twice, or too much of all */
        return err->kind == ERR_INTERNAL || err->kind == ERR_DATA ? find(o, "", err->text, err)
                                                                  : -1;
    if (take_system(o, err) != 0)
        return -1;
    return certificate_index(k, err) == 0 && certificate_witnesses(k, false, err) == 0 &&
                   certificate_proofs(k->cumulative, take_proof, o, err) == 0 &&
                   certificate_proofs(k->proofs, take_proof, o, err) == 0
               ? check_cells(o, err)
               : -1;
}

int audit_over_time(struct audit_case *c, struct past *past, struct err *err)
{
    struct over_time o = {.c = c, .all = *c};
    audit_begin(c->result, AUDIT_CUMULATIVE);
    o.certificate = (struct certificate_check){.c = &o.all, .rule = AUDIT_CUMULATIVE};
    int rc = name_cells(&o, past, err);
    struct published_release own = {c->rules.release, c->rules.reference_date, &c->cells, c->counts,
                                    o.named};
    if (rc == 0)
        rc = joint_past_make(&o.past, past, &own, &c->turnover, err);
    if (rc == 0)
        rc = check(&o, err);
    certificate_close(&o.certificate);
    joint_release(&o.joint);
    joint_past_release(&o.past);
    free(o.dropped);
    free(o.named);
    if (o.all.hidden != c->hidden)
        free(o.all.hidden);
    return rc;
}
