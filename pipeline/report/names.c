/* SPDX-License-Identifier: EUPL-1.2 */
/* What people call variables, categories and shares: see include/report/page.h. */
#include "report/page.h"

#include <string.h>

/* What nobody has given a label goes by its own name, as words. */
static void put_name(struct text *out, const char *label, const char *name)
{
    for (const char *at = label ? label : name; *at; at++)
        text_char(out, !label && *at == '_' ? ' ' : *at);
}

void name_variable(struct text *out, const struct page *p, int variable)
{
    const char *name = p->v->rules->structure.variables[variable].name;
    const char *known = config_label(p->v->config, name, "", LANGUAGE_CODES[p->language]);
    put_name(out, known ? known : translate_name(p->language, "variable", name), name);
}

/* The configured label, or the catalogue's for this variable ("sex=unknown") or for any. */
void name_category(struct text *out, const struct page *p, int variable, size_t category)
{
    const struct variable *v = &p->v->rules->structure.variables[variable];
    const char *name = v->categories[category].name;
    char both[2 * CONFIG_CODE + 1] = "";
    size_t length = strlen(v->name);
    memcpy(both, v->name, length);
    both[length] = '=';
    memcpy(both + length + 1, name, strlen(name) + 1);
    const char *known = config_label(p->v->config, v->name, name, LANGUAGE_CODES[p->language]);
    if (!known)
        known = translate_name(p->language, "category", both);
    if (!known)
        known = translate_name(p->language, "category", name);
    put_name(out, known, name);
}

void name_share(struct text *out, const struct page *p, const struct share_config *share)
{
    name_category(out, p, share->variable, (size_t)share->category + 1);
    if (share->among_variable < 0)
        return;
    text_string(out, ", ");
    name_category(out, p, share->among_variable, (size_t)share->among_category + 1);
}
