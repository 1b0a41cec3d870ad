/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * instances --variant o|og|oga|ogal [--entities N] [--seed S] [--turnover P] [--zeros]
 *
 * Writes an invented government's staff to standard output as counts, a line for each inner cell
 * with somebody in it (--zeros: for every inner cell):
 *
 *     entity,domain,origin[,gender[,age[,level]]],freq
 *
 * 13 domains and N entities: 30 % of 3 to 20 staff, half of them middling, 18 % large, 2 % very
 * large; each with a profile of its own around its domain's. A variant is a margin of the next one:
 * the people are the same. --turnover gives a second period: each leaves with probability P and
 * about as many join. Other tools were measured on the same instances (tests/bench/peers.tsv), so
 * the numbers are those of tests/tools/mersenne.h, drawn in a fixed order.
 */
#include "mersenne.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOMAINS = 13, VARIABLES = 4, CATEGORIES = 5, INNER = 4 * 2 * 5 * 4, ENTITIES_MOST = 9999 };

static const struct {
    const char *name;
    int count;
    const char *categories[CATEGORIES];
    double mean[CATEGORIES];
    double between, within; /* concentration: of domains, of a domain's entities */
} VARIABLE[VARIABLES] = {
    {"origin",
     4,
     {"belgian", "foreign_eu", "foreign_noneu", "unknown"},
     {.78, .09, .08, .05},
     40,
     30},
    {"gender", 2, {"m", "f"}, {.48, .52}, 12, 20},
    {"age", 5, {"a<30", "a30-39", "a40-49", "a50-59", "a60+"}, {.17, .24, .25, .24, .10}, 60, 30},
    {"level", 4, {"A", "B", "C", "D"}, {.30, .22, .30, .18}, 25, 15},
};

struct profile {
    double share[VARIABLES][CATEGORIES];
};

struct person {
    uint8_t category[VARIABLES];
};

struct entity {
    int domain;
    struct profile profile;
    struct person *people;
    size_t count;
};

static struct options {
    size_t variables, entities;
    uint64_t seed;
    double turnover; /* negative: none */
    bool zeros;
} options = {.variables = 3, .entities = 300, .seed = 1, .turnover = -1};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (!memory) {
        (void)fputs("instances: out of memory\n", stderr);
        exit(71);
    }
    return memory;
}

static void draw_shares(struct mersenne *m, double *share, const double *mean, int count,
                        double concentration)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        share[i] = mersenne_gamma(m, fmax(mean[i] * concentration, 1e-3));
        sum += share[i];
    }
    for (int i = 0; i < count; i++)
        share[i] /= sum;
}

static void draw_domain(struct mersenne *m, struct profile *p)
{
    for (int v = 0; v < VARIABLES; v++)
        draw_shares(m, p->share[v], VARIABLE[v].mean, VARIABLE[v].count, VARIABLE[v].between);
}

static void draw_entity(struct mersenne *m, struct profile *p, const struct profile *domain)
{
    for (int v = 0; v < VARIABLES; v++)
        draw_shares(m, p->share[v], domain->share[v], VARIABLE[v].count, VARIABLE[v].within);
}

/* A variable at a time, for all people: the order in which the numbers are drawn matters. */
static void draw_people(struct mersenne *m, const struct profile *p, struct person *people,
                        size_t count)
{
    for (int v = 0; v < VARIABLES; v++) {
        double cumulative[CATEGORIES] = {0}, sum = 0;
        for (int i = 0; i < VARIABLE[v].count; i++)
            cumulative[i] = sum += p->share[v][i];
        for (size_t i = 0; i < count; i++)
            people[i].category[v] = (uint8_t)mersenne_choice(m, cumulative, VARIABLE[v].count);
    }
}

/* Every domain gets two entities, the others fall to it by weight. */
static void draw_domains_of(struct mersenne *m, int *domains, size_t n)
{
    double cumulative[DOMAINS], sum = 0;
    for (int d = 0; d < DOMAINS; d++)
        cumulative[d] = sum += 1.0 / pow(d + 1, 0.7);
    for (size_t e = 0; e < n; e++)
        domains[e] =
            e < 2 * (size_t)DOMAINS ? (int)(e % DOMAINS) : mersenne_choice(m, cumulative, DOMAINS);
    mersenne_shuffle(m, domains, n);
}

/* From `least` to `most`, evenly in the logarithm. */
static int draw_size(struct mersenne *m, double least, double most)
{
    return (int)rint(least * pow(most / least, mersenne_random(m)));
}

static int draw_middling(struct mersenne *m)
{
    double size = rint(mersenne_lognormal(m, log(75), 0.6));
    return (int)fmin(250, fmax(21, size));
}

static void draw_sizes(struct mersenne *m, int *sizes, size_t n)
{
    size_t huge = (size_t)rint(0.02 * (double)n), tiny = (size_t)rint(0.30 * (double)n);
    size_t large = (size_t)rint(0.18 * (double)n), e = 0;
    huge = huge ? huge : 1;
    for (; e < huge; e++)
        sizes[e] = draw_size(m, 1500, 5000);
    sizes[0] = 5000;
    for (; e < huge + tiny && e < n; e++)
        sizes[e] = draw_size(m, 3, 20);
    for (; e < huge + tiny + large && e < n; e++)
        sizes[e] = draw_size(m, 250, 1500);
    for (; e < n; e++)
        sizes[e] = draw_middling(m);
    mersenne_shuffle(m, sizes, n);
}

static struct entity *draw_government(size_t n)
{
    struct mersenne m;
    struct profile domains[DOMAINS] = {0};
    struct entity *entities = allocate(n, sizeof *entities);
    int *domain_of = allocate(n, sizeof *domain_of), *sizes = allocate(n, sizeof *sizes);
    mersenne_seed(&m, options.seed * 1000003 + n);
    draw_domains_of(&m, domain_of, n);
    draw_sizes(&m, sizes, n);
    for (int d = 0; d < DOMAINS; d++)
        draw_domain(&m, &domains[d]);
    for (size_t i = 0; i < n; i++) {
        struct entity *e = &entities[i];
        e->domain = domain_of[i];
        e->count = (size_t)sizes[i];
        e->people = allocate(e->count, sizeof *e->people);
        draw_entity(&m, &e->profile, &domains[e->domain]);
        draw_people(&m, &e->profile, e->people, e->count);
    }
    free(domain_of);
    free(sizes);
    return entities;
}

static void turn_over(struct mersenne *m, struct entity *e)
{
    struct person *people = allocate(2 * e->count, sizeof *people);
    size_t stay = 0, join = 0;
    for (size_t i = 0; i < e->count; i++)
        if (mersenne_random(m) >= options.turnover)
            people[stay++] = e->people[i];
    for (size_t i = 0; options.turnover > 0 && i < e->count; i++)
        join += mersenne_random(m) < options.turnover;
    draw_people(m, &e->profile, people + stay, join);
    free(e->people);
    e->people = people;
    e->count = stay + join;
}

static void write_counts(const struct entity *e, size_t number)
{
    size_t counts[INNER] = {0}, inner = 1;
    for (size_t v = 0; v < options.variables; v++)
        inner *= (size_t)VARIABLE[v].count;
    for (size_t i = 0; i < e->count; i++) {
        size_t at = 0;
        for (size_t v = 0; v < options.variables; v++)
            at = at * (size_t)VARIABLE[v].count + e->people[i].category[v];
        counts[at]++;
    }
    for (size_t at = 0; at < inner; at++) {
        if (counts[at] == 0 && !options.zeros)
            continue;
        printf("E%04zu,D%02d", number, e->domain + 1);
        size_t rest = inner;
        for (size_t v = 0; v < options.variables; v++) {
            rest /= (size_t)VARIABLE[v].count;
            printf(",%s", VARIABLE[v].categories[at / rest % (size_t)VARIABLE[v].count]);
        }
        printf(",%zu\n", counts[at]);
    }
}

static _Noreturn void usage(void)
{
    (void)fputs("usage: instances --variant o|og|oga|ogal [--entities N] [--seed S] "
                "[--turnover P] [--zeros]\n",
                stderr);
    exit(64);
}

static uint64_t parse_number(const char *text, uint64_t least, uint64_t most)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || number < least || number > most)
        usage();
    return number;
}

static void parse_turnover(const char *text)
{
    char *end;
    options.turnover = strtod(text, &end);
    if (*text < '0' || *text > '9' || *end || !(options.turnover <= 1))
        usage();
}

static void parse_options(int argc, char **argv)
{
    static const struct option LONG[] = {
        {"variant", required_argument, NULL, 'v'}, {"entities", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 's'},    {"turnover", required_argument, NULL, 't'},
        {"zeros", no_argument, NULL, 'z'},         {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", LONG, NULL)) != -1) {
        if (option == 'v') {
            options.variables = strlen(optarg);
            if (options.variables == 0 || strncmp(optarg, "ogal", options.variables) != 0)
                usage();
        } else if (option == 'n') {
            options.entities = (size_t)parse_number(optarg, 1, ENTITIES_MOST);
        } else if (option == 's') {
            options.seed = parse_number(optarg, 0, UINT32_MAX);
        } else if (option == 't') {
            parse_turnover(optarg);
        } else if (option == 'z') {
            options.zeros = true;
        } else {
            usage();
        }
    }
    if (optind != argc)
        usage();
}

int main(int argc, char **argv)
{
    struct mersenne m;
    parse_options(argc, argv);
    struct entity *entities = draw_government(options.entities);
    mersenne_seed(&m, options.seed * 7919 + options.entities + 17);
    printf("entity,domain");
    for (size_t v = 0; v < options.variables; v++)
        printf(",%s", VARIABLE[v].name);
    printf(",freq\n");
    for (size_t i = 0; i < options.entities; i++) {
        if (options.turnover >= 0)
            turn_over(&m, &entities[i]);
        write_counts(&entities[i], i + 1);
        free(entities[i].people);
    }
    free(entities);
    return fflush(stdout) == 0 ? 0 : 74;
}
