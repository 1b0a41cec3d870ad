/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/indicators.h. */
#include "report/indicators.h"

#include "io/csv_writer.h"
#include "report/decimals.h"
#include "report/shares.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which shares ---- */

/* Is the variable one whose shares the table is about? */
static bool is_subject(const struct structure *s, const struct frequency_table *t, size_t i)
{
    bool any = false;
    for (size_t j = 0; j < t->variable_count; j++)
        any = any || s->variables[t->variables[j]].sensitive;
    return any ? s->variables[t->variables[i]].sensitive : i + 1 == t->variable_count;
}

/* Does a table give the share? */
static bool table_gives(const struct structure *s, const struct frequency_table *t,
                        const struct indicator *share)
{
    bool subject = false;
    bool among[CONFIG_VARIABLES] = {false};
    if (t->population != share->population)
        return false;
    for (size_t i = 0; i < t->variable_count; i++) {
        among[t->variables[i]] = true;
        subject = subject || (t->variables[i] == share->variable && is_subject(s, t, i));
    }
    for (size_t v = 0; v < s->variable_count; v++)
        if (share->among[v] != 0 && !among[v])
            return false;
    return subject;
}

static int add(struct indicators *l, const struct indicator *share, struct err *err)
{
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? 2 * l->capacity : 64;
        struct indicator *list = reallocarray(l->list, capacity, sizeof *list);
        if (!list)
            return err_memory(err);
        l->list = list;
        l->capacity = capacity;
    }
    l->list[l->count++] = *share;
    return 0;
}

/* The next combination of the table's other variables; false after the last one. */
static bool next_among(const struct structure *s, const struct frequency_table *t,
                       struct indicator *share)
{
    for (size_t i = t->variable_count; i-- > 0;) {
        int v = t->variables[i];
        if (v == share->variable)
            continue;
        if ((size_t)share->among[v] + 1 < s->variables[v].category_count) {
            share->among[v]++;
            return true;
        }
        share->among[v] = 0;
    }
    return false;
}

static int list_subject(struct indicators *l, const struct structure *s, size_t table, int variable,
                        struct err *err)
{
    const struct frequency_table *t = &s->tables[table];
    struct indicator share = {.population = t->population, .variable = variable};
    do {
        bool listed = false;
        for (size_t before = 0; before < table; before++)
            listed = listed || table_gives(s, &s->tables[before], &share);
        for (share.category = 1; !listed && share.category < s->variables[variable].category_count;
             share.category++)
            if (add(l, &share, err) != 0)
                return -1;
    } while (next_among(s, t, &share));
    return 0;
}

int indicators_list(struct indicators *l, const struct structure *s, struct err *err)
{
    memset(l, 0, sizeof *l);
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++)
            if (is_subject(s, &s->tables[t], i) &&
                list_subject(l, s, t, s->tables[t].variables[i], err) != 0)
                return -1;
    return 0;
}

void indicators_release(struct indicators *l)
{
    free(l->list);
    memset(l, 0, sizeof *l);
}

struct view_share indicator_at(const struct view *v, const struct indicator *i, size_t unit)
{
    uint16_t categories[CONFIG_VARIABLES];
    struct view_share s;
    memcpy(categories, i->among, sizeof categories);
    s.whole = cells_find(v->cells, i->population, (int)unit, categories);
    categories[i->variable] = i->category;
    s.part = cells_find(v->cells, i->population, (int)unit, categories);
    return s;
}

/* ---- the file ---- */

enum gap { GAP_NONE, GAP_REPLACEMENT, GAP_GROWTH };

struct row {
    const char *name;
    struct view_share share;
    enum gap gap;
    int32_t target_ppm;
};

static void put_count(struct text *out, bool *first, int64_t count)
{
    if (count < 0)
        csv_put(out, first, NULL);
    else
        csv_put_number(out, first, count);
}

static void put_tenths(struct text *out, bool *first, bool known, int64_t tenths)
{
    char text[DECIMALS_TEXT];
    csv_put(out, first, known ? decimals_tenths(tenths, text) : NULL);
}

/* previous_share and change_pp */
static void put_change(struct text *out, bool *first, const struct view *v, struct view_share s)
{
    const struct view_point *was = v->previous;
    bool known = was && view_share_known(v->now, s) && view_share_known(was, s) &&
                 view_comparable(v, was, v->now, s.part);
    int64_t part = view_count(v->now, s.part), whole = view_count(v->now, s.whole);
    int64_t part_then = known ? view_count(was, s.part) : 0;
    int64_t whole_then = known ? view_count(was, s.whole) : 1;
    put_tenths(out, first, known, known ? share_tenths(part_then, whole_then) : 0);
    put_tenths(out, first, known, known ? change_tenths(part, whole, part_then, whole_then) : 0);
}

static void put_target(struct text *out, bool *first, const struct row *r, int64_t part,
                       int64_t whole)
{
    char target[DECIMALS_TEXT];
    csv_put(out, first, r->gap == GAP_NONE ? NULL : decimals_ppm(r->target_ppm, target));
    if (r->gap == GAP_NONE || part < 0 || whole < 0)
        csv_put(out, first, NULL);
    else
        csv_put_number(out, first,
                       r->gap == GAP_GROWTH ? gap_growth(part, whole, r->target_ppm)
                                            : gap_replacement(part, whole, r->target_ppm));
}

static void put_row(struct text *out, const struct view *v, size_t unit, const struct row *r)
{
    const struct unit *u = &v->rules->structure.units[unit];
    int64_t part = view_count(v->now, r->share.part), whole = view_count(v->now, r->share.whole);
    bool known = view_share_known(v->now, r->share), first = true;
    char period[DATE_TEXT];
    csv_put(out, &first, date_iso(v->rules->reference_date, period));
    csv_put(out, &first, level_name(u->level));
    csv_put(out, &first, u->code);
    csv_put(out, &first, r->name);
    put_count(out, &first, part);
    put_count(out, &first, whole);
    put_tenths(out, &first, known, known ? share_tenths(part, whole) : 0);
    put_change(out, &first, v, r->share);
    put_target(out, &first, r, part, whole);
    csv_put(out, &first, !u->delivered ? "n" : part < 0 || whole < 0 ? "c" : NULL);
    csv_end(out, &first);
}

static void name_share(struct text *name, const struct structure *s, const struct indicator *i)
{
    const struct variable *v = &s->variables[i->variable];
    text_clear(name);
    text_format(name, "%s:%s=%s", s->populations[i->population].id, v->name,
                v->categories[i->category].name);
    for (size_t k = 0; k < s->variable_count; k++)
        if (i->among[k] != 0)
            text_format(name, "/%s=%s", s->variables[k].name,
                        s->variables[k].categories[i->among[k]].name);
}

static void put_declared(struct text *out, struct text *name, const struct view *v, size_t unit)
{
    const struct config *c = v->config;
    for (size_t i = 0; i < c->target_count; i++) {
        const struct target_config *t = &c->targets[i];
        for (enum gap gap = GAP_REPLACEMENT; gap <= GAP_GROWTH; gap++) {
            text_clear(name);
            text_format(name, "target:%s%s", t->name, gap == GAP_GROWTH ? ":growth" : "");
            put_row(
                out, v, unit,
                &(struct row){name->bytes, view_share_at(v, &t->share, unit), gap, t->target_ppm});
        }
    }
    for (size_t i = 0; i < c->benchmark_count; i++) {
        const struct benchmark_config *b = &c->benchmarks[i];
        text_clear(name);
        text_format(name, "benchmark:%s", b->name);
        put_row(out, v, unit,
                &(struct row){name->bytes, view_share_at(v, &b->share, unit), GAP_REPLACEMENT,
                              b->share_ppm});
    }
}

int indicators_write(struct text *out, const struct view *v, struct err *err)
{
    const struct structure *s = &v->rules->structure;
    struct indicators list;
    struct text name;
    text_init(&name);
    int rc = indicators_list(&list, s, err);
    text_string(out, "period,level,unit,indicator,numerator,denominator,share,previous_share,"
                     "change_pp,target,gap,status\n");
    for (size_t unit = 0; rc == 0 && unit < s->unit_count && !name.failed; unit++) {
        for (size_t i = 0; i < list.count && !name.failed; i++) {
            name_share(&name, s, &list.list[i]);
            put_row(out, v, unit,
                    &(struct row){name.bytes, indicator_at(v, &list.list[i], unit), GAP_NONE, 0});
        }
        put_declared(out, &name, v, unit);
    }
    if (rc == 0 && (out->failed || name.failed))
        rc = err_memory(err);
    text_release(&name);
    indicators_release(&list);
    return rc;
}
