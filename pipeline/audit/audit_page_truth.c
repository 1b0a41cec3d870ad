/* SPDX-License-Identifier: EUPL-1.2 */
/* What pages and workbooks are compared with: counts, names, declared shares. See
 * include/audit/pages.h.
 */
#include "audit/pages.h"
#include "report/language.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANIFEST_BYTES = 1 << 20 };

static int add_digits(struct page_truth *t, const char *text, struct err *err)
{
    for (const char *at = text; *at;) {
        size_t length = strspn(at, "0123456789");
        if (length > 0 && !dictionary_intern(&t->digits, at, length))
            return err_memory(err);
        at += length;
        at += strcspn(at, "0123456789");
    }
    return 0;
}

/* A digest has many runs of digits; it is nobody's name. */
static bool is_digest(const char *text)
{
    size_t length = strlen(text);
    return length >= 16 && strspn(text, "0123456789abcdefABCDEF") == length;
}

static int add_json(struct page_truth *t, const json_t *value, struct err *err);

static int add_members(struct page_truth *t, json_t *object, struct err *err)
{
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const json_t *member = json_object_iter_value(at);
        json_int_t share = json_integer_value(member);
        if (strcmp(json_object_iter_key(at), "share_ppm") == 0 && json_is_integer(member) &&
            share >= 0 && share <= 1000000 &&
            t->declared_count < sizeof t->declared / sizeof *t->declared)
            t->declared[t->declared_count++] = share;
        if (add_json(t, member, err) != 0)
            return -1;
    }
    return 0;
}

static int add_json(struct page_truth *t, const json_t *value, struct err *err)
{
    if (json_is_string(value) && !is_digest(json_string_value(value)))
        return add_digits(t, json_string_value(value), err);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (add_json(t, json_array_get(value, i), err) != 0)
            return -1;
    return json_is_object(value) ? add_members(t, (json_t *)(uintptr_t)value, err) : 0;
}

/* The catalogues have numbers in some names: -24 is "under 25". */
static int add_translations(struct page_truth *t, const struct variable *v, size_t category,
                            struct err *err)
{
    char both[2 * CONFIG_CODE + 1];
    (void)snprintf(both, sizeof both, "%s=%s", v->name, v->categories[category].name);
    for (unsigned l = 0; l < LANGUAGE_COUNT; l++) {
        const char *name = translate_name((enum language)l, "category", both);
        if (name && add_digits(t, name, err) != 0)
            return -1;
    }
    return 0;
}

static int add_names(struct page_truth *t, struct err *err)
{
    const struct structure *s = &t->c->rules.structure;
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)t->c->rules.disclosure.threshold);
    if (add_digits(t, number, err) != 0)
        return -1;
    for (size_t u = 0; u < s->unit_count; u++)
        if (add_digits(t, s->units[u].code, err) != 0 || add_digits(t, s->units[u].name, err) != 0)
            return -1;
    for (size_t v = 0; v < s->variable_count; v++) {
        if (add_digits(t, s->variables[v].name, err) != 0 ||
            add_digits(t, s->variables[v].definition, err) != 0)
            return -1;
        for (size_t k = 0; k < s->variables[v].category_count; k++)
            if (add_digits(t, s->variables[v].categories[k].name, err) != 0 ||
                add_translations(t, &s->variables[v], k, err) != 0)
                return -1;
    }
    for (size_t i = 0; i < s->table_count; i++)
        if (add_digits(t, s->tables[i].name, err) != 0)
            return -1;
    return add_digits(t, "SHA256SUMS", err);
}

static int add_manifest(struct page_truth *t, struct err *err)
{
    struct text json;
    text_init(&json);
    int rc = audit_read(t->c->folder, "manifest.json", MANIFEST_BYTES, &json, err);
    json_t *root =
        rc == 0 ? json_loadb(json.bytes, json.length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    static const char *const members[] = {"name", "release", "reference_date", "authorisation",
                                          "declared"};
    for (size_t i = 0; i < sizeof members / sizeof *members && rc == 0 && root; i++)
        rc = add_json(t, json_object_get(root, members[i]), err);
    json_decref(root);
    text_release(&json);
    return rc;
}

int page_truth_open(struct page_truth *t, const struct audit_case *c, const struct past *past,
                    struct err *err)
{
    memset(t, 0, sizeof *t);
    dictionary_init(&t->digits);
    t->c = c;
    t->past = past;
    if (add_names(t, err) != 0 || add_manifest(t, err) != 0)
        return -1;
    t->then = calloc((past ? past->count : 0) + 1, sizeof *t->then);
    if (!t->then)
        return err_memory(err);
    for (size_t i = 0; past && i < past->count; i++) {
        t->then[i] = malloc((c->cells.count + 1) * sizeof **t->then);
        if (!t->then[i])
            return err_memory(err);
        if (past_counts(&past->releases[i], &c->cells, t->then[i], err) != 0)
            return -1;
    }
    return 0;
}

void page_truth_close(struct page_truth *t)
{
    for (size_t i = 0; t->then && t->past && i < t->past->count; i++)
        free(t->then[i]);
    free((void *)t->then);
    dictionary_release(&t->digits);
    memset(t, 0, sizeof *t);
}

bool page_digits_known(const struct page_truth *t, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t run = 0;
        while (at + run < length && is_digit(text[at + run]))
            run++;
        if (run > 0 && !dictionary_find(&t->digits, text + at, run))
            return false;
        at += run ? run : 1;
    }
    return true;
}

const char *page_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}
