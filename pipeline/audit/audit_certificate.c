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

/* ---- witnesses ---- */

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
    int64_t sum = 0; /* below twice AUDIT_ADDABLE */
    for (size_t i = 1; i < count; i++) {
        int64_t value = member_value(k, member[i]);
        if (value < 0)
            return false;
        sum += value;
    }
    return sum == member_value(k, member[0]);
}

/* Takes the witness's values into k->value and k->held. False: one is no count of a hidden cell, or
 * of one that it has twice, or they are too large; it is read to its end all the same. */
static bool take_witness(struct certificate_check *k, struct json_reader *r, size_t *held)
{
    char key[CERTIFICATE_KEY];
    int64_t total = 0;
    bool good = true, empty = true;
    *held = 0;
    if (!reader_is(r, '{')) {
        reader_skip(r);
        return false;
    }
    for (reader_open(r, '{'); reader_name(r, key, sizeof key); empty = false) {
        int64_t value;
        bool whole = reader_whole(r, &value);
        if (k->own && joint_is_key(key))
            continue;
        size_t cell = whole && good ? cell_by_key(&k->c->cells, key) : SIZE_MAX;
        if (cell == SIZE_MAX || !k->c->hidden[cell] || k->value[cell] >= 0) {
            good = false;
            continue;
        }
        k->value[cell] = value;
        k->held[(*held)++] = (uint32_t)cell;
        good = audit_addable(&total, value);
    }
    return good && !empty && !r->failed;
}

static bool additions_hold(struct certificate_check *k, size_t held, uint32_t number,
                           size_t *equations)
{
    for (size_t i = 0; i < held; i++)
        for (uint32_t j = k->index.start[k->held[i]]; j < k->index.start[k->held[i] + 1]; j++) {
            uint32_t e = k->index.equation[j];
            if (k->seen[e] == number)
                continue;
            k->seen[e] = number;
            ++*equations;
            if (!equation_holds(k, e))
                return false;
        }
    return true;
}

static int by_cell(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static int reserve(void **array, size_t *capacity, size_t needed, size_t size, struct err *err)
{
    if (needed <= *capacity)
        return 0;
    size_t more = *capacity * 3 / 2 > needed ? *capacity * 3 / 2 : needed + 64;
    void *grown = realloc(*array, more * size);
    if (!grown)
        return err_memory(err);
    *array = grown;
    *capacity = more;
    return 0;
}

/* Keeps a witness, its values only if it is good. */
static int keep_witness(struct certificate_check *k, bool good, size_t held, struct err *err)
{
    if (reserve((void **)&k->witness, &k->witness_capacity, k->witness_count + 2,
                sizeof *k->witness, err) != 0 ||
        reserve((void **)&k->entry, &k->entry_capacity, k->entry_count + held, sizeof *k->entry,
                err) != 0)
        return -1;
    k->witness[k->witness_count++] = (struct certificate_witness){good, k->entry_count};
    if (good) {
        qsort(k->held, held, sizeof *k->held, by_cell);
        for (size_t i = 0; i < held; i++) {
            uint64_t value = (uint64_t)k->value[k->held[i]];
            k->entry[k->entry_count++] =
                (struct certificate_entry){k->held[i], (uint32_t)value, (uint32_t)(value >> 32)};
        }
    }
    k->witness[k->witness_count] = (struct certificate_witness){false, k->entry_count};
    return 0;
}

int certificate_witnesses(struct certificate_check *k, bool strict, struct err *err)
{
    struct json_reader r = json_reader(k->witnesses.bytes, k->witnesses.length);
    size_t equations = 0;
    for (reader_open(&r, '['); reader_item(&r);) {
        size_t held;
        if (k->witness_count == UINT32_MAX - 1)
            return err_set(err, ERR_DATA, "too many witnesses");
        bool good = take_witness(k, &r, &held) &&
                    additions_hold(k, held, (uint32_t)k->witness_count + 1, &equations);
        int rc = keep_witness(k, good, held, err);
        for (size_t i = 0; i < held; i++)
            k->value[k->held[i]] = -1;
        progress_step(held);
        if (rc != 0 || (!good && strict &&
                        find(k, "witness", k->witness_count - 1,
                             "does not agree with what is published", err) != 0))
            return -1;
    }
    audit_figure(k->c->result, k->rule, "witnesses", k->witness_count);
    audit_figure(k->c->result, k->rule, "equations", equations);
    return 0;
}

/* The value of a cell in one of the witnesses; -1 if there is none. */
static int64_t witness_value(const struct certificate_check *k, int64_t number, size_t cell)
{
    if (number < 0 || number >= (int64_t)k->witness_count)
        return -1;
    size_t low = k->witness[number].start, high = k->witness[number + 1].start, end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (k->entry[middle].cell < cell)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == end || k->entry[low].cell != cell)
        return -1;
    return (int64_t)((uint64_t)k->entry[low].high << 32 | k->entry[low].low);
}

/* ---- proofs ---- */

static const char *pair_fault(const struct certificate_check *k,
                              const struct certificate_proof *proof, size_t cell)
{
    int64_t low = witness_value(k, proof->low, cell), high = witness_value(k, proof->high, cell);
    if (!proof->has_form || low < 0 || high < 0)
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

/* NULL, or what is wrong with a claimed floor; *failed when the audit cannot go on. */
static const char *floor_fault(struct certificate_check *k, const struct certificate_proof *proof,
                               size_t cell, bool *failed, struct err *err)
{
    bool shown = false;
    if (!proof->has_form || !audit_protects_floor(k->c, proof->floor))
        return "a floor that protects nothing";
    *failed = floor_shown(k, cell, proof->floor, &shown, err) != 0;
    return shown ? NULL : "its floor is not shown";
}

const char *certificate_fault(struct certificate_check *k, const struct certificate_proof *proof,
                              size_t cell, bool *failed, struct err *err)
{
    *failed = false;
    return proof->is_floor ? floor_fault(k, proof, cell, failed, err) : pair_fault(k, proof, cell);
}

static int check_proof(void *context, const struct certificate_proof *proof, struct err *err)
{
    struct certificate_check *k = context;
    size_t cell = joint_is_key(proof->cell) ? SIZE_MAX : cell_by_key(&k->c->cells, proof->cell);
    if (cell == SIZE_MAX || !k->c->hidden[cell] || !(k->c->cells.flags[cell] & CELL_SENSITIVE))
        return find(k, "proof", proof->number, "is of no hidden sensitive cell", err);
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
    if (certificate_proofs(k->proofs, check_proof, k, err) != 0)
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

int audit_certificate(struct audit_case *c, struct err *err)
{
    struct certificate_check k = {.c = c, .rule = AUDIT_CERTIFICATE, .own = true};
    int rc = certificate_open(&k, err);
    if (rc == 0 && k.has_form) {
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
