/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of report/indicators.h and report/data_csv.h: rows by hand, and that a hidden count and
 * what follows from it stand nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/data_csv.h"
#include "report/indicators.h"
#include "report_fixture.h"

static void has(const struct text *csv, const char *row)
{
    const char *at = strstr(csv->bytes, row);
    if (!at || at[-1] != '\n' || at[strlen(row)] != '\n')
        fail_msg("no row %s in\n%s", row, csv->bytes);
}

static void write_all(struct report_world *w, struct text *csv)
{
    struct err err;
    text_init(csv);
    assert_int_equal(indicators_write(csv, &w->view, &err), 0);
}

static void test_rows(void **state)
{
    (void)state;
    struct report_world w;
    struct text csv;
    report_begin(&w);
    report_open(&w);
    write_all(&w, &csv);
    static const char header[] = "period,level,unit,indicator,numerator,denominator,share,"
                                 "previous_share,change_pp,target,gap,status\n";
    assert_memory_equal(csv.bytes, header, sizeof header - 1);
    has(&csv, "2017-12-31,government,VO,staff:origin=foreign,22,162,13.6,12.0,1.6,,,");
    has(&csv, "2017-12-31,entity,E1,staff:origin=foreign,15,110,13.6,12.0,1.6,,,");
    has(&csv, "2017-12-31,entity,E1,target:foreign,15,110,13.6,12.0,1.6,10.0,-4,");
    has(&csv, "2017-12-31,entity,E1,target:foreign:growth,15,110,13.6,12.0,1.6,10.0,-4,");
    /* E2's is hidden: no share, no change, no gap; the head count stays. */
    has(&csv, "2017-12-31,entity,E2,staff:origin=foreign,,52,,,,,,c");
    has(&csv, "2017-12-31,entity,E2,staff:origin=unknown,4,52,7.7,8.0,-0.3,,,");
    has(&csv, "2017-12-31,entity,E2,target:foreign,,52,,,,10.0,,c");
    assert_null(strstr(csv.bytes, "staff:sex=total"));
    text_release(&csv);
    report_end(&w);
}

static void test_breaks(void **state)
{
    (void)state;
    struct report_world w;
    struct text csv;
    report_begin(&w);
    fixture_name(w.before.structure.variables[0].definition, "FL2014", 6);
    report_open(&w);
    write_all(&w, &csv);
    has(&csv, "2017-12-31,government,VO,staff:origin=foreign,22,162,13.6,,,,,");
    text_release(&csv);
    report_end(&w);
}

static void test_not_delivered(void **state)
{
    (void)state;
    struct report_world w;
    struct text csv;
    struct err err;
    report_begin(&w);
    w.rules.structure.units[3].delivered = false;
    fixture_finish(&w.rules.structure);
    report_open(&w);
    write_all(&w, &csv);
    has(&csv, "2017-12-31,entity,E2,staff:origin=foreign,,,,,,,,n");
    has(&csv, "2017-12-31,entity,E2,target:foreign,,,,,,10.0,,n");
    text_clear(&csv);
    assert_int_equal(data_csv_write(&csv, &w.view, 3, &err), 0);
    assert_string_equal(csv.bytes, "period,level,unit,origin,sex,count,status,population\n");
    text_release(&csv);
    report_end(&w);
}

static void test_benchmark(void **state)
{
    (void)state;
    struct report_world w;
    struct text csv;
    struct benchmark_config benchmark = {.name = "working-age",
                                         .share = {.among_variable = -1, .among_category = -1},
                                         .share_ppm = 272000};
    report_begin(&w);
    w.config.benchmarks = &benchmark;
    w.config.benchmark_count = 1;
    report_open(&w);
    write_all(&w, &csv);
    has(&csv, "2017-12-31,entity,E1,benchmark:working-age,15,110,13.6,12.0,1.6,27.2,15,");
    text_release(&csv);
    report_end(&w);
}

/* Whatever the hidden counts are, the bytes are the same. */
static void test_hidden_counts(void **state)
{
    (void)state;
    struct report_world w;
    struct text one, other;
    struct err err;
    report_begin(&w);
    report_open(&w);
    write_all(&w, &one);
    assert_int_equal(data_csv_write(&one, &w.view, 3, &err), 0);
    for (size_t i = 0; i < w.cells.count; i++)
        if (w.status[i])
            w.counts[i] += 3;
    view_close(&w.view);
    assert_int_equal(view_open(&w.view, &w.rules, &w.cells, w.counts, w.status, &w.turnover,
                               &w.past, &w.config, &err),
                     0);
    write_all(&w, &other);
    assert_int_equal(data_csv_write(&other, &w.view, 3, &err), 0);
    assert_string_equal(one.bytes, other.bytes);
    has(&other, "2017-12-31,entity,E2,foreign,total,,c,staff");
    has(&other, "2017-12-31,entity,E2,unknown,total,4,,staff");
    has(&other, "2017-12-31,entity,E2,total,total,52,,staff");
    text_release(&one);
    text_release(&other);
    report_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),          cmocka_unit_test(test_breaks),
        cmocka_unit_test(test_not_delivered), cmocka_unit_test(test_benchmark),
        cmocka_unit_test(test_hidden_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
