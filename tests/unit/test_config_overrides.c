/* SPDX-License-Identifier: EUPL-1.2 */
/* The configuration with values of the command line: base.ini broken one key at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_vectors.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_override_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
