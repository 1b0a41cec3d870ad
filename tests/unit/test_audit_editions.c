/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An honest signer who forgets what was published before: random small governments in which people
 * come and go, a first release that is right, and a second one, properly signed and in the chain,
 * that is right too or wrong in one way. Wherever that does harm, which the enumeration of all
 * tables of both says (joint_tables.h), the audit with both refuses under the rule that names it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_publisher.h"
#include "joint_tables.h"
#include "sdc/over_time.h"

enum { THRESHOLD = 2, TURNOVER = 3, HARMED = 3, ROUNDS = 400, RIGHT = 25 };

static const struct disclosure RULES = {.threshold = THRESHOLD,
                                        .protect_zeros = true,
                                        .interval = true,
                                        .protection_width = THRESHOLD,
                                        .public_head_counts = true,
                                        .turnover_threshold = TURNOVER,
                                        .cost = COST_COUNT};

struct fault {
    const char *name;
    enum audit_rule rule;
    bool merges;      /* E1 and E2 are M afterwards */
    bool revision;    /* the second release is of the first one's date */
    bool forgets;     /* the cumulative rule */
    int64_t turnover; /* the threshold that the publisher takes */
    int64_t joined;   /* more, in turnover.csv */
};

static const struct fault NONE[] = {
    {"nothing", AUDIT_RULES_COUNT, false, false, false, TURNOVER, 0},
    {"nothing, entities merge", AUDIT_RULES_COUNT, true, false, false, TURNOVER, 0},
    {"nothing, a revision", AUDIT_RULES_COUNT, false, true, false, TURNOVER, 0},
};
static const struct fault FAULTS[] = {
    {"the turnover rule ignored", AUDIT_TURNOVER, false, false, false, 0, 0},
    {"the turnover threshold off by one", AUDIT_TURNOVER, false, false, false, TURNOVER - 1, 0},
    {"joiners miscounted", AUDIT_TURNOVER, false, false, false, TURNOVER, 1},
    {"the cumulative rule ignored", AUDIT_CUMULATIVE, false, false, true, TURNOVER, 0},
    {"a successor's people not recognised", AUDIT_CUMULATIVE, true, false, true, TURNOVER, 0},
    {"a revision that hides other figures", AUDIT_CUMULATIVE, false, true, true, TURNOVER, 0},
};

/* ---- the government ---- */

static void make(struct world *w, const struct fault *f, uint32_t *random)
{
    const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"},
                                                  {f->merges ? "M" : "E1", f->merges ? "M" : "E2"}};
    world_init(w, 2);
    for (size_t i = 0; i < 2; i++) {
        struct structure *s = &w->r[i].structure;
        world_units(s, NULL);
        fixture_unit(s, LEVEL_ENTITY, codes[i][0], 1, true);
        if (strcmp(codes[i][0], codes[i][1]) != 0)
            fixture_unit(s, LEVEL_ENTITY, codes[i][1], 1, true);
        world_tables(s, NULL);
    }
    if (f->merges) {
        world_predecessor(&w->r[1].structure, 2, "E1");
        world_predecessor(&w->r[1].structure, 2, "E2");
    }
    if (f->revision)
        w->r[1].when = w->r[0].when;
    world_populate(w, random, 12, codes);
    for (size_t p = 0; f->revision && p < w->people; p++)
        w->person[p].unit[1] = w->person[p].unit[0];
    world_count(w);
}

static void show(struct world_release *r, const uint8_t *hidden)
{
    for (size_t c = 0; c < r->cells.count; c++)
        r->shown[c] = hidden[c] ? -1 : r->count[c];
}

/* Did the first release show the figure, or those of all units that this one goes on with? The
 * units of both are in the same order. */
static bool was_shown(const struct world *w, size_t cell)
{
    const struct cells *c = &w->r[1].cells;
    size_t unit = c->unit[cell], count = c->structure->units[unit].predecessor_count;
    for (size_t i = 0; i < (count ? count : 1); i++) {
        size_t then =
            cells_find(&w->r[0].cells, 0, (int)(unit + i), c->categories + cell * c->stride);
        if (then == SIZE_MAX || w->r[0].shown[then] < 0)
            return false;
    }
    return true;
}

/* What the turnover rule with this threshold names in the second release. */
static void name(const struct world *w, int64_t threshold, uint8_t *named)
{
    const struct world_release *r = &w->r[1];
    for (size_t c = 0; c < r->cells.count; c++) {
        int64_t moved = w->joined[0][1][r->cells.group[c]] + w->left[0][1][r->cells.group[c]];
        named[c] =
            r->cells.flags[c] & CELL_SENSITIVE && was_shown(w, c) && moved > 0 && moved < threshold;
    }
}

/* ---- what is wrong with it ---- */

static bool is_protected(const struct world_release *r, size_t c)
{
    int64_t people = r->count[r->cells.group[c]], least = people < THRESHOLD ? people : THRESHOLD;
    return r->low[c] >= THRESHOLD || (r->high[c] >= least && r->high[c] - r->low[c] >= least);
}

/* Does the second release do what its fault is there for? */
static bool does_harm(struct world *w, const struct fault *f)
{
    uint8_t named[WORLD_CELLS] = {0};
    bool harm = f->joined > 0;
    name(w, TURNOVER, named);
    world_enumerate(w);
    for (size_t i = 0; i < 2; i++)
        for (size_t c = 0; c < w->r[i].cells.count; c++) {
            const struct world_release *r = &w->r[i];
            bool is_named = i == 1 && named[c];
            if (f->rule == AUDIT_TURNOVER)
                harm = harm || (is_named && r->shown[c] >= 0);
            else
                harm = harm || (r->shown[c] < 0 && r->cells.flags[c] & CELL_SENSITIVE &&
                                !is_named && !is_protected(r, c));
        }
    return harm;
}

/* ---- publishing ---- */

static void folder_of(const struct world *w, size_t i, char out[static SIGNED_PATH])
{
    signed_path(out, audit_folder, w->r[i].id);
}

static void write_turnover(const struct world *w, const struct rules *r, const char *folder,
                           int64_t more)
{
    const struct cells *cells = &w->r[1].cells;
    struct turnover t;
    struct text text;
    struct err err;
    text_init(&text);
    assert_int_equal(
        turnover_open(&t, cells, w->r[1].when, &w->r[0].when, w->r[0].when != w->r[1].when, &err),
        0);
    for (size_t i = 0; t.count > 0 && i < cells->count; i++)
        if (turnover_is_group(cells, i)) {
            t.joined[i] = w->joined[0][1][i] + more;
            t.left[i] = w->left[0][1][i];
        }
    assert_int_equal(turnover_csv_write(&text, r, cells, &t, &err), 0);
    signed_put_text(folder, "turnover.csv", &text);
    turnover_close(&t);
    text_release(&text);
}

static void publish(const struct world *w, size_t i, const uint8_t *hidden, const char *certificate,
                    int64_t more)
{
    const struct world_release *at = &w->r[i];
    char folder[SIGNED_PATH], sums[SIGNED_PATH], digest[DIGEST_TEXT], previous[200];
    struct rules r = {.reference_date = at->when, .disclosure = RULES, .structure = at->structure};
    struct err err;
    fixture_name(r.release, at->id, strlen(at->id));
    folder_of(w, i, folder);
    assert_int_equal(files_remove_tree(folder, &err), 0);
    assert_int_equal(mkdir(folder, 0755), 0);
    signed_release_write(folder, &r, &at->cells, at->count, hidden, certificate);
    if (i == 1) {
        char first[SIGNED_PATH];
        folder_of(w, 0, first);
        signed_path(sums, first, "SHA256SUMS");
        assert_int_equal(digest_file(digest, sums, &err), 0);
        (void)snprintf(previous, sizeof previous,
                       "{\"release\": \"%s\", \"sha256sums_sha256\": \"%s\"}", w->r[0].id, digest);
        signed_release_manifest(folder, &r, previous);
        write_turnover(w, &r, folder, more);
    }
    signed_release_seal(folder, &audit_signing_key);
}

static char *certificate_alone(const struct world_release *r, const struct suppression *s)
{
    int64_t seen[WORLD_CELLS];
    struct view view;
    struct text json;
    struct err err;
    text_init(&json);
    view_make(&view, &r->cells, s->hidden, r->count, seen);
    assert_int_equal(proof_write_json(&s->proof, &view, r->id, &json, &err), 0);
    return json.bytes;
}

static void first_release(struct world *w, const struct fault *f)
{
    struct suppression s;
    struct err err;
    struct disclosure rules = RULES;
    rules.cost = f->revision ? COST_CELLS : COST_COUNT; /* as an older program would */
    assert_int_equal(suppress(&s, &w->r[0].cells, w->r[0].count, &rules, NULL, NULL, 1, &err), 0);
    show(&w->r[0], s.hidden);
    char *certificate = certificate_alone(&w->r[0], &s);
    publish(w, 0, s.hidden, certificate, 0);
    free(certificate);
    suppression_release(&s);
}

/* False: it cannot be made, whatever is hidden. */
static bool second_release(struct world *w, const struct fault *f)
{
    struct suppression s;
    struct over_time o = {0};
    struct err err;
    struct text json;
    uint8_t named[WORLD_CELLS] = {0};
    char *certificate = NULL;
    name(w, f->turnover, named);
    memcpy(w->r[1].exempt, named, sizeof named);
    const struct joint_input *input = world_input(w);
    w->input.turnover_count = w->r[0].when != w->r[1].when;
    bool made = true;
    if (f->forgets) {
        assert_int_equal(suppress(&s, &w->r[1].cells, w->r[1].count, &RULES, named, NULL, 1, &err),
                         0);
        certificate = certificate_alone(&w->r[1], &s);
    } else {
        assert_int_equal(over_time_open(&o, input, w->r[1].count, &RULES, &err), 0);
        made = over_time_suppress(&o, &s, 1, &err) == 0;
        text_init(&json);
        if (made)
            assert_int_equal(over_time_write_json(&o, &s, w->r[1].id, &json, &err), 0);
        certificate = json.bytes;
    }
    if (made) {
        show(&w->r[1], s.hidden);
        publish(w, 1, s.hidden, certificate, f->joined);
    }
    free(certificate);
    over_time_release(&o);
    suppression_release(&s);
    return made;
}

/* ---- the audit ---- */

/* Findings of the rule; of the cumulative one those that say that a figure has lost its
 * protection, and not that it has no proof. */
static size_t count_findings(const struct audit_result *result, enum audit_rule rule)
{
    size_t count = 0;
    for (size_t i = 0; i < result->kept; i++)
        count += result->findings[i].rule == rule &&
                 (rule != AUDIT_CUMULATIVE || !strstr(result->findings[i].text, "no proof"));
    return count;
}

static void judge(const struct world *w, const struct fault *f)
{
    struct audit_result result;
    struct err err = {.kind = ERR_NONE};
    char first[SIGNED_PATH], second[SIGNED_PATH], *previous[] = {first};
    folder_of(w, 0, first);
    folder_of(w, 1, second);
    if (audit_release(second, &audit_key, &result, &err) != 0 ||
        audit_history(second, previous, 1, &audit_key, &result, &err) != 0)
        fail_msg("%s", err.text);
    bool is_right = f->rule == AUDIT_RULES_COUNT;
    if (is_right ? !audit_passed(&result)
                 : audit_passed(&result) || count_findings(&result, f->rule) == 0) {
        audit_print(&result);
        fail_msg("%s", f->name);
    }
    audit_result_release(&result);
}

/* 1 if there was something to judge: harm, or a second release that is right. */
static size_t one_round(const struct fault *f, uint32_t *random)
{
    struct world w;
    make(&w, f, random);
    first_release(&w, f);
    bool is_right = f->rule == AUDIT_RULES_COUNT;
    bool judged = second_release(&w, f) && (is_right || does_harm(&w, f));
    if (judged)
        judge(&w, f);
    world_release(&w);
    return judged;
}

static void test_faulty_second_releases(void **state)
{
    (void)state;
    uint32_t random = 20180630;
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        size_t harmed = 0, round = 0;
        for (; harmed < HARMED && round < ROUNDS; round++)
            harmed += one_round(&FAULTS[i], &random);
        print_message("# %s: harm in %zu of %zu governments\n", FAULTS[i].name, harmed, round);
        assert_int_equal(harmed, HARMED);
    }
}

static void test_right_second_releases(void **state)
{
    (void)state;
    uint32_t random = 20180630;
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        size_t right = 0;
        for (size_t round = 0; right < RIGHT && round < ROUNDS; round++)
            right += one_round(&NONE[i], &random);
        assert_int_equal(right, RIGHT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faulty_second_releases),
        cmocka_unit_test(test_right_second_releases),
    };
    return cmocka_run_group_tests(tests, audit_setup, audit_teardown);
}
