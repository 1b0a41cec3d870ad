/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/driver.h: what it takes from a ledger of earlier releases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver_world.h"

/* A release of the driver's government in its ledger. */
static void put_release(void **state, const char *id, date reference)
{
    struct release f;
    struct text rules;
    struct ledger *l = NULL;
    struct ledger_release entry;
    struct err err;
    memset(&entry, 0, sizeof entry);
    fixture_release(&f, id);
    f.rules.reference_date = entry.reference_date = reference;
    (void)snprintf(entry.id, sizeof entry.id, "%s", id);
    text_init(&rules);
    assert_int_equal(rules_write_json(&f.rules, &rules, &err), 0);
    const struct ledger_cells content = {&rules, NULL, &f.cells, f.counts, f.status, NULL};
    (void)mkdir(in_folder(state, "releases"), 0755);
    assert_int_equal(ledger_open(&l, in_folder(state, "releases/ledger.sqlite"),
                                 "Dienst van de Proef", in_folder(state, "releases"), &err),
                     0);
    assert_int_equal(ledger_prepare(l, &entry, &content, &err), 0);
    assert_int_equal(ledger_confirm(l, id, &err), 0);
    ledger_close(&l);
    text_release(&rules);
    release_free(&f);
}

/* The stage that looks at other dates gets those of the ledger, and no other stage does. */
static void test_since(void **state)
{
    char notes[16384];
    put_release(state, "2016-12-31", date_make(2016, 12, 31));
    put_release(state, "2017-06-30", date_make(2017, 6, 30));
    put_release(state, "2017-06-30.r2", date_make(2017, 6, 30));
    check(state, "", 0, "");
    check_notes(state, STAGE_COUNT, " -- x.ini");
    read_file(state, "notes", notes, sizeof notes);
    const char *given = strstr(notes, " --since 2016-12-31,2017-06-30 -- x.ini\n");
    assert_non_null(given);
    assert_null(strstr(given + 2, "--since"));
    assert_ptr_equal(strstr(notes, "--since"), given + 1);
    assert_true(strstr(notes, "\nlink ") < given && given < strstr(notes, "\nderive "));
    check(state, "c", 0, ""); /* a check publishes nothing and asks no ledger */
    read_file(state, "notes", notes, sizeof notes);
    assert_null(strstr(notes, "--since"));
}

/* Reference dates never go back. */
static void test_out_of_order(void **state)
{
    put_release(state, "2018-06-30", date_make(2018, 6, 30));
    check(state, "", 78, "before that of release 2018-06-30");
    check_notes(state, 0, "");
}

int main(int argc, char **argv)
{
    be_another(argc, argv);
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_since),
        IN_FOLDER(test_out_of_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
