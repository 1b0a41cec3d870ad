/* SPDX-License-Identifier: EUPL-1.2 */
/* A table's CSV file: its text, read back, and refused when a byte of it is not what it must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "structure_fixture.h"
#include "tables/table_csv.h"

#include <unistd.h>

struct made {
    struct rules rules;
    struct cells cells;
    int64_t *counts;
    uint8_t *status;
    struct text csv[2];
    char path[64];
};

static int setup(void **state)
{
    struct made *m = calloc(1, sizeof *m);
    struct err err;
    rules_init(&m->rules);
    fixture_name(m->rules.release, "r1", 2);
    m->rules.reference_date = date_make(2017, 12, 31);
    struct structure *s = &m->rules.structure;
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 1, false);
    fixture_finish(s);
    fixture_variable(s, "origin", "foreign* rest");
    fixture_variable(s, "age", "-24 25+");
    fixture_table(s, "origin", "staff", "origin", -1);
    fixture_table(s, "origin-age", "staff", "origin age", -1);
    assert_int_equal(structure_check(s, &err), 0);
    assert_int_equal(cells_build(&m->cells, s, true, &err), 0);
    m->counts = calloc(m->cells.count, sizeof *m->counts);
    m->status = calloc(m->cells.count, 1);
    assert_non_null(m->counts);
    assert_non_null(m->status);
    for (size_t i = 0; i < m->cells.count; i++)
        m->counts[i] = 10 * (int64_t)i;
    m->status[cell_by_key(&m->cells, "staff|entity:E1|origin=foreign")] = STATUS_CONFIDENTIAL;
    for (size_t t = 0; t < 2; t++)
        assert_int_equal(
            table_csv_write(&m->csv[t], &m->rules, &m->cells, t, m->counts, m->status, &err), 0);
    strcpy(m->path, "/tmp/herkomst-table-XXXXXX");
    int fd = mkstemp(m->path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    *state = m;
    return 0;
}

static int teardown(void **state)
{
    struct made *m = *state;
    (void)unlink(m->path);
    text_release(&m->csv[0]);
    text_release(&m->csv[1]);
    free(m->counts);
    free(m->status);
    cells_release(&m->cells);
    rules_release(&m->rules);
    free(m);
    return 0;
}

static void store(const struct made *m, const char *bytes, size_t length)
{
    FILE *f = fopen(m->path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, length, f), length);
    assert_int_equal(fclose(f), 0);
}

static void test_text(void **state)
{
    struct made *m = *state;
    assert_string_equal(m->csv[0].bytes, "period,level,unit,origin,count,status\n"
                                         "2017-12-31,government,VO,total,0,\n"
                                         "2017-12-31,government,VO,foreign,10,\n"
                                         "2017-12-31,government,VO,rest,20,\n"
                                         "2017-12-31,domain,D1,total,30,\n"
                                         "2017-12-31,domain,D1,foreign,40,\n"
                                         "2017-12-31,domain,D1,rest,50,\n"
                                         "2017-12-31,entity,E1,total,60,\n"
                                         "2017-12-31,entity,E1,foreign,,c\n"
                                         "2017-12-31,entity,E1,rest,80,\n"
                                         "2017-12-31,entity,E2,total,,n\n"
                                         "2017-12-31,entity,E2,foreign,,n\n"
                                         "2017-12-31,entity,E2,rest,,n\n");
    assert_non_null(strstr(m->csv[1].bytes, "2017-12-31,domain,D1,foreign,-24,"));
}

static int read_table(const struct made *m, size_t table, int64_t *counts, uint8_t *status,
                      struct err *err)
{
    return table_csv_read(m->path, &m->rules, &m->cells, table, counts, status, err);
}

static void test_read_back(void **state)
{
    struct made *m = *state;
    struct err err;
    int64_t counts[64];
    uint8_t status[64];
    assert_true(m->cells.count <= 64);
    memset(status, STATUS_UNREAD, sizeof status);
    for (size_t t = 0; t < 2; t++) {
        store(m, m->csv[t].bytes, m->csv[t].length);
        assert_int_equal(read_table(m, t, counts, status, &err), 0);
    }
    for (size_t i = 0; i < m->cells.count; i++) {
        assert_int_equal(status[i], m->status[i]);
        assert_int_equal(counts[i], status[i] ? -1 : m->counts[i]);
    }
}

/* The first `from` of the first table replaced by `to`: refused with this kind, in this line. */
static void refuse(const struct made *m, const char *from, const char *to, enum err_kind kind,
                   long line)
{
    int64_t counts[64];
    uint8_t status[64];
    struct err err;
    struct text changed;
    text_init(&changed);
    memset(status, STATUS_UNREAD, sizeof status);
    store(m, m->csv[1].bytes, m->csv[1].length);
    assert_int_equal(read_table(m, 1, counts, status, &err), 0);
    const char *at = strstr(m->csv[0].bytes, from);
    assert_non_null(at);
    text_append(&changed, m->csv[0].bytes, (size_t)(at - m->csv[0].bytes));
    text_string(&changed, to);
    text_string(&changed, at + strlen(from));
    store(m, changed.bytes, changed.length);
    int rc = read_table(m, 0, counts, status, &err);
    if (rc == 0)
        print_error("accepted: %s -> %s\n", from, to);
    assert_int_equal(rc, -1);
    assert_int_equal(err.kind, kind);
    assert_int_equal(err.line, line);
    assert_true(err.file[0] != '\0');
    text_release(&changed);
}

static void test_refused(void **state)
{
    struct made *m = *state;
    refuse(m, "period,level", "level,period", ERR_DATA, 1);
    refuse(m, ",count,status\n", ",count\n", ERR_DATA, 1);
    refuse(m, "VO,total,0,", "VO,total,1,", ERR_REFUSED, 2);
    refuse(m, "VO,total,0,", "VO,total,,c", ERR_REFUSED, 2);
    refuse(m, "E1,foreign,,c", "E1,foreign,70,", ERR_REFUSED, 9);
    refuse(m, "VO,total,0,", "VO,total,,", ERR_DATA, 2);
    refuse(m, "VO,total,0,", "VO,total,,n", ERR_DATA, 2);
    refuse(m, "VO,total,0,", "VO,total,0,c", ERR_DATA, 2);
    refuse(m, "VO,total,0,", "VO,total,0,x", ERR_DATA, 2);
    refuse(m, "VO,foreign,10,", "VO,foreign,+10,", ERR_DATA, 3);
    refuse(m, "VO,foreign,10,", "VO,foreign,-10,", ERR_DATA, 3);
    refuse(m, "VO,foreign,10,", "VO,foreign,010,", ERR_DATA, 3);
    refuse(m, "VO,foreign,10,", "VO,foreign, 10,", ERR_DATA, 3);
    refuse(m, "VO,foreign,10,", "VO,foreign,10.0,", ERR_DATA, 3);
    refuse(m, "VO,foreign,10,", "VO,foreign,18446744073709551626,", ERR_DATA, 3);
    refuse(m, "VO,foreign,10,", "VO,abroad,10,", ERR_DATA, 3);
    refuse(m, "domain,D1,total", "domain,VO,total", ERR_DATA, 5);
    refuse(m, "domain,D1,total", "entity,D1,total", ERR_DATA, 5);
    refuse(m, "2017-12-31,domain", "2017-12-30,domain", ERR_DATA, 5);
    refuse(m, "E2,total,,n", "E2,total,0,", ERR_DATA, 11);
    refuse(m, "E2,total,,n", "E2,total,,c", ERR_DATA, 11);
    refuse(m, "2017-12-31,domain,D1,rest,50,\n", "", ERR_DATA, 7);
    refuse(m, "2017-12-31,domain,D1,rest,50,\n",
           "2017-12-31,domain,D1,rest,50,\n2017-12-31,domain,D1,rest,50,\n", ERR_DATA, 8);
    refuse(m, "2017-12-31,entity,E2,rest,,n\n", "", ERR_DATA, 0);
    refuse(m, "2017-12-31,entity,E2,rest,,n\n",
           "2017-12-31,entity,E2,rest,,n\n2017-12-31,entity,E2,rest,,n\n", ERR_DATA, 14);
}

static void test_count_parse(void **state)
{
    (void)state;
    assert_int_equal(count_parse("0", 1), 0);
    assert_int_equal(count_parse("999999999999999", 15), 999999999999999);
    assert_int_equal(count_parse("1000000000000000", 16), -1);
    assert_int_equal(count_parse("", 0), -1);
    assert_int_equal(count_parse("00", 2), -1);
    assert_int_equal(count_parse("1e3", 3), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_text, setup, teardown),
        cmocka_unit_test_setup_teardown(test_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
        cmocka_unit_test(test_count_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
