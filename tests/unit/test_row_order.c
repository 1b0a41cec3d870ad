/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows in their order, against a plain sort of row numbers by person_rows_compare: columns of every
 * width, columns whose cells are all the same, people with many rows, gaps that duplicates leave in
 * several ranges of ids, any number of threads; and that every row that stays is shown once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/person_rows.h"
#include "link/row_order.h"

#include <stdlib.h>
#include <string.h>

enum { IDS = 50000 }; /* several ranges */

static const enum column_type TYPES[] = {COLUMN_I32, COLUMN_U8,  COLUMN_U32,    COLUMN_U16,
                                         COLUMN_I32, COLUMN_U64, COLUMN_BYTES16};
enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES, PERSON = 2 };

static uint32_t dice(uint32_t sides)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20) % sides;
}

/* few: how many values there are, besides 0; the fifth column has one for all rows. */
static void random_frame(struct frame *f, size_t rows, uint32_t ids, uint32_t few)
{
    frame_init(f, "f");
    for (size_t c = 0; c < TYPE_COUNT; c++) {
        char name[] = {(char)('a' + c), '\0'};
        assert_non_null(frame_add(f, name, TYPES[c], NULL));
    }
    assert_int_equal(frame_resize(f, rows, NULL), 0);
    for (size_t row = 0; row < rows; row++)
        for (size_t c = 0; c < TYPE_COUNT; c++) {
            size_t width = column_width(TYPES[c]);
            uint8_t *cell = (uint8_t *)f->columns[c]->cells + row * width;
            uint32_t id = dice(50) ? dice(ids + 1) : 7;
            if (c == PERSON)
                memcpy(cell, &id, sizeof id);
            else
                memset(cell, c == 4 ? 9 : (int)(dice(few) * 255 / few), width);
        }
}

static int by_person(const void *a, const void *b, void *frame)
{
    const uint32_t *person = ((struct frame *)frame)->columns[PERSON]->cells;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (person[x] != person[y])
        return person[x] < person[y] ? -1 : 1;
    return person_rows_compare(frame, x, y);
}

static int by_content(const void *a, const void *b, void *frame)
{
    return person_rows_compare(frame, *(const uint32_t *)a, *(const uint32_t *)b);
}

/* The plain way; returns how many rows were there twice. */
static uint64_t order_plainly(struct frame *f, bool persons, bool keep_unlinked)
{
    uint32_t *order = calloc(f->rows + 1, sizeof *order);
    const uint32_t *person = f->columns[PERSON]->cells;
    size_t kept = 0, rows = f->rows;
    assert_non_null(order);
    for (size_t i = 0; i < rows; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, rows, sizeof *order, persons ? by_person : by_content, f);
    for (size_t i = 0; i < rows; i++)
        if (kept == 0 || (keep_unlinked && person[order[i]] == 0) ||
            person_rows_compare(f, order[kept - 1], order[i]) != 0)
            order[kept++] = order[i];
    assert_int_equal(frame_select(f, order, kept, NULL), 0);
    free(order);
    return rows - kept;
}

static void assert_same(const struct frame *a, const struct frame *b)
{
    assert_int_equal(a->rows, b->rows);
    for (size_t c = 0; c < TYPE_COUNT; c++)
        assert_memory_equal(a->columns[c]->cells, b->columns[c]->cells,
                            a->rows * column_width(TYPES[c]));
}

static void check(size_t rows, uint32_t ids, uint32_t few, bool persons, bool keep_unlinked,
                  unsigned threads)
{
    static struct room room; /* the same for all, as for the datasets of a run */
    struct frame f, plain;
    struct err err;
    uint64_t duplicates;
    random_frame(&f, rows, ids, few);
    frame_init(&plain, "f");
    for (size_t c = 0; c < TYPE_COUNT; c++)
        assert_non_null(frame_add(&plain, f.columns[c]->name, TYPES[c], NULL));
    assert_int_equal(frame_resize(&plain, rows, NULL), 0);
    for (size_t c = 0; c < TYPE_COUNT; c++)
        memcpy(plain.columns[c]->cells, f.columns[c]->cells, rows * column_width(TYPES[c]));
    const struct row_order how = {persons ? f.columns[PERSON] : NULL, ids, keep_unlinked, threads,
                                  &room};
    assert_int_equal(rows_order(&f, &how, &duplicates, &err), 0);
    assert_int_equal(duplicates, order_plainly(&plain, persons, keep_unlinked));
    assert_same(&f, &plain);
    frame_release(&f);
    frame_release(&plain);
    if (rows == 0)
        room_release(&room);
}

static void test_order_is_that_of_a_plain_sort(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 3; threads++) {
        check(60000, IDS, 2, true, false, threads); /* many duplicates */
        check(60000, IDS, 200, true, true, threads);
        check(3000, 20, 2, true, true, threads);
        check(3000, 20, 2, true, false, threads);
        check(3000, 20, 1, false, false, threads); /* by content alone */
        check(3, 1, 1, true, false, threads);
        check(1, 1, 1, true, false, threads);
        check(0, 1, 1, true, false, threads);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order_is_that_of_a_plain_sort)};
    return cmocka_run_group_tests_name("row_order", tests, NULL, NULL);
}
