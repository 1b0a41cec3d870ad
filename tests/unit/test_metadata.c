/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of report/metadata.h: SDMX rows and ids, JSON that is JSON, patterns of categories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/metadata.h"
#include "report_fixture.h"

#include <jansson.h>

static void test_ids(void **state)
{
    (void)state;
    struct text t;
    text_init(&t);
    sdmx_id(&t, "55+");
    assert_string_equal(t.bytes, "55$2B");
    text_clear(&t);
    sdmx_id(&t, "a.b<c>_D-1");
    assert_string_equal(t.bytes, "a$2Eb$3Cc$3E_D-1");
    text_clear(&t);
    sdmx_concept(&t, "age_band");
    assert_string_equal(t.bytes, "AGE_BAND");
    text_release(&t);
}

/* The fixture's world with one more entity. */
static void open_with_unit(struct report_world *w, const char *code, bool delivered)
{
    report_begin(w);
    fixture_unit(&w->rules.structure, LEVEL_ENTITY, code, 1, delivered);
    fixture_finish(&w->rules.structure);
    report_open(w);
}

static void test_sdmx(void **state)
{
    (void)state;
    struct report_world w;
    struct text t;
    struct err err;
    text_init(&t);
    open_with_unit(&w, "E3", false);
    assert_int_equal(sdmx_csv_write(&t, &w.rules, &w.cells, 0, w.counts, w.status, &err), 0);
    static const char *const expected[] = {
        "STRUCTURE,STRUCTURE_ID,ACTION,LEVEL,UNIT,ORIGIN,TIME_PERIOD,OBS_VALUE,OBS_STATUS,",
        "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E1,foreign,2017-12-31,15,A,F\n",
        "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E2,foreign,2017-12-31,,Q,C\n",
        "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E3,foreign,2017-12-31,,L,F\n",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(t.bytes, expected[i]))
            fail_msg("no %s in %s", expected[i], t.bytes);
    text_release(&t);
    report_end(&w);
}

static json_t *load(struct text *t)
{
    json_error_t error;
    json_t *root = json_loadb(t->bytes, t->length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("line %d: %s in %s", error.line, error.text, t->bytes);
    text_clear(t);
    return root;
}

/* A code that units of several levels have stands in the list once. */
static void test_shared_codes(void **state)
{
    (void)state;
    struct report_world w;
    struct text t;
    struct err err;
    text_init(&t);
    open_with_unit(&w, "VO", true);
    size_t units = w.rules.structure.unit_count, found = 0, of_lists = 0;
    assert_int_equal(sdmx_structure_write(&t, &w.rules, &err), 0);
    json_t *root = load(&t), *list;
    size_t i, k;
    json_array_foreach(json_object_get(json_object_get(root, "data"), "codelists"), i, list)
    {
        json_t *code;
        if (strcmp(json_string_value(json_object_get(list, "id")), "CL_UNIT") != 0)
            continue;
        json_array_foreach(json_object_get(list, "codes"), k, code)
        {
            const char *id = json_string_value(json_object_get(code, "id"));
            of_lists++;
            found += strcmp(id, w.rules.structure.units[0].code) == 0;
        }
    }
    assert_int_equal(of_lists, units - 1);
    assert_int_equal(found, 1);
    json_decref(root);
    text_release(&t);
    report_end(&w);
}

static void test_json(void **state)
{
    (void)state;
    struct report_world w;
    struct text t;
    struct err err;
    text_init(&t);
    report_begin(&w);
    fixture_name(w.rules.structure.variables[1].categories[1].name, "55+", 3);
    free(w.rules.structure.units[2].name);
    w.rules.structure.units[2].name = text_duplicate("\"E\" & <1>", 9);
    report_open(&w);
    assert_int_equal(sdmx_structure_write(&t, &w.rules, &err), 0);
    json_decref(load(&t));
    assert_int_equal(catalog_write(&t, &w.rules, "A \"B\"", "law", &err), 0);
    json_decref(load(&t));
    assert_int_equal(csvw_table_write(&t, &w.rules, 1, &err), 0);
    json_t *root = load(&t), *schema = json_object_get(root, "tableSchema");
    const json_t *sex = json_array_get(json_object_get(schema, "columns"), 3);
    assert_string_equal(json_string_value(json_object_get(sex, "name")), "sex");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(sex, "datatype"), "format")),
        "total|55\\+|m");
    json_decref(root);
    text_release(&t);
    report_end(&w);
}

/* A name that no URI template's variable may have is written as %XX; the title stays. */
static void test_column_names(void **state)
{
    (void)state;
    struct report_world w;
    struct text t;
    struct err err;
    text_init(&t);
    report_begin(&w);
    fixture_name(w.rules.structure.variables[1].name, "_a-b.c_", 7);
    report_open(&w);
    assert_int_equal(csvw_table_write(&t, &w.rules, 1, &err), 0);
    json_t *root = load(&t);
    json_t *schema = json_object_get(root, "tableSchema");
    json_t *column = json_array_get(json_object_get(schema, "columns"), 3);
    assert_string_equal(json_string_value(json_object_get(column, "name")), "%5Fa%2Db%2Ec_");
    assert_string_equal(json_string_value(json_object_get(column, "titles")), "_a-b.c_");
    assert_string_equal(json_string_value(json_array_get(json_object_get(schema, "primaryKey"), 3)),
                        "%5Fa%2Db%2Ec_");
    json_decref(root);
    text_release(&t);
    report_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),          cmocka_unit_test(test_sdmx),
        cmocka_unit_test(test_json),         cmocka_unit_test(test_shared_codes),
        cmocka_unit_test(test_column_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
