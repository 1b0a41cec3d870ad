/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/quality.h. A few dozen figures: looked up one after the other. */
#include "io/quality.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void quality_init(struct quality *q)
{
    memset(q, 0, sizeof *q);
}

void quality_release(struct quality *q)
{
    free(q->figures);
    quality_init(q);
}

static struct quality_figure *find(const struct quality *q, const char *dataset, const char *check)
{
    for (size_t i = 0; i < q->count; i++)
        if (strcmp(q->figures[i].dataset, dataset) == 0 && strcmp(q->figures[i].check, check) == 0)
            return &q->figures[i];
    return NULL;
}

static struct quality_figure *add(struct quality *q, const char *dataset, const char *check,
                                  const char *of, struct err *err)
{
    if (strlen(dataset) >= FRAME_NAME || strlen(check) >= FRAME_NAME || strlen(of) >= FRAME_NAME) {
        (void)err_set(err, ERR_INTERNAL, "quality: a figure's name is too long");
        return NULL;
    }
    if (q->count == q->capacity) {
        size_t capacity = q->capacity ? 2 * q->capacity : 32;
        struct quality_figure *figures = reallocarray(q->figures, capacity, sizeof *figures);
        if (!figures) {
            (void)err_memory(err);
            return NULL;
        }
        q->figures = figures;
        q->capacity = capacity;
    }
    struct quality_figure *f = &q->figures[q->count++];
    memset(f, 0, sizeof *f);
    (void)snprintf(f->dataset, sizeof f->dataset, "%s", dataset);
    (void)snprintf(f->check, sizeof f->check, "%s", check);
    (void)snprintf(f->of, sizeof f->of, "%s", of);
    return f;
}

int quality_add(struct quality *q, const char *dataset, const char *check, const char *of,
                uint64_t n, struct err *err)
{
    struct quality_figure *f = find(q, dataset, check);
    if (!f && !(f = add(q, dataset, check, of ? of : "", err)))
        return -1;
    if (strcmp(f->of, of ? of : "") != 0)
        return err_set(err, ERR_INTERNAL, "quality: %s %s is part of two figures", dataset, check);
    if (__builtin_add_overflow(f->count, n, &f->count))
        return err_set(err, ERR_INTERNAL, "quality: %s %s overflows", dataset, check);
    return 0;
}

uint64_t quality_get(const struct quality *q, const char *dataset, const char *check)
{
    const struct quality_figure *f = find(q, dataset, check);
    return f ? f->count : 0;
}

static int by_name(const void *a, const void *b)
{
    const struct quality_figure *x = a, *y = b;
    int order = strcmp(x->dataset, y->dataset);
    return order ? order : strcmp(x->check, y->check);
}

void quality_sort(struct quality *q)
{
    if (q->count > 1)
        qsort(q->figures, q->count, sizeof *q->figures, by_name);
}

static int row_put(struct frame *f, const struct quality_figure *figure, struct err *err)
{
    size_t row = frame_append(f, err);
    if (row == SIZE_MAX)
        return -1;
    const char *words[3] = {figure->dataset, figure->check, figure->of};
    for (size_t i = 0; i < 3; i++) /* an empty `of` stays without a value */
        if (*words[i] && column_put_word(f->columns[i], row, words[i], strlen(words[i]), err) != 0)
            return -1;
    column_set(f->columns[3], row, figure->count);
    return 0;
}

int quality_to_frame(const struct quality *q, struct frame *f, struct err *err)
{
    struct quality sorted = *q;
    int rc = -1;
    frame_init(f, "quality");
    sorted.figures = calloc(q->count ? q->count : 1, sizeof *sorted.figures);
    if (!sorted.figures)
        return err_memory(err);
    if (q->count)
        memcpy(sorted.figures, q->figures, q->count * sizeof *sorted.figures);
    quality_sort(&sorted);
    if (!frame_add_coded(f, "dataset", err) || !frame_add_coded(f, "check", err) ||
        !frame_add_coded(f, "of", err) || !frame_add(f, "count", COLUMN_U64, err))
        goto out;
    for (size_t i = 0; i < sorted.count; i++)
        if (row_put(f, &sorted.figures[i], err) != 0)
            goto out;
    rc = frame_sort_dictionaries(f, 1, err);
out:
    quality_release(&sorted);
    if (rc != 0)
        frame_release(f);
    return rc;
}

int quality_from_frame(struct quality *q, const struct frame *f, struct err *err)
{
    const struct column *dataset = frame_need(f, "dataset", COLUMN_U32, err);
    const struct column *check = frame_need(f, "check", COLUMN_U32, err);
    const struct column *of = frame_need(f, "of", COLUMN_U32, err);
    const struct column *count = frame_need(f, "count", COLUMN_U64, err);
    if (!dataset || !check || !of || !count)
        return -1;
    if (!dataset->coded || !check->coded || !of->coded)
        return err_set(err, ERR_DATA, "frame %s: a figure's name is not text", f->name);
    for (size_t row = 0; row < f->rows; row++) {
        const char *d = column_word(dataset, row), *c = column_word(check, row);
        if (!d || !c)
            return err_set(err, ERR_DATA, "frame %s: a figure without a name", f->name);
        if (quality_add(q, d, c, column_word(of, row), column_get(count, row), err) != 0)
            return -1;
    }
    return 0;
}
