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

/* `joined` of a file means: at the later date and not at the earlier one. Where the release that was
 * made later is of the earlier date, that is who left. */
static void take_turnover(struct joint_past *p, const struct turnover *t, size_t from, size_t to)
{
    date then = p->releases[from].reference_date, now = p->releases[to].reference_date;
    size_t d = t && then != now ? turnover_find(t, then) : SIZE_MAX;
    if (d == SIZE_MAX)
        return;
    const int64_t *joined = t->joined + d * t->cells, *left = t->left + d * t->cells;
    p->turnovers[p->input.turnover_count++] =
        then < now ? (struct joint_turnover){from, to, joined, left}
                   : (struct joint_turnover){from, to, left, joined};
}

int joint_past_make(struct joint_past *p, const struct past *past,
                    const struct published_release *present, const struct turnover *turnover,
                    struct err *err)
{
    size_t n = past->count;
    memset(p, 0, sizeof *p);
    const struct past_release **made = calloc(n + 1, sizeof *made);
    p->releases = calloc(n + 1, sizeof *p->releases);
    p->turnovers = calloc(n * (n + 1) / 2 + 1, sizeof *p->turnovers);
    if (!made || !p->releases || !p->turnovers) {
        free((void *)made);
        return err_memory(err);
    }
    for (size_t i = 0; i < n; i++)
        made[i] = &past->releases[i];
    qsort((void *)made, n, sizeof *made, by_making);
    for (size_t i = 0; i < n; i++)
        p->releases[i] =
            (struct published_release){made[i]->rules.release, made[i]->rules.reference_date,
                                       &made[i]->cells, made[i]->counts, made[i]->named};
    p->releases[n] = *present;
    for (size_t to = 1; to <= n; to++)
        for (size_t from = 0; from < to; from++)
            take_turnover(p, to == n ? turnover : made[to]->turnover, from, to);
    p->input.release_count = n + 1;
    p->input.releases = p->releases;
    p->input.turnovers = p->turnovers;
    free((void *)made);
    return 0;
}

void joint_past_release(struct joint_past *p)
{
    free(p->releases);
    free(p->turnovers);
    memset(p, 0, sizeof *p);
}
