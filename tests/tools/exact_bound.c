/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * exact_bound [--rules z0|z1|own] [--cells] [--name NAME] [--effort N] [--nodes N] [--header]
 *             INSTANCE
 *
 * How good is the engine's pattern? Finds the cheapest pattern of the model in
 * tests/bench/attack_cuts.h by cuts, or as good a lower bound as the effort allows (--effort:
 * million simplex iterations in search of cuts; --nodes: of branch and bound), and prints one line,
 * tabs between:
 *
 *     instance rules bound best engine proven cuts effort seconds
 *
 * A cell costs max(count, 1), as in the engine; with --cells 1, so that the pattern of the fewest
 * cells is looked for, whatever they count. bound: no protected pattern costs less besides the
 * unsafe cells, whole problem, whatever is hidden. best: the cheapest pattern known that the proof
 * (sdc/prove.h) accepts in whole numbers: the engine's, or the model's. proven: best = bound, so
 * that best is the optimum. Linear programmes are solved in double precision and their optimum is
 * taken 1e-6 lower; the cuts themselves are exact.
 */
#include "../bench/attack_cuts.h"
#include "../bench/cut_master.h"
#include "../bench/instance_system.h"

#include "sdc/primary.h"
#include "sdc/prove.h"
#include "sdc/suppress.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Fractional solutions are cut until this little is broken, or the bound has grown by less than
 * this in as many rounds. */
static const double SLACK = 0.02, WHOLE_SLACK = 1e-4, GROWTH = 0.5, NEAR = 1e-6;
enum { GROWTH_ROUNDS = 8 };

static struct options {
    const char *rules, *name, *instance;
    unsigned long effort, nodes;
    bool cells, header;
} options = {.rules = "z0", .effort = 2, .nodes = 10000};

struct bounding {
    struct instance_system system;
    uint8_t *unsafe, *hidden; /* per cell; hidden: room for a pattern */
    int64_t *costs, *view_counts;
    struct attack *attack;
    struct cut_master master;
    int64_t engine, best;
    double bound; /* greatest so far */
    uint64_t effort;
    size_t cuts;
    double seconds; /* of the search for the bound */
};

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int bounding_open(struct bounding *b, struct err *err)
{
    struct instance_system *s = &b->system;
    if (instance_system_read(s, options.instance, options.rules, err) != 0)
        return -1;
    size_t n = s->cells.count + 1;
    b->unsafe = calloc(n, 1);
    b->hidden = calloc(n, 1);
    b->costs = calloc(n, sizeof *b->costs);
    b->view_counts = calloc(n, sizeof *b->view_counts);
    if (!b->unsafe || !b->hidden || !b->costs || !b->view_counts)
        return err_memory(err);
    for (size_t i = 0; i < s->cells.count; i++)
        b->costs[i] = s->counts[i] > 1 && !options.cells ? s->counts[i] : 1;
    return primary_find(b->unsafe, &s->cells, s->counts, &s->rules, NULL, err);
}

static void bounding_close(struct bounding *b)
{
    instance_system_release(&b->system);
    free(b->unsafe);
    free(b->hidden);
    free(b->costs);
    free(b->view_counts);
}

static int64_t pattern_cost(const struct bounding *b, const uint8_t *hidden)
{
    int64_t cost = 0;
    for (size_t i = 0; i < b->system.cells.count; i++)
        cost += hidden[i] && !b->unsafe[i] ? b->costs[i] : 0;
    return cost;
}

static int run_engine(struct bounding *b, struct err *err)
{
    struct suppression s;
    if (suppress(&s, &b->system.cells, b->system.counts, &b->system.rules, NULL, NULL, 1, err) != 0)
        return -1;
    if (s.proof.unprotected)
        err_set(err, ERR_INTERNAL, "the engine's pattern is not protected");
    b->best = b->engine = pattern_cost(b, s.hidden);
    int rc = s.proof.unprotected ? -1 : 0;
    suppression_release(&s);
    return rc;
}

static bool effort_left(const struct bounding *b)
{
    return attack_effort(b->attack) < options.effort * 1000000 && b->master.nodes < options.nodes;
}

/* Adds the cuts that the master's solution breaks; *count of them. */
static int add_cuts(struct bounding *b, double slack, size_t *count, struct err *err)
{
    *count = 0;
    attack_weigh(b->attack, b->master.x);
    for (uint32_t i = 0; i < b->system.cells.count && effort_left(b); i++) {
        struct cut cuts[2] = {{0, NULL, NULL}, {0, NULL, NULL}};
        size_t found = 0;
        int rc = b->unsafe[i] ? attack_find(b->attack, i, slack, cuts, &found, err) : 0;
        for (size_t k = 0; k < found; k++) {
            bool is_new = false;
            rc = rc == 0 ? master_add(&b->master, &cuts[k], &is_new, err) : rc;
            *count += is_new;
            cut_release(&cuts[k]);
        }
        if (rc != 0)
            return -1;
    }
    return 0;
}

static void raise_bound(struct bounding *b)
{
    b->bound = fmax(b->bound, b->master.bound);
}

/* Rounds of cuts and fractional solutions. */
static int cut_fractional(struct bounding *b, struct err *err)
{
    double before = -HUGE_VAL;
    size_t count = 1;
    for (int round = 0; count && effort_left(b); round++) {
        if (round % GROWTH_ROUNDS == GROWTH_ROUNDS - 1) {
            if (b->master.bound < before + GROWTH)
                return 0;
            before = b->master.bound;
        }
        if (add_cuts(b, SLACK, &count, err) != 0 || master_solve(&b->master, err) != 0)
            return -1;
        raise_bound(b);
    }
    return 0;
}

/* Cuts and whole solutions, until none is broken, the bound has met the best pattern, or the effort
 * is used up. */
static int cut_whole(struct bounding *b, struct err *err)
{
    size_t count = 1;
    while (count && effort_left(b) && ceil(b->bound - NEAR) < (double)b->best) {
        if (master_solve_whole(&b->master, b->best, options.nodes, err) != 0)
            return -1;
        raise_bound(b);
        if (add_cuts(b, WHOLE_SLACK, &count, err) != 0 ||
            (count && effort_left(b) && master_solve(&b->master, err) != 0))
            return -1;
    }
    return 0;
}

static int search_bound(struct bounding *b, struct err *err)
{
    const struct cells *c = &b->system.cells;
    if (attack_open(&b->attack, &b->system, b->unsafe, err) != 0 ||
        master_open(&b->master, c->count, b->costs, err) != 0 || cut_fractional(b, err) != 0 ||
        cut_whole(b, err) != 0)
        return -1;
    for (size_t i = 0; i < c->count; i++)
        b->hidden[i] =
            b->unsafe[i] || b->master.x[i] > 0.5 || (c->flags[i] & CELL_UNPUBLISHED) != 0;
    b->effort = attack_effort(b->attack);
    b->cuts = b->master.count;
    return 0;
}

/* The bound, and in `hidden` the last choice of cells. The library's engine and proof end GLPK's
 * environment (sdc/solver.h), so neither runs while these problems are open. */
static int find_bound(struct bounding *b, struct err *err)
{
    double start = cpu_seconds();
    glp_term_out(GLP_OFF);
    int rc = search_bound(b, err);
    master_close(&b->master);
    attack_close(b->attack);
    b->seconds = cpu_seconds() - start;
    return rc;
}

/* Is the last choice cheaper than the engine's, and protected? */
static int judge_pattern(struct bounding *b, struct err *err)
{
    struct instance_system *s = &b->system;
    struct proof proof;
    struct view view;
    int64_t cost = pattern_cost(b, b->hidden);
    if (cost >= b->best)
        return 0;
    view_make(&view, &s->cells, b->hidden, s->counts, b->view_counts);
    if (prove(&proof, &view, &s->rules, 1, err) != 0)
        return -1;
    if (proof.unprotected == 0)
        b->best = cost;
    proof_release(&proof);
    return 0;
}

static void print_bound(const struct bounding *b)
{
    int64_t bound = (int64_t)ceil(b->bound - NEAR);
    if (options.header)
        printf("instance\trules\tbound\tbest\tengine\tproven\tcuts\teffort\tseconds\n");
    printf("%s\t%s\t%lld\t%lld\t%lld\t%s\t%zu\t%llu\t%.1f\n", options.name, options.rules,
           (long long)bound, (long long)b->best, (long long)b->engine,
           bound >= b->best ? "yes" : "no", b->cuts, (unsigned long long)b->effort, b->seconds);
}

static _Noreturn void usage(void)
{
    (void)fputs("usage: exact_bound [--rules z0|z1|own] [--cells] [--name NAME] [--effort N] "
                "[--nodes N] [--header] INSTANCE\n",
                stderr);
    exit(64);
}

static unsigned long parse_number(const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '1' || *text > '9' || *end || number > 1000000)
        usage();
    return number;
}

static void parse_options(int argc, char **argv)
{
    static const struct option LONG[] = {{"rules", required_argument, NULL, 'r'},
                                         {"name", required_argument, NULL, 'n'},
                                         {"effort", required_argument, NULL, 'e'},
                                         {"nodes", required_argument, NULL, 'd'},
                                         {"cells", no_argument, NULL, 'c'},
                                         {"header", no_argument, NULL, 'h'},
                                         {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", LONG, NULL)) != -1) {
        if (option == 'r')
            options.rules = optarg;
        else if (option == 'n')
            options.name = optarg;
        else if (option == 'e')
            options.effort = parse_number(optarg);
        else if (option == 'd')
            options.nodes = parse_number(optarg);
        else if (option == 'c')
            options.cells = true;
        else if (option == 'h')
            options.header = true;
        else
            usage();
    }
    if (argc - optind != 1)
        usage();
    options.instance = argv[optind];
    if (!options.name)
        options.name = options.instance;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct bounding b = {.bound = 0};
    parse_options(argc, argv);
    int rc = -1;
    if (bounding_open(&b, &err) == 0 && run_engine(&b, &err) == 0 && find_bound(&b, &err) == 0)
        rc = judge_pattern(&b, &err);
    if (rc == 0 && ceil(b.bound - NEAR) > (double)b.best)
        rc = err_set(&err, ERR_INTERNAL, "a protected pattern costs less than the bound");
    if (rc == 0)
        print_bound(&b);
    else
        (void)fprintf(stderr, "exact_bound: %s\n", err.text);
    bounding_close(&b);
    return rc == 0 ? 0 : (int)err.kind;
}
