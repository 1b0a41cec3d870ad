/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV on the Web metadata: see include/report/metadata.h. */
#include "report/metadata.h"

#include "base/json_text.h"
#include "report/data_csv.h"

#include <string.h>

struct csvw_column {
    const char *name, *datatype, *description;
    bool required;
};

static void begin(struct text *out, const char *url, const char *title)
{
    text_string(out, "{\"@context\": [\"http://www.w3.org/ns/csvw\", {\"@language\": \"en\"}],\n"
                     " \"url\": ");
    json_put_string(out, url);
    text_string(out, ",\n \"dc:title\": ");
    json_put_string(out, title);
    text_string(out, ",\n \"tableSchema\": {\"columns\": [");
}

/* A column's name in JSON: that of a variable in a URI template (RFC 6570), which has letters,
 * digits and underscores, the first of these no underscore; the rest as %XX. */
static void put_column_name(struct text *out, const char *name)
{
    text_char(out, '"');
    for (const char *at = name; *at; at++)
        if (is_alpha(*at) || is_digit(*at) || (*at == '_' && at > name))
            text_char(out, *at);
        else
            text_format(out, "%%%02X", (unsigned)(unsigned char)*at);
    text_char(out, '"');
}

/* datatype: JSON. */
static void put_column(struct text *out, bool *first, const struct csvw_column *c)
{
    text_string(out, *first ? "\n  {\"name\": " : ",\n  {\"name\": ");
    put_column_name(out, c->name);
    text_string(out, ", \"titles\": ");
    json_put_string(out, c->name);
    text_format(out, ", \"datatype\": %s, \"required\": %s", c->datatype,
                c->required ? "true" : "false");
    if (c->description) {
        text_string(out, ", \"dc:description\": ");
        json_put_string(out, c->description);
    }
    text_char(out, '}');
    *first = false;
}

static const struct csvw_column PERIOD = {"period", "\"date\"", "Reference date, at its end", true};
static const struct csvw_column LEVEL = {
    "level", "{\"base\": \"string\", \"format\": \"government|domain|entity\"}", NULL, true};
static const struct csvw_column UNIT = {"unit", "\"string\"", "Code of the unit, see rules.json",
                                        true};
static const struct csvw_column COUNT = {"count", "{\"base\": \"integer\", \"minimum\": \"0\"}",
                                         "People; empty where status says why", false};
static const struct csvw_column STATUS = {"status", "{\"base\": \"string\", \"format\": \"c|n\"}",
                                          "Empty: published; c: confidential; n: not delivered",
                                          false};
static const struct csvw_column POPULATION = {"population", "\"string\"", "See rules.json", true};

/* A category's name as a regular expression, in JSON. */
static void put_pattern(struct text *out, const char *name)
{
    for (; *name; name++) {
        if (strchr(".+*?()[]{}^$|\\/", *name))
            text_string(out, "\\\\");
        text_char(out, *name);
    }
}

static void put_variable(struct text *out, bool *first, const struct variable *v)
{
    struct text datatype;
    text_init(&datatype);
    text_string(&datatype, "{\"base\": \"string\", \"format\": \"");
    for (size_t k = 0; k < v->category_count; k++) {
        text_string(&datatype, k ? "|" : "");
        put_pattern(&datatype, v->categories[k].name);
    }
    text_string(&datatype, "\"}");
    const struct csvw_column c = {v->name, datatype.failed ? "" : datatype.bytes,
                                  v->definition[0] ? v->definition : NULL, true};
    put_column(out, first, &c);
    out->failed = out->failed || datatype.failed;
    text_release(&datatype);
}

static void put_columns(struct text *out, bool *first, const struct csvw_column *const *columns,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_column(out, first, columns[i]);
}

/* keys: names separated by blanks, then the variables. */
static int finish(struct text *out, const char *keys, const struct structure *s,
                  const int *variables, size_t count, struct err *err)
{
    text_string(out, "],\n  \"primaryKey\": [");
    const char *separator = "";
    for (const char *at = keys; *at;) {
        size_t length = strcspn(at, " ");
        text_format(out, "%s\"%.*s\"", separator, (int)length, at);
        separator = ", ";
        at += length + (at[length] == ' ');
    }
    for (size_t i = 0; i < count; i++) {
        text_string(out, separator);
        put_column_name(out, s->variables[variables[i]].name);
        separator = ", ";
    }
    text_string(out, "]}}\n");
    return out->failed ? err_memory(err) : 0;
}

static void table_url(struct text *url, const struct structure *s, size_t table)
{
    text_format(url, "%s.csv", s->tables[table].name);
}

int csvw_table_write(struct text *out, const struct rules *r, size_t table, struct err *err)
{
    static const struct csvw_column *const before[] = {&PERIOD, &LEVEL, &UNIT};
    static const struct csvw_column *const after[] = {&COUNT, &STATUS};
    const struct structure *s = &r->structure;
    const struct frequency_table *t = &s->tables[table];
    struct text url;
    bool first = true;
    text_init(&url);
    table_url(&url, s, table);
    begin(out, url.failed ? "" : url.bytes, t->name);
    out->failed = out->failed || url.failed;
    text_release(&url);
    put_columns(out, &first, before, 3);
    for (size_t i = 0; i < t->variable_count; i++)
        put_variable(out, &first, &s->variables[t->variables[i]]);
    put_columns(out, &first, after, 2);
    return finish(out, "period level unit", s, t->variables, t->variable_count, err);
}

int csvw_data_write(struct text *out, const struct rules *r, struct err *err)
{
    static const struct csvw_column *const before[] = {&PERIOD, &LEVEL, &UNIT};
    static const struct csvw_column *const after[] = {&COUNT, &STATUS, &POPULATION};
    const struct structure *s = &r->structure;
    int variables[CONFIG_VARIABLES];
    size_t count = data_csv_variables(s, variables);
    bool first = true;
    begin(out, "data.csv", "Every figure of one unit");
    put_columns(out, &first, before, 3);
    for (size_t i = 0; i < count; i++)
        put_variable(out, &first, &s->variables[variables[i]]);
    put_columns(out, &first, after, 3);
    return finish(out, "period level unit population", s, variables, count, err);
}

int csvw_indicators_write(struct text *out, const struct rules *r, struct err *err)
{
    static const char percent[] = "\"decimal\"";
    static const struct csvw_column own[] = {
        {"indicator", "\"string\"", "POPULATION:VARIABLE=CATEGORY/..., target:NAME, benchmark:NAME",
         true},
        {"numerator", "{\"base\": \"integer\", \"minimum\": \"0\"}", "People; empty: not published",
         false},
        {"denominator", "{\"base\": \"integer\", \"minimum\": \"0\"}", "People", false},
        {"share", percent, "Percent, one decimal, half up", false},
        {"previous_share", percent, "Percent in the release before", false},
        {"change_pp", percent, "Percentage points since the release before", false},
        {"target", percent, "Percent: what the share is compared with", false},
        {"gap", "\"integer\"", "People needed to reach the target; 0 or less: reached", false},
    };
    static const struct csvw_column *const before[] = {&PERIOD, &LEVEL, &UNIT};
    bool first = true;
    (void)r;
    begin(out, "indicators.csv", "Shares, changes, targets and gaps");
    put_columns(out, &first, before, 3);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        put_column(out, &first, &own[i]);
    put_column(out, &first, &STATUS);
    return finish(out, "period level unit indicator", NULL, NULL, 0, err);
}

int csvw_turnover_write(struct text *out, const struct rules *r, struct err *err)
{
    static const struct csvw_column own[] = {
        {"joined", "{\"base\": \"integer\", \"minimum\": \"0\"}",
         "People in the group at the later date and not at the earlier one", true},
        {"left", "{\"base\": \"integer\", \"minimum\": \"0\"}", "The other way round", true},
    };
    static const struct csvw_column period = {"period", "\"string\"",
                                              "ISO 8601 interval of two dates", true};
    const struct structure *s = &r->structure;
    int used[CONFIG_VARIABLES], variables[CONFIG_VARIABLES];
    size_t used_count = data_csv_variables(s, used), count = 0;
    bool first = true;
    begin(out, "turnover.csv", "Who joined and left each head count");
    put_column(out, &first, &period);
    put_column(out, &first, &LEVEL);
    put_column(out, &first, &UNIT);
    for (size_t i = 0; i < used_count; i++)
        if (!s->variables[used[i]].sensitive) {
            put_variable(out, &first, &s->variables[used[i]]);
            variables[count++] = used[i];
        }
    put_column(out, &first, &own[0]);
    put_column(out, &first, &own[1]);
    put_column(out, &first, &POPULATION);
    return finish(out, "period level unit population", s, variables, count, err);
}

int csvw_quality_write(struct text *out, struct err *err)
{
    static const struct csvw_column dataset = {"dataset", "\"string\"", NULL, true};
    static const struct csvw_column check = {"check", "\"string\"", NULL, true};
    bool first = true;
    begin(out, "quality.csv", "Quality of the data");
    put_column(out, &first, &dataset);
    put_column(out, &first, &check);
    put_column(out, &first, &COUNT);
    put_column(out, &first, &STATUS);
    return finish(out, "dataset check", NULL, NULL, 0, err);
}

int csvw_sdmx_write(struct text *out, const struct rules *r, size_t table, struct err *err)
{
    static const struct csvw_column before[] = {
        {"STRUCTURE", "\"string\"", NULL, true},
        {"STRUCTURE_ID", "\"string\"", "See structure.json", true},
        {"ACTION", "\"string\"", NULL, true},
        {"LEVEL", "\"string\"", NULL, true},
        {"UNIT", "\"string\"", NULL, true},
    };
    static const struct csvw_column after[] = {
        {"TIME_PERIOD", "\"date\"", NULL, true},
        {"OBS_VALUE", "{\"base\": \"integer\", \"minimum\": \"0\"}", NULL, false},
        {"OBS_STATUS", "\"string\"", "A: published, Q: suppressed, L: not delivered", true},
        {"CONF_STATUS", "\"string\"", "F: free, C: confidential", true},
    };
    const struct structure *s = &r->structure;
    const struct frequency_table *t = &s->tables[table];
    struct text name;
    bool first = true;
    text_init(&name);
    table_url(&name, s, table);
    begin(out, name.failed ? "" : name.bytes, t->name);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        put_column(out, &first, &before[i]);
    struct text keys;
    text_init(&keys);
    text_string(&keys, "LEVEL UNIT TIME_PERIOD");
    for (size_t i = 0; i < t->variable_count; i++) {
        text_clear(&name);
        sdmx_concept(&name, s->variables[t->variables[i]].name);
        const struct csvw_column c = {name.failed ? "" : name.bytes, "\"string\"", NULL, true};
        put_column(out, &first, &c);
        text_format(&keys, " %s", c.name);
    }
    for (size_t i = 0; i < sizeof after / sizeof *after; i++)
        put_column(out, &first, &after[i]);
    out->failed = out->failed || name.failed || keys.failed;
    int rc = finish(out, keys.failed ? "" : keys.bytes, NULL, NULL, 0, err);
    text_release(&name);
    text_release(&keys);
    return rc;
}
