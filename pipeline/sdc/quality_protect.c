/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/quality_protect.h. */
#include "sdc/quality_protect.h"

#include <stdlib.h>
#include <string.h>

static bool is_part_of(const struct quality_figure *part, const struct quality_figure *whole)
{
    return part->of[0] && strcmp(part->dataset, whole->dataset) == 0 &&
           strcmp(part->of, whole->check) == 0;
}

/* Rules 2 and 3 for one published whole; true if something was hidden. */
static bool protect_parts(uint8_t *status, const struct quality *q, size_t whole, uint64_t k)
{
    uint64_t w = q->figures[whole].count, hidden_sum = 0;
    size_t hidden = 0, smallest = SIZE_MAX;
    for (size_t i = 0; i < q->count; i++) {
        const struct quality_figure *part = &q->figures[i];
        if (!is_part_of(part, &q->figures[whole]))
            continue;
        uint64_t n = part->count;
        if (!status[i] && n > 0 && w > n && w - n < k) {
            status[i] = 1;
            return true;
        }
        if (status[i]) {
            hidden++;
            hidden_sum += n;
        } else if (n > 0 && (smallest == SIZE_MAX || n < q->figures[smallest].count)) {
            smallest = i;
        }
    }
    if (hidden == 0 || (hidden >= 2 && hidden_sum >= k))
        return false;
    status[smallest == SIZE_MAX ? whole : smallest] = 1;
    return true;
}

/* derive counts who is in each population, and only where head counts are public. */
static bool is_head_count(const struct quality_figure *f)
{
    return strcmp(f->dataset, "derive") == 0;
}

void quality_protect(uint8_t *status, const struct quality *q, int64_t threshold, bool only_heads)
{
    uint64_t k = (uint64_t)threshold;
    for (size_t i = 0; i < q->count; i++)
        status[i] = (only_heads && !is_head_count(&q->figures[i])) ||
                    (q->figures[i].count > 0 && q->figures[i].count < k);
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < q->count; i++)
            changed = (!status[i] && protect_parts(status, q, i, k)) || changed;
    }
}

static int put_row(struct frame *f, const struct quality_figure *figure, uint8_t status,
                   struct err *err)
{
    size_t row = frame_append(f, err);
    if (row == SIZE_MAX)
        return -1;
    const char *words[2] = {figure->dataset, figure->check};
    for (size_t i = 0; i < 2; i++)
        if (column_put_word(f->columns[i], row, words[i], strlen(words[i]), err) != 0)
            return -1;
    column_set(f->columns[2], row, status ? 0 : figure->count);
    column_set(f->columns[3], row, status);
    return 0;
}

int quality_protected_frame(struct frame *f, struct quality *q, int64_t threshold, bool only_heads,
                            struct err *err)
{
    int rc = -1;
    frame_init(f, "quality");
    uint8_t *status = malloc(q->count + 1);
    if (!status)
        return err_memory(err);
    quality_sort(q);
    quality_protect(status, q, threshold, only_heads);
    if (!frame_add_coded(f, "dataset", err) || !frame_add_coded(f, "check", err) ||
        !frame_add(f, "count", COLUMN_U64, err) || !frame_add(f, "status", COLUMN_U8, err))
        goto out;
    for (size_t i = 0; i < q->count; i++)
        if (put_row(f, &q->figures[i], status[i], err) != 0)
            goto out;
    rc = frame_sort_dictionaries(f, 1, err);
out:
    free(status);
    if (rc != 0)
        frame_release(f);
    return rc;
}
