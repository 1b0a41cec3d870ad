/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An honest signer whose suppression is right and whose files are not: random small governments,
 * published under the right rules with one thing wrong in the proof or in what the tables say, and
 * signed properly. The audit refuses, under the rule that names it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_world.h"

#include <jansson.h>

enum { TIMES = 3, ROUNDS = 400 };

/* A release that is written and not sealed yet. */
struct claim {
    const struct judge *j;
    const struct suppression *s;
    const struct rules *rules;
};

static void load(const char *name, struct text *to)
{
    char path[SIGNED_PATH];
    struct err err;
    signed_path(path, audit_release_folder, name);
    text_init(to);
    assert_int_equal(files_read_whole(path, 1 << 20, to, &err), 0);
}

/* ---- the proof ---- */

static json_t *load_certificate(void)
{
    struct text text;
    load("certificate.json", &text);
    json_t *root = json_loadb(text.bytes, text.length, 0, NULL);
    assert_non_null(root);
    text_release(&text);
    return root;
}

static void store_certificate(json_t *root)
{
    char *text = json_dumps(root, 0);
    assert_non_null(text);
    signed_release_put(audit_release_folder, "certificate.json", text, strlen(text));
    free(text);
    json_decref(root);
}

/* The first proof by two witnesses, NULL if there is none. */
static json_t *first_pair(json_t *root)
{
    size_t i;
    json_t *proof;
    json_array_foreach(json_object_get(root, "proofs"), i, proof)
    {
        if (json_object_get(proof, "low"))
            return proof;
    }
    return NULL;
}

static json_t *low_witness(json_t *root)
{
    const json_t *proof = first_pair(root);
    size_t low = (size_t)json_integer_value(json_object_get(proof, "low"));
    return json_array_get(json_object_get(root, "witnesses"), low);
}

static void low_and_high_exchanged(json_t *root)
{
    json_t *proof = first_pair(root), *low = json_incref(json_object_get(proof, "low"));
    json_object_set(proof, "low", json_object_get(proof, "high"));
    json_object_set_new(proof, "high", low);
}
static void one_witness_twice(json_t *root)
{
    json_object_set(first_pair(root), "high", json_object_get(first_pair(root), "low"));
}
static void witness_that_does_not_exist(json_t *root)
{
    json_object_set_new(first_pair(root), "high", json_integer(1000000));
}
static void proof_missing(json_t *root)
{
    json_array_remove(json_object_get(root, "proofs"), 0);
}
static void another_release(json_t *root)
{
    json_object_set_new(root, "release", json_string("r0"));
}
static json_int_t first_value(json_t *root)
{
    return json_integer_value(json_object_iter_value(json_object_iter(low_witness(root))));
}
static void set_first_value(json_t *root, json_t *to)
{
    json_t *witness = low_witness(root);
    json_object_iter_set_new(witness, json_object_iter(witness), to);
}
static void witness_that_does_not_add_up(json_t *root)
{
    set_first_value(root, json_integer(first_value(root) + 1));
}
static void witness_below_zero(json_t *root)
{
    set_first_value(root, json_integer(-1));
}
static void witness_of_half_people(json_t *root)
{
    set_first_value(root, json_real(0.5));
}
static void witness_without_a_cell(json_t *root)
{
    json_t *witness = low_witness(root);
    json_object_del(witness, json_object_iter_key(json_object_iter(witness)));
}

/* ---- the tables ---- */

static void table_name(const struct claim *claim, size_t table, char out[static SIGNED_PATH])
{
    (void)snprintf(out, SIGNED_PATH, "tables/%s.csv", claim->rules->structure.tables[table].name);
}

/* In the first table with a hidden row: ",,c\n" becomes something else. */
static bool change_hidden_row(const struct claim *claim, const char *to)
{
    static const char hidden[] = ",,c\n";
    for (size_t t = 0; t < claim->rules->structure.table_count; t++) {
        char name[SIGNED_PATH];
        struct text before, after;
        table_name(claim, t, name);
        load(name, &before);
        text_init(&after);
        const char *at = strstr(before.bytes, hidden);
        if (at) {
            const char *row = at;
            while (!to && row > before.bytes && row[-1] != '\n')
                row--;
            text_append(&after, before.bytes, (size_t)(row - before.bytes));
            text_string(&after, to ? to : "");
            text_string(&after, at + sizeof hidden - 1);
            signed_release_put(audit_release_folder, name, after.bytes, after.length);
        }
        text_release(&before);
        text_release(&after);
        if (at)
            return true;
    }
    return false;
}
static bool status_that_tells(const struct claim *claim)
{
    return change_hidden_row(claim, ",,u\n");
}
static bool count_beside_its_status(const struct claim *claim)
{
    return change_hidden_row(claim, ",3,c\n");
}
static bool blank_without_status(const struct claim *claim)
{
    return change_hidden_row(claim, ",,\n");
}
static bool row_left_out(const struct claim *claim)
{
    return change_hidden_row(claim, NULL);
}

static void write_table(const struct claim *claim, size_t table, const int64_t *counts,
                        const uint8_t *hidden)
{
    char name[SIGNED_PATH];
    struct text text;
    struct err err;
    text_init(&text);
    table_name(claim, table, name);
    assert_int_equal(
        table_csv_write(&text, claim->rules, &claim->j->world->cells, table, counts, hidden, &err),
        0);
    signed_put_text(audit_release_folder, name, &text);
    text_release(&text);
}

/* Does the cell stand in the table? */
static bool stands_in(const struct claim *claim, size_t cell, size_t table)
{
    const struct cells *c = &claim->j->world->cells;
    const struct frequency_table *t = &claim->rules->structure.tables[table];
    if ((int)c->population[cell] != t->population)
        return false;
    for (size_t v = 0; v < c->stride; v++) {
        bool used = false;
        for (size_t i = 0; i < t->variable_count; i++)
            used = used || t->variables[i] == (int)v;
        if (!used && c->categories[cell * c->stride + v])
            return false;
    }
    return true;
}

/* Each table suppressed for itself: a margin of two is hidden in one of them. */
static bool shown_in_one_table(const struct claim *claim)
{
    uint8_t hidden[WORLD_CELLS];
    const struct cells *c = &claim->j->world->cells;
    bool shared = false;
    memcpy(hidden, claim->s->hidden, c->count);
    for (size_t i = 0; i < c->count && !shared; i++)
        if (hidden[i] && judge_published(c, i) && stands_in(claim, i, 0) &&
            stands_in(claim, i, 1)) {
            hidden[i] = 0;
            shared = true;
        }
    write_table(claim, 1, claim->j->world->counts, hidden);
    return shared;
}

/* Rounded to multiples of five and not hidden, whatever that does to the sums. */
static bool rounded(const struct claim *claim)
{
    int64_t counts[WORLD_CELLS] = {0};
    const struct world *w = claim->j->world;
    bool adds_up = true;
    for (size_t i = 0; i < w->cells.count; i++)
        counts[i] = judge_public(claim->j, i) ? w->counts[i] : (w->counts[i] + 2) / 5 * 5;
    for (size_t e = 0; e < w->cells.equation_count; e++) {
        const uint32_t *m = w->cells.equation_cell + w->cells.equation_start[e];
        int64_t sum = -counts[m[0]];
        for (size_t i = 1; i < w->cells.equation_start[e + 1] - w->cells.equation_start[e]; i++)
            sum += counts[m[i]];
        adds_up = adds_up && sum == 0;
    }
    uint8_t none[WORLD_CELLS] = {0};
    for (size_t t = 0; t < claim->rules->structure.table_count; t++)
        write_table(claim, t, counts, none);
    return !adds_up;
}

static bool hidden_as_zero(const struct claim *claim)
{
    int64_t counts[WORLD_CELLS] = {0};
    const struct world *w = claim->j->world;
    bool told = false;
    for (size_t i = 0; i < w->cells.count; i++) {
        bool hidden = claim->s->hidden[i] && judge_published(&w->cells, i);
        counts[i] = hidden ? 0 : w->counts[i];
        told = told ||
               (hidden && judge_sensitive(claim->j, i) && w->counts[judge_group(claim->j, i)] > 0);
    }
    uint8_t none[WORLD_CELLS] = {0};
    for (size_t t = 0; t < claim->rules->structure.table_count; t++)
        write_table(claim, t, counts, none);
    return told;
}

static bool small_count_of_quality(const struct claim *claim)
{
    static const char quality[] = "dataset,check,count,status\nderive,population:staff,1,\n";
    signed_release_put(audit_release_folder, "quality.csv", quality, sizeof quality - 1);
    return claim->j->rules->threshold > 1;
}

/* A claim that is never below the threshold, of a cell that is. */
static bool floor_without_grounds(const struct claim *claim)
{
    json_t *root = load_certificate(), *proof;
    size_t i;
    bool wrong = false;
    json_array_foreach(json_object_get(root, "proofs"), i, proof)
    {
        const char *key = json_string_value(json_object_get(proof, "cell"));
        size_t cell = cell_by_key(&claim->j->world->cells, key);
        if (wrong || !judge_unsafe(claim->j, cell))
            continue;
        json_object_del(proof, "low");
        json_object_del(proof, "high");
        json_object_set_new(proof, "floor", json_integer(claim->j->rules->threshold));
        wrong = true;
    }
    store_certificate(root);
    return wrong;
}

struct fault {
    const char *name;
    enum audit_rule rule;
    size_t shape;                               /* of WORLD_SHAPES */
    void (*prove)(json_t *root);                /* of releases with a proof by two witnesses */
    bool (*publish)(const struct claim *claim); /* false: nothing is wrong in this one */
};

static const struct fault FAULTS[] = {
    {"low and high exchanged", AUDIT_CERTIFICATE, 3, low_and_high_exchanged, NULL},
    {"one witness twice", AUDIT_CERTIFICATE, 3, one_witness_twice, NULL},
    {"a witness that does not exist", AUDIT_CERTIFICATE, 3, witness_that_does_not_exist, NULL},
    {"a witness that does not add up", AUDIT_CERTIFICATE, 3, witness_that_does_not_add_up, NULL},
    {"a witness below zero", AUDIT_CERTIFICATE, 3, witness_below_zero, NULL},
    {"a witness of half people", AUDIT_CERTIFICATE, 3, witness_of_half_people, NULL},
    {"a witness without a cell", AUDIT_CERTIFICATE, 3, witness_without_a_cell, NULL},
    {"a cell without a proof", AUDIT_CERTIFICATE, 3, proof_missing, NULL},
    {"another release's certificate", AUDIT_CERTIFICATE, 3, another_release, NULL},
    {"a floor without grounds", AUDIT_CERTIFICATE, 3, NULL, floor_without_grounds},
    {"a status that tells", AUDIT_TABLES, 3, NULL, status_that_tells},
    {"a count beside its status", AUDIT_TABLES, 3, NULL, count_beside_its_status},
    {"a blank without a status", AUDIT_TABLES, 3, NULL, blank_without_status},
    {"a hidden row left out", AUDIT_TABLES, 3, NULL, row_left_out},
    {"hidden in one of two tables", AUDIT_TABLES, 5, NULL, shown_in_one_table},
    {"rounded instead of hidden", AUDIT_ADDITIVITY, 3, NULL, rounded},
    {"hidden counts given as zero", AUDIT_UNSAFE, 3, NULL, hidden_as_zero},
    {"a small count about the data", AUDIT_QUALITY, 3, NULL, small_count_of_quality},
};

static bool make_claim(const struct fault *f, const struct claim *claim)
{
    if (f->publish)
        return f->publish(claim);
    json_t *root = load_certificate();
    bool has_pair = first_pair(root) != NULL;
    if (has_pair)
        f->prove(root);
    store_certificate(root);
    return has_pair;
}

static void judge_audit(const struct judge *j, const struct fault *f)
{
    struct audit_result result;
    audit_world_ask(&result, false);
    if (audit_passed(&result) || result.checks[f->rule].findings == 0) {
        audit_print(&result);
        judge_fail(j, 0, f->name);
    }
    audit_result_release(&result);
}

/* 1 if there was something to claim wrongly. */
static size_t one_round(const struct fault *f, size_t round, uint32_t *random)
{
    static struct world w;
    struct suppression s;
    struct err err = {0};
    struct disclosure rules = judge_rules(random, true);
    struct judge j = {&w, &rules, NULL, round};
    rules.threshold = 2 + (int64_t)world_random(random, 4);
    rules.protection_width = rules.threshold;
    rules.interval = rules.protect_zeros = true;
    rules.minimum_population = 0;
    world_shaped(&w, &WORLD_SHAPES[f->shape], &WORLD_ESTATES[world_random(random, 6)], true);
    world_settle(&w, random, 20 + world_random(random, 60), 1 + world_random(random, 6));
    if (suppress(&s, &w.cells, w.counts, &rules, NULL, NULL, 1, &err) != 0)
        judge_fail(&j, 0, err.text);
    char *certificate = audit_world_certificate(&s.proof, &w.cells, s.hidden, w.counts);
    struct rules published = {.release = "r1",
                              .reference_date = date_make(2017, 12, 31),
                              .disclosure = rules,
                              .structure = w.structure};
    struct claim claim = {&j, &s, &published};
    audit_world_write(&w, &rules, s.hidden, certificate);
    bool wrong = make_claim(f, &claim);
    if (wrong) {
        signed_release_seal(audit_release_folder, &audit_signing_key);
        judge_audit(&j, f);
    }
    free(certificate);
    suppression_release(&s);
    world_release(&w);
    return wrong ? 1 : 0;
}

static void test_wrong_claims(void **state)
{
    (void)state;
    uint32_t random = 19930801;
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        size_t wrong = 0, round = 0;
        while (wrong < TIMES && round < ROUNDS)
            wrong += one_round(&FAULTS[i], round++, &random);
        print_message("# %s: %zu of %zu governments\n", FAULTS[i].name, wrong, round);
        assert_int_equal(wrong, TIMES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_claims),
    };
    return cmocka_run_group_tests(tests, audit_setup, audit_teardown);
}
