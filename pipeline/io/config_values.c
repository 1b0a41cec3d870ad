/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/config_keys.h: numbers, dates, paths and the values of [run], [keys], [dataset].
 */
#include "base/text.h"
#include "io/config_keys.h"

#include <stdlib.h>
#include <string.h>

char *config_next_item(char **rest)
{
    if (!*rest)
        return NULL;
    char *item = *rest, *end = item;
    for (int depth = 0; *end && (*end != ',' || depth > 0); end++)
        depth += (*end == '(') - (*end == ')');
    *rest = *end ? end + 1 : NULL;
    while (is_space(*item))
        item++;
    while (end > item && is_space(end[-1]))
        end--;
    *end = '\0';
    return item;
}

int config_each_item(struct config *c, size_t index, const char *value, config_item each,
                     struct err *err)
{
    char *copy = text_duplicate(value, strlen(value)), *rest = copy, *item;
    if (!copy)
        return err_memory(err);
    int rc = 0;
    while (rc == 0 && (item = config_next_item(&rest)))
        rc = each(c, index, item, err);
    free(copy);
    return rc;
}

/* Whole numbers without sign, leading zeros or blanks. */
static int parse_number(const char *value, int64_t least, int64_t *out, struct err *err)
{
    int64_t n = 0;
    size_t i = 0;
    for (; is_digit(value[i]) && n <= CONFIG_NUMBER_MOST; i++)
        n = n * 10 + (value[i] - '0');
    if (i == 0 || value[i] || (value[0] == '0' && i > 1) || n < least || n > CONFIG_NUMBER_MOST)
        return err_set(err, ERR_CONFIG, "not a whole number from %lld to %d", (long long)least,
                       CONFIG_NUMBER_MOST);
    *out = n;
    return 0;
}

/* "1%", "0.5 %": millionths, at most four decimals, up to 100%. */
int config_parse_percent(const char *value, int32_t *out, struct err *err)
{
    int32_t ppm = 0, unit = 10000;
    size_t i = 0, decimals = 0;
    for (; i < 3 && is_digit(value[i]); i++)
        ppm = ppm * 10 + (value[i] - '0') * 10000;
    bool whole = i > 0;
    if (whole && value[i] == '.')
        for (i++; is_digit(value[i]) && unit > 1; i++, decimals++) {
            unit /= 10;
            ppm += (value[i] - '0') * unit;
        }
    if (whole && value[i - 1] == '.')
        whole = false;
    while (value[i] == ' ')
        i++;
    if (!whole || strcmp(value + i, "%") != 0 || ppm > 1000000)
        return err_set(err, ERR_CONFIG, "not a percentage such as 1%% or 0.5%%");
    *out = ppm;
    return 0;
}

/* "110%", "50 %": whole percents, as what they are above 100. */
static int parse_weight(const char *value, int64_t *out, struct err *err)
{
    int64_t percent = 0;
    size_t i = 0;
    for (; is_digit(value[i]) && percent <= CONFIG_WEIGHT_MOST; i++)
        percent = percent * 10 + (value[i] - '0');
    while (i > 0 && value[i] == ' ')
        i++;
    if (value[0] == '0' || percent < 1 || percent > CONFIG_WEIGHT_MOST ||
        strcmp(value + i, "%") != 0)
        return err_set(err, ERR_CONFIG, "not a whole percentage from 1%% to %d%%",
                       CONFIG_WEIGHT_MOST);
    *out = percent - 100;
    return 0;
}

static int parse_choice(const struct config_key *key, const char *value, unsigned *out,
                        struct err *err)
{
    for (unsigned i = 0; i < CONFIG_CHOICES && key->choices[i]; i++)
        if (strcmp(key->choices[i], value) == 0) {
            *out = i;
            return 0;
        }
    return err_set(err, ERR_CONFIG, "not one of: %s, %s%s%s", key->choices[0], key->choices[1],
                   key->choices[2] ? ", " : "", key->choices[2] ? key->choices[2] : "");
}

static int parse_code(const char *value, char out[static CONFIG_CODE], struct err *err)
{
    if (!is_code(value))
        return err_set(
            err, ERR_CONFIG,
            "not a code (1 to 32 letters, digits, '.', '_' or '-', not first '.' or '-')");
    memcpy(out, value, strlen(value) + 1);
    return 0;
}

static int keep_text(char **out, char *copy, struct err *err)
{
    if (!copy)
        return err_memory(err);
    free(*out);
    *out = copy;
    return 0;
}

char *config_beside(const char *output, const char *name, bool inside)
{
    size_t length = strlen(output);
    while (length > 1 && output[length - 1] == '/')
        length--;
    size_t last = length;
    while (last > 0 && output[last - 1] != '/')
        last--;
    size_t dots = strspn(output + last, ".");
    bool named = dots == 0 || dots > 2 || last + dots < length;
    struct text t;
    text_init(&t);
    text_append(&t, output, inside || !named ? length : last > 1 ? last - 1 : 0);
    text_string(&t, inside || named ? "/" : "/../");
    text_string(&t, name);
    if (t.failed)
        text_release(&t);
    return t.bytes;
}

/* A relative path stands in the configuration's folder, of which glob(3) must not read a pattern.
 */
char *config_absolute(const char *folder, const char *path, bool is_glob)
{
    struct text t;
    text_init(&t);
    if (path[0] != '/') {
        for (const char *c = folder; *c; c++) {
            if (is_glob && strchr("*?[\\", *c))
                text_char(&t, '\\');
            text_char(&t, *c);
        }
        if (t.length == 0 || t.bytes[t.length - 1] != '/')
            text_char(&t, '/');
    }
    text_string(&t, path);
    if (t.failed)
        text_release(&t);
    return t.bytes;
}

/* The struct that a section's keys are offsets into. */
static char *section_base(struct config *c, enum config_section section, size_t index)
{
    switch (section) {
    case SECTION_DATASET:
        return (char *)&c->datasets[index];
    case SECTION_VARIABLE:
        return (char *)&c->variables[index];
    case SECTION_TABLE:
        return (char *)&c->tables[index];
    case SECTION_TARGET:
        return (char *)&c->targets[index];
    case SECTION_BENCHMARK:
        return (char *)&c->benchmarks[index];
    case SECTION_SERIES:
        return (char *)&c->series[index];
    default:
        return (char *)c;
    }
}

int config_parse_value(struct config *c, const struct config_key *key, size_t index,
                       const char *written_key, const char *value, struct err *err)
{
    void *into = section_base(c, key->section, index) + key->offset;
    unsigned choice = 0;
    if (value[0] == '\0')
        return err_set(err, ERR_CONFIG, "no value");
    switch (key->kind) {
    case KIND_TEXT:
        return keep_text(into, text_duplicate(value, strlen(value)), err);
    case KIND_PATH:
        return keep_text(into, config_absolute(c->folder, value, false), err);
    case KIND_CODE:
        return parse_code(value, into, err);
    case KIND_DATE:
        *(date *)into = date_parse(value, strlen(value), "%Y-%m-%d");
        if (*(date *)into == DATE_NONE || strlen(value) != DATE_TEXT - 1)
            return err_set(err, ERR_CONFIG, "not a date YYYY-MM-DD");
        return 0;
    case KIND_PERCENT:
        return config_parse_percent(value, into, err);
    case KIND_WEIGHT:
        return parse_weight(value, into, err);
    case KIND_NUMBER:
        return parse_number(value, key->least, into, err);
    case KIND_FLAG:
        if (parse_choice(key, value, &choice, err) != 0)
            return -1;
        *(bool *)into = choice == 0;
        return 0;
    case KIND_CHOICE:
        return parse_choice(key, value, into, err);
    case KIND_OWN:
        return key->parse(c, index, written_key, value, err);
    }
    return err_set(err, ERR_INTERNAL, "a key without a type");
}

const char *const CONFIG_LANGUAGE_CODES[CONFIG_LANGUAGES] = {"nl", "en", "fr", "de"};

int config_parse_languages(struct config *c, size_t index, const char *key, const char *value,
                           struct err *err)
{
    (void)index, (void)key;
    bool listed[CONFIG_LANGUAGES] = {false};
    struct text languages;
    char *copy = text_duplicate(value, strlen(value)), *rest = copy, *item;
    if (!copy)
        return err_memory(err);
    text_init(&languages);
    bool good = true;
    while (good && (item = config_next_item(&rest))) {
        size_t i = 0;
        while (i < CONFIG_LANGUAGES && strcmp(CONFIG_LANGUAGE_CODES[i], item) != 0)
            i++;
        good = i < CONFIG_LANGUAGES && !listed[i];
        if (good) {
            listed[i] = true;
            text_format(&languages, "%s%s", languages.length ? "," : "", item);
        }
    }
    free(copy);
    if (good)
        return keep_text(&c->languages, languages.failed ? NULL : languages.bytes, err);
    text_release(&languages);
    return err_set(err, ERR_CONFIG, "not a list of nl, en, fr and de, each at most once");
}

static int add_pseudonym_key(struct config *c, size_t index, char *item, struct err *err)
{
    (void)index;
    if (*item == '\0')
        return err_set(err, ERR_CONFIG, "an empty item in the list");
    char *path = config_absolute(c->folder, item, false);
    if (!path)
        return err_memory(err);
    for (size_t i = 0; i < c->pseudonym_key_count; i++)
        if (strcmp(c->pseudonym_keys[i], path) == 0) {
            free(path);
            return err_set(err, ERR_CONFIG, "the same file twice");
        }
    char **keys = reallocarray((void *)c->pseudonym_keys, c->pseudonym_key_count + 1, sizeof *keys);
    if (!keys) {
        free(path);
        return err_memory(err);
    }
    c->pseudonym_keys = keys;
    keys[c->pseudonym_key_count++] = path;
    return 0;
}

int config_parse_pseudonym_keys(struct config *c, size_t index, const char *key, const char *value,
                                struct err *err)
{
    (void)key;
    return config_each_item(c, index, value, add_pseudonym_key, err);
}

int config_parse_glob(struct config *c, size_t index, const char *key, const char *value,
                      struct err *err)
{
    (void)key;
    return keep_text(&c->datasets[index].path, config_absolute(c->folder, value, true), err);
}

int config_parse_delimiter(struct config *c, size_t index, const char *key, const char *value,
                           struct err *err)
{
    (void)key;
    static const struct {
        const char *name;
        char delimiter;
    } KNOWN[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}};
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (strcmp(KNOWN[i].name, value) == 0) {
            c->datasets[index].delimiter = KNOWN[i].delimiter;
            return 0;
        }
    return err_set(err, ERR_CONFIG, "not one of: comma, semicolon, tab");
}

int config_parse_date_format(struct config *c, size_t index, const char *key, const char *value,
                             struct err *err)
{
    (void)key;
    if (!date_format_valid(value))
        return err_set(err, ERR_CONFIG, "not %%Y, %%m and %%d once each and nothing else with %%");
    return keep_text(&c->datasets[index].date_format, text_duplicate(value, strlen(value)), err);
}

int config_parse_column(struct config *c, size_t index, const char *key, const char *value,
                        struct err *err)
{
    const char *name = strchr(key, '.') + 1;
    int field = dataset_field((enum dataset)index, name);
    if (field < 0)
        return err_set(err, ERR_CONFIG, "dataset %s has no field of that name",
                       DATASETS[index].name);
    const char *rule;
    if (index == DATASET_PERSONNEL && config_refused_attribute(value, &rule))
        return err_set(err, ERR_CONFIG, "refused: a column about %s has no place here", rule);
    c->datasets[index].mapped[field] = true;
    return keep_text(&c->datasets[index].header[field], text_duplicate(value, strlen(value)), err);
}

static int check_attribute(const struct config *c, const char *name, const char *header,
                           struct err *err)
{
    const char *rule;
    if (!is_code(name))
        return err_set(err, ERR_CONFIG, "the attribute's name is not a code");
    if (config_refused_attribute(name, &rule) || config_refused_attribute(header, &rule)) {
        (void)err_set(err, ERR_CONFIG, "refused: a column about %s has no place here", rule);
        return err_hint(err, "the list is config/refused_attributes.txt");
    }
    for (size_t i = 0; i < c->attribute_count; i++) {
        const char *have = c->attributes[i].name;
        size_t at = 0;
        while (have[at] && to_lower(have[at]) == to_lower(name[at]))
            at++;
        if (have[at] == name[at])
            return err_set(err, ERR_CONFIG, "another attribute differs in capitals only");
    }
    if (c->attribute_count == CONFIG_ATTRIBUTES)
        return err_set(err, ERR_CONFIG, "more than %d attributes", CONFIG_ATTRIBUTES);
    return 0;
}

int config_parse_attribute(struct config *c, size_t index, const char *key, const char *value,
                           struct err *err)
{
    const char *name = strchr(key, '.') + 1;
    if (index != DATASET_PERSONNEL)
        return err_set(err, ERR_CONFIG, "only dataset personnel has attributes");
    if (check_attribute(c, name, value, err) != 0)
        return -1;
    struct attribute_config *a = &c->attributes[c->attribute_count];
    if (keep_text(&a->header, text_duplicate(value, strlen(value)), err) != 0)
        return -1;
    memcpy(a->name, name, strlen(name) + 1);
    c->attribute_count++;
    return 0;
}
