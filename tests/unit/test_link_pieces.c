/* SPDX-License-Identifier: EUPL-1.2 */
/* Files that are read piece by piece, as those of a country, say what they say as a whole. */
#include "link_fixture.h"

enum { MANY = 200000 };

/* So many rows that there are several pieces, which end among people's rows; of personnel few are
 * in force. A row of a person says something else than the next one. */
static void many_rows(struct frame *f, const char *name, const char *columns)
{
    struct err err;
    bool personnel = strcmp(name, "personnel") == 0;
    frame_of(f, name, columns);
    for (uint32_t i = 0; i < 3 * MANY; i++) {
        uint32_t person = personnel && i < MANY / 10 ? 0 : i / 3 + 1;
        size_t at = frame_append(f, &err);
        assert_int_not_equal(at, SIZE_MAX);
        for (size_t c = 0; c < f->column_count; c++)
            set_cell(f->columns[c], at, "-");
        ((uint32_t *)f->columns[0]->cells)[at] = person;
        if (personnel) {
            set_cell(frame_find(f, "entity"), at, i % 5 ? "A" : i % 3 ? "B" : "C");
            set_cell(frame_find(f, "fte"), at, "10000");
            set_cell(frame_find(f, "end_date"), at, i % 5 == 1 ? "-" : "2001-01-01");
            continue;
        }
        set_cell(frame_find(f, "sex"), at, i % 3 == 2 ? "f" : "-");
        set_cell(frame_find(f, "nationality_first"), at, i % 3 ? "BE" : i % 7 ? "-" : "FR");
        if (i % 3 == 1)
            ((uint32_t *)frame_find(f, "parent1")->cells)[at] = (person * 7919) % MANY + 1;
    }
    assert_int_equal(frame_sort_dictionaries(f, 1, &err), 0);
}

static void add_or_read(struct link *l, struct frame *f, bool read)
{
    struct stream s = {0};
    struct err err;
    size_t rows = 0, want = f->rows;
    char name[FRAME_NAME];
    if (!read) {
        assert_int_equal(link_add(l, f, &err), 0);
        return;
    }
    text_init(&s.bytes);
    memcpy(name, f->name, sizeof name);
    assert_int_equal(frame_write(f, &(struct sink){append, &s.bytes}, &err), 0);
    frame_release(f);
    assert_int_equal(link_read(l, name, &(struct source){get, &s}, &rows, &err), 0);
    assert_int_equal(rows, want);
    assert_int_equal(s.at, s.bytes.length);
    text_release(&s.bytes);
}

static void pieces_change_no_byte(void **state)
{
    struct text bytes[2];
    struct field_set fields;
    (void)state;
    fields_of(&fields, "sex own_first parent1_first fte linked");
    for (int read = 0; read < 2; read++) {
        struct result r;
        struct link l;
        struct frame f;
        struct err err;
        assert_int_equal(link_init(&l, MANY, &fields, day(REFERENCE), 2, &err), 0);
        many_rows(&f, "personnel", PERSONNEL);
        add_or_read(&l, &f, read);
        many_rows(&f, "register", REGISTER);
        add_or_read(&l, &f, read);
        frame_of(&f, "entities", ENTITIES);
        row(&f, "A A A A - - -");
        row(&f, "B B A A - - -");
        row(&f, "C C A A - - -");
        row(&f, "D D A A - - -");
        add_or_read(&l, &f, read);
        quality_init(&r.quality);
        assert_int_equal(link_finish(&l, &r.facts, &r.entities, &r.quality, &err), 0);
        assert_true(r.facts.rows > MANY / 2 && r.facts.rows < MANY);
        assert_true(quality_get(&r.quality, "link", "differing") > MANY / 2);
        link_release(&l);
        result_bytes(&bytes[read], &r);
        result_release(&r);
    }
    assert_int_equal(bytes[0].length, bytes[1].length);
    assert_memory_equal(bytes[0].bytes, bytes[1].bytes, bytes[0].length);
    text_release(&bytes[0]);
    text_release(&bytes[1]);
}

/* Somebody with more rows than a piece has is folded as one all the same. */
static void many_rows_of_one_person(void **state)
{
    struct field_set fields;
    struct stream s = {0};
    struct link l;
    struct frame f;
    struct err err;
    size_t rows;
    (void)state;
    fields_of(&fields, "sex");
    many_rows(&f, "register", REGISTER);
    for (size_t i = 0; i < f.rows; i++)
        ((uint32_t *)f.columns[0]->cells)[i] = i < 5 ? 1 : 2;
    text_init(&s.bytes);
    assert_int_equal(frame_write(&f, &(struct sink){append, &s.bytes}, &err), 0);
    assert_int_equal(link_init(&l, 2, &fields, day(REFERENCE), 2, &err), 0);
    assert_int_equal(link_read(&l, "register", &(struct source){get, &s}, &rows, &err), 0);
    assert_int_equal(rows, 3 * MANY);
    assert_int_equal(l.people.sex[0], SEX_F);
    assert_int_equal(l.people.sex[1], SEX_F);
    assert_true(l.people.flags[1] & PERSON_DIFFERING);
    link_release(&l);
    frame_release(&f);
    text_release(&s.bytes);
}

/* Codes that take one byte in memory, two (of many words), or four (when they are added). */
static void codes_of_any_width(void **state)
{
    enum { FEW = 200, SEVERAL = 700 };
    struct field_set fields;
    (void)state;
    fields_of(&fields, "own_first own_current");
    for (int i = 0; i < 4; i++) {
        const uint32_t words = i % 2 ? SEVERAL : FEW;
        struct link l;
        struct frame f;
        struct err err;
        frame_of(&f, "register", REGISTER);
        for (uint32_t person = 0; person < words; person++) {
            char word[16];
            size_t at = frame_append(&f, &err);
            assert_int_not_equal(at, SIZE_MAX);
            (void)snprintf(word, sizeof word, "N%u", (unsigned)(words - person));
            ((uint32_t *)f.columns[0]->cells)[at] = person + 1;
            set_cell(frame_find(&f, "nationality_first"), at, word);
            set_cell(frame_find(&f, "nationality_current"), at, person ? "-" : word);
        }
        assert_int_equal(frame_sort_dictionaries(&f, 1, &err), 0);
        assert_int_equal(link_init(&l, words, &fields, day(REFERENCE), 2, &err), 0);
        add_or_read(&l, &f, i / 2);
        for (uint32_t person = 0; person < words; person++) {
            char word[16];
            (void)snprintf(word, sizeof word, "N%u", (unsigned)(words - person));
            assert_string_equal(dictionary_word(&l.people.nations, l.people.first[person]), word);
            assert_int_equal(l.people.current[person], person ? 0 : l.people.first[0]);
        }
        link_release(&l);
    }
}

/* Rows out of order are found where a piece ends too, and where they do not stay. */
static void unsorted_pieces_are_refused(void **state)
{
    static const char *const names[] = {"personnel", "register"};
    static const char *const columns[] = {PERSONNEL, REGISTER};
    static const size_t places[] = {1, 65536, 262143, 262144, 262145};
    struct field_set fields;
    (void)state;
    fields_of(&fields, "sex");
    for (int d = 0; d < 2; d++) {
        struct frame f;
        struct err err;
        many_rows(&f, names[d], columns[d]);
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            struct stream s = {0};
            struct link l;
            size_t rows;
            uint32_t *person = f.columns[0]->cells, before = person[places[i] - 1];
            person[places[i] - 1] = MANY;
            text_init(&s.bytes);
            assert_int_equal(frame_write(&f, &(struct sink){append, &s.bytes}, &err), 0);
            assert_int_equal(link_init(&l, MANY, &fields, day(REFERENCE), 2, &err), 0);
            assert_int_equal(link_read(&l, names[d], &(struct source){get, &s}, &rows, &err), -1);
            assert_non_null(strstr(err.text, "not sorted"));
            link_release(&l);
            person[places[i] - 1] = before;
            text_release(&s.bytes);
        }
        frame_release(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_change_no_byte),
        cmocka_unit_test(unsorted_pieces_are_refused),
        cmocka_unit_test(many_rows_of_one_person),
        cmocka_unit_test(codes_of_any_width),
    };
    return cmocka_run_group_tests_name("link: pieces", tests, NULL, NULL);
}
