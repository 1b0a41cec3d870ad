/* SPDX-License-Identifier: EUPL-1.2 */
/* Which rows are accepted, and as what; which are rejected, and why; what stops the run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake_fixture.h"

#include "link/value.h"

#define PERSONNEL "person,entity,start_date,end_date,employment,fte,birth_date,sex\n"

static void read_personnel(struct fixture *f, const char *rows)
{
    char bytes[4096];
    (void)snprintf(bytes, sizeof bytes, "%s%s", PERSONNEL, rows);
    fixture_dataset(f, DATASET_PERSONNEL, bytes);
    assert_int_equal(fixture_read(f, 2), 0);
}

static void test_a_row_becomes_cells(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    read_personnel(&f, " 85.07.30-999.32 ,E1,2010-01-01,,,,,\n" /* all defaults */
                   MAN ",\xC2\xA0"
                       "E1\t,2010-01-01,2018-06-30,student,\"0,8\",1985-07-30,M\n");
    const struct intake_table *t = table_of(&f, DATASET_PERSONNEL);
    assert_int_equal(t->frame.rows, 2);
    assert_true(number_of(t, 0) == UINT64_C(85073099932));
    assert_true(number_of(t, 1) == UINT64_C(85073099932));
    assert_string_equal(word_at(t, "employment", 0), "staff");
    assert_int_equal(number_at(t, "fte", 0), VALUE_FTE_ONE);
    assert_int_equal(number_at(t, "end_date", 0), DATE_NONE);
    assert_int_equal(number_at(t, "birth_date", 0), DATE_NONE);
    assert_null(word_at(t, "sex", 0));
    assert_string_equal(word_at(t, "entity", 1), "E1");
    assert_string_equal(word_at(t, "employment", 1), "student");
    assert_int_equal(number_at(t, "fte", 1), 8000);
    assert_int_equal(number_at(t, "start_date", 1), date_make(2010, 1, 1));
    assert_int_equal(number_at(t, "end_date", 1), date_make(2018, 6, 30));
    assert_int_equal(number_at(t, "birth_date", 1), date_make(1985, 7, 30));
    assert_string_equal(word_at(t, "sex", 1), "m");
    fixture_end(&f);
}

/* One row each; all are rejected for this reason alone. */
static void test_bad_values_reject_the_row(void **state)
{
    static const struct {
        const char *row, *reason;
    } cases[] = {
        {MAN ",,2010-01-01,,,,,", "missing"},
        {MAN ",E1,,,,,,", "missing"},
        {MAN ",E1,0000-00-00,,,,,", "missing"},
        {MAN ",E1,2010-02-30,,,,,", "date"},
        {MAN ",E1,01/02/2010,,,,,", "date"},
        {MAN ",E1,2010-01-01,2009-12-31,,,,", "date_order"},
        {MAN ",E1,2010-01-01,x,,,,", "date"},
        {MAN ",E1,2010-01-01,,,1.1,,", "fte"},
        {MAN ",E1,2010-01-01,,,0.12345,,", "fte"},
        {MAN ",E1,2010-01-01,,,-0.5,,", "fte"},
        {MAN ",E1,2010-01-01,,,80%,,", "fte"},
        {MAN ",E1,2010-01-01,,,1e0,,", "fte"},
        {MAN ",E1,2010-01-01,,,1.,,", "fte"},
        {MAN ",E1,2010-01-01,,,,,V", "sex"},
        {MAN ",E1,2010-01-01,,,,,mm", "sex"},
        {MAN ",E1,2010-01-01,,a b,,,", "code"},
        {MAN ",../x,2010-01-01,,,,,", "code"},
        {MAN ",E1,2010-01-01,,,,1849-12-31,", "date"},
        {MAN ",E1,2010-01-01,,,,2018-01-01,", "date"},
        {MAN ",E9,2010-01-01,,,,,", "unknown_entity"},
        {MAN ",E2,2010-01-01,,,,,", "entity_ended"},
        {MAN ",E2,2010-01-01,2017-12-31,,,,", "entity_ended"},
        {MAN ",E2,2017-12-31,,,,,", "entity_ended"},
        {MAN ",E3,2010-01-01,,,,,", "entity_ended"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        fixture_start(&f);
        fixture_basics(&f);
        read_personnel(&f, cases[i].row);
        if (count_of(&f, DATASET_PERSONNEL, cases[i].reason) != 1)
            fail_msg("row %zu is not rejected as %s", i, cases[i].reason);
        assert_int_equal(count_of(&f, DATASET_PERSONNEL, "rows"), 1);
        assert_int_equal(count_of(&f, DATASET_PERSONNEL, "rejected"), 1);
        assert_int_equal(table_of(&f, DATASET_PERSONNEL)->frame.rows, 0);
        assert_int_equal(table_of(&f, DATASET_PERSONNEL)->issues.count, 1);
        fixture_end(&f);
    }
}

static void test_borderline_values_are_accepted(void **state)
{
    static const char *const rows[] = {
        MAN ",E1,2010-01-01,2010-01-01,,,,", MAN ",E1,2010-01-01,,,0,,",
        MAN ",E1,2010-01-01,,,1.0000,,",     MAN ",E1,2010-01-01,,,0.0001,,X",
        MAN ",E1,2010-01-01,0000-00-00,,,,", MAN ",E1,2010-01-01,9999-12-31,,,,",
        MAN ",E2,2010-01-01,2017-12-30,,,,", MAN ",E2,2018-01-01,,,,,",
        MAN ",E1,2010-01-01,,,,1850-01-01,", MAN ",E1,2019-01-01,,,,0001-01-01,",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        fixture_start(&f);
        fixture_basics(&f);
        read_personnel(&f, rows[i]);
        if (table_of(&f, DATASET_PERSONNEL)->frame.rows != 1)
            fail_msg("row %zu is not accepted", i);
        fixture_end(&f);
    }
}

static void test_personnel_without_a_valid_number_stay(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    read_personnel(&f, "85073099931,E1,2010-01-01,,,,,\n8.50731E+10,E1,2010-01-01,,,,,\n"
                       ",E1,2010-01-01,,,,,\n" MAN ",E1,2010-01-01,,,,,\n"
                       "8507309993O,E1,,,,,,\n");
    const struct intake_table *t = table_of(&f, DATASET_PERSONNEL);
    assert_int_equal(t->frame.rows, 4);
    for (size_t i = 0; i < 3; i++)
        assert_true(number_of(t, i) == NUMBER_NONE);
    assert_int_equal(count_of(&f, DATASET_PERSONNEL, "check_digits"), 1);
    assert_int_equal(count_of(&f, DATASET_PERSONNEL, "scientific"), 1);
    assert_int_equal(count_of(&f, DATASET_PERSONNEL, "person_missing"), 1);
    assert_int_equal(count_of(&f, DATASET_PERSONNEL, "missing"), 1);
    assert_int_equal(count_of(&f, DATASET_PERSONNEL, "letters"),
                     0); /* rejected for another reason */
    assert_int_equal(count_of(&f, DATASET_PERSONNEL, "rejected"), 1);
    assert_int_equal(t->issues.count, 4);
    fixture_end(&f);
}

static void test_elsewhere_an_invalid_number_rejects(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_dataset(&f, DATASET_FILIATION,
                    "person,parent1,parent2\n" MAN ",,None\n" MAN "," WOMAN ",85073099931\n"
                    "85073099931,,\n,,\n" MAN ",85073099931,85073099931\n" MAN ",x,y\n");
    assert_int_equal(fixture_read(&f, 1), 0);
    const struct intake_table *t = table_of(&f, DATASET_FILIATION);
    assert_int_equal(t->frame.rows, 4);
    assert_true(number_of(t, 1) == NUMBER_NONE && number_of(t, 2) == NUMBER_NO_PARENT);
    assert_true(number_of(t, 4) == UINT64_C(85073000061) && number_of(t, 5) == NUMBER_NONE);
    assert_int_equal(count_of(&f, DATASET_FILIATION, "rejected"), 2);
    assert_int_equal(count_of(&f, DATASET_FILIATION, "missing"), 1);
    assert_int_equal(count_of(&f, DATASET_FILIATION, "check_digits"), 1);
    /* once for a row, however many of its parents: a part is never more than its whole */
    assert_int_equal(count_of(&f, DATASET_FILIATION, "parent_letters"), 1);
    assert_int_equal(count_of(&f, DATASET_FILIATION, "parent_check_digits"), 2);
    fixture_end(&f);
}

static void test_birth_date_decides_the_century(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    /* the same nine digits: check digits 56 in 1918, 85 in 2018 */
    fixture_dataset(&f, DATASET_REGISTER,
                    "birth_date,person\n1918-03-04,18030499956\n2017-12-31,18030499985\n"
                    "1918-03-04,18030499985\n,18030499956\n,18030499985\n");
    assert_int_equal(fixture_read(&f, 1), 0);
    assert_int_equal(table_of(&f, DATASET_REGISTER)->frame.rows, 3);
    assert_int_equal(count_of(&f, DATASET_REGISTER, "check_digits"), 2);
    fixture_end(&f);
}

static void test_nationalities(void **state)
{
    static const struct {
        const char *text, *word; /* NULL = unknown, "" = rejected */
    } cases[] = {
        {" 150 ", "BE"},
        {"0150", "BE"},
        {"150.0", "BE"},
        {"\xC2\xA0"
         "150",
         "BE"},
        {"111", "FR"},
        {"000351", "MA"},
        {"700", "stateless"},
        {"998", NULL},
        {"997", NULL},
        {"999", NULL},
        {"0999.0", NULL},
        {"123", "?123"},
        {"00123", "?123"},
        {"BE", ""},
        {"Belg", ""},
        {"150.5", ""},
        {"1 50", ""},
        {"-150", ""},
        {"0", ""},
        {MAN, ""},
        {"15O", ""},
        {".0", ""},
        {"150.", ""},
        {"1e2", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        char bytes[200];
        fixture_start(&f);
        fixture_basics(&f);
        (void)snprintf(bytes, sizeof bytes, "person,nationality,start_date\n" MAN ",%s,\n",
                       cases[i].text);
        fixture_dataset(&f, DATASET_NATIONALITY, bytes);
        assert_int_equal(fixture_read(&f, 1), 0);
        const struct intake_table *t = table_of(&f, DATASET_NATIONALITY);
        bool rejected = cases[i].word && cases[i].word[0] == '\0';
        if (t->frame.rows != !rejected)
            fail_msg("nationality case %zu: %zu rows", i, t->frame.rows);
        assert_int_equal(count_of(&f, DATASET_NATIONALITY, "nationality"), rejected);
        if (!rejected && cases[i].word)
            assert_string_equal(word_at(t, "nationality", 0), cases[i].word);
        else if (!rejected)
            assert_null(word_at(t, "nationality", 0));
        assert_int_equal(count_of(&f, DATASET_NATIONALITY, "nationality_unlisted"),
                         cases[i].word && cases[i].word[0] == '?');
        fixture_end(&f);
    }
}

static void test_empty_nationality(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_dataset(&f, DATASET_NATIONALITY, "person,nationality\n" MAN ",\n" MAN ",150\n");
    fixture_dataset(&f, DATASET_REGISTER, "person,nationality_first\n" MAN ",\n");
    assert_int_equal(fixture_read(&f, 2), 0);
    assert_int_equal(count_of(&f, DATASET_NATIONALITY, "missing"), 1);
    assert_int_equal(table_of(&f, DATASET_NATIONALITY)->frame.rows, 1);
    assert_int_equal(count_of(&f, DATASET_REGISTER, "rejected"), 0);
    assert_null(word_at(table_of(&f, DATASET_REGISTER), "nationality_first", 0));
    fixture_end(&f);
}

static void test_placeholder_starts_are_no_date(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_dataset(&f, DATASET_NATIONALITY,
                    "person,nationality,start_date\n" MAN ",150,01/01/1900\n" MAN
                    ",150,00/00/0000\n" MAN ",150,01/01/0001\n" MAN ",150,02/01/1900\n");
    f.config.datasets[DATASET_NATIONALITY].date_format = "%d/%m/%Y";
    assert_int_equal(fixture_read(&f, 1), 0);
    const struct intake_table *t = table_of(&f, DATASET_NATIONALITY);
    assert_int_equal(t->frame.rows, 4);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(number_at(t, "start_date", i), DATE_NONE);
    assert_int_equal(number_at(t, "start_date", 3), date_make(1900, 1, 2));
    fixture_end(&f);
}

static void test_headers(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    /* mapped, in another order, trimmed, with a column that nobody asked for */
    f.config.datasets[DATASET_PERSONNEL].header[0] = "Rijksregisternummer";
    f.config.datasets[DATASET_PERSONNEL].mapped[0] = true;
    fixture_file(&f, "personnel.csv",
                 "geheim,start_date, Rijksregisternummer ,entity\nzzz,2010-01-01," MAN ",E1\n");
    assert_int_equal(fixture_read(&f, 1), 0);
    const struct intake_table *t = table_of(&f, DATASET_PERSONNEL);
    assert_true(number_of(t, 0) == UINT64_C(85073099932));
    for (size_t i = 0; i < t->frame.column_count; i++)
        assert_int_equal(dictionary_find(&t->frame.columns[i]->dictionary, "zzz", 3), 0);

    /* a required header that is not there; a mapped one that is optional but not there */
    fixture_file(&f, "personnel.csv", "start_date,person,entity\n");
    assert_int_equal(fixture_read(&f, 1), -1);
    assert_int_equal(f.err.kind, ERR_DATA);
    assert_string_equal(f.err.file, "personnel.csv");
    assert_non_null(strstr(f.err.text, "Rijksregisternummer"));
    f.config.datasets[DATASET_PERSONNEL].header[7] = "Geslacht";
    f.config.datasets[DATASET_PERSONNEL].mapped[7] = true;
    fixture_file(&f, "personnel.csv", "start_date,Rijksregisternummer,entity,sex\n");
    assert_int_equal(fixture_read(&f, 1), -1);
    assert_non_null(strstr(f.err.text, "Geslacht"));
    fixture_end(&f);
}

static void test_attributes(void **state)
{
    struct fixture f;
    char bytes[600], longest[202];
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    f.config.attribute_count = 1;
    f.config.attributes[0] = (struct attribute_config){"level", "Niveau"};
    assert_int_equal(fixture_read(&f, 1), -1); /* no such header */
    assert_int_equal(f.err.kind, ERR_DATA);
    memset(longest, 'a', sizeof longest);
    longest[201] = '\0';
    (void)snprintf(bytes, sizeof bytes,
                   "person,entity,start_date,Niveau\n" MAN ",E1,2010-01-01,\" A, b \"\n" MAN
                   ",E1,2010-01-01,\n" MAN ",E1,2010-01-01,%s\n" MAN ",E1,2010-01-01,%s\n",
                   longest, longest + 1);
    fixture_file(&f, "personnel.csv", bytes);
    assert_int_equal(fixture_read(&f, 1), 0);
    const struct intake_table *t = table_of(&f, DATASET_PERSONNEL);
    assert_int_equal(t->frame.rows, 3);
    assert_string_equal(word_at(t, "attribute.level", 0), "A, b");
    assert_null(word_at(t, "attribute.level", 1));
    assert_int_equal(count_of(&f, DATASET_PERSONNEL, "text"), 1);
    fixture_end(&f);
}

static void test_nothing_of_a_rejected_row_is_kept(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    read_personnel(&f, MAN ",E1,2010-01-01,,canary,2,,\n" MAN ",E1,2010-01-01,,ok,1,,\n");
    const struct column *c = frame_find(&table_of(&f, DATASET_PERSONNEL)->frame, "employment");
    assert_int_equal(c->dictionary.count, 1);
    assert_string_equal(dictionary_word(&c->dictionary, 1), "ok");
    fixture_end(&f);
}

static void test_missing_datasets_and_inputs(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    assert_int_equal(fixture_read(&f, 1), 0);
    const struct intake_table *t = table_of(&f, DATASET_REGISTER);
    assert_int_equal(t->frame.rows, 0);
    for (int i = 0; DATASETS[DATASET_REGISTER].fields[i].name; i++)
        assert_non_null(frame_find(&t->frame, DATASETS[DATASET_REGISTER].fields[i].name));

    fixture_configure(&f, DATASET_FILIATION, "nothing*.csv");
    assert_int_equal(fixture_read(&f, 1), -1);
    assert_int_equal(f.err.kind, ERR_NOINPUT);
    assert_non_null(strstr(f.err.text, "filiation"));
    f.config.datasets[DATASET_FILIATION].present = false;

    fixture_dataset(&f, DATASET_REGISTER, "person,nationality_first\n");
    f.config.datasets[DATASET_COUNTRIES].present = false;
    assert_int_equal(fixture_read(&f, 1), -1);
    assert_int_equal(f.err.kind, ERR_CONFIG);
    f.config.datasets[DATASET_COUNTRIES].present = true;
    f.config.datasets[DATASET_ENTITIES].present = false;
    assert_int_equal(fixture_read(&f, 1), -1);
    assert_int_equal(f.err.kind, ERR_CONFIG);
    f.config.datasets[DATASET_ENTITIES].present = true;
    f.config.datasets[DATASET_PERSONNEL].present = false;
    assert_int_equal(fixture_read(&f, 1), -1);
    assert_int_equal(f.err.kind, ERR_CONFIG);
    fixture_end(&f);
}

static void test_globs_are_in_byte_order(void **state)
{
    struct fixture f;
    char **files;
    size_t count;
    char pattern[128];
    (void)state;
    fixture_start(&f);
    fixture_file(&f, "b.csv", "");
    fixture_file(&f, "B.csv", "");
    fixture_file(&f, "a.csv", "");
    fixture_file(&f, "a.txt", "");
    (void)snprintf(pattern, sizeof pattern, "%s/*.csv", f.folder);
    assert_int_equal(intake_files(pattern, &files, &count, &f.err), 0);
    assert_int_equal(count, 3);
    assert_string_equal(strrchr(files[0], '/'), "/B.csv");
    assert_string_equal(strrchr(files[1], '/'), "/a.csv");
    assert_string_equal(strrchr(files[2], '/'), "/b.csv");
    intake_files_release(files, count);
    fixture_end(&f);
}

/* Which is how the configuration writes folders whose names look like patterns. */
static void test_escaped_folders(void **state)
{
    struct fixture f;
    char folder[128], path[160], **files;
    size_t count;
    (void)state;
    fixture_start(&f);
    (void)snprintf(folder, sizeof folder, "%s/[2017]*", f.folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/x.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(folder, sizeof folder, "%s/\\[2017]\\*/*.csv", f.folder);
    assert_int_equal(intake_files(folder, &files, &count, &f.err), 0);
    assert_int_equal(count, 1);
    assert_string_equal(files[0], path);
    intake_files_release(files, count);
    assert_int_equal(intake_files(path, &files, &count, &f.err), -1);
    assert_int_equal(f.err.kind, ERR_NOINPUT);
    intake_files_release(files, count);
    assert_int_equal(unlink(path), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
    fixture_end(&f);
}

/* A file whose last row is bad, after many good ones: a later file's fault is found before. */
static void slow_bad_file(struct fixture *f, const char *name)
{
    struct text bytes;
    text_init(&bytes);
    text_string(&bytes, "person,entity,start_date\n");
    for (int row = 0; row < 3000; row++)
        text_string(&bytes, MAN ",E1,2010-01-01\n");
    text_string(&bytes, MAN ",E1\n");
    fixture_file(f, name, bytes.bytes);
    text_release(&bytes);
}

/* 12 files, two of them bad: the first in order is reported, whatever the threads do. */
static void test_the_first_bad_file_is_reported(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    for (int i = 0; i < 12; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "p%02d.csv", i);
        fixture_file(&f, name, i == 5 ? "" : "person,entity,start_date\n" MAN ",E1,2010-01-01\n");
    }
    slow_bad_file(&f, "p04.csv");
    fixture_configure(&f, DATASET_PERSONNEL, "p??.csv");
    for (unsigned threads = 1; threads <= 8; threads++) {
        assert_int_equal(fixture_read(&f, threads), -1);
        assert_int_equal(f.err.kind, ERR_DATA);
        assert_string_equal(f.err.file, "p04.csv");
        assert_int_equal(f.err.line, 3002);
    }
    fixture_end(&f);
}

static void test_files_are_added_in_their_order(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "p1.csv", "person,entity,start_date\n");
    fixture_file(&f, "p2.csv",
                 "entity,start_date,person\nE2,2010-01-01," MAN "\n"
                 "E1,2010-01-01," WOMAN "\n");
    fixture_file(&f, "p3.csv", "person,entity,start_date,employment\n" MAN ",E1,2010-01-01,a\n");
    fixture_configure(&f, DATASET_PERSONNEL, "p?.csv");
    for (unsigned threads = 1; threads <= 4; threads++) {
        assert_int_equal(fixture_read(&f, threads), 0);
        const struct intake_table *t = table_of(&f, DATASET_PERSONNEL);
        assert_int_equal(t->frame.rows, 2);
        assert_true(number_of(t, 0) == UINT64_C(85073000061));
        assert_true(number_of(t, 1) == UINT64_C(85073099932));
        assert_string_equal(word_at(t, "employment", 0), "staff");
        assert_string_equal(word_at(t, "employment", 1), "a");
        assert_int_equal(t->issues.count, 1);
        assert_int_equal(t->issues.list[0].file, 1);
        assert_int_equal(count_of(&f, DATASET_PERSONNEL, "rows"), 3);
    }
    fixture_end(&f);
}

static void test_the_list_of_rejected_rows(void **state)
{
    struct fixture f;
    struct text list;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "pa.csv",
                 "person,entity,start_date\n" MAN ",E9,2010-01-01\n"
                 "\"" MAN "\",\"E1\n\",2010-01-01\n,E1,2010-01-01\n");
    fixture_file(&f, "pb.csv", "person,entity,start_date\n" MAN ",E1,\n");
    fixture_configure(&f, DATASET_PERSONNEL, "p?.csv");
    fixture_dataset(&f, DATASET_ALIAS, "old,new\n85073099931," MAN "\n");
    assert_int_equal(fixture_read(&f, 4), 0);
    text_init(&list);
    assert_int_equal(intake_rejected_csv(&f.in, &list, &f.err), 0);
    assert_string_equal(list.bytes, "dataset,file,line,reason\n"
                                    "alias,alias.csv,2,check_digits\n"
                                    "personnel,pa.csv,2,unknown_entity\n"
                                    "personnel,pa.csv,5,person_missing\n"
                                    "personnel,pb.csv,2,missing\n");
    text_release(&list);
    fixture_end(&f);
}

static void test_too_many_rejected(void **state)
{
    struct fixture f;
    (void)state;
    fixture_start(&f);
    fixture_basics(&f);
    fixture_file(&f, "personnel.csv",
                 "person,entity,start_date\n" MAN ",E1,2010-01-01\n" MAN ",E1,2010-01-01\n" MAN
                 ",E1,x\n,E1,2010-01-01\n");
    assert_int_equal(fixture_read(&f, 1), 0);
    f.config.max_rejected_ppm = 250000; /* one of four; the row without a number does not count */
    assert_int_equal(intake_check(&f.in, &f.config, &f.err), 0);
    f.config.max_rejected_ppm = 249999;
    assert_int_equal(intake_check(&f.in, &f.config, &f.err), -1);
    assert_int_equal(f.err.kind, ERR_DATA);
    assert_non_null(strstr(f.err.text, "personnel"));
    assert_non_null(strstr(f.err.text, "25.00%"));
    assert_non_null(strstr(f.err.hint, "quality/r1/rejected.csv"));
    assert_null(strstr(f.err.text, "850730"));
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_becomes_cells),
        cmocka_unit_test(test_bad_values_reject_the_row),
        cmocka_unit_test(test_borderline_values_are_accepted),
        cmocka_unit_test(test_personnel_without_a_valid_number_stay),
        cmocka_unit_test(test_elsewhere_an_invalid_number_rejects),
        cmocka_unit_test(test_birth_date_decides_the_century),
        cmocka_unit_test(test_nationalities),
        cmocka_unit_test(test_empty_nationality),
        cmocka_unit_test(test_placeholder_starts_are_no_date),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_nothing_of_a_rejected_row_is_kept),
        cmocka_unit_test(test_missing_datasets_and_inputs),
        cmocka_unit_test(test_globs_are_in_byte_order),
        cmocka_unit_test(test_escaped_folders),
        cmocka_unit_test(test_the_first_bad_file_is_reported),
        cmocka_unit_test(test_files_are_added_in_their_order),
        cmocka_unit_test(test_the_list_of_rejected_rows),
        cmocka_unit_test(test_too_many_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
