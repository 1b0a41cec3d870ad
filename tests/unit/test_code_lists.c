/* SPDX-License-Identifier: EUPL-1.2 */
/* Entities and countries: what a list may say, and what it answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake_fixture.h"

#include "link/code_lists.h"

#define ENTITY "entity,name,domain,domain_name,valid_from,valid_to,successor\n"
#define COUNTRY "code,iso,eu_from,eu_to,group\n"

static struct csv_field field(const char *string)
{
    return (struct csv_field){string, strlen(string)};
}

static void test_entities_that_contradict(void **state)
{
    static const struct {
        const char *rows;
        long line;
    } cases[] = {
        {"E1,N,D,Dom,,,\nE1,N,D,Dom,,,\n", 3},
        {"E1,N,D,Dom,,2015-01-01,\nE2,N,D,Dom,,,\nE1,M,D,Dom,2015-01-01,,\n", 4},
        {"E1,N,D,Dom,2014-01-01,,\nE1,N,D,Dom,,2014-01-01,\n", 3},
        {"E1,N,D,Dom,2010-01-01,2012-01-01,\nE1,N,D,Dom,2011-01-01,2011-02-01,\n", 3},
        {"E1,N,D,Dom,,,\nE2,N,D,Dam,,,\n", 3},
        {"E1,N,D,Dom,2015-01-02,2015-01-01,\n", 2},
        {"E1,N,D,Dom,2015,,\n", 2},
        {"E 1,N,D,Dom,,,\n", 2},
        {",N,D,Dom,,,\n", 2},
        {"E1,,D,Dom,,,\n", 2},
        {"E1,N,,Dom,,,\n", 2},
        {"E1,N,D,\"D\nom\",,,\n", 2},
        {"E1,N,D,Dom,,,a/b\n", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        char bytes[400];
        fixture_start(&f);
        fixture_basics(&f);
        (void)snprintf(bytes, sizeof bytes, "%s%s", ENTITY, cases[i].rows);
        fixture_file(&f, "entities.csv", bytes);
        if (fixture_read(&f, 1) != -1 || f.err.kind != ERR_DATA || f.err.line != cases[i].line)
            fail_msg("case %zu: line %ld %s", i, f.err.line, f.err.text);
        assert_string_equal(f.err.file, "entities.csv");
        fixture_end(&f);
    }
}

static void test_entity_validity(void **state)
{
    static const struct {
        const char *code;
        enum entity_state states[3]; /* at 2014-12-31, 2015-01-01, 2016-06-30 */
    } cases[] = {
        {"MERGED", {ENTITY_VALID, ENTITY_ENDED, ENTITY_ENDED}},
        {"NEW", {ENTITY_ENDED, ENTITY_VALID, ENTITY_VALID}},
        {"TWICE", {ENTITY_VALID, ENTITY_VALID, ENTITY_VALID}},
        {"GAP", {ENTITY_VALID, ENTITY_ENDED, ENTITY_VALID}},
        {"NONE", {ENTITY_UNKNOWN, ENTITY_UNKNOWN, ENTITY_UNKNOWN}},
        {"GA", {ENTITY_UNKNOWN, ENTITY_UNKNOWN, ENTITY_UNKNOWN}},
    };
    const date dates[] = {date_make(2014, 12, 31), date_make(2015, 1, 1), date_make(2016, 6, 30)};
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "entities.csv",
                 ENTITY "MERGED,M,D,Dom,,2014-12-31,NEW\nNEW,N,D,Dom,2015-01-01,,\n"
                        "TWICE,A,D,Dom,2015-01-01,,\nTWICE,B,E,Other,,2014-12-31,\n"
                        "GAP,G,D,Dom,,2014-12-31,\nGAP,G,D,Dom,2016-06-30,2016-06-30,\n");
    fixture_file(&f, "personnel.csv", "person,entity,start_date\n");
    assert_int_equal(fixture_read(&f, 1), 0);
    for (size_t i = 0; i < 3; i++) {
        struct entity_list list;
        struct intake_dataset *d = &f.in.datasets[DATASET_ENTITIES];
        assert_int_equal(entity_list_build(&list, &d->table, d->files, dates[i], &f.err), 0);
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
            assert_int_equal(entity_list_find(&list, field(cases[c].code)), cases[c].states[i]);
        entity_list_release(&list);
    }
    fixture_end(&f);
}

static void test_countries_that_contradict(void **state)
{
    static const struct {
        const char *rows;
        long line;
    } cases[] = {
        {"150,BE,,,\n111,FR,,,\n0150,BE,,,\n", 4},
        {"BE,BE,,,\n", 2},
        {"0,BE,,,\n", 2},
        {"150,be,,,\n", 2},
        {"150,BEL,,,\n", 2},
        {"150,B1,,,\n", 2},
        {"150,Stateless,,,\n", 2},
        {",BE,,,\n", 2},
        {"150,BE,2004-05-01,2004-04-30,\n", 2},
        {"150,BE,1-5-04,,\n", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        char bytes[200];
        fixture_start(&f);
        fixture_basics(&f);
        (void)snprintf(bytes, sizeof bytes, "%s%s", COUNTRY, cases[i].rows);
        fixture_file(&f, "countries.csv", bytes);
        if (fixture_read(&f, 1) != -1 || f.err.kind != ERR_DATA || f.err.line != cases[i].line)
            fail_msg("case %zu: line %ld %s", i, f.err.line, f.err.text);
        fixture_end(&f);
    }
}

/* The second file is at fault where it contradicts the first. */
static void test_the_fault_is_in_the_right_file(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "c1.csv", "code,iso\n150,BE\n");
    fixture_file(&f, "c2.csv", "code,iso\n111,FR\n150,BE\n");
    fixture_configure(&f, DATASET_COUNTRIES, "c?.csv");
    assert_int_equal(fixture_read(&f, 2), -1);
    assert_string_equal(f.err.file, "c2.csv");
    assert_int_equal(f.err.line, 3);
    fixture_end(&f);
}

static void test_what_a_country_stands_for(void **state)
{
    static const struct {
        const char *word;
        uint32_t country;
        bool listed;
    } cases[] = {
        {"BE", 150, true}, {"FR", 111, true}, {"stateless", 700, true}, {NULL, 998, true},
        {NULL, 997, true}, {NULL, 999, true}, {"?1", 1, false},         {"?99999", 99999, false},
    };
    struct fixture f;
    struct country_list list;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    assert_int_equal(fixture_read(&f, 1), 0);
    struct intake_dataset *d = &f.in.datasets[DATASET_COUNTRIES];
    assert_int_equal(country_list_build(&list, &d->table, d->files, &f.err), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[COUNTRY_TEXT];
        bool listed;
        const char *word = country_list_find(&list, cases[i].country, &listed, text);
        assert_int_equal(listed, cases[i].listed);
        assert_true((word == NULL) == (cases[i].word == NULL));
        if (word)
            assert_string_equal(word, cases[i].word);
    }
    country_list_release(&list);
    /* codes are stored as their numbers are written */
    assert_string_equal(word_at(&d->table, "code", 1), "111");
    assert_null(word_at(&d->table, "iso", 4));
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entities_that_contradict),
        cmocka_unit_test(test_entity_validity),
        cmocka_unit_test(test_countries_that_contradict),
        cmocka_unit_test(test_the_fault_is_in_the_right_file),
        cmocka_unit_test(test_what_a_country_stands_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
