/* SPDX-License-Identifier: EUPL-1.2 */
/* Quality figures: adding, order, and the way through a frame. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "io/quality.h"
#include "secure_test.h"

static void adding(void **state)
{
    struct quality q;
    struct err err;
    (void)state;
    quality_init(&q);
    assert_int_equal(quality_add(&q, "register", "rows", "", 3, &err), 0);
    assert_int_equal(quality_add(&q, "register", "rows", NULL, 4, &err), 0);
    assert_int_equal(quality_add(&q, "register", "linked", "rows", 0, &err), 0);
    assert_int_equal(quality_add(&q, "personnel", "rows", "", 1, &err), 0);
    assert_int_equal(q.count, 3);
    assert_int_equal(quality_get(&q, "register", "rows"), 7);
    assert_int_equal(quality_get(&q, "register", "linked"), 0);
    assert_int_equal(quality_get(&q, "personnel", "linked"), 0);
    /* One figure cannot be part of two, and does not overflow. */
    assert_int_equal(quality_add(&q, "register", "linked", "persons", 1, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_int_equal(quality_add(&q, "register", "rows", "", UINT64_MAX, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    char name[FRAME_NAME + 1];
    memset(name, 'x', FRAME_NAME);
    name[FRAME_NAME] = '\0';
    assert_int_equal(quality_add(&q, name, "rows", "", 1, &err), -1);
    assert_int_equal(quality_add(&q, "register", name, "", 1, &err), -1);
    assert_int_equal(quality_add(&q, "register", "x", name, 1, &err), -1);
    quality_release(&q);
    assert_int_equal(q.count, 0);
}

static void sorted(void **state)
{
    struct quality q;
    struct err err;
    (void)state;
    quality_init(&q);
    const char *const names[][2] = {{"b", "y"}, {"a", "z"}, {"b", "x"}, {"a", "rows"}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(quality_add(&q, names[i][0], names[i][1], "", i, &err), 0);
    quality_sort(&q);
    assert_string_equal(q.figures[0].check, "rows");
    assert_string_equal(q.figures[1].check, "z");
    assert_string_equal(q.figures[2].check, "x");
    assert_int_equal(q.figures[2].count, 2);
    assert_string_equal(q.figures[3].check, "y");
    quality_release(&q);
}

static void through_a_frame(void **state)
{
    struct quality a, b;
    struct frame f;
    struct err err;
    (void)state;
    quality_init(&a);
    quality_init(&b);
    for (unsigned i = 0; i < 100; i++) {
        char check[16];
        (void)snprintf(check, sizeof check, "check%u", (i * 37) % 100);
        assert_int_equal(quality_add(&a, i % 2 ? "register" : "personnel", check,
                                     i % 3 ? "" : "persons", i * 1000003ULL, &err),
                         0);
    }
    assert_int_equal(quality_to_frame(&a, &f, &err), 0);
    assert_string_equal(f.name, "quality");
    assert_int_equal(f.rows, 100);
    assert_int_equal(quality_from_frame(&b, &f, &err), 0);
    quality_sort(&a);
    assert_int_equal(b.count, 100); /* the frame is in order, whatever order figures came in */
    assert_memory_equal(a.figures, b.figures, 100 * sizeof *a.figures);
    assert_int_equal(quality_from_frame(&b, &f, &err), 0); /* figures add up */
    assert_int_equal(quality_get(&b, "register", "check37"), 2 * 1000003);
    frame_release(&f);
    quality_release(&a);
    quality_release(&b);
}

static void damaged_frames(void **state)
{
    struct quality q;
    struct frame f;
    struct err err;
    (void)state;
    quality_init(&q);
    frame_init(&f, "quality");
    assert_int_equal(quality_from_frame(&q, &f, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(frame_add(&f, "dataset", COLUMN_U32, &err));
    assert_non_null(frame_add_coded(&f, "check", &err));
    assert_non_null(frame_add_coded(&f, "of", &err));
    assert_non_null(frame_add(&f, "count", COLUMN_U64, &err));
    assert_int_equal(quality_from_frame(&q, &f, &err), -1); /* dataset is not text */
    assert_int_equal(err.kind, ERR_DATA);
    f.columns[0]->coded = true;
    assert_int_equal(quality_from_frame(&q, &f, &err), 0);
    assert_int_equal(frame_resize(&f, 1, &err), 0);
    assert_int_equal(quality_from_frame(&q, &f, &err), -1); /* a figure without a name */
    assert_int_equal(err.kind, ERR_DATA);
    frame_release(&f);
    quality_release(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding),
        cmocka_unit_test(sorted),
        cmocka_unit_test(through_a_frame),
        cmocka_unit_test(damaged_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
