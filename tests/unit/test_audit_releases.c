/* SPDX-License-Identifier: EUPL-1.2 */
/* No false alarm: random releases that are right pass the audit, the thorough one too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_world.h"

enum { RELEASES = 500 };

static void one_release(size_t round, uint32_t *random)
{
    static struct world w;
    struct suppression s;
    struct audit_result result;
    struct err err = {0};
    bool public_head_counts = round % 4 != 3;
    struct disclosure rules = judge_rules(random, public_head_counts);
    struct judge j = {&w, &rules, NULL, round};
    world_draw(&w, random, public_head_counts);
    world_settle(&w, random, 20 + world_random(random, 60), 1 + world_random(random, 6));
    if (suppress(&s, &w.cells, w.counts, &rules, NULL, NULL, 1, &err) != 0)
        judge_fail(&j, 0, err.text);
    char *certificate = audit_world_certificate(&s.proof, &w.cells, s.hidden, w.counts);
    audit_world_publish(&w, &rules, s.hidden, certificate);
    for (int thorough = 0; thorough < 2; thorough++) {
        audit_world_ask(&result, thorough);
        if (!audit_passed(&result)) {
            audit_print(&result);
            judge_fail(&j, 0, "a release that is right is refused");
        }
        audit_result_release(&result);
    }
    free(certificate);
    suppression_release(&s);
    world_release(&w);
}

static void test_right_releases_pass(void **state)
{
    (void)state;
    uint32_t random = 20261122;
    for (size_t i = 0; i < RELEASES; i++)
        one_release(i, &random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_right_releases_pass)};
    return cmocka_run_group_tests(tests, audit_setup, audit_teardown);
}
