/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * See include/io/config.h. In four steps: the file's sections and entries and the overrides
 * (ini_source), a place for each section, the value of every key of the table (config_keys) or its
 * default, and what can only be checked when all is there.
 */
#include "io/config.h"

#include "base/text.h"
#include "io/config_keys.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void dataset_release(struct dataset_config *d)
{
    free(d->path);
    free(d->date_format);
    for (size_t i = 0; i < DATASET_FIELDS; i++)
        free(d->header[i]);
}

void config_release(struct config *c)
{
    char *const texts[] = {c->path,   c->folder,  c->name,      c->authorisation, c->output,
                           c->ledger, c->quality, c->languages, c->signing_key};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    for (size_t i = 0; i < c->pseudonym_key_count; i++)
        free(c->pseudonym_keys[i]);
    free((void *)c->pseudonym_keys);
    for (size_t i = 0; i < DATASET_COUNT; i++)
        dataset_release(&c->datasets[i]);
    for (size_t i = 0; i < c->attribute_count; i++)
        free(c->attributes[i].header);
    for (size_t i = 0; c->variables && i < c->variable_count; i++)
        free(c->variables[i].sql);
    for (size_t i = 0; c->tables && i < c->table_count; i++)
        free(c->tables[i].population);
    free(c->variables);
    free(c->tables);
    for (size_t i = 0; c->benchmarks && i < c->benchmark_count; i++) {
        free(c->benchmarks[i].ages);
        free(c->benchmarks[i].region);
        free(c->benchmarks[i].source);
    }
    for (size_t i = 0; c->series && i < c->series_count; i++)
        free(c->series[i].source);
    free(c->targets);
    free(c->benchmarks);
    for (size_t i = 0; i < c->label_count; i++)
        free(c->labels[i].text);
    free(c->labels);
    free(c->series);
    memset(c, 0, sizeof *c);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* SHA-256 of the file, so that sha256sum finds the same when nothing was overridden; then of each
 * override, sorted, after its length as 8 bytes, least significant first. */
static int digest(struct config *c, const struct text *file, char *const *overrides, size_t count,
                  struct err *err)
{
    char **sorted = calloc(count + 1, sizeof *sorted);
    if (!sorted)
        return err_memory(err);
    for (size_t i = 0; i < count; i++)
        sorted[i] = overrides[i];
    qsort((void *)sorted, count, sizeof *sorted, by_bytes);
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)(file->bytes ? file->bytes : ""),
                                    file->length);
    for (size_t i = 0; i < count; i++) {
        unsigned char prefix[8];
        size_t length = strlen(sorted[i]);
        for (unsigned b = 0; b < sizeof prefix; b++)
            prefix[b] = (unsigned char)((uint64_t)length >> (8 * b));
        (void)crypto_hash_sha256_update(&state, prefix, sizeof prefix);
        (void)crypto_hash_sha256_update(&state, (const unsigned char *)sorted[i], length);
    }
    unsigned char sum[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256_final(&state, sum);
    (void)sodium_bin2hex(c->digest, sizeof c->digest, sum, sizeof sum);
    free((void *)sorted);
    return 0;
}

/* path and folder, absolute; the folder must exist, since the file does. */
static int locate(struct config *c, const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    char *folder = slash == path ? text_duplicate("/", 1)
                   : slash       ? text_duplicate(path, (size_t)(slash - path))
                                 : text_duplicate(".", 1);
    if (!folder)
        return err_memory(err);
    c->folder = realpath(folder, NULL);
    free(folder);
    if (!c->folder) {
        (void)err_errno(err, errno == ENOENT ? ERR_NOINPUT : ERR_IO, "cannot open its folder");
        return err_at(err, path, 0);
    }
    c->path = config_absolute(c->folder, base, false);
    return c->path ? 0 : err_memory(err);
}

/* Says where: in the file, or in an override. */
static int fail_in(const struct config *c, const char *section, const char *key, long line,
                   struct err *err)
{
    if (!err || err->kind != ERR_CONFIG)
        return -1;
    struct err reason = *err;
    (void)err_set(err, ERR_CONFIG, line ? "[%s] %s: %s" : "--set %s.%s: %s", section, key,
                  reason.text);
    memcpy(err->hint, reason.hint, sizeof err->hint);
    return line ? err_at(err, c->path, line) : -1;
}

static int check_names(const struct config *c, const struct ini_source *s, struct err *err)
{
    for (size_t i = 0; i < s->section_count; i++)
        if (!config_is_name(s->sections[i].name, NULL))
            return err_set(err, ERR_CONFIG, "--set: unknown section [%.60s]", s->sections[i].name);
    for (size_t i = 0; i < s->entry_count; i++) {
        const char *section = s->sections[s->entries[i].section].name;
        if (!config_is_name(section, s->entries[i].key)) {
            (void)err_set(err, ERR_CONFIG, "unknown key");
            return fail_in(c, section, s->entries[i].key, s->entries[i].line, err);
        }
    }
    return 0;
}

/* Columns of the published files: a variable of that name would be a second one. */
static bool is_reserved(const char *name)
{
    static const char *const COLUMNS[] = {"period", "level", "unit",       "count", "status",
                                          "joined", "left",  "population", "entity"};
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++)
        if (strcmp(COLUMNS[i], name) == 0)
            return true;
    return false;
}

static int add_variable(struct config *c, const char *name, struct err *err)
{
    if (is_reserved(name)) {
        (void)err_set(err, ERR_CONFIG, "the published files have a column \"%s\" of their own",
                      name);
        return err_hint(err, "give the variable another name, for example \"%s_of_staff\"", name);
    }
    if (c->variable_count == CONFIG_VARIABLES)
        return err_set(err, ERR_CONFIG, "more than %d variables", CONFIG_VARIABLES);
    struct variable_config *v = &c->variables[c->variable_count++];
    memcpy(v->name, name, strlen(name) + 1);
    v->value_true = v->value_false = v->value_null = -1;
    return 0;
}

static int add_table(struct config *c, const char *name, struct err *err)
{
    if (c->table_count == CONFIG_TABLES)
        return err_set(err, ERR_CONFIG, "more than %d tables", CONFIG_TABLES);
    struct table_config *t = &c->tables[c->table_count++];
    memcpy(t->name, name, strlen(name) + 1);
    t->within = -1;
    return 0;
}

/* A place for each section, in the file's order. */
static int add_sections(struct config *c, const struct ini_source *s, struct err *err)
{
    c->variables = calloc(CONFIG_VARIABLES, sizeof *c->variables);
    c->tables = calloc(CONFIG_TABLES, sizeof *c->tables);
    c->targets = calloc(s->section_count + 1, sizeof *c->targets);
    c->benchmarks = calloc(s->section_count + 1, sizeof *c->benchmarks);
    c->series = calloc(s->section_count + 1, sizeof *c->series);
    if (!c->variables || !c->tables || !c->targets || !c->benchmarks || !c->series)
        return err_memory(err);
    for (size_t i = 0; i < s->section_count; i++) {
        const char *name;
        enum config_section kind = config_section_of(s->sections[i].name, &name);
        int rc = 0;
        if (kind == SECTION_DATASET) {
            struct dataset_config *d = &c->datasets[dataset_find(name)];
            d->present = true;
            d->line = s->sections[i].line;
        } else if (kind == SECTION_VARIABLE) {
            rc = add_variable(c, name, err);
        } else if (kind == SECTION_TABLE) {
            rc = add_table(c, name, err);
        } else {
            config_add_share(c, kind, name);
        }
        if (rc != 0)
            return s->sections[i].line ? err_at(err, c->path, s->sections[i].line) : -1;
    }
    return 0;
}

/* The number of a section among those of its kind. */
static size_t section_index(const struct ini_source *s, size_t section)
{
    const char *name, *other;
    enum config_section kind = config_section_of(s->sections[section].name, &name);
    if (kind == SECTION_DATASET)
        return dataset_find(name);
    size_t index = 0;
    for (size_t i = 0; i < section; i++)
        index += config_section_of(s->sections[i].name, &other) == kind;
    return index;
}

static int missing(const struct config *c, const struct config_key *k, const char *section,
                   long line, struct err *err)
{
    (void)err_set(err, ERR_CONFIG, "[%s] has no %s", section, k->key);
    if (strcmp(k->key, "authorisation") == 0)
        (void)err_hint(err, "name the legal basis of this processing: no run without one");
    return err_at(err, c->path, line);
}

/* The keys of the table that are named whole. */
static int read_key(struct config *c, const struct ini_source *s, const struct config_key *k,
                    size_t section, const char *section_name, struct err *err)
{
    const struct ini_entry *e = section == SIZE_MAX ? NULL : ini_entry_find(s, section, k->key);
    size_t index = section == SIZE_MAX ? 0 : section_index(s, section);
    if (!e && k->required)
        return missing(c, k, section_name, section == SIZE_MAX ? 0 : s->sections[section].line,
                       err);
    if (!e && !k->fallback)
        return 0;
    const char *value = !e ? k->fallback : e->value.bytes ? e->value.bytes : "";
    if (config_parse_value(c, k, index, k->key, value, err) != 0)
        return fail_in(c, section_name, k->key, e ? e->line : 0, err);
    if (e && k->section == SECTION_VARIABLE && strcmp(k->key, "sql") == 0)
        c->variables[index].line = e->line;
    if (e && k->section == SECTION_TABLE && strcmp(k->key, "population") == 0)
        c->tables[index].line = e->line;
    return 0;
}

/* Keys such as column.FIELD: every entry that starts so. */
static int read_family(struct config *c, const struct ini_source *s, const struct config_key *k,
                       size_t section, struct err *err)
{
    for (size_t i = 0; i < s->entry_count; i++) {
        const struct ini_entry *e = &s->entries[i];
        if (e->section != section || strncmp(e->key, k->key, strlen(k->key)) != 0)
            continue;
        if (config_parse_value(c, k, section_index(s, section), e->key,
                               e->value.bytes ? e->value.bytes : "", err) != 0)
            return fail_in(c, s->sections[section].name, e->key, e->line, err);
    }
    return 0;
}

static int read_keys(struct config *c, const struct ini_source *s, struct err *err)
{
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++) {
        const struct config_key *k = &CONFIG_KEYS[i];
        const char *kind = CONFIG_SECTION_NAMES[k->section], *name;
        bool named = k->section >= SECTION_DATASET && k->section <= SECTION_SERIES;
        bool family = k->key[strlen(k->key) - 1] == '.';
        if (!named && read_key(c, s, k, ini_section_find(s, kind), kind, err) != 0)
            return -1;
        for (size_t section = 0; named && section < s->section_count; section++) {
            if (config_section_of(s->sections[section].name, &name) != k->section)
                continue;
            int rc = family ? read_family(c, s, k, section, err)
                            : read_key(c, s, k, section, s->sections[section].name, err);
            if (rc != 0)
                return -1;
        }
    }
    return 0;
}

/* The capitals of the name's words: "Vlaamse overheid" is VO. */
static void initials(const char *name, char code[static CONFIG_CODE])
{
    size_t length = 0;
    for (const char *c = name; *c && length < CONFIG_CODE - 1; c++)
        if (is_alpha(*c) && (c == name || is_space(c[-1]) || c[-1] == '-'))
            code[length++] = (char)(*c >= 'a' ? *c - ('a' - 'A') : *c);
    code[length] = '\0';
}

static int complete_run(struct config *c, const struct ini_source *s, struct err *err)
{
    size_t disclosure = ini_section_find(s, "disclosure");
    if (disclosure == SIZE_MAX || !ini_entry_find(s, disclosure, "protection_width"))
        c->disclosure.protection_width = c->disclosure.threshold;
    if (!c->release[0])
        (void)date_iso(c->reference_date, c->release);
    if (!c->code[0])
        initials(c->name, c->code);
    if (!c->code[0]) {
        (void)err_set(err, ERR_CONFIG, "[run] name has no initials to make the unit's code of");
        (void)err_hint(err, "give [run] code");
        return err_at(err, c->path, 0);
    }
    if (!c->ledger)
        c->ledger = config_beside(c->output, "ledger.sqlite", true);
    if (!c->quality)
        c->quality = config_beside(c->output, "quality", false);
    return c->ledger && c->quality ? 0 : err_memory(err);
}

/* Fields that are not mapped stand under their own names. An attribute must not carry a person's
 * number or birth date along under another name. */
static int complete_datasets(struct config *c, struct err *err)
{
    static const enum dataset NEEDED[] = {DATASET_PERSONNEL, DATASET_ENTITIES};
    for (size_t i = 0; i < sizeof NEEDED / sizeof *NEEDED; i++)
        if (!c->datasets[NEEDED[i]].present) {
            (void)err_set(err, ERR_CONFIG, "there is no [dataset %s]", DATASETS[NEEDED[i]].name);
            return err_at(err, c->path, 0);
        }
    for (int d = 0; d < DATASET_COUNT; d++)
        for (size_t i = 0; i < DATASET_FIELDS && DATASETS[d].fields[i].name; i++) {
            char **header = &c->datasets[d].header[i];
            const char *name = DATASETS[d].fields[i].name;
            if (!*header && !(*header = text_duplicate(name, strlen(name))))
                return err_memory(err);
        }
    static const char *const PRIVATE[] = {"person", "birth_date"};
    const struct dataset_config *p = &c->datasets[DATASET_PERSONNEL];
    for (size_t i = 0; i < c->attribute_count; i++)
        for (size_t j = 0; j < sizeof PRIVATE / sizeof *PRIVATE; j++) {
            int field = dataset_field(DATASET_PERSONNEL, PRIVATE[j]);
            if (strcmp(c->attributes[i].header, p->header[field]) != 0)
                continue;
            (void)err_set(err, ERR_CONFIG,
                          "[dataset personnel] attribute.%s: that is the column of %s",
                          c->attributes[i].name, PRIVATE[j]);
            return err_at(err, c->path, p->line);
        }
    return 0;
}

static int complete_tables(const struct config *c, struct err *err)
{
    for (size_t i = 0; i < c->variable_count; i++)
        if (c->variables[i].category_count == 0) {
            (void)err_set(err, ERR_CONFIG, "[variable %s] has neither categories nor values",
                          c->variables[i].name);
            return err_at(err, c->path, c->variables[i].line);
        }
    if (c->table_count > 0)
        return 0;
    (void)err_set(err, ERR_CONFIG, "there is no [table NAME]");
    return err_at(err, c->path, 0);
}

int config_load(struct config *c, const char *path, char *const *overrides, size_t override_count,
                struct err *err)
{
    struct ini_source source;
    memset(c, 0, sizeof *c);
    c->reference_date = DATE_NONE;
    disclosure_defaults(&c->disclosure);
    if (ini_load(&source, path, config_is_name, err) != 0)
        return -1;
    int rc = -1;
    if (digest(c, &source.bytes, overrides, override_count, err) == 0 &&
        ini_override(&source, overrides, override_count, err) == 0 && locate(c, path, err) == 0 &&
        check_names(c, &source, err) == 0 && add_sections(c, &source, err) == 0 &&
        read_keys(c, &source, err) == 0 && complete_run(c, &source, err) == 0 &&
        complete_datasets(c, err) == 0 && complete_tables(c, err) == 0)
        rc = 0;
    ini_release(&source);
    if (rc != 0)
        config_release(c);
    return rc;
}
