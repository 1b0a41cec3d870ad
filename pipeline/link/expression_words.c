/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/expression_words.h, and expression_form in include/link/expression.h. */
#include "link/expression_words.h"

#include "link/expression.h"
#include "link/sql_words.h"

#include <stdlib.h>
#include <string.h>

bool expression_starts_with(const char *name, const char *prefix)
{
    for (; *prefix; name++, prefix++)
        if (to_lower(*name) != *prefix)
            return false;
    return true;
}

/* A field name that only the expression knows: registered_KIND. */
static int note_registered(const struct sql_words *w, struct field_set *registered, struct err *err)
{
    char *name = sql_name(w);
    if (!name)
        return err_memory(err);
    int rc = 0;
    if (expression_starts_with(name, EXPRESSION_REGISTERED) &&
        is_code(name + strlen(EXPRESSION_REGISTERED)) && !field_set_has(registered, name))
        rc = field_set_add(registered, name, err);
    free(name);
    return rc;
}

/* attribute.NAME without quotes is one name for us, and two for SQLite. True if it stood at *w,
 * which then is moved behind it. */
static bool append_attribute(struct sql_words *w, struct text *out)
{
    struct sql_words next = *w;
    if (w->kind != SQL_WORD_NAME || w->length != strlen("attribute") ||
        !expression_starts_with(w->start, "attribute") || sql_next(&next, NULL) <= 0 ||
        next.start[0] != '.' || sql_next(&next, NULL) <= 0 ||
        (next.kind != SQL_WORD_NAME && next.kind != SQL_WORD_QUOTED))
        return false;
    char *name = sql_name(&next);
    out->failed = out->failed || !name;
    if (!name || strchr(name, '"')) {
        free(name);
        return false;
    }
    text_format(out, "\"%s%s\"", EXPRESSION_ATTRIBUTE, name);
    free(name);
    *w = next;
    return true;
}

int expression_rewrite(const char *sql, struct text *out, struct field_set *registered,
                       struct err *err)
{
    struct sql_words w = {.sql = sql};
    int rc;
    if (strlen(sql) > EXPRESSION_BYTES)
        return err_set(err, ERR_CONFIG, "longer than %d bytes", EXPRESSION_BYTES);
    while ((rc = sql_next(&w, err)) > 0) {
        if (w.spaced)
            text_char(out, ' ');
        bool name = w.kind == SQL_WORD_NAME || w.kind == SQL_WORD_QUOTED;
        if (name && note_registered(&w, registered, err) != 0)
            return -1;
        if (!append_attribute(&w, out))
            text_append(out, w.start, w.length);
    }
    if (rc == 0 && out->failed)
        return err_memory(err);
    return rc == 0 && out->length == 0 ? err_set(err, ERR_CONFIG, "an empty expression") : rc;
}

int expression_form(const char *sql, char **form, struct err *err)
{
    struct text t;
    struct sql_words w = {.sql = sql};
    int rc;
    text_init(&t);
    while ((rc = sql_next(&w, err)) > 0) {
        if (t.length)
            text_char(&t, ' ');
        for (size_t i = 0; i < w.length; i++)
            text_char(&t, w.kind == SQL_WORD_STRING ? w.start[i] : to_lower(w.start[i]));
    }
    if (rc == 0 && (t.failed || t.length == 0))
        rc = t.failed ? err_memory(err) : err_set(err, ERR_CONFIG, "an empty expression");
    if (rc != 0)
        text_release(&t);
    *form = t.bytes;
    return rc;
}
