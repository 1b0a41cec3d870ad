/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers and dates: see include/report/language.h. */
#include "report/language.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const LANGUAGE_CODES[LANGUAGE_COUNT] = {"nl", "en", "fr", "de"};
const char *const LANGUAGE_NAMES[LANGUAGE_COUNT] = {"Nederlands", "English", "Français", "Deutsch"};

#define NO_BREAK "\u00a0"
#define NARROW_NO_BREAK "\u202f"
#define MINUS "\u2212"

struct rules_of_writing {
    const char *group, *decimal, *percent;
    const char *day; /* behind the number of a day */
    const char *months[12];
};

static const struct rules_of_writing WRITING[LANGUAGE_COUNT] = {
    [LANGUAGE_NL] = {".",
                     ",",
                     "%",
                     "",
                     {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
                      "september", "oktober", "november", "december"}},
    [LANGUAGE_EN] = {",",
                     ".",
                     "%",
                     "",
                     {"January", "February", "March", "April", "May", "June", "July", "August",
                      "September", "October", "November", "December"}},
    [LANGUAGE_FR] = {NARROW_NO_BREAK,
                     ",",
                     NO_BREAK "%",
                     "",
                     {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                      "septembre", "octobre", "novembre", "décembre"}},
    [LANGUAGE_DE] = {".",
                     ",",
                     NO_BREAK "%",
                     ".",
                     {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
                      "September", "Oktober", "November", "Dezember"}},
};

size_t languages_of(const char *list, enum language out[static LANGUAGE_COUNT])
{
    size_t count = 0;
    for (const char *at = list ? list : "nl,en"; *at; at += *at == ',') {
        for (unsigned l = 0; l < LANGUAGE_COUNT && count < LANGUAGE_COUNT; l++)
            if (strncmp(at, LANGUAGE_CODES[l], 2) == 0)
                out[count++] = (enum language)l;
        at += strcspn(at, ",");
    }
    return count;
}

void number_put(struct text *out, enum language l, int64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, n < 0 ? -n : n);
    if (n < 0)
        text_string(out, MINUS);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text_string(out, WRITING[l].group);
        text_char(out, digits[i]);
    }
}

static void decimal_put(struct text *out, enum language l, int64_t size, int64_t unit, int places)
{
    number_put(out, l, size / unit);
    text_format(out, "%s%0*" PRId64, WRITING[l].decimal, places, size % unit);
}

void percent_put(struct text *out, enum language l, int64_t tenths)
{
    decimal_put(out, l, tenths, 10, 1);
    text_string(out, WRITING[l].percent);
}

void points_put(struct text *out, enum language l, int64_t tenths)
{
    text_string(out, tenths < 0 ? MINUS : tenths > 0 ? "+" : "");
    decimal_put(out, l, tenths < 0 ? -tenths : tenths, 10, 1);
}

void ratio_put(struct text *out, enum language l, int64_t hundredths)
{
    decimal_put(out, l, hundredths, 100, 2);
}

void ppm_put(struct text *out, enum language l, int32_t ppm)
{
    char decimals[8];
    (void)snprintf(decimals, sizeof decimals, "%04" PRId32, ppm % 10000);
    size_t length = 4;
    while (length > 0 && decimals[length - 1] == '0')
        decimals[--length] = '\0';
    text_format(out, "%" PRId32 "%s%s%s", ppm / 10000, length ? WRITING[l].decimal : "", decimals,
                WRITING[l].percent);
}

void date_put(struct text *out, enum language l, date d)
{
    struct ymd day = date_split(d);
    text_format(out, "%d%s" NO_BREAK "%s" NO_BREAK "%d", day.day, WRITING[l].day,
                WRITING[l].months[day.month - 1], day.year);
}
