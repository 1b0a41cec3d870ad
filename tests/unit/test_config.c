/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The configuration: every file of tests/vectors/config says in its first line what is expected
 * ("ok", or the exit code, the line, and words of the message); base.ini is then broken one key at
 * a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "io/config.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VECTORS "tests/vectors/config/"

static int load(struct config *c, const char *path, const char *override, struct err *err)
{
    char *overrides[1] = {(char *) override};
    memset(err, 0, sizeof *err);
    return config_load(c, path, overrides, override ? 1 : 0, err);
}

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

/* base.ini with one override: the words of the message, or NULL if it is fine. */
static const struct {
    const char *override, *message;
} OVERRIDES[] = {
    {"run.release=2017-12-31.r2", NULL},
    {"run.code = VO", NULL},
    {"run.code=V O", "not a code"},
    {"run.release=../x", "not a code"},
    {"run.release=.x", "not a code"},
    {"run.reference_date=2017-02-29", "not a date"},
    {"run.reference_date=2017-2-28", "not a date"},
    {"run.reference_date=31/12/2017", "not a date"},
    {"run.authorisation=", "no value"},
    {"run.max_rejected=0.5%", NULL},
    {"run.max_rejected=100 %", NULL},
    {"run.max_rejected=1", "percentage"},
    {"run.max_rejected=%", "percentage"},
    {"run.max_rejected=1.%", "percentage"},
    {"run.max_rejected=.5%", "percentage"},
    {"run.max_rejected=101%", "percentage"},
    {"run.max_rejected=-1%", "percentage"},
    {"run.max_rejected=1000%", "percentage"},
    {"run.max_rejected=0.00001%", "percentage"},
    {"run.languages=en", NULL},
    {"run.languages=en , nl", NULL},
    {"run.languages=de, fr, nl, en", NULL},
    {"run.languages=nl, it", "nl, en"},
    {"run.languages=nl,", "nl, en"},
    {"run.languages=nl, nl", "nl, en"},
    {"run.nothing=1", "unknown key"},
    {"walk.name=1", "unknown section"},
    {"keys.pseudonym=a, b, c", NULL},
    {"keys.pseudonym=a, a", "twice"},
    {"keys.pseudonym=a,,b", "empty item"},
    {"dataset register.path=x.csv", NULL},
    {"dataset register.delimiter=tab", "has no path"},
    {"dataset entities.delimiter=tab", NULL},
    {"dataset entities.delimiter=pipe", "comma, semicolon, tab"},
    {"dataset entities.encoding=windows-1252", NULL},
    {"dataset entities.encoding=UTF-8", "not one of"},
    {"dataset entities.date_format=%d.%m.%Y", NULL},
    {"dataset entities.date_format=%d.%m.%y", "%Y, %m and %d"},
    {"dataset entities.column.domain_name=Beleidsdomein", NULL},
    {"dataset personnel.attribute.LEVEL=x", "capitals"},
    {"dataset personnel.attribute.a b=x", "not a code"},
    {"dataset personnel.attribute.vakbondslid=x", "union membership"},
    {"dataset personnel.column.employment=Religion", "belief"},
    {"variable sex.categories=f, m, f", "twice"},
    {"variable sex.categories=f, m,", "cannot name"},
    {"variable sex.categories=f, total", "cannot name"},
    {"variable sex.categories=f(, m", "cannot name"},
    {"variable sex.categories=f(m", "do not fit"},
    {"variable sex.categories=f)m", "do not fit"},
    {"variable sex.categories=f m", "do not fit"},
    {"variable sex.categories=f|m", "cannot name"},
    {"variable sex.categories=f=m", "cannot name"},
    {"variable sex.categories=a((b))", "cannot name"},
    {"variable sex.categories=a(b(c(d(e(f(g(h(i(j(k(l(m(n(o(p(q))))))))))))))))", "deeper"},
    {"variable sex.categories=<25, 25-34, 55+, -24", NULL},
    {"variable sex.values=1:f, 0:m, null:x", NULL},
    {"variable sex.values=1:f, 0:m, null:u", "not one of"},
    {"variable sex.values=1:f, 1:m", "twice"},
    {"variable sex.values=2:f", "other than"},
    {"variable sex.values=f", "1:NAME"},
    {"variable origin.values=1:foreign", "has children"},
    {"variable sex.sensitive=*", NULL},
    {"variable sex.sensitive=f, f", "twice"},
    {"variable sex.sensitive=g", "not one of"},
    {"variable origin.sensitive=unknown", NULL},
    {"variable empty.sql=1", "neither categories nor values"},
    {"variable new.categories=a", "has no sql"},
    {"table all.variables=sex, sex", "twice"},
    {"table all.variables=age", "no [variable age]"},
    {"table all.variables=sex,", "no [variable ]"},
    {"table all.within=all", "within itself"},
    {"table all.within=top", "within itself"},
    {"table all.within=other", "no [table other]"},
    {"target origin.table=none", "no [table none]"},
    {"target origin.category=f", NULL},
    {"target origin.category=eu", NULL},
    {"target origin.category=total", "no variable"},
    {"target origin.by=soon", "not a date"},
    {"target origin.among=f", NULL},
    {"target origin.among=old", "no variable"}, /* of the same variable */
    {"benchmark working-age.definition=REG2004", "not the definition of variable origin"},
    {"benchmark working-age.category=f", "not the definition"}, /* sex has none */
    {"benchmark working-age.category=eu", NULL},
    {"benchmark working-age.among=m", NULL},
    {"benchmark working-age.share=118%", "percentage"},
    {"benchmark new.table=all", "has no category"},
    {"series registered.values=2011-12-31:2.8%, 2010-12-31:2.7%", "oldest first"},
    {"series registered.values=2011-12-31:2.8%, 2011-12-31:2.7%", "oldest first"},
    {"series registered.values=2011-12-31", "oldest first"},
    {"series registered.values=2011-12-31:2.8", "percentage"},
    {"series registered.among=x", NULL},
    {"series registered.definition=", "no value"},
    {"disclosure.threshold=0", "whole number from 1"},
    {"disclosure.threshold=-5", "whole number"},
    {"disclosure.threshold=05", "whole number"},
    {"disclosure.threshold=0x10", "whole number"},
    {"disclosure.threshold=5.0", "whole number"},
    {"disclosure.threshold=1000000000", NULL},
    {"disclosure.threshold=1000000001", "whole number"},
    {"disclosure.threshold=99999999999999999999", "whole number"},
    {"disclosure.zeros=hide", "protect, publish"},
    {"disclosure.public=nothing", NULL},
    {"disclosure.cost=log", NULL},
    {"disclosure.cost=LOG", "count, cells, log"},
    {"disclosure.weight_domain=1%", NULL},
    {"disclosure.weight_total=100000 %", NULL},
    {"disclosure.weight_total=100001%", "whole percentage"},
    {"disclosure.weight_entity=0%", "whole percentage"},
    {"disclosure.weight_entity=010%", "whole percentage"},
    {"disclosure.weight_entity=10", "whole percentage"},
    {"disclosure.weight_entity=%", "whole percentage"},
    {"disclosure.weight_entity=1.5%", "whole percentage"},
    {"disclosure.weight_entity=-5%", "whole percentage"},
    {"disclosure.weight_government=99999999999999999999%", "whole percentage"},
    {"disclosure.minimum_population=0", NULL},
    {"disclosure.turnover_threshold=0", NULL},
    {"disclosure.protection=exact", NULL},
    {"disclosure.threshold=\xFF", "UTF-8"},
    {"run.name=a\nb", "UTF-8"},
};

static void test_overrides(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof OVERRIDES / sizeof *OVERRIDES; i++) {
        struct config c;
        struct err err;
        const char *message = OVERRIDES[i].message;
        int rc = load(&c, VECTORS "base.ini", OVERRIDES[i].override, &err);
        if (rc == 0)
            config_release(&c);
        if (message ? rc == 0 || err.kind != ERR_CONFIG || !strstr(err.text, message) : rc != 0)
            fail_msg("%s: rc %d, %d: %s", OVERRIDES[i].override, rc, (int)err.kind, err.text);
    }
    static const char *const MALFORMED[] = {"", "run", "run=1", "run.name", "=.", "a=b.c"};
    for (size_t i = 0; i < sizeof MALFORMED / sizeof *MALFORMED; i++) {
        struct config c;
        struct err err;
        assert_int_equal(load(&c, VECTORS "base.ini", MALFORMED[i], &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
    }
}

static void test_shares(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    assert_int_equal(load(&c, VECTORS "base.ini", "target origin.among=m", &err), 0);
    const struct share_config *share = &c.targets[0].share;
    assert_string_equal(c.variables[share->variable].name, "origin");
    assert_string_equal(c.variables[share->among_variable].name, "sex");
    assert_string_equal(c.variables[share->among_variable].categories[share->among_category].name,
                        "m");
    assert_int_equal(c.benchmark_count, 1);
    assert_int_equal(c.benchmarks[0].share_ppm, 182000);
    assert_int_equal(c.benchmarks[0].share.among_variable, -1);
    assert_string_equal(c.benchmarks[0].region, "Vlaams Gewest");
    assert_int_equal(c.benchmarks[0].date, date_make(2017, 1, 1));
    assert_int_equal(c.series_count, 1);
    assert_int_equal(c.series[0].count, 2);
    assert_int_equal(c.series[0].dates[1], date_make(2011, 12, 31));
    assert_int_equal(c.series[0].ppm[1], 28000);
    assert_string_equal(c.series[0].definition, "REG2004");
    config_release(&c);
}

static void test_labels(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        bool good;
    } cases[] = {{"variable sex.label.nl=geslacht", true},
                 {"variable sex.label.fr.f=femmes", true},
                 {"variable sex.label.de.unknown=unbekannt", true},
                 {"variable sex.label.it=sesso", false},
                 {"variable sex.label.=x", false},
                 {"variable sex.label.nl.none=x", false},
                 {"variable sex.label.nl.=x", false},
                 {"variable sex.label.nl=", false}};
    struct config c;
    struct err err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int rc = load(&c, VECTORS "base.ini", cases[i].set, &err);
        if ((rc == 0) != cases[i].good || (rc != 0 && err.kind != ERR_CONFIG))
            fail_msg("%s: %s", cases[i].set, err.text);
        if (rc == 0)
            config_release(&c);
    }
    assert_int_equal(load(&c, VECTORS "base.ini", cases[1].set, &err), 0);
    assert_string_equal(config_label(&c, "sex", "f", "fr"), "femmes");
    assert_null(config_label(&c, "sex", "f", "nl"));
    assert_null(config_label(&c, "sex", "", "fr"));
    assert_null(config_label(&c, "origin", "f", "fr"));
    config_release(&c);
}

static void test_override_values(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    char *set[] = {"disclosure.threshold=7", "run.code=X", "variable sex.sensitive=*",
                   "dataset entities.path=/abs[1].csv", "run.output=/a/b/"};
    assert_int_equal(config_load(&c, VECTORS "base.ini", set, 5, &err), 0);
    assert_int_equal(c.disclosure.threshold, 7);
    assert_int_equal(c.disclosure.protection_width, 7); /* its default */
    assert_string_equal(c.code, "X");
    assert_int_equal(c.variables[1].category_count, 4);
    assert_true(c.variables[1].categories[3].sensitive); /* `*` names unknown as well */
    assert_string_equal(c.datasets[DATASET_ENTITIES].path, "/abs[1].csv");
    assert_string_equal(c.ledger, "/a/b/ledger.sqlite");
    assert_string_equal(c.quality, "/a/quality");
    char digest[CONFIG_DIGEST_TEXT];
    memcpy(digest, c.digest, sizeof digest);
    config_release(&c);
    char *shuffled[] = {set[4], set[2], set[0], set[3], set[1]};
    assert_int_equal(config_load(&c, VECTORS "base.ini", shuffled, 5, &err), 0);
    assert_string_equal(c.digest, digest);
    config_release(&c);
    assert_int_equal(config_load(&c, VECTORS "base.ini", set, 4, &err), 0);
    assert_string_not_equal(c.digest, digest);
    config_release(&c);
    char *twice[] = {"run.code=A", "run.code=B"};
    assert_int_equal(config_load(&c, VECTORS "base.ini", twice, 2, &err), -1);
    assert_int_equal(err.kind, ERR_CONFIG);
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
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_override_values),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_pattern_in_folder),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_describe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
