/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of link/former.h: entities that are not there any more, and who goes on with them. */
#include "link_frames.h"

#include "link/former.h"

static const char *const LIST[] = {
    "NOW n A Aa - - -",
    "ENDED n A Aa - 2017-09-30 NOW",
    "TWICE n A Aa - 2010-12-31 -", /* its last row counts */
    "TWICE n B Bb 2011-01-01 2017-06-30 MIDDLE",
    "MIDDLE n B Bb - 2017-10-31 NOW", /* ended in its turn */
    "NOBODY n C Cc - 2017-10-31 -",
    "UNKNOWN n C Cc - 2017-10-31 ELSE",
    "ROUND n C Cc - 2017-10-31 CIRCLE",
    "CIRCLE n C Cc - 2017-10-31 ROUND",
    "LONG n C Cc - 2000-12-31 NOW", /* ended before the other dates */
    "BACK n A Aa - 2015-12-31 NOW", /* ended, and is there again */
    "BACK n A Aa 2017-01-01 - -",
    "COMING n C Cc 2018-02-01 - -",
    NULL,
};

static void expect(const struct frame *f, size_t row_number, const char *expected)
{
    char line[100];
    const char *successor = column_word(frame_find(f, "successor"), row_number);
    (void)snprintf(line, sizeof line, "%s %s %s %u",
                   column_word(frame_find(f, "entity"), row_number),
                   column_word(frame_find(f, "domain"), row_number), successor ? successor : "-",
                   (unsigned)column_get(frame_find(f, "valid_then"), row_number));
    assert_string_equal(line, expected);
}

static void test_former(void **state)
{
    static const char *const expected[] = {
        "CIRCLE C - 1", "COMING C - 1", "ENDED A NOW 1", "LONG C NOW 0",  "MIDDLE B NOW 1",
        "NOBODY C - 1", "ROUND C - 1",  "TWICE B NOW 1", "UNKNOWN C - 1",
    };
    const date since[2] = {day("2017-06-30"), day("2018-06-30")};
    struct frame list, out;
    struct err err;
    (void)state;
    frame_of(&list, "entities", ENTITIES);
    for (size_t i = 0; LIST[i]; i++)
        row(&list, LIST[i]);
    arrange(&list);
    frame_init(&out, "former");
    assert_int_equal(former_entities(&out, &list, day("2017-12-31"), since, 2, &err), 0);
    assert_int_equal(out.rows, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < out.rows; i++)
        expect(&out, i, expected[i]);
    for (size_t c = 0; c < 3; c++) /* sorted, and no word too many */
        for (uint32_t k = 1; k < out.columns[c]->dictionary.count; k++)
            assert_true(strcmp(out.columns[c]->dictionary.words[k - 1],
                               out.columns[c]->dictionary.words[k]) < 0);
    assert_int_equal(frame_find(&out, "successor")->dictionary.count, 1);
    frame_release(&out);

    frame_init(&out, "former");
    assert_int_equal(former_entities(&out, &list, day("2017-12-31"), NULL, 0, &err), 0);
    assert_int_equal(out.rows, 0); /* a first release */
    frame_release(&out);
    frame_release(&list);

    frame_of(&list, "entities", "entity:c domain:c");
    frame_init(&out, "former");
    assert_int_equal(former_entities(&out, &list, day("2017-12-31"), since, 2, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    frame_release(&out);
    frame_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_former)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
