/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_reader.h. A row is parsed whole into values before anything is stored. */
#include "link/row_reader.h"

#include "base/report.h"
#include "link/remembered.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLANS = DATASET_FIELDS + CONFIG_ATTRIBUTES, PROGRESS_ROWS = 4096 };

/* Where a field's value comes from and goes to. */
struct plan {
    const char *name;   /* canonical */
    const char *header; /* in the file */
    enum field_type type;
    bool must_exist; /* the header */
    bool required;   /* the value */
    int source;      /* column of the file, -1 = none */
    struct column *column;
};

/* A parsed value; which member counts is the field's type's business. */
struct value {
    int32_t number;        /* dates and fte */
    uint32_t packed;       /* persons and parents */
    struct csv_field text; /* coded columns; length 0 = no value */
    struct csv_field file; /* the same as the file has it */
    uint32_t code;         /* of a word that was stored before, else 0; then text may be empty */
    char room[COUNTRY_TEXT];
};

struct reader {
    struct intake_table *table;
    const struct row_context *context;
    const char *path;
    const char *date_format;
    date reference, earliest_birth;
    size_t plan_count;
    struct plan plans[PLANS];
    struct value values[PLANS];
    struct remembered *remembered;          /* of each plan */
    enum reason doubts[INTAKE_NUMBERS + 2]; /* reasons that leave the row where it is */
    size_t doubt_count;
    int start, end, birth, entity; /* indexes of plans, -1 = the dataset has none */
};

static int find_plan(const struct reader *r, const char *name)
{
    for (size_t i = 0; i < r->plan_count; i++)
        if (strcmp(r->plans[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int either(int a, int b)
{
    return a >= 0 ? a : b;
}

static void plan_columns(struct reader *r)
{
    enum dataset d = r->table->dataset;
    const struct config *config = r->context->config;
    const struct dataset_config *configured = &config->datasets[d];
    for (int i = 0; i < DATASET_FIELDS && DATASETS[d].fields[i].name; i++) {
        const struct field_spec *field = &DATASETS[d].fields[i];
        const char *header = configured->header[i] ? configured->header[i] : field->name;
        /* A country without an ISO code is one that stands for "unknown". */
        bool may_be_empty = d == DATASET_COUNTRIES && strcmp(field->name, "iso") == 0;
        r->plans[r->plan_count] = (struct plan){field->name,
                                                header,
                                                field->type,
                                                field->required || configured->mapped[i],
                                                field->required && !may_be_empty,
                                                -1,
                                                r->table->frame.columns[r->plan_count]};
        r->plan_count++;
    }
    for (size_t i = 0; d == DATASET_PERSONNEL && i < config->attribute_count; i++) {
        struct column *column = r->table->frame.columns[r->plan_count];
        r->plans[r->plan_count++] = (struct plan){
            column->name, config->attributes[i].header, FIELD_TEXT, true, false, -1, column};
    }
    r->start = either(find_plan(r, "start_date"),
                      either(find_plan(r, "valid_from"), find_plan(r, "eu_from")));
    r->end =
        either(find_plan(r, "end_date"), either(find_plan(r, "valid_to"), find_plan(r, "eu_to")));
    r->birth = find_plan(r, "birth_date");
    r->entity = d == DATASET_PERSONNEL ? find_plan(r, "entity") : -1;
}

static bool same(struct csv_field f, const char *string)
{
    return f.length == strlen(string) && memcmp(f.bytes, string, f.length) == 0;
}

static int on_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    struct reader *r = context;
    for (size_t i = 0; i < r->plan_count; i++) {
        struct plan *p = &r->plans[i];
        for (size_t column = 0; column < count && p->source < 0; column++)
            if (same(value_trim(fields[column]), p->header))
                p->source = (int)column;
        if (p->source >= 0 && p->type == FIELD_COUNTRY && !r->context->countries) {
            (void)err_set(err, ERR_CONFIG, "column \"%s\" needs a [dataset countries]", p->header);
            return err_at(err, r->path, line);
        }
        if (p->source >= 0 || !p->must_exist)
            continue;
        (void)err_set(err, ERR_DATA, "no column \"%s\" (field %s of dataset %s)", p->header,
                      p->name, DATASETS[r->table->dataset].name);
        (void)err_at(err, r->path, line);
        return err_hint(err, "check column.%s in the section of the dataset, and its delimiter",
                        p->name);
    }
    return 0;
}

/* A birth date nobody can have. */
static bool birth_impossible(const struct reader *r, date birth)
{
    return birth != DATE_NONE && (birth > r->reference || birth < r->earliest_birth);
}

static enum reason parse_date(struct reader *r, size_t i, struct csv_field f)
{
    date *d = &r->values[i].number;
    if (f.length > 0 && !value_date(f, r->date_format, d))
        return REASON_DATE;
    if ((int)i == r->birth && birth_impossible(r, *d))
        return REASON_DATE;
    /* In a history, systems write this day for "always". */
    if (r->table->dataset == DATASET_NATIONALITY && (int)i == r->start &&
        *d == date_make(1900, 1, 1))
        *d = DATE_NONE;
    return *d == DATE_NONE && r->plans[i].required ? REASON_MISSING : REASON_NONE;
}

/* Each reason once a row, so that a figure is never more than the rows. */
static void doubt(struct reader *r, enum reason reason)
{
    for (size_t i = 0; i < r->doubt_count; i++)
        if (r->doubts[i] == reason)
            return;
    r->doubts[r->doubt_count++] = reason;
}

static enum reason parse_country(struct reader *r, size_t i, struct csv_field f)
{
    struct value *v = &r->values[i];
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
static enum reason parse_text(struct reader *r, size_t i, struct csv_field f)
{
    struct value *v = &r->values[i];
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

static enum reason parse_sex(struct value *v, struct csv_field f)
{
    v->text = (struct csv_field){v->room, 1};
    return value_sex(f, v->room) ? REASON_NONE : REASON_SEX;
}

/* Parses every kind of field but numbers of people. */
static enum reason parse_value(struct reader *r, size_t i, struct csv_field f)
{
    struct value *v = &r->values[i];
    const struct plan *p = &r->plans[i];
    v->text = (struct csv_field){NULL, 0};
    v->file = f;
    v->code = 0;
    v->number = p->type == FIELD_FTE ? VALUE_FTE_ONE : DATE_NONE;
    if (p->type == FIELD_DATE)
        return parse_date(r, i, f);
    if (f.length == 0) {
        if (strcmp(p->name, "employment") == 0)
            v->text = (struct csv_field){"staff", 5};
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

static enum reason parse_number(struct reader *r, size_t i, struct csv_field f)
{
    struct value *v = &r->values[i];
    bool parent = r->plans[i].type == FIELD_PARENT;
    date birth = !parent && r->birth >= 0 ? r->values[r->birth].number : DATE_NONE;
    v->packed = NUMBER_NONE;
    if (parent && f.length == 0)
        return REASON_NONE;
    if (parent && value_is_none(f)) {
        v->packed = NUMBER_NO_PARENT;
        return REASON_NONE;
    }
    uint64_t number;
    enum number_verdict verdict =
        national_number_parse(f.bytes, f.length, r->reference, birth, &number);
    if (verdict == NUMBER_VALID) {
        v->packed = national_number_pack(number);
        sodium_memzero(&number, sizeof number);
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
static enum reason check_row(const struct reader *r, int *field)
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

static bool is_number(const struct plan *p)
{
    return p->type == FIELD_PERSON || p->type == FIELD_PARENT;
}

static struct csv_field field_of(const struct plan *p, const struct csv_field *fields)
{
    return p->source < 0 ? (struct csv_field){"", 0} : value_trim(fields[p->source]);
}

/* *field: the plan whose value gave the reason. */
static enum reason parse_row(struct reader *r, const struct csv_field *fields, int *field)
{
    enum reason reason = REASON_NONE;
    r->doubt_count = 0;
    for (size_t i = 0; i < r->plan_count && reason == REASON_NONE; i++) {
        *field = (int)i;
        if (!is_number(&r->plans[i]))
            reason = parse_value(r, i, field_of(&r->plans[i], fields));
    }
    if (reason == REASON_NONE)
        reason = check_row(r, field);
    for (size_t i = 0; i < r->plan_count && reason == REASON_NONE; i++)
        if (is_number(&r->plans[i])) {
            *field = (int)i;
            reason = parse_number(r, i, field_of(&r->plans[i], fields));
        }
    return reason;
}

/* The code of a coded column's value. What nobody doubted is taken as it is the next time. */
static int store_word(struct reader *r, size_t i, uint32_t *cell, struct err *err)
{
    const struct value *v = &r->values[i];
    if (v->code == 0 && v->text.length == 0)
        return 0;
    *cell = v->code;
    if (v->code != 0)
        return 0;
    *cell = dictionary_intern(&r->plans[i].column->dictionary, v->text.bytes, v->text.length);
    if (*cell == 0)
        return err_memory(err);
    bool settled =
        (int)i != r->entity || entity_list_find(r->context->entities, v->text) == ENTITY_VALID;
    if (r->doubt_count == 0 && settled)
        remembered_put(&r->remembered[i], v->file, *cell);
    return 0;
}

static int store_row(struct reader *r, long line, struct err *err)
{
    struct intake_table *t = r->table;
    size_t row = intake_table_add(t, err);
    if (row == SIZE_MAX)
        return -1;
    size_t number = 0;
    for (size_t i = 0; i < r->plan_count; i++) {
        struct column *column = r->plans[i].column;
        const struct value *v = &r->values[i];
        if (is_number(&r->plans[i]))
            t->numbers[number++][row] = v->packed;
        else if (!column->coded)
            ((int32_t *)column->cells)[row] = v->number;
        else if (store_word(r, i, (uint32_t *)column->cells + row, err) != 0)
            return -1;
    }
    if (t->places)
        t->places[row] = (struct intake_place){0, (uint32_t)line};
    return 0;
}

/* A code list has no tolerance. */
static int refuse_row(const struct reader *r, enum reason reason, int field, long line,
                      struct err *err)
{
    static const char *const meaning[REASON_NUMBER] = {
        [REASON_MISSING] = "is empty",
        [REASON_DATE] = "is not a date of the configured date_format",
        [REASON_DATE_ORDER] = "lies before the start",
        [REASON_CODE] = "is not a code that may stand here",
        [REASON_TEXT] = "is over 200 bytes or holds control characters",
        [REASON_NATIONALITY] = "is not a country's number",
    };
    (void)err_set(err, ERR_DATA, "column \"%s\" %s", r->plans[field].header, meaning[reason]);
    return err_at(err, r->path, line);
}

static int on_row(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    struct reader *r = context;
    struct issues *issues = &r->table->issues;
    enum dataset d = r->table->dataset;
    int field = 0;
    (void)count; /* csv_read has checked that it is the header's */
    if (++issues->rows % PROGRESS_ROWS == 0)
        progress_step(PROGRESS_ROWS);
    enum reason reason = parse_row(r, fields, &field);
    if (reason != REASON_NONE && !DATASETS[d].has_persons)
        return refuse_row(r, reason, field, line, err);
    if (reason != REASON_NONE)
        return issues_note(issues, d, 0, line, reason, err);
    for (size_t i = 0; i < r->doubt_count; i++)
        if (issues_note(issues, d, 0, line, r->doubts[i], err) != 0)
            return -1;
    return store_row(r, line, err);
}

int rows_read(struct intake_table *t, const char *path, const struct row_context *context,
              struct err *err)
{
    const struct csv_part everything = {0, 0, CSV_PART_REST};
    long lines;
    return rows_read_part(t, path, &everything, context, &lines, err);
}

int rows_read_part(struct intake_table *t, const char *path, const struct csv_part *part,
                   const struct row_context *context, long *lines, struct err *err)
{
    const struct dataset_config *configured = &context->config->datasets[t->dataset];
    struct csv_options options = {configured->delimiter, configured->encoding};
    struct reader r = {.table = t,
                       .context = context,
                       .path = path,
                       .date_format =
                           configured->date_format ? configured->date_format : "%Y-%m-%d",
                       .reference = context->config->reference_date,
                       .earliest_birth = date_make(1850, 1, 1),
                       .remembered = calloc(PLANS, sizeof *r.remembered)};
    if (!r.remembered)
        return err_memory(err);
    plan_columns(&r);
    int rc = csv_read_part(path, part, &options, on_header, on_row, &r, lines, err);
    progress_step(t->issues.rows % PROGRESS_ROWS);
    free(r.remembered);
    sodium_memzero(r.values, sizeof r.values); /* the last row's number */
    return rc;
}
