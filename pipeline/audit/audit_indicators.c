/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * indicators.csv:
 * period,level,unit,indicator,numerator,denominator,share,previous_share,change_pp,target,gap,
 * status: a row each unit and indicator. Every number in a row is worked out again from published
 * cells; one that follows from none, or that stands where a count that it needs is hidden, is a
 * finding.
 *
 * An indicator is POPULATION:VARIABLE=CATEGORY[/VARIABLE=CATEGORY...], the share of the first
 * category among the people who have the others, or a declared one (target:NAME,
 * target:NAME:growth, benchmark:NAME): the name tells no cells, so its counts must be, in every
 * unit, those of one of the former. Declared shares (column target) are the same in all units. All
 * units have the same indicators, so that a row that is not there tells nothing.
 */
#include "audit/derived.h"
#include "audit/indicator.h"
#include "audit/shares.h"

#include "base/dictionary.h"
#include "io/csv_reader.h"
#include "tables/table_csv.h"

#include <stdlib.h>
#include <string.h>

enum { INDICATORS_BYTES = 512 << 20, DECLARED = 256 };

enum {
    PERIOD,
    LEVEL,
    UNIT,
    INDICATOR,
    NUMERATOR,
    DENOMINATOR,
    SHARE,
    PREVIOUS_SHARE,
    CHANGE,
    TARGET,
    GAP,
    STATUS,
    COLUMNS,
};
static const char *const NAMES[COLUMNS] = {"period",    "level",       "unit",  "indicator",
                                           "numerator", "denominator", "share", "previous_share",
                                           "change_pp", "target",      "gap",   "status"};

struct indicator {
    const char *name; /* the dictionary's */
    bool declared;
    struct indicator_share share; /* of one that is not declared */
    char target[16];              /* as first met; "" if none */
    uint8_t *candidates;          /* of a declared one: which of the others it may be, by number */
};

struct reading {
    struct derived_file *f;
    size_t unit, at; /* of the next row: unit, and number of the indicator in it */
    struct dictionary names;
    size_t count, capacity, declared;
    struct indicator *list; /* as the first unit has them, by code in names - 1 */
};

static int find(struct reading *r, long line, const char *cell, const char *what, struct err *err)
{
    return audit_find_line(r->f, line, cell, err, what);
}

static int header(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    (void)context;
    bool same = count == COLUMNS;
    for (size_t i = 0; same && i < COLUMNS; i++)
        same = strcmp(fields[i].bytes, NAMES[i]) == 0;
    return same ? 0 : err_set(err, ERR_DATA, "line %ld: not its columns", line);
}

/* ---- names ---- */

static bool is_declared(const char *name)
{
    return strncmp(name, "target:", 7) == 0 || strncmp(name, "benchmark:", 10) == 0;
}

static bool is_growth(const char *name)
{
    size_t length = strlen(name);
    return strncmp(name, "target:", 7) == 0 && length > 7 &&
           strcmp(name + length - 7, ":growth") == 0;
}

/* ---- numbers ---- */

static int64_t count_of(const int64_t *counts, size_t cell)
{
    return cell == SIZE_MAX ? -1 : counts[cell];
}

static bool is_count(const char *text, int64_t count)
{
    return count < 0 ? !*text : count_parse(text, strlen(text)) == count;
}

static bool is_tenths(const char *text, int64_t tenths)
{
    int64_t value;
    return shares_read_tenths(text, &value) && value == tenths;
}

/* The share of the release before and the change since. Either both stand there or neither;
 * neither may stand where one of the four counts is hidden. */
static const char *change_fault(const struct reading *r, const struct csv_field *fields,
                                const struct indicator_pair *p, int64_t part, int64_t whole)
{
    const struct audit_case *c = r->f->c;
    int64_t then, change;
    if (!fields[PREVIOUS_SHARE].length && !fields[CHANGE].length)
        return NULL;
    if (part < 0 || whole <= 0)
        return "a change beside a hidden count";
    if (!c->result->previous[0])
        return "a change since a release that the manifest does not name";
    if (!shares_read_tenths(fields[PREVIOUS_SHARE].bytes, &then) || then < 0 || then > 1000 ||
        !shares_read_tenths(fields[CHANGE].bytes, &change))
        return "no share and change";
    if (!r->f->then) { /* rounded shares may differ by one tenth from the exact change */
        int64_t about = shares_tenths(part, whole) - then;
        return change < about - 1 || change > about + 1 ? "a change that the shares do not show"
                                                        : NULL;
    }
    int64_t old_part = count_of(r->f->then, p->part), old_whole = count_of(r->f->then, p->whole);
    if (old_part < 0 || old_whole <= 0)
        return "a change since a figure that was not published";
    return then == shares_tenths(old_part, old_whole) &&
                   change == shares_change(part, whole, old_part, old_whole)
               ? NULL
               : "not the change since the release before";
}

static const char *target_fault(struct indicator *i, const struct csv_field *fields, int64_t part,
                                int64_t whole)
{
    int64_t ppm, gap;
    if (!i->declared)
        return fields[TARGET].length || fields[GAP].length ? "a target that nobody declared" : NULL;
    if (strcmp(i->target, fields[TARGET].bytes) != 0)
        return "not the target of the other units";
    if (!shares_read_ppm(fields[TARGET].bytes, &ppm))
        return "a target that is no share";
    if (!fields[GAP].length)
        return part >= 0 && whole >= 0 ? "no gap" : NULL;
    if (part < 0 || whole < 0)
        return "a gap beside a hidden count";
    gap = is_growth(i->name) ? shares_gap_growth(part, whole, ppm) : shares_gap(part, whole, ppm);
    int64_t value;
    return shares_read_whole(fields[GAP].bytes, &value) && value == gap
               ? NULL
               : "a gap that its counts do not give";
}

static const char *row_fault(struct reading *r, struct indicator *i, const struct csv_field *fields,
                             const struct indicator_pair *p)
{
    const struct audit_case *c = r->f->c;
    const struct unit *u = &c->rules.structure.units[r->unit];
    int64_t part = count_of(c->counts, p->part), whole = count_of(c->counts, p->whole);
    const char *status = !u->delivered ? "n" : part < 0 || whole < 0 ? "c" : "";
    if (!is_count(fields[NUMERATOR].bytes, part) || !is_count(fields[DENOMINATOR].bytes, whole))
        return "not the counts of the tables";
    if (strcmp(fields[STATUS].bytes, status) != 0)
        return "not the status of its counts";
    if (part < 0 || whole <= 0) {
        if (fields[SHARE].length)
            return "a share beside a hidden count";
    } else if (!is_tenths(fields[SHARE].bytes, shares_tenths(part, whole))) {
        return "not the share of its counts";
    }
    const char *fault = change_fault(r, fields, p, part, whole);
    return fault ? fault : target_fault(i, fields, part, whole);
}

/* ---- rows ---- */

static int reserve(struct reading *r, struct err *err)
{
    if (r->count < r->capacity)
        return 0;
    size_t capacity = r->capacity ? 2 * r->capacity : 64;
    struct indicator *list = realloc(r->list, capacity * sizeof *list);
    if (!list)
        return err_memory(err);
    r->list = list;
    r->capacity = capacity;
    return 0;
}

/* A declared indicator may be any of those before it, until its rows say otherwise. */
static int make_candidates(struct reading *r, struct indicator *i, long line, struct err *err)
{
    if (++r->declared > DECLARED)
        return err_set(err, ERR_DATA, "line %ld: too many declared shares", line);
    i->candidates = malloc(r->count + 1);
    if (!i->candidates)
        return err_memory(err);
    memset(i->candidates, 1, r->count + 1);
    return 0;
}

static int add_indicator(struct reading *r, const struct csv_field *fields, long line,
                         struct err *err)
{
    const struct csv_field *name = &fields[INDICATOR];
    uint32_t code = dictionary_intern(&r->names, name->bytes, name->length);
    if (code == 0 || reserve(r, err) != 0)
        return err_memory(err);
    if (code != r->count + 1)
        return err_set(err, ERR_DATA, "line %ld: the same indicator again", line);
    struct indicator *i = &r->list[r->count];
    *i = (struct indicator){.name = dictionary_word(&r->names, code)};
    i->declared = is_declared(i->name);
    if (fields[TARGET].length < sizeof i->target)
        memcpy(i->target, fields[TARGET].bytes, fields[TARGET].length);
    if (i->declared && make_candidates(r, i, line, err) != 0)
        return -1;
    r->count++;
    return 0;
}

/* The cells of a declared indicator's row: those of any other indicator of which the row, and each
 * row of it before, repeats the counts. False: of none. */
static bool match_declared(struct reading *r, size_t number, const struct csv_field *fields,
                           struct indicator_pair *p)
{
    const struct audit_case *c = r->f->c;
    bool found = false;
    for (size_t k = 0; k < number; k++) {
        struct indicator_pair pair;
        if (r->list[k].declared || !r->list[number].candidates[k])
            continue;
        bool same = indicator_pair_find(c, &r->list[k].share, r->unit, &pair) &&
                    is_count(fields[NUMERATOR].bytes, count_of(c->counts, pair.part)) &&
                    is_count(fields[DENOMINATOR].bytes, count_of(c->counts, pair.whole));
        r->list[number].candidates[k] = same;
        if (same && !found)
            *p = pair;
        found = found || same;
    }
    return found;
}

static int check_row(struct reading *r, const struct csv_field *fields, long line, struct err *err)
{
    struct indicator *i = &r->list[r->at];
    const struct audit_case *c = r->f->c;
    struct indicator_pair p;
    const char *fault = NULL;
    if (i->declared) {
        if (!match_declared(r, r->at, fields, &p))
            return find(r, line, "", "not the counts of any share of the tables", err);
    } else if (r->unit == 0 && !indicator_share_read(&i->share, i->name, &c->rules.structure)) {
        return find(r, line, "", "an indicator of no cells", err);
    } else if (!indicator_pair_find(c, &i->share, r->unit, &p)) {
        return find(r, line, "", "an indicator of cells that no table has", err);
    }
    fault = row_fault(r, i, fields, &p);
    if (!fault)
        return 0;
    struct text key;
    text_init(&key);
    if (p.part != SIZE_MAX)
        cell_key(&key, &c->cells, p.part);
    int rc = key.failed ? err_memory(err) : find(r, line, key.bytes ? key.bytes : "", fault, err);
    text_release(&key);
    return rc;
}

/* Is this the row of the reading's unit? */
static bool is_of_unit(const struct reading *r, const struct csv_field *fields)
{
    const struct rules *rules = &r->f->c->rules;
    const struct unit *u = &rules->structure.units[r->unit];
    char day[DATE_TEXT];
    return strcmp(fields[PERIOD].bytes, date_iso(rules->reference_date, day)) == 0 &&
           strcmp(fields[LEVEL].bytes, level_name(u->level)) == 0 &&
           strcmp(fields[UNIT].bytes, u->code) == 0;
}

static int row(void *context, const struct csv_field *fields, size_t count, long line,
               struct err *err)
{
    struct reading *r = context;
    const struct structure *s = &r->f->c->rules.structure;
    (void)count;
    r->f->figures++;
    if ((r->unit == 0 && !is_of_unit(r, fields)) || (r->unit > 0 && r->at == r->count)) {
        r->unit++;
        r->at = 0;
    }
    if (r->unit >= s->unit_count || !is_of_unit(r, fields))
        return err_set(err, ERR_DATA, "line %ld: not the unit, or the period, whose turn it is",
                       line);
    if (r->unit == 0) {
        if (add_indicator(r, fields, line, err) != 0)
            return -1;
    } else if (r->count == 0 || strcmp(r->list[r->at].name, fields[INDICATOR].bytes) != 0) {
        return err_set(err, ERR_DATA, "line %ld: not the indicator whose turn it is", line);
    }
    int rc = check_row(r, fields, line, err);
    r->at++;
    return rc;
}

/* Bytes that a CSV reader passes over could hold anything. */
static bool is_plain(const struct text *bytes)
{
    return !memchr(bytes->bytes, '"', bytes->length) &&
           !memchr(bytes->bytes, '\r', bytes->length) && !strstr(bytes->bytes, "\n\n") &&
           (unsigned char)bytes->bytes[0] < 0x80;
}

static int read_file(struct reading *r, const struct text *bytes, struct err *err)
{
    static const struct csv_options options = {.delimiter = ',', .encoding = ENCODING_UTF8};
    struct derived_file *f = r->f;
    if (!is_plain(bytes))
        return err_set(err, ERR_DATA, "bytes that are no part of a plain table");
    if (csv_read_bytes(f->path, bytes->bytes, bytes->length, CSV_BLOCK, &options, header, row, r,
                       err) != 0)
        return -1;
    bool whole = r->unit + 1 == f->c->rules.structure.unit_count && r->at == r->count;
    return whole ? 0 : err_set(err, ERR_DATA, "units or indicators are missing");
}

int audit_indicators(struct derived_file *f, struct err *err)
{
    struct reading r = {.f = f};
    struct text bytes;
    text_init(&bytes);
    dictionary_init(&r.names);
    int rc = audit_read(f->c->folder, f->path, INDICATORS_BYTES, &bytes, err);
    if (rc == 0)
        rc = read_file(&r, &bytes, err);
    if (rc != 0)
        rc = audit_find_error(f->c->result, AUDIT_DERIVED, f->path, err);
    for (size_t i = 0; i < r.count; i++)
        free(r.list[i].candidates);
    free(r.list);
    dictionary_release(&r.names);
    text_release(&bytes);
    return rc;
}
