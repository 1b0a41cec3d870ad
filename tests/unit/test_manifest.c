/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/manifest.h: valid JSON with every field, whatever is in the names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "release_fixture.h"
#include "run/manifest.h"
#include "run/program.h"

#include <jansson.h>

struct made {
    struct release release;
    struct config config;
    struct release_chain chain;
    struct text text;
};

static void begin(struct made *m, void **state)
{
    memset(m, 0, sizeof *m);
    fixture_release(&m->release, "r1");
    fixture_config(&m->config, state, "r1");
    memcpy(m->chain.signing_key_id, "0123456789ABCDEF", 17);
    text_init(&m->text);
}

static void end(struct made *m)
{
    release_free(&m->release);
    config_release(&m->config);
    text_release(&m->text);
}

static json_t *written(struct made *m)
{
    struct err err;
    text_clear(&m->text);
    assert_int_equal(manifest_write(&m->release, &m->config, &m->chain, &m->text, &err), 0);
    json_t *json = json_loadb(m->text.bytes, m->text.length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json))
        fail_msg("no JSON: %s", m->text.bytes);
    return json;
}

static void check_member(const json_t *json, const char *key, const char *value)
{
    const char *found = json_string_value(json_object_get(json, key));
    if (!found || strcmp(found, value) != 0)
        fail_msg("%s: %s, not %s", key, found ? found : "none", value);
}

static void test_fields(void **state)
{
    struct made m;
    begin(&m, state);
    json_t *json = written(&m);
    check_member(json, "format", "herkomst-manifest/1");
    check_member(json, "software", "herkomst " HERKOMST_VERSION);
    check_member(json, "name", "Dienst van de \"Proef\"");
    check_member(json, "release", "r1");
    check_member(json, "reference_date", "2017-12-31");
    check_member(json, "authorisation", "besluit 2004-12-24, art. 8/1");
    check_member(json, "configuration_sha256", FIXTURE_DIGEST);
    check_member(json, "signing_key_id", "0123456789ABCDEF");
    check_member(json, "pseudonym_key_fingerprint", "fedcba9876543210");
    check_member(json_object_get(json, "definitions"), "origin", "FL2016");
    assert_int_equal(json_object_size(json_object_get(json, "definitions")), 1);
    assert_true(json_is_null(json_object_get(json, "previous")));
    assert_true(json_is_null(json_object_get(json, "replaces")));
    assert_int_equal(json_object_size(json), 14);
    assert_int_equal(json_object_size(json_object_get(json, "declared")), 4);
    /* The key's fingerprint is no input. */
    const json_t *inputs = json_object_get(json, "inputs");
    assert_int_equal(json_array_size(inputs), 1);
    check_member(json_array_get(inputs, 0), "dataset", "personnel");
    check_member(json_array_get(inputs, 0), "keyed_digest", "0123456789abcdef");
    json_decref(json);
    end(&m);
}

static void test_chain(void **state)
{
    struct made m;
    begin(&m, state);
    memcpy(m.chain.previous.id, "r0", 3);
    memcpy(m.chain.previous.digest, FIXTURE_DIGEST, sizeof FIXTURE_DIGEST);
    memcpy(m.chain.replaces, "r0\"x", 5); /* whatever is in the ledger, it is JSON */
    json_t *json = written(&m);
    check_member(json, "replaces", "r0\"x");
    check_member(json_object_get(json, "previous"), "release", "r0");
    check_member(json_object_get(json, "previous"), "sha256sums_sha256", FIXTURE_DIGEST);
    json_decref(json);
    end(&m);
}

/* Targets, benchmarks and older series: what reports compare with is there for the audit. */
static void test_declared(void **state)
{
    struct made m;
    struct variable_config variables[2] = {{.name = "origin", .administrative = true},
                                           {.name = "sex", .administrative = false}};
    struct table_config tables[1] = {{.name = "origin"}};
    struct target_config target = {.name = "aim", .share = {0, 0, 0, 1, 0}, .target_ppm = 100000};
    struct benchmark_config benchmark = {.name = "all", .share = {0, 0, 0, -1, -1}};
    struct series_config series = {
        .name = "old", .share = {0, 0, 0, -1, -1}, .source = "x", .count = 1, .ppm = {27000}};
    fixture_name(variables[0].categories[0].name, "foreign", 7);
    fixture_name(variables[1].categories[0].name, "f", 1);
    begin(&m, state);
    struct config *c = &m.config;
    target.by = DATE_NONE;
    benchmark.ages = benchmark.region = benchmark.source = "x";
    c->variable_count = 2;
    c->variables = variables;
    c->tables = tables;
    c->target_count = c->benchmark_count = c->series_count = 1;
    c->targets = &target;
    c->benchmarks = &benchmark;
    c->series = &series;
    json_t *json = written(&m);
    json_t *declared = json_object_get(json, "declared");
    json_t *first = json_array_get(json_object_get(declared, "targets"), 0);
    check_member(first, "name", "aim");
    check_member(first, "category", "foreign");
    check_member(first, "among", "f");
    assert_int_equal(json_integer_value(json_object_get(first, "share_ppm")), 100000);
    assert_true(json_is_null(json_object_get(first, "by")));
    first = json_array_get(json_object_get(declared, "benchmarks"), 0);
    assert_true(json_is_null(json_object_get(first, "among")));
    first = json_array_get(json_object_get(declared, "series"), 0);
    first = json_array_get(json_object_get(first, "values"), 0);
    check_member(first, "date", "1970-01-01");
    const json_t *voluntary = json_object_get(declared, "voluntary");
    assert_int_equal(json_array_size(voluntary), 1);
    assert_string_equal(json_string_value(json_array_get(voluntary, 0)), "sex");
    json_decref(json);
    c->variable_count = c->target_count = c->benchmark_count = c->series_count = 0;
    c->variables = NULL;
    c->tables = NULL;
    c->targets = NULL;
    c->benchmarks = NULL;
    c->series = NULL;
    end(&m);
}

static void test_no_definition(void **state)
{
    struct made m;
    begin(&m, state);
    m.release.rules.structure.variables[0].definition[0] = '\0';
    json_t *json = written(&m);
    assert_true(json_is_object(json_object_get(json, "definitions")));
    assert_int_equal(json_object_size(json_object_get(json, "definitions")), 0);
    json_decref(json);
    end(&m);
}

static void check_refused(struct made *m)
{
    struct err err;
    text_clear(&m->text);
    assert_int_equal(manifest_write(&m->release, &m->config, &m->chain, &m->text, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
}

static void test_inputs_refused(void **state)
{
    struct made m;
    begin(&m, state);
    struct frame *inputs = &m.release.inputs;
    column_set(frame_find(inputs, "digest"), 0, 0); /* an empty cell */
    check_refused(&m);
    fixture_word(inputs, 0, "digest", "0123456789abcdef");
    fixture_word(inputs, 1, "dataset", "register"); /* no fingerprint */
    check_refused(&m);
    frame_release(inputs);
    frame_init(inputs, "inputs"); /* no columns */
    check_refused(&m);
    end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_chain, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_declared, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_no_definition, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_inputs_refused, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
