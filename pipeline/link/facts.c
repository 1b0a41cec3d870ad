/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/facts.h. Two passes over the selected employments, each in parallel: the first
 * completes what is known of the persons (a parent may be on the staff too), the second writes
 * rows. */
#include "link/facts.h"

#include "base/parallel.h"
#include "io/artefacts.h"
#include "link/person_rows.h"
#include "link/words.h"

#include <stdlib.h>
#include <string.h>

/* What fills a column of facts. */
enum filler {
    FILL_COPY, /* numbers of a personnel column */
    FILL_WORD, /* codes of one */
    FILL_AGE,
    FILL_SEX,
    FILL_LINKED,
    FILL_NATION, /* nations[which] */
    FILL_REGISTERED,
};

enum { AHEAD = 16 }; /* rows from asking for memory to looking at it */

/* Nationalities of a row, in the order of FACT_OWN_CURRENT ... FACT_GRANDPARENT4_FIRST. */
enum { NATION_COLUMNS = FACT_GRANDPARENT4_FIRST - FACT_OWN_CURRENT + 1 };

struct fact_column {
    enum filler filler;
    const struct column *from; /* FILL_COPY, FILL_WORD */
    unsigned which;            /* FILL_NATION, FILL_REGISTERED */
    struct column *to;
};

struct facts {
    struct people *people;
    size_t day;
    date at; /* of the day */
    const struct frame *personnel;
    const struct employments *employments;
    const date *birth;        /* of personnel; NULL if not needed */
    const struct column *sex; /* the same */
    uint8_t *sex_map;
    uint8_t *first;
    bool grandparents; /* wanted */
    size_t column_count;
    struct fact_column columns[FIELDS_MAX + 1];
    struct facts_counts counts[PARALLEL_MOST];
};

/* One person's share of a row. */
struct person {
    date birth;
    uint8_t sex;
    bool linked;
    uint16_t nations[NATION_COLUMNS];
    uint64_t registered;
};

/* The person whose first employment is i: birth date and sex from the employments where the
 * register has none, and whether the two differ. */
static void complete_person(struct facts *f, size_t i, struct facts_counts *n)
{
    const struct employments *e = f->employments;
    size_t person = e->person[e->rows[i]] - 1;
    date birth = DATE_NONE;
    uint8_t sex = SEX_UNKNOWN;
    size_t end = i;
    do {
        uint32_t row = e->rows[end++];
        if (f->birth && birth == DATE_NONE)
            birth = f->birth[row];
        if (f->sex && sex == SEX_UNKNOWN)
            sex = f->sex_map[column_get(f->sex, row)];
    } while (end < e->unlinked && !employment_starts(e, end));
    n->several_employments += end - i > 1;
    if (f->birth && birth != DATE_NONE) {
        date *known = &f->people->birth[person];
        n->birth_date_differs += *known != DATE_NONE && *known != birth;
        if (*known == DATE_NONE)
            *known = birth;
    }
    if (f->sex && sex != SEX_UNKNOWN) {
        uint8_t *known = &f->people->sex[person];
        n->sex_differs += *known != SEX_UNKNOWN && *known != sex;
        if (*known == SEX_UNKNOWN)
            *known = sex;
    }
}

static int complete_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct facts *f = context;
    struct facts_counts n = {0};
    (void)err;
    for (size_t i = begin; i < end; i++) {
        f->first[i] = employment_starts(f->employments, i);
        if (i < f->employments->unlinked && f->first[i])
            complete_person(f, i, &n);
    }
    f->counts[range] = n;
    return 0;
}

/* Nationalities by column: own current, own first, two parents, four grandparents. */
static void person_nations(const struct facts *f, size_t person, uint16_t *nations,
                           struct parent_counts *counts)
{
    const struct people *p = f->people;
    if (p->current)
        nations[0] = p->current[(p->current_days > 1 ? f->day * p->count : 0) + person];
    if (p->first)
        nations[1] = p->first[person];
    if (!p->parents)
        return;
    uint32_t parents[2];
    parents_of(p, person, parents, counts);
    for (size_t k = 0; k < 2; k++) {
        nations[2 + k] = parent_first(p, parents[k]);
        uint32_t grandparents[2] = {0, 0};
        if (f->grandparents)
            grandparents_of(p, parents[k], grandparents);
        nations[4 + 2 * k] = parent_first(p, grandparents[0]);
        nations[5 + 2 * k] = parent_first(p, grandparents[1]);
    }
}

static void person_open(const struct facts *f, uint32_t row, struct person *now,
                        struct parent_counts *counts)
{
    const struct people *p = f->people;
    uint32_t person = f->employments->person[row];
    memset(now, 0, sizeof *now);
    now->birth = DATE_NONE;
    if (person == 0) {
        if (f->birth)
            now->birth = f->birth[row];
        if (f->sex)
            now->sex = f->sex_map[column_get(f->sex, row)];
        return;
    }
    person--;
    now->linked = p->flags[person] & PERSON_LINKED;
    if (p->birth)
        now->birth = p->birth[person];
    if (p->sex)
        now->sex = p->sex[person];
    if (p->registered)
        now->registered = p->registered[(p->registered_days > 1 ? f->day * p->count : 0) + person];
    person_nations(f, person, now->nations, counts);
}

static void count_person(const struct facts *f, uint32_t row, const struct person *now,
                         struct facts_counts *n)
{
    uint32_t person = f->employments->person[row];
    uint8_t flags = person ? f->people->flags[person - 1] : 0;
    n->persons++;
    n->linked += now->linked;
    n->dual += (flags & PERSON_DUAL) != 0;
    n->differing += (flags & PERSON_DIFFERING) != 0;
    n->unknown_current += now->nations[0] == 0;
    n->unknown_first += now->nations[1] == 0;
    n->unknown_parent += now->nations[2] == 0 || now->nations[3] == 0;
}

/* A few rows, written column by column, and who they are about. */
enum { STEP = 128 };
struct step {
    size_t first, count;
    struct person people[STEP]; /* those that the rows name, in their order */
    uint8_t person[STEP];       /* by row */
};

static inline const struct person *person_at(const struct step *s, size_t i)
{
    return &s->people[s->person[i]];
}

static void write_words(const struct facts *f, const struct fact_column *c, const struct step *s)
{
    const uint32_t *rows = f->employments->rows + s->first;
    if (c->from->type == COLUMN_U8 && c->to->type == COLUMN_U8) /* nearly always */
        for (size_t i = 0; i < s->count; i++)
            ((uint8_t *)c->to->cells)[s->first + i] = ((const uint8_t *)c->from->cells)[rows[i]];
    else
        for (size_t i = 0; i < s->count; i++)
            column_set(c->to, s->first + i, column_get(c->from, rows[i]));
}

static void write_column(const struct facts *f, const struct fact_column *c, const struct step *s)
{
    const uint32_t *rows = f->employments->rows + s->first;
    int32_t *numbers = (int32_t *)c->to->cells + s->first;
    uint8_t *bits = (uint8_t *)c->to->cells + s->first;
    switch (c->filler) {
    case FILL_COPY:
        for (size_t i = 0; i < s->count; i++)
            numbers[i] = column_i32(c->from, rows[i]);
        break;
    case FILL_WORD:
        write_words(f, c, s);
        break;
    case FILL_AGE:
        for (size_t i = 0; i < s->count; i++) {
            date birth = person_at(s, i)->birth;
            numbers[i] = birth == DATE_NONE ? INT32_MIN : date_age(birth, f->at);
        }
        break;
    case FILL_SEX:
        for (size_t i = 0; i < s->count; i++)
            column_set(c->to, s->first + i, person_at(s, i)->sex);
        break;
    case FILL_LINKED:
        for (size_t i = 0; i < s->count; i++)
            bits[i] = person_at(s, i)->linked;
        break;
    case FILL_NATION:
        for (size_t i = 0; i < s->count; i++)
            column_set(c->to, s->first + i, person_at(s, i)->nations[c->which]);
        break;
    case FILL_REGISTERED:
        for (size_t i = 0; i < s->count; i++)
            bits[i] = person_at(s, i)->registered >> c->which & 1;
        break;
    }
}

/* Rows are in the order of persons, but parents stand anywhere. */
static void prefetch(const struct facts *f, uint32_t row)
{
    uint32_t person = f->employments->person[row];
    if (person != 0 && f->people->parents)
        parents_prefetch(f->people, person - 1);
}

/* Finds out whom the rows are about. A range may begin among a person's rows: who they are is then
 * worked out again, and not counted. The last person may go on in the next step. */
static void step_open(const struct facts *f, struct step *s, size_t begin, size_t end,
                      struct facts_counts *n)
{
    size_t last = s->count ? s->person[s->count - 1] : 0, people = 0;
    s->people[0] = s->people[last];
    s->first += s->count;
    s->count = end - s->first < STEP ? end - s->first : STEP;
    for (size_t i = 0; i < s->count; i++) {
        size_t at = s->first + i;
        uint32_t row = f->employments->rows[at];
        if (at + AHEAD < end)
            prefetch(f, f->employments->rows[at + AHEAD]);
        if (f->first[at] && i > 0)
            people++;
        if (f->first[at] || at == begin)
            person_open(f, row, &s->people[people], f->first[at] ? &n->parents : NULL);
        if (f->first[at])
            count_person(f, row, &s->people[people], n);
        s->person[i] = (uint8_t)people;
    }
}

static int write_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct facts *f = context;
    struct facts_counts n = f->counts[range];
    struct step step = {.first = begin};
    (void)err;
    while (step.first + step.count < end) {
        step_open(f, &step, begin, end, &n);
        for (size_t k = 0; k < f->column_count; k++)
            write_column(f, &f->columns[k], &step);
    }
    f->counts[range] = n;
    return 0;
}

static int copy_words(struct dictionary *to, const char *const *words, size_t count,
                      struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (dictionary_intern(to, words[i], strlen(words[i])) == 0)
            return err_memory(err);
    return 0;
}

/* A column that is the personnel's own: entity, employment, fte, dates, attributes. */
static int add_copy(struct facts *f, struct frame *facts, const char *name, struct err *err)
{
    struct column *from = frame_find(f->personnel, name);
    if (!from || (!from->coded && from->type != COLUMN_I32))
        return err_set(err, ERR_DATA, "frame personnel: no column %s", name);
    struct column *to =
        from->coded ? frame_add_narrow(facts, name, err) : frame_add(facts, name, COLUMN_I32, err);
    if (!to)
        return -1;
    f->columns[f->column_count++] =
        (struct fact_column){from->coded ? FILL_WORD : FILL_COPY, from, 0, to};
    if (from->coded && dictionary_copy(&to->dictionary, &from->dictionary) != 0)
        return err_memory(err);
    return frame_hold(facts, to, to->dictionary.count, err);
}

static int add_filled(struct facts *f, struct frame *facts, const char *name, enum filler filler,
                      unsigned which, struct err *err)
{
    bool coded = filler == FILL_SEX || filler == FILL_NATION;
    struct column *to =
        coded ? frame_add_narrow(facts, name, err)
              : frame_add(facts, name, filler == FILL_AGE ? COLUMN_I32 : COLUMN_U8, err);
    if (!to)
        return -1;
    f->columns[f->column_count++] = (struct fact_column){filler, NULL, which, to};
    if (filler == FILL_SEX)
        return copy_words(&to->dictionary, SEX_NAMES + 1, SEX_COUNT - 1, err);
    const struct dictionary *nations = &f->people->nations;
    if (filler == FILL_NATION &&
        copy_words(&to->dictionary, (const char *const *)nations->words, nations->count, err) != 0)
        return -1;
    return coded ? frame_hold(facts, to, to->dictionary.count, err) : 0;
}

static int add_field(struct facts *f, struct frame *facts, const char *name, struct err *err)
{
    int fact = 0;
    while (fact < FACT_FIXED_COUNT && strcmp(FACT_NAMES[fact], name) != 0)
        fact++;
    switch (fact) {
    case FACT_ENTITY: /* always there */
    case FACT_DOMAIN:
    case FACT_REFERENCE_DATE:
        return 0;
    case FACT_AGE:
        return add_filled(f, facts, name, FILL_AGE, 0, err);
    case FACT_SEX:
        return add_filled(f, facts, name, FILL_SEX, 0, err);
    case FACT_LINKED:
        return add_filled(f, facts, name, FILL_LINKED, 0, err);
    default:
        break;
    }
    if (fact >= FACT_OWN_CURRENT && fact <= FACT_GRANDPARENT4_FIRST) {
        f->grandparents |= fact >= FACT_GRANDPARENT1_FIRST;
        return add_filled(f, facts, name, FILL_NATION, (unsigned)(fact - FACT_OWN_CURRENT), err);
    }
    for (unsigned k = 0; k < f->people->kind_count; k++)
        if (people_kind(name) && strcmp(f->people->kinds[k], people_kind(name)) == 0)
            return add_filled(f, facts, name, FILL_REGISTERED, k, err);
    return add_copy(f, facts, name, err);
}

/* What personnel says of people. */
static int personnel_open(struct facts *f, struct err *err)
{
    struct column *c;
    if (f->people->birth) {
        if (!(c = frame_need(f->personnel, "birth_date", COLUMN_I32, err)))
            return -1;
        f->birth = c->cells;
    }
    if (f->people->sex) {
        if (!(c = person_rows_words(f->personnel, "sex", err)) ||
            people_map_sex(c, &f->sex_map, err) != 0)
            return -1;
        f->sex = c;
    }
    return 0;
}

static int facts_open(struct facts *f, struct frame *facts, const struct field_set *fields,
                      struct err *err)
{
    if (personnel_open(f, err) != 0)
        return -1;
    if (!frame_add(facts, "first", COLUMN_U8, err) || add_copy(f, facts, "entity", err) != 0)
        return -1;
    for (size_t i = 0; i < fields->count; i++)
        if (add_field(f, facts, fields->names[i], err) != 0)
            return -1;
    /* Every cell will be written, by several threads: nobody clears them before. */
    if (frame_reserve(facts, f->employments->count, err) != 0 ||
        frame_extend(facts, f->employments->count, err) == SIZE_MAX)
        return -1;
    f->first = frame_find(facts, "first")->cells;
    return 0;
}

void facts_counts_add(struct facts_counts *sum, const struct facts_counts *n)
{
    sum->persons += n->persons;
    sum->linked += n->linked;
    sum->several_employments += n->several_employments;
    sum->differing += n->differing;
    sum->dual += n->dual;
    sum->unknown_first += n->unknown_first;
    sum->unknown_current += n->unknown_current;
    sum->unknown_parent += n->unknown_parent;
    sum->birth_date_differs += n->birth_date_differs;
    sum->sex_differs += n->sex_differs;
    sum->parents.links += n->parents.links;
    sum->parents.self += n->parents.self;
    sum->parents.same += n->parents.same;
    sum->parents.age += n->parents.age;
}

int facts_complete(struct people *p, const struct frame *personnel, const struct employments *e,
                   unsigned threads, struct err *err)
{
    struct facts f = {.people = p, .personnel = personnel, .employments = e};
    int rc = -1;
    f.first = malloc(e->count ? e->count : 1);
    if (!f.first)
        (void)err_memory(err);
    else if (personnel_open(&f, err) == 0)
        rc = parallel_pieces(threads, e->count, complete_range, &f, err);
    free(f.first);
    free(f.sex_map);
    return rc;
}

int facts_make(struct frame *facts, struct facts_counts *counts, struct people *p, size_t day,
               const struct frame *personnel, const struct employments *e,
               const struct field_set *fields, unsigned threads, struct err *err)
{
    struct facts f = {.people = p,
                      .day = day,
                      .at = people_day(p, day),
                      .personnel = personnel,
                      .employments = e};
    int rc = -1;
    if (facts_open(&f, facts, fields, err) == 0 &&
        parallel_pieces(threads, e->count, complete_range, &f, err) == 0)
        rc = parallel_pieces(threads, e->count, write_range, &f, err);
    memset(counts, 0, sizeof *counts);
    for (unsigned r = 0; r < PARALLEL_MOST; r++)
        facts_counts_add(counts, &f.counts[r]);
    free(f.sex_map);
    return rc;
}

int facts_fill(struct frame *facts, struct facts_counts *counts, struct people *p, size_t day,
               const struct frame *personnel, const struct employments *e,
               const struct field_set *fields, unsigned threads, struct err *err)
{
    return facts_make(facts, counts, p, day, personnel, e, fields, threads, err) == 0
               ? words_compact(facts, threads, err)
               : -1;
}
