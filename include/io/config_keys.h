/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * config_keys: every key of the configuration in one table: its section, type, range, default and
 * help. The parser, the check for unknown keys and config_describe all read it.
 *
 * Private to the configuration's own files (config*.c); others use io/config.h.
 */
#ifndef HERKOMST_IO_CONFIG_KEYS_H
#define HERKOMST_IO_CONFIG_KEYS_H

#include "io/config.h"
#include "io/ini_source.h"

enum config_section {
    SECTION_RUN,
    SECTION_KEYS,
    SECTION_DATASET, /* the only kinds with a name: [dataset NAME] and those below */
    SECTION_VARIABLE,
    SECTION_TABLE,
    SECTION_TARGET,
    SECTION_BENCHMARK,
    SECTION_SERIES,
    SECTION_DISCLOSURE,
    SECTION_KINDS,
};

/* How a value is parsed, and what stands at `offset` of the section's struct. */
enum config_kind {
    KIND_TEXT,    /* char *: any text */
    KIND_PATH,    /* char *: made absolute */
    KIND_CODE,    /* char[CONFIG_CODE] */
    KIND_DATE,    /* date: YYYY-MM-DD */
    KIND_PERCENT, /* int32_t, millionths; 0% to 100% */
    KIND_WEIGHT,  /* int64_t, percent above 100%; 1% to CONFIG_WEIGHT_MOST%, whole */
    KIND_NUMBER,  /* int64_t, least .. CONFIG_NUMBER_MOST */
    KIND_FLAG,    /* bool: true for the first of the two choices */
    KIND_CHOICE,  /* enum: index in choices */
    KIND_OWN,     /* parsed by `parse` */
};
enum { CONFIG_NUMBER_MOST = 1000000000, CONFIG_WEIGHT_MOST = 100000, CONFIG_CHOICES = 3 };

/* index: of the dataset, variable, table, target, benchmark or series; key: as written. Fills err
 * with a reason alone; the caller adds where. */
typedef int (*config_parse)(struct config *c, size_t index, const char *key, const char *value,
                            struct err *err);

struct config_key {
    enum config_section section;
    enum config_kind kind;
    const char *key; /* ends in '.': any key that starts so */
    size_t offset;
    int64_t least;
    const char *choices[CONFIG_CHOICES];
    config_parse parse;
    const char *fallback; /* parsed in the place of a missing value; NULL: left as it is */
    const char *shown;    /* what the help calls the default, where there is no fallback */
    const char *help;
    bool required;
};

extern const struct config_key CONFIG_KEYS[];
extern const size_t CONFIG_KEY_COUNT;
extern const char *const CONFIG_SECTION_NAMES[SECTION_KINDS];

/* Splits "variable origin" into its kind and name ("" for kinds without); SECTION_KINDS if it is no
 * section. *name points into section. */
enum config_section config_section_of(const char *section, const char **name);
bool config_is_name(const char *section, const char *key); /* an ini_name_test */

/* Parses value as `key` says, into the section's struct number `index`. */
int config_parse_value(struct config *c, const struct config_key *key, size_t index,
                       const char *written_key, const char *value, struct err *err);

/* config_values.c */
/* "0.5%": millionths, at most four decimals, up to 100%. */
int config_parse_percent(const char *value, int32_t *out, struct err *err);
char *config_absolute(const char *folder, const char *path, bool is_glob); /* NULL: out of memory */
/* OUTPUT/NAME, or NAME in the folder that holds OUTPUT (which need not exist yet). */
char *config_beside(const char *output, const char *name, bool inside);
/* The next item of a list: cuts it in place at the comma that is outside brackets, trims it and
 * moves *rest on. NULL at the end; an empty item is "". */
char *config_next_item(char **rest);
/* Calls `each` with every item of the list, in order, until one fails. */
typedef int (*config_item)(struct config *c, size_t index, char *item, struct err *err);
int config_each_item(struct config *c, size_t index, const char *value, config_item each,
                     struct err *err);
int config_parse_languages(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_pseudonym_keys(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_glob(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_delimiter(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_date_format(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_column(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_attribute(struct config *c, size_t, const char *, const char *, struct err *);

/* config_tables.c; indexes, -1 or ERR_CONFIG if there is none of that name */
int config_category_find(const struct variable_config *v, const char *name);
int config_table_find(const struct config *c, const char *name, int *out, struct err *err);
/* A table's variables and a target's category are looked up: variables come first
 * in the table of keys, then tables, then targets. */
int config_parse_categories(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_values(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_sensitive(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_table_variables(struct config *c, size_t, const char *, const char *,
                                 struct err *);
int config_parse_within(struct config *c, size_t, const char *, const char *, struct err *);

/* config_labels.c */
int config_parse_label(struct config *c, size_t, const char *, const char *, struct err *);

/* config_shares.c: of [target], [benchmark] and [series], which all name a share. */
void config_add_share(struct config *c, enum config_section kind, const char *name); /* its place */
int config_parse_target_table(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_target_category(struct config *c, size_t, const char *, const char *,
                                 struct err *);
int config_parse_target_among(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_benchmark_table(struct config *c, size_t, const char *, const char *,
                                 struct err *);
int config_parse_benchmark_category(struct config *c, size_t, const char *, const char *,
                                    struct err *);
int config_parse_benchmark_among(struct config *c, size_t, const char *, const char *,
                                 struct err *);
int config_parse_benchmark_definition(struct config *c, size_t, const char *, const char *,
                                      struct err *);
int config_parse_series_table(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_series_category(struct config *c, size_t, const char *, const char *,
                                 struct err *);
int config_parse_series_among(struct config *c, size_t, const char *, const char *, struct err *);
int config_parse_series_values(struct config *c, size_t, const char *, const char *, struct err *);

#endif
