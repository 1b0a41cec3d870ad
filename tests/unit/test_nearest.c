/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of the list of entities closest to a target, on the index
 * (pipeline/report/page_nearest.c): who is in it, in which order, and when there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/html.h"
#include "report_fixture.h"

static const char TITLE[] = "<h2>Closest to the target</h2>";

/* Whose figures and targets changed since report_open; E2's are shown unless hidden. */
static void reopen(struct report_world *w, bool hidden)
{
    struct err err;
    w->status[report_cell(w, "staff|entity:E2|origin=foreign")] = hidden;
    view_close(&w->view);
    assert_int_equal(view_open(&w->view, &w->rules, &w->cells, w->counts, w->status, &w->turnover,
                               &w->past, &w->config, &err),
                     0);
}

static void check_row(const char *html, const char *entity, const char *figures)
{
    char row[240];
    (void)snprintf(row, sizeof row,
                   "<tr data-of=\"staff|entity:%s\" data-add=\"origin=foreign\" "
                   "data-target=\"200000\"><th>%s</th>%s</tr>\n",
                   entity, entity, figures);
    if (strncmp(html, row, strlen(row)) != 0)
        fail_msg("%.200s, %s expected", html, row);
}

/* The rows of the list in English, or NULL; the page is the caller's. */
static const char *rows_of(struct report_world *w, struct text *page)
{
    struct err err;
    text_init(page);
    assert_int_equal(index_html_write(page, &w->view, &err), 0);
    const char *at = strstr(page->bytes, TITLE);
    if (!at)
        return NULL;
    at = strstr(at, "<tbody>\n");
    assert_non_null(at);
    return at + strlen("<tbody>\n");
}

static void check_none(struct report_world *w)
{
    struct text page;
    assert_null(rows_of(w, &page));
    text_release(&page);
}

#define E1_ROW "<td data-is=\"s\">13.6%</td><td data-is=\"n\">15</td><td data-is=\"gap\">7</td>"
#define E2_ROW "<td data-is=\"s\">13.5%</td><td data-is=\"n\">7</td><td data-is=\"gap\">4</td>"

/* E1 has 15 of 110, E2 7 of 52: the target of 20 % takes 7 and 4 more in the place of others. */
static void test_order(void **state)
{
    (void)state;
    struct report_world w;
    report_begin(&w);
    w.target.target_ppm = 200000;
    report_open(&w);
    reopen(&w, false);
    struct text page;
    const char *rows = rows_of(&w, &page);
    assert_non_null(rows);
    check_row(rows, "E2", E2_ROW);
    rows = strchr(rows, '\n') + 1;
    check_row(rows, "E1", E1_ROW);
    assert_ptr_equal(strstr(rows, "</tbody>"), strchr(rows, '\n') + 1);
    text_release(&page);
    report_end(&w);
}

/* Equal gaps: the order of the units. 4 of 52 at E2 takes 7 more, as E1 does. */
static void test_same_gap(void **state)
{
    (void)state;
    struct report_world w;
    struct text page;
    report_begin(&w);
    w.target.target_ppm = 200000;
    report_open(&w);
    w.counts[report_cell(&w, "staff|entity:E2|origin=foreign")] = 4;
    reopen(&w, false);
    const char *rows = rows_of(&w, &page);
    assert_non_null(rows);
    check_row(rows, "E1", E1_ROW);
    check_row(strchr(rows, '\n') + 1, "E2",
              "<td data-is=\"s\">7.7%</td><td data-is=\"n\">4</td><td data-is=\"gap\">7</td>");
    text_release(&page);
    report_end(&w);
}

/* What a hidden count is changes nothing: the page is the same, and E2 not in the list. */
static void test_hidden(void **state)
{
    (void)state;
    struct report_world w;
    struct text pages[2];
    report_begin(&w);
    w.target.target_ppm = 200000;
    report_open(&w);
    for (size_t i = 0; i < 2; i++) {
        w.counts[report_cell(&w, "staff|entity:E2|origin=foreign")] = i == 0 ? 7 : 10;
        reopen(&w, true);
        const char *rows = rows_of(&w, &pages[i]);
        assert_non_null(rows);
        check_row(rows, "E1", E1_ROW);
        assert_ptr_equal(strstr(rows, "</tbody>"), strchr(rows, '\n') + 1);
    }
    assert_string_equal(pages[0].bytes, pages[1].bytes);
    text_release(&pages[0]);
    text_release(&pages[1]);
    report_end(&w);
}

/* Reached by all whose figures are shown, or no target at all: no list. The first target of a share
 * is the one that counts. */
static void test_none(void **state)
{
    (void)state;
    struct report_world w;
    struct target_config targets[2];
    report_begin(&w);
    report_open(&w);
    reopen(&w, false);
    check_none(&w); /* both have more than 10 % */
    targets[0] = targets[1] = w.target;
    targets[1].target_ppm = 200000;
    w.config.targets = targets;
    w.config.target_count = 2;
    check_none(&w);
    w.config.target_count = 0;
    check_none(&w);
    report_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_same_gap),
        cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
