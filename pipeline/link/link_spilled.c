/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/link_spilled.h: reading into the file. Partitions are link_partitions.c, parents
 * link_guests.c, and what comes out link_spilled_facts.c. */
#include "link/link_spilled.h"

#include "link/in_force.h"
#include "link/person_rows.h"
#include "link/record_frame.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char *const NAMES[SPILL_DATASETS] = {"personnel", "register", "nationality",
                                                  "filiation", "registration"};

/* What is known of a person. */
static size_t person_bytes(const struct link *l)
{
    return 24 + 10 * (1 + l->people.since_count);
}

size_t link_spill_row_bytes(const struct link *l, bool spilled)
{
    size_t columns = l->personnel.column_count ? l->personnel.column_count : 8;
    size_t cells = columns + (l->fields ? l->fields->count : 0) + 1;
    if (!spilled) /* narrow ones */
        return 3 * cells;
    size_t guests = fields_generations(l->fields) == 2 ? 6 : 2;
    return 4 * cells + 8 + guests * (20 + 4 * (1 + l->people.since_count));
}

bool link_spill_wanted(const struct link *l, size_t persons, size_t rows)
{
    return l->plan && l->plan->whole != MEMORY_UNLIMITED &&
           persons * person_bytes(l) + rows * link_spill_row_bytes(l, false) > l->plan->whole;
}

/* Of people nothing stays in l. */
int link_spill_open(struct link *l, size_t persons, struct err *err)
{
    struct people *p = &l->people;
    const struct date_list {
        const date *since;
        size_t count;
    } days = {p->since, p->since_count};
    people_release(p);
    l->spill = calloc(1, sizeof *l->spill);
    if (!l->spill)
        return err_memory(err);
    l->spill->persons = persons;
    if (people_init(p, 0, l->fields, l->reference, err) != 0 ||
        (days.count > 0 && people_since(p, l->groups, days.since, days.count, err) != 0))
        return -1;
    return spill_open(&l->spill->file, l->plan->folder, err);
}

void link_spill_close(struct link *l)
{
    struct link_spill *s = l->spill;
    if (!s)
        return;
    for (size_t d = 0; d < SPILL_DATASETS; d++) {
        link_frame_wipe(&s->datasets[d].frame);
        record_lists_release(&s->datasets[d].lists);
    }
    for (size_t day = 0; day < s->days; day++) {
        (void)record_writer_close(&s->facts[day].writer, NULL);
        record_lists_release(&s->facts[day].lists);
        frame_release(&s->facts[day].head);
        for (size_t c = 0; c < FRAME_COLUMNS; c++)
            free(s->facts[day].codes[c]);
    }
    free(s->facts);
    record_lists_release(&s->parents);
    spill_close(&s->file);
    free(s);
    l->spill = NULL;
}

/* ---- reading ---- */

/* The frame's columns with cells of 4 bytes, and its words. */
static int take_head(struct spilled_dataset *d, struct frame *from, struct err *err)
{
    if (record_frame_open(&d->frame, from, err) != 0)
        return -1;
    for (size_t i = 0; i < from->column_count; i++) {
        d->frame.columns[i]->dictionary = from->columns[i]->dictionary;
        dictionary_init(&from->columns[i]->dictionary);
    }
    return 0;
}

static int put_rows(struct record_writer *to, const struct frame *f, const uint32_t *person,
                    const struct link_spill *s, bool without, struct err *err)
{
    for (size_t row = 0; row < f->rows; row++) {
        size_t list = memory_plan_part(person[row], s->persons, s->parts);
        if (person[row] == 0 && !without)
            continue; /* nobody's: no register is asked for it */
        void *slot = record_slot(to, person[row] == 0 ? s->parts : list, err);
        if (!slot)
            return -1;
        record_frame_get(f, f->column_count, row, slot);
    }
    return 0;
}

/* Block by block; of personnel what is in force. */
static int read_blocks(struct link *l, struct spilled_dataset *d, struct frame *f, bool personnel,
                       size_t left, const struct source *from, struct err *err)
{
    struct link_spill *s = l->spill;
    struct record_writer to = {0};
    int rc = record_writer_open(&to, &d->lists, err);
    do {
        f->rows = 0;
        if (rc == 0 && left > 0)
            rc = frame_read_block(f, &left, from, err);
        const uint32_t *person =
            rc == 0 ? person_rows_check_on(f, 0, &d->last, s->persons, err) : NULL;
        if (!person)
            rc = -1;
        if (rc == 0 && personnel)
            rc = in_force_keep(f, 0, &l->people, l->seen, err);
        if (rc == 0)
            rc = put_rows(&to, f, person, s, personnel, err);
    } while (rc == 0 && left > 0);
    return record_writer_close(&to, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

static int open_lists(struct link *l, struct spilled_dataset *d, const struct frame *f,
                      size_t lists, struct err *err)
{
    return record_lists_open(&d->lists, l->spill->file, lists, f->column_count * sizeof(uint32_t),
                             memory_plan_block(l->plan, lists, 1), err);
}

int link_spill_personnel(struct link *l, size_t left, const struct source *from, struct err *err)
{
    struct link_spill *s = l->spill;
    struct spilled_dataset *d = &s->datasets[SPILL_PERSONNEL];
    /* Half of the limit: nothing else is there meanwhile. */
    s->parts = memory_plan_partitions(
        l->plan, (s->persons * person_bytes(l) + left * link_spill_row_bytes(l, true)) / 2, 1);
    const struct column *entity = person_rows_words(&l->personnel, "entity", err);
    if (!entity)
        return -1;
    free(l->seen);
    l->seen = calloc((size_t)entity->dictionary.count + 1, 1);
    if (!l->seen)
        return err_memory(err);
    if (open_lists(l, d, &l->personnel, s->parts + 1, err) != 0 ||
        read_blocks(l, d, &l->personnel, true, left, from, err) != 0)
        return -1;
    int rc = take_head(d, &l->personnel, err);
    link_frame_wipe(&l->personnel);
    return rc;
}

int link_spill_read(struct link *l, const char *name, const struct source *from, size_t *rows,
                    struct err *err)
{
    size_t i = SPILL_REGISTERS, left = 0;
    struct frame f;
    while (strcmp(NAMES[i], name) != 0)
        i++;
    struct spilled_dataset *d = &l->spill->datasets[i];
    int rc = frame_open_named(&f, name, false, &left, from, err);
    *rows = left;
    if (rc == 0)
        rc = open_lists(l, d, &f, l->spill->parts, err);
    if (rc == 0)
        rc = read_blocks(l, d, &f, false, left, from, err);
    if (rc == 0)
        rc = take_head(d, &f, err);
    link_frame_wipe(&f);
    return rc;
}

const struct column *link_spill_words(const struct link *l, const char *name)
{
    return frame_find(&l->spill->datasets[SPILL_PERSONNEL].frame, name);
}
