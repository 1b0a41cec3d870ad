/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/joint_past.h. */
#include "tables/joint_past.h"

#include <stdlib.h>
#include <string.h>

static int by_making(const void *a, const void *b)
{
    size_t x = (*(const struct past_release *const *)a)->made;
    size_t y = (*(const struct past_release *const *)b)->made;
    return (x > y) - (x < y);
}

/* By the file of the release made later. `joined` means there: at the later date and not at the
 * earlier one; where the release is of the earlier date, that is who left. */
static void take_turnover(struct joint_past *p, const struct turnover *t, size_t from, size_t to)
{
    date then = p->releases[from].reference_date, now = p->releases[to].reference_date;
    size_t d = t && then != now ? turnover_find(t, then) : SIZE_MAX;
    if (d == SIZE_MAX)
        return;
    const int64_t *joined = t->joined + d * t->cells, *left = t->left + d * t->cells;
    p->turnovers[p->input.turnover_count++] = then < now
                                                  ? (struct joint_turnover){from, to, joined, left}
                                                  : (struct joint_turnover){from, to, left, joined};
}

/* By the file of the release made first, which is of the later date: for the head counts that both
 * have by the same key; of others nothing is known. *taken: it knows the other's date. */
static int take_earlier_turnover(struct joint_past *p, const struct turnover *t, size_t from,
                                 size_t to, bool *taken, struct err *err)
{
    const struct cells *then = p->releases[from].cells, *now = p->releases[to].cells;
    size_t d = t ? turnover_find(t, p->releases[to].reference_date) : SIZE_MAX, n = now->count;
    struct text key;
    *taken = d != SIZE_MAX;
    if (!*taken)
        return 0;
    int64_t *figures = malloc(2 * (n + 1) * sizeof *figures);
    if (!figures)
        return err_memory(err);
    p->figures[p->figure_count++] = figures;
    text_init(&key);
    for (size_t i = 0; i < n; i++) {
        figures[i] = figures[n + i] = -1;
        if (!(now->flags[i] & CELL_PUBLIC))
            continue;
        text_clear(&key);
        cell_key(&key, now, i);
        size_t cell = key.failed ? SIZE_MAX : cell_by_key(then, key.bytes);
        if (cell == SIZE_MAX || !(then->flags[cell] & CELL_PUBLIC))
            continue;
        figures[i] = t->left[d * t->cells + cell];
        figures[n + i] = t->joined[d * t->cells + cell];
    }
    bool failed = key.failed;
    text_release(&key);
    p->turnovers[p->input.turnover_count++] =
        (struct joint_turnover){from, to, figures, figures + n};
    return failed ? err_memory(err) : 0;
}

static int take_pair(struct joint_past *p, const struct turnover *first,
                     const struct turnover *second, size_t from, size_t to, struct err *err)
{
    bool taken = false;
    if (p->releases[from].reference_date > p->releases[to].reference_date &&
        take_earlier_turnover(p, first, from, to, &taken, err) != 0)
        return -1;
    if (!taken)
        take_turnover(p, second, from, to);
    return 0;
}

int joint_past_make(struct joint_past *p, const struct past *past,
                    const struct published_release *present, const struct turnover *turnover,
                    struct err *err)
{
    size_t n = past->count;
    memset(p, 0, sizeof *p);
    const struct past_release **made = calloc(n + 1, sizeof(struct past_release *));
    p->releases = calloc(n + 1, sizeof *p->releases);
    p->turnovers = calloc(n * (n + 1) / 2 + 1, sizeof *p->turnovers);
    p->figures = calloc(n * (n + 1) / 2 + 1, sizeof *p->figures);
    if (!made || !p->releases || !p->turnovers || !p->figures) {
        free((void *)made);
        return err_memory(err);
    }
    n = 0; /* a release of the same id is this one, made once more: none that came before it */
    for (size_t i = 0; i < past->count; i++)
        if (strcmp(past->releases[i].rules.release, present->id) != 0)
            made[n++] = &past->releases[i];
    qsort((void *)made, n, sizeof(struct past_release *), by_making);
    for (size_t i = 0; i < n; i++)
        p->releases[i] =
            (struct published_release){made[i]->rules.release, made[i]->rules.reference_date,
                                       &made[i]->cells, made[i]->counts, made[i]->named};
    p->releases[n] = *present;
    int rc = 0;
    for (size_t to = 1; to <= n; to++)
        for (size_t from = 0; from < to && rc == 0; from++)
            rc = take_pair(p, made[from]->turnover, to == n ? turnover : made[to]->turnover, from,
                           to, err);
    p->input.release_count = n + 1;
    p->input.releases = p->releases;
    p->input.turnovers = p->turnovers;
    free((void *)made);
    return rc;
}

void joint_past_release(struct joint_past *p)
{
    free(p->releases);
    free(p->turnovers);
    for (size_t i = 0; i < p->figure_count; i++)
        free(p->figures[i]);
    free((void *)p->figures);
    memset(p, 0, sizeof *p);
}
