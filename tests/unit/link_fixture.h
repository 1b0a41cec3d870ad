/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The link of a made-up population (link_world.h): its rows added, in any order, and what comes
 * out, as text and as bytes.
 */
#ifndef HERKOMST_TESTS_LINK_FIXTURE_H
#define HERKOMST_TESTS_LINK_FIXTURE_H

#include "base/text.h"
#include "link/link.h"

#include "link_stream.h"
#include "link_world.h"

#define ALL_FIELDS                                                                                \
    "entity domain employment fte start_date end_date reference_date age sex linked own_current " \
    "own_first parent1_first parent2_first grandparent1_first grandparent2_first "                \
    "grandparent3_first grandparent4_first attribute.level registered_disability "                \
    "registered_nobody"

struct result {
    struct frame facts, entities;
    struct quality quality;
};

/* Any order of 0 .. n - 1. */
static inline void shuffle(size_t *order, size_t n, bool really)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; really && i > 1; i--) {
        size_t k = dice((unsigned)i), swap = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swap;
    }
}

static inline void open_link_at(struct link *l, const struct field_set *fields,
                                const char *reference, unsigned threads)
{
    struct err err;
    assert_int_equal(link_init(l, PERSONS, fields, day(reference), threads, &err), 0);
}

static inline void open_link(struct link *l, const struct field_set *fields, unsigned threads)
{
    open_link_at(l, fields, REFERENCE, threads);
}

static inline void add_entity_rows(struct link *l, const char *const *rows)
{
    struct frame f;
    struct err err;
    frame_of(&f, "entities", ENTITIES);
    for (size_t i = 0; rows[i]; i++)
        row(&f, rows[i]);
    arrange(&f);
    assert_int_equal(link_add(l, &f, &err), 0);
}

static inline void add_entities(struct link *l)
{
    static const char *const rows[] = {"A-1 Eerste A Aa - - -",
                                       "A-2 Oude A Aa - 2016-12-31 -",
                                       "A-2 Tweede A Aa 2017-01-01 2017-12-31 -",
                                       "A.1 Derde A Aa 2017-12-31 - -",
                                       "B Vierde B Bb - 2018-01-01 -",
                                       "a Vijfde C Cc - - -",
                                       "Gone Weg D Dd - 2017-12-30 B",
                                       "New Nieuw E Ee 2018-01-01 - -",
                                       "Silent Stil C Cc - - -",
                                       NULL};
    add_entity_rows(l, rows);
}

static inline void add_world(struct link *l, bool shuffled)
{
    static const char *const names[] = {"personnel", "register", "nationality", "filiation",
                                        "registration"};
    static const char *const columns[] = {PERSONNEL, REGISTER, NATIONALITY, FILIATION,
                                          REGISTRATION};
    static size_t order[ROWS_MOST];
    struct err err;
    for (int d = 0; d < 5; d++) {
        struct frame f;
        char line[LINE];
        frame_of(&f, names[d], columns[d]);
        shuffle(order, world_rows(d), shuffled);
        for (size_t i = 0; i < world_rows(d); i++) {
            world_row(d, order[i], line);
            row(&f, line);
        }
        arrange(&f);
        assert_int_equal(link_add(l, &f, &err), 0);
        assert_int_equal(f.column_count, 0);
    }
}

static inline void link_world(struct result *out, const struct field_set *fields, unsigned threads,
                              bool shuffled)
{
    struct link l;
    struct err err;
    open_link(&l, fields, threads);
    add_world(&l, shuffled);
    add_entities(&l);
    quality_init(&out->quality);
    if (link_finish(&l, &out->facts, &out->entities, &out->quality, &err) != 0)
        fail_msg("%s", err.text);
    link_release(&l);
}

static inline void result_release(struct result *r)
{
    frame_release(&r->facts);
    frame_release(&r->entities);
    quality_release(&r->quality);
}

static inline void cell_text(char *line, size_t size, const struct column *c, size_t i)
{
    char iso[DATE_TEXT];
    size_t used = strlen(line);
    bool is_date = strstr(c->name, "date") != NULL;
    line += used;
    size -= used;
    if (c->coded)
        (void)snprintf(line, size, " %s", column_word(c, i) ? column_word(c, i) : "-");
    else if (c->type == COLUMN_I32 && column_i32(c, i) == DATE_NONE)
        (void)snprintf(line, size, " -");
    else if (is_date)
        (void)snprintf(line, size, " %s", date_iso(column_i32(c, i), iso));
    else if (c->type == COLUMN_I32)
        (void)snprintf(line, size, " %d", column_i32(c, i));
    else
        (void)snprintf(line, size, " %u", (unsigned)column_get(c, i));
}

static inline void result_bytes(struct text *t, struct result *r)
{
    struct sink sink = {append, t};
    struct err err;
    struct frame q;
    text_init(t);
    assert_int_equal(frame_write(&r->facts, &sink, &err), 0);
    assert_int_equal(frame_write(&r->entities, &sink, &err), 0);
    frame_init(&q, "quality");
    assert_int_equal(quality_to_frame(&r->quality, &q, &err), 0);
    assert_int_equal(frame_write(&q, &sink, &err), 0);
    frame_release(&q);
}

#endif
