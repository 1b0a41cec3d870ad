/* SPDX-License-Identifier: EUPL-1.2 */
/* derive (link/derive.h) between two streams, and what it wrote put together again. */
#ifndef HERKOMST_TESTS_DERIVE_STREAM_H
#define HERKOMST_TESTS_DERIVE_STREAM_H

#include "io/frame_pieces.h"
#include "link/derive.h"
#include "link_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

/* Frames of linked.zone, and in the stream those of facts. */
struct derive_frames {
    struct frame entities, countries, since, former;
    struct stream facts;
};

/* Empty, with the columns that are needed. */
static inline void derive_frames_open(struct derive_frames *in)
{
    static const char *const of_entity[] = {"entity", "name", "domain", "domain_name"};
    static const char *const of_former[] = {"entity", "domain", "successor"};
    struct err err;
    frame_init(&in->entities, "entities");
    frame_init(&in->countries, "countries");
    frame_init(&in->since, "since");
    frame_init(&in->former, "former");
    for (size_t i = 0; i < 4; i++)
        assert_non_null(frame_add_coded(&in->entities, of_entity[i], &err));
    assert_non_null(frame_add(&in->entities, "delivered", COLUMN_U8, &err));
    assert_non_null(frame_add_coded(&in->countries, "iso", &err));
    assert_non_null(frame_add_coded(&in->countries, "group", &err));
    assert_non_null(frame_add(&in->countries, "eu_from", COLUMN_I32, &err));
    assert_non_null(frame_add(&in->countries, "eu_to", COLUMN_I32, &err));
    for (size_t i = 0; i < 3; i++)
        assert_non_null(frame_add_coded(&in->former, of_former[i], &err));
    assert_non_null(frame_add(&in->former, "valid_then", COLUMN_U8, &err));
    assert_non_null(frame_add(&in->since, "date", COLUMN_I32, &err));
    text_init(&in->facts.bytes);
}

static inline void derive_add_entity(struct derive_frames *in, const char *entity,
                                     const char *domain, bool delivered)
{
    size_t row = frame_append(&in->entities, NULL);
    assert_int_not_equal(row, SIZE_MAX);
    for (size_t i = 0; i < 4; i++) {
        const char *word = i < 2 ? entity : domain;
        assert_int_equal(column_put_word(in->entities.columns[i], row, word, strlen(word), NULL),
                         0);
    }
    column_set(in->entities.columns[4], row, delivered);
}

/* Writes to `out`. With no plan: the least memory, and so many threads. No file is left. */
static inline int derive_into(struct text *out, const struct config *c, struct derive_frames *in,
                              const struct memory_plan *within, unsigned threads,
                              struct rules *rules, struct quality *q, struct err *err)
{
    char folder[] = "/tmp/herkomst-derive-XXXXXX";
    struct memory_plan plan;
    uint64_t rows = 0;
    assert_non_null(mkdtemp(folder));
    memory_plan_make(&plan, MEMORY_LEAST, threads, folder);
    if (within)
        plan = *within;
    plan.folder = folder;
    plan.threads = threads;
    memset(err, 0, sizeof *err);
    in->facts.at = 0;
    const struct source from = {get, &in->facts};
    const struct sink to = {append, out};
    const struct derive_input input = {&in->entities, &in->countries, &in->since,
                                       &in->former,   &from,          &plan};
    int rc = derive(c, &input, rules, &to, &rows, q, err);
    assert_int_equal(rmdir(folder), 0);
    if (rc == 0)
        assert_int_equal(in->facts.at, in->facts.bytes.length);
    return rc;
}

/* All pieces of a frame as one. */
static inline void join_pieces(struct frame *all, const char *name, const struct source *from)
{
    struct err err;
    bool more = true;
    for (bool first = true; more; first = false) {
        struct frame f;
        if (frame_pieces_read(&f, name, from, &err) != 0)
            fail_msg("%s", err.text);
        more = f.rows == FRAME_BLOCK_ROWS;
        if (first) {
            *all = f;
            continue;
        }
        size_t at = all->rows;
        assert_int_equal(f.column_count, all->column_count);
        assert_int_equal(frame_resize(all, at + f.rows, &err), 0);
        for (size_t i = 0; i < f.column_count; i++) {
            size_t width = column_width(f.columns[i]->type);
            assert_string_equal(f.columns[i]->name, all->columns[i]->name);
            memcpy((char *)all->columns[i]->cells + at * width, f.columns[i]->cells,
                   f.rows * width);
        }
        frame_release(&f);
    }
}

/* What derive_into wrote; rules are those that derive gave, and the written ones must be the same
 * once they have what the frame `unknown` says. */
static inline void read_derived(const struct text *bytes, const struct rules *rules,
                                struct frame *rows, struct frame *moves)
{
    struct stream s = {*bytes, 0};
    const struct source from = {get, &s};
    struct frame f;
    struct rules written;
    struct text same, expected;
    struct err err;
    assert_int_equal(frame_read_named(&f, "rules", &from, &err), 0);
    assert_int_equal(rules_from_frame(&written, &f, &err), 0);
    frame_release(&f);
    join_pieces(rows, "rows", &from);
    assert_int_equal(frame_read_named(&f, "unknown", &from, &err), 0);
    assert_int_equal(rules_add_unknown(&written, &f, &err), 0);
    frame_release(&f);
    text_init(&same);
    text_init(&expected);
    assert_int_equal(rules_write_json(&written, &same, &err), 0);
    assert_int_equal(rules_write_json(rules, &expected, &err), 0);
    assert_string_equal(same.bytes, expected.bytes);
    text_release(&same);
    text_release(&expected);
    rules_release(&written);
    assert_int_equal(frame_read_named(&f, "since", &from, &err), 0);
    frame_release(&f);
    join_pieces(moves, "moves", &from);
    assert_int_equal(s.at, bytes->length);
}

static inline void derive_frames_release(struct derive_frames *in)
{
    frame_release(&in->entities);
    frame_release(&in->countries);
    frame_release(&in->since);
    frame_release(&in->former);
    text_release(&in->facts.bytes);
}

#endif
