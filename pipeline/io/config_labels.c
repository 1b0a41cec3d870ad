/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/config_keys.h: label.LANGUAGE and label.LANGUAGE.CATEGORY of [variable]. */
#include "base/text.h"
#include "io/config_keys.h"

#include <stdlib.h>
#include <string.h>

static bool is_language(const char *code, size_t length)
{
    for (size_t i = 0; i < CONFIG_LANGUAGES; i++)
        if (strlen(CONFIG_LANGUAGE_CODES[i]) == length &&
            memcmp(CONFIG_LANGUAGE_CODES[i], code, length) == 0)
            return true;
    return false;
}

int config_parse_label(struct config *c, size_t index, const char *key, const char *value,
                       struct err *err)
{
    const struct variable_config *v = &c->variables[index];
    const char *language = strchr(key, '.') + 1;
    size_t length = strcspn(language, ".");
    const char *category = language[length] ? language + length + 1 : "";
    if (!is_language(language, length))
        return err_set(err, ERR_CONFIG, "label.LANGUAGE: a language is nl, en, fr or de");
    /* `unknown` may be added to the categories when it occurs */
    if (language[length] && strcmp(category, "unknown") != 0 &&
        config_category_find(v, category) < 0)
        return err_set(err, ERR_CONFIG, "%s has no such category", v->name);
    if (!value[0])
        return err_set(err, ERR_CONFIG, "a label without text");
    struct label_config *grown = realloc(c->labels, (c->label_count + 1) * sizeof *grown);
    if (!grown)
        return err_memory(err);
    c->labels = grown;
    struct label_config *label = &c->labels[c->label_count];
    *label = (struct label_config){.variable = (int)index};
    label->text = text_duplicate(value, strlen(value));
    if (!label->text)
        return err_memory(err);
    memcpy(label->category, category, strlen(category) + 1);
    memcpy(label->language, language, length);
    c->label_count++;
    return 0;
}

const char *config_label(const struct config *c, const char *variable, const char *category,
                         const char *language)
{
    for (size_t i = 0; i < c->label_count; i++) {
        const struct label_config *label = &c->labels[i];
        if (strcmp(c->variables[label->variable].name, variable) == 0 &&
            strcmp(label->category, category) == 0 && strcmp(label->language, language) == 0)
            return label->text;
    }
    return NULL;
}
