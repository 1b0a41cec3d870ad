/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/link.h. */
#include "link/link.h"

#include "io/frame_ahead.h"
#include "link/employment.h"
#include "link/expected.h"
#include "link/facts.h"
#include "link/former.h"
#include "link/history.h"
#include "link/in_force.h"
#include "link/link_spilled.h"
#include "link/parents.h"
#include "link/person_rows.h"
#include "link/register.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void link_frame_wipe(struct frame *f)
{
    for (size_t i = 0; i < f->column_count; i++)
        sodium_memzero(f->columns[i]->cells, f->capacity * column_width(f->columns[i]->type));
    frame_release(f);
}

int link_init(struct link *l, size_t persons, const struct field_set *fields, date reference,
              unsigned threads, struct err *err)
{
    return link_init_within(l, persons, fields, reference, threads, NULL, err);
}

int link_init_within(struct link *l, size_t persons, const struct field_set *fields, date reference,
                     unsigned threads, const struct memory_plan *plan, struct err *err)
{
    memset(l, 0, sizeof *l);
    l->plan = plan;
    l->fields = fields;
    l->reference = reference;
    l->threads = threads;
    if (link_spill_wanted(l, persons, 0))
        return link_spill_open(l, persons, err);
    return people_init(&l->people, persons, fields, reference, err);
}

int link_since(struct link *l, const date *since, size_t count, const struct field_set *groups,
               struct err *err)
{
    l->groups = groups;
    return people_since(&l->people, groups, since, count, err);
}

static void wipe_begins(struct link *l)
{
    if (l->begins)
        sodium_memzero(l->begins, (l->people.count + 1 + l->personnel.rows) * sizeof *l->begins);
    free(l->begins);
    l->begins = NULL;
}

void link_release(struct link *l)
{
    wipe_begins(l);
    people_release(&l->people);
    link_frame_wipe(&l->personnel);
    link_frame_wipe(&l->entities);
    free(l->seen);
    l->seen = NULL;
    link_spill_close(l);
}

/* Takes rows from `first` on, which l->personnel has been given. */
static int take_personnel(struct link *l, size_t first, struct err *err)
{
    if (!person_rows_check_on(&l->personnel, first, &l->last, l->people.count, err))
        return -1;
    const struct column *entity = person_rows_words(&l->personnel, "entity", err);
    if (entity && !l->seen && !(l->seen = calloc((size_t)entity->dictionary.count + 1, 1)))
        return err_memory(err);
    return entity ? in_force_keep(&l->personnel, first, &l->people, l->seen, err) : -1;
}

link_fold link_fold_of(const char *name)
{
    static const struct {
        const char *name;
        link_fold fold;
    } folds[] = {{"register", register_add},
                 {"nationality", history_add},
                 {"filiation", parents_add},
                 {"registration", registration_add}};
    for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++)
        if (strcmp(name, folds[i].name) == 0)
            return folds[i].fold;
    return NULL;
}

int link_add(struct link *l, struct frame *f, struct err *err)
{
    link_fold fold = link_fold_of(f->name);
    bool personnel = strcmp(f->name, "personnel") == 0;
    if (personnel || strcmp(f->name, "entities") == 0) {
        struct frame *to = personnel ? &l->personnel : &l->entities;
        link_frame_wipe(to);
        *to = *f;
        memset(f, 0, sizeof *f);
        return personnel ? take_personnel(l, 0, err) : 0;
    }
    int rc = fold ? fold(&l->people, f, l->threads, err)
                  : err_set(err, ERR_INTERNAL, "link takes no such frame");
    link_frame_wipe(f);
    return rc;
}

/* Rows are taken in as they come, and go again where they are not needed. */
static int read_personnel(struct link *l, const struct source *from, size_t *rows, struct err *err)
{
    size_t left;
    if (frame_open_named(&l->personnel, "personnel", true, &left, from, err) != 0)
        return -1;
    *rows = left;
    if (!l->spill && link_spill_wanted(l, l->people.count, left) &&
        link_spill_open(l, l->people.count, err) != 0)
        return -1;
    if (l->spill)
        return link_spill_personnel(l, left, from, err);
    /* Room is address space, of which only what is used costs memory. */
    struct frame_ahead ahead = {0};
    int rc = frame_reserve(&l->personnel, left, err);
    if (rc == 0)
        rc = frame_ahead_open(&ahead, &l->personnel, left, from, err);
    while (rc == 0 && ahead.left > 0) {
        size_t first = l->personnel.rows;
        rc = frame_ahead_read(&ahead, &l->personnel, err);
        if (rc == 0)
            rc = take_personnel(l, first, err);
    }
    frame_ahead_close(&ahead);
    if (rc == 0 && *rows == 0)
        rc = take_personnel(l, 0, err);
    frame_trim(&l->personnel);
    return rc;
}

/* How many rows of a piece belong to people all of whose rows are there: all of them if nothing
 * follows, else all but the last person's. */
static size_t whole_people(const struct frame *f, const uint32_t *person, size_t left)
{
    size_t whole = f->rows;
    while (left > 0 && whole > 0 && person[whole - 1] == person[f->rows - 1])
        whole--;
    return whole;
}

int link_fold_piece(struct link *l, struct frame *f, size_t left, link_fold fold, struct err *err)
{
    const uint32_t *person = person_rows_check(f, l->people.count, err);
    if (!person)
        return -1;
    size_t rows = f->rows, whole = whole_people(f, person, left);
    f->rows = whole;
    int rc = fold(&l->people, f, l->threads, err);
    f->rows = rows;
    frame_drop(f, whole);
    return rc;
}

static int read_pieces(struct link *l, const char *name, const struct source *from, size_t *rows,
                       link_fold fold, struct err *err)
{
    struct frame f;
    struct frame_ahead ahead = {0};
    bool narrow = fold == register_add; /* it takes codes of any width */
    int rc = frame_open_named(&f, name, narrow, rows, from, err);
    if (rc == 0)
        rc = frame_ahead_open(&ahead, &f, *rows, from, err);
    do {
        size_t before = ahead.left; /* what a person has too many rows for is no piece yet */
        while (rc == 0 && ahead.left > 0 && (f.rows < LINK_PIECE_ROWS || ahead.left == before))
            rc = frame_ahead_read(&ahead, &f, err);
        if (rc == 0)
            rc = link_fold_piece(l, &f, ahead.left, fold, err);
    } while (rc == 0 && ahead.left > 0);
    frame_ahead_close(&ahead);
    link_frame_wipe(&f);
    return rc;
}

int link_read(struct link *l, const char *name, const struct source *from, size_t *rows,
              struct err *err)
{
    link_fold fold = link_fold_of(name);
    struct frame f;
    if (strcmp(name, "personnel") == 0)
        return read_personnel(l, from, rows, err);
    if (fold && l->spill)
        return link_spill_read(l, name, from, rows, err);
    if (fold)
        return read_pieces(l, name, from, rows, fold, err);
    if (frame_read_named(&f, name, from, err) != 0)
        return -1;
    *rows = f.rows;
    return link_add(l, &f, err);
}

int link_check_entities(const struct link *l, const struct employments *e, const uint32_t *row_of,
                        struct err *err)
{
    const struct column *entity = frame_find(&l->personnel, "entity");
    for (size_t i = 0; i < e->count; i++)
        if (row_of[column_get(entity, e->rows[i])] == 0)
            return err_set(err, ERR_DATA,
                           "frame personnel: an entity that is not valid at the reference date");
    return 0;
}

static int add_figures(struct quality *q, const struct link *l, const struct facts_counts *n,
                       struct err *err)
{
    const struct people *p = &l->people;
    const struct {
        bool computed;
        const char *check, *of;
        uint64_t count;
    } figures[] = {
        {true, "persons", "", n->persons},
        {true, "linked", "persons", n->linked},
        {true, "several_employments", "persons", n->several_employments},
        {true, "differing", "persons", n->differing},
        {p->first || p->current, "dual", "persons", n->dual},
        {p->first, "unknown_first", "persons", n->unknown_first},
        {p->current, "unknown_current", "persons", n->unknown_current},
        {p->parents, "unknown_parent", "persons", n->unknown_parent},
        {p->birth, "birth_date_differs", "persons", n->birth_date_differs},
        {p->sex, "sex_differs", "persons", n->sex_differs},
        {p->parents, "parent_links", "", n->parents.links},
        {p->parents, "parent_self", "parent_links", n->parents.self},
        {p->parents, "parent_same", "parent_links", n->parents.same},
        {p->parents, "parent_age", "parent_links", n->parents.age},
    };
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        if (figures[i].computed &&
            quality_add(q, "link", figures[i].check, figures[i].of, figures[i].count, err) != 0)
            return -1;
    return 0;
}

uint32_t *link_begin_of(const struct link *l, const struct employments *e, uint32_t row)
{
    return &l->begins[e->person[row] ? e->person[row] : l->people.count + 1 + row];
}

int link_note_begins(struct link *l, const struct employments *e, struct err *err)
{
    l->begins = calloc(l->people.count + 1 + l->personnel.rows, sizeof *l->begins);
    if (!l->begins)
        return err_memory(err);
    for (size_t i = 0; i < e->count; i++)
        if (employment_starts(e, i))
            *link_begin_of(l, e, e->rows[i]) = (uint32_t)i + 1;
    return 0;
}

static int finish_spilled(struct link *l, struct frame *facts, struct frame *entities,
                          struct quality *q, struct err *err)
{
    struct facts_counts counts = {0};
    uint32_t *row_of = NULL;
    int rc =
        expected_entities(entities, &row_of, &l->entities,
                          &link_spill_words(l, "entity")->dictionary, l->seen, l->reference, err);
    if (rc == 0)
        rc = link_spill_finish(l, row_of, &counts, err);
    if (rc == 0)
        rc = add_figures(q, l, &counts, err);
    link_spill_take(l, 0, facts);
    free(row_of);
    return rc;
}

int link_finish(struct link *l, struct frame *facts, struct frame *entities, struct quality *q,
                struct err *err)
{
    struct employments e = {0};
    struct facts_counts counts;
    uint32_t *row_of = NULL;
    int rc = -1;
    frame_init(facts, "facts");
    frame_init(entities, "entities");
    if (l->spill)
        return finish_spilled(l, facts, entities, q, err);
    const uint32_t *person = person_rows_check(&l->personnel, l->people.count, err);
    if (!person || employment_select(&e, &l->personnel, person, l->reference, l->threads, err) != 0)
        goto out;
    if (expected_entities(entities, &row_of, &l->entities,
                          &frame_find(&l->personnel, "entity")->dictionary, l->seen, l->reference,
                          err) != 0 ||
        link_check_entities(l, &e, row_of, err) != 0)
        goto out;
    if (facts_fill(facts, &counts, &l->people, 0, &l->personnel, &e, l->fields, l->threads, err) !=
        0)
        goto out;
    if (l->people.since_count > 0 && link_note_begins(l, &e, err) != 0)
        goto out;
    rc = add_figures(q, l, &counts, err);
out:
    free(row_of);
    employments_release(&e);
    return rc;
}

int link_then(struct link *l, size_t i, struct frame *then, struct err *err)
{
    struct employments e = {0};
    struct facts_counts unused;
    int rc = -1;
    frame_init(then, "then");
    if (l->spill) {
        link_spill_take(l, 1 + i, then);
        return 0;
    }
    const uint32_t *person = person_rows_check(&l->personnel, l->people.count, err);
    if (!person || employment_select(&e, &l->personnel, person, people_day(&l->people, 1 + i),
                                     l->threads, err) != 0)
        goto out;
    if (facts_fill(then, &unused, &l->people, 1 + i, &l->personnel, &e, l->groups, l->threads,
                   err) != 0)
        goto out;
    struct column *now = frame_add(then, "now", COLUMN_U32, err);
    if (!now)
        goto out;
    for (size_t row = 0; row < e.count; row++)
        column_set(now, row, *link_begin_of(l, &e, e.rows[row]));
    rc = 0;
out:
    employments_release(&e);
    return rc;
}

int link_write(struct link *l, size_t day, const struct frame *f, const struct sink *to,
               struct err *err)
{
    return l->spill ? link_spill_write(l, day, f, to, err) : frame_write(f, to, err);
}

int link_former(const struct link *l, struct frame *former, struct err *err)
{
    frame_init(former, "former");
    return former_entities(former, &l->entities, l->reference, l->people.since,
                           l->people.since_count, err);
}
