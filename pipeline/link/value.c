/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/value.h. Integer arithmetic only: no value depends on a locale. */
#include "link/value.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

char *reason_name(enum reason reason, char name[static REASON_NAME])
{
    static const char *const words[REASON_NUMBER] = {
        [REASON_NONE] = "",
        [REASON_MISSING] = "missing",
        [REASON_DATE] = "date",
        [REASON_DATE_ORDER] = "date_order",
        [REASON_FTE] = "fte",
        [REASON_SEX] = "sex",
        [REASON_CODE] = "code",
        [REASON_TEXT] = "text",
        [REASON_NATIONALITY] = "nationality",
        [REASON_UNKNOWN_ENTITY] = "unknown_entity",
        [REASON_ENTITY_ENDED] = "entity_ended",
        [REASON_NO_NUMBER] = "person_missing",
        [REASON_UNLISTED] = "nationality_unlisted",
    };
    const char *before = reason >= REASON_PARENT ? "parent_" : "";
    const char *word;
    if (reason >= REASON_PARENT)
        word = number_verdict_name((enum number_verdict)(reason - REASON_PARENT));
    else if (reason >= REASON_NUMBER)
        word = number_verdict_name((enum number_verdict)(reason - REASON_NUMBER));
    else
        word = words[reason];
    (void)snprintf(name, REASON_NAME, "%s%s", before, word);
    return name;
}

bool reason_rejects(enum dataset dataset, enum reason reason)
{
    if (reason == REASON_NO_NUMBER || reason == REASON_UNLISTED || reason >= REASON_PARENT)
        return false;
    return dataset != DATASET_PERSONNEL || reason < REASON_NUMBER;
}

/* Bytes of the space that the text starts with (ends with, if at_end); 0 if none. */
static size_t space_length(struct csv_field f, bool at_end)
{
    static const char no_break[] = "\xC2\xA0"; /* U+00A0 */
    if (f.length == 0)
        return 0;
    if (is_space(at_end ? f.bytes[f.length - 1] : f.bytes[0]))
        return 1;
    if (f.length < 2)
        return 0;
    return memcmp(at_end ? f.bytes + f.length - 2 : f.bytes, no_break, 2) == 0 ? 2 : 0;
}

struct csv_field value_trim_spaces(struct csv_field f)
{
    size_t n;
    while ((n = space_length(f, false)) > 0) {
        f.bytes += n;
        f.length -= n;
    }
    while ((n = space_length(f, true)) > 0)
        f.length -= n;
    return f;
}

/* True if the text is the given day of the given month and year (both n, as impossible dates are
 * written) in this format. */
static bool is_written(struct csv_field f, const char *format, int n)
{
    char text[64] = "";
    size_t length = 0;
    for (const char *c = format; *c && length + 5 < sizeof text; c++) {
        int wrote = 1;
        if (*c != '%')
            text[length] = *c;
        else
            wrote = snprintf(text + length, 5, *++c == 'Y' ? "%04d" : "%02d", n);
        length += (size_t)wrote;
    }
    return length == f.length && memcmp(text, f.bytes, length) == 0;
}

bool value_date(struct csv_field f, const char *format, date *d)
{
    *d = date_parse(f.bytes, f.length, format);
    return *d != DATE_NONE || is_written(f, format, 0) || is_written(f, format, 1);
}

bool value_fte(struct csv_field f, int32_t *fte)
{
    if (f.bytes[0] != '0' && f.bytes[0] != '1')
        return false;
    int32_t value = f.bytes[0] == '1' ? VALUE_FTE_ONE : 0;
    if (f.length > 1) {
        if ((f.bytes[1] != '.' && f.bytes[1] != ',') || f.length < 3 || f.length > 6)
            return false;
        int32_t weight = VALUE_FTE_ONE / 10;
        for (size_t i = 2; i < f.length; i++, weight /= 10) {
            if (!is_digit(f.bytes[i]))
                return false;
            value += (f.bytes[i] - '0') * weight;
        }
    }
    *fte = value;
    return value <= VALUE_FTE_ONE;
}

bool value_sex(struct csv_field f, char *sex)
{
    *sex = to_lower(f.bytes[0]);
    return f.length == 1 && (*sex == 'm' || *sex == 'f' || *sex == 'x');
}

bool value_code(struct csv_field f)
{
    char code[CONFIG_CODE];
    if (f.length >= sizeof code)
        return false;
    memcpy(code, f.bytes, f.length);
    code[f.length] = '\0';
    return is_code(code);
}

bool value_name(struct csv_field f)
{
    for (size_t i = 0; i < f.length; i++)
        if ((unsigned char)f.bytes[i] < ' ' || f.bytes[i] == '\x7F')
            return false;
    return f.length <= VALUE_TEXT;
}

bool value_country(struct csv_field f, uint32_t *country)
{
    size_t end = f.length;
    if (end > 2 && f.bytes[end - 2] == '.' && f.bytes[end - 1] == '0')
        end -= 2;
    uint32_t value = 0;
    for (size_t i = 0; i < end; i++) {
        if (!is_digit(f.bytes[i]))
            return false;
        value = value * 10 + (uint32_t)(f.bytes[i] - '0');
        if (value >= VALUE_COUNTRIES)
            return false;
    }
    *country = value;
    return value > 0;
}

bool value_is_none(struct csv_field f)
{
    static const char word[] = "none";
    if (f.length != sizeof word - 1)
        return false;
    for (size_t i = 0; i < f.length; i++)
        if (to_lower(f.bytes[i]) != word[i])
            return false;
    return true;
}
