/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_parse.h. */
#include "link/row_parse.h"

#include <stdio.h>
#include <string.h>

static enum reason parse_date(struct row_reader *r, size_t i, struct csv_field f)
{
    date *d = &r->values[i].number;
    *d = date_parse(f.bytes, f.length, r->date_format);
    if (*d == DATE_NONE) {
        f = value_trim(f);
        if (f.length > 0 && !value_date(f, r->date_format, d))
            return REASON_DATE;
    }
    if ((int)i == r->birth && *d != DATE_NONE && row_birth_impossible(r, *d))
        return REASON_DATE;
    /* In a history, systems write this day for "always". */
    if (r->table->dataset == DATASET_NATIONALITY && (int)i == r->start &&
        *d == date_make(1900, 1, 1))
        *d = DATE_NONE;
    return *d == DATE_NONE && r->plans[i].required ? REASON_MISSING : REASON_NONE;
}

/* Each reason once a row, so that a figure is never more than the rows. */
static void doubt(struct row_reader *r, enum reason reason)
{
    for (size_t i = 0; i < r->doubt_count; i++)
        if (r->doubts[i] == reason)
            return;
    r->doubts[r->doubt_count++] = reason;
}

static enum reason parse_country(struct row_reader *r, size_t i, struct csv_field f)
{
    struct row_value *v = &r->values[i];
    uint32_t country;
    bool listed;
    if (!value_country(f, &country))
        return REASON_NATIONALITY;
    const char *word = country_list_find(r->context->countries, country, &listed, v->room);
    v->text = (struct csv_field){word, word ? strlen(word) : 0};
    if (!listed)
        doubt(r, REASON_UNLISTED);
    return REASON_NONE;
}

/* Text: an attribute may be anything; a name has no control characters; in the list of countries a
 * code is a number, and an ISO code one of its kind. */
static enum reason parse_text(struct row_reader *r, size_t i, struct csv_field f)
{
    struct row_value *v = &r->values[i];
    enum dataset d = r->table->dataset;
    const char *name = r->plans[i].name;
    v->text = f;
    if (d == DATASET_PERSONNEL)
        return f.length <= VALUE_TEXT ? REASON_NONE : REASON_TEXT;
    if (d == DATASET_COUNTRIES && strcmp(name, "code") == 0) {
        uint32_t country;
        if (!value_country(f, &country))
            return REASON_NATIONALITY;
        int length = snprintf(v->room, sizeof v->room, "%u", country);
        v->text = (struct csv_field){v->room, (size_t)length};
        return REASON_NONE;
    }
    if (d == DATASET_COUNTRIES && strcmp(name, "iso") == 0)
        return country_iso_valid(f) ? REASON_NONE : REASON_CODE;
    return value_name(f) ? REASON_NONE : REASON_TEXT;
}

static enum reason parse_sex(struct row_value *v, struct csv_field f)
{
    v->text = (struct csv_field){v->room, 1};
    return value_sex(f, v->room) ? REASON_NONE : REASON_SEX;
}

/* Parses every kind of field but numbers of people. What can be known of a field as it stands is,
 * before it is trimmed. */
static enum reason parse_value(struct row_reader *r, size_t i, struct csv_field f)
{
    struct row_value *v = &r->values[i];
    const struct row_plan *p = &r->plans[i];
    v->text = (struct csv_field){NULL, 0};
    if (p->type == FIELD_DATE)
        return parse_date(r, i, f);
    v->code = 0;
    v->number = VALUE_FTE_ONE;
    if (p->type != FIELD_FTE && (v->code = remembered_find(&r->remembered[i], f)) != 0)
        return REASON_NONE;
    f = value_trim(f);
    v->file = f;
    if (f.length == 0) {
        if ((int)i == r->employment) {
            v->text = v->file = (struct csv_field){ROW_EMPLOYMENT, sizeof ROW_EMPLOYMENT - 1};
            v->code = remembered_find(&r->remembered[i], v->file);
        }
        return p->required ? REASON_MISSING : REASON_NONE;
    }
    if (p->type != FIELD_FTE && (v->code = remembered_find(&r->remembered[i], f)) != 0)
        return REASON_NONE;
    switch (p->type) {
    case FIELD_FTE:
        return value_fte(f, &v->number) ? REASON_NONE : REASON_FTE;
    case FIELD_SEX:
        return parse_sex(v, f);
    case FIELD_CODE:
        v->text = f;
        return value_code(f) ? REASON_NONE : REASON_CODE;
    case FIELD_COUNTRY:
        return parse_country(r, i, f);
    default:
        return parse_text(r, i, f);
    }
}

static enum reason parse_number(struct row_reader *r, size_t i, struct csv_field f)
{
    struct row_value *v = &r->values[i];
    bool parent = r->plans[i].type == FIELD_PARENT;
    date birth = !parent && r->birth >= 0 ? r->values[r->birth].number : DATE_NONE;
    v->packed = national_number_quick(f.bytes, f.length, birth);
    if (v->packed != 0)
        return REASON_NONE;
    f = value_trim(f);
    v->packed = NUMBER_NONE;
    if (parent && f.length == 0)
        return REASON_NONE;
    if (parent && value_is_none(f)) {
        v->packed = NUMBER_NO_PARENT;
        return REASON_NONE;
    }
    enum number_verdict verdict =
        national_number_parse(f.bytes, f.length, r->reference, birth, &r->number);
    if (verdict == NUMBER_VALID) {
        v->packed = national_number_pack(r->number);
        return REASON_NONE;
    }
    if (parent) {
        doubt(r, (enum reason)(REASON_PARENT + (int)verdict));
        return REASON_NONE;
    }
    enum reason reason = (enum reason)(REASON_NUMBER + (int)verdict);
    if (r->table->dataset != DATASET_PERSONNEL)
        return verdict == NUMBER_EMPTY ? REASON_MISSING : reason;
    doubt(r, verdict == NUMBER_EMPTY ? REASON_NO_NUMBER : reason);
    return REASON_NONE;
}

/* What no field can tell alone. */
static enum reason check_row(const struct row_reader *r, int *field)
{
    date start = r->start >= 0 ? r->values[r->start].number : DATE_NONE;
    date end = r->end >= 0 ? r->values[r->end].number : DATE_NONE;
    *field = r->end;
    if (start != DATE_NONE && end != DATE_NONE && end < start)
        return REASON_DATE_ORDER;
    /* Only entities that are valid at the reference date are remembered. */
    if (r->entity < 0 || r->values[r->entity].code != 0)
        return REASON_NONE;
    *field = r->entity;
    switch (entity_list_find(r->context->entities, r->values[r->entity].text)) {
    case ENTITY_UNKNOWN:
        return REASON_UNKNOWN_ENTITY;
    case ENTITY_ENDED:
        if (start <= r->reference && (end == DATE_NONE || end >= r->reference))
            return REASON_ENTITY_ENDED;
        break;
    case ENTITY_VALID:
        break;
    }
    return REASON_NONE;
}

enum reason row_parse(struct row_reader *r, const struct csv_field *fields, int *field)
{
    enum reason reason = REASON_NONE;
    size_t k = 0;
    r->doubt_count = 0;
    for (; k < r->value_count && reason == REASON_NONE; k++) {
        *field = r->order[k];
        reason = parse_value(r, r->order[k], fields[r->plans[r->order[k]].source]);
    }
    if (reason == REASON_NONE)
        reason = check_row(r, field);
    for (; k < r->present_count && reason == REASON_NONE; k++) {
        *field = r->order[k];
        reason = parse_number(r, r->order[k], fields[r->plans[r->order[k]].source]);
    }
    return reason;
}
