/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/link_spilled.h: facts on their way through the file. */
#include "link/link_spilled.h"

#include "link/record_frame.h"
#include "link/words.h"

#include <stdlib.h>
#include <string.h>

static int begin_facts(struct link *l, struct spilled_facts *out, struct frame *facts,
                       struct err *err)
{
    out->begun = true;
    if (record_lists_open(&out->lists, l->spill->file, 1, facts->column_count * sizeof(uint32_t),
                          memory_plan_block(l->plan, 1, 1), err) != 0 ||
        record_writer_open(&out->writer, &out->lists, err) != 0)
        return -1;
    for (size_t c = 0; c < facts->column_count; c++) {
        const struct column *column = facts->columns[c];
        if (column->coded &&
            !(out->codes[c] = calloc((size_t)column->dictionary.count + 1, sizeof **out->codes)))
            return err_memory(err);
    }
    return 0;
}

static void mark_words(const struct spilled_facts *out, const struct frame *facts)
{
    for (size_t c = 0; c < facts->column_count; c++)
        for (size_t row = 0; out->codes[c] && row < facts->rows; row++)
            out->codes[c][column_get(facts->columns[c], row)] = 1;
}

int link_spill_put(struct link *l, size_t day, struct frame *facts, struct err *err)
{
    struct spilled_facts *out = &l->spill->facts[day];
    bool first = !out->begun;
    if (first && begin_facts(l, out, facts, err) != 0)
        return -1;
    for (size_t row = 0; row < facts->rows; row++) {
        uint32_t *record = record_slot(&out->writer, 0, err);
        if (!record)
            return -1;
        record_frame_get(facts, facts->column_count, row, record);
    }
    mark_words(out, facts);
    out->rows += facts->rows;
    if (first) { /* all partitions have the same words */
        facts->rows = 0;
        frame_trim(facts);
        out->head = *facts;
        memset(facts, 0, sizeof *facts);
    }
    return 0;
}

int link_spill_settle(struct link *l, size_t day, struct err *err)
{
    struct spilled_facts *out = &l->spill->facts[day];
    int rc = record_writer_close(&out->writer, err);
    for (size_t c = 0; rc == 0 && c < out->head.column_count; c++)
        if (out->codes[c])
            rc = words_renumber(&out->head.columns[c]->dictionary, out->codes[c], err);
    return rc;
}

void link_spill_take(struct link *l, size_t day, struct frame *head)
{
    if (day >= l->spill->days)
        return;
    *head = l->spill->facts[day].head;
    memset(&l->spill->facts[day].head, 0, sizeof *head);
}

struct renumbering {
    const struct spilled_facts *facts;
    size_t columns;
};

static void renumber(void *context, uint32_t *records, size_t count)
{
    const struct renumbering *r = context;
    for (size_t i = 0; i < count; i++, records += r->columns)
        for (size_t c = 0; c < r->columns; c++)
            if (r->facts->codes[c])
                records[c] = r->facts->codes[c][records[c]];
}

int link_spill_write(struct link *l, size_t day, const struct frame *head, const struct sink *to,
                     struct err *err)
{
    struct spilled_facts *out = &l->spill->facts[day];
    struct renumbering r = {out, head->column_count};
    return record_lists_write(&out->lists, head, out->rows, renumber, &r, to, err);
}
