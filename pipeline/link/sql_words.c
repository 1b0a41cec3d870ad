/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/sql_words.h. Follows SQLite's tokenizer in what begins and ends a word. */
#include "link/sql_words.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BRACKETS_DEEP = 100 };

static bool is_name_start(char c)
{
    return is_alpha(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_part(char c)
{
    return is_name_start(c) || is_digit(c);
}

/* From the opening quote to behind the closing one (doubled ones stand for themselves). */
static size_t quoted_length(const char *start, char close)
{
    for (size_t i = 1; start[i]; i++) {
        if (start[i] != close)
            continue;
        if (close == ']' || start[i + 1] != close)
            return i + 1;
        i++;
    }
    return 0;
}

static int quoted(struct sql_words *w, enum sql_kind kind, char close, struct err *err)
{
    w->kind = kind;
    w->length = quoted_length(w->start, close);
    return w->length ? 1 : err_set(err, ERR_CONFIG, "a quote without its end");
}

static int other(struct sql_words *w, struct err *err)
{
    char c = w->start[0], next = w->start[1];
    w->kind = SQL_WORD_OTHER;
    w->length = 1;
    if ((c == '-' && next == '-') || (c == '/' && next == '*'))
        return err_set(err, ERR_CONFIG, "a comment has no place in an expression");
    if (c == ';')
        return err_set(err, ERR_CONFIG, "a semicolon has no place in an expression");
    if (strchr("?:@$#", c))
        return err_set(err, ERR_CONFIG, "a parameter has no place in an expression");
    if (c == '(' && ++w->depth > BRACKETS_DEEP)
        return err_set(err, ERR_CONFIG, "brackets nest deeper than %d", BRACKETS_DEEP);
    if (c == ')' && w->depth-- == 0)
        return err_set(err, ERR_CONFIG, "a closing bracket without an opening one");
    return 1;
}

int sql_next(struct sql_words *w, struct err *err)
{
    size_t before = w->at;
    while (is_space(w->sql[w->at]))
        w->at++;
    w->spaced = w->at > before;
    w->start = w->sql + w->at;
    w->length = 0;
    char c = w->start[0];
    int rc = 1;
    if (c == '\0') {
        return w->depth ? err_set(err, ERR_CONFIG, "an opening bracket without a closing one") : 0;
    } else if (is_name_start(c)) {
        w->kind = SQL_WORD_NAME;
        while (is_name_part(w->start[w->length]))
            w->length++;
    } else if (is_digit(c)) {
        w->kind = SQL_WORD_NUMBER;
        while (is_name_part(w->start[w->length]) || w->start[w->length] == '.')
            w->length++;
    } else if (c == '\'') {
        rc = quoted(w, SQL_WORD_STRING, '\'', err);
    } else if (c == '"' || c == '`' || c == '[') {
        rc = quoted(w, SQL_WORD_QUOTED, c == '[' ? ']' : c, err);
    } else {
        rc = other(w, err);
    }
    w->at += w->length;
    return rc;
}

char *sql_name(const struct sql_words *w)
{
    if (w->kind != SQL_WORD_QUOTED)
        return text_duplicate(w->start, w->length);
    char *name = text_duplicate(w->start + 1, w->length - 2);
    if (!name || w->start[0] == '[')
        return name;
    char *to = name;
    for (const char *from = name; *from; from++) {
        *to++ = *from;
        if (*from == w->start[0])
            from++;
    }
    *to = '\0';
    return name;
}

bool sql_same_name(const char *a, const char *b)
{
    while (*a && to_lower(*a) == to_lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}
