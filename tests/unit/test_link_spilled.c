/* SPDX-License-Identifier: EUPL-1.2 */
/* Linking in little memory: however small the partitions, facts, earlier dates and figures have the
 * bytes that they have when everything is in memory. */
#include "base/text.h"
#include "link/link.h"
#include "secure/secret.h"

#include "link_stream.h"
#include "link_world.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const NAMES[] = {"personnel", "register",     "nationality",
                                    "filiation", "registration", "entities"};

/* All datasets, as pseudonymise writes them. */
static void write_world(struct stream *s)
{
    static const char *const columns[] = {PERSONNEL, REGISTER,     NATIONALITY,
                                          FILIATION, REGISTRATION, ENTITIES};
    static const char *const entities[] = {"A-1 a A Aa - - -", "A-2 b A Aa - - -",
                                           "A.1 c A Aa - - -", "B d B Bb - - -",
                                           "a e C Cc - - -",   "Silent f C Cc - - -"};
    struct err err;
    memset(s, 0, sizeof *s);
    for (int d = 0; d < 6; d++) {
        struct frame f;
        char line[LINE];
        frame_of(&f, NAMES[d], columns[d]);
        for (size_t i = 0; d < 5 && i < world_rows(d); i++) {
            world_row(d, i, line);
            row(&f, line);
        }
        for (size_t i = 0; d == 5 && i < sizeof entities / sizeof *entities; i++)
            row(&f, entities[i]);
        arrange(&f);
        assert_int_equal(frame_write(&f, &(struct sink){append, &s->bytes}, &err), 0);
        frame_release(&f);
    }
}

struct way {
    const char *fields, *groups;
    size_t dates;
    unsigned threads;
    const struct memory_plan *plan;
};

static int write_results(struct link *l, size_t dates, const struct sink *to, struct err *err)
{
    struct frame facts, entities, q;
    struct quality quality;
    quality_init(&quality);
    frame_init(&q, "quality");
    int rc = link_finish(l, &facts, &entities, &quality, err);
    if (rc == 0)
        rc = link_write(l, 0, &facts, to, err);
    for (size_t i = 0; rc == 0 && i < dates; i++) {
        struct frame then;
        rc = link_then(l, i, &then, err);
        if (rc == 0)
            rc = link_write(l, 1 + i, &then, to, err);
        frame_release(&then);
    }
    if (rc == 0)
        rc = frame_write(&entities, to, err);
    if (rc == 0)
        rc = quality_to_frame(&quality, &q, err) == 0 ? frame_write(&q, to, err) : -1;
    frame_release(&q);
    frame_release(&facts);
    frame_release(&entities);
    quality_release(&quality);
    return rc;
}

static void link_way(struct stream *world_bytes, const struct way *how, struct text *out)
{
    struct field_set fields, groups;
    struct link l;
    struct err err = {.kind = ERR_NONE};
    const date since[] = {day("1999-05-04"), day("2010-02-28")};
    size_t rows;
    world_bytes->at = 0;
    fields_of(&fields, how->fields);
    fields_of(&groups, how->groups);
    text_init(out);
    int rc = link_init_within(&l, PERSONS, &fields, day(REFERENCE), how->threads, how->plan, &err);
    if (rc == 0 && how->dates > 0)
        rc = link_since(&l, since, how->dates, &groups, &err);
    for (size_t d = 0; rc == 0 && d < 6; d++)
        rc = link_read(&l, NAMES[d], &(struct source){get, world_bytes}, &rows, &err);
    assert_int_equal(l.spill != NULL, how->plan != NULL);
    if (rc == 0)
        rc = write_results(&l, how->dates, &(struct sink){append, out}, &err);
    if (rc != 0)
        fail_msg("%s", err.text);
    link_release(&l);
}

static void every_partition_gives_the_same_bytes(void **state)
{
    static const char *const fields[] = {
        "entity employment fte start_date end_date age sex linked own_current own_first "
        "parent1_first parent2_first grandparent1_first grandparent2_first grandparent3_first "
        "grandparent4_first attribute.level registered_disability",
        "age sex own_first parent1_first parent2_first attribute.level", "sex own_current"};
    static const char *const groups[] = {"age sex registered_disability own_current", "age sex",
                                         "sex own_current"};
    char folder[] = "/tmp/herkomst.XXXXXX";
    (void)state;
    assert_non_null(mkdtemp(folder));
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct stream s;
        make_world(seed);
        write_world(&s);
        for (size_t f = 0; f < 3; f++) {
            struct text plain;
            struct way way = {fields[f], groups[f], seed % 3, 2, NULL};
            link_way(&s, &way, &plain);
            for (unsigned round = 0; round < 4; round++) {
                struct text spilled;
                /* Everything at personnel's sight (whole), and from the beginning (0). */
                const struct memory_plan plan = {.folder = folder,
                                                 .whole = round % 2 ? 50000 : 0,
                                                 .partition = 200 + dice(60000),
                                                 .buffers = dice(50000)};
                way.plan = &plan;
                way.threads = 1 + round;
                link_way(&s, &way, &spilled);
                assert_int_equal(plain.length, spilled.length);
                assert_memory_equal(plain.bytes, spilled.bytes, plain.length);
                text_release(&spilled);
            }
            text_release(&plain);
        }
        text_release(&s.bytes);
    }
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_partition_gives_the_same_bytes),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
