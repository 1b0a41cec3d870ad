/* SPDX-License-Identifier: EUPL-1.2 */
/* herkomst-sample: writes a made-up government's input files. See README.md and world.h. */
#include "base/report.h"
#include "national.h"
#include "run/program.h"
#include "world.h"
#include "write.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct option_spec OPTIONS[] = {
    {"out", "DIR", "folder for the files; made, and must not hold a sample yet", false},
    {"staff", "N", "people on the staff on each day (45000)", false},
    {"population", "N", "people in the register, at least twice the staff (200000)", false},
    {"entities", "N", "entities, at most as many as staff (75)", false},
    {"seed", "S", "another number, other people (1)", false},
    {"events", NULL, "entities merge and people are renumbered and transferred over the years",
     false},
    {"national", "N",
     "a country instead: N people and N employments, for config/national.ini; takes --seed", false},
    {"date", "YYYY-MM-DD", "state of the files, 2016-01-01 to 2020-12-31 (2017-12-31)", false},
    {NULL, NULL, NULL, false},
};

static const struct program PROGRAM = {
    .name = "herkomst-sample",
    .purpose = "write the input files of a made-up government",
    .arguments = "",
    .least = 0,
    .most = 0,
    .description =
        "Makes personnel/*.csv, register.csv, nationality.csv, filiation.csv, alias.csv, "
        "registration.csv and entities.csv in DIR, for a configuration such as "
        "config/vlaanderen.ini, and prints the figures that they hold as CSV (figure,count).\n\n"
        "The default is the Flemish government at 31 December 2017 with its published figures and "
        "everybody in it invented: 45,000 staff of 75 entities, 9.6 % of foreign origin, 18 women "
        "of "
        "77 in top management, 92 of 260 in middle management, 634 registered disabled people. "
        "Another date shows the same people on another day; at 31 December 2016 the figures are "
        "8.9 %, 17 of 75 and 91 of 261. With --events an entity merges into another one on 1 "
        "October 2017, some people get another number, and some go to another entity.\n\n"
        "The same arguments give the same bytes.",
    .options = OPTIONS,
    .examples = "herkomst-sample --out inputs\n"
                "herkomst-sample --out small --staff 2000 --population 8000 --entities 20 --seed 7",
};

enum { STAFF_MOST = 5000000, POPULATION_MOST = 40000000, ENTITIES_MOST = 5000 };

struct order {
    const char *folder;
    long staff, population, entities, seed;
    long national; /* 0: a government */
    bool events;
    date day;
};

static int order_read(struct order *o, const struct command_line *line, struct err *err)
{
    const char *day = command_value(line, "date");
    o->folder = command_value(line, "out");
    if (!o->folder)
        return err_set(err, ERR_USAGE, "--out is missing");
    if (command_number(line, "staff", 1, STAFF_MOST, 45000, &o->staff, err) ||
        command_number(line, "population", 2, POPULATION_MOST, 200000, &o->population, err) ||
        command_number(line, "entities", 1, ENTITIES_MOST, 75, &o->entities, err) ||
        command_number(line, "seed", 0, INT32_MAX, 1, &o->seed, err) ||
        command_number(line, "national", NATIONAL_LEAST, NATIONAL_MOST, 0, &o->national, err))
        return -1;
    if (o->national)
        return 0;
    o->events = command_has(line, "events");
    o->day = date_parse(day ? day : "2017-12-31", day ? strlen(day) : 10, "%Y-%m-%d");
    if (o->day == DATE_NONE || o->day <= year_end(0) || o->day > year_end(YEAR_COUNT - 1))
        return err_set(err, ERR_USAGE, "--date: not a day from 2016-01-01 to 2020-12-31");
    if (o->entities > o->staff)
        return err_set(err, ERR_USAGE, "--entities: more than --staff");
    if (o->population < 2 * o->staff)
        return err_set(err, ERR_USAGE, "--population: less than twice --staff");
    return 0;
}

static int folders_make(const char *folder, struct err *err)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/personnel", folder);
    if (length < 0 || (size_t)length >= sizeof path)
        return err_set(err, ERR_USAGE, "--out: path too long");
    if ((mkdir(folder, 0777) != 0 && errno != EEXIST) || mkdir(path, 0777) != 0) {
        (void)err_errno(err, ERR_CREATE, "cannot make the folder of personnel files");
        return err_hint(err, "give --out a folder that does not hold a sample yet");
    }
    return 0;
}

static int figures_print(const struct figures *f, struct err *err)
{
    const struct {
        const char *name;
        uint32_t count;
    } rows[] = {{"head_count", f->head_count},     {"women", f->women},
                {"foreign", f->foreign},           {"eu", f->eu},
                {"non_eu", f->foreign - f->eu},    {"belgian", f->belgian},
                {"unknown", f->unknown},           {"top", f->top},
                {"top_women", f->top_women},       {"middle", f->middle},
                {"middle_women", f->middle_women}, {"disability", f->disability}};
    bool failed = printf("figure,count\n") < 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !failed; i++)
        failed = printf("%s,%u\n", rows[i].name, rows[i].count) < 0;
    if (failed || fflush(stdout) != 0)
        return err_errno(err, ERR_IO, "standard output");
    return 0;
}

static int sample_write(const struct order *o, struct err *err)
{
    struct world w;
    struct figures figures;
    int rc = -1;
    if (world_init(&w, (uint64_t)o->seed, (uint32_t)o->staff, (uint32_t)o->population,
                   (size_t)o->entities, err))
        goto out;
    w.events = o->events;
    if (careers_build(&w, err) || families_build(&w, err))
        goto out;
    registrations_build(&w);
    figures_count(&w, o->day, &figures);
    if (!figures_as_planned(&w, o->day, &figures))
        report_note("too small to give the published shares exactly");
    if (folders_make(o->folder, err) || personnel_write(&w, o->folder, o->day, err) ||
        extracts_write(&w, o->folder, o->day, err) || entities_write(&w, o->folder, o->day, err))
        goto out;
    rc = figures_print(&figures, err);
out:
    world_release(&w);
    return rc;
}

static int write_ordered(const struct order *o, struct err *err)
{
    if (!o->national)
        return sample_write(o, err);
    if (mkdir(o->folder, 0777) != 0) {
        (void)err_errno(err, ERR_CREATE, "cannot make the folder");
        return err_at(err, o->folder, 0);
    }
    return national_write(o->folder, (uint64_t)o->seed, (uint32_t)o->national, err);
}

int main(int argc, char **argv)
{
    struct command_line line;
    struct order order = {0};
    struct err err = {0};
    bool done = false;
    report_setup("sample", false, false, 0, 0);
    if (program_parse(&line, &PROGRAM, argc, argv, &done, &err) == 0 &&
        (done || (order_read(&order, &line, &err) == 0 && write_ordered(&order, &err) == 0)))
        return 0;
    report_error(&err);
    return (int)err.kind;
}
