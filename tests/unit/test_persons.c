/* SPDX-License-Identifier: EUPL-1.2 */
/* Ids are ranks of pseudonyms: of every distinct number once, in any order, by any number of
 * threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/persons.h"

#include "io/artefacts.h"
#include "link/intake_table.h"
#include "link/national_number.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t KEY[PSEUDONYM_KEYBYTES] = {1, 2, 3};
static struct room room;

static void test_pseudonyms_are_those_of_the_contract(void **state)
{
    uint8_t mine[PSEUDONYM_BYTES], theirs[PSEUDONYM_BYTES];
    (void)state;
    person_pseudonym(mine, UINT64_C(22999917), KEY); /* 00022999917 */
    assert_int_equal(crypto_generichash(theirs, sizeof theirs, (const uint8_t *)"00022999917", 11,
                                        KEY, sizeof KEY),
                     0);
    assert_memory_equal(mine, theirs, sizeof mine);
}

static void test_special_numbers(void **state)
{
    const uint32_t man = national_number_pack(UINT64_C(85073099932));
    uint32_t numbers[] = {NUMBER_NONE, man, NUMBER_NO_PARENT, man};
    struct persons p;
    (void)state;
    persons_init(&p);
    assert_int_equal(number_set_add(&p.numbers, numbers, 4, 2, NULL), 0);
    assert_int_equal(persons_hash(&p, KEY, &room, 2, NULL), 0);
    assert_int_equal(p.count, 1);
    assert_int_equal(persons_ids(&p, numbers, 4, &room, 2, NULL), 0);
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[1], 1);
    assert_true(numbers[2] == PARENT_NONE);
    assert_int_equal(numbers[3], 1);
    persons_release(&p);
}

static void test_nobody(void **state)
{
    struct persons p;
    (void)state;
    persons_init(&p);
    assert_int_equal(number_set_add(&p.numbers, NULL, 0, 2, NULL), 0);
    assert_int_equal(persons_hash(&p, KEY, &room, 4, NULL), 0);
    assert_int_equal(p.count, 0);
    assert_int_equal(persons_ids(&p, NULL, 0, &room, 2, NULL), 0);
    persons_release(&p);
}

enum { PEOPLE = 50000 }; /* several pieces (base/parallel.h) */

static uint32_t packed_number(size_t i)
{
    return 20000014U + 9001 * (uint32_t)i; /* of many parts */
}

static void test_ids_are_ranks(void **state)
{
    uint32_t *numbers = calloc((size_t)3 * PEOPLE, sizeof *numbers);
    uint32_t *first = calloc(PEOPLE, sizeof *first), *ids = calloc(PEOPLE, sizeof *ids);
    uint32_t *by_id = calloc(PEOPLE, sizeof *by_id);
    (void)state;
    assert_true(numbers && first && ids && by_id);
    for (unsigned threads = 1; threads <= 3; threads++) {
        static const size_t steps[] = {7, 11, 13}; /* prime to the count: each is a permutation */
        struct persons p;
        /* every number three times, in an order that changes from round to round */
        for (size_t i = 0; i < 3 * PEOPLE; i++)
            numbers[i * steps[threads - 1] % (3 * PEOPLE)] = packed_number(i % PEOPLE);
        persons_init(&p);
        assert_int_equal(number_set_add(&p.numbers, numbers, PEOPLE, 2, NULL), 0);
        assert_int_equal(number_set_add(&p.numbers, numbers + PEOPLE, 2 * PEOPLE, 2, NULL), 0);
        assert_int_equal(persons_hash(&p, KEY, &room, threads, NULL), 0);
        assert_int_equal(p.count, PEOPLE);
        for (size_t i = 0; i < PEOPLE; i++)
            ids[i] = packed_number(i);
        assert_int_equal(persons_ids(&p, ids, PEOPLE, &room, threads, NULL), 0);
        uint8_t before[PSEUDONYM_BYTES], pseudonym[PSEUDONYM_BYTES];
        memset(by_id, 0, PEOPLE * sizeof *by_id);
        for (size_t i = 0; i < PEOPLE; i++)
            by_id[ids[i] - 1] = packed_number(i);
        for (size_t i = 0; i < PEOPLE; i++) {
            assert_int_not_equal(by_id[i], 0);
            person_pseudonym(pseudonym, national_number_unpack(by_id[i]), KEY);
            assert_true(i == 0 || memcmp(before, pseudonym, PSEUDONYM_BYTES) < 0);
            memcpy(before, pseudonym, PSEUDONYM_BYTES);
        }
        if (threads == 1)
            memcpy(first, ids, PEOPLE * sizeof *ids);
        assert_memory_equal(first, ids, PEOPLE * sizeof *ids);
        persons_settle(&p);
        assert_null(p.numbers.blocks);
        assert_null(p.ids);
        persons_release(&p);
    }
    free(numbers);
    free(first);
    free(ids);
    free(by_id);
    room_release(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pseudonyms_are_those_of_the_contract),
        cmocka_unit_test(test_special_numbers),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_ids_are_ranks),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
