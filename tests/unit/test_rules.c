/* SPDX-License-Identifier: EUPL-1.2 */
/* rules.json: written, read back the same, and refused when anything about it is doubtful. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "past_fixture.h"
#include "tables/rules.h"

static void make(struct rules *r)
{
    rules_init(r);
    fixture_name(r->release, "2017-12-31.r2", 13);
    r->reference_date = date_make(2017, 12, 31);
    r->disclosure.minimum_population = 20;
    r->disclosure.protect_zeros = false;
    r->disclosure.interval = false;
    fixture_units(&r->structure, false);
    fixture_predecessor(&r->structure, "E2", "E-0");
    fixture_predecessor(&r->structure, "E2", "OLD.2");
    fixture_variable(&r->structure, "origin",
                     "foreign* eu<foreign non_eu<foreign belgian* unknown");
    fixture_name(r->structure.variables[0].definition, "FL2016", 6);
    fixture_variable(&r->structure, "age", "-24 25-54 55+");
    fixture_table(&r->structure, "managers", "managers", "origin", 1);
    fixture_table(&r->structure, "origin-age", "staff", "origin age", -1);
    free(r->structure.units[3].name);
    r->structure.units[3].name = text_duplicate("A \"quoted\" naam \xc3\xab", 18);
}

static void test_written_form(void **state)
{
    (void)state;
    struct rules r;
    struct text json;
    struct err err;
    text_init(&json);
    make(&r);
    assert_int_equal(rules_write_json(&r, &json, &err), 0);
    static const char *const parts[] = {
        "{\"format\": \"herkomst-rules/1\", \"release\": \"2017-12-31.r2\", \"reference_date\": "
        "\"2017-12-31\",\n \"disclosure\": {\"threshold\": 5, \"zeros\": \"publish\", "
        "\"minimum_population\": 20, \"protection\": \"exact\", \"protection_width\": 5, "
        "\"public\": \"head_counts\", \"turnover_threshold\": 5},\n",
        " \"units\": [{\"level\": \"government\", \"unit\": \"VO\", \"parent\": null, \"name\": "
        "\"VO\", \"delivered\": true, \"complete\": false},\n",
        "{\"level\": \"entity\", \"unit\": \"E1\", \"parent\": \"D1\", \"name\": \"A "
        "\\\"quoted\\\" "
        "naam \xc3\xab\", \"delivered\": true, \"complete\": true},\n",
        "{\"level\": \"entity\", \"unit\": \"E2\", \"parent\": \"D1\", \"name\": \"E2\", "
        "\"delivered\": true, \"complete\": true, \"predecessors\": [\"E-0\", \"OLD.2\"]},\n",
        " \"variables\": [{\"name\": \"origin\", \"definition\": \"FL2016\", \"sensitive\": "
        "[\"foreign\", \"belgian\"],\n                \"categories\": [{\"name\": \"foreign\", "
        "\"parent\": \"total\"}, {\"name\": \"eu\", \"parent\": \"foreign\"}, ",
        "{\"name\": \"age\", \"definition\": null, \"sensitive\": [],",
        "{\"name\": \"origin-age\", \"population\": \"staff\", \"filter\": \"employment = "
        "'staff'\", \"variables\": [\"origin\", \"age\"], \"within\": null}]}\n",
    };
    const char *from = json.bytes;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        from = strstr(from, parts[i]);
        assert_non_null(from);
    }
    text_release(&json);
    rules_release(&r);
}

static void test_read_back_is_the_same(void **state)
{
    (void)state;
    struct rules r, again;
    struct text json, json_again;
    struct frame f;
    struct err err;
    text_init(&json);
    text_init(&json_again);
    make(&r);
    assert_int_equal(rules_write_json(&r, &json, &err), 0);
    assert_int_equal(rules_to_frame(&r, &f, &err), 0);
    assert_int_equal(rules_from_frame(&again, &f, &err), 0);
    assert_int_equal(rules_write_json(&again, &json_again, &err), 0);
    assert_string_equal(json.bytes, json_again.bytes);
    assert_int_equal(again.reference_date, r.reference_date);
    assert_int_equal(again.structure.tables[0].within, 1);
    assert_int_equal(again.structure.variables[0].categories[2].parent, 1);
    assert_true(again.structure.variables[0].sensitive);
    assert_int_equal(again.structure.units[4].predecessor_count, 2);
    assert_string_equal(again.structure.units[4].predecessors[1], "OLD.2");
    assert_int_equal(again.structure.units[3].predecessor_count, 0);
    assert_false(again.structure.variables[1].sensitive);
    frame_release(&f);
    rules_release(&again);
    rules_release(&r);
    text_release(&json);
    text_release(&json_again);
}

/* The written rules with the first `from` replaced by `to` must be refused. */
static void refuse(const char *json, const char *from, const char *to)
{
    struct rules r;
    struct err err;
    struct text changed;
    const char *at = strstr(json, from);
    assert_non_null(at);
    text_init(&changed);
    text_append(&changed, json, (size_t)(at - json));
    text_string(&changed, to);
    text_string(&changed, at + strlen(from));
    int rc = rules_read_json(&r, changed.bytes, changed.length, &err);
    if (rc == 0)
        print_error("accepted: %s -> %s\n", from, to);
    assert_int_equal(rc, -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_null(r.structure.units);
    text_release(&changed);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"herkomst-rules/1", "herkomst-rules/2"},
        {"\"release\": \"2017-12-31.r2\"", "\"release\": \"../up\""},
        {"\"release\": \"2017-12-31.r2\"", "\"release\": 7"},
        {"\"2017-12-31\"", "\"2017-02-30\""},
        {"\"2017-12-31\"", "\"2017-12-31 \""},
        {"\"2017-12-31\",", "\"2017-12-31\", \"more\": 1,"},
        {"\"threshold\": 5", "\"threshold\": 5, \"threshold\": 1"},
        {"\"threshold\": 5", "\"threshold\": 0"},
        {"\"threshold\": 5", "\"threshold\": 5.0"},
        {"\"threshold\": 5", "\"threshold\": 99999999999999999999"},
        {"\"threshold\": 5", "\"treshold\": 5"},
        {"\"protection_width\": 5", "\"protection_width\": -1"},
        {"\"zeros\": \"publish\"", "\"zeros\": \"maybe\""},
        {"\"public\": \"head_counts\"", "\"public\": null"},
        {"\"parent\": null", "\"parent\": \"VO\""},
        {"\"parent\": \"VO\"", "\"parent\": null"},
        {"\"parent\": \"D2\"", "\"parent\": \"E1\""},
        {"\"level\": \"domain\", \"unit\": \"D2\"", "\"level\": \"domain\", \"unit\": \"D1\""},
        {"\"level\": \"domain\"", "\"level\": \"region\""},
        {"\"unit\": \"E2\"", "\"unit\": \"E1\""},
        {"\"unit\": \"E2\"", "\"unit\": \"E|2\""},
        {"\"name\": \"E2\"", "\"name\": \"E\\n2\""},
        {"\"delivered\": false, \"complete\": false", "\"delivered\": false, \"complete\": true"},
        {"\"delivered\": true, \"complete\": false", "\"delivered\": true, \"complete\": true"},
        {"\"delivered\": true", "\"delivered\": 1"},
        {"[\"E-0\", \"OLD.2\"]", "[]"},
        {"[\"E-0\", \"OLD.2\"]", "null"},
        {"[\"E-0\", \"OLD.2\"]", "[\"OLD.2\", \"E-0\"]"},
        {"[\"E-0\", \"OLD.2\"]", "[\"E-0\", \"E-0\"]"},
        {"[\"E-0\", \"OLD.2\"]", "[\"E-0\", \"E1\"]"},
        {"[\"E-0\", \"OLD.2\"]", "[\"E-0\", \"E|0\"]"},
        {"[\"E-0\", \"OLD.2\"]", "[\"E-0\", 7]"},
        {"\"predecessors\"", "\"Predecessors\""},
        {"\"complete\": false}", "\"complete\": false, \"predecessors\": [\"X\"]}"},
        {"[\"foreign\", \"belgian\"]", "[\"foreign\", \"foreign\"]"},
        {"[\"foreign\", \"belgian\"]", "[\"total\"]"},
        {"[\"foreign\", \"belgian\"]", "[\"nobody\"]"},
        {"{\"name\": \"eu\", \"parent\": \"foreign\"}",
         "{\"name\": \"eu\", \"parent\": \"belgian\"}"},
        {"{\"name\": \"eu\", \"parent\": \"foreign\"}",
         "{\"name\": \"total\", \"parent\": \"total\"}"},
        {"{\"name\": \"eu\"", "{\"name\": \"e=u\""},
        {"\"name\": \"age\"", "\"name\": \"origin\""},
        {"[\"origin\", \"age\"]", "[\"age\", \"origin\"]"},
        {"[\"origin\", \"age\"]", "[\"origin\", \"origin\"]"},
        {"[\"origin\", \"age\"]", "[\"origin\", \"region\"]"},
        {"\"within\": \"origin-age\"", "\"within\": \"managers\""},
        {"\"within\": \"origin-age\"", "\"within\": \"nothing\""},
        {"\"name\": \"origin-age\"", "\"name\": \"managers\""},
        {"employment = 'staff'", "employment = 'managers'"},
        {"\"population\": \"staff\"", "\"population\": \"managers\""},
        {"]}\n", "]} x"},
        {"]}\n", "]"},
    };
    struct rules r, cut;
    struct text json;
    struct err err;
    text_init(&json);
    make(&r);
    assert_int_equal(rules_write_json(&r, &json, &err), 0);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        refuse(json.bytes, changes[i][0], changes[i][1]);
    for (size_t length = 0; length + 1 < json.length; length += 7) /* cut short anywhere */
        assert_int_equal(rules_read_json(&cut, json.bytes, length, &err), -1);
    text_release(&json);
    rules_release(&r);
}

/* The variables that get the category unknown; others, and twice, are refused. */
static void test_add_unknown(void **state)
{
    static const struct {
        size_t count;
        uint8_t variables[2];
        bool fine;
    } cases[] = {
        {0, {0}, true},     {1, {1}, true},  {1, {0}, false},
        {2, {1, 1}, false}, {1, {2}, false}, {2, {1, 255}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rules r;
        struct frame f;
        struct err err;
        size_t before = 0, after = 0;
        make(&r);
        for (size_t v = 0; v < r.structure.variable_count; v++)
            before += r.structure.variables[v].category_count;
        assert_int_equal(r.structure.variable_count, 2);
        frame_init(&f, "unknown");
        struct column *variable = frame_add(&f, "variable", COLUMN_U8, &err);
        assert_int_equal(frame_resize(&f, cases[i].count, &err), 0);
        for (size_t row = 0; row < cases[i].count; row++)
            column_set(variable, row, cases[i].variables[row]);
        assert_int_equal(rules_add_unknown(&r, &f, &err), cases[i].fine ? 0 : -1);
        for (size_t v = 0; v < r.structure.variable_count; v++)
            after += r.structure.variables[v].category_count;
        if (cases[i].fine) {
            assert_int_equal(after, before + cases[i].count);
            assert_int_equal(structure_check(&r.structure, &err), 0);
        } else {
            assert_int_equal(err.kind, ERR_DATA);
        }
        frame_release(&f);
        rules_release(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_form),
        cmocka_unit_test(test_read_back_is_the_same),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_add_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
