/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The configuration: every file of tests/vectors/config says in its first line what is expected
 * ("ok", or the exit code, the line, and words of the message). What --set does is
 * test_config_overrides.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "config_vectors.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_vector(const char *path)
{
    char first[200];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(first, sizeof first, file));
    assert_int_equal(fclose(file), 0);
    char *expect = strstr(first, "; expect: ");
    assert_non_null(expect);
    expect += strlen("; expect: ");
    expect[strcspn(expect, "\r\n")] = '\0';
    struct config c;
    struct err err;
    int rc = load(&c, path, NULL, &err);
    if (strcmp(expect, "ok") == 0) {
        if (rc != 0)
            fail_msg("%s: %s:%ld: %s", path, err.file, err.line, err.text);
        config_release(&c);
        return;
    }
    int kind = 0, used = 0;
    long line = 0;
    assert_int_equal(sscanf(expect, "%d %ld %n", &kind, &line, &used), 2);
    if (rc == 0 || (int)err.kind != kind || err.line != line || !strstr(err.text, expect + used))
        fail_msg("%s: rc %d, %d line %ld: %s", path, rc, (int)err.kind, err.line, err.text);
    assert_string_equal(err.file, strrchr(path, '/') + 1);
}

static void test_vectors(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob(VECTORS "*.ini", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 30);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_vector(found.gl_pathv[i]);
    globfree(&found);
}

static void test_contract(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    assert_int_equal(load(&c, VECTORS "contract.ini", NULL, &err), 0);
    char *folder = realpath(VECTORS, NULL), expected[PATH_MAX + 40];
    assert_non_null(folder);
    assert_string_equal(c.folder, folder);
    (void)snprintf(expected, sizeof expected, "%s/data/personnel/*.csv", folder);
    assert_string_equal(c.datasets[DATASET_PERSONNEL].path, expected);
    (void)snprintf(expected, sizeof expected, "%s/../releases", folder);
    assert_string_equal(c.output, expected);
    (void)snprintf(expected, sizeof expected, "%s/../quality", folder);
    assert_string_equal(c.quality, expected);
    free(folder);
    assert_string_equal(c.name, "Vlaamse overheid");
    assert_string_equal(c.code, "VO");
    assert_string_equal(c.release, "2017-12-31");
    assert_string_equal(c.authorisation, "besluit 2004-12-24, art. 8/1");
    assert_string_equal(c.languages, "nl,en");
    assert_int_equal(c.max_rejected_ppm, 10000);
    assert_int_equal(c.pseudonym_key_count, 1);
    const struct dataset_config *p = &c.datasets[DATASET_PERSONNEL];
    assert_true(p->present && !c.datasets[DATASET_REGISTER].present);
    assert_int_equal(p->delimiter, ';');
    assert_string_equal(p->date_format, "%d/%m/%Y");
    assert_string_equal(p->header[0], "Rijksregisternummer");
    assert_true(p->mapped[0] && !p->mapped[2]);
    assert_string_equal(p->header[2], "start_date");
    assert_int_equal(c.attribute_count, 2);
    assert_string_equal(c.attributes[1].name, "management");
    assert_string_equal(c.attributes[1].header, "Kader");
    const struct variable_config *v = &c.variables[0];
    assert_true(v->has_values && v->sensitive);
    assert_int_equal(v->value_true, 0);
    assert_int_equal(v->value_false, 1);
    assert_int_equal(v->value_null, 2);
    assert_true(v->categories[0].sensitive && v->categories[1].sensitive);
    assert_false(v->categories[2].sensitive);
    assert_string_equal(v->definition, "FL2016");
    assert_string_equal(c.variables[2].categories[0].name, "-24");
    assert_int_equal(c.table_count, 2);
    assert_string_equal(c.tables[1].population, "employment = 'staff'");
    assert_int_equal(c.targets[0].target_ppm, 100000);
    assert_int_equal(c.targets[0].by, date_make(2020, 12, 31));
    config_release(&c);
}

static void test_base(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    assert_int_equal(load(&c, VECTORS "base.ini", NULL, &err), 0);
    assert_string_equal(c.code, "DVDP");
    const struct variable_config *v = &c.variables[0];
    static const struct {
        const char *name;
        int parent;
        bool leaf, sensitive;
    } expected[] = {{"foreign", -1, false, true}, {"eu", 0, false, false},
                    {"old", 1, true, false},      {"new", 1, true, false},
                    {"non_eu", 0, true, false},   {"belgian", -1, true, true},
                    {"unknown", -1, true, false}};
    assert_int_equal(v->category_count, 7); /* unknown: appended, since the variable is sensitive */
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(v->categories[i].name, expected[i].name);
        assert_int_equal(v->categories[i].parent, expected[i].parent);
        assert_int_equal(v->categories[i].leaf, expected[i].leaf);
        assert_int_equal(v->categories[i].sensitive, expected[i].sensitive);
    }
    assert_int_equal(c.variables[1].category_count, 3);
    assert_false(c.variables[1].sensitive);
    assert_int_equal(c.tables[0].variable_count, 2); /* in the variables' order */
    assert_int_equal(c.tables[0].variables[0], 0);
    assert_int_equal(c.tables[0].within, -1);
    assert_int_equal(c.tables[1].within, 0);
    assert_int_equal(c.disclosure.threshold, 5);
    assert_int_equal(c.disclosure.protection_width, 5);
    assert_true(c.disclosure.interval && c.disclosure.protect_zeros &&
                c.disclosure.public_head_counts);
    assert_int_equal(c.disclosure.weights.government, 10);
    assert_int_equal(c.disclosure.weights.domain, 5);
    assert_int_equal(c.disclosure.weights.entity, 0);
    assert_int_equal(c.disclosure.weights.total, 0);
    config_release(&c);
}

/* A file made of these bytes, in a folder whose name glob(3) would read as a pattern. */
static int load_bytes(const char *bytes, size_t length, struct config *c, struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char folder[PATH_MAX], path[PATH_MAX + 8];
    (void)snprintf(folder, sizeof folder, "%s/h[1]*XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/c.ini", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    int rc = load(c, path, NULL, err);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    return rc;
}

static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        long line;
    } BAD[] = {
        {"[run]\nname = a\0b\n", 17, 2},
        {"[run]\nname = \xE9\n", 15, 2},
        {"[run]\n\n; \xC0\xAF\n", 13, 3},
        {"[run]\nname = \xED\xA0\x80\n", 17, 2},
        {"[run]\nname = \xF4\x90\x80\x80\n", 18, 2},
        {"[run]\nname = a\rb\n", 17, 2},
        {"[run]\nname = \x1B\n", 15, 2},
        {"[run]\nname = \xE2\x82\n", 16, 2},
        {"\xFF\xFE[\0r\0", 6, 1},
        {"[run]\n\x7F", 7, 2},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct config c;
        struct err err;
        assert_int_equal(load_bytes(BAD[i].bytes, BAD[i].length, &c, &err), -1);
        assert_int_equal(err.kind, ERR_CONFIG);
        assert_int_equal(err.line, BAD[i].line);
        assert_string_equal(err.text, "not plain UTF-8 text");
    }
}

static void test_pattern_in_folder(void **state)
{
    (void)state;
    static char bytes[8192];
    FILE *file = fopen(VECTORS "base.ini", "r");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    struct config c;
    struct err err;
    assert_int_equal(load_bytes(bytes, length, &c, &err), 0);
    assert_non_null(strstr(c.datasets[DATASET_ENTITIES].path, "/h\\[1]\\*"));
    assert_non_null(strstr(c.signing_key, "/h[1]*"));
    config_release(&c);
}

static void test_missing(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    assert_int_equal(load(&c, VECTORS "nowhere.ini", NULL, &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    assert_int_equal(load(&c, "tests", NULL, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_int_equal(load_bytes("", 0, &c, &err), -1);
    assert_int_equal(err.kind, ERR_CONFIG);
}

static void test_digest(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    char line[200] = "";
    FILE *pipe = popen("sha256sum " VECTORS "base.ini", "r");
    assert_non_null(pipe);
    assert_non_null(fgets(line, sizeof line, pipe));
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(load(&c, VECTORS "base.ini", NULL, &err), 0);
    assert_int_equal(strlen(c.digest), 64);
    assert_memory_equal(c.digest, line, 64);
    config_release(&c);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const REFUSED[] = {
        "geaardheid",
        "Seksuele_Geaardheid",
        "sexualOrientation",
        "orientation sexuelle",
        "LGBT",
        "gender_identity",
        "genderidentiteit",
        "identité de genre",
        "Geschlechtsidentität",
        "religie",
        "Religion",
        "levensbeschouwing",
        "godsdienst",
        "croyance",
        "Konfession",
        "belief",
        "gezondheid",
        "santé",
        "SANTÉ",
        "health",
        "Gesundheit",
        "ziekte",
        "handicap",
        "Behinderung",
        "vakbond",
        "syndicat",
        "trade-union",
        "union",
        "Gewerkschaft",
        "vak.bonds.lid",
        "politieke voorkeur",
        "ras",
        "Race",
        "ethnicity",
        "Hautfarbe",
    };
    static const char *const FINE[] = {
        "level",  "management", "Niveau",        "Kader",   "Statuut",  "adras",
        "trace",  "reunion",    "sex",           "gender",  "herkomst", "graad",
        "Dienst", "dept",       "salarisschaal", "locatie", "ABC",      "",
    };
    const char *rule;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        rule = NULL;
        if (!config_refused_attribute(REFUSED[i], &rule) || !rule || !rule[0])
            fail_msg("not refused: %s", REFUSED[i]);
    }
    for (size_t i = 0; i < sizeof FINE / sizeof *FINE; i++)
        if (config_refused_attribute(FINE[i], &rule))
            fail_msg("refused: %s", FINE[i]);
    char long_name[2000];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_false(config_refused_attribute(long_name, &rule));
}

static void test_describe(void **state)
{
    (void)state;
    static const char *const KEYS[] = {"[run]",        "[dataset NAME]", "attribute.*",
                                       "max_rejected", "(default: 1%)",  "suppress_effort",
                                       "[disclosure]", "within"};
    struct text t;
    text_init(&t);
    config_describe(&t);
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        assert_non_null(strstr(t.bytes, KEYS[i]));
    assert_null(strstr(t.bytes, "(null)"));
    text_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_contract),
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_pattern_in_folder),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_describe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
