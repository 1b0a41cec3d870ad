/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of tables/turnover_csv.h: the file as it is written, read back, and refused otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "past_fixture.h"
#include "secure_test.h"
#include "tables/turnover_csv.h"

struct system {
    struct rules rules;
    struct cells cells;
    struct turnover turnover;
};

static void open_system(struct system *s, bool public_head_counts)
{
    static const date dates[2] = {17347, 17712}; /* 2017-06-30, 2018-06-30 */
    struct err err;
    fixture_dated(&s->rules, "r1", date_make(2017, 12, 31));
    struct structure *t = &s->rules.structure;
    fixture_unit(t, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(t, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(t, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(t, LEVEL_ENTITY, "E2", 1, false);
    fixture_finish(t);
    fixture_variable(t, "unused", "a b");
    fixture_variable(t, "origin", "foreign* belgian*");
    fixture_variable(t, "sex", "f m");
    fixture_variable(t, "grade", "A B");
    fixture_table(t, "origin-sex", "staff", "origin sex", -1);
    fixture_table(t, "grade", "managers", "grade", -1);
    assert_int_equal(cells_build(&s->cells, t, public_head_counts, &err), 0);
    assert_int_equal(
        turnover_open(&s->turnover, &s->cells, s->rules.reference_date, dates, 2, &err), 0);
    for (size_t d = 0, n = 1; d < 2; d++)
        for (size_t i = 0; i < s->cells.count; i++)
            if (turnover_is_group(&s->cells, i)) {
                s->turnover.joined[d * s->cells.count + i] = (int64_t)n++;
                s->turnover.left[d * s->cells.count + i] = (int64_t)(100 * n);
            }
}

static void close_system(struct system *s)
{
    turnover_close(&s->turnover);
    cells_release(&s->cells);
    rules_release(&s->rules);
}

static void write_file(struct text *out, const struct system *s)
{
    struct err err;
    text_init(out);
    assert_int_equal(turnover_csv_write(out, &s->rules, &s->cells, &s->turnover, &err), 0);
}

static void test_written_form(void **state)
{
    (void)state;
    static const char expected[] = "period,level,unit,sex,grade,joined,left,population\n"
                                   "2017-06-30/2017-12-31,government,VO,total,total,1,200,staff\n"
                                   "2017-06-30/2017-12-31,government,VO,f,total,2,300,staff\n"
                                   "2017-06-30/2017-12-31,government,VO,m,total,3,400,staff\n"
                                   "2017-06-30/2017-12-31,domain,D1,total,total,4,500,staff\n"
                                   "2017-06-30/2017-12-31,domain,D1,f,total,5,600,staff\n";
    struct system s;
    struct text file;
    open_system(&s, true);
    write_file(&file, &s);
    assert_memory_equal(file.bytes, expected, sizeof expected - 1);
    assert_non_null(strstr(file.bytes,
                           "\n2017-06-30/2017-12-31,entity,E1,total,B,18,1900,managers\n"
                           "2017-12-31/2018-06-30,government,VO,total,total,19,"));
    assert_null(strstr(file.bytes, "E2")); /* was not delivered */
    assert_null(strstr(file.bytes, "foreign"));
    text_release(&file);
    close_system(&s);

    open_system(&s, false); /* nothing is public */
    write_file(&file, &s);
    assert_string_equal(file.bytes, "period,level,unit,sex,grade,joined,left,population\n");
    text_release(&file);
    close_system(&s);
}

static int read_text(void **state, const struct system *s, const char *bytes, size_t length,
                     struct turnover *t, struct err *err)
{
    const char *path = in_folder(state, "turnover.csv");
    (void)unlink(path);
    put_file(path, bytes, length, 0600);
    return turnover_csv_read(path, &s->rules, &s->cells, t, err);
}

static void test_read_back(void **state)
{
    struct system s;
    struct turnover t;
    struct text file;
    struct err err;
    open_system(&s, true);
    write_file(&file, &s);
    assert_int_equal(read_text(state, &s, file.bytes, file.length, &t, &err), 0);
    assert_int_equal(t.count, 2);
    assert_memory_equal(t.dates, s.turnover.dates, 2 * sizeof *t.dates);
    assert_memory_equal(t.joined, s.turnover.joined, 2 * s.cells.count * sizeof *t.joined);
    assert_memory_equal(t.left, s.turnover.left, 2 * s.cells.count * sizeof *t.left);
    turnover_close(&t);
    /* A first release: the header alone. */
    size_t header = (size_t)(strchr(file.bytes, '\n') - file.bytes) + 1;
    assert_int_equal(read_text(state, &s, file.bytes, header, &t, &err), 0);
    assert_int_equal(t.count, 0);
    turnover_close(&t);
    /* Cut anywhere between rows, it lacks head counts, except after a whole period. */
    size_t whole = 0;
    for (size_t i = header; i < file.length; i++)
        if (file.bytes[i - 1] == '\n') {
            int rc = read_text(state, &s, file.bytes, i, &t, &err);
            whole += rc == 0;
            turnover_close(&t);
        }
    assert_int_equal(whole, 2);
    text_release(&file);
    close_system(&s);
}

static void test_refused(void **state)
{
    static const char *const changes[][2] = {
        {"level,unit", "unit,level"},
        {"joined,left", "left,joined"},
        {",grade,", ",level2,"},
        {",population", ""},
        {"2017-06-30/2017-12-31,government,VO,total", "2017-06-30/2017-12-30,government,VO,total"},
        {"2017-06-30/2017-12-31,government,VO,total", "2017-12-31/2017-06-30,government,VO,total"},
        {"2017-06-30/2017-12-31,government,VO,total", "2017-12-31/2017-12-31,government,VO,total"},
        {"2017-06-30/2017-12-31,government,VO,total", "2017-06-31/2017-12-31,government,VO,total"},
        {"2017-06-30/2017-12-31,government,VO,total", "2017-6-30/2017-12-31,government,VO,total"},
        {"2017-06-30/2017-12-31,government,VO,f", "2017-06-29/2017-12-31,government,VO,f"},
        {"2017-12-31/2018-06-30,government,VO,total,total",
         "2017-05-31/2017-12-31,government,VO,total,total"},
        {"2017-12-31/2018-06-30,government,VO,total,total",
         "2017-06-30/2017-12-31,government,VO,total,total"},
        {"government,VO,f,total,2", "government,VO,m,total,2"},
        {"government,VO,f,total,2", "domain,VO,f,total,2"},
        {"government,VO,f,total,2", "government,D1,f,total,2"},
        {"VO,f,total,2,300,staff", "VO,f,total,2,300,managers"},
        {"VO,f,total,2,300,", "VO,f,total,02,300,"},
        {"VO,f,total,2,300,", "VO,f,total,-2,300,"},
        {"VO,f,total,2,300,", "VO,f,total,2,,"},
        {"VO,f,total,2,300,", "VO,f,total,2,1e3,"},
    };
    struct system s;
    struct turnover t;
    struct text file;
    struct err err;
    open_system(&s, true);
    write_file(&file, &s);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct text changed;
        const char *at = strstr(file.bytes, changes[i][0]);
        assert_non_null(at);
        text_init(&changed);
        text_append(&changed, file.bytes, (size_t)(at - file.bytes));
        text_string(&changed, changes[i][1]);
        text_string(&changed, at + strlen(changes[i][0]));
        if (read_text(state, &s, changed.bytes, changed.length, &t, &err) == 0)
            fail_msg("accepted: %s", changes[i][1]);
        assert_int_equal(err.kind, ERR_DATA);
        assert_string_equal(err.file, "turnover.csv");
        turnover_close(&t);
        text_release(&changed);
    }
    close_system(&s);

    open_system(&s, false); /* rows where nothing is public */
    assert_int_equal(read_text(state, &s, file.bytes, file.length, &t, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    turnover_close(&t);
    text_release(&file);
    close_system(&s);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_form),
        IN_FOLDER(test_read_back),
        IN_FOLDER(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
