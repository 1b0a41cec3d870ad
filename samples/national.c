/* SPDX-License-Identifier: EUPL-1.2 */
/* See national.h. */
#include "national.h"

#include "base/date.h"
#include "base/parallel.h"
#include "draw.h"
#include "link/national_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SERIALS = 998,
    JOBS_OF_EMPLOYER = 60, /* so 200,000 employers for 12 million employments */
    SECTORS = 88,
    LINE_MOST = 160,
    BLOCK = 1 << 20,
    NIS_BELGIUM = 150,
};

/* NACE Rev. 2: sections and the last division of each. */
static const struct {
    const char *code, *name;
    int from, to;
} SECTIONS[] = {
    {"A", "Agriculture", 1, 3},
    {"B", "Mining", 5, 9},
    {"C", "Manufacturing", 10, 33},
    {"D", "Energy", 35, 35},
    {"E", "Water and waste", 36, 39},
    {"F", "Construction", 41, 43},
    {"G", "Trade", 45, 47},
    {"H", "Transport", 49, 53},
    {"I", "Accommodation and food", 55, 56},
    {"J", "Information", 58, 63},
    {"K", "Finance", 64, 66},
    {"L", "Real estate", 68, 68},
    {"M", "Professional activities", 69, 75},
    {"N", "Support services", 77, 82},
    {"O", "Public administration", 84, 84},
    {"P", "Education", 85, 85},
    {"Q", "Health and social work", 86, 88},
    {"R", "Arts and recreation", 90, 93},
    {"S", "Other services", 94, 96},
    {"T", "Households", 97, 98},
    {"U", "International organisations", 99, 99},
};
enum { SECTION_COUNT = sizeof SECTIONS / sizeof *SECTIONS };

/* Some countries of each of the twelve groups, by NIS code, the first ones more often. */
static const uint16_t COUNTRIES[] = {111, 354, 262, 109, 122, 124, 306, 103, 123, 114, 357,
                                     106, 207, 218, 351, 151, 145, 254, 261, 255, 301, 304,
                                     402, 401, 414, 419, 412, 143, 121, 127, 209, 214, 249};
enum { COUNTRY_COUNT = sizeof COUNTRIES / sizeof *COUNTRIES };

struct country {
    uint64_t seed;
    uint32_t people, per_day, employers;
    uint32_t working_from, working_to; /* people of 18 to 65 years */
    date first_day, reference;
    uint8_t sectors[SECTORS];
};

struct writer {
    FILE *file;
    char *block;
    size_t used;
};

static void put(struct writer *w, const char *text, size_t length)
{
    memcpy(w->block + w->used, text, length);
    w->used += length;
}

static void put_char(struct writer *w, char c)
{
    w->block[w->used++] = c;
}

/* A number of so many digits. */
static void put_digits(struct writer *w, uint64_t number, size_t digits)
{
    for (size_t i = digits; i-- > 0; number /= 10)
        w->block[w->used + i] = (char)('0' + number % 10);
    w->used += digits;
}

static void put_date(struct writer *w, date day)
{
    struct ymd d = date_split(day);
    put_digits(w, (uint64_t)d.year, 4);
    put_char(w, '-');
    put_digits(w, (uint64_t)d.month, 2);
    put_char(w, '-');
    put_digits(w, (uint64_t)d.day, 2);
}

static date birth_of(const struct country *c, uint32_t person)
{
    return c->first_day + (date)(person / c->per_day);
}

/* Odd serials are men's. */
static bool is_man(const struct country *c, uint32_t person)
{
    return person % c->per_day % SERIALS % 2 == 0;
}

static void put_number(struct writer *w, const struct country *c, uint32_t person)
{
    struct ymd d = date_split(birth_of(c, person));
    uint32_t k = person % c->per_day;
    uint64_t month = (uint64_t)d.month + (k >= SERIALS ? 40 : 0);
    uint64_t nine = (uint64_t)(d.year % 100) * 10000000 + month * 100000 + (uint64_t)d.day * 1000 +
                    1 + k % SERIALS;
    put_digits(w, nine, 9);
    put_digits(w, national_number_check(nine, d.year >= 2000), 2);
}

static uint32_t first_nationality(const struct country *c, uint32_t person)
{
    if (!draw_chance(c->seed, DRAW_FOREIGN, person, 1400))
        return NIS_BELGIUM;
    uint64_t u = draw_below(c->seed, DRAW_COUNTRY, person, 1 << 16);
    return COUNTRIES[(u * u >> 16) * COUNTRY_COUNT >> 16];
}

/* A man or woman 20 to 40 years older, or nobody known (k: 0 mother, 1 father). */
static void put_parent(struct writer *w, const struct country *c, uint32_t person, unsigned k)
{
    uint64_t of = 2 * (uint64_t)person + k;
    uint32_t days = 7305 + draw_below(c->seed, DRAW_PARENT, of, 7305);
    uint32_t day = person / c->per_day;
    if (draw_chance(c->seed, DRAW_UNKNOWN, of, k ? 700 : 300) || day < days)
        return;
    if (draw_chance(c->seed, DRAW_ABSENT, of, k ? 100 : 1)) {
        put(w, "none", 4);
        return;
    }
    uint32_t parent = (day - days) * c->per_day + draw_below(c->seed, DRAW_FAMILY, of, c->per_day);
    if (is_man(c, parent) != (k == 1))
        parent = parent % c->per_day == 0 ? parent + 1 : parent - 1;
    put_number(w, c, parent);
}

static void register_row(struct writer *w, const struct country *c, uint32_t person)
{
    uint32_t first = first_nationality(c, person);
    bool changed = first != NIS_BELGIUM && draw_chance(c->seed, DRAW_CHANGED, person, 5000);
    put_number(w, c, person);
    put_char(w, ',');
    put_date(w, birth_of(c, person));
    put(w, is_man(c, person) ? ",m," : ",f,", 3);
    put_digits(w, first, 3);
    put_char(w, ',');
    put_digits(w, changed ? NIS_BELGIUM : first, 3);
    for (unsigned k = 0; k < 2; k++) {
        put_char(w, ',');
        put_parent(w, c, person, 1 - k);
    }
    uint64_t rest = draw(c->seed, DRAW_ODDITY, person); /* columns that nobody names */
    put_char(w, ',');
    put_digits(w, 11001 + rest % 80000, 5);
    put_char(w, ',');
    put_digits(w, rest >> 20 & 7, 1);
    put_char(w, ',');
    put_digits(w, rest >> 30 & 7, 1);
    put_char(w, ',');
    put_date(w, c->reference - (date)(rest >> 40 & 0x1FFF));
}

static void employment_row(struct writer *w, const struct country *c, uint32_t job)
{
    uint32_t working = c->working_to - c->working_from;
    uint32_t person = c->working_from + job % working;
    bool main_job = job < working;
    uint64_t u = draw_below(c->seed, DRAW_COLLEAGUE, job, 1 << 20);
    uint32_t employer = (uint32_t)((u * u >> 20) * c->employers >> 20);
    uint64_t s = draw_below(c->seed, DRAW_ENTITY_SIZE, employer, 1 << 16);
    uint32_t region = draw_below(c->seed, DRAW_START, employer, 100);
    date start = c->reference - (date)draw_below(c->seed, DRAW_JOB_TITLE, job, 7000);
    put_number(w, c, person);
    put(w, ",E", 2);
    put_digits(w, employer, 6);
    put_char(w, ',');
    put_digits(w, c->sectors[(s * s >> 16) * SECTORS >> 16], 2);
    put(w, region < 57 ? ",VLA," : region < 89 ? ",WAL," : ",BRU,", 5);
    put_date(w, start);
    put_char(w, ',');
    if (draw_chance(c->seed, DRAW_LEAVE, job, main_job ? 1500 : 6000))
        put_date(w, start + (date)draw_below(c->seed, DRAW_MONTH, job, 3000));
    uint32_t fte = draw_below(c->seed, DRAW_FTE, job, 10);
    put(w, fte < 6 ? ",1.00" : fte < 8 ? ",0.80" : ",0.50", 5);
}

static int flush(struct writer *w, struct err *err)
{
    if (fwrite(w->block, 1, w->used, w->file) != w->used)
        return err_errno(err, ERR_IO, "cannot write");
    w->used = 0;
    return 0;
}

typedef void (*row_writer)(struct writer *w, const struct country *c, uint32_t index);

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    return b ? common_divisor(b, a % b) : a;
}

/* As many rows as people, in an order that steps through all of them. */
static int rows_write(struct writer *w, const struct country *c, row_writer row, struct err *err)
{
    uint64_t step = (uint64_t)c->people * 618034 / 1000000;
    while (common_divisor(c->people, (uint32_t)step) != 1)
        step++;
    uint64_t at = c->seed % c->people;
    for (uint32_t i = 0; i < c->people; i++, at = (at + step) % c->people) {
        row(w, c, (uint32_t)at);
        put_char(w, '\n');
        if (w->used > BLOCK - LINE_MOST && flush(w, err) != 0)
            return -1;
    }
    return flush(w, err);
}

static void entities_write(struct writer *w)
{
    for (size_t s = 0; s < SECTION_COUNT; s++)
        for (int division = SECTIONS[s].from; division <= SECTIONS[s].to; division++)
            w->used +=
                (size_t)snprintf(w->block + w->used, LINE_MOST, "%02d,NACE division %02d,%s,%s\n",
                                 division, division, SECTIONS[s].code, SECTIONS[s].name);
}

static int file_write(const struct country *c, const char *folder, int which, struct err *err)
{
    static const char *const names[] = {"entities.csv", "register.csv", "employments.csv"};
    static const char *const headers[] = {
        "entity,name,domain,domain_name\n",
        ("person,birth_date,sex,nationality_first,nationality_current,parent1,parent2,"
         "municipality,civil_state,household,address_since\n"),
        "person,employer,sector,region,start_date,end_date,fte\n"};
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, names[which]);
    struct writer w = {.file = fopen(path, "wxe"), .block = malloc(BLOCK)};
    int rc = -1;
    if (!w.file)
        (void)err_errno(err, ERR_CREATE, "cannot create");
    else if (!w.block)
        (void)err_memory(err);
    else {
        put(&w, headers[which], strlen(headers[which]));
        if (which == 0) {
            entities_write(&w);
            rc = flush(&w, err);
        } else {
            rc = rows_write(&w, c, which == 1 ? register_row : employment_row, err);
        }
    }
    if (w.file && fclose(w.file) != 0 && rc == 0)
        rc = err_errno(err, ERR_IO, "cannot write");
    free(w.block);
    return rc == 0 ? 0 : err_at(err, path, 0);
}

struct order {
    const struct country *country;
    const char *folder;
};

static int files_write(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct order *order = context;
    (void)range;
    for (size_t which = begin; which < end; which++)
        if (file_write(order->country, order->folder, (int)which, err) != 0)
            return -1;
    return 0;
}

int national_write(const char *folder, uint64_t seed, uint32_t people, struct err *err)
{
    struct country c = {.seed = seed, .people = people};
    c.reference = date_make(2017, 12, 31);
    c.first_day = date_make(1916, 1, 1);
    uint32_t days = (uint32_t)(c.reference - c.first_day) + 1;
    c.per_day = (people + days - 1) / days;
    c.per_day += c.per_day % 2; /* a man for each woman of a day */
    c.employers = people / JOBS_OF_EMPLOYER;
    c.working_from = (uint32_t)(date_make(1952, 1, 1) - c.first_day) * c.per_day;
    c.working_to = (uint32_t)(date_make(1999, 12, 31) - c.first_day) * c.per_day;
    /* The last days of a small country are not reached. */
    c.working_to = c.working_to < people ? c.working_to : people;
    size_t n = 0;
    for (size_t s = 0; s < SECTION_COUNT; s++)
        for (int division = SECTIONS[s].from; division <= SECTIONS[s].to; division++)
            c.sectors[n++] = (uint8_t)division;
    struct order order = {&c, folder};
    return parallel_ranges(3, 3, files_write, &order, err);
}
