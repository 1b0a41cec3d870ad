/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/err.h. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static void fill(struct err *e, enum err_kind kind,
                                                       const char *format, va_list arguments)
{
    memset(e, 0, sizeof *e);
    e->kind = kind;
    (void)vsnprintf(e->text, sizeof e->text, format, arguments);
}

int err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
    if (e) {
        va_list arguments;
        va_start(arguments, format);
        fill(e, kind, format, arguments);
        va_end(arguments);
    }
    return -1;
}

int err_errno(struct err *e, enum err_kind kind, const char *format, ...)
{
    int saved = errno;
    if (e) {
        va_list arguments;
        va_start(arguments, format);
        fill(e, kind, format, arguments);
        va_end(arguments);
        size_t used = strlen(e->text);
        (void)snprintf(e->text + used, sizeof e->text - used, ": %s", strerror(saved));
    }
    return -1;
}

int err_at(struct err *e, const char *file, long line)
{
    if (e) {
        const char *base = strrchr(file, '/');
        (void)snprintf(e->file, sizeof e->file, "%s", base ? base + 1 : file);
        e->line = line;
    }
    return -1;
}

int err_hint(struct err *e, const char *format, ...)
{
    if (e) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(e->hint, sizeof e->hint, format, arguments);
        va_end(arguments);
    }
    return -1;
}
