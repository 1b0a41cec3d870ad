/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sql_words: splits an expression into SQL's words, and refuses what no expression needs: comments,
 * semicolons, parameters, unterminated quotes, and brackets that do not fit (so that the expression
 * can stand between brackets of ours and cannot leave them).
 *
 *     struct sql_words w = {.sql = text};
 *     while ((rc = sql_next(&w, err)) > 0) ... w.kind, w.start, w.length ...
 */
#ifndef HERKOMST_LINK_SQL_WORDS_H
#define HERKOMST_LINK_SQL_WORDS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum sql_kind {
    SQL_WORD_NAME,   /* a bare name or keyword */
    SQL_WORD_QUOTED, /* "name", `name` or [name] */
    SQL_WORD_STRING, /* 'text' */
    SQL_WORD_NUMBER,
    SQL_WORD_OTHER, /* one character: an operator's, a bracket, a comma, a dot */
};

struct sql_words {
    const char *sql;
    size_t at; /* next byte */
    size_t depth;
    enum sql_kind kind; /* of the word found, as it stands at start[0..length) */
    const char *start;
    size_t length;
    bool spaced; /* blanks stand before it */
};

/* 1: a word; 0: the end; -1: ERR_CONFIG. */
int sql_next(struct sql_words *w, struct err *err);

/* The word's name without its quotes, in malloc'd memory; NULL when memory ran out. */
char *sql_name(const struct sql_words *w);

/* True if two names are the same in SQL: ASCII letters have no case. */
bool sql_same_name(const char *a, const char *b);

#endif
