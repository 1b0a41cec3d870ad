/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/report.h. State is process-wide: there is one stderr. */
#include "base/report.h"

#include "base/json_text.h"

#include <errno.h>
#include <fcntl.h>
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
    bool active;
    _Atomic bool shown;
    const char *what;
    uint64_t total;
    int64_t begun_ms;
    _Atomic uint64_t done;
    _Atomic int64_t printed_ms;
} progress;

/* A file that is opened later must not become a closed standard error by its number. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) /* the lowest free one */
            return;
}

void report_setup(const char *program, bool quiet, bool json, int stage_number, int stage_count)
{
    open_standard_descriptors();
    setup.program = program;
    setup.quiet = quiet;
    setup.json = json;
    setup.stage_number = stage_number;
    setup.stage_count = stage_count;
}

/* In one write if the kernel lets us, so that lines of several processes do not mix. There is
 * nobody to tell when it fails. */
static void put_bytes(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(STDERR_FILENO, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        bytes += n;
        length -= (size_t)n;
    }
}

static void clear_progress(void)
{
    if (atomic_exchange(&progress.shown, false))
        put_bytes("\r\033[K", 4);
}

static void put(const struct text *line)
{
    static const char no_memory[] = "herkomst: error: out of memory\n";
    clear_progress();
    if (line->failed)
        put_bytes(no_memory, sizeof no_memory - 1);
    else
        put_bytes(line->bytes, line->length);
}

/* File names and column headers come from others: no control character of theirs may begin a line
 * of its own or steer a terminal. */
static void put_plain(struct text *line, const char *text)
{
    for (const char *c = text; *c; c++)
        text_char(line, (unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c);
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
        bool is_note = strcmp(level, "note") == 0;
        text_format(&line, "%s: %s%s", setup.program, is_note ? "" : level, is_note ? "" : ": ");
        put_plain(&line, where);
        text_string(&line, where[0] ? ": " : "");
        put_plain(&line, text);
        text_char(&line, '\n');
        if (hint[0]) {
            text_format(&line, "%s: hint: ", setup.program);
            put_plain(&line, hint);
            text_char(&line, '\n');
        }
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
    put_bytes(line.bytes, line.failed ? 0 : line.length);
    text_release(&line);
    atomic_store(&progress.shown, true);
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
    clear_progress();
    progress.active = false;
}
