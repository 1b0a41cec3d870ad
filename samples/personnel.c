/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The personnel files: one a policy domain, as its own office types it. Two orders of columns, two
 * line ends, four spellings of a number. A file at a date holds the employments of the last 370
 * days and those that are known to begin or end in the next 31.
 */
#include "draw.h"
#include "numbers.h"
#include "write.h"

#include <string.h>

enum column {
    COLUMN_PERSON,
    COLUMN_ENTITY,
    COLUMN_START,
    COLUMN_END,
    COLUMN_STATUTE,
    COLUMN_FTE,
    COLUMN_BIRTH,
    COLUMN_SEX,
    COLUMN_LEVEL,
    COLUMN_ROLE,
    COLUMN_JOB,
    COLUMN_COUNT,
};

static const char *const HEADERS[COLUMN_COUNT] = {
    "Rijksregisternummer", "Entiteit", "Begindatum", "Einddatum", "Statuut", "VTE",
    "Geboortedatum",       "Geslacht", "Niveau",     "Kader",     "Functie"};

/* How an office lays out its file. */
struct office {
    uint8_t columns[COLUMN_COUNT];
    uint8_t count;
    const char *line_end;
};
static const struct office OFFICES[3] = {
    {{COLUMN_PERSON, COLUMN_ENTITY, COLUMN_START, COLUMN_END, COLUMN_STATUTE, COLUMN_FTE,
      COLUMN_BIRTH, COLUMN_SEX, COLUMN_LEVEL, COLUMN_ROLE, COLUMN_JOB},
     11,
     "\r\n"},
    {{COLUMN_PERSON, COLUMN_ENTITY, COLUMN_START, COLUMN_END, COLUMN_STATUTE, COLUMN_FTE,
      COLUMN_BIRTH, COLUMN_SEX, COLUMN_LEVEL, COLUMN_ROLE},
     10,
     "\n"},
    {{COLUMN_ENTITY, COLUMN_PERSON, COLUMN_JOB, COLUMN_LEVEL, COLUMN_ROLE, COLUMN_STATUTE,
      COLUMN_START, COLUMN_END, COLUMN_FTE, COLUMN_BIRTH, COLUMN_SEX},
     11,
     "\r\n"},
};

enum { CELL = 32, DAYS_BACK = 370, DAYS_AHEAD = 31 };

struct row {
    char cells[COLUMN_COUNT][CELL];
    date start, end; /* what its cells say, when they can be read; DATE_NONE: no end */
};

struct writing {
    const struct world *w;
    date day;
    int domain;
    const struct office *office;
    struct outfile out;
};

static void cell_set(struct row *row, enum column column, const char *value)
{
    (void)snprintf(row->cells[column], CELL, "%s", value);
}

/* dd/mm/yyyy, and from one office worker in fifty d/m/yyyy. */
static void date_set(struct row *row, enum column column, date day, bool short_form)
{
    struct ymd d = date_split(day);
    if (column == COLUMN_START)
        row->start = day;
    if (column == COLUMN_END)
        row->end = day;
    (void)snprintf(row->cells[column], CELL, short_form ? "%d/%d/%d" : "%02d/%02d/%04d", d.day,
                   d.month, d.year);
}

static int row_write(struct writing *to, const struct row *row, struct err *err)
{
    for (unsigned i = 0; i < to->office->count; i++)
        text_format(&to->out.line, "%s%s", i ? ";" : "", row->cells[to->office->columns[i]]);
    text_string(&to->out.line, to->office->line_end);
    return outfile_line(&to->out, err);
}

/* A row that goes on elsewhere from a day on: up to the day before here, then there. What is still
 * to come is not known yet. */
static int row_split(struct writing *to, const struct row *row, const char *entity, date since,
                     struct err *err)
{
    struct row here = *row, there = *row;
    bool goes_on = since <= to->day && (row->end == DATE_NONE || row->end >= since);
    if (!goes_on)
        return row_write(to, row, err);
    cell_set(&there, COLUMN_ENTITY, entity);
    if (row->start >= since)
        return row_write(to, &there, err);
    date_set(&here, COLUMN_END, since - 1, false);
    date_set(&there, COLUMN_START, since, false);
    return row_write(to, &here, err) || row_write(to, &there, err) ? -1 : 0;
}

/* A row as it is, or as the merger of its entity left it. */
static int row_emit(struct writing *to, const struct row *row, struct err *err)
{
    const struct world *w = to->w;
    uint32_t merged, into;
    date since;
    if (!world_merger(w, &merged, &into, &since) ||
        strcmp(row->cells[COLUMN_ENTITY], w->entities[merged].code) != 0)
        return row_write(to, row, err);
    return row_split(to, row, w->entities[into].code, since, err);
}

/* The row of somebody who may go to another entity. Both parts may be of the entity that merged. */
static int row_transfer(struct writing *to, uint32_t person, const struct row *row, struct err *err)
{
    const struct world *w = to->w;
    uint32_t entity;
    date since = career_transfer(w, person, &entity);
    if (since == DATE_NONE || since > to->day)
        return row_emit(to, row, err);
    struct row here = *row, there = *row;
    date_set(&here, COLUMN_END, since - 1, false);
    date_set(&there, COLUMN_START, since, false);
    cell_set(&there, COLUMN_ENTITY, w->entities[entity].code);
    return row_emit(to, &here, err) || row_emit(to, &there, err) ? -1 : 0;
}

static const char *level_draw(const struct world *w, enum entity_kind kind, uint32_t person)
{
    static const char mixes[][11] = {[KIND_OFFICE] = "AAAABBBCCD",
                                     [KIND_CARE] = "AABBBBBCCD",
                                     [KIND_TRANSPORT] = "ABBCCCCDDD",
                                     [KIND_FIELD] = "AABBCCCDDD",
                                     [KIND_COUNCIL] = "AAAAAABBCC"};
    static const char *const levels[] = {"A", "B", "C", "D"};
    uint32_t pick = draw_below(w->seed, DRAW_LEVEL, person, 1000);
    return pick < 6 ? "" : levels[mixes[kind][pick % 10] - 'A'];
}

static void person_set(const struct writing *to, struct row *row, uint32_t person)
{
    const struct world *w = to->w;
    const struct person *p = &w->persons[person];
    uint32_t number = p->nine;
    if (person < w->career_count && w->careers[person].old_number)
        number = w->careers[person].older_number ? w->careers[person].older_number
                                                 : w->careers[person].old_number;
    char *cell = row->cells[COLUMN_PERSON];
    if (p->flags & PERSON_BAD_NUMBER)
        number_spoilt(w, number, p->birth, person, cell);
    else
        number_office(w, number, p->birth, person, cell);
    uint32_t pick = draw_below(w->seed, DRAW_ROW, person, 100);
    date_set(row, COLUMN_BIRTH, p->birth, pick < 2);
    row->cells[COLUMN_SEX][0] = pick % 7 ? p->sex : (char)(p->sex - 'a' + 'A');
}

static void career_set(const struct writing *to, struct row *row, uint32_t person)
{
    static const char *const jobs[] = {"administratief medewerker",
                                       "co\xf6rdinator",
                                       "directeur",
                                       "financi\xeble analist",
                                       "ge\xefntegreerde zorg",
                                       "ing\xe9nieur",
                                       "op\xe9rateur",
                                       "projectleider",
                                       "",
                                       "cli\xebntbegeleider"};
    static const char *const roles[] = {"", "top", "middle"};
    static const char *const ftes[] = {"1",    "1",   "1", "1,00", "0,8",
                                       "0,80", "0,5", "1", "0,9",  "1"};
    const struct world *w = to->w;
    const struct career *c = &w->careers[person];
    const struct entity *e = &w->entities[w->posts[c->post].entity];
    enum role role = career_role(w, c, to->day);
    bool short_form = draw_chance(w->seed, DRAW_ROW, person, 200);
    memset(row, 0, sizeof *row);
    row->end = DATE_NONE;
    person_set(to, row, person);
    cell_set(row, COLUMN_ENTITY, e->code);
    date_set(row, COLUMN_START, c->start, short_form);
    if (c->end != DATE_NONE && c->end <= to->day + DAYS_AHEAD)
        date_set(row, COLUMN_END, c->end, short_form);
    cell_set(row, COLUMN_STATUTE, "staff");
    cell_set(row, COLUMN_FTE, ftes[draw_below(w->seed, DRAW_FTE, person, 10)]);
    cell_set(row, COLUMN_LEVEL, w->posts[c->post].role ? "A" : level_draw(w, e->kind, person));
    cell_set(row, COLUMN_ROLE, roles[role]);
    cell_set(row, COLUMN_JOB, jobs[draw_below(w->seed, DRAW_JOB_TITLE, person, 10)]);
}

/* A second job at another entity, never the main one: less time, a later start, or, with equal time
 * from the same day on, a code that sorts later; one person in 200. Changes the main row's time to
 * go with it. */
static bool second_job(const struct writing *to, uint32_t person, struct row *main_row,
                       struct row *second)
{
    const struct world *w = to->w;
    const struct career *c = &w->careers[person];
    uint32_t variant = draw_below(w->seed, DRAW_SECOND_JOB, person, 600);
    if (variant >= 3 || (w->persons[person].flags & PERSON_BAD_NUMBER) || w->entity_count < 2)
        return false;
    uint32_t own = w->posts[c->post].entity;
    uint32_t other = draw_below(w->seed, DRAW_SECOND_JOB, UINT64_C(1) << 40 | person,
                                (uint32_t)w->entity_count - 1);
    other += other >= own;
    const char *code = w->entities[other].code;
    if (variant == 2 && strcmp(code, w->entities[own].code) < 0)
        variant = 0;
    if (variant == 1 && c->end != DATE_NONE && c->end - c->start < 120)
        variant = 0;
    cell_set(main_row, COLUMN_FTE, variant ? "0,5" : "0,6");
    *second = *main_row;
    cell_set(second, COLUMN_FTE, variant ? "0,50" : "0,4");
    cell_set(second, COLUMN_ENTITY, code);
    cell_set(second, COLUMN_ROLE, "");
    if (variant == 1)
        date_set(second, COLUMN_START, c->start + 100, false);
    return true;
}

/* A copy of a good row with something that makes it unreadable. */
static void row_spoil(struct row *row, uint32_t how)
{
    if (how == 0)
        cell_set(row, COLUMN_START, "31/02/2016");
    else if (how == 1)
        cell_set(row, COLUMN_ENTITY, "ZZZ-99");
    else
        cell_set(row, COLUMN_FTE, "1,8");
}

/* Rows beside the person's own that a personnel system leaves behind. */
static int leftovers_write(struct writing *to, uint32_t person, const struct row *row,
                           struct err *err)
{
    const struct world *w = to->w;
    uint32_t pick = draw_below(w->seed, DRAW_ODDITY, person, 10000);
    if (w->persons[person].flags & PERSON_BAD_NUMBER)
        return 0;
    if (pick < 6) /* delivered twice */
        return row_transfer(to, person, row, err);
    struct row copy = *row;
    if (pick < 18 && outfile_allows_bad(&to->out)) {
        row_spoil(&copy, pick % 3);
        return row_write(to, &copy, err);
    }
    if (pick < 24 && w->careers[person].start < date_make(2014, 1, 1) &&
        w->entity_count >= ENTITIES_NAMED) { /* an earlier job at an entity that has ended */
        date_set(&copy, COLUMN_START, date_make(2012, 3, 1), false);
        cell_set(&copy, COLUMN_END, pick % 2 ? "31/12/2013" : "31/03/2013");
        cell_set(&copy, COLUMN_ENTITY, PAST_ENTITY_LIST[pick % 4].code);
        return row_write(to, &copy, err);
    }
    return 0;
}

static int career_write(struct writing *to, uint32_t person, struct err *err)
{
    const struct career *c = &to->w->careers[person];
    struct row row, second;
    if (c->start > to->day + DAYS_AHEAD || (c->end != DATE_NONE && c->end < to->day - DAYS_BACK))
        return 0;
    career_set(to, &row, person);
    bool two = second_job(to, person, &row, &second);
    if (two)
        return row_emit(to, &row, err) || row_emit(to, &second, err) ? -1 : 0;
    return row_transfer(to, person, &row, err) ? -1 : leftovers_write(to, person, &row, err);
}

/* A job student works from the month's first day to its last. */
static int student_write(struct writing *to, uint32_t student, struct err *err)
{
    const struct world *w = to->w;
    uint32_t person = w->student_first + student;
    uint32_t entity =
        draw_below(w->seed, DRAW_STUDENT, UINT64_C(1) << 40 | student, (uint32_t)w->entity_count);
    if (w->entities[entity].domain != to->domain)
        return 0;
    struct row row;
    memset(&row, 0, sizeof row);
    row.end = DATE_NONE;
    person_set(to, &row, person);
    struct ymd d = date_split(to->day);
    cell_set(&row, COLUMN_ENTITY, w->entities[entity].code);
    date_set(&row, COLUMN_START, date_make(d.year, d.month, 1), false);
    date next = d.month == 12 ? date_make(d.year + 1, 1, 1) : date_make(d.year, d.month + 1, 1);
    date_set(&row, COLUMN_END, next - 1, false);
    cell_set(&row, COLUMN_STATUTE, "job_student");
    cell_set(&row, COLUMN_FTE, student % 2 ? "1" : "0,5");
    cell_set(&row, COLUMN_LEVEL, "D");
    return row_emit(to, &row, err);
}

static int domain_write(const struct world *w, const char *folder, int domain, date day,
                        struct err *err)
{
    struct writing to = {.w = w, .day = day, .domain = domain, .office = &OFFICES[domain % 3]};
    struct row headers = {0};
    char name[40];
    (void)snprintf(name, sizeof name, "personnel/%s.csv", DOMAINS[domain].code);
    if (outfile_create(&to.out, folder, name, err))
        return -1;
    for (int i = 0; i < COLUMN_COUNT; i++)
        cell_set(&headers, (enum column)i, HEADERS[i]);
    int rc = row_write(&to, &headers, err);
    for (uint32_t i = 0; i < w->career_count && rc == 0; i++)
        if (w->entities[w->posts[w->careers[i].post].entity].domain == domain)
            rc = career_write(&to, i, err);
    for (uint32_t i = 0; i < w->student_count && rc == 0; i++)
        rc = student_write(&to, i, err);
    return outfile_close(&to.out, rc, err);
}

int personnel_write(const struct world *w, const char *folder, date day, struct err *err)
{
    for (int domain = 0; domain < DOMAIN_COUNT; domain++) {
        bool used = false;
        for (size_t e = 0; e < w->entity_count && !used; e++)
            used = w->entities[e].domain == domain;
        if (used && domain_write(w, folder, domain, day, err))
            return -1;
    }
    return 0;
}
