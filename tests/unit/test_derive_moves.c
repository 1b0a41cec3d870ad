/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of derive_moves (link/derive.h): who was counted elsewhere at another date. */
#include "link_frames.h"

#include "derive_stream.h"

#include <sodium.h>

#define BASE "tests/vectors/config/base.ini"

/* first entity employment sex own_first level */
static const char *const FACTS[] = {
    "1 A-1 staff f old B",   /* 1 stays */
    "1 A-1 staff f old B",   /* 2 was at Z-1 */
    "1 A-2 staff m new B",   /* 3 is new */
    "1 A-1 staff m old B",   /* 4 was at OLD, whom A-1 goes on with */
    "1 A-1 staff f old B",   /* 5 was at GONE: of domain B, and nobody goes on with it */
    "1 A-1 staff f old B",   /* 6 was at LOST: nothing is left of it but the government */
    "1 A-1 staff f old B",   /* 7 nobody knew the sex */
    "1 Z-1 student f old B", /* 8 two employments: staff at the second, */
    "0 A-1 staff f old A",   /*   and of the top, which is new */
    "1 Z-1 student x old A", /* 9 counts nowhere any more */
    NULL,
};
/* first entity employment sex level now */
static const char *const THEN[] = {
    "1 A-1 staff f B 1",   "1 Z-1 staff f B 2",
    "1 OLD staff m B 4",   "1 GONE staff f B 5",
    "1 LOST staff f B 6",  "1 A-1 staff - B 7",
    "1 A-1 staff f B 8",   "1 A-1 staff x A 10", /* 9: staff and top */
    "1 A-2 staff x B 0",                         /* 10 is there no more */
    "1 A-2 student m B 0", NULL,
};
static const char *const FORMER[] = {"GONE B - 1", "LOST X - 1", "OLD A A-1 1", "OLDER A A-1 0",
                                     NULL};

/* A column u8 for every name that ends in ":8", else as link_frames.h. */
static void make_frame(struct frame *f, const char *name, const char *columns,
                       const char *const *rows)
{
    char *copy = strdup(columns), *rest = copy, *word;
    frame_init(f, name);
    while ((word = strsep(&rest, " "))) {
        size_t length = strlen(word);
        char kind = word[length - 1];
        word[length - 2] = '\0';
        if (kind == '8')
            assert_non_null(frame_add(f, word, COLUMN_U8, NULL));
        else
            assert_non_null(kind == 'c' ? frame_add_coded(f, word, NULL)
                                        : frame_add(f, word, COLUMN_U32, NULL));
    }
    free(copy);
    for (size_t i = 0; rows[i]; i++) {
        char *line = strdup(rows[i]), *cells = line;
        size_t at = frame_append(f, NULL);
        for (size_t c = 0; (word = strsep(&cells, " ")); c++)
            if (f->columns[c]->coded)
                set_cell(f->columns[c], at, word);
            else
                column_set(f->columns[c], at, strtoul(word, NULL, 10));
        free(line);
    }
}

struct world {
    struct config config;
    struct derive_frames in;
    struct frame facts, rows, moves;
    struct rules rules;
    struct quality quality;
    struct text then;
};

static void open_world(struct world *w, char *const *overrides, size_t count)
{
    static const char *const entities[] = {"A-1 n A n 1", "A-2 n A n 1", "B-1 n B n 0",
                                           "Z-1 n Z n 1", NULL};
    static const char *const none[] = {NULL};
    struct err err;
    memset(w, 0, sizeof *w);
    if (config_load(&w->config, BASE, overrides, count, &err) != 0)
        fail_msg("%s", err.text);
    make_frame(&w->facts, "facts",
               "first:8 entity:c employment:c sex:c own_first:c attribute.level:c", FACTS);
    make_frame(&w->in.entities, "entities", "entity:c name:c domain:c domain_name:c delivered:8",
               entities);
    make_frame(&w->in.countries, "countries", "iso:c group:c", none);
    assert_non_null(frame_add(&w->in.countries, "eu_from", COLUMN_I32, NULL));
    assert_non_null(frame_add(&w->in.countries, "eu_to", COLUMN_I32, NULL));
    make_frame(&w->in.former, "former", "entity:c domain:c successor:c valid_then:8", FORMER);
    frame_init(&w->in.since, "since");
    assert_non_null(frame_add(&w->in.since, "date", COLUMN_I32, NULL));
    rules_init(&w->rules);
    quality_init(&w->quality);
    text_init(&w->then);
    text_init(&w->in.facts.bytes);
}

static void close_world(struct world *w)
{
    frame_release(&w->facts);
    frame_release(&w->rows);
    frame_release(&w->moves);
    derive_frames_release(&w->in);
    config_release(&w->config);
    rules_release(&w->rules);
    quality_release(&w->quality);
    text_release(&w->then);
}

/* One more date, with these facts. */
static void add_then(struct world *w, const char *iso, const char *const *rows)
{
    struct frame then;
    struct sink sink = {append, &w->then};
    size_t row_of_date = frame_append(&w->in.since, NULL);
    ((int32_t *)frame_find(&w->in.since, "date")->cells)[row_of_date] = day(iso);
    make_frame(&then, "then", "first:8 entity:c employment:c sex:c attribute.level:c now:u", rows);
    assert_int_equal(frame_write(&then, &sink, NULL), 0);
    frame_release(&then);
}

static int run(struct world *w, struct err *err)
{
    struct text out, *facts = &w->in.facts.bytes;
    text_init(&out);
    text_clear(facts);
    assert_int_equal(frame_write(&w->facts, &(struct sink){append, facts}, err), 0);
    text_append(facts, w->then.bytes, w->then.length);
    int rc = derive_into(&out, &w->config, &w->in, NULL, 2, &w->rules, &w->quality, err);
    if (rc == 0)
        read_derived(&out, &w->rules, &w->rows, &w->moves);
    text_release(&out);
    return rc;
}

static const char *unit_name(const struct world *w, const char *column, size_t at)
{
    size_t unit = column_get(frame_find(&w->moves, column), at);
    return unit ? w->rules.structure.units[unit - 1].code : "-";
}

static const char *sex_name(const struct world *w, const char *column, size_t at)
{
    return w->rules.structure.variables[1]
        .categories[column_get(frame_find(&w->moves, column), at)]
        .name;
}

static void expect_moves(const struct world *w, const char *const *expected, size_t count)
{
    for (size_t i = 0; i < w->moves.rows; i++) {
        char line[120];
        (void)snprintf(
            line, sizeof line, "%u %s %s %s > %s %s",
            (unsigned)column_get(frame_find(&w->moves, "since"), i),
            w->rules.structure.populations[column_get(frame_find(&w->moves, "population"), i)].id,
            unit_name(w, "then", i), sex_name(w, "then:sex", i), unit_name(w, "now", i),
            sex_name(w, "now:sex", i));
        if (i >= count || strcmp(line, expected[i]) != 0)
            fail_msg("move %zu: %s", i, line);
    }
    assert_int_equal(w->moves.rows, count);
}

static void test_moves(void **state)
{
    static const char *const expected[] = {
        "0 staff Z-1 f > A-1 f",   "0 staff - total > A-2 m",   "0 staff B f > A-1 f",
        "0 staff DVDP f > A-1 f",  "0 staff A-1 total > A-1 f", "0 top - total > A-1 total",
        "0 staff A-1 x > - total", "0 top A-1 total > - total", "0 staff A-2 x > - total",
    };
    struct world w;
    struct err err;
    (void)state;
    open_world(&w, NULL, 0);
    add_then(&w, "2017-06-30", THEN);
    if (run(&w, &err) != 0)
        fail_msg("%s", err.text);
    expect_moves(&w, expected, sizeof expected / sizeof *expected);
    assert_null(frame_find(&w.moves, "now:origin"));                    /* sensitive */
    assert_int_equal(w.rules.structure.variables[1].category_count, 4); /* no unknown was added */
    /* OLD is a predecessor; OLDER ended before the other dates. */
    size_t with = 0;
    for (size_t u = 0; u < w.rules.structure.unit_count; u++) {
        const struct unit *unit = &w.rules.structure.units[u];
        with += unit->predecessor_count;
        if (unit->predecessor_count) {
            assert_string_equal(unit->code, "A-1");
            assert_string_equal(unit->predecessors[0], "OLD");
        }
    }
    assert_int_equal(with, 1);
    close_world(&w);
}

/* Things are as they were then: the date, and the domain of an entity that ended. */
static void test_as_it_was(void **state)
{
    static char *const overrides[] = {
        "variable sex.sql=CASE WHEN domain = 'X' THEN 'x' WHEN reference_date = '2017-12-31' "
        "THEN 'f' WHEN reference_date = '2016-06-30' THEN 'f' ELSE 'm' END"};
    static const char *const then[] = {"1 A-1 staff f B 1", "1 LOST staff f B 2", NULL};
    static const char *const expected[] = {"0 staff DVDP x > A-1 f", "1 staff A-1 m > A-1 f",
                                           "1 staff DVDP x > A-1 f"};
    struct world w;
    struct err err;
    (void)state;
    open_world(&w, overrides, 1);
    assert_int_equal(frame_resize(&w.facts, 2, NULL), 0);
    add_then(&w, "2016-06-30", then);
    add_then(&w, "2017-06-30", then);
    if (run(&w, &err) != 0)
        fail_msg("%s", err.text);
    expect_moves(&w, expected, 3);
    close_world(&w);
}

static void test_refused(void **state)
{
    static const struct {
        const char *row, *message;
    } cases[] = {
        {"1 A-1 staff f B 11", "nobody begins there"},
        {"1 A-1 staff f B 9", "nobody begins there"}, /* the second row of a person */
        {"1 A-1 staff f B 2\n0 A-1 staff f B 1", "somebody begins twice"},
        {"1 A-1 staff f B 2\n1 A-1 staff f B 2", "nobody begins there"}, /* again */
        {"1 A-1 staff f B 2\n1 A-1 staff f B 1", "nobody begins there"}, /* out of order */
        {"1 C-9 staff f B 0", "not listed"},
        {"0 A-1 staff f B 0", "not the first of a person"},
        {"1 - staff f B 0", "without an entity"},
        {"1 A-1 staff u B 0", "not one of the categories"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char copy[60], *rest = copy;
        const char *rows[3] = {NULL};
        (void)snprintf(copy, sizeof copy, "%s", cases[i].row);
        for (size_t n = 0; rest; n++)
            rows[n] = strsep(&rest, "\n");
        struct world w;
        struct err err;
        open_world(&w, NULL, 0);
        add_then(&w, "2017-06-30", rows);
        if (run(&w, &err) != -1 || !strstr(err.text, cases[i].message))
            fail_msg("%s: %s", cases[i].row, err.text);
        close_world(&w);
    }
    struct world w;
    struct err err;
    open_world(&w, NULL, 0);
    add_then(&w, "2017-06-30", THEN);
    w.then.length--; /* cut short */
    assert_int_equal(run(&w, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_as_it_was),
        cmocka_unit_test(test_refused),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
