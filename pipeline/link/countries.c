/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/countries.h. Lists have a few hundred rows and are asked once per combination.
 */
#include "link/countries.h"

#include <string.h>

int countries_init(struct countries *c, const struct frame *f, struct err *err)
{
    c->rows = f->rows;
    c->iso = frame_need(f, "iso", COLUMN_U32, err);
    c->group = frame_need(f, "group", COLUMN_U32, err);
    c->eu_from = frame_need(f, "eu_from", COLUMN_I32, err);
    c->eu_to = frame_need(f, "eu_to", COLUMN_I32, err);
    return c->iso && c->group && c->eu_from && c->eu_to ? 0 : -1;
}

static bool is_row_of(const struct countries *c, size_t row, const char *nationality)
{
    const char *iso = column_word(c->iso, row);
    return iso && strcmp(iso, nationality) == 0;
}

int countries_is_eu(const struct countries *c, const char *nationality, date at)
{
    if (strcmp(nationality, "stateless") == 0 || strcmp(nationality, "refugee") == 0)
        return 0;
    if (strcmp(nationality, "undetermined") == 0 || strcmp(nationality, "not_belgian") == 0)
        return -1;
    int verdict = -1;
    for (size_t row = 0; row < c->rows; row++) {
        if (!is_row_of(c, row, nationality))
            continue;
        date from = column_i32(c->eu_from, row), to = column_i32(c->eu_to, row);
        if (from != DATE_NONE && from <= at && (to == DATE_NONE || at <= to))
            return 1;
        verdict = 0;
    }
    return verdict;
}

const char *countries_group(const struct countries *c, const char *nationality)
{
    for (size_t row = 0; row < c->rows; row++)
        if (is_row_of(c, row, nationality) && column_word(c->group, row))
            return column_word(c->group, row);
    return NULL;
}
