/* SPDX-License-Identifier: EUPL-1.2 */
/* See numbers.h. */
#include "numbers.h"

#include "draw.h"
#include "link/national_number.h"

#include <stdio.h>
#include <string.h>

enum { SERIALS = 1000, DAY_KEYS = 416 /* month * 32 + day */, CENTURY = 1900 };

/* One bit a (birth date, serial); BIS numbers share the range: no harm in unused serials. */
static bool number_take(struct world *w, struct ymd day, uint32_t serial)
{
    uint32_t key = (uint32_t)((day.year - CENTURY) * DAY_KEYS + day.month * 32 + day.day);
    uint64_t bit = (uint64_t)key * SERIALS + serial;
    uint8_t mask = (uint8_t)(1U << (bit % 8));
    if (w->numbers_taken[bit / 8] & mask)
        return false;
    w->numbers_taken[bit / 8] |= mask;
    return true;
}

/* A free serial of a day and sex, or 0 when there is none left. */
static uint32_t serial_take(struct world *w, struct ymd day, char sex, uint64_t of)
{
    uint32_t half = draw_below(w->seed, DRAW_SERIAL, of, 499);
    uint32_t odd = sex == 'm' || (sex == 'x' && half % 2);
    for (uint32_t i = 0; i < 499; i++) {
        uint32_t serial = 2 * ((half + i) % 499) + (odd ? 1 : 2);
        if (number_take(w, day, serial))
            return serial;
    }
    return 0;
}

uint32_t number_issue(struct world *w, date *birth, char sex, enum number_kind kind, uint64_t of)
{
    struct ymd day = date_split(*birth);
    uint32_t serial = 0;
    if (kind == NUMBER_YEAR_ONLY) {
        struct ymd year = {day.year, 0, 0};
        serial = serial_take(w, year, sex, of);
        if (serial)
            day = year;
    }
    while (!serial) { /* towards earlier days: nobody is born after the sample */
        serial = serial_take(w, day, sex, of);
        if (!serial)
            day = date_split(--*birth);
    }
    uint32_t month = (uint32_t)day.month;
    month += kind == NUMBER_BIS ? 40 : kind == NUMBER_BIS_NO_SEX ? 20 : 0;
    return (uint32_t)(day.year % 100) * 10000000 + month * 100000 + (uint32_t)day.day * 1000 +
           serial;
}

void number_plain(uint32_t nine, date birth, char out[static NUMBER_TEXT])
{
    static const date year_2000 = 10957; /* days from 1970 */
    uint64_t rest = (uint64_t)nine * 100 + national_number_check(nine, birth >= year_2000);
    out[11] = '\0';
    for (int i = 10; i >= 0; i--, rest /= 10) /* millions of times: no printf */
        out[i] = (char)('0' + rest % 10);
}

static void zeros_lose(char *number)
{
    size_t zeros = strspn(number, "0");
    if (zeros <= 2)
        memmove(number, number + zeros, strlen(number + zeros) + 1);
}

void number_extract(const struct world *w, uint32_t nine, date birth, uint64_t of,
                    char out[static NUMBER_TEXT])
{
    number_plain(nine, birth, out);
    if (out[0] == '0' && draw_chance(w->seed, DRAW_SPELLING, of, 200))
        zeros_lose(out);
}

void number_office(const struct world *w, uint32_t nine, date birth, uint64_t of,
                   char out[static NUMBER_TEXT])
{
    /* # is the next digit; \xa0 a no-break space in windows-1252 */
    static const char *const layouts[] = {"##.##.##-###.##", "######-###-##", "###### ### ##",
                                          "######\xa0###\xa0##", " ########### "};
    static const uint8_t layout_of[15] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3};
    char digits[NUMBER_TEXT];
    number_plain(nine, birth, digits);
    uint32_t pick = draw_below(w->seed, DRAW_SPELLING, of, 200);
    if (pick >= 150 && pick != 199) {
        memcpy(out, digits, sizeof digits);
        if (pick % 2)
            zeros_lose(out);
        return;
    }
    const char *digit = digits, *c = layouts[pick == 199 ? 4 : layout_of[pick / 10]];
    for (; *c; c++)
        *out++ = *c == '#' ? *digit++ : *c;
    *out = '\0';
}

void number_spoilt(const struct world *w, uint32_t nine, date birth, uint64_t of,
                   char out[static NUMBER_TEXT])
{
    number_plain(nine, birth, out);
    switch (draw_below(w->seed, DRAW_SPELLING, of, 3)) {
    case 0: /* one digit mistyped: a single change never passes the check */
        out[8] = out[8] == '9' ? '0' : (char)(out[8] + 1);
        break;
    case 1: {
        char digits[NUMBER_TEXT];
        memcpy(digits, out, sizeof digits);
        (void)snprintf(out, NUMBER_TEXT, "%.1s,%.5sE+10", digits, digits + 1);
        break;
    }
    default:
        out[10] = 'O';
    }
}
