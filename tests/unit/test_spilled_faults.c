/* SPDX-License-Identifier: EUPL-1.2 */
/* The system fails while rows are spilled (faults.h): pseudonymise, link and derive say so and
 * leave nothing behind, or give the bytes that they give otherwise. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "faults.h"
#include "intake_world.h"

#include "link/derive_places.h"
#include "link/intake_spill.h"
#include "link/link.h"

#include <sodium.h>

/* Where memory runs out too there are many calls, of which some are tried. */
#ifdef SANITIZED
enum { STEP = 1 };
#else
enum { STEP = 5 };
#endif

static struct fixture f;
static struct text expected, bytes;
static struct memory_plan plan = {
    .partition = 300, .buffers = 1, .part = 200, .window = 2, .bucket = 2};

static void inputs(void **state)
{
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "personnel.csv",
                 "person,entity,start_date\n" MAN ",E1,2010-01-01\n" WOMAN ",E1,2010-01-01\n" YOUNG
                 ",E1,2010-01-01\n,E1,2011-01-01\n" MAN ",E1,2010-01-01\n");
    fixture_dataset(&f, DATASET_REGISTER,
                    "person,sex,parent1,parent2\n" MAN ",m," WOMAN ",\n" YOUNG ",f," BIS "," WOMAN
                    "\n85073000457,f,none,\n");
    plan.folder = f.folder;
    text_clear(&bytes);
}

static int read_and_write(const struct memory_plan *within, struct err *err)
{
    struct pseudonymised out = {0};
    int rc = within ? intake_read_within(&f.in, &f.config, INPUT_KEY, 1, within, err)
                    : intake_read(&f.in, &f.config, INPUT_KEY, 1, err);
    if (rc == 0)
        rc = pseudonymise(&out, &f.in, 2, &KEYS, 1, err);
    if (rc == 0)
        rc = pseudonymised_write(&out, &(struct sink){append_bytes, &bytes}, err);
    pseudonymised_release(&out);
    intake_release(&f.in);
    if (bytes.failed) {
        bytes.failed = false;
        rc = err_memory(err);
    }
    return rc;
}

static int spill_rows(void **state, struct err *err)
{
    (void)state;
    return read_and_write(&plan, err);
}

static void nothing_left(void **state, bool done)
{
    (void)state;
    if (done) {
        assert_int_equal(bytes.length, expected.length);
        assert_memory_equal(bytes.bytes, expected.bytes, bytes.length);
    }
    fixture_end(&f); /* which fails if another file is in the folder */
}

static void expect(void)
{
    struct err err;
    inputs(NULL);
    assert_int_equal(read_and_write(NULL, &err), 0);
    text_clear(&expected);
    text_append(&expected, bytes.bytes, bytes.length);
    fixture_end(&f);
}

static void pseudonymising(void **state)
{
    expect();
    fault.step = STEP;
    run_all(state, &(struct scenario){inputs, spill_rows, nothing_left}, 20);
}

/* ---- link ---- */

struct stream {
    const struct text *from;
    size_t at;
};

static int get(void *context, void *to, size_t length, struct err *err)
{
    struct stream *s = context;
    if (s->from->length - s->at < length)
        return err_set(err, ERR_DATA, "the end");
    memcpy(to, s->from->bytes + s->at, length);
    s->at += length;
    return 0;
}

static int link_within(const struct memory_plan *within, struct err *err)
{
    static const char *const names[] = {"personnel", "register",     "nationality",
                                        "filiation", "registration", "entities"};
    struct stream s = {&expected, 0};
    struct source from = {get, &s};
    struct frame persons, facts = {.rows = 0}, entities = {.rows = 0};
    struct field_set fields = {.count = 0};
    struct quality q;
    struct link l = {.plan = NULL};
    size_t rows;
    quality_init(&q);
    int rc = frame_read_named(&persons, "persons", &from, err);
    size_t count = rc == 0 ? (size_t)column_get(persons.columns[0], 0) : 0;
    if (rc == 0) {
        frame_release(&persons);
        rc = field_set_add(&fields, "age", err) != 0 ||
                     field_set_add(&fields, "grandparent1_first", err) != 0
                 ? -1
                 : link_init_within(&l, count, &fields, f.config.reference_date, 1, within, err);
    }
    for (size_t i = 0; rc == 0 && i < sizeof names / sizeof names[0]; i++)
        rc = link_read(&l, names[i], &from, &rows, err);
    if (rc == 0)
        rc = link_finish(&l, &facts, &entities, &q, err);
    if (rc == 0)
        rc = link_write(&l, 0, &facts, &(struct sink){append_bytes, &bytes}, err);
    if (bytes.failed) {
        bytes.failed = false;
        rc = err_memory(err);
    }
    frame_release(&facts);
    frame_release(&entities);
    quality_release(&q);
    link_release(&l);
    return rc;
}

static struct text linked;

static int spill_link(void **state, struct err *err)
{
    (void)state;
    return link_within(&plan, err);
}

static void same_links(void **state, bool done)
{
    (void)state;
    if (done) {
        assert_int_equal(bytes.length, linked.length);
        assert_memory_equal(bytes.bytes, linked.bytes, bytes.length);
    }
    fixture_end(&f);
}

static void linking(void **state)
{
    struct err err;
    expect();
    inputs(state);
    if (link_within(NULL, &err) != 0)
        fail_msg("%s", err.text);
    text_append(&linked, bytes.bytes, bytes.length);
    fixture_end(&f);
    fault.step = STEP;
    run_all(state, &(struct scenario){inputs, spill_link, same_links}, 20);
    text_release(&linked);
    text_release(&expected);
    text_release(&bytes);
}

/* ---- derive ---- */

enum { PLACES = 1000 };

static struct structure structure;
static struct derive_facts facts; /* all rows begin a person, and every other one counts */
static const uint32_t UNITS[] = {0, 7};
static size_t places_read;

static void make_facts(void)
{
    struct err err;
    structure.variables = calloc(1, sizeof *structure.variables);
    structure.populations = calloc(1, sizeof *structure.populations);
    structure.tables = calloc(1, sizeof *structure.tables);
    structure.variable_count = structure.population_count = structure.table_count = 1;
    structure.tables[0] = (struct frequency_table){.variable_count = 1, .within = -1};
    frame_init(&facts.frame, "facts");
    facts.first = frame_add(&facts.frame, "first", COLUMN_U8, &err);
    facts.entity = frame_add_narrow(&facts.frame, "entity", &err);
    facts.mask = calloc(PLACES, sizeof *facts.mask);
    facts.categories[0] = calloc(PLACES, 1);
    assert_int_equal(frame_resize(&facts.frame, PLACES, &err), 0);
    for (size_t i = 0; i < PLACES; i++) {
        ((uint8_t *)facts.first->cells)[i] = ((uint8_t *)facts.entity->cells)[i] = 1;
        facts.mask[i] = i % 2;
        facts.categories[0][i / 2] = (uint8_t)(i / 2);
    }
}

static int read_places(struct derive_places *p, struct err *err)
{
    struct derive_places_reader r;
    int rc = derive_places_begin(&r, p, err);
    for (; rc == 0 && r.there; rc = derive_places_next(&r, err)) {
        size_t i = places_read++;
        assert_int_equal(r.place.begin, i + 1);
        assert_int_equal(r.place.unit, 7);
        assert_int_equal(r.place.mask, i % 2);
        assert_int_equal(r.place.categories[0], i % 2 ? (uint8_t)(i / 2) : 0);
    }
    derive_places_stop(&r);
    return rc;
}

static int spill_places(void **state, struct err *err)
{
    struct derive_places p;
    (void)state;
    places_read = 0;
    int rc = derive_places_open(&p, &structure, &plan, err);
    if (rc == 0)
        rc = derive_places_add(&p, &facts, UNITS, err);
    if (rc == 0)
        rc = derive_places_end(&p, err);
    if (rc == 0)
        rc = read_places(&p, err);
    derive_places_close(&p);
    return rc;
}

static void same_places(void **state, bool done)
{
    (void)state;
    assert_true(!done || places_read == PLACES);
    fixture_end(&f);
}

static void deriving(void **state)
{
    make_facts();
    fault.step = 0;
    run_all(state, &(struct scenario){inputs, spill_places, same_places}, 10);
    frame_release(&facts.frame);
    free(facts.mask);
    free(facts.categories[0]);
    structure_release(&structure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pseudonymising),
        cmocka_unit_test(linking),
        cmocka_unit_test(deriving),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
