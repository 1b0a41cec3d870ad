/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The join as a whole: a random population of 1,000 persons (link_world.h) against an oracle that
 * works the rules out anew (link_oracle.h), row by row; and what must not matter (order of input
 * rows, threads) or must not be there (identifiers, words of others, what nobody asked for).
 */
#include "base/text.h"
#include "link/link.h"

#include "link_oracle.h"

#define ALL_FIELDS                                                                                \
    "entity domain employment fte start_date end_date reference_date age sex linked own_current " \
    "own_first parent1_first parent2_first grandparent1_first grandparent2_first "                \
    "grandparent3_first grandparent4_first attribute.level registered_disability "                \
    "registered_nobody"

struct result {
    struct frame facts, entities;
    struct quality quality;
};

/* Any order of 0 .. n - 1. */
static void shuffle(size_t *order, size_t n, bool really)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; really && i > 1; i--) {
        size_t k = dice((unsigned)i), swap = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swap;
    }
}

static void open_link_at(struct link *l, const struct field_set *fields, const char *reference,
                         unsigned threads)
{
    struct err err;
    assert_int_equal(link_init(l, PERSONS, fields, day(reference), threads, &err), 0);
}

static void open_link(struct link *l, const struct field_set *fields, unsigned threads)
{
    open_link_at(l, fields, REFERENCE, threads);
}

static void add_entities(struct link *l)
{
    static const char *const rows[] = {"A-1 Eerste A Aa - - -",
                                       "A-2 Oude A Aa - 2016-12-31 -",
                                       "A-2 Tweede A Aa 2017-01-01 2017-12-31 -",
                                       "A.1 Derde A Aa 2017-12-31 - -",
                                       "B Vierde B Bb - 2018-01-01 -",
                                       "a Vijfde C Cc - - -",
                                       "Gone Weg D Dd - 2017-12-30 B",
                                       "New Nieuw E Ee 2018-01-01 - -",
                                       "Silent Stil C Cc - - -",
                                       NULL};
    struct frame f;
    struct err err;
    frame_of(&f, "entities", ENTITIES);
    for (size_t i = 0; rows[i]; i++)
        row(&f, rows[i]);
    arrange(&f);
    assert_int_equal(link_add(l, &f, &err), 0);
}

static void add_world(struct link *l, bool shuffled)
{
    static const char *const names[] = {"personnel", "register", "nationality", "filiation",
                                        "registration"};
    static const char *const columns[] = {PERSONNEL, REGISTER, NATIONALITY, FILIATION,
                                          REGISTRATION};
    static size_t order[ROWS_MOST];
    struct err err;
    for (int d = 0; d < 5; d++) {
        struct frame f;
        char line[LINE];
        frame_of(&f, names[d], columns[d]);
        shuffle(order, world_rows(d), shuffled);
        for (size_t i = 0; i < world_rows(d); i++) {
            world_row(d, order[i], line);
            row(&f, line);
        }
        arrange(&f);
        assert_int_equal(link_add(l, &f, &err), 0);
        assert_int_equal(f.column_count, 0);
    }
}

static void link_world(struct result *out, const struct field_set *fields, unsigned threads,
                       bool shuffled)
{
    struct link l;
    struct err err;
    open_link(&l, fields, threads);
    add_world(&l, shuffled);
    add_entities(&l);
    quality_init(&out->quality);
    if (link_finish(&l, &out->facts, &out->entities, &out->quality, &err) != 0)
        fail_msg("%s", err.text);
    link_release(&l);
}

static void result_release(struct result *r)
{
    frame_release(&r->facts);
    frame_release(&r->entities);
    quality_release(&r->quality);
}

static void cell_text(char *line, size_t size, const struct column *c, size_t i)
{
    char iso[DATE_TEXT];
    size_t used = strlen(line);
    bool is_date = strstr(c->name, "date") != NULL;
    line += used;
    size -= used;
    if (c->coded)
        (void)snprintf(line, size, " %s", column_word(c, i) ? column_word(c, i) : "-");
    else if (c->type == COLUMN_I32 && column_i32(c, i) == DATE_NONE)
        (void)snprintf(line, size, " -");
    else if (is_date)
        (void)snprintf(line, size, " %s", date_iso(column_i32(c, i), iso));
    else if (c->type == COLUMN_I32)
        (void)snprintf(line, size, " %d", column_i32(c, i));
    else
        (void)snprintf(line, size, " %u", (unsigned)column_get(c, i));
}

static void check_figures(const struct quality *q, const struct figures *n)
{
    const struct {
        const char *check;
        size_t count;
    } figures[] = {{"persons", n->persons},
                   {"linked", n->linked},
                   {"several_employments", n->several_employments},
                   {"differing", n->differing},
                   {"dual", n->dual},
                   {"unknown_first", n->unknown_first},
                   {"unknown_current", n->unknown_current},
                   {"unknown_parent", n->unknown_parent},
                   {"birth_date_differs", n->birth_date_differs},
                   {"sex_differs", n->sex_differs},
                   {"parent_links", links},
                   {"parent_self", dropped_self},
                   {"parent_same", dropped_same},
                   {"parent_age", dropped_age}};
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        assert_true(figures[i].count > 0); /* a case that never comes up tests nothing */
        if (quality_get(q, "link", figures[i].check) != figures[i].count)
            fail_msg("%s: %zu expected", figures[i].check, figures[i].count);
    }
    assert_int_equal(q->count, sizeof figures / sizeof figures[0]);
}

static void oracle_agrees(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct field_set fields;
        struct result r;
        struct figures figures;
        make_world(seed);
        fields_of(&fields, ALL_FIELDS);
        link_world(&r, &fields, 2, true);
        size_t rows = oracle_all(&figures);
        assert_int_equal(r.facts.rows, rows);
        for (size_t i = 0; i < rows; i++) {
            char line[LINE] = "";
            for (size_t c = 0; c < r.facts.column_count; c++)
                cell_text(line, sizeof line, r.facts.columns[c], i);
            assert_string_equal(line + 1, expected[i]);
        }
        check_figures(&r.quality, &figures);
        result_release(&r);
    }
}

static int append(void *context, const void *bytes, size_t length, struct err *err)
{
    struct text *t = context;
    text_append(t, bytes, length);
    return t->failed ? err_memory(err) : 0;
}

static void result_bytes(struct text *t, struct result *r)
{
    struct sink sink = {append, t};
    struct err err;
    struct frame q;
    text_init(t);
    assert_int_equal(frame_write(&r->facts, &sink, &err), 0);
    assert_int_equal(frame_write(&r->entities, &sink, &err), 0);
    frame_init(&q, "quality");
    assert_int_equal(quality_to_frame(&r->quality, &q, &err), 0);
    assert_int_equal(frame_write(&q, &sink, &err), 0);
    frame_release(&q);
}

static void order_and_threads_change_no_byte(void **state)
{
    static const unsigned threads[] = {1, 2, 5, 64};
    struct text first = {0};
    struct field_set fields;
    (void)state;
    make_world(4);
    fields_of(&fields, ALL_FIELDS);
    for (int run = 0; run < 8; run++) {
        struct result r;
        struct text t;
        link_world(&r, &fields, threads[run % 4], run >= 4);
        result_bytes(&t, &r);
        result_release(&r);
        if (run == 0) {
            first = t;
            continue;
        }
        assert_int_equal(t.length, first.length);
        assert_memory_equal(t.bytes, first.bytes, t.length);
        text_release(&t);
    }
    text_release(&first);
}

/* Only the columns that were asked for, and only words that stand in a row. */
static void nothing_else_gets_out(void **state)
{
    static const struct {
        const char *fields, *columns;
    } cases[] = {
        {"", "first entity"},
        {"domain reference_date entity", "first entity"},
        {"own_first", "first entity own_first"},
        {"age sex", "first entity age sex"},
        {"grandparent2_first", "first entity grandparent2_first"},
        {"linked registered_disability", "first entity linked registered_disability"},
        {"parent2_first employment attribute.level",
         "first entity parent2_first employment attribute.level"},
    };
    (void)state;
    make_world(5);
    put(world.registered[0].first, "ZZ"); /* a word of somebody without employment */
    world.registered[0].person = PERSONS;
    for (size_t i = 0; i < world.employments; i++)
        if (world.employment[i].person == PERSONS)
            put(world.employment[i].end, "1999-01-01");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct field_set fields;
        struct result r;
        char names[LINE] = "";
        fields_of(&fields, cases[i].fields);
        link_world(&r, &fields, 2, false);
        for (size_t c = 0; c < r.facts.column_count; c++) {
            const struct column *column = r.facts.columns[c];
            size_t used = strlen(names);
            (void)snprintf(names + used, sizeof names - used, "%s%s", c ? " " : "", column->name);
            for (uint32_t code = 1; code <= column->dictionary.count; code++) {
                bool found = false;
                for (size_t at = 0; at < r.facts.rows; at++)
                    found |= column_get(column, at) == code;
                assert_true(found);
                if (code > 1)
                    assert_true(strcmp(column->dictionary.words[code - 2],
                                       column->dictionary.words[code - 1]) < 0);
            }
        }
        assert_string_equal(names, cases[i].columns);
        result_release(&r);
    }
}

/* What no field needs has no array, and no figure. */
static void nothing_else_is_computed(void **state)
{
    struct field_set fields;
    struct link l;
    struct result r;
    (void)state;
    fields_of(&fields, "own_current domain");
    open_link(&l, &fields, 2);
    assert_non_null(l.people.current);
    assert_null(l.people.first);
    assert_null(l.people.parents);
    assert_null(l.people.birth);
    assert_null(l.people.sex);
    assert_null(l.people.registered);
    link_release(&l);
    make_world(6);
    link_world(&r, &fields, 1, false);
    assert_int_equal(r.quality.count, 6); /* the five of everybody, and unknown_current */
    assert_int_equal(quality_get(&r.quality, "link", "unknown_parent"), 0);
    result_release(&r);
}

static void entities_of_the_reference_date(void **state)
{
    static const char *const rows[] = {"A-1 Eerste A Aa 1",  "A-2 Tweede A Aa 1",
                                       "A.1 Derde A Aa 1",   "B Vierde B Bb 1",
                                       "Silent Stil C Cc 0", "a Vijfde C Cc 1"};
    struct field_set fields;
    struct result r;
    (void)state;
    make_world(7);
    for (size_t i = 0; i < world.employments; i++)
        if (strcmp(world.employment[i].entity, "B") ==
            0) /* rows, though none in force: delivered */
            put(world.employment[i].end, "2017-12-30");
    fields_of(&fields, "sex");
    link_world(&r, &fields, 2, true);
    assert_int_equal(r.entities.rows, 6);
    for (size_t i = 0; i < 6; i++) {
        char line[LINE] = "";
        for (size_t c = 0; c < r.entities.column_count; c++)
            cell_text(line, sizeof line, r.entities.columns[c], i);
        assert_string_equal(line + 1, rows[i]);
    }
    assert_int_equal(r.entities.columns[2]->dictionary.count, 3); /* D and E are not there */
    assert_int_equal(frame_find(&r.facts, "entity")->dictionary.count, 4);
    result_release(&r);
}

/* ---- other dates ---- */

/* Everybody known by their level, births and sexes by the register alone, and all entities there on
 * all days: what two runs of different dates then say of one day must be the same. */
static void make_world_of_known(uint64_t seed)
{
    make_world(seed);
    for (size_t i = 0; i < world.employments; i++) {
        struct employment *e = &world.employment[i];
        (void)snprintf(e->level, sizeof e->level, "%c%d", e->person ? 'P' : 'R',
                       e->person ? e->person : (int)i);
        put(e->birth, "-");
        put(e->sex, "-");
    }
}

static void add_lasting_entities(struct link *l)
{
    static const char *const rows[] = {"A-1 a A Aa - - -", "A-2 b A Aa - - -", "A.1 c A Aa - - -",
                                       "B d B Bb - - -",   "a e C Cc - - -",   NULL};
    struct frame f;
    struct err err;
    frame_of(&f, "entities", ENTITIES);
    for (size_t i = 0; rows[i]; i++)
        row(&f, rows[i]);
    arrange(&f);
    assert_int_equal(link_add(l, &f, &err), 0);
}

static void same_rows(const struct frame *a, const struct frame *b)
{
    assert_int_equal(a->rows, b->rows);
    for (size_t i = 0; i < a->rows; i++) {
        char x[LINE] = "", y[LINE] = "";
        for (size_t c = 0; c < a->column_count; c++) {
            assert_string_equal(a->columns[c]->name, b->columns[c]->name);
            cell_text(x, sizeof x, a->columns[c], i);
            cell_text(y, sizeof y, b->columns[c], i);
        }
        assert_string_equal(x, y);
    }
}

/* `now` leads to where the same person begins in the facts, and nobody who is there is missed. */
static void check_now(const struct frame *then, const struct frame *facts)
{
    const struct column *now = frame_find(then, "now");
    const struct column *who = frame_find(then, "attribute.level");
    const struct column *known = frame_find(facts, "attribute.level");
    size_t both = 0, gone = 0;
    for (size_t i = 0; i < then->rows; i++) {
        size_t at = column_get(now, i);
        size_t found = 0;
        while (found < facts->rows && strcmp(column_word(known, found), column_word(who, i)) != 0)
            found++;
        assert_int_equal(at, found == facts->rows ? 0 : found + 1);
        assert_true(at == 0 || column_get(frame_find(facts, "first"), found) == 1);
        both += at > 0;
        gone += at == 0;
    }
    assert_true(both > 0 && gone > 0);
}

static void other_dates_are_as_they_were(void **state)
{
    static const char *const days[3] = {"1999-05-04", "2010-02-28", "2018-01-01"};
    struct field_set fields;
    (void)state;
    fields_of(&fields, ALL_FIELDS);
    make_world_of_known(8);
    const date since[3] = {day(days[0]), day(days[1]), day(days[2])};
    struct link l;
    struct result r, own;
    struct frame then[3], former;
    struct err err;
    open_link(&l, &fields, 2);
    assert_int_equal(link_since(&l, since, 3, &fields, &err), 0);
    add_world(&l, true);
    add_lasting_entities(&l);
    quality_init(&r.quality);
    assert_int_equal(link_finish(&l, &r.facts, &r.entities, &r.quality, &err), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(link_then(&l, i, &then[i], &err), 0);
        check_now(&then[i], &r.facts);
    }
    assert_int_equal(link_former(&l, &former, &err), 0);
    assert_int_equal(former.rows, 0); /* none has ended */
    frame_release(&former);
    link_release(&l);
    for (size_t i = 0; i < 3; i++) {
        open_link_at(&l, &fields, days[i], 1);
        add_world(&l, false);
        add_lasting_entities(&l);
        quality_init(&own.quality);
        assert_int_equal(link_finish(&l, &own.facts, &own.entities, &own.quality, &err), 0);
        link_release(&l);
        same_rows(&own.facts, &then[i]);
        result_release(&own);
        frame_release(&then[i]);
    }
    result_release(&r);
}

/* Other dates change nothing about this one, and cost only what they ask for. */
static void other_dates_change_nothing(void **state)
{
    struct field_set fields, groups;
    struct result with, without;
    struct text a, b;
    struct link l;
    struct err err;
    const date since = day("2010-02-28");
    (void)state;
    make_world(9);
    fields_of(&fields, ALL_FIELDS);
    fields_of(&groups, "sex age");
    link_world(&without, &fields, 2, false);
    open_link(&l, &fields, 2);
    assert_int_equal(link_since(&l, &since, 1, &groups, &err), 0);
    assert_int_equal(l.people.current_days, 1);
    assert_int_equal(l.people.registered_days, 1);
    add_world(&l, false);
    add_entities(&l);
    quality_init(&with.quality);
    assert_int_equal(link_finish(&l, &with.facts, &with.entities, &with.quality, &err), 0);
    struct frame then;
    assert_int_equal(link_then(&l, 0, &then, &err), 0);
    assert_int_equal(then.column_count, 5); /* first entity sex age now */
    frame_release(&then);
    link_release(&l);
    result_bytes(&a, &with);
    result_bytes(&b, &without);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.bytes, b.bytes, a.length);
    text_release(&a);
    text_release(&b);
    result_release(&with);
    result_release(&without);
}

/* ---- files that are read piece by piece ---- */

enum { MANY = 200000 };

struct stream {
    struct text bytes;
    size_t at;
};

static int get(void *context, void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    if (s->bytes.length - s->at < length)
        return err_set(err, ERR_DATA, "the end");
    memcpy(bytes, s->bytes.bytes + s->at, length);
    s->at += length;
    return 0;
}

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
    assert_int_equal(frame_sort_dictionaries(f, &err), 0);
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

/* One personnel row, with the given frames as pseudonymise must not write them. */
static void refuse(const char *personnel, const char *entity, const char *dataset,
                   const char *columns, const char *cells, const char *text)
{
    struct field_set fields;
    struct link l;
    struct frame f, facts = {0}, entities = {0};
    struct quality q;
    struct err err = {0};
    int rc;
    fields_of(&fields, ALL_FIELDS);
    open_link(&l, &fields, 1);
    quality_init(&q);
    frame_of(&f, "personnel", PERSONNEL);
    row(&f, personnel);
    rc = link_add(&l, &f, &err);
    if (rc == 0 && dataset) {
        frame_of(&f, dataset, columns);
        row(&f, cells);
        rc = link_add(&l, &f, &err);
    }
    frame_of(&f, "entities", ENTITIES);
    row(&f, entity);
    row(&f, "Z Z Z Z - - -");
    row(&f, "Z Z Z Z - 2017-12-30 -");
    assert_int_equal(link_add(&l, &f, &err), 0);
    if (rc == 0)
        rc = link_finish(&l, &facts, &entities, &q, &err);
    if (rc != (text ? -1 : 0) || (text && !strstr(err.text, text)))
        fail_msg("%s: %d %s", text ? text : "accepted", rc, err.text);
    assert_int_equal(err.kind, text ? ERR_DATA : ERR_NONE);
    frame_release(&facts);
    frame_release(&entities);
    quality_release(&q);
    link_release(&l);
}

static void bad_frames_are_refused(void **state)
{
    static const char good[] = "1 A staff 2000-01-01 - 10000 - m -", entity[] = "A Aa B Bb - - -";
    (void)state;
    refuse(good, entity, NULL, NULL, NULL, NULL);
    refuse("1001 A staff 2000-01-01 - 10000 - m -", entity, NULL, NULL, NULL, "no such person");
    refuse("1 A staff 2000-01-01 - 10000 - w -", entity, NULL, NULL, NULL, "m, f or x");
    refuse("1 C staff 2000-01-01 - 10000 - m -", entity, NULL, NULL, NULL, "not valid");
    refuse("1 - staff 2000-01-01 - 10000 - m -", entity, NULL, NULL, NULL, "not valid");
    refuse("1 C staff 2000-01-01 2001-01-01 10000 - m -", entity, NULL, NULL, NULL, NULL);
    refuse(good, "A Aa B Bb - 2017-12-30 -", NULL, NULL, NULL, "not valid");
    refuse(good, "Z Y B Bb 2017-12-31 - -", NULL, NULL, NULL, "Z is there twice");
    refuse(good, entity, "register", REGISTER, "1 - - - - 1001 -", "no such person");
    refuse(good, entity, "register", REGISTER, "1 - v - - - -", "m, f or x");
    refuse(good, entity, "register", REGISTER, "1 - - none - - -", "no nationality");
    refuse(good, entity, "register", REGISTER, "1001 - - - - - -", "no such person");
    refuse(good, entity, "register", "person:u birth_date:d", "1 -", "no column sex");
    refuse(good, entity, "nationality", "person:u nationality:u", "1 1", "no words");
    refuse(good, entity, "nationality", "person:u nationality:c", "1 BE", "no column start_date");
    refuse(good, entity, "filiation", FILIATION, "1 - 1001", "no such person");
    refuse(good, entity, "registration", "person:u kind:c start_date:d", "1 k -", "end_date");
}

static void other_frames_are_a_bug(void **state)
{
    struct field_set fields;
    struct link l;
    struct frame f;
    struct err err;
    (void)state;
    fields_of(&fields, "");
    open_link(&l, &fields, 1);
    frame_of(&f, "alias", "old:u new:u");
    assert_int_equal(link_add(&l, &f, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_int_equal(f.column_count, 0);
    link_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oracle_agrees),
        cmocka_unit_test(order_and_threads_change_no_byte),
        cmocka_unit_test(nothing_else_gets_out),
        cmocka_unit_test(nothing_else_is_computed),
        cmocka_unit_test(entities_of_the_reference_date),
        cmocka_unit_test(other_dates_are_as_they_were),
        cmocka_unit_test(other_dates_change_nothing),
        cmocka_unit_test(pieces_change_no_byte),
        cmocka_unit_test(unsorted_pieces_are_refused),
        cmocka_unit_test(many_rows_of_one_person),
        cmocka_unit_test(bad_frames_are_refused),
        cmocka_unit_test(other_frames_are_a_bug),
    };
    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
