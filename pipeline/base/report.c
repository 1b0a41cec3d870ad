/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/report.h. State is process-wide: there is one stderr. */
#include "base/report.h"

#include "base/json_text.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_START_MS = 1000, PROGRESS_EVERY_MS = 100, PROGRESS_STRIDE = 4096 };

static struct {
    const char *program;
    bool quiet, json;
    int stage_number, stage_count;
} setup = {"herkomst", false, false, 0, 0};

static struct {
    bool active, shown;
    const char *what;
    uint64_t total;
    int64_t begun_ms;
    _Atomic uint64_t done;
    _Atomic int64_t printed_ms;
} progress;

void report_setup(const char *program, bool quiet, bool json, int stage_number, int stage_count)
{
    setup.program = program;
    setup.quiet = quiet;
    setup.json = json;
    setup.stage_number = stage_number;
    setup.stage_count = stage_count;
}

/* Everything goes out in one write, so that lines of several processes do not mix. */
static void put(const struct text *line)
{
    if (progress.shown) {
        (void)!write(STDERR_FILENO, "\r\033[K", 4);
        progress.shown = false;
    }
    if (line->length)
        (void)!write(STDERR_FILENO, line->bytes, line->length);
}

static void json_member(struct text *line, const char *key, const char *value)
{
    text_format(line, "%s\"%s\": ", line->length > 1 ? ", " : "", key);
    json_put_string(line, value);
}

static void message(const char *level, const char *where, const char *text, const char *hint)
{
    struct text line;
    text_init(&line);
    if (setup.json) {
        text_char(&line, '{');
        json_member(&line, "program", setup.program);
        json_member(&line, "level", level);
        if (where[0])
            json_member(&line, "where", where);
        json_member(&line, "message", text);
        if (hint[0])
            json_member(&line, "hint", hint);
        text_string(&line, "}\n");
    } else {
        const char *mark = strcmp(level, "note") == 0 ? "" : level;
        text_format(&line, "%s: %s%s%s%s%s\n", setup.program, mark, mark[0] ? ": " : "", where,
                    where[0] ? ": " : "", text);
        if (hint[0])
            text_format(&line, "%s: hint: %s\n", setup.program, hint);
    }
    put(&line);
    text_release(&line);
}

void report_error(const struct err *err)
{
    char where[sizeof err->file + 64] = "";
    if (err->file[0] && err->line > 0 && err->column > 0)
        (void)snprintf(where, sizeof where, "%s line %ld field %ld", err->file, err->line,
                       err->column);
    else if (err->file[0] && err->line > 0)
        (void)snprintf(where, sizeof where, "%s line %ld", err->file, err->line);
    else
        (void)snprintf(where, sizeof where, "%s", err->file);
    message("error", where, err->text, err->hint);
}

__attribute__((format(printf, 2, 0))) static void formatted(const char *level, const char *format,
                                                            va_list arguments)
{
    char text[512];
    (void)vsnprintf(text, sizeof text, format, arguments);
    message(level, "", text, "");
}

void report_warning(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    formatted("warning", format, arguments);
    va_end(arguments);
}

void report_note(const char *format, ...)
{
    if (setup.quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    formatted("note", format, arguments);
    va_end(arguments);
}

void report_exit(int code)
{
    if (!setup.json)
        return;
    struct text line;
    text_init(&line);
    text_char(&line, '{');
    json_member(&line, "program", setup.program);
    text_format(&line, ", \"exit\": %d}\n", code);
    put(&line);
    text_release(&line);
}

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_begin(const char *what, uint64_t total)
{
    progress.active = !setup.quiet && !setup.json && isatty(STDERR_FILENO);
    progress.what = what;
    progress.total = total;
    progress.begun_ms = now_ms();
    atomic_store(&progress.done, 0);
    atomic_store(&progress.printed_ms, progress.begun_ms + PROGRESS_START_MS - PROGRESS_EVERY_MS);
}

static void progress_print(uint64_t done, int64_t now)
{
    struct text line;
    text_init(&line);
    double seconds = (double)(now - progress.begun_ms) / 1000.0;
    double rate = (double)done / seconds;
    text_format(&line, "\r%s: ", setup.program);
    if (setup.stage_count)
        text_format(&line, "stage %d of %d, ", setup.stage_number, setup.stage_count);
    text_format(&line, "%llu", (unsigned long long)done);
    if (progress.total)
        text_format(&line, " of %llu", (unsigned long long)progress.total);
    text_format(&line, " %s, %.0f/s", progress.what, rate);
    if (progress.total > done && rate > 0)
        text_format(&line, ", %.0f s left", (double)(progress.total - done) / rate);
    text_string(&line, "\033[K");
    (void)!write(STDERR_FILENO, line.bytes, line.length);
    text_release(&line);
    progress.shown = true;
}

void progress_step(uint64_t n)
{
    uint64_t before = atomic_fetch_add_explicit(&progress.done, n, memory_order_relaxed);
    if (!progress.active || before / PROGRESS_STRIDE == (before + n) / PROGRESS_STRIDE)
        return;
    int64_t now = now_ms(), last = atomic_load(&progress.printed_ms);
    if (now - last >= PROGRESS_EVERY_MS &&
        atomic_compare_exchange_strong(&progress.printed_ms, &last, now))
        progress_print(before + n, now);
}

void progress_end(void)
{
    if (progress.shown)
        (void)!write(STDERR_FILENO, "\r\033[K", 4);
    progress.shown = false;
    progress.active = false;
}
