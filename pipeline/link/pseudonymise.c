/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/pseudonymise.h. */
#include "link/pseudonymise.h"

#include "io/artefacts.h"

#include "base/parallel.h"
#include "base/room.h"
#include "link/input_digest.h"
#include "link/needed_spilled.h"
#include "link/persons.h"
#include "link/renumber.h"
#include "link/row_order.h"
#include "link/rows_spilled.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- persons ---- */

static int persons_frame(struct frame *f, size_t count, struct err *err)
{
    frame_init(f, "persons");
    struct column *c = frame_add(f, "count", COLUMN_U32, err);
    if (!c || frame_resize(f, 1, err) != 0)
        return -1;
    column_set(c, 0, count);
    return 0;
}

static int map_persons(struct persons *p, struct intake *in, const uint8_t *key, struct room *room,
                       unsigned threads, struct err *err)
{
    if (persons_hash(p, key, room, threads, err) != 0)
        return -1;
    for (int d = 0; d < DATASET_COUNT; d++) {
        struct intake_table *t = &in->datasets[d].table;
        for (size_t i = 0; dataset_is_linked(d) && i < t->number_count; i++) {
            if (persons_ids(p, t->numbers[i], t->frame.rows, room, threads, err) != 0)
                return -1;
            intake_table_settle(t, i);
        }
        frame_trim(&t->frame); /* rows that nobody needs have left room */
    }
    persons_settle(p);
    return 0;
}

/* ---- order and duplicates ---- */

struct finishing {
    struct intake *in;
    struct left_out left_out;
    size_t person_count;
    struct rows_spilled *spilled; /* NULL: rows are in the tables */
    const struct pseudonym_keys *keys;
    unsigned threads;
    struct room *room;
    uint64_t duplicates[DATASET_COUNT];
};

static int finish_table(struct finishing *f, int d, struct err *err)
{
    struct intake_table *t = &f->in->datasets[d].table;
    const struct row_order how = {.person = dataset_is_linked(d) ? t->ids[0] : NULL,
                                  .person_count = f->person_count,
                                  .keep_unlinked = d == DATASET_PERSONNEL,
                                  .threads = f->threads,
                                  .room = f->room};
    return frame_sort_dictionaries(&t->frame, f->threads, err) != 0
               ? -1
               : rows_order(&t->frame, &how, &f->duplicates[d], err);
}

static int finish_dataset(struct finishing *f, int d, struct err *err)
{
    const struct rows_finishing how = {
        .in = f->in, .persons = f->person_count, .threads = f->threads, .room = f->room};
    if (f->spilled && dataset_is_linked(d))
        return rows_spilled_finish(&f->spilled[d], &how, (enum dataset)d, &f->duplicates[d], err);
    return finish_table(f, d, err);
}

static int put_input(struct frame *f, const char *name, const char *hex, struct err *err)
{
    size_t row = frame_append(f, err);
    if (row == SIZE_MAX)
        return -1;
    const char *words[2] = {name, hex};
    for (size_t c = 0; c < 2; c++)
        if (column_put_word(f->columns[c], row, words[c], strlen(words[c]), err) != 0)
            return -1;
    return 0;
}

/* What the manifest says of the inputs: a keyed digest each, and which key it was. */
static int inputs_frame(struct frame *out, const struct finishing *f, struct err *err)
{
    frame_init(out, "inputs");
    if (!frame_add_coded(out, "dataset", err) || !frame_add_coded(out, "digest", err))
        return -1;
    for (int d = 0; d < DATASET_COUNT; d++) {
        const struct intake_table *t = &f->in->datasets[d].table;
        char text[INPUT_DIGEST_TEXT];
        if (!f->in->datasets[d].present)
            continue;
        input_digest_text(text, &t->digest, &t->frame, f->keys->input);
        if (put_input(out, DATASETS[d].name, text, err) != 0)
            return -1;
    }
    if (put_input(out, INPUTS_PSEUDONYM_KEY, f->keys->fingerprint, err) != 0)
        return -1;
    uint64_t none;
    struct room room = {0};
    int rc = frame_sort_dictionaries(out, 1, err);
    if (rc == 0)
        rc = rows_order(out, &(struct row_order){.threads = 1, .room = &room}, &none, err);
    room_release(&room);
    return rc;
}

static int count_rows(struct quality *q, const struct finishing *f, struct err *err)
{
    for (int d = 0; d < DATASET_COUNT; d++)
        if (f->in->datasets[d].present && DATASETS[d].has_persons &&
            quality_add(q, DATASETS[d].name, "duplicate", "rows",
                        f->duplicates[d] + f->left_out.duplicates[d], err) != 0)
            return -1;
    return quality_add(q, "persons", "distinct", "", f->left_out.persons, err);
}

static int finish(struct pseudonymised *out, const struct finishing *how, struct err *err)
{
    struct finishing *f = malloc(sizeof *f);
    if (!f)
        return err_memory(err);
    *f = *how;
    int rc = 0;
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        rc = finish_dataset(f, d, err);
    if (rc == 0)
        rc = inputs_frame(&out->inputs, f, err);
    if (rc == 0)
        rc = count_rows(&out->quality, f, err);
    free(f);
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++) {
        out->datasets[d] = how->in->datasets[d].table.frame;
        frame_init(&how->in->datasets[d].table.frame, DATASETS[d].name);
    }
    return rc;
}

/* Room for the rows of the largest dataset, which is asked for at once: what it has been used for
 * before costs no fresh memory. */
static int room_open(struct room *room, const struct intake *in, struct err *err)
{
    size_t most = 0;
    for (int d = 0; d < DATASET_COUNT; d++) {
        const struct frame *f = &in->datasets[d].table.frame;
        size_t width = 0;
        for (size_t i = 0; i < f->column_count; i++)
            width += column_width(f->columns[i]->type);
        most = f->rows * width > most ? f->rows * width : most;
    }
    return room_for(room, most) ? 0 : err_memory(err);
}

/* With the rows in memory. */
static int pseudonymise_tables(struct pseudonymised *out, struct intake *in, unsigned generations,
                               const struct alias_map *aliases, struct finishing *f,
                               struct err *err)
{
    struct persons persons;
    int rc = -1;
    persons_init(&persons);
    for (int d = 0; d < DATASET_COUNT; d++)
        if (dataset_is_linked(d))
            renumber_rows(aliases, &in->datasets[d].table);
    if (needed_keep(in, generations, f->keys->input, f->threads, &persons.numbers, &f->left_out,
                    err) != 0 ||
        room_open(f->room, in, err) != 0 ||
        map_persons(&persons, in, f->keys->pseudonym, f->room, f->threads, err) != 0 ||
        persons_frame(&out->persons, persons.count, err) != 0)
        goto out;
    f->person_count = persons.count;
    if (finish(out, f, err) != 0)
        goto out;
    rc = 0;
out:
    persons_release(&persons);
    return rc;
}

/* With the rows in a temporary file. */
static int pseudonymise_spilled(struct pseudonymised *out, struct intake *in, unsigned generations,
                                const struct alias_map *aliases, struct finishing *f,
                                struct err *err)
{
    struct number_set needed, numbers;
    struct persons_spilled ids = {0};
    number_set_init(&needed);
    number_set_init(&numbers);
    out->spilled = calloc(DATASET_COUNT, sizeof *out->spilled);
    int rc = out->spilled ? intake_spill_sort(in, aliases, err) : err_memory(err);
    if (rc == 0)
        rc = needed_spilled(in, generations, f->keys->input, f->threads, &needed, &numbers,
                            &f->left_out, err);
    if (rc == 0)
        rc = persons_spilled_rank(&ids, &numbers, f->keys->pseudonym, in->plan, in->spill->file,
                                  f->threads, err);
    if (rc == 0)
        rc = rows_spilled_resolve(out->spilled, in, &needed, &numbers, &ids, f->threads, err);
    if (rc == 0)
        rc = persons_frame(&out->persons, ids.count, err);
    f->person_count = ids.count;
    f->spilled = out->spilled;
    number_set_release(&needed);
    number_set_release(&numbers);
    persons_spilled_release(&ids);
    return rc == 0 ? finish(out, f, err) : -1;
}

int pseudonymise(struct pseudonymised *out, struct intake *in, unsigned generations,
                 const struct pseudonym_keys *keys, unsigned threads, struct err *err)
{
    struct alias_map aliases = {0};
    struct room room = {0};
    struct finishing f = {.in = in, .keys = keys, .threads = threads, .room = &room};
    int rc = -1;
    memset(out, 0, sizeof *out);
    quality_init(&out->quality);
    if (intake_figures(in, &out->quality, err) == 0 &&
        renumber_read(&aliases, in, &out->quality, err) == 0 &&
        renumber_frame(&in->datasets[DATASET_ALIAS].table, keys->pseudonym, err) == 0)
        rc = (in->spill ? pseudonymise_spilled : pseudonymise_tables)(out, in, generations,
                                                                      &aliases, &f, err);
    if (rc == 0)
        quality_sort(&out->quality);
    alias_release(&aliases);
    room_release(&room);
    return rc;
}

static int write_dataset(const struct pseudonymised *p, enum dataset d, const struct sink *to,
                         struct err *err)
{
    return p->spilled && dataset_is_linked((int)d)
               ? rows_spilled_write(&p->spilled[d], &p->datasets[d], to, err)
               : frame_write(&p->datasets[d], to, err);
}

int pseudonymised_write(struct pseudonymised *p, const struct sink *to, struct err *err)
{
    static const enum dataset order[] = {
        DATASET_PERSONNEL,    DATASET_REGISTER, DATASET_NATIONALITY, DATASET_FILIATION,
        DATASET_REGISTRATION, DATASET_ENTITIES, DATASET_COUNTRIES};
    struct frame quality;
    if (frame_write(&p->persons, to, err) != 0)
        return -1;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (write_dataset(p, order[i], to, err) != 0)
            return -1;
        frame_release(&p->datasets[order[i]]);
    }
    if (frame_write(&p->inputs, to, err) != 0)
        return -1;
    frame_init(&quality, "quality");
    int rc = quality_to_frame(&p->quality, &quality, err);
    if (rc == 0)
        rc = frame_write(&quality, to, err);
    frame_release(&quality);
    return rc;
}

void pseudonymised_release(struct pseudonymised *p)
{
    frame_release(&p->persons);
    for (int d = 0; d < DATASET_COUNT; d++) {
        frame_release(&p->datasets[d]);
        if (p->spilled)
            rows_spilled_release(&p->spilled[d]);
    }
    free(p->spilled);
    frame_release(&p->inputs);
    quality_release(&p->quality);
}
