/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/issues.h. */
#include "link/issues.h"

#include "io/csv_writer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void issues_init(struct issues *s)
{
    memset(s, 0, sizeof *s);
}

void issues_release(struct issues *s)
{
    free(s->list);
    issues_init(s);
}

static int reserve(struct issues *s, size_t more, struct err *err)
{
    size_t capacity = s->capacity ? s->capacity : 64;
    while (capacity < s->count + more)
        capacity *= 2;
    if (capacity == s->capacity)
        return 0;
    struct issue *list = reallocarray(s->list, capacity, sizeof *list);
    if (!list)
        return err_memory(err);
    s->list = list;
    s->capacity = capacity;
    return 0;
}

int issues_note(struct issues *s, enum dataset dataset, uint32_t file, long line,
                enum reason reason, struct err *err)
{
    if (reserve(s, 1, err) != 0)
        return -1;
    uint32_t place = line > 0 && (unsigned long)line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;
    s->list[s->count++] = (struct issue){file, place, (uint32_t)reason};
    s->by_reason[reason]++;
    s->rejected += reason_rejects(dataset, reason);
    return 0;
}

/* Line UINT32_MAX is any line from there on. */
static uint32_t line_below(uint32_t line, uint32_t above)
{
    return line < UINT32_MAX - above ? line + above : UINT32_MAX;
}

int issues_append(struct issues *s, const struct issues *more, uint32_t file, uint32_t above,
                  struct err *err)
{
    if (reserve(s, more->count, err) != 0)
        return -1;
    for (size_t i = 0; i < more->count; i++) {
        s->list[s->count] = more->list[i];
        s->list[s->count].line = line_below(more->list[i].line, above);
        s->list[s->count++].file = file;
    }
    s->rows += more->rows;
    s->rejected += more->rejected;
    for (size_t r = 0; r < REASONS; r++)
        s->by_reason[r] += more->by_reason[r];
    return 0;
}

int issues_figures(const struct issues *s, enum dataset dataset, struct quality *q, struct err *err)
{
    const char *name = DATASETS[dataset].name;
    if (quality_add(q, name, "rows", "", s->rows, err) != 0 ||
        quality_add(q, name, "rejected", "rows", s->rejected, err) != 0)
        return -1;
    for (int r = REASON_NONE + 1; r < REASONS; r++) {
        char word[REASON_NAME];
        enum reason reason = (enum reason)r;
        const char *of = reason_rejects(dataset, reason) ? "rejected" : "rows";
        if (s->by_reason[r] > 0 &&
            quality_add(q, name, reason_name(reason, word), of, s->by_reason[r], err) != 0)
            return -1;
    }
    return 0;
}

/* "1.25%": hundredths of a percent, rounded up so that what is over a limit never reads as equal.
 */
static unsigned hundredths(uint64_t part, uint64_t whole)
{
    unsigned __int128 scaled = (unsigned __int128)part * 10000U;
    return (unsigned)((scaled + whole - 1) / whole);
}

int issues_check(const struct issues *s, enum dataset dataset, int32_t most_ppm, struct err *err)
{
    unsigned __int128 limit = (unsigned __int128)s->rows * (unsigned)most_ppm;
    if ((unsigned __int128)s->rejected * 1000000U <= limit)
        return 0;
    unsigned share = hundredths(s->rejected, s->rows);
    unsigned most = (unsigned)most_ppm / 100;
    return err_set(err, ERR_DATA,
                   "dataset %s: %" PRIu64 " of %" PRIu64 " rows rejected, which is %u.%02u%%; "
                   "max_rejected allows %u.%02u%%",
                   DATASETS[dataset].name, s->rejected, s->rows, share / 100, share % 100,
                   most / 100, most % 100);
}

struct listed {
    const char *file; /* base name */
    const struct issue *issue;
};

static int by_place(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    if (order != 0)
        return order;
    if (x->issue->line != y->issue->line)
        return x->issue->line < y->issue->line ? -1 : 1;
    return (x->issue->reason > y->issue->reason) - (x->issue->reason < y->issue->reason);
}

int issues_csv(const struct issues *s, enum dataset dataset, char *const *files, struct text *out,
               struct err *err)
{
    if (s->count == 0)
        return 0;
    struct listed *listed = calloc(s->count, sizeof *listed);
    if (!listed)
        return err_memory(err);
    for (size_t i = 0; i < s->count; i++) {
        const char *path = files[s->list[i].file], *slash = strrchr(path, '/');
        listed[i] = (struct listed){slash ? slash + 1 : path, &s->list[i]};
    }
    qsort(listed, s->count, sizeof *listed, by_place);
    for (size_t i = 0; i < s->count; i++) {
        char word[REASON_NAME];
        bool first = true;
        csv_put(out, &first, DATASETS[dataset].name);
        csv_put(out, &first, listed[i].file);
        csv_put_number(out, &first, listed[i].issue->line);
        csv_put(out, &first, reason_name((enum reason)listed[i].issue->reason, word));
        csv_end(out, &first);
    }
    free(listed);
    return out->failed ? err_memory(err) : 0;
}
