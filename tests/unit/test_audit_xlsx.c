/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of the audit's reading of workbooks (audit/workbook.h): workbooks as the reports write them
 * pass, and one thing changed in a part of one is found. Also: the same view gives the same bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/case.h"
#include "report/xlsx.h"
#include "report_fixture.h"
#include "secure_test.h"

#include <sys/inotify.h>
#include <zip.h>

struct books {
    struct report_world world;
    struct audit_result result;
    struct audit_case c;
    char *folder;
};

static const char *const UNITS[] = {"VO", "D1", "E1", "E2"};

static void begin(struct books *b, void **state)
{
    struct report_world *w = &b->world;
    static const char manifest[] =
        "{\"authorisation\": \"besluit 2004-12-24, art. 8/1\", \"declared\": {}}";
    struct err err;
    char path[64];
    memset(b, 0, sizeof *b);
    report_begin(w);
    fixture_name(w->before.structure.variables[0].definition, "OLD1987", 7);
    report_open(w);
    b->folder = strdup(((struct folder *)*state)->path);
    b->c = (struct audit_case){.folder = b->folder, .result = &b->result};
    b->c.rules = w->rules;
    b->c.cells = w->cells;
    b->c.counts = w->counts;
    b->c.hidden = w->status;
    b->c.turnover = w->turnover;
    put_file(in_folder(state, "manifest.json"), manifest, sizeof manifest - 1, 0600);
    (void)mkdir(in_folder(state, "units"), 0700);
    for (size_t u = 0; u < 4; u++) {
        (void)snprintf(path, sizeof path, "units/%s", UNITS[u]);
        (void)mkdir(in_folder(state, path), 0700);
        (void)snprintf(path, sizeof path, "units/%s/report.xlsx", UNITS[u]);
        if (xlsx_write(in_folder(state, path), &w->view, u, &err) != 0)
            fail_msg("%s", err.text);
    }
}

static void end(struct books *b)
{
    free(b->folder);
    audit_result_release(&b->result);
    report_end(&b->world);
}

static size_t audit(struct books *b)
{
    struct err err = {.kind = ERR_NONE};
    audit_result_release(&b->result);
    if (audit_workbooks(&b->c, NULL, &err) != 0 ||
        audit_workbooks(&b->c, &b->world.past, &err) != 0)
        fail_msg("%s", err.text);
    return b->result.finding_count;
}

static void test_good(void **state)
{
    struct books b;
    begin(&b, state);
    if (audit(&b) != 0)
        fail_msg("%s", b.result.findings[0].text);
    assert_int_equal(b.result.checks[AUDIT_REPORTS].figures[0].count, 4);
    assert_true(b.result.checks[AUDIT_REPORTS].figures[1].count > 80);
    end(&b);
}

static void test_same_bytes(void **state)
{
    static char one[1 << 16], two[1 << 16];
    struct books b;
    struct err err;
    begin(&b, state);
    size_t length = get_file(in_folder(state, "units/E1/report.xlsx"), one, sizeof one);
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
    assert_int_equal(xlsx_write(in_folder(state, "again"), &b.world.view, 2, &err), 0);
    assert_int_equal(unsetenv("TZ"), 0);
    assert_int_equal(get_file(in_folder(state, "again"), two, sizeof two), length);
    assert_memory_equal(one, two, length);
    end(&b);
}

/* Nothing but the workbook itself comes to stand on disk, however shortly. */
static void test_no_other_file(void **state)
{
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    struct books b;
    struct err err;
    begin(&b, state);
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(watch >= 0);
    assert_int_equal(setenv("TMPDIR", b.folder, 1), 0);
    assert_true(inotify_add_watch(watch, b.folder, IN_CREATE) >= 0);
    assert_int_equal(xlsx_write(in_folder(state, "again"), &b.world.view, 2, &err), 0);
    assert_int_equal(unsetenv("TMPDIR"), 0);
    ssize_t length = read(watch, events, sizeof events);
    assert_true(length > 0);
    const struct inotify_event *first = (const struct inotify_event *)events;
    assert_string_equal(first->name, "again");
    assert_int_equal(length, sizeof *first + first->len);
    assert_int_equal(close(watch), 0);
    end(&b);
}

/* Replaces the first `was` in a part of E1's workbook. */
static void change(void **state, const char *part, const char *was, const char *is)
{
    static char content[1 << 18], changed[1 << 18];
    zip_t *zip = zip_open(in_folder(state, "units/E1/report.xlsx"), 0, NULL);
    assert_non_null(zip);
    zip_file_t *file = zip_fopen(zip, part, 0);
    zip_int64_t length = file ? zip_fread(file, content, sizeof content - 1) : -1;
    if (length <= 0)
        fail_msg("no %s", part);
    content[length > 0 ? length : 0] = '\0';
    (void)zip_fclose(file);
    const char *at = strstr(content, was);
    if (!at)
        fail_msg("no %s in %s", was, part);
    (void)snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - content), content, is,
                   at + strlen(was));
    zip_source_t *source = zip_source_buffer(zip, changed, strlen(changed), 0);
    assert_true(zip_file_add(zip, part, source, ZIP_FL_OVERWRITE) >= 0);
    assert_int_equal(zip_close(zip), 0);
}

static const struct {
    const char *part, *was, *is;
} CHANGES[] = {
    {"xl/worksheets/sheet1.xml", "<v>110</v>", "<v>111</v>"},
    {"xl/worksheets/sheet1.xml", "<v>0.136</v>", "<v>0.137</v>"},
    {"xl/worksheets/sheet1.xml", "<v>0.136</v>", "<v>0.13636</v>"},
    {"xl/worksheets/sheet1.xml", "<c r=\"A2\" t=\"s\"><v>", "<c r=\"A2\"><v>"},
    {"xl/worksheets/sheet1.xml", "<v>110</v>", "<f>1+1</f><v>110</v>"},
    {"xl/worksheets/sheet1.xml", "<c r=\"C2\"", "<c r=\"ZZZ2\""},
    {"xl/worksheets/sheet1.xml", "<v>110</v>", "<v>3</v><v>110</v>"},
    {"xl/worksheets/sheet1.xml", "</sheetData>", "<c r=\"A1\"><v>3</v></c></sheetData>"},
    {"xl/worksheets/sheet1.xml", "</sheetData>", "<v>3</v></sheetData>"},
    {"xl/worksheets/sheet2.xml", "<v>12</v>", "<v>13</v>"},
    {"xl/worksheets/sheet2.xml", "<v>0.12</v>", "<v>0.121</v>"},
    {"xl/charts/chart1.xml", "<c:v>0.12</c:v>", "<c:v>0.13</c:v>"},
    {"xl/charts/chart1.xml", "series!$C$2", "figures!$C$2"},
    {"xl/sharedStrings.xml", "staff|entity:E1|origin=foreign", "staff|entity:E2|origin=foreign"},
    {"xl/sharedStrings.xml", "<t>OLD1987</t>", "<t>OLD1988</t>"},
    {"xl/sharedStrings.xml", "<t>cell</t>", "<t>cell 3</t>"},
    {"xl/sharedStrings.xml", "</sst>", "<si><t>three</t></si></sst>"},
    {"docProps/core.xml", "<dc:creator></dc:creator>", "<dc:creator>x</dc:creator>"},
    {"docProps/core.xml", "2017-12-31T00:00:00Z", "2018-01-01T00:00:00Z"},
};

static void test_changes(void **state)
{
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        struct books b;
        begin(&b, state);
        change(state, CHANGES[i].part, CHANGES[i].was, CHANGES[i].is);
        if (audit(&b) == 0)
            fail_msg("%s: %s is not found", CHANGES[i].part, CHANGES[i].is);
        assert_string_equal(b.result.findings[0].file, "units/E1/report.xlsx");
        end(&b);
    }
}

/* Parts that no workbook has, a comment, and what is no archive. */
static void test_archive(void **state)
{
    struct books b;
    begin(&b, state);
    zip_t *zip = zip_open(in_folder(state, "units/E1/report.xlsx"), 0, NULL);
    zip_source_t *source = zip_source_buffer(zip, "x", 1, 0);
    assert_true(zip_file_add(zip, "xl/comments1.xml", source, 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    assert_true(audit(&b) > 0);
    end(&b);
    begin(&b, state);
    zip = zip_open(in_folder(state, "units/E1/report.xlsx"), 0, NULL);
    assert_int_equal(zip_set_archive_comment(zip, "three", 5), 0);
    assert_int_equal(zip_close(zip), 0);
    assert_true(audit(&b) > 0);
    end(&b);
    begin(&b, state);
    put_file(in_folder(state, "units/E1/report.xlsx"), "PK\003\004 and so on", 15, 0600);
    assert_true(audit(&b) > 0);
    end(&b);
}

/* Workbooks are read by several threads: what is found is told unit by unit all the same. */
static void test_order_of_findings(void **state)
{
    struct books b;
    struct err err = {.kind = ERR_NONE};
    char path[64];
    begin(&b, state);
    for (size_t u = 0; u < 4; u++) {
        (void)snprintf(path, sizeof path, "units/%s/report.xlsx", UNITS[u]);
        put_file(in_folder(state, path), "PK", 2, 0600);
    }
    assert_int_equal(audit_workbooks(&b.c, NULL, &err), 0);
    assert_int_equal(b.result.finding_count, 4);
    assert_int_equal(b.result.checks[AUDIT_REPORTS].findings, 4);
    assert_int_equal(b.result.kept, 4);
    for (size_t u = 0; u < 4; u++) {
        (void)snprintf(path, sizeof path, "units/%s/report.xlsx", UNITS[u]);
        assert_string_equal(b.result.findings[u].file, path);
    }
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_good, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_same_bytes, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_no_other_file, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_changes, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_archive, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_order_of_findings, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
