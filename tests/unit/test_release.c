/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/release.h: reading the protected tables, and the files that are made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "release_fixture.h"
#include "report/paths.h"
#include "secure/files.h"

#include <jansson.h>

/* A byte stream in memory. */
struct stream {
    struct text text;
    size_t at;
};

static int stream_write(void *context, const void *bytes, size_t length, struct err *err)
{
    (void)err;
    text_append(&((struct stream *)context)->text, bytes, length);
    return 0;
}

static int stream_read(void *context, void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    if (length > s->text.length - s->at)
        return err_set(err, ERR_DATA, "the end");
    memcpy(bytes, s->text.bytes + s->at, length);
    s->at += length;
    return 0;
}

/* How protected.zone is spoilt before it is read. */
enum flaw {
    SOUND,
    COUNT_OF_HIDDEN,
    COUNT_TOO_LARGE,
    STATUS_STRANGE,
    NAMED_AND_SHOWN,
    ROW_MISSING,
    TURNOVER_ROW_MISSING,
    NO_QUALITY
};

static void put_cells(struct stream *s, const struct release *r, enum flaw flaw)
{
    struct frame cells;
    struct sink sink = {stream_write, s};
    frame_init(&cells, "cells");
    struct column *count = frame_add(&cells, "count", COLUMN_U64, NULL);
    struct column *status = frame_add(&cells, "status", COLUMN_U8, NULL);
    struct column *named = frame_add(&cells, "named", COLUMN_U8, NULL);
    assert_int_equal(frame_resize(&cells, r->cells.count - (flaw == ROW_MISSING), NULL), 0);
    for (size_t i = 0; i < cells.rows; i++) {
        column_set(count, i, (uint64_t)r->counts[i]);
        column_set(status, i, r->status[i]);
    }
    size_t hidden = cell_by_key(&r->cells, "staff|entity:E1|origin=foreign");
    if (flaw == COUNT_OF_HIDDEN)
        column_set(count, hidden, 3);
    if (flaw == COUNT_TOO_LARGE)
        column_set(count, 0, 1ULL << 31);
    if (flaw == STATUS_STRANGE)
        column_set(status, 0, 2);
    column_set(named, flaw == NAMED_AND_SHOWN ? 0 : hidden, 1);
    assert_int_equal(frame_write(&cells, &sink, NULL), 0);
    frame_release(&cells);
}

/* Turnover since one date, and the release that was made then. */
static void put_past(struct stream *s, struct release *r, enum flaw flaw)
{
    struct frame turnover;
    struct sink sink = {stream_write, s};
    struct turnover *t = &r->turnover;
    assert_int_equal(turnover_extend(t, date_make(2017, 6, 30), NULL), 0);
    t->joined[cell_by_key(&r->cells, "staff|entity:E2")] = 7;
    assert_int_equal(turnover_to_frame(t, &r->cells, &turnover, NULL), 0);
    if (flaw == TURNOVER_ROW_MISSING)
        assert_int_equal(frame_resize(&turnover, turnover.rows - 1, NULL), 0);
    assert_int_equal(frame_write(&turnover, &sink, NULL), 0);
    frame_release(&turnover);
    assert_int_equal(frame_resize(&r->past, 1, NULL), 0);
    fixture_word(&r->past, 0, "release", "r0");
    fixture_word(&r->past, 0, "digest", FIXTURE_DIGEST);
    assert_int_equal(frame_write(&r->past, &sink, NULL), 0);
}

static int load(struct release *to, enum flaw flaw, struct err *err)
{
    struct stream s = {.at = 0};
    struct sink sink = {stream_write, &s};
    struct source source = {stream_read, &s};
    struct release r;
    struct frame rules;
    text_init(&s.text);
    fixture_release(&r, "r1");
    frame_init(&rules, "rules");
    assert_int_equal(rules_to_frame(&r.rules, &rules, NULL), 0);
    assert_int_equal(frame_write(&rules, &sink, NULL), 0);
    put_cells(&s, &r, flaw);
    assert_int_equal(frame_write(&r.certificate, &sink, NULL), 0);
    put_past(&s, &r, flaw);
    assert_int_equal(frame_write(&r.inputs, &sink, NULL), 0);
    if (flaw != NO_QUALITY)
        assert_int_equal(frame_write(&r.quality, &sink, NULL), 0);
    int rc = release_load(to, &source, err);
    frame_release(&rules);
    release_free(&r);
    text_release(&s.text);
    return rc;
}

static void test_load(void **state)
{
    (void)state;
    struct release read, made;
    struct err err;
    fixture_release(&made, "r1");
    if (load(&read, SOUND, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(read.cells.count, made.cells.count);
    assert_memory_equal(read.counts, made.counts, made.cells.count * sizeof *made.counts);
    assert_memory_equal(read.status, made.status, made.cells.count);
    assert_string_equal(read.rules.release, "r1");
    size_t hidden = cell_by_key(&read.cells, "staff|entity:E1|origin=foreign");
    for (size_t i = 0; i < read.cells.count; i++)
        assert_int_equal(read.named[i], i == hidden);
    assert_int_equal(read.turnover.count, 1);
    assert_int_equal(read.turnover.joined[cell_by_key(&read.cells, "staff|entity:E2")], 7);
    assert_string_equal(column_word(frame_find(&read.past, "release"), 0), "r0");
    release_free(&read);
    release_free(&read); /* twice does no harm */
    release_free(&made);
}

static void test_load_refused(void **state)
{
    (void)state;
    static const struct {
        enum flaw flaw;
        const char *message;
    } cases[] = {{COUNT_OF_HIDDEN, "a hidden cell with a count"},
                 {COUNT_TOO_LARGE, "out of range"},
                 {STATUS_STRANGE, "out of range"},
                 {NAMED_AND_SHOWN, "hides a shown cell"},
                 {TURNOVER_ROW_MISSING, "not a row each group"},
                 {ROW_MISSING, "11 rows, 12 expected"},
                 {NO_QUALITY, "the end"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct release read;
        struct err err;
        assert_int_equal(load(&read, cases[i].flaw, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        if (!strstr(err.text, cases[i].message))
            fail_msg("%s", err.text);
        release_free(&read);
    }
}

struct written {
    struct release release;
    struct config config;
    struct release_chain chain;
    struct past past;
    struct text sums;
    char digest[DIGEST_TEXT];
};

static int write_to(struct written *w, const char *folder, struct err *err)
{
    assert_int_equal(mkdir(folder, 0700), 0);
    text_clear(&w->sums);
    return release_write(&w->release, &w->config, &w->chain, &w->past, 2, folder, &w->sums,
                         w->digest, err);
}

static void begin(struct written *w, void **state)
{
    memset(w, 0, sizeof *w);
    fixture_release(&w->release, "r1");
    fixture_config(&w->config, state, "r1");
    text_init(&w->sums);
}

static void end(struct written *w)
{
    release_free(&w->release);
    config_release(&w->config);
    text_release(&w->sums);
}

static void load_file(void **state, const char *name, struct text *to)
{
    struct err err;
    text_init(to);
    if (files_read_whole(in_folder(state, name), 1 << 20, to, &err) != 0)
        fail_msg("%s: %s", name, err.text);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* SHA256SUMS lists what is there, sorted, each with its digest; files are readable for all. */
static void test_sums(void **state)
{
    struct written w;
    struct err err;
    struct text file;
    struct stat st;
    char digest[DIGEST_TEXT], line[256], name[64];
    static char *const documents[] = {"certificate.json", "manifest.json",   "quality.csv",
                                      "rules.json",       "tables/head.csv", "tables/origin.csv",
                                      "turnover.csv"};
    enum { DOCUMENTS = sizeof documents / sizeof documents[0] };
    struct report_paths reports;
    begin(&w, state);
    assert_int_equal(report_paths_list(&reports, &w.release.rules.structure, &err), 0);
    size_t count = DOCUMENTS + reports.count;
    char **names = calloc(count, sizeof *names);
    assert_true(names && reports.count > 4);
    memcpy((void *)names, (const void *)documents, sizeof documents);
    memcpy((void *)(names + DOCUMENTS), (const void *)reports.paths, reports.count * sizeof *names);
    qsort((void *)names, count, sizeof *names, by_bytes);
    mode_t before = umask(077);
    assert_int_equal(write_to(&w, in_folder(state, "r"), &err), 0);
    (void)umask(before);
    load_file(state, "r/SHA256SUMS", &file);
    assert_string_equal(file.bytes, w.sums.bytes);
    digest_bytes(digest, file.bytes, file.length);
    assert_string_equal(digest, w.digest);
    const char *at = file.bytes;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "r/%s", names[i]);
        assert_int_equal(digest_file(digest, in_folder(state, name), &err), 0);
        (void)snprintf(line, sizeof line, "%s  %s\n", digest, names[i]);
        assert_memory_equal(at, line, strlen(line));
        at += strlen(line);
        assert_int_equal(stat(in_folder(state, name), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0644);
    }
    assert_string_equal(at, "");
    static const char *const folders[] = {"r/tables", "r/units", "r/units/E1"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(stat(in_folder(state, folders[i]), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0755);
    }
    report_paths_release(&reports);
    free((void *)names);
    text_release(&file);
    end(&w);
}

static void test_files(void **state)
{
    struct written w;
    struct err err;
    struct text file;
    begin(&w, state);
    assert_int_equal(write_to(&w, in_folder(state, "r"), &err), 0);
    load_file(state, "r/quality.csv", &file);
    assert_string_equal(file.bytes,
                        "dataset,check,count,status\npersonnel,late,,c\npersonnel,rows,70,\n");
    text_release(&file);
    load_file(state, "r/turnover.csv", &file); /* a first release: nobody is asked about */
    assert_string_equal(file.bytes, "period,level,unit,joined,left,population\n");
    text_release(&file);
    load_file(state, "r/tables/origin.csv", &file);
    assert_non_null(strstr(file.bytes, "2017-12-31,domain,D1,foreign,13,\n"));
    assert_non_null(strstr(file.bytes, "2017-12-31,entity,E1,foreign,,c\n"));
    text_release(&file);
    static const char *const json[] = {"r/certificate.json", "r/manifest.json", "r/rules.json"};
    for (size_t i = 0; i < 3; i++) {
        load_file(state, json[i], &file);
        json_t *object = json_loadb(file.bytes, file.length, JSON_REJECT_DUPLICATES, NULL);
        assert_true(json_is_object(object));
        assert_string_equal(json_string_value(json_object_get(object, "release")), "r1");
        json_decref(object);
        text_release(&file);
    }
    end(&w);
}

/* Nothing of a hidden cell can be in the files: whatever its count, they are the same. */
static void test_hidden_counts_do_not_matter(void **state)
{
    struct written w;
    struct err err;
    char first[DIGEST_TEXT];
    begin(&w, state);
    assert_int_equal(write_to(&w, in_folder(state, "a"), &err), 0);
    memcpy(first, w.digest, sizeof first);
    w.release.counts[cell_by_key(&w.release.cells, "staff|entity:E1|origin=foreign")] = 3;
    assert_int_equal(write_to(&w, in_folder(state, "b"), &err), 0);
    assert_string_equal(w.digest, first);
    w.release.counts[cell_by_key(&w.release.cells, "staff|domain:D1")]++;
    assert_int_equal(write_to(&w, in_folder(state, "c"), &err), 0);
    assert_string_not_equal(w.digest, first);
    end(&w);
}

static void test_write_refused(void **state)
{
    struct written w;
    struct err err;
    begin(&w, state);
    column_set(frame_find(&w.release.certificate, "json"), 0, 0);
    assert_int_equal(write_to(&w, in_folder(state, "a"), &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    fixture_word(&w.release.certificate, 0, "json", "{}");
    column_set(frame_find(&w.release.quality, "check"), 1, 0);
    assert_int_equal(write_to(&w, in_folder(state, "b"), &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    fixture_word(&w.release.quality, 1, "check", "rows");
    /* A file that is there already is not replaced. */
    assert_int_equal(mkdir(in_folder(state, "c"), 0700), 0);
    put_file(in_folder(state, "c/rules.json"), "{}", 2, 0600);
    assert_int_equal(release_write(&w.release, &w.config, &w.chain, &w.past, 1,
                                   in_folder(state, "c"), &w.sums, w.digest, &err),
                     -1);
    assert_int_equal(err.kind, ERR_CREATE);
    end(&w);
}

static void test_definitions(void **state)
{
    (void)state;
    struct rules r;
    char out[LEDGER_DEFINITIONS], name[CONFIG_CODE];
    rules_init(&r);
    release_definitions(&r, out, sizeof out);
    assert_string_equal(out, "");
    fixture_variable(&r.structure, "origin", "a b");
    fixture_variable(&r.structure, "age", "a b");
    fixture_variable(&r.structure, "sex", "a b");
    fixture_name(r.structure.variables[0].definition, "FL2016", 6);
    fixture_name(r.structure.variables[2].definition, "S1", 2);
    release_definitions(&r, out, sizeof out);
    assert_string_equal(out, "origin=FL2016 sex=S1");
    rules_release(&r);
    /* The longest that a configuration can ask for has room. */
    rules_init(&r);
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int v = 0; v < CONFIG_VARIABLES; v++) {
        fixture_variable(&r.structure, name, "a b");
        memcpy(r.structure.variables[v].definition, name, sizeof name);
    }
    release_definitions(&r, out, sizeof out);
    assert_int_equal(strlen(out), CONFIG_VARIABLES * 66 - 1);
    release_definitions(&r, out, 10); /* cut off, never beyond the end */
    assert_string_equal(out, "xxxxxxxxx");
    rules_release(&r);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_load_refused),
        IN_FOLDER(test_sums),
        IN_FOLDER(test_files),
        IN_FOLDER(test_hidden_counts_do_not_matter),
        IN_FOLDER(test_write_refused),
        cmocka_unit_test(test_definitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
