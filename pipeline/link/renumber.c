/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/renumber.h. */
#include "link/renumber.h"

#include "link/national_number.h"
#include "link/persons.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int count_alias(struct quality *q, const struct alias_map *map, struct err *err)
{
    const char *name = DATASETS[DATASET_ALIAS].name;
    return quality_add(q, name, "conflict", "rows", map->conflicts, err) != 0 ||
                   quality_add(q, name, "cycle", "rows", map->cycles, err) != 0
               ? -1
               : 0;
}

void renumber_rows(const struct alias_map *map, struct intake_table *t)
{
    for (size_t field = 0; field < t->number_count; field++)
        for (size_t row = 0; map->count > 0 && row < t->frame.rows; row++) {
            uint64_t number = intake_number(t, field, row), before = number;
            alias_apply(map, &number, 1);
            if (number != before)
                t->numbers[field][row] = national_number_pack(number);
        }
}

int renumber_read(struct alias_map *map, const struct intake *in, struct quality *q,
                  struct err *err)
{
    const struct intake_table *t = &in->datasets[DATASET_ALIAS].table;
    const struct column *since = frame_find(&t->frame, "date");
    size_t rows = t->frame.rows;
    if (!in->datasets[DATASET_ALIAS].present)
        return 0;
    struct alias_row *list = calloc(rows ? rows : 1, sizeof *list);
    if (!list)
        return err_memory(err);
    for (size_t i = 0; i < rows; i++)
        list[i] = (struct alias_row){intake_number(t, 0, i), intake_number(t, 1, i),
                                     column_i32(since, i)};
    int rc = alias_build(map, list, rows, err);
    if (rc == 0)
        rc = count_alias(q, map, err);
    sodium_memzero(list, rows * sizeof *list);
    free(list);
    return rc;
}

int renumber_frame(struct intake_table *t, const uint8_t *key, struct err *err)
{
    struct frame f;
    frame_init(&f, t->frame.name);
    struct column *ends[2] = {frame_add(&f, "old", COLUMN_BYTES16, err), NULL};
    if (ends[0])
        ends[1] = frame_add(&f, "new", COLUMN_BYTES16, err);
    struct column *since = ends[1] ? frame_add(&f, "date", COLUMN_I32, err) : NULL;
    if (!since || frame_resize(&f, t->frame.rows, err) != 0) {
        frame_release(&f);
        return -1;
    }
    for (size_t i = 0; i < 2 * f.rows; i++)
        person_pseudonym((uint8_t *)ends[i % 2]->cells + i / 2 * PSEUDONYM_BYTES,
                         intake_number(t, i % 2, i / 2), key);
    if (f.rows > 0)
        memcpy(since->cells, frame_find(&t->frame, "date")->cells, f.rows * sizeof(int32_t));
    frame_release(&t->frame);
    t->frame = f;
    intake_table_forget(t);
    return 0;
}
