/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The register extracts: commas, UTF-8, ISO dates, plain numbers. People come in an order that says
 * nothing (a step that shares no factor with their number). Oddities are put where they decide
 * nothing: a wrong parent stands where the parent is unknown anyway, an unreadable row beside a
 * good one.
 */
#include "draw.h"
#include "numbers.h"
#include "write.h"

#include <string.h>

struct extract {
    const struct world *w;
    date day;
    struct outfile out;
};

typedef int (*person_rows)(struct extract *to, uint32_t person, struct err *err);

static uint64_t common_factor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Calls for each registered person once, in an order that depends on the stride. */
static int each_registered(struct extract *to, uint64_t stride, person_rows rows, struct err *err)
{
    uint64_t count = to->w->person_count;
    while (common_factor(stride % count, count) != 1)
        stride++;
    uint64_t at = stride % count;
    for (uint64_t i = 0; i < count; i++, at = (at + stride) % count)
        if ((to->w->persons[at].flags & PERSON_REGISTERED) && rows(to, (uint32_t)at, err))
            return -1;
    return 0;
}

static void number_append(struct extract *to, uint32_t nine, date birth, uint64_t of)
{
    char number[NUMBER_TEXT];
    number_extract(to->w, nine, birth, of, number);
    text_string(&to->out.line, number);
}

static void person_append(struct extract *to, uint32_t person)
{
    number_append(to, person_number(to->w, person, to->day), to->w->persons[person].birth, person);
}

/* A comma and the date. Millions of times: no printf. */
static void date_append(struct extract *to, date day)
{
    char text[] = ",YYYY-MM-DD";
    if (day == DATE_NONE) {
        text_char(&to->out.line, ',');
        return;
    }
    struct ymd d = date_split(day);
    int parts[3] = {d.day, d.month, d.year};
    char *at = text + sizeof text - 1;
    for (int i = 0; i < 3; i++, at--) /* from the right, over the dashes */
        for (int digits = i < 2 ? 2 : 4; digits > 0; digits--, parts[i] /= 10)
            *--at = (char)('0' + parts[i] % 10);
    text_append(&to->out.line, text, sizeof text - 1);
}

static void nis_append(struct extract *to, uint16_t nis)
{
    char code[3] = {(char)('0' + nis / 100), (char)('0' + nis / 10 % 10), (char)('0' + nis % 10)};
    text_append(&to->out.line, code, sizeof code);
}

static uint32_t oddity(const struct extract *to, uint32_t person)
{
    return draw_below(to->w->seed, DRAW_ODDITY, person, 10000);
}

static uint16_t current_at(const struct person *p, date day)
{
    return p->changed != DATE_NONE && p->changed <= day ? p->current : p->first;
}

/* person,birth_date,sex,nationality_first,nationality_current */
static int register_rows(struct extract *to, uint32_t person, struct err *err)
{
    const struct person *p = &to->w->persons[person];
    uint16_t current = current_at(p, to->day);
    uint32_t odd = oddity(to, person);
    int times = odd < 4 ? 2 : 1; /* extracted twice */
    for (int i = 0; i < times; i++) {
        person_append(to, person);
        date_append(to, p->birth);
        text_char(&to->out.line, ',');
        text_char(&to->out.line, p->sex);
        text_char(&to->out.line, ',');
        nis_append(to, p->first);
        text_char(&to->out.line, ',');
        nis_append(to, current == NATIONALITY_LOST ? NIS_UNKNOWN : current);
        text_char(&to->out.line, '\n');
        if (outfile_line(&to->out, err))
            return -1;
    }
    if (odd >= 4 && odd < 8 && outfile_allows_bad(&to->out)) { /* nobody's number */
        char number[NUMBER_TEXT];
        number_plain(p->nine, p->birth, number);
        number[8] = number[8] == '9' ? '0' : (char)(number[8] + 1);
        text_format(&to->out.line, "%s,,m,150,150\n", number);
        return outfile_line(&to->out, err);
    }
    return 0;
}

/* NIS codes as they come: three digits, and now and then a blank, a zero or a decimal too many. */
static int nationality_row(struct extract *to, uint32_t person, uint16_t nis, date start, date end,
                           struct err *err)
{
    static const struct {
        const char *before, *after;
    } forms[] = {{" ", " "}, {"0", ""}, {"", ".0"}, {"", ""}};
    uint32_t pick = draw_below(to->w->seed, DRAW_SPELLING, UINT64_C(1) << 50 | person, 400);
    uint32_t form = pick < 3 ? pick : 3;
    person_append(to, person);
    text_char(&to->out.line, ',');
    text_string(&to->out.line, forms[form].before);
    nis_append(to, nis);
    text_string(&to->out.line, forms[form].after);
    date_append(to, start);
    date_append(to, end);
    text_char(&to->out.line, '\n');
    return outfile_line(&to->out, err);
}

/* person,nationality,start_date,end_date: everybody with a foreign or changed nationality, and
 * three in five of the others; the rest have the register's columns only. */
static int nationality_rows(struct extract *to, uint32_t person, struct err *err)
{
    const struct person *p = &to->w->persons[person];
    uint32_t pick = draw_below(to->w->seed, DRAW_HISTORY, person, 1000), odd = oddity(to, person);
    bool changed = p->changed != DATE_NONE && p->changed <= to->day + 20; /* some to come */
    if (p->first == NIS_BELGIUM && !changed && pick >= 600)
        return 0;
    date start = pick % 20 == 0 ? DATE_NONE : p->birth;
    if (changed && p->current != NATIONALITY_LOST && /* the newest row may well come first */
        nationality_row(to, person, p->current, p->changed, DATE_NONE, err))
        return -1;
    if (nationality_row(to, person, p->first, start, changed ? p->changed - 1 : DATE_NONE, err))
        return -1;
    if (p->first == NIS_BELGIUM && !changed && odd < 10) /* two from the same day: Belgian counts */
        return nationality_row(to, person, odd % 2 ? 354 : 129, start, DATE_NONE, err);
    if (odd >= 10 && odd < 20 && outfile_allows_bad(&to->out)) {
        person_append(to, person);
        text_format(&to->out.line, ",%s,1990-01-01,\n", odd % 2 ? "BE" : "Belg");
        return outfile_line(&to->out, err);
    }
    return 0;
}

/* What an unknown parent's field holds: mostly nothing. Whatever it is, it must not count. */
static void unknown_parent_append(struct extract *to, uint32_t person, uint32_t odd)
{
    const struct world *w = to->w;
    const struct person *p = &w->persons[person];
    if (odd < 20) { /* the person themself */
        person_append(to, person);
    } else if (odd < 50) { /* somebody of about the same age, or far too old */
        uint32_t other =
            draw_below(w->seed, DRAW_PARENT, UINT64_C(1) << 50 | person, w->person_count);
        int32_t older = p->birth - w->persons[other].birth;
        if (older < 11 * 365 || older > 82 * 366)
            person_append(to, other);
    } else if (odd < 70) { /* a number of nobody */
        char number[NUMBER_TEXT];
        number_plain(p->nine, p->birth, number);
        number[10] = number[10] == '9' ? '0' : (char)(number[10] + 1);
        text_string(&to->out.line, number);
    }
}

/* person,parent1,parent2 */
static int filiation_rows(struct extract *to, uint32_t person, struct err *err)
{
    const struct world *w = to->w;
    const struct person *p = &w->persons[person];
    bool nothing = p->parent[0] == PARENT_UNKNOWN && p->parent[1] == PARENT_UNKNOWN;
    if ((p->flags & PERSON_NO_ROW) || (nothing && person >= w->career_count))
        return 0;
    uint32_t odd = oddity(to, person);
    int times = odd >= 9990 ? 2 : 1;
    for (int i = 0; i < times; i++) {
        person_append(to, person);
        for (int k = 0; k < 2; k++) {
            uint32_t parent = p->parent[k];
            text_char(&to->out.line, ',');
            if (parent == PARENT_ABSENT)
                text_string(&to->out.line, "none");
            else if (parent != PARENT_UNKNOWN)
                person_append(to, parent);
            else if (k == 0)
                unknown_parent_append(to, person, odd);
        }
        text_char(&to->out.line, '\n');
        if (outfile_line(&to->out, err))
            return -1;
    }
    return 0;
}

/* old,new,date: chains of up to two. */
static int alias_rows(struct extract *to, uint32_t person, struct err *err)
{
    const struct world *w = to->w;
    if (person >= w->career_count || w->careers[person].old_number == 0)
        return 0;
    const struct person *p = &w->persons[person];
    const struct career *c = &w->careers[person];
    date renumbered = person_renumbered(w, person);
    if (renumbered > to->day) /* still to come */
        return 0;
    if (renumbered == DATE_NONE)
        renumbered = p->birth + 18 * 365 + (date)(person % 700);
    uint32_t chain[3] = {c->older_number, c->old_number, p->nine};
    for (int i = c->older_number ? 0 : 1; i < 2; i++) {
        number_append(to, chain[i], p->birth, person);
        text_char(&to->out.line, ',');
        number_append(to, chain[i + 1], p->birth, person);
        date_append(to, renumbered + i);
        text_char(&to->out.line, '\n');
        if (outfile_line(&to->out, err))
            return -1;
    }
    return 0;
}

/* person,kind,start_date,end_date: the staff's registrations, some of other people, some over. */
static int registration_rows(struct extract *to, uint32_t person, struct err *err)
{
    const struct world *w = to->w;
    bool staff = person < w->career_count;
    date start = staff ? w->careers[person].registered : DATE_NONE, end = DATE_NONE;
    if (start == DATE_NONE && draw_chance(w->seed, DRAW_REGISTERED_ON, person, 10)) {
        start = date_make(2009, 1, 1) + (date)(person % 1500);
        end = staff ? start + 700 : DATE_NONE;
    }
    if (start == DATE_NONE || start > to->day)
        return 0;
    person_append(to, person);
    text_string(&to->out.line, ",disability");
    date_append(to, start);
    date_append(to, end);
    text_char(&to->out.line, '\n');
    return outfile_line(&to->out, err);
}

int extracts_write(const struct world *w, const char *folder, date day, struct err *err)
{
    static const struct {
        const char *name, *header;
        person_rows rows;
    } files[] = {
        {"register.csv", "person,birth_date,sex,nationality_first,nationality_current\n",
         register_rows},
        {"nationality.csv", "person,nationality,start_date,end_date\n", nationality_rows},
        {"filiation.csv", "person,parent1,parent2\n", filiation_rows},
        {"alias.csv", "old,new,date\n", alias_rows},
        {"registration.csv", "person,kind,start_date,end_date\n", registration_rows},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct extract to = {.w = w, .day = day};
        if (outfile_create(&to.out, folder, files[i].name, err))
            return -1;
        text_string(&to.out.line, files[i].header);
        int rc = outfile_line(&to.out, err);
        if (rc == 0)
            rc = each_registered(&to, 7368787 + 104729 * i, files[i].rows, err);
        if (outfile_close(&to.out, rc, err))
            return -1;
    }
    return 0;
}

static void quoted_append(struct text *line, const char *value)
{
    text_char(line, ',');
    text_format(line, strchr(value, ',') ? "\"%s\"" : "%s", value);
}

static int entity_write(struct outfile *out, const char *code, const char *name, int domain,
                        const char *rest, struct err *err)
{
    text_string(&out->line, code);
    quoted_append(&out->line, name);
    text_format(&out->line, ",%s", DOMAINS[domain].code);
    quoted_append(&out->line, DOMAINS[domain].name);
    text_format(&out->line, ",%s\n", rest);
    return outfile_line(out, err);
}

int entities_write(const struct world *w, const char *folder, date day, struct err *err)
{
    struct outfile out;
    if (outfile_create(&out, folder, "entities.csv", err))
        return -1;
    text_string(&out.line, "entity,name,domain,domain_name,valid_from,valid_to,successor\n");
    int rc = outfile_line(&out, err);
    for (size_t i = 0; i < w->entity_count && rc == 0; i++) {
        const struct entity *e = &w->entities[i];
        char name[128];
        bool named = i < ENTITIES_NAMED;
        (void)snprintf(name, sizeof name, "%s%s%s", e->name, named ? "" : " ",
                       named ? "" : e->code);
        uint32_t merged, into;
        date since;
        char rest[64] = ",,", last[DATE_TEXT];
        if (world_merger(w, &merged, &into, &since) && i == merged && day >= since)
            (void)snprintf(rest, sizeof rest, ",%s,%s", date_iso(since - 1, last),
                           w->entities[into].code);
        rc = entity_write(&out, e->code, name, e->domain, rest, err);
    }
    for (size_t i = 0; i < PAST_ENTITIES && w->entity_count >= ENTITIES_NAMED && rc == 0; i++) {
        const struct past_entity *e = &PAST_ENTITY_LIST[i];
        char rest[64];
        (void)snprintf(rest, sizeof rest, "%s,%s,%s", e->valid_from, e->valid_to,
                       e->successor ? e->successor : "");
        rc = entity_write(&out, e->code, e->name, e->domain, rest, err);
    }
    return outfile_close(&out, rc, err);
}
