/* SPDX-License-Identifier: EUPL-1.2 */
/* People whose pseudonyms begin alike, as hardly any do: pseudonyms are made up here (the Makefile
 * has the linker put this in the place of pseudonyms_of), so that many have the same first bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/national_number.h"
#include "link/persons.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 5000, ALIKE = 7, FIRST = 20000014 };

static const uint8_t KEY[PSEUDONYM_KEYBYTES] = {1, 2, 3};
static bool twins; /* two people have one pseudonym */

/* ALIKE people in a row have the same first eight bytes; later ones come before earlier ones. */
static void made_up(uint8_t out[PSEUDONYM_BYTES], uint64_t i)
{
    uint64_t group = (i / ALIKE * UINT64_C(0x9E3779B97F4A7C15)) ^ i / ALIKE;
    memset(out, 0, PSEUDONYM_BYTES);
    memcpy(out, &group, sizeof group);
    out[PSEUDONYM_BYTES - 1] = (uint8_t)(ALIKE - (twins && i % ALIKE == 3 ? 4 : i % ALIKE));
}

static uint64_t index_of(uint32_t packed)
{
    return (packed - FIRST) / 2;
}

void __wrap_pseudonyms_of(const struct pseudonymiser *p, uint8_t (*out)[PSEUDONYM_BYTES],
                          const char (*digits)[NATIONAL_NUMBER_DIGITS], size_t count);
void __wrap_pseudonyms_of(const struct pseudonymiser *p, uint8_t (*out)[PSEUDONYM_BYTES],
                          const char (*digits)[NATIONAL_NUMBER_DIGITS], size_t count)
{
    (void)p;
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;
        for (size_t k = 0; k < NATIONAL_NUMBER_DIGITS; k++)
            number = number * 10 + (uint64_t)(digits[i][k] - '0');
        made_up(out[i], index_of(national_number_pack(number)));
    }
}

static int rank(struct persons *p, struct room *room, unsigned threads, struct err *err)
{
    uint32_t *numbers = calloc(PEOPLE, sizeof *numbers);
    assert_non_null(numbers);
    for (size_t i = 0; i < PEOPLE; i++)
        numbers[i] = (uint32_t)(FIRST + 2 * i);
    persons_init(p);
    assert_int_equal(number_set_add(&p->numbers, numbers, PEOPLE, 2, NULL), 0);
    free(numbers);
    return persons_hash(p, KEY, room, threads, err);
}

static void test_whole_pseudonyms_decide(void **state)
{
    struct room room = {0};
    (void)state;
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct persons p;
        uint8_t before[PSEUDONYM_BYTES], own[PSEUDONYM_BYTES];
        uint32_t by_id[PEOPLE] = {0};
        assert_int_equal(rank(&p, &room, threads, NULL), 0);
        for (size_t place = 0; place < PEOPLE; place++)
            by_id[p.ids[place] - 1] = number_set_at(&p.numbers, place);
        for (size_t i = 0; i < PEOPLE; i++) {
            made_up(own, index_of(by_id[i]));
            assert_true(i == 0 || memcmp(before, own, PSEUDONYM_BYTES) < 0);
            memcpy(before, own, PSEUDONYM_BYTES);
        }
        persons_release(&p);
    }
    room_release(&room);
}

static void test_one_pseudonym_for_two_is_an_error(void **state)
{
    struct room room = {0};
    struct persons p;
    struct err err = {0};
    (void)state;
    twins = true;
    assert_int_equal(rank(&p, &room, 2, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    persons_release(&p);
    room_release(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_pseudonyms_decide),
        cmocka_unit_test(test_one_pseudonym_for_two_is_an_error),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
