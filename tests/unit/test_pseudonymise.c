/* SPDX-License-Identifier: EUPL-1.2 */
/* What leaves zone 1: the frames that the contract promises, in an order that tells nothing, the
 * same bytes however the rows came, and no number in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake_world.h"

#include "io/artefacts.h"
#include "link/input_digest.h"
#include "link/national_number.h"
#include "link/persons.h"
#include "link/pseudonymise.h"

#include <sodium.h>

struct reading {
    const struct text *from;
    size_t at;
};

static int take_bytes(void *context, void *bytes, size_t length, struct err *err)
{
    struct reading *r = context;
    if (length > r->from->length - r->at)
        return err_set(err, ERR_DATA, "end");
    memcpy(bytes, r->from->bytes + r->at, length);
    r->at += length;
    return 0;
}

static void write_to(struct text *zone, struct pseudonymised *out, struct fixture *f)
{
    struct sink sink = {append_bytes, zone};
    assert_int_equal(pseudonymised_write(out, &sink, &f->err), 0);
    assert_false(zone->failed);
}

/* Reads and pseudonymises what the fixture configures; out's bytes into zone if it is given. */
static void run_for(struct fixture *f, struct pseudonymised *out, struct text *zone,
                    unsigned generations, unsigned threads)
{
    if (fixture_read(f, threads) != 0)
        fail_msg("%s line %ld: %s", f->err.file, f->err.line, f->err.text);
    assert_int_equal(pseudonymise(out, &f->in, generations, &KEYS, threads, &f->err), 0);
    if (zone)
        write_to(zone, out, f);
}

static void run(struct fixture *f, struct pseudonymised *out, struct text *zone, unsigned threads)
{
    run_for(f, out, zone, 1, threads);
}

static uint64_t figure(const struct pseudonymised *p, enum dataset d, const char *check)
{
    return quality_get(&p->quality, DATASETS[d].name, check);
}

static const char *digest_of(const struct pseudonymised *p, enum dataset d)
{
    for (size_t row = 0; row < p->inputs.rows; row++)
        if (strcmp(column_word(frame_find(&p->inputs, "dataset"), row), DATASETS[d].name) == 0)
            return column_word(frame_find(&p->inputs, "digest"), row);
    return NULL;
}

static uint32_t id_at(const struct pseudonymised *p, enum dataset d, const char *column, size_t row)
{
    const struct column *c = frame_find(&p->datasets[d], column);
    assert_non_null(c);
    assert_int_equal(c->type, COLUMN_U32);
    assert_false(c->coded);
    return (uint32_t)column_get(c, row);
}

/* Who was who in the last run, caught before it is forgotten (the Makefile has the linker put this
 * in the place of persons_settle). */
static uint32_t *people;
static size_t people_count;

void __wrap_persons_settle(struct persons *p);
void __real_persons_settle(struct persons *p);
void __wrap_persons_settle(struct persons *p)
{
    free(people);
    people = malloc((p->count + 1) * sizeof *people);
    assert_non_null(people);
    people_count = p->count;
    for (size_t place = 0; place < p->count; place++)
        people[p->ids[place] - 1] = number_set_at(&p->numbers, place);
    __real_persons_settle(p);
}

/* id + 1 of a number */
static uint32_t id_of(const struct pseudonymised *p, const char *digits)
{
    assert_int_equal(column_get(frame_find(&p->persons, "count"), 0), people_count);
    for (size_t id = 0; id < people_count; id++) {
        char own[NATIONAL_NUMBER_DIGITS + 1];
        national_number_digits(national_number_unpack(people[id]), own);
        if (strcmp(own, digits) == 0)
            return (uint32_t)id + 1;
    }
    return 0;
}

/* How many rows of the dataset are this person's. */
static size_t rows_of(const struct pseudonymised *p, enum dataset d, const char *digits)
{
    size_t count = 0;
    for (size_t row = 0; row < p->datasets[d].rows; row++)
        count += id_at(p, d, "person", row) == id_of(p, digits);
    return count;
}

/* name, type letter: p person, c coded, i I32, b BYTES16 */
static const struct {
    const char *frame;
    const char *columns;
} LAYOUT[] = {
    {"persons", "count:p"},
    {"personnel", "person:p entity:c start_date:i end_date:i employment:c fte:i birth_date:i sex:c "
                  "attribute.level:c"},
    {"register", "person:p birth_date:i sex:c nationality_first:c nationality_current:c parent1:p "
                 "parent2:p"},
    {"nationality", "person:p nationality:c start_date:i end_date:i"},
    {"filiation", "person:p parent1:p parent2:p"},
    {"registration", "person:p kind:c start_date:i end_date:i"},
    {"entities", "entity:c name:c domain:c domain_name:c valid_from:i valid_to:i successor:c"},
    {"countries", "code:c iso:c eu_from:i eu_to:i group:c name_nl:c name_en:c"},
    {"inputs", "dataset:c digest:c"},
};

static char letter(const struct column *c)
{
    if (c->coded)
        return 'c';
    return c->type == COLUMN_U32 ? 'p' : c->type == COLUMN_I32 ? 'i' : 'b';
}

static void test_the_frames_are_those_of_the_contract(void **state)
{
    struct fixture f;
    struct pseudonymised out;
    struct text zone;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    f.config.attribute_count = 1;
    f.config.attributes[0] = (struct attribute_config){"level", "Niveau"};
    fixture_file(&f, "personnel.csv", "person,entity,start_date,Niveau\n" MAN ",E1,2010-01-01,A\n");
    text_init(&zone);
    run(&f, &out, &zone, 1);
    struct reading reading = {&zone, 0};
    struct source source = {take_bytes, &reading};
    for (size_t i = 0; i < sizeof LAYOUT / sizeof *LAYOUT; i++) {
        struct frame frame;
        struct text columns;
        assert_int_equal(frame_read_named(&frame, LAYOUT[i].frame, &source, &f.err), 0);
        text_init(&columns);
        for (size_t c = 0; c < frame.column_count; c++)
            text_format(&columns, "%s%s:%c", c ? " " : "", frame.columns[c]->name,
                        letter(frame.columns[c]));
        assert_string_equal(columns.bytes, LAYOUT[i].columns);
        text_release(&columns);
        frame_release(&frame);
    }
    struct frame quality;
    assert_int_equal(frame_read_named(&quality, "quality", &source, &f.err), 0);
    assert_int_equal(reading.at, zone.length);
    frame_release(&quality);
    /* only what was configured has a digest; and the key's fingerprint is there */
    assert_int_equal(out.inputs.rows, 4);
    assert_null(digest_of(&out, DATASET_REGISTER));
    assert_int_equal(strlen(digest_of(&out, DATASET_ENTITIES)), 64);
    text_release(&zone);
    pseudonymised_release(&out);
    fixture_end(&f);
}

static void test_persons_and_parents_are_ids(void **state)
{
    struct fixture f;
    struct pseudonymised out;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "personnel.csv",
                 "person,entity,start_date\n85073099931,E1,2010-01-01\n" MAN
                 ",E1,2010-01-01\n" YOUNG ",E1,2010-01-01\n");
    fixture_dataset(&f, DATASET_FILIATION,
                    "person,parent1,parent2\n85.07.30-999.32," WOMAN ",none\n" YOUNG ",,x\n");
    run(&f, &out, NULL, 2);
    assert_int_equal(column_get(frame_find(&out.persons, "count"), 0), 3);
    assert_int_equal(quality_get(&out.quality, "persons", "distinct"), 3);
    assert_true(id_of(&out, MAN) > 0 && id_of(&out, WOMAN) > 0 && id_of(&out, YOUNG) > 0);
    /* who has no number comes first */
    assert_int_equal(id_at(&out, DATASET_PERSONNEL, "person", 0), 0);
    assert_int_equal(rows_of(&out, DATASET_PERSONNEL, MAN), 1);
    assert_int_equal(rows_of(&out, DATASET_PERSONNEL, YOUNG), 1);
    assert_int_equal(out.datasets[DATASET_FILIATION].rows, 2);
    for (size_t row = 0; row < 2; row++) {
        bool man = id_at(&out, DATASET_FILIATION, "person", row) == id_of(&out, MAN);
        assert_int_equal(id_at(&out, DATASET_FILIATION, "parent1", row),
                         man ? id_of(&out, WOMAN) : 0);
        assert_true(id_at(&out, DATASET_FILIATION, "parent2", row) == (man ? PARENT_NONE : 0));
    }
    for (int d = 0; d < DATASET_COUNT; d++)
        for (size_t i = 0; i < DATASET_PERSONS; i++)
            assert_null(table_of(&f, (enum dataset)d)->numbers[i]);
    pseudonymised_release(&out);
    fixture_end(&f);
}

static void test_duplicates_are_dropped(void **state)
{
    struct fixture f;
    struct pseudonymised out;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    /* the same employment three times over, in three spellings; two people without a number */
    fixture_file(&f, "personnel.csv",
                 "person,entity,start_date,fte\n" MAN ",E1,2010-01-01,1\n85.07.30-999.32,E1,"
                 "2010-01-01,\n" MAN ",E1,2010-01-01,0.5\n,E1,2010-01-01,1\n,E1,2010-01-01,1\n" MAN
                 ", E1,2010-01-01,\"1,0\"\n");
    run(&f, &out, NULL, 1);
    assert_int_equal(out.datasets[DATASET_PERSONNEL].rows, 4);
    assert_int_equal(figure(&out, DATASET_PERSONNEL, "duplicate"), 2);
    assert_int_equal(figure(&out, DATASET_PERSONNEL, "rows"), 6);
    assert_int_equal(figure(&out, DATASET_PERSONNEL, "rejected"), 0);
    pseudonymised_release(&out);
    fixture_end(&f);
}

static void test_renumbered_persons(void **state)
{
    struct fixture f;
    struct pseudonymised out;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "personnel.csv",
                 "person,entity,start_date\n" BIS ",E1,2010-01-01\n" MAN ",E1,2010-01-01\n" YOUNG
                 ",E1,2010-01-01\n");
    fixture_dataset(&f, DATASET_REGISTER, "person,parent1\n" MAN "," BIS "\n" YOUNG ",\n");
    fixture_dataset(&f, DATASET_ALIAS,
                    "old,new,date\n" BIS "," MAN ",2015-01-01\n" BIS "," WOMAN ",2016-01-01\n" YOUNG
                    "," YOUNG ",\n" BIS "," MAN ",2015-01-01\n");
    run(&f, &out, NULL, 1);
    assert_int_equal(id_of(&out, BIS), 0);
    assert_int_equal(column_get(frame_find(&out.persons, "count"), 0), 3);
    assert_int_equal(rows_of(&out, DATASET_PERSONNEL, WOMAN), 1);
    assert_int_equal(rows_of(&out, DATASET_PERSONNEL, MAN), 1);
    assert_int_equal(out.datasets[DATASET_REGISTER].rows, 2);
    for (size_t row = 0; row < 2; row++)
        if (id_at(&out, DATASET_REGISTER, "person", row) == id_of(&out, MAN))
            assert_int_equal(id_at(&out, DATASET_REGISTER, "parent1", row), id_of(&out, WOMAN));
    assert_int_equal(figure(&out, DATASET_ALIAS, "conflict"), 1);
    assert_int_equal(figure(&out, DATASET_ALIAS, "cycle"), 1);
    assert_int_equal(figure(&out, DATASET_ALIAS, "duplicate"), 1);
    assert_int_equal(out.datasets[DATASET_ALIAS].rows, 3); /* of pseudonyms, for the digest */
    pseudonymised_release(&out);
    fixture_end(&f);
}

static void run_world(const struct world *w, size_t files, unsigned threads, struct text *zone)
{
    struct fixture f;
    struct pseudonymised out;
    fixture_start(&f);
    fixture_basics(&f);
    write_world(&f, w, files);
    run(&f, &out, NULL, threads);
    assert_true(out.datasets[DATASET_NATIONALITY].rows > PEOPLE / 2);
    write_to(zone, &out, &f);
    pseudonymised_release(&out);
    fixture_end(&f);
}

static void test_order_files_and_threads_change_nothing(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct text first;
    (void)state;
    assert_non_null(w);
    make_world(w);
    text_init(&first);
    run_world(w, 1, 1, &first);
    assert_true(first.length > 6000);
    for (unsigned round = 0; round < 6; round++) {
        struct text again;
        text_init(&again);
        shuffle(w);
        run_world(w, 1 + round % 3, 1 + round, &again);
        assert_int_equal(first.length, again.length);
        assert_memory_equal(first.bytes, again.bytes, first.length);
        text_release(&again);
    }
    text_release(&first);
    release_world(w);
    free(w);
}

static void test_no_number_leaves(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct text zone;
    (void)state;
    assert_non_null(w);
    make_world(w);
    text_init(&zone);
    run_world(w, 2, 2, &zone);
    for (size_t i = 0; i < PEOPLE; i++) {
        char digits[12];
        uint64_t number = w->numbers[i];
        national_number_digits(number, digits);
        assert_null(memmem(zone.bytes, zone.length, digits, 11));
        assert_null(memmem(zone.bytes, zone.length, &number, 5)); /* 37 bits: its low bytes */
    }
    text_release(&zone);
    release_world(w);
    free(w);
}

static void test_rows_are_sorted_by_person_and_content(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct fixture f;
    struct pseudonymised out;
    (void)state;
    assert_non_null(w);
    make_world(w);
    fixture_start(&f);
    fixture_basics(&f);
    write_world(&f, w, 2);
    run(&f, &out, NULL, 2);
    const struct frame *n = &out.datasets[DATASET_NATIONALITY];
    for (size_t row = 1; row < n->rows; row++) {
        uint32_t before = id_at(&out, DATASET_NATIONALITY, "person", row - 1);
        uint32_t here = id_at(&out, DATASET_NATIONALITY, "person", row);
        assert_true(before > 0 && before <= here);
        if (before < here)
            continue;
        const char *a = column_word(frame_find(n, "nationality"), row - 1);
        const char *b = column_word(frame_find(n, "nationality"), row);
        int order = strcmp(a ? a : "", b ? b : "");
        assert_true(order < 0 || (order == 0 && column_i32(frame_find(n, "start_date"), row - 1) <
                                                    column_i32(frame_find(n, "start_date"), row)));
    }
    pseudonymised_release(&out);
    fixture_end(&f);
    release_world(w);
    free(w);
}

/* ---- digests ---- */

static void digests(const char *nationality, const char *personnel, char out[2][65])
{
    struct fixture f;
    struct pseudonymised p;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_dataset(&f, DATASET_NATIONALITY, nationality);
    if (personnel)
        fixture_file(&f, "personnel.csv", personnel);
    run(&f, &p, NULL, 1);
    memcpy(out[0], digest_of(&p, DATASET_NATIONALITY), 65);
    memcpy(out[1], digest_of(&p, DATASET_PERSONNEL), 65);
    pseudonymised_release(&p);
    fixture_end(&f);
}

static void test_digests_are_of_the_content(void **state)
{
    char base[2][65], other[2][65];
    (void)state;
    digests("person,nationality\n" MAN ",150\n" WOMAN ",111\n", NULL, base);
    /* spelt in another way, ordered in another way: the same input */
    digests("nationality,person\n0111," WOMAN "\n 150 ,85.07.30-999.32\n", NULL, other);
    assert_string_equal(base[0], other[0]);
    /* a row twice */
    digests("person,nationality\n" MAN ",150\n" WOMAN ",111\n" WOMAN ",111\n", NULL, other);
    assert_string_not_equal(base[0], other[0]);
    assert_string_equal(base[1], other[1]);
    /* another value; another person in the same place of the ranking */
    digests("person,nationality\n" MAN ",150\n" WOMAN ",351\n", NULL, other);
    assert_string_not_equal(base[0], other[0]);
    assert_string_equal(base[1], other[1]);
    digests("person,nationality\n" MAN ",150\n" BIS ",111\n", NULL, other);
    assert_string_not_equal(base[0], other[0]);
    /* more people elsewhere move the ranks, and nothing else */
    digests("person,nationality\n" MAN ",150\n" WOMAN ",111\n",
            "person,entity,start_date\n" BIS ",E1,2010-01-01\n" YOUNG ",E1,2010-01-01\n", other);
    assert_string_equal(base[0], other[0]);
    assert_string_not_equal(base[1], other[1]);
    /* only with the key */
    INPUT_KEY[0] ^= 1;
    digests("person,nationality\n" MAN ",150\n" WOMAN ",111\n", NULL, other);
    INPUT_KEY[0] ^= 1;
    assert_string_not_equal(base[0], other[0]);
    assert_string_not_equal(base[1], other[1]);
}

/* ---- whose rows go on ---- */

#define GRANDMOTHER "30010200092"
#define STRANGER "62061500021"

/* Staff, a parent, a parent's parent and somebody else, whose row comes twice; and the parents of
 * all of them. */
static void test_only_rows_that_are_needed_go_on(void **state)
{
    static const struct {
        const char *person;
        unsigned generations; /* from which on the row is needed; 3 = never */
    } rows[] = {{MAN, 0}, {WOMAN, 1}, {GRANDMOTHER, 2}, {STRANGER, 3}};
    static const size_t persons[] = {2, 3, 4}; /* named by the rows that go on */
    char digest[INPUT_DIGEST_TEXT] = "";
    (void)state;
    for (unsigned generations = 0; generations <= 2; generations++) {
        struct fixture f;
        struct pseudonymised out;
        fixture_start(&f);
        fixture_basics(&f);
        fixture_dataset(&f, DATASET_REGISTER,
                        "person,birth_date,parent1,parent2\n" MAN ",,,none\n" STRANGER ",,," MAN
                        "\n" WOMAN ",," GRANDMOTHER ",\n" GRANDMOTHER ",," BIS ",\n" STRANGER
                        ",,," MAN "\n" STRANGER ",1962-06-15,," MAN "\n");
        fixture_dataset(&f, DATASET_FILIATION, "person,parent1,parent2\n" MAN "," WOMAN ",\n");
        fixture_dataset(&f, DATASET_NATIONALITY,
                        "person,nationality\n" GRANDMOTHER ",150\n" STRANGER ",150\n");
        run_for(&f, &out, NULL, generations, 2);
        size_t kept = 0;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            bool needed = rows[i].generations <= generations;
            assert_int_equal(rows_of(&out, DATASET_REGISTER, rows[i].person), needed);
            kept += needed;
        }
        assert_int_equal(out.datasets[DATASET_REGISTER].rows, kept);
        assert_int_equal(out.datasets[DATASET_NATIONALITY].rows, generations == 2);
        assert_int_equal(column_get(frame_find(&out.persons, "count"), 0), persons[generations]);
        assert_int_equal(id_of(&out, STRANGER), 0);
        /* what is said of the input stays the same */
        assert_int_equal(quality_get(&out.quality, "persons", "distinct"), 5);
        assert_int_equal(figure(&out, DATASET_REGISTER, "rows"), 6);
        assert_int_equal(figure(&out, DATASET_REGISTER, "duplicate"), 1);
        if (generations > 0)
            assert_string_equal(digest_of(&out, DATASET_REGISTER), digest);
        memcpy(digest, digest_of(&out, DATASET_REGISTER), sizeof digest);
        pseudonymised_release(&out);
        fixture_end(&f);
    }
}

/* Figures and digests of everybody's rows, whether all of them go on or few. */
static void test_what_goes_is_counted_as_if_it_stayed(void **state)
{
    static const enum dataset of[] = {DATASET_REGISTER, DATASET_NATIONALITY, DATASET_REGISTRATION};
    struct world *w = calloc(1, sizeof *w);
    char digests[3][INPUT_DIGEST_TEXT];
    uint64_t duplicates[3];
    (void)state;
    assert_non_null(w);
    make_world(w);
    /* every fifth row of a register twice, some of them three times */
    for (int d = 1; d < 4; d++)
        for (size_t i = 0, count = w->count[d]; i < count; i++)
            for (size_t again = 0; i % 5 == 0 && again < 1 + i % 2; again++)
                memcpy(w->rows[d][w->count[d]++], w->rows[d][i], ROW_BYTES);
    w->count[4] = 0; /* nobody is renumbered, so that personnel changes nothing else */
    size_t employed = w->count[0];
    for (unsigned round = 0; round < 4; round++) {
        struct fixture f;
        struct pseudonymised out;
        w->count[0] = round == 0 ? employed : 10 * round;
        if (round > 1)
            shuffle(w);
        fixture_start(&f);
        fixture_basics(&f);
        write_world(&f, w, 1 + round % 2);
        run_for(&f, &out, NULL, round % 2, 1 + round);
        for (size_t i = 0; i < 3; i++) {
            if (round == 0) {
                duplicates[i] = figure(&out, of[i], "duplicate");
                memcpy(digests[i], digest_of(&out, of[i]), sizeof digests[i]);
                assert_true(duplicates[i] >= w->count[i + 1] / 10);
                continue;
            }
            assert_int_equal(figure(&out, of[i], "duplicate"), duplicates[i]);
            assert_string_equal(digest_of(&out, of[i]), digests[i]);
            assert_true(out.datasets[of[i]].rows < w->count[i + 1] / 2);
        }
        pseudonymised_release(&out);
        fixture_end(&f);
    }
    release_world(w);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_frames_are_those_of_the_contract),
        cmocka_unit_test(test_persons_and_parents_are_ids),
        cmocka_unit_test(test_duplicates_are_dropped),
        cmocka_unit_test(test_renumbered_persons),
        cmocka_unit_test(test_order_files_and_threads_change_nothing),
        cmocka_unit_test(test_no_number_leaves),
        cmocka_unit_test(test_rows_are_sorted_by_person_and_content),
        cmocka_unit_test(test_digests_are_of_the_content),
        cmocka_unit_test(test_only_rows_that_are_needed_go_on),
        cmocka_unit_test(test_what_goes_is_counted_as_if_it_stayed),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
