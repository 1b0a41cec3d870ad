/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/code_lists.h. */
#include "link/code_lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail_at(const struct intake_table *t, char *const *files, size_t row, const char *what,
                   struct err *err)
{
    (void)err_set(err, ERR_DATA, "%s", what);
    return err_at(err, files[t->places[row].file], (long)t->places[row].line);
}

int country_list_build(struct country_list *list, const struct intake_table *t, char *const *files,
                       struct err *err)
{
    const struct column *code = frame_find(&t->frame, "code");
    list->iso = frame_find(&t->frame, "iso");
    list->row = calloc(VALUE_COUNTRIES, sizeof *list->row);
    if (!list->row)
        return err_memory(err);
    for (size_t row = 0; row < t->frame.rows; row++) {
        const char *word = column_word(code, row);
        uint32_t country;
        if (!value_country((struct csv_field){word, strlen(word)}, &country))
            return fail_at(t, files, row, "column code: not a country's number", err);
        if (list->row[country] != 0)
            return fail_at(t, files, row, "this code is in the list twice", err);
        list->row[country] = (uint32_t)row + 1;
    }
    return 0;
}

void country_list_release(struct country_list *list)
{
    free(list->row);
    memset(list, 0, sizeof *list);
}

const char *country_list_find(const struct country_list *list, uint32_t country, bool *listed,
                              char text[static COUNTRY_TEXT])
{
    *listed = true;
    if (country == COUNTRY_UNKNOWN)
        return NULL;
    if (list->row[country] == 0) {
        *listed = false;
        (void)snprintf(text, COUNTRY_TEXT, "?%u", country);
        return text;
    }
    const char *iso = column_word(list->iso, list->row[country] - 1);
    return iso && strcmp(iso, "XX") != 0 ? iso : NULL;
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool country_iso_valid(struct csv_field f)
{
    static const char *const symbolic[] = {"stateless", "refugee", "undetermined", "not_belgian"};
    if (f.length == 2)
        return is_capital(f.bytes[0]) && is_capital(f.bytes[1]);
    for (size_t i = 0; i < sizeof symbolic / sizeof *symbolic; i++)
        if (strlen(symbolic[i]) == f.length && memcmp(symbolic[i], f.bytes, f.length) == 0)
            return true;
    return false;
}

struct period {
    uint32_t entity;
    date from, to; /* DATE_NONE, the smallest date, is an open start; an open end is INT32_MAX */
    size_t row;
};

static int by_entity_and_start(const void *a, const void *b)
{
    const struct period *x = a, *y = b;
    if (x->entity != y->entity)
        return x->entity < y->entity ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static struct period *periods_of(const struct frame *f)
{
    const struct column *from = frame_find(f, "valid_from"), *to = frame_find(f, "valid_to");
    const struct column *entity = frame_find(f, "entity");
    struct period *periods = calloc(f->rows ? f->rows : 1, sizeof *periods);
    for (size_t row = 0; periods && row < f->rows; row++) {
        date end = column_i32(to, row);
        periods[row] = (struct period){(uint32_t)column_get(entity, row), column_i32(from, row),
                                       end == DATE_NONE ? INT32_MAX : end, row};
    }
    return periods;
}

static int check_periods(struct entity_list *list, const struct intake_table *t, char *const *files,
                         date reference, struct err *err)
{
    size_t rows = t->frame.rows;
    struct period *periods = periods_of(&t->frame);
    if (!periods)
        return err_memory(err);
    qsort(periods, rows, sizeof *periods, by_entity_and_start);
    int rc = -1;
    for (size_t i = 0; i < rows; i++) {
        const struct period *p = &periods[i];
        if (i > 0 && p[-1].entity == p->entity && p[-1].to >= p->from) {
            size_t later = p[-1].row > p->row ? p[-1].row : p->row;
            (void)fail_at(t, files, later, "this entity has another row for the same days", err);
            goto out;
        }
        if (p->from <= reference && p->to >= reference)
            list->valid[p->entity] = true;
    }
    rc = 0;
out:
    free(periods);
    return rc;
}

static int check_domains(const struct intake_table *t, char *const *files, struct err *err)
{
    const struct column *domain = frame_find(&t->frame, "domain");
    const struct column *name = frame_find(&t->frame, "domain_name");
    uint32_t *name_of = calloc((size_t)domain->dictionary.count + 1, sizeof *name_of);
    if (!name_of)
        return err_memory(err);
    int rc = 0;
    for (size_t row = 0; rc == 0 && row < t->frame.rows; row++) {
        uint32_t *known = &name_of[column_get(domain, row)];
        uint32_t here = (uint32_t)column_get(name, row);
        if (*known != 0 && *known != here)
            rc = fail_at(t, files, row,
                         "column domain_name: this domain has another name in another row", err);
        *known = here;
    }
    free(name_of);
    return rc;
}

int entity_list_build(struct entity_list *list, const struct intake_table *t, char *const *files,
                      date reference, struct err *err)
{
    list->entity = frame_find(&t->frame, "entity");
    list->valid = calloc((size_t)list->entity->dictionary.count + 1, sizeof *list->valid);
    if (!list->valid)
        return err_memory(err);
    if (check_domains(t, files, err) != 0)
        return -1;
    return check_periods(list, t, files, reference, err);
}

void entity_list_release(struct entity_list *list)
{
    free(list->valid);
    memset(list, 0, sizeof *list);
}

enum entity_state entity_list_find(const struct entity_list *list, struct csv_field code)
{
    uint32_t found = dictionary_find(&list->entity->dictionary, code.bytes, code.length);
    if (found == 0)
        return ENTITY_UNKNOWN;
    return list->valid[found] ? ENTITY_VALID : ENTITY_ENDED;
}
