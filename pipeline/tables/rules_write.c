/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rules.json written: fixed order of keys, one unit, variable and table a line. See
 * include/tables/rules.h; the reader is rules_read.c.
 */
#include "tables/rules.h"

#include "base/json_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void rules_init(struct rules *r)
{
    memset(r, 0, sizeof *r);
    r->reference_date = DATE_NONE;
    disclosure_defaults(&r->disclosure);
    structure_init(&r->structure);
}

void rules_release(struct rules *r)
{
    structure_release(&r->structure);
    rules_init(r);
}

/* "key": "value", or null for NULL. */
static void put_member(struct text *out, const char *key, const char *value)
{
    json_put_string(out, key);
    text_string(out, ": ");
    if (value)
        json_put_string(out, value);
    else
        text_string(out, "null");
}

static void put_disclosure(struct text *out, const struct disclosure *d)
{
    text_format(out,
                " \"disclosure\": {\"threshold\": %" PRId64 ", \"zeros\": \"%s\", "
                "\"minimum_population\": %" PRId64 ", \"protection\": \"%s\", "
                "\"protection_width\": %" PRId64 ", \"public\": \"%s\", "
                "\"turnover_threshold\": %" PRId64 "},\n",
                d->threshold, d->protect_zeros ? "protect" : "publish", d->minimum_population,
                d->interval ? "interval" : "exact", d->protection_width,
                d->public_head_counts ? "head_counts" : "nothing", d->turnover_threshold);
}

/* What stands before item i of a list: its head, or what separates it from the one before. */
static void put_item(struct text *out, size_t i, const char *head, const char *separator)
{
    text_string(out, i == 0 ? head : separator);
}

/* Left out where there are none. */
static void put_predecessors(struct text *out, const struct unit *unit)
{
    for (size_t i = 0; i < unit->predecessor_count; i++) {
        put_item(out, i, ", \"predecessors\": [", ", ");
        json_put_string(out, unit->predecessors[i]);
    }
    text_string(out, unit->predecessor_count ? "]" : "");
}

static void put_units(struct text *out, const struct structure *s)
{
    for (size_t u = 0; u < s->unit_count; u++) {
        const struct unit *unit = &s->units[u];
        put_item(out, u, " \"units\": [{", ",\n           {");
        put_member(out, "level", level_name(unit->level));
        text_string(out, ", ");
        put_member(out, "unit", unit->code);
        text_string(out, ", ");
        put_member(out, "parent", unit->parent < 0 ? NULL : s->units[unit->parent].code);
        text_string(out, ", ");
        put_member(out, "name", unit->name);
        text_format(out, ", \"delivered\": %s, \"complete\": %s",
                    unit->delivered ? "true" : "false", unit->complete ? "true" : "false");
        put_predecessors(out, unit);
        text_char(out, '}');
    }
    text_string(out, "],\n");
}

static void put_variable(struct text *out, const struct variable *v)
{
    put_member(out, "name", v->name);
    text_string(out, ", ");
    put_member(out, "definition", v->definition[0] ? v->definition : NULL);
    text_string(out, ", \"sensitive\": [");
    const char *separator = "";
    for (size_t i = 1; i < v->category_count; i++) {
        if (!v->categories[i].sensitive)
            continue;
        text_string(out, separator);
        json_put_string(out, v->categories[i].name);
        separator = ", ";
    }
    text_string(out, "],\n                \"categories\": [");
    for (size_t i = 1; i < v->category_count; i++) {
        put_item(out, i - 1, "{", ", {");
        put_member(out, "name", v->categories[i].name);
        text_string(out, ", ");
        put_member(out, "parent", v->categories[v->categories[i].parent].name);
        text_char(out, '}');
    }
    text_string(out, "]}");
}

static void put_variables(struct text *out, const struct structure *s)
{
    if (s->variable_count == 0)
        text_string(out, " \"variables\": [");
    for (size_t v = 0; v < s->variable_count; v++) {
        put_item(out, v, " \"variables\": [{", ",\n               {");
        put_variable(out, &s->variables[v]);
    }
    text_string(out, "],\n");
}

static void put_tables(struct text *out, const struct structure *s)
{
    for (size_t i = 0; i < s->table_count; i++) {
        const struct frequency_table *t = &s->tables[i];
        const struct population *p = &s->populations[t->population];
        put_item(out, i, " \"tables\": [{", ",\n            {");
        put_member(out, "name", t->name);
        text_string(out, ", ");
        put_member(out, "population", p->id);
        text_string(out, ", ");
        put_member(out, "filter", p->filter);
        text_string(out, ", \"variables\": [");
        for (size_t v = 0; v < t->variable_count; v++) {
            put_item(out, v, "", ", ");
            json_put_string(out, s->variables[t->variables[v]].name);
        }
        text_string(out, "], ");
        put_member(out, "within", t->within < 0 ? NULL : s->tables[t->within].name);
        text_char(out, '}');
    }
    text_string(out, "]}\n");
}

int rules_write_json(const struct rules *r, struct text *out, struct err *err)
{
    char day[DATE_TEXT];
    if (structure_check(&r->structure, err) != 0)
        return -1;
    text_string(out, "{\"format\": \"herkomst-rules/1\", ");
    put_member(out, "release", r->release);
    text_string(out, ", ");
    put_member(out, "reference_date", date_iso(r->reference_date, day));
    text_string(out, ",\n");
    put_disclosure(out, &r->disclosure);
    put_units(out, &r->structure);
    put_variables(out, &r->structure);
    put_tables(out, &r->structure);
    return out->failed ? err_memory(err) : 0;
}

int rules_to_frame(const struct rules *r, struct frame *f, struct err *err)
{
    struct text json;
    int rc = -1;
    text_init(&json);
    frame_init(f, "rules");
    if (rules_write_json(r, &json, err) == 0)
        rc = frame_put_document(f, json.bytes, json.length, err);
    text_release(&json);
    return rc;
}
