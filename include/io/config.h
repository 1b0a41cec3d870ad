/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * config: the INI file of a run, parsed, checked and with every path made absolute.
 *
 *     config_load(&config, "config/vlaanderen.ini", overrides, count, err)   or ERR_CONFIG, naming
 *     ... read only ...                                        file and line; ERR_NOINPUT if
 * missing config_release(&config)
 *
 * Strict: unknown sections and keys, duplicates, lines over 200 bytes, values that do not parse,
 * names that are not codes (base/text.h is_code) and references to things that do not exist are
 * errors. A value may go on in indented lines. An override is "SECTION.KEY=VALUE" where SECTION
 * ends at the first dot: "run.release=2017-12-31.r2", "variable origin.definition=X".
 *
 * A variable with a sensitive list always has the category `unknown`, a leaf that is appended when
 * it is not listed: were it there only when somebody is unknown, its being there would tell. The
 * children of a sensitive parent are not sensitive by themselves, only names on the list are; `*`
 * names all.
 */
#ifndef HERKOMST_IO_CONFIG_H
#define HERKOMST_IO_CONFIG_H

#include "base/date.h"
#include "base/err.h"
#include "io/dataset.h"
#include "io/disclosure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum encoding { ENCODING_UTF8, ENCODING_WINDOWS_1252, ENCODING_ISO_8859_1 };

enum {
    CONFIG_CODE = 33, /* a code and NUL */
    CONFIG_ATTRIBUTES = 24,
    CONFIG_CATEGORIES = 64,
    CONFIG_VARIABLES = 24,
    CONFIG_TABLE_VARIABLES = 6,
    CONFIG_TABLES = 64,
    CONFIG_SERIES = 40, /* values of one series */
    CONFIG_LANGUAGES = 4,
    CONFIG_DIGEST_TEXT = 65,
};

struct dataset_config {
    bool present;
    long line;      /* of its section header */
    char *path;     /* absolute, a pattern for glob(3): its folder part is escaped where needed */
    char delimiter; /* ',' ';' or '\t' */
    enum encoding encoding;
    char *date_format; /* default "%Y-%m-%d" */
    /* Header in the file of each canonical field (io/dataset.h's order); a field that is not mapped
     * is looked up under its own name, and `mapped` tells that it must then be there. */
    char *header[DATASET_FIELDS];
    bool mapped[DATASET_FIELDS];
};

struct attribute_config {
    char name[CONFIG_CODE]; /* "level": the field attribute.level */
    char *header;
};

struct category_config {
    char name[CONFIG_CODE]; /* config_category_name */
    int parent;             /* index in categories; -1: directly under the total */
    bool sensitive;
    bool leaf; /* has no children; an expression may return leaves only */
};

struct variable_config {
    char name[CONFIG_CODE];
    long line; /* of its sql; 0 when an override gave it */
    char *sql;
    char definition[CONFIG_CODE]; /* "" if none */
    size_t category_count;        /* parents before their children */
    struct category_config categories[CONFIG_CATEGORIES];
    bool administrative; /* false: people registered themselves, its counts are lower bounds */
    bool sensitive;      /* has a sensitive list */
    bool has_values;     /* `values` was given: what 1, 0 and NULL stand for (index, -1 = none) */
    int value_true, value_false, value_null;
};

struct table_config {
    char name[CONFIG_CODE];
    long line;        /* of its population */
    char *population; /* SQL */
    size_t variable_count;
    int variables[CONFIG_TABLE_VARIABLES]; /* indexes in config.variables */
    int within;                            /* index in config.tables, -1 = none */
};

/* The share that a figure from elsewhere is compared with: of a category in its table's total, or,
 * with `among`, in the total of another variable's category. */
struct share_config {
    int table;
    int variable, category; /* indexes; the category is of one of the table's variables */
    int among_variable, among_category; /* -1: everybody in the table */
};

struct target_config {
    char name[CONFIG_CODE];
    struct share_config share;
    int32_t target_ppm; /* 10% = 100000 */
    date by;            /* DATE_NONE if not given */
};

/* A share of another population, such as that of working age: what staff are compared with. */
struct benchmark_config {
    char name[CONFIG_CODE];
    struct share_config share;
    char definition[CONFIG_CODE]; /* that of the variable, or it is refused */
    char *ages, *region, *source;
    date date;
    int32_t share_ppm;
};

/* Shares of the government that were published before the ledger began, often by another
 * definition. */
struct series_config {
    char name[CONFIG_CODE];
    struct share_config share;
    char definition[CONFIG_CODE];
    char *source;
    size_t count;
    date dates[CONFIG_SERIES]; /* increasing */
    int32_t ppm[CONFIG_SERIES];
};

/* What reports in one language call a variable, or one of its categories. */
struct label_config {
    int variable;
    char category[CONFIG_CODE]; /* "": the variable itself */
    char language[3];
    char *text;
};

struct config {
    char *path;                      /* of the file, absolute */
    char *folder;                    /* its folder: paths in it are relative to this */
    char digest[CONFIG_DIGEST_TEXT]; /* SHA-256 of the file's bytes and the sorted overrides, hex */

    char *name;             /* of the government */
    char code[CONFIG_CODE]; /* unit code of the government; default: the initials of its name */
    date reference_date;
    char release[CONFIG_CODE]; /* default: the reference date */
    char *authorisation;
    char *output;             /* folder of releases */
    char *ledger;             /* file; default: OUTPUT/ledger.sqlite */
    char *quality;            /* the operator's private folder; default: OUTPUT/../quality */
    char *languages;          /* "nl,en": of nl, en, fr and de, each at most once */
    int32_t max_rejected_ppm; /* default 1% = 10000 */

    char **pseudonym_keys; /* one file, or all shares */
    size_t pseudonym_key_count;
    char *signing_key;

    struct dataset_config datasets[DATASET_COUNT];
    size_t attribute_count; /* of personnel */
    struct attribute_config attributes[CONFIG_ATTRIBUTES];

    size_t variable_count, table_count, target_count, benchmark_count, series_count;
    struct variable_config *variables;
    struct table_config *tables;
    struct target_config *targets;
    struct benchmark_config *benchmarks;
    struct series_config *series;
    size_t label_count;
    struct label_config *labels;
    struct disclosure disclosure;
};

int config_load(struct config *c, const char *path, char *const *overrides, size_t override_count,
                struct err *err);
void config_release(struct config *c);

extern const char *const CONFIG_LANGUAGE_CODES[CONFIG_LANGUAGES]; /* "nl" */
/* The configured label of a variable (category "") or its category; NULL if there is none. */
const char *config_label(const struct config *c, const char *variable, const char *category,
                         const char *language);

/* True for what may name a category: like a code, but '+', '<' and '>' may stand in it and '-' may
 * come first ("-24", "55+"), so that age bands read naturally; "." and ".." and "total" are no
 * names. */
bool config_category_name(const char *name);

/* True if the name of an attribute or of its column in a file says that it is about sexual
 * orientation, gender identity, belief, health, union membership, politics or race; *rule then
 * points to the word for it. The list is config/refused_attributes.txt, built in: it cannot be
 * taken away at run time. */
bool config_refused_attribute(const char *name, const char **rule);

/* The manual of the configuration: every section and key with its default and meaning. */
struct text;
void config_describe(struct text *out);

#endif
