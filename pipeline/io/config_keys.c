/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * See include/io/config_keys.h. Keys are parsed in the order of this table, whatever their order in
 * the file: a variable's categories come before the values and the sensitive list that name them.
 */
#include "io/config_keys.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

const char *const CONFIG_SECTION_NAMES[SECTION_KINDS] = {
    "run", "keys", "dataset", "variable", "table", "target", "benchmark", "series", "disclosure",
};

#define RUN(field) .section = SECTION_RUN, .offset = offsetof(struct config, field)
#define KEYS(field) .section = SECTION_KEYS, .offset = offsetof(struct config, field)
#define DATASET(field) .section = SECTION_DATASET, .offset = offsetof(struct dataset_config, field)
#define VARIABLE(field) \
    .section = SECTION_VARIABLE, .offset = offsetof(struct variable_config, field)
#define TABLE(field) .section = SECTION_TABLE, .offset = offsetof(struct table_config, field)
#define TARGET(field) .section = SECTION_TARGET, .offset = offsetof(struct target_config, field)
#define BENCHMARK(field) \
    .section = SECTION_BENCHMARK, .offset = offsetof(struct benchmark_config, field)
#define SERIES(field) .section = SECTION_SERIES, .offset = offsetof(struct series_config, field)
#define DISCLOSURE(field) \
    .section = SECTION_DISCLOSURE, .offset = offsetof(struct config, disclosure.field)

/* clang-format off: a table reads as a table */
const struct config_key CONFIG_KEYS[] = {
    {RUN(name), .key = "name", .kind = KIND_TEXT, .required = true,
     .help = "the government's name"},
    {RUN(code), .key = "code", .kind = KIND_CODE, .shown = "the initials of name",
     .help = "the government's code, as a unit"},
    {RUN(reference_date), .key = "reference_date", .kind = KIND_DATE, .required = true,
     .help = "YYYY-MM-DD: figures are the state at the end of this day"},
    {RUN(release), .key = "release", .kind = KIND_CODE, .shown = "the reference date",
     .help = "id of the release, never used twice"},
    {RUN(authorisation), .key = "authorisation", .kind = KIND_TEXT, .required = true,
     .help = "the legal basis, printed in the release; no run without one"},
    {RUN(output), .key = "output", .kind = KIND_PATH, .required = true,
     .help = "each release becomes a folder in this folder"},
    {RUN(ledger), .key = "ledger", .kind = KIND_PATH, .shown = "OUTPUT/ledger.sqlite",
     .help = "file that remembers every release"},
    {RUN(quality), .key = "quality", .kind = KIND_PATH, .shown = "quality, beside OUTPUT",
     .help = "the operator's private folder: rejected rows and raw quality figures"},
    {RUN(languages), .key = "languages", .kind = KIND_OWN, .parse = config_parse_languages,
     .fallback = "nl, en", .help = "of the reports: of nl, en, fr and de"},
    {RUN(max_rejected_ppm), .key = "max_rejected", .kind = KIND_PERCENT, .fallback = "1%",
     .help = "more rejected rows than this in a dataset stop the run"},

    {KEYS(pseudonym_keys), .key = "pseudonym", .kind = KIND_OWN, .required = true,
     .parse = config_parse_pseudonym_keys,
     .help = "file of the pseudonym key; or all its share files, separated by commas"},
    {KEYS(signing_key), .key = "signing", .kind = KIND_PATH, .required = true,
     .help = "file of the secret signing key"},

    {DATASET(path), .key = "path", .kind = KIND_OWN, .required = true, .parse = config_parse_glob,
     .help = "the file, or a pattern (*.csv) for several"},
    {DATASET(delimiter), .key = "delimiter", .kind = KIND_OWN, .parse = config_parse_delimiter,
     .fallback = "comma", .help = "comma, semicolon or tab"},
    {DATASET(encoding), .key = "encoding", .kind = KIND_CHOICE, .fallback = "utf-8",
     .choices = {"utf-8", "windows-1252", "iso-8859-1"},
     .help = "utf-8, windows-1252 or iso-8859-1"},
    {DATASET(date_format), .key = "date_format", .kind = KIND_OWN, .fallback = "%Y-%m-%d",
     .parse = config_parse_date_format, .help = "%Y, %m and %d once each, and literal characters"},
    {DATASET(header), .key = "column.", .kind = KIND_OWN, .parse = config_parse_column,
     .shown = "the field's own name", .help = "column.FIELD = its header in the file"},
    {DATASET(header), .key = "attribute.", .kind = KIND_OWN, .parse = config_parse_attribute,
     .shown = "none", .help = "attribute.NAME = header of a further column (personnel only)"},

    {VARIABLE(sql), .key = "sql", .kind = KIND_TEXT, .required = true,
     .help = "expression over the fields"},
    {VARIABLE(definition), .key = "definition", .kind = KIND_CODE, .shown = "none",
     .help = "id printed with every figure; a change is a break in the series"},
    {VARIABLE(administrative), .key = "counting", .kind = KIND_FLAG, .fallback = "administrative",
     .choices = {"administrative", "voluntary"},
     .help = "administrative, or voluntary: people registered themselves, a lower bound"},
    {VARIABLE(categories), .key = "categories", .kind = KIND_OWN, .shown = "those of values",
     .parse = config_parse_categories,
     .help = "what sql returns; may nest: foreign(eu, non_eu), belgian"},
    {VARIABLE(value_true), .key = "values", .kind = KIND_OWN, .parse = config_parse_values,
     .shown = "none",
     .help = "1:NAME, 0:NAME, null:NAME for an sql that is true, false or unknown"},
    {VARIABLE(sensitive), .key = "sensitive", .kind = KIND_OWN, .parse = config_parse_sensitive,
     .shown = "none", .help = "categories to protect; * = all"},
    {VARIABLE(name), .key = "label.", .kind = KIND_OWN, .parse = config_parse_label,
     .shown = "a built-in one, or the name itself",
     .help = "label.LANGUAGE, label.LANGUAGE.CATEGORY = what reports call it"},

    {TABLE(population), .key = "population", .kind = KIND_TEXT, .required = true,
     .help = "expression that is true for those who count"},
    {TABLE(variables), .key = "variables", .kind = KIND_OWN, .required = true,
     .parse = config_parse_table_variables, .help = "what the table is split by"},
    {TABLE(within), .key = "within", .kind = KIND_OWN, .parse = config_parse_within,
     .shown = "none", .help = "table whose population holds this one's"},

    {TARGET(share.table), .key = "table", .kind = KIND_OWN, .required = true,
     .parse = config_parse_target_table, .help = "the table"},
    {TARGET(share.category), .key = "category", .kind = KIND_OWN, .required = true,
     .parse = config_parse_target_category, .help = "the category whose share of the table counts"},
    {TARGET(share.among_category), .key = "among", .kind = KIND_OWN,
     .parse = config_parse_target_among, .shown = "everybody in the table",
     .help = "another variable's category: the share among those"},
    {TARGET(target_ppm), .key = "target", .kind = KIND_PERCENT, .required = true,
     .help = "the share aimed at"},
    {TARGET(by), .key = "by", .kind = KIND_DATE, .shown = "none", .help = "YYYY-MM-DD: by when"},

    {BENCHMARK(share.table), .key = "table", .kind = KIND_OWN, .required = true,
     .parse = config_parse_benchmark_table, .help = "the table"},
    {BENCHMARK(share.category), .key = "category", .kind = KIND_OWN, .required = true,
     .parse = config_parse_benchmark_category, .help = "the category whose share is compared"},
    {BENCHMARK(share.among_category), .key = "among", .kind = KIND_OWN,
     .parse = config_parse_benchmark_among, .shown = "everybody in the table",
     .help = "another variable's category: the share among those"},
    {BENCHMARK(definition), .key = "definition", .kind = KIND_OWN, .required = true,
     .parse = config_parse_benchmark_definition,
     .help = "what it was counted by: must be the variable's definition"},
    {BENCHMARK(share_ppm), .key = "share", .kind = KIND_PERCENT, .required = true,
     .help = "the share of that category in the other population"},
    {BENCHMARK(ages), .key = "ages", .kind = KIND_TEXT, .required = true,
     .help = "of the other population, for example 18-64"},
    {BENCHMARK(region), .key = "region", .kind = KIND_TEXT, .required = true,
     .help = "where it lives"},
    {BENCHMARK(date), .key = "date", .kind = KIND_DATE, .required = true,
     .help = "YYYY-MM-DD: when it was counted"},
    {BENCHMARK(source), .key = "source", .kind = KIND_TEXT, .required = true,
     .help = "who counted it"},

    {SERIES(share.table), .key = "table", .kind = KIND_OWN, .required = true,
     .parse = config_parse_series_table, .help = "the table"},
    {SERIES(share.category), .key = "category", .kind = KIND_OWN, .required = true,
     .parse = config_parse_series_category, .help = "the category whose share it was"},
    {SERIES(share.among_category), .key = "among", .kind = KIND_OWN,
     .parse = config_parse_series_among, .shown = "everybody in the table",
     .help = "another variable's category: the share among those"},
    {SERIES(definition), .key = "definition", .kind = KIND_CODE, .required = true,
     .help = "what it was counted by; another one than the variable's is a break"},
    {SERIES(ppm), .key = "values", .kind = KIND_OWN, .required = true,
     .parse = config_parse_series_values, .help = "YYYY-MM-DD:PERCENT, oldest first"},
    {SERIES(source), .key = "source", .kind = KIND_TEXT, .required = true,
     .help = "where it was published"},

    {DISCLOSURE(threshold), .key = "threshold", .kind = KIND_NUMBER, .least = 1, .fallback = "5",
     .help = "people: a sensitive count below this is unsafe"},
    {DISCLOSURE(protect_zeros), .key = "zeros", .kind = KIND_FLAG, .fallback = "protect",
     .choices = {"protect", "publish"}, .help = "protect or publish"},
    {DISCLOSURE(minimum_population), .key = "minimum_population", .kind = KIND_NUMBER,
     .fallback = "0", .help = "people: smaller units get no sensitive figure"},
    {DISCLOSURE(interval), .key = "protection", .kind = KIND_FLAG, .fallback = "interval",
     .choices = {"interval", "exact"}, .help = "interval, or exact: only no exact recovery"},
    {DISCLOSURE(protection_width), .key = "protection_width", .kind = KIND_NUMBER, .least = 1,
     .shown = "the threshold", .help = "people: least width of what can be concluded"},
    {DISCLOSURE(turnover_threshold), .key = "turnover_threshold", .kind = KIND_NUMBER,
     .fallback = "5", .help = "people: fewer joiners and leavers make a figure unsafe; 0 = off"},
    {DISCLOSURE(public_head_counts), .key = "public", .kind = KIND_FLAG, .fallback = "head_counts",
     .choices = {"head_counts", "nothing"},
     .help = "what is public anyway: head_counts or nothing"},
    {DISCLOSURE(cost), .key = "cost", .kind = KIND_CHOICE, .fallback = "count",
     .choices = {"count", "cells", "log"},
     .help = "of hiding a cell: count, cells (1 each) or log"},
    {DISCLOSURE(weights.government), .key = "weight_government", .kind = KIND_WEIGHT,
     .fallback = "110%", .help = "of the cost, for the government's own cells: what to spare"},
    {DISCLOSURE(weights.domain), .key = "weight_domain", .kind = KIND_WEIGHT, .fallback = "105%",
     .help = "the same for a domain's cells"},
    {DISCLOSURE(weights.entity), .key = "weight_entity", .kind = KIND_WEIGHT, .fallback = "100%",
     .help = "the same for an entity's cells"},
    {DISCLOSURE(weights.total), .key = "weight_total", .kind = KIND_WEIGHT, .fallback = "100%",
     .help = "on top, for cells that are totals of a table with more variables"},
    {DISCLOSURE(suppress_effort), .key = "suppress_effort", .kind = KIND_NUMBER, .fallback = "0",
     .help = "solver iterations; past them, hide more; 0 = no limit"},
};
/* clang-format on */
const size_t CONFIG_KEY_COUNT = sizeof CONFIG_KEYS / sizeof *CONFIG_KEYS;

enum config_section config_section_of(const char *section, const char **name)
{
    *name = "";
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++) {
        size_t length = strlen(CONFIG_SECTION_NAMES[kind]);
        if (strncmp(section, CONFIG_SECTION_NAMES[kind], length) != 0)
            continue;
        bool named = kind >= SECTION_DATASET && kind <= SECTION_SERIES;
        if (!named && section[length] == '\0')
            return (enum config_section)kind;
        if (!named || section[length] != ' ')
            continue;
        *name = section + length + 1;
        bool valid =
            kind == SECTION_DATASET ? dataset_find(*name) != DATASET_COUNT : is_code(*name);
        return valid ? (enum config_section)kind : SECTION_KINDS;
    }
    return SECTION_KINDS;
}

static bool key_matches(const struct config_key *k, const char *key)
{
    size_t length = strlen(k->key);
    return k->key[length - 1] == '.' ? strncmp(k->key, key, length) == 0 : strcmp(k->key, key) == 0;
}

bool config_is_name(const char *section, const char *key)
{
    const char *name;
    enum config_section kind = config_section_of(section, &name);
    if (kind == SECTION_KINDS || !key)
        return kind != SECTION_KINDS;
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++)
        if (CONFIG_KEYS[i].section == kind && key_matches(&CONFIG_KEYS[i], key))
            return true;
    return false;
}

void config_describe(struct text *out)
{
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++) {
        const struct config_key *k = &CONFIG_KEYS[i];
        bool named = k->section >= SECTION_DATASET && k->section <= SECTION_SERIES;
        if (i == 0 || k->section != CONFIG_KEYS[i - 1].section)
            text_format(out, "%s[%s%s]\n", i ? "\n" : "", CONFIG_SECTION_NAMES[k->section],
                        named ? " NAME" : "");
        const char *pattern = k->key[strlen(k->key) - 1] == '.' ? "*" : "";
        text_format(out, "  %s%-*s %s", k->key, (int)(19 - strlen(k->key)), pattern, k->help);
        if (k->required)
            text_string(out, " (required)\n");
        else
            text_format(out, " (default: %s)\n", k->fallback ? k->fallback : k->shown);
    }
}
