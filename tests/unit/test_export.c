/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of export/: what τ-ARGUS and sdcTable are given of a small government, bundles as frames
 * and archives. Whole exports are read back by tests/e2e/check_export.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "export/axis.h"
#include "export/export.h"
#include "io/artefacts.h"
#include "past_fixture.h"
#include "sdc/primary.h"
#include "secure/zonefile.h"
#include "secure_test.h"

#include <zip.h>

/* Domain D has an entity of its own code and one that was not delivered; E is the only one of F. */
struct world {
    struct rules rules;
    struct cells cells;
    int64_t *counts;
    uint8_t *unsafe;
    struct bundle bundle;
};

static int64_t leaf(void *context, size_t table, int unit, const uint16_t *categories)
{
    (void)context, (void)table;
    return unit == 3 ? categories[0] : 10 * categories[0]; /* 2 eu, 3 other, 4 belgian; or tens */
}

static void open_world(struct world *w)
{
    struct err err = {.kind = ERR_NONE};
    memset(w, 0, sizeof *w);
    fixture_dated(&w->rules, "2017-12-31", date_make(2017, 12, 31));
    disclosure_defaults(&w->rules.disclosure);
    struct structure *s = &w->rules.structure;
    fixture_unit(s, LEVEL_GOVERNMENT, "G", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D", 0, true);
    fixture_unit(s, LEVEL_DOMAIN, "F", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "D", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "N", 1, false);
    fixture_unit(s, LEVEL_ENTITY, "E", 2, true);
    fixture_finish(s);
    fixture_variable(s, "origin", "foreign* eu<foreign other<foreign belgian*");
    fixture_variable(s, "sex", "f m");
    fixture_table(s, "by-origin", "staff", "origin", -1);
    assert_int_equal(cells_build(&w->cells, s, true, &err), 0);
    w->counts = calloc(w->cells.count, sizeof *w->counts);
    w->unsafe = calloc(w->cells.count, 1);
    assert_int_equal(cells_sum_up(&w->cells, w->counts, leaf, NULL, &err), 0);
    assert_int_equal(
        primary_find(w->unsafe, &w->cells, w->counts, &w->rules.disclosure, NULL, &err), 0);
    bundle_init(&w->bundle);
}

static void close_world(struct world *w)
{
    bundle_release(&w->bundle);
    free(w->unsafe);
    free(w->counts);
    cells_release(&w->cells);
    rules_release(&w->rules);
}

static const char *content(const struct bundle *b, const char *name)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->files[i].name, name) == 0)
            return b->files[i].content.bytes;
    fail_msg("no file %s", name);
    return NULL;
}

static void export_as(struct world *w, enum export_format format)
{
    struct err err = {.kind = ERR_NONE};
    const struct export_source source = {&w->rules, &w->cells, w->counts, w->unsafe};
    assert_int_equal(export_tables(&w->bundle, &source, format, &err), 0);
}

static void test_tauargus(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    export_as(&w, EXPORT_TAUARGUS);
    assert_string_equal(content(&w.bundle, "unit.hrc"),
                        "domain:D\n@entity:D\ndomain:F\n@entity:E\n");
    assert_string_equal(content(&w.bundle, "origin.hrc"), "foreign\n@eu\n@other\nbelgian\n");
    assert_string_equal(
        content(&w.bundle, "by-origin.rda"),
        "<SEPARATOR> \",\"\n<SAFE> \"s\"\n<UNSAFE> \"u\"\n<PROTECT> \"p\"\n"
        "unit\n    <RECODEABLE>\n    <TOTCODE> \"government:G\"\n    <HIERARCHICAL>\n"
        "    <HIERCODELIST> \"unit.hrc\"\n    <HIERLEADSTRING> \"@\"\n"
        "origin\n    <RECODEABLE>\n    <TOTCODE> \"total\"\n    <HIERARCHICAL>\n"
        "    <HIERCODELIST> \"origin.hrc\"\n    <HIERLEADSTRING> \"@\"\n"
        "count\n    <NUMERIC>\n    <DECIMALS> 0\npopulation\n    <FREQUENCY>\n"
        "status\n    <STATUS>\n");
    const char *table = content(&w.bundle, "by-origin.tab");
    assert_non_null(strstr(table, "government:G,total,99,99,p\n"));
    /* eu itself is not on the list: the threshold asks nothing of it */
    assert_non_null(strstr(table, "entity:D,total,9,9,p\nentity:D,foreign,5,5,s\n"
                                  "entity:D,eu,2,2,s\nentity:D,other,3,3,s\n"
                                  "entity:D,belgian,4,4,u\n"));
    assert_null(strstr(table, "entity:N"));
    /* sex stands in no table */
    for (size_t i = 0; i < w.bundle.count; i++)
        assert_null(strstr(w.bundle.files[i].name, "sex"));
    close_world(&w);
}

static void test_sdctable(void **state)
{
    (void)state;
    struct world w;
    open_world(&w);
    export_as(&w, EXPORT_SDCTABLE);
    assert_string_equal(content(&w.bundle, "hierarchies/unit.csv"),
                        "level,code\n@,government:G\n@@,domain:D\n@@@,entity:D\n@@,domain:F\n"
                        "@@@,entity:E\n");
    assert_string_equal(content(&w.bundle, "cells/by-origin.csv"),
                        "unit,origin,count\nentity:D,eu,2\nentity:D,other,3\nentity:D,belgian,4\n"
                        "entity:E,eu,20\nentity:E,other,30\nentity:E,belgian,40\n");
    /* Both entities are the only ones that were delivered: the cell goes by the domain's code. */
    const char *status = content(&w.bundle, "status/by-origin.csv");
    assert_non_null(strstr(status, "domain:D,total,z\n"));
    assert_non_null(strstr(status, "domain:D,belgian,u\n"));
    assert_null(strstr(status, "entity:"));
    assert_non_null(strstr(content(&w.bundle, "protect.R"),
                           "protect(\"by-origin\", c(\"unit\", \"origin\"))\n"));
    close_world(&w);
}

static void test_format(void **state)
{
    (void)state;
    enum export_format format = EXPORT_SDCTABLE;
    struct err err = {.kind = ERR_NONE};
    assert_int_equal(export_format_parse("tauargus", &format, &err), 0);
    assert_int_equal(format, EXPORT_TAUARGUS);
    assert_int_equal(export_format_parse("Tauargus", &format, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_int_equal(export_format_parse(NULL, &format, &err), -1);
}

static void fill(struct bundle *b)
{
    struct err err;
    bundle_init(b);
    text_string(bundle_add(b, "a.txt", &err), "one\n");
    text_string(bundle_add(b, "folder/\xcf\x84.txt", &err), "");
    text_string(bundle_add(b, "same.txt", &err), "one\n");
}

/* A zone file of a bundle, opened by its recipient. */
static void test_file(void **state)
{
    struct bundle b;
    struct frame f;
    struct recipient who, other;
    struct zone_writer *writer = NULL;
    struct text archive, again;
    struct err err = {.kind = ERR_NONE};
    const char *path = in_folder(state, "x.zone");
    fill(&b);
    frame_init(&f, "files");
    text_init(&archive);
    text_init(&again);
    assert_int_equal(recipient_generate(&who, &err), 0);
    assert_int_equal(recipient_generate(&other, &err), 0);
    assert_int_equal(bundle_to_frame(&b, &f, &err), 0);
    assert_int_equal(zone_create(&writer, path, ZONE_COUNTS, ARTEFACT_EXPORT, "2017-12-31",
                                 who.public_key, &err),
                     0);
    struct sink sink = zone_sink(writer);
    assert_int_equal(frame_write(&f, &sink, &err), 0);
    assert_int_equal(zone_commit(&writer, &err), 0);
    assert_int_equal(export_open(path, &other, &archive, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
    assert_int_equal(archive.length, 0);
    assert_int_equal(export_open(path, &who, &archive, &err), 0);
    assert_int_equal(bundle_zip(&b, &again, &err), 0);
    assert_int_equal(archive.length, again.length);
    assert_memory_equal(archive.bytes, again.bytes, again.length);
    text_release(&archive);
    text_release(&again);
    recipient_release(&who);
    recipient_release(&other);
    frame_release(&f);
    bundle_release(&b);
}

static void test_archive(void **state)
{
    (void)state;
    struct bundle b;
    struct text archive;
    struct err err;
    zip_error_t fault;
    zip_stat_t stat;
    char read[16];
    fill(&b);
    text_init(&archive);
    assert_int_equal(bundle_zip(&b, &archive, &err), 0);
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(archive.bytes, archive.length, 0, &fault);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &fault);
    assert_non_null(zip);
    assert_int_equal(zip_get_num_entries(zip, 0), 3);
    for (size_t i = 0; i < b.count; i++) {
        assert_int_equal(zip_stat_index(zip, i, 0, &stat), 0);
        assert_string_equal(stat.name, b.files[i].name);
        zip_file_t *file = zip_fopen_index(zip, i, 0);
        assert_int_equal(zip_fread(file, read, sizeof read), b.files[i].content.length);
        if (b.files[i].content.length)
            assert_memory_equal(read, b.files[i].content.bytes, b.files[i].content.length);
        (void)zip_fclose(file);
    }
    zip_discard(zip);
    text_release(&archive);
    bundle_release(&b);
}

/* Frames of somebody's that hold no files. */
static void test_refused(void **state)
{
    (void)state;
    struct frame f;
    struct bundle b;
    struct err err = {.kind = ERR_NONE};
    bundle_init(&b);
    frame_init(&f, "files");
    assert_int_equal(bundle_from_frame(&b, &f, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    struct column *name = frame_add_coded(&f, "name", &err);
    assert_non_null(frame_add_coded(&f, "content", &err));
    assert_int_equal(frame_resize(&f, 1, &err), 0);
    assert_int_equal(column_put_word(name, 0, "a", 1, &err), 0);
    assert_int_equal(bundle_from_frame(&b, &f, &err), -1); /* no content */
    assert_int_equal(err.kind, ERR_DATA);
    frame_release(&f);
    bundle_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tauargus),
        cmocka_unit_test(test_sdctable),
        cmocka_unit_test(test_format),
        cmocka_unit_test_setup_teardown(test_file, folder_setup, folder_teardown),
        cmocka_unit_test(test_archive),
        cmocka_unit_test(test_refused),
    };
    if (secret_setup(NULL) != 0)
        return 1;
    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
