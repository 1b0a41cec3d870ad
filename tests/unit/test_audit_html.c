/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of the audit's reading of pages (audit/pages.h): pages as the reports write them pass, and
 * one number, bar, dot, line, date or stray digit that is changed in them is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/case.h"
#include "report/html.h"
#include "report/paths.h"
#include "report_fixture.h"
#include "secure_test.h"

#include <sys/stat.h>

static const char MANIFEST[] =
    "{\"name\": \"Dienst van de Proef\", \"release\": \"2017-12-31\", \"reference_date\": "
    "\"2017-12-31\", \"authorisation\": \"besluit 2004-12-24, art. 8/1\", \"declared\": "
    "{\"targets\": [{\"share_ppm\": 100000, \"by\": \"2020-12-31\"}]}}";

/* The same with a target that no entity reaches. */
static const char MANIFEST_30[] =
    "{\"name\": \"Dienst van de Proef\", \"release\": \"2017-12-31\", \"reference_date\": "
    "\"2017-12-31\", \"authorisation\": \"besluit 2004-12-24, art. 8/1\", \"declared\": "
    "{\"targets\": [{\"share_ppm\": 300000, \"by\": \"2020-12-31\"}]}}";

struct pages {
    struct report_world world;
    struct audit_result result;
    struct audit_case c;
    struct text entity, index; /* E1's page and the start page */
    char *folder;
};

static void begin_defined(struct pages *p, void **state, const char *definition_then)
{
    struct report_world *w = &p->world;
    struct err err;
    memset(p, 0, sizeof *p);
    report_begin(w);
    fixture_name(w->before.structure.variables[0].definition, definition_then,
                 strlen(definition_then));
    report_open(w);
    w->turnover.joined[report_cell(w, "staff|entity:E1")] = 17;
    w->turnover.left[report_cell(w, "staff|entity:E1")] = 7;
    text_init(&p->entity);
    text_init(&p->index);
    assert_int_equal(report_html_write(&p->entity, &w->view, 2, &err), 0);
    assert_int_equal(index_html_write(&p->index, &w->view, &err), 0);
    p->folder = strdup(((struct folder *)*state)->path);
    p->c = (struct audit_case){.folder = p->folder, .result = &p->result};
    p->c.rules = w->rules;
    p->c.cells = w->cells;
    p->c.counts = w->counts;
    p->c.hidden = w->status;
    p->c.turnover = w->turnover;
    put_file(in_folder(state, "manifest.json"), MANIFEST, sizeof MANIFEST - 1, 0600);
}

static void begin(struct pages *p, void **state)
{
    begin_defined(p, state, "FL2016");
}

static void end(struct pages *p)
{
    text_release(&p->entity);
    text_release(&p->index);
    free(p->folder);
    audit_result_release(&p->result);
    report_end(&p->world);
}

/* All pages in place, E1's being this one; how many findings there are. */
static size_t audit(struct pages *p, void **state, const char *page)
{
    static const char *const units[] = {"VO", "D1", "E1", "E2"};
    struct err err = {.kind = ERR_NONE};
    char path[64];
    (void)mkdir(in_folder(state, "units"), 0700);
    put_file(in_folder(state, "index.html"), p->index.bytes, p->index.length, 0600);
    for (size_t u = 0; u < 4; u++) {
        struct text html;
        text_init(&html);
        assert_int_equal(report_html_write(&html, &p->world.view, u, &err), 0);
        (void)snprintf(path, sizeof path, "units/%s", units[u]);
        (void)mkdir(in_folder(state, path), 0700);
        (void)snprintf(path, sizeof path, "units/%s/report.html", units[u]);
        const char *content = u == 2 ? page : html.bytes;
        put_file(in_folder(state, path), content, strlen(content), 0600);
        text_release(&html);
    }
    audit_result_release(&p->result);
    if (audit_pages(&p->c, NULL, &err) != 0 || audit_pages(&p->c, &p->world.past, &err) != 0)
        fail_msg("%s", err.text);
    return p->result.finding_count;
}

static void test_good(void **state)
{
    struct pages p;
    begin(&p, state);
    if (audit(&p, state, p.entity.bytes) != 0)
        fail_msg("%s", p.result.findings[0].text);
    const struct audit_check *check = &p.result.checks[AUDIT_REPORTS];
    assert_int_equal(check->figures[0].count, 5); /* pages */
    assert_true(check->figures[1].count > 200 && check->figures[2].count > 20);
    end(&p);
}

/* After a change of definition the older one is named, and nothing is compared. */
static void test_other_definition(void **state)
{
    struct pages p;
    begin_defined(&p, state, "OLD1987");
    assert_non_null(strstr(p.entity.bytes, "<b data-is=\"definition\">OLD1987</b>"));
    assert_null(strstr(p.entity.bytes, "data-is=\"change\""));
    if (audit(&p, state, p.entity.bytes) != 0)
        fail_msg("%s", p.result.findings[0].text);
    end(&p);
}

/* Digits that only a translation has are no stray ones. */
static void test_translated_digits(void **state)
{
    struct pages p;
    struct report_world *w = &p.world;
    struct err err;
    begin(&p, state);
    report_end(w);
    report_begin(w);
    struct rules *both[2] = {&w->rules, &w->before};
    for (size_t i = 0; i < 2; i++) {
        struct variable *v = &both[i]->structure.variables[1];
        fixture_name(v->name, "age_band", 8);
        fixture_name(v->categories[1].name, "-24", 3);
    }
    fixture_name(w->variables[1].name, "age_band", 8);
    report_open(w);
    p.c.rules = w->rules;
    p.c.cells = w->cells;
    p.c.counts = w->counts;
    p.c.hidden = w->status;
    p.c.turnover = w->turnover;
    text_clear(&p.entity);
    text_clear(&p.index);
    assert_int_equal(report_html_write(&p.entity, &w->view, 2, &err), 0);
    assert_int_equal(index_html_write(&p.index, &w->view, &err), 0);
    assert_non_null(strstr(p.entity.bytes, "jonger dan 25"));
    if (audit(&p, state, p.entity.bytes) != 0)
        fail_msg("%s", p.result.findings[0].text);
    end(&p);
}

/* What is written in E1's page, and what stands there instead. */
static const struct {
    const char *was, *is;
} CHANGES[] = {
    {"<b data-is=\"s\">13,6%</b>", "<b data-is=\"s\">13,7%</b>"},
    {"<i style=\"--s:13.6\">13,6%</i>", "<i style=\"--s:13.6\">13,7%</i>"},
    {"<b data-is=\"n\">15</b>", "<b data-is=\"n\">16</b>"},
    {"<b data-is=\"n\">15</b>", "<b data-is=\"n\">\u2013</b>"},
    {"<b data-is=\"n\">15</b>", "<b data-is=\"n\">15a</b>"},
    {"<b data-is=\"n\">15</b>", "<b data-is=\"whole\">15</b>"},
    {"<b data-is=\"n\">15</b>", "<b data-is=\"unheard\">15</b>"},
    {"<b data-is=\"n\">15</b>", "<b>15</b>"},
    {"<b data-is=\"change\">+1,6</b>", "<b data-is=\"change\">\u22121,6</b>"},
    {"<b data-is=\"share-then\">12,0%</b>", "<b data-is=\"share-then\">12,1%</b>"},
    {"<b data-is=\"count-then\">12</b>", "<b data-is=\"count-then\">13</b>"},
    {"<b data-is=\"more\">+3</b>", "<b data-is=\"more\">+4</b>"},
    {"<b data-is=\"more\">+3</b>", "<b data-is=\"more\">\u22123</b>"},
    {"<b data-is=\"more\">+3</b>", "<b data-is=\"more\">\u2013</b>"},
    {"<b data-is=\"joined\">17</b>", "<b data-is=\"joined\">18</b>"},
    {"<b data-is=\"left\">7</b>", "<b data-is=\"left\">8</b>"},
    {"<b data-is=\"plus\">9</b>", "<b data-is=\"plus\">8</b>"},
    {"<b data-is=\"upper\">21,8%</b>", "<b data-is=\"upper\">21,9%</b>"},
    {"<b data-is=\"target\">10%</b>", "<b data-is=\"target\">11%</b>"},
    {"data-target=\"100000\"", "data-target=\"110000\""},
    {"data-of=\"staff|entity:E1\"", "data-of=\"staff|entity:E2\""},
    {"data-of=\"staff|entity:E1\"", "data-of=\"staff|entity:E9\""},
    {"data-add=\"origin=foreign\"", "data-add=\"origin=belgian\""},
    {"data-add=\"origin=foreign\"", "data-add=\"origin=x\""},
    {"data-add=\"origin=foreign\"", "data-add=\"\""},
    {";--m:", ";--t:"},
    {";--m:", ";--m:x"},
    {"data-is=\"bar\" x=\"0\" y=\"8\" width=\"", "data-is=\"bar\" x=\"0\" y=\"8\" width=\"1"},
    {"style=\"--s:13.6\"", "style=\"--s:13.5\""},
    {"style=\"--s:13.6\"", "style=\"--t:13\""},
    {"data-is=\"point\" class=\"run\" cx=\"65\" cy=\"",
     "data-is=\"point\" class=\"run\" cx=\"65\" cy=\"1"},
    {"<path class=\"run\" d=\"M65", "<path class=\"run\" d=\"M66"},
    {"<tspan data-is=\"axis\">15%", "<tspan data-is=\"axis\">16%"},
    {"<tspan data-is=\"axis\">0%", "<tspan data-is=\"axis\">5%"},
    {"<tspan data-is=\"year\" data-at=\"2016-12-31\">2016",
     "<tspan data-is=\"year\" data-at=\"2016-12-31\">2015"},
    {"<b data-is=\"definition\">FL2016", "<b data-is=\"definition\">FL2015"},
    {"<tspan data-is=\"year\">2017", "<tspan data-is=\"year\">2016"},
    {"datetime=\"2017-12-31\">31", "datetime=\"2017-12-31\">30"},
    {"<h2>", "<h2>3 "},
    {"<h2>", "<h2 title=\"3\">"},
    {"<h2>", "<h2>1&#56;"}, /* each digit by itself stands in a name, 18 does not */
    {"<h2>", "<a href=\"x?3\">x</a><h2>"},
    {"<h2>", "<a tabindex=\"3\">x</a><h2>"},
    {"initial-scale=1", "initial-scale=3"},
    {"data-is=\"level\" d=\"M50 90", "data-is=\"level\" d=\"M50 91"},
    {"data-is=\"level\" d=\"M50 90", "data-is=\"level\" d=\"M50 -9223372036854775808"},
    {"<h2>", "<b data-is=\"level\">3</b><h2>"},
    {"<h2>", "<b data-is=\"bar\" width=\"680\">3</b><h2>"},
    {"data-is=\"bar\" x=\"0\" y=\"8\"", "x=\"0\" y=\"8\""}, /* a bar without its mark */
    {"data-is=\"point\" class=\"run\"", "class=\"run\""},
    {"<h2>", "<script>x</script><h2>"},
    {"<h2>", "<!-- three --><h2>"},
    {"<!DOCTYPE html>", "<!DOCTYPE html [<!ENTITY x \"3\">]>"},
    {"</main>", "</div>"},
};

static void test_changes(void **state)
{
    struct pages p;
    begin(&p, state);
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        struct text changed;
        const char *at = strstr(p.entity.bytes, CHANGES[i].was);
        if (!at)
            fail_msg("no %s in the page", CHANGES[i].was);
        text_init(&changed);
        text_append(&changed, p.entity.bytes, (size_t)(at - p.entity.bytes));
        text_string(&changed, CHANGES[i].is);
        text_string(&changed, at + strlen(CHANGES[i].was));
        if (audit(&p, state, changed.bytes) == 0)
            fail_msg("%s is not found", CHANGES[i].is);
        for (size_t k = 0; k < p.result.kept; k++)
            assert_string_equal(p.result.findings[k].file, "units/E1/report.html");
        text_release(&changed);
    }
    end(&p);
}

/* The list of entities closest to a target, on the index: E1 has 15 of 110. */
static void test_nearest(void **state)
{
    static const struct {
        const char *was, *is;
    } changes[] = {
        {"<td data-is=\"gap\">18</td>", "<td data-is=\"gap\">17</td>"},
        {"<td data-is=\"gap\">18</td>", "<td data-is=\"growth\">18</td>"},
        {"<td data-is=\"gap\">18</td>", "<td>18</td>"},
        {"<td data-is=\"n\">15</td>", "<td data-is=\"n\">16</td>"},
        {"<td data-is=\"s\">13,6%</td>", "<td data-is=\"s\">13,7%</td>"},
        {"data-of=\"staff|entity:E1\"", "data-of=\"staff|entity:E2\""},
        {"data-target=\"300000\"><th>", "data-target=\"310000\"><th>"},
        {"<b data-is=\"target\">30%</b>", "<b data-is=\"target\">31%</b>"},
    };
    struct pages p;
    struct text entity, index;
    struct err err;
    begin(&p, state);
    p.world.target.target_ppm = 300000;
    text_init(&entity);
    text_init(&index);
    assert_int_equal(report_html_write(&entity, &p.world.view, 2, &err), 0);
    assert_int_equal(index_html_write(&index, &p.world.view, &err), 0);
    put_file(in_folder(state, "manifest.json"), MANIFEST_30, sizeof MANIFEST_30 - 1, 0600);
    text_clear(&p.index);
    text_string(&p.index, index.bytes);
    if (audit(&p, state, entity.bytes) != 0)
        fail_msg("%s", p.result.findings[0].text);
    const char *list = strstr(index.bytes, "<div class=\"cards near\">");
    assert_non_null(list);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const char *at = strstr(list, changes[i].was);
        if (!at)
            fail_msg("no %s in the list", changes[i].was);
        text_clear(&p.index);
        text_append(&p.index, index.bytes, (size_t)(at - index.bytes));
        text_string(&p.index, changes[i].is);
        text_string(&p.index, at + strlen(changes[i].was));
        if (audit(&p, state, entity.bytes) == 0)
            fail_msg("%s is not found", changes[i].is);
    }
    text_release(&entity);
    text_release(&index);
    end(&p);
}

/* A page that was made of other counts: whatever its hidden ones are, what it shows must fit. */
static void test_other_counts(void **state)
{
    struct pages p;
    begin(&p, state);
    p.world.counts[report_cell(&p.world, "staff|entity:E1|origin=foreign")]++;
    assert_true(audit(&p, state, p.entity.bytes) > 0);
    end(&p);
}

/* Nothing is compared across a break. */
static void test_break(void **state)
{
    struct pages p;
    begin(&p, state);
    fixture_name(p.world.past.releases[0].rules.structure.variables[0].definition, "FL2014", 6);
    assert_true(audit(&p, state, p.entity.bytes) > 0);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_good, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_other_definition, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_translated_digits, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_changes, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_nearest, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_other_counts, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(test_break, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
