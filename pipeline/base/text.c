/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/text.h. */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_init(struct text *t)
{
    memset(t, 0, sizeof *t);
}

void text_release(struct text *t)
{
    free(t->bytes);
    text_init(t);
}

void text_clear(struct text *t)
{
    t->length = 0;
    if (t->bytes)
        t->bytes[0] = '\0';
}

/* Makes room for `more` bytes and a terminating NUL. */
static bool reserve(struct text *t, size_t more)
{
    if (t->failed)
        return false;
    if (more >= SIZE_MAX / 2 - t->length) {
        t->failed = true;
        return false;
    }
    size_t wanted = t->length + more + 1;
    if (wanted <= t->capacity)
        return true;
    size_t capacity = t->capacity ? t->capacity : 64;
    while (capacity < wanted)
        capacity *= 2;
    char *bytes = realloc(t->bytes, capacity);
    if (!bytes) {
        t->failed = true;
        return false;
    }
    t->bytes = bytes;
    t->capacity = capacity;
    return true;
}

void text_append(struct text *t, const char *bytes, size_t length)
{
    if (!reserve(t, length))
        return;
    if (length)
        memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    t->bytes[t->length] = '\0';
}

void text_string(struct text *t, const char *string)
{
    text_append(t, string, strlen(string));
}

void text_char(struct text *t, char c)
{
    text_append(t, &c, 1);
}

void text_format(struct text *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        t->failed = true;
    else if (reserve(t, (size_t)length)) {
        (void)vsnprintf(t->bytes + t->length, (size_t)length + 1, format, again);
        t->length += (size_t)length;
    }
    va_end(again);
}

bool is_code(const char *string)
{
    size_t length = strlen(string);
    if (length < 1 || length > 32 || string[0] == '.' || string[0] == '-')
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = string[i];
        if (!is_alpha(c) && !is_digit(c) && c != '.' && c != '_' && c != '-')
            return false;
    }
    return true;
}

char *text_duplicate(const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy) {
        if (length)
            memcpy(copy, bytes, length);
        copy[length] = '\0';
    }
    return copy;
}
