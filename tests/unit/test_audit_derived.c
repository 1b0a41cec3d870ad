/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Files whose figures follow from the tables: a small release that has them passes, and every
 * figure that does not follow, properly signed, is found with file, line and cell. The shares are
 * worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_world.h"
#include "small_release.h"

enum { INDICATORS_FILE, DATA_FILE, SDMX_FILE, FILES };
static const char *const PATHS[FILES] = {"indicators.csv", "units/E1/data.csv", "sdmx/origin.csv"};
static const char *const RIGHT[FILES] = {SMALL_INDICATORS, SMALL_DATA, SMALL_SDMX};

static void make_release(void)
{
    struct err err;
    assert_int_equal(files_remove_tree(audit_release_folder, &err), 0);
    assert_int_equal(mkdir(audit_release_folder, 0755), 0);
    small_release_write(audit_release_folder);
    for (size_t i = 0; i < FILES; i++)
        signed_release_put(audit_release_folder, PATHS[i], RIGHT[i], strlen(RIGHT[i]));
}

static void test_right_figures(void **state)
{
    (void)state;
    struct audit_result result;
    make_release();
    signed_release_seal(audit_release_folder, &audit_signing_key);
    audit_world_ask(&result, false);
    if (result.checks[AUDIT_DERIVED].findings > 0)
        audit_print(&result);
    assert_true(result.checks[AUDIT_DERIVED].checked);
    assert_int_equal(result.checks[AUDIT_DERIVED].findings, 0);
    assert_int_equal(result.checks[AUDIT_DERIVED].figures[0].count, FILES);
    audit_result_release(&result);
}

/* One change of one file, properly signed; cell NULL: the finding names none. */
struct change {
    int file;
    const char *from, *to, *cell;
};

#define E1_FOREIGN "staff|entity:E1|origin=foreign"
#define VO_FOREIGN "staff|government:VO|origin=foreign"

static const struct change CHANGES[] = {
    /* a share beside a hidden count gives the count away */
    {INDICATORS_FILE, "E1,staff:origin=foreign,,30,,", "E1,staff:origin=foreign,,30,10.0,",
     E1_FOREIGN},
    {INDICATORS_FILE, "E1,staff:origin=foreign,,30,", "E1,staff:origin=foreign,3,30,", E1_FOREIGN},
    {INDICATORS_FILE, "E1,target:origin,,30,,,,20.0,,c", "E1,target:origin,,30,,,,20.0,3,c",
     E1_FOREIGN},
    {INDICATORS_FILE, "E1,target:origin:growth,,30,,,,20.0,,c",
     "E1,target:origin:growth,,30,,,,20.0,4,c", E1_FOREIGN},
    {INDICATORS_FILE, "E1,staff:origin=foreign,,30,,,,,,c",
     "E1,staff:origin=foreign,,30,,9.0,1.0,,,c", E1_FOREIGN},
    {INDICATORS_FILE, "E1,staff:origin=foreign,,30,,,,,,c", "E1,staff:origin=foreign,,30,,,,,,p",
     E1_FOREIGN},
    {INDICATORS_FILE, "VO,staff:origin=foreign,13,70,18.6", "VO,staff:origin=foreign,13,70,18.5",
     VO_FOREIGN},
    {INDICATORS_FILE, "VO,staff:origin=foreign,13,70,18.6", "VO,staff:origin=foreign,13,70,18.57",
     VO_FOREIGN},
    {INDICATORS_FILE, "VO,staff:origin=foreign,13,70,18.6", "VO,staff:origin=foreign,13,70,",
     VO_FOREIGN},
    {INDICATORS_FILE, "VO,staff:origin=foreign,13,70,18.6,,",
     "VO,staff:origin=foreign,13,70,18.6,18.0,0.6",
     VO_FOREIGN}, /* the manifest names no release before */
    {INDICATORS_FILE, "VO,target:origin,13,70,18.6,,,20.0,1",
     "VO,target:origin,13,70,18.6,,,20.0,2", VO_FOREIGN},
    {INDICATORS_FILE, "VO,target:origin:growth,13,70,18.6,,,20.0,2",
     "VO,target:origin:growth,13,70,18.6,,,20.0,1", VO_FOREIGN},
    {INDICATORS_FILE, "E1,target:origin,,30,,,,20.0", "E1,target:origin,,30,,,,13.0", E1_FOREIGN},
    {INDICATORS_FILE, "VO,staff:origin=foreign,13,70,18.6,,,,",
     "VO,staff:origin=foreign,13,70,18.6,,,20.0,1", VO_FOREIGN},
    {INDICATORS_FILE, "D1,target:origin,13,70,18.6", "D1,target:origin,12,70,17.1", NULL},
    {INDICATORS_FILE, "VO,staff:origin=belgian", "VO,staff:origin=foreign", NULL},
    {INDICATORS_FILE, "VO,staff:origin=belgian", "VO,staff:origin=total", NULL},
    {INDICATORS_FILE, "2017-12-31,entity,E1,staff:origin=belgian,,30,,,,,,c\n", "", NULL},
    {INDICATORS_FILE, "2017-12-31,entity,E3,target:origin:growth,,,,,,20.0,,n\n", "", NULL},
    {INDICATORS_FILE, "E3,staff:origin=foreign,,,,,,,,n", "E3,staff:origin=foreign,,,,,,,,c", NULL},
    {INDICATORS_FILE, "2017-12-31,entity,E1,staff:origin=foreign",
     "2017-12-30,entity,E1,staff:origin=foreign", NULL},
    {INDICATORS_FILE, ",gap,status", ",rank,status", NULL},
    {INDICATORS_FILE, "18.6,,,,,\n", "\"18.6\",,,,,\n", NULL},
    {DATA_FILE, "E1,foreign,,c", "E1,foreign,3,", E1_FOREIGN},
    {DATA_FILE, "E1,foreign,,c", "E1,foreign,,p", E1_FOREIGN},
    {DATA_FILE, "E1,total,30,", "E1,total,31,", "staff|entity:E1"},
    {DATA_FILE, "2017-12-31,entity,E1,belgian,,c,staff\n", "", "staff|entity:E1|origin=belgian"},
    {DATA_FILE, "belgian,,c,staff\n", "belgian,,c,staff\n2017-12-31,entity,E1,other,3,,staff\n",
     NULL},
    {SDMX_FILE, "E1,foreign,2017-12-31,,Q,C", "E1,foreign,2017-12-31,3,Q,C", E1_FOREIGN},
    {SDMX_FILE, "E1,foreign,2017-12-31,,Q,C", "E1,foreign,2017-12-31,,Q,D", E1_FOREIGN},
    {SDMX_FILE, "E1,foreign,2017-12-31,,Q,C", "E1,foreign,2017-12-31,,A,C", E1_FOREIGN},
    {SDMX_FILE, "VO,foreign,2017-12-31,13", "VO,foreign,2017-12-31,14", VO_FOREIGN},
    {SDMX_FILE, "VO,foreign,2017-12-31,13", "VO,foreign,2016-12-31,13", VO_FOREIGN},
    {SDMX_FILE, "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E1,foreign",
     "dataflow,VO:DF_ORIGIN(1.0.3),I,entity,E1,foreign", E1_FOREIGN},
    {SDMX_FILE, "dataflow,VO:DF_ORIGIN(1.0.0),I,entity,E3,belgian,2017-12-31,,L,F\n", "", NULL},
    {SDMX_FILE, "ACTION,", "COMMENT,", NULL},
};

static void change_file(const struct change *c)
{
    struct text changed;
    const char *at = strstr(RIGHT[c->file], c->from);
    assert_non_null(at);
    text_init(&changed);
    text_append(&changed, RIGHT[c->file], (size_t)(at - RIGHT[c->file]));
    text_string(&changed, c->to);
    text_string(&changed, at + strlen(c->from));
    signed_release_put(audit_release_folder, PATHS[c->file], changed.bytes, changed.length);
    text_release(&changed);
}

static void test_wrong_figures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        const struct change *c = &CHANGES[i];
        struct audit_result result;
        bool found = false;
        make_release();
        change_file(c);
        signed_release_seal(audit_release_folder, &audit_signing_key);
        audit_world_ask(&result, false);
        for (size_t k = 0; k < result.kept; k++)
            found = found || (result.findings[k].rule == AUDIT_DERIVED &&
                              strcmp(result.findings[k].file, PATHS[c->file]) == 0 &&
                              strcmp(result.findings[k].cell, c->cell ? c->cell : "") == 0);
        if (!found) {
            audit_print(&result);
            fail_msg("%s: %s", PATHS[c->file], c->to);
        }
        audit_result_release(&result);
    }
}

/* An indicator that names no cells, in every unit. */
static void test_indicator_of_no_cells(void **state)
{
    (void)state;
    static const char *const names[] = {"staff:nothing=belgian", "nobody:origin=belgian",
                                        "staff:origin=belgian/", "staff"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        static const char was[] = "staff:origin=belgian";
        struct audit_result result;
        struct text changed;
        const char *from = SMALL_INDICATORS, *at;
        text_init(&changed);
        for (; (at = strstr(from, was)) != NULL; from = at + strlen(was)) {
            text_append(&changed, from, (size_t)(at - from));
            text_string(&changed, names[i]);
        }
        text_string(&changed, from);
        make_release();
        signed_release_put(audit_release_folder, PATHS[INDICATORS_FILE], changed.bytes,
                           changed.length);
        signed_release_seal(audit_release_folder, &audit_signing_key);
        audit_world_ask(&result, false);
        assert_int_equal(result.checks[AUDIT_DERIVED].findings, 5); /* in each unit */
        audit_result_release(&result);
        text_release(&changed);
    }
}

/* Files of no unit or table, or of another one's. */
static void test_strange_files(void **state)
{
    (void)state;
    static const char *const paths[] = {"units/E9/data.csv", "units/E2/data.csv", "sdmx/other.csv"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct audit_result result;
        make_release();
        signed_release_put(audit_release_folder, paths[i], RIGHT[DATA_FILE],
                           strlen(RIGHT[DATA_FILE]));
        signed_release_seal(audit_release_folder, &audit_signing_key);
        audit_world_ask(&result, false);
        assert_true(result.checks[AUDIT_DERIVED].findings > 0);
        audit_result_release(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_figures),
        cmocka_unit_test(test_wrong_figures),
        cmocka_unit_test(test_indicator_of_no_cells),
        cmocka_unit_test(test_strange_files),
    };
    return cmocka_run_group_tests(tests, audit_setup, audit_teardown);
}
