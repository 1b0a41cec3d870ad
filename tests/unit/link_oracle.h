/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * link_oracle: what link must make of the population of link_world.h, worked out from the rules of
 * the contract in the plainest quadratic way. It shares no type and no function with the code under
 * test: words in the place of codes, ISO dates compared as text in the place of day numbers.
 */
#ifndef HERKOMST_TESTS_LINK_ORACLE_H
#define HERKOMST_TESTS_LINK_ORACLE_H

#include "link_world.h"

/* "-" before everything, then bytewise: the order of content, for words and for ISO dates. */
static int compare_words(const char *a, const char *b)
{
    bool x = strcmp(a, "-") == 0, y = strcmp(b, "-") == 0;
    return x || y ? y - x : strcmp(a, b);
}

static int compare_parents(const char *a, const char *b)
{
    long long x = strcmp(a, "none") == 0 ? PARENT_NONE : a[0] == '-' ? 0 : atoll(a);
    long long y = strcmp(b, "none") == 0 ? PARENT_NONE : b[0] == '-' ? 0 : atoll(b);
    return (x > y) - (x < y);
}

static int compare_registered(const struct registered *a, const struct registered *b)
{
    int order;
    if ((order = compare_words(a->birth, b->birth)) || (order = compare_words(a->sex, b->sex)) ||
        (order = compare_words(a->first, b->first)) ||
        (order = compare_words(a->current, b->current)) ||
        (order = compare_parents(a->parents[0], b->parents[0])))
        return order;
    return compare_parents(a->parents[1], b->parents[1]);
}

static bool holds(const char *start, const char *end)
{
    return (start[0] == '-' || strcmp(start, REFERENCE) <= 0) &&
           (end[0] == '-' || strcmp(end, REFERENCE) >= 0);
}

struct known { /* of one person, from the registers */
    const char *birth, *sex, *first, *current, *parents[2];
    bool linked, differing, dual;
};

static void oracle_register(int person, struct known *k)
{
    const struct registered *rows[8];
    size_t n = 0;
    for (size_t i = 0; i < world.registers; i++)
        if (world.registered[i].person == person)
            rows[n++] = &world.registered[i];
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (compare_registered(rows[j], rows[i]) < 0) {
                const struct registered *swap = rows[i];
                rows[i] = rows[j];
                rows[j] = swap;
            }
    k->linked |= n > 0;
    for (size_t i = 0; i < n; i++) {
        k->differing |= compare_registered(rows[0], rows[i]) != 0;
        const char *cells[] = {rows[i]->birth,   rows[i]->sex,        rows[i]->first,
                               rows[i]->current, rows[i]->parents[0], rows[i]->parents[1]};
        const char **to[] = {&k->birth,   &k->sex,        &k->first,
                             &k->current, &k->parents[0], &k->parents[1]};
        for (int c = 0; c < 6; c++)
            if ((*to[c])[0] == '-')
                *to[c] = cells[c];
    }
}

/* Of the periods with this start (and in force, if so asked) the one that counts. */
static const char *oracle_tie(int person, const char *start, bool in_force, bool *dual)
{
    const char *best = "-";
    for (size_t i = 0; i < world.nationalities; i++) {
        const struct period *p = &world.nationality[i];
        if (p->person != person || strcmp(p->start, start) != 0 || p->word[0] == '-' ||
            (in_force && !holds(p->start, p->end)))
            continue;
        if (best[0] != '-' && strcmp(best, p->word) != 0)
            *dual = true;
        if (best[0] == '-' || strcmp(p->word, "BE") == 0 ||
            (strcmp(best, "BE") != 0 && strcmp(p->word, best) < 0))
            best = p->word;
    }
    return best;
}

static void oracle_history(int person, struct known *k)
{
    const char *earliest = NULL, *latest = NULL, *ended = NULL;
    bool belgian_ended = false;
    for (size_t i = 0; i < world.nationalities; i++) {
        const struct period *p = &world.nationality[i];
        if (p->person != person)
            continue;
        if (!earliest || compare_words(p->start, earliest) < 0)
            earliest = p->start;
        if (holds(p->start, p->end) && (!latest || compare_words(p->start, latest) > 0))
            latest = p->start;
        if (compare_words(p->start, REFERENCE) <= 0 && (!ended || strcmp(p->end, ended) > 0))
            ended = p->end;
    }
    if (!earliest)
        return;
    k->linked = true;
    k->first = oracle_tie(person, earliest, false, &k->dual);
    for (size_t i = 0; ended && i < world.nationalities; i++)
        belgian_ended |= world.nationality[i].person == person &&
                         compare_words(world.nationality[i].start, REFERENCE) <= 0 &&
                         strcmp(world.nationality[i].word, "BE") == 0 &&
                         strcmp(world.nationality[i].end, ended) == 0;
    k->current = latest          ? oracle_tie(person, latest, true, &k->dual)
                 : belgian_ended ? "not_belgian"
                                 : "-";
}

static void oracle_family(int person, struct known *k)
{
    const struct family *rows[8];
    size_t n = 0;
    for (size_t i = 0; i < world.families; i++)
        if (world.family[i].person == person)
            rows[n++] = &world.family[i];
    if (n == 0)
        return;
    k->linked = true;
    for (int c = 0; c < 2; c++) {
        k->parents[c] = "-";
        const struct family *from = NULL; /* the least row that knows this parent */
        for (size_t i = 0; i < n; i++) {
            k->differing |= strcmp(rows[i]->parents[c], rows[0]->parents[c]) != 0;
            if (rows[i]->parents[c][0] == '-')
                continue;
            int one = from ? compare_parents(rows[i]->parents[0], from->parents[0]) : -1;
            if (one < 0 || (one == 0 && compare_parents(rows[i]->parents[1], from->parents[1]) < 0))
                from = rows[i];
        }
        if (from)
            k->parents[c] = from->parents[c];
    }
}

static int compare_rank(const struct employment *a, const struct employment *b, bool ranked)
{
    int order;
    if (ranked && a->fte != b->fte)
        return b->fte - a->fte;
    if (ranked && (order = strcmp(a->start, b->start)))
        return order;
    if ((order = strcmp(a->entity, b->entity)) || (order = strcmp(a->employment, b->employment)) ||
        (order = strcmp(a->start, b->start)) || (order = compare_words(a->end, b->end)) ||
        (order = a->fte - b->fte) || (order = compare_words(a->birth, b->birth)) ||
        (order = compare_words(a->sex, b->sex)))
        return order;
    return compare_words(a->level, b->level);
}

/* The rows of a person (or, 0, of all without a number) that are in force, in order. */
static size_t oracle_employments(int person, const struct employment **rows)
{
    size_t n = 0;
    for (size_t i = 0; i < world.employments; i++) {
        const struct employment *e = &world.employment[i];
        if (e->person != person || !holds(e->start, e->end))
            continue;
        size_t at = n++;
        for (; at > 0 && compare_rank(e, rows[at - 1], person != 0) < 0; at--)
            rows[at] = rows[at - 1];
        rows[at] = e;
    }
    return n;
}

static struct known oracle_known(int person)
{
    struct known k = {"-", "-", "-", "-", {"-", "-"}, false, false, false};
    oracle_register(person, &k);
    oracle_history(person, &k);
    oracle_family(person, &k);
    return k;
}

/* Birth date after the employments have had their say. */
static const char *oracle_birth(int person, const char *registered)
{
    const struct employment *rows[ROWS_MOST];
    size_t n = oracle_employments(person, rows);
    for (size_t i = 0; i < n && registered[0] == '-'; i++)
        registered = rows[i]->birth;
    return registered;
}

static void add_years(char out[TEXT], const char *iso, int years)
{
    (void)snprintf(out, TEXT, "%04d%.6s", (atoi(iso) + years) % 10000, iso + 4);
}

static size_t links, dropped_self, dropped_same, dropped_age;

/* A parent as "-", "none" or a number, after the three rules. */
static const char *oracle_parent(int person, const struct known *k, int which, bool count)
{
    const char *parent = k->parents[which];
    if (parent[0] == '-' || parent[0] == 'n')
        return parent;
    links += count;
    if (atoi(parent) == person) {
        dropped_self += count;
        return "-";
    }
    if (which == 1 && strcmp(parent, k->parents[0]) == 0) {
        dropped_same += count;
        return "-";
    }
    const char *mine = oracle_birth(person, k->birth);
    struct known of_parent = oracle_known(atoi(parent));
    const char *theirs = oracle_birth(atoi(parent), of_parent.birth);
    if (mine[0] != '-' && theirs[0] != '-') {
        char least[TEXT], most[TEXT];
        add_years(least, theirs, 12);
        add_years(most, theirs, 80);
        if (strcmp(mine, least) < 0 || strcmp(mine, most) > 0) {
            dropped_age += count;
            return "-";
        }
    }
    return parent;
}

static const char *oracle_first(const char *parent)
{
    return parent[0] == '-' || parent[0] == 'n' ? parent : oracle_known(atoi(parent)).first;
}

static const char *oracle_grandparent(const char *parent, int which)
{
    if (parent[0] == '-' || parent[0] == 'n')
        return parent;
    struct known k = oracle_known(atoi(parent));
    return oracle_first(oracle_parent(atoi(parent), &k, which, false));
}

static int oracle_registered(int person, const char *kind)
{
    for (size_t i = 0; i < world.registrations; i++)
        if (world.registration[i].person == person &&
            strcmp(world.registration[i].word, kind) == 0 &&
            holds(world.registration[i].start, world.registration[i].end))
            return 1;
    return 0;
}

static const char *oracle_age(char out[TEXT], const char *birth)
{
    if (birth[0] == '-')
        return "-";
    int age = atoi(REFERENCE) - atoi(birth) - (strcmp(birth + 4, REFERENCE + 4) > 0);
    (void)snprintf(out, TEXT, "%d", age);
    return out;
}

struct figures {
    size_t persons, linked, several_employments, differing, dual, unknown_first, unknown_current,
        unknown_parent, birth_date_differs, sex_differs;
};

static char expected[ROWS_MOST][LINE];

/* Writes a person's rows and returns how many; for those without a number, called a row at a time.
 */
static size_t oracle_person(int person, const struct employment *const *rows, size_t n, size_t at,
                            struct figures *sum)
{
    struct known k = person ? oracle_known(person) : oracle_known(-1);
    const char *birth = k.birth, *sex = k.sex, *own_birth = "-", *own_sex = "-";
    for (size_t i = 0; i < n; i++) {
        own_birth = own_birth[0] == '-' ? rows[i]->birth : own_birth;
        own_sex = own_sex[0] == '-' ? rows[i]->sex : own_sex;
    }
    sum->birth_date_differs +=
        birth[0] != '-' && own_birth[0] != '-' && strcmp(birth, own_birth) != 0;
    sum->sex_differs += sex[0] != '-' && own_sex[0] != '-' && strcmp(sex, own_sex) != 0;
    birth = birth[0] == '-' ? own_birth : birth;
    sex = sex[0] == '-' ? own_sex : sex;
    const char *one = oracle_parent(person, &k, 0, true), *two = oracle_parent(person, &k, 1, true);
    for (size_t i = 0; i < n; i++) {
        char age[TEXT];
        (void)snprintf(
            expected[at + i], LINE, "%d %s %s %d %s %s %s %s %d %s %s %s %s %s %s %s %s %s %d %d",
            i == 0, rows[i]->entity, rows[i]->employment, rows[i]->fte, rows[i]->start,
            rows[i]->end, oracle_age(age, birth), sex, k.linked, k.current, k.first,
            oracle_first(one), oracle_first(two), oracle_grandparent(one, 0),
            oracle_grandparent(one, 1), oracle_grandparent(two, 0), oracle_grandparent(two, 1),
            rows[i]->level, oracle_registered(person, "disability"),
            oracle_registered(person, "nobody"));
    }
    sum->persons++;
    sum->linked += k.linked;
    sum->several_employments += n > 1;
    sum->differing += k.differing;
    sum->dual += k.dual;
    sum->unknown_first += k.first[0] == '-';
    sum->unknown_current += k.current[0] == '-';
    sum->unknown_parent += oracle_first(one)[0] == '-' || oracle_first(two)[0] == '-';
    return n;
}

static size_t oracle_all(struct figures *sum)
{
    static const struct employment *rows[ROWS_MOST];
    size_t at = 0;
    memset(sum, 0, sizeof *sum);
    links = dropped_self = dropped_same = dropped_age = 0;
    for (int person = 1; person <= PERSONS; person++) {
        size_t n = oracle_employments(person, rows);
        if (n > 0)
            at += oracle_person(person, rows, n, at, sum);
    }
    size_t n = oracle_employments(0, rows);
    for (size_t i = 0; i < n; i++)
        at += oracle_person(0, rows + i, 1, at, sum);
    return at;
}

#endif
