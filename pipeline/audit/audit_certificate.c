/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * certificate.json: is each hidden sensitive cell protected, as it claims? By additions alone.
 *
 * A witness gives a count to some hidden cells. It is good when they are hidden cells, the counts
 * are whole and not negative, and every equation that has one of them holds, with all its other
 * members published or in the witness too. The cells of a good witness then are whole connected
 * parts, and, since parts have no equation in common, what the witness says of them agrees with
 * everything published whatever the other parts are.
 *
 * Two good witnesses that hold a cell show that its range reaches from the one's value to the
 * other's. A floor is checked against the bounds of audit_floors and, where they do not reach it,
 * by duality (audit/range.h); one that neither shows is a finding.
 *
 * Witnesses of a release that others came before give counts to cells of these too. What such a
 * witness says of the release itself is a table of it alone: that is what AUDIT_CERTIFICATE looks
 * at.
 */
#include "audit/certificate.h"
#include "base/report.h"
#include "tables/joint.h"

#include <stdlib.h>
#include <string.h>

enum { CERTIFICATE_BYTES = 512 << 20 };
static const int64_t COUNT_LIMIT = 1000000000000000; /* as count_parse */
static const char NAME[] = "certificate.json";

static int find(struct certificate_check *k, const char *item, size_t number, const char *what,
                struct err *err)
{
    return audit_find(k->c->result, k->rule, NAME, "", err, "%s %zu %s", item, number, what);
}

int certificate_index(struct certificate_check *k, struct err *err)
{
    const struct cells *c = &k->c->cells;
    k->value = malloc((c->count + 1) * sizeof *k->value);
    k->seen = calloc(c->equation_count + 1, sizeof *k->seen);
    k->held = malloc((c->count + 1) * sizeof *k->held);
    k->proved = calloc(c->count + 1, 1);
    k->shown = calloc(c->count + 1, 1);
    if (!k->value || !k->seen || !k->held || !k->proved || !k->shown)
        return err_memory(err);
    for (size_t i = 0; i < c->count; i++)
        k->value[i] = -1;
    return audit_index_build(&k->index, c, err);
}

/* Published count or the witness's value of a member; -1 if it has neither. */
static int64_t member_value(const struct certificate_check *k, uint32_t cell)
{
    return k->c->hidden[cell] ? k->value[cell] : k->c->counts[cell];
}

static bool equation_holds(const struct certificate_check *k, size_t e)
{
    const struct cells *c = &k->c->cells;
    const uint32_t *member = c->equation_cell + c->equation_start[e];
    size_t count = c->equation_start[e + 1] - c->equation_start[e];
    int64_t sum = 0; /* at most 2^23 counts below 10^15: no overflow */
    for (size_t i = 1; i < count; i++) {
        int64_t value = member_value(k, member[i]);
        if (value < 0)
            return false;
        sum += value;
    }
    return sum == member_value(k, member[0]);
}

/* Takes the witness's values into k->value and k->held; false if one is no count of a hidden cell.
 */
static bool take_witness(struct certificate_check *k, json_t *witness, size_t *held)
{
    const char *key;
    json_t *value;
    *held = 0;
    json_object_foreach(witness, key, value)
    {
        if (k->own && joint_is_key(key))
            continue;
        size_t cell = cell_by_key(&k->c->cells, key);
        if (cell == SIZE_MAX || !k->c->hidden[cell] || !json_is_integer(value) ||
            json_integer_value(value) < 0 || json_integer_value(value) >= COUNT_LIMIT)
            return false;
        k->value[cell] = json_integer_value(value);
        k->held[(*held)++] = (uint32_t)cell;
    }
    return true;
}

static bool check_witness(struct certificate_check *k, json_t *witness, uint32_t number,
                          size_t *equations)
{
    size_t held;
    bool good = json_is_object(witness) && json_object_size(witness) > 0 &&
                (k->own || json_object_size(witness) <= k->c->cells.count);
    if (!good)
        return false;
    good = take_witness(k, witness, &held);
    for (size_t i = 0; i < held && good; i++)
        for (size_t j = k->index.start[k->held[i]]; j < k->index.start[k->held[i] + 1] && good;
             j++) {
            uint32_t e = k->index.equation[j];
            if (k->seen[e] == number)
                continue;
            k->seen[e] = number;
            (*equations)++;
            good = equation_holds(k, e);
        }
    for (size_t i = 0; i < held; i++)
        k->value[k->held[i]] = -1;
    progress_step(held);
    return good;
}

int certificate_witnesses(struct certificate_check *k, bool strict, struct err *err)
{
    const json_t *witnesses = k->witnesses;
    size_t count = json_array_size(witnesses), equations = 0;
    k->good = calloc(count + 1, sizeof *k->good);
    if (!k->good)
        return err_memory(err);
    for (size_t w = 0; w < count; w++) {
        k->good[w] = check_witness(k, json_array_get(witnesses, w), (uint32_t)w + 1, &equations);
        if (!k->good[w] && strict &&
            find(k, "witness", w, "does not agree with what is published", err) != 0)
            return -1;
    }
    audit_figure(k->c->result, k->rule, "witnesses", count);
    audit_figure(k->c->result, k->rule, "equations", equations);
    return 0;
}

/* The value of a cell in one of the witnesses; -1 if there is none. */
static int64_t witness_value(const struct certificate_check *k, const json_t *index,
                             const char *key)
{
    if (!json_is_integer(index) || json_integer_value(index) < 0 ||
        json_integer_value(index) >= (json_int_t)json_array_size(k->witnesses))
        return -1;
    size_t w = (size_t)json_integer_value(index);
    const json_t *value = json_object_get(json_array_get(k->witnesses, w), key);
    return k->good[w] && json_is_integer(value) ? json_integer_value(value) : -1;
}

static const char *pair_fault(const struct certificate_check *k, const json_t *proof,
                              const char *key, size_t cell)
{
    int64_t low = witness_value(k, json_object_get(proof, "low"), key);
    int64_t high = witness_value(k, json_object_get(proof, "high"), key);
    if (json_object_size(proof) != 3 || low < 0 || high < 0)
        return "its proof has no two good witnesses";
    return audit_protects(k->c, cell, low, high) ? NULL : "its witnesses do not show it protected";
}

/* Is the cell at least `floor` in every table? By bounds of single equations, or by the multipliers
 * of a linear programme. */
static int floor_shown(struct certificate_check *k, size_t cell, int64_t floor, bool *shown,
                       struct err *err)
{
    if (!k->floors) {
        k->floors = malloc((k->c->cells.count + 1) * sizeof *k->floors);
        if (!k->floors)
            return err_memory(err);
        if (audit_floors(k->c, k->floors, err) != 0 ||
            audit_range_begin(&k->range, k->c, &k->index, err) != 0)
            return -1;
    }
    *shown = k->floors[cell] >= floor;
    if (*shown)
        return 0;
    if (!k->range.part.place[cell] && audit_range_enter(&k->range, cell, err) != 0)
        return -1;
    int64_t bound;
    audit_range_clear(&k->range);
    audit_range_price(&k->range, cell, 1);
    *shown = audit_range_solve(&k->range) == RANGE_SOLVED &&
             audit_range_bound(&k->range, cell, 1, &bound) && bound >= floor;
    return 0;
}

/* NULL, or what is wrong with a claimed floor; *failed when memory ran out. */
static const char *floor_fault(struct certificate_check *k, const json_t *proof, size_t cell,
                               bool *failed, struct err *err)
{
    const json_t *claim = json_object_get(proof, "floor");
    bool shown = false;
    if (json_object_size(proof) != 2 || !json_is_integer(claim) ||
        !audit_protects_floor(k->c, json_integer_value(claim)))
        return "a floor that protects nothing";
    *failed = floor_shown(k, cell, json_integer_value(claim), &shown, err) != 0;
    return shown ? NULL : "its floor is not shown";
}

const char *certificate_fault(struct certificate_check *k, const json_t *proof, size_t cell,
                              bool *failed, struct err *err)
{
    const char *key = json_string_value(json_object_get(proof, "cell"));
    *failed = false;
    return json_object_get(proof, "floor") ? floor_fault(k, proof, cell, failed, err)
                                           : pair_fault(k, proof, key, cell);
}

static int check_proof(struct certificate_check *k, const json_t *proof, size_t number,
                       struct err *err)
{
    const char *key = json_string_value(json_object_get(proof, "cell"));
    size_t cell = key && !joint_is_key(key) ? cell_by_key(&k->c->cells, key) : SIZE_MAX;
    if (cell == SIZE_MAX || !k->c->hidden[cell] || !(k->c->cells.flags[cell] & CELL_SENSITIVE))
        return find(k, "proof", number, "is of no hidden sensitive cell", err);
    if (k->proved[cell])
        return audit_find_cell(k->c, k->rule, cell, err, "it has two proofs");
    k->proved[cell] = 1;
    bool failed;
    const char *fault = certificate_fault(k, proof, cell, &failed, err);
    if (failed)
        return -1;
    k->shown[cell] = !fault;
    return fault ? audit_find_cell(k->c, k->rule, cell, err, fault) : 0;
}

static int check_proofs(struct certificate_check *k, struct err *err)
{
    for (size_t p = 0; p < json_array_size(k->proofs); p++)
        if (check_proof(k, json_array_get(k->proofs, p), p, err) != 0)
            return -1;
    size_t needed = 0;
    for (size_t i = 0; i < k->c->cells.count; i++) {
        if (!audit_asks(k->c, i))
            continue;
        needed++;
        if (!k->proved[i] && audit_find_cell(k->c, k->rule, i, err, "hidden without a proof") != 0)
            return -1;
    }
    audit_figure(k->c->result, k->rule, "hidden sensitive cells", needed);
    return 0;
}

/* The members that a certificate has; of a release that no other came before, the first four. */
static bool has_form(struct certificate_check *k, const json_t *root)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    k->witnesses = json_object_get(root, "witnesses");
    k->proofs = json_object_get(root, "proofs");
    k->cumulative = json_object_get(root, "cumulative");
    k->left_out = json_object_get(root, "left_out");
    return format && strcmp(format, "herkomst-certificate/1") == 0 &&
           json_object_size(root) == 4U + (k->cumulative != NULL) + (k->left_out != NULL) &&
           json_is_array(k->witnesses) && json_is_array(k->proofs) &&
           (!k->cumulative || json_is_array(k->cumulative)) &&
           (!k->left_out || json_is_array(k->left_out)) &&
           json_array_size(k->witnesses) < UINT32_MAX;
}

static int check_root(struct certificate_check *k, json_t *root, struct err *err)
{
    const char *release = json_string_value(json_object_get(root, "release"));
    if (!has_form(k, root)) {
        json_decref(root);
        return audit_find(k->c->result, k->rule, NAME, "", err, "not its form");
    }
    k->root = root;
    if ((!release || strcmp(release, k->c->rules.release) != 0) &&
        audit_find(k->c->result, k->rule, NAME, "", err, "not the release of rules.json") != 0)
        return -1;
    return 0;
}

int certificate_open(struct certificate_check *k, struct err *err)
{
    struct text json;
    text_init(&json);
    int rc = audit_read(k->c->folder, NAME, CERTIFICATE_BYTES, &json, err);
    if (rc != 0) {
        rc = audit_find_error(k->c->result, k->rule, NAME, err);
    } else {
        json_t *root = json_loadb(json.bytes, json.length, JSON_REJECT_DUPLICATES, NULL);
        rc = root ? check_root(k, root, err)
                  : audit_find(k->c->result, k->rule, NAME, "", err, "not JSON");
    }
    text_release(&json);
    return rc;
}

void certificate_close(struct certificate_check *k)
{
    json_decref(k->root);
    audit_index_release(&k->index);
    free(k->value);
    free(k->seen);
    free(k->held);
    free(k->good);
    free(k->proved);
    free(k->shown);
    free(k->floors);
    audit_range_close(&k->range);
}

int audit_certificate(struct audit_case *c, struct err *err)
{
    struct certificate_check k = {.c = c, .rule = AUDIT_CERTIFICATE, .own = true};
    int rc = certificate_open(&k, err);
    if (rc == 0 && k.root) {
        rc = certificate_index(&k, err) == 0 && certificate_witnesses(&k, true, err) == 0
                 ? check_proofs(&k, err)
                 : -1;
        if (rc == 0) {
            audit_end(c->result, AUDIT_CERTIFICATE);
            c->shown = k.shown;
            k.shown = NULL;
        }
    }
    certificate_close(&k);
    return rc;
}
