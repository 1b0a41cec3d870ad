/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/derive_facts.h: pieces, and who counts where. */
#include "link/derive_facts.h"

#include "link/person_rows.h"

#include <stdlib.h>
#include <string.h>

enum {
    SUBSET_PEOPLE = 20, /* a smaller population may lie within another one by chance */
};

int derive_facts_open(struct derive_facts *f, const struct derive_context *context,
                      const char *name, bool then, const struct source *from, struct err *err)
{
    memset(f, 0, sizeof *f);
    f->context = context;
    f->then = then;
    f->rows.facts = &f->frame;
    if (frame_open_named(&f->frame, name, true, &f->left, from, err) != 0)
        return -1;
    f->first = frame_need(&f->frame, "first", COLUMN_U8, err);
    f->entity = f->first ? person_rows_words(&f->frame, "entity", err) : NULL;
    return f->entity ? 0 : -1;
}

/* Room for the rows of a piece. */
static int make_room(struct derive_facts *f, struct err *err)
{
    size_t most = f->context->plan->batch + FRAME_BLOCK_ROWS;
    size_t rows = (f->left < most ? f->left : most) + 1;
    f->mask = reallocarray(NULL, rows, sizeof *f->mask);
    f->kept = reallocarray(NULL, rows, sizeof *f->kept);
    f->codes = reallocarray(NULL, rows, sizeof *f->codes);
    f->verdicts = reallocarray(NULL, rows, 1);
    bool there = f->mask && f->kept && f->codes && f->verdicts;
    for (size_t v = 0; v < f->context->structure->variable_count; v++)
        if (f->variables >> v & 1)
            there = (f->categories[v] = reallocarray(NULL, rows, 1)) && there;
    return there ? frame_reserve(&f->frame, rows, err) : err_memory(err);
}

int derive_facts_want(struct derive_facts *f, uint32_t variables, const struct source *from,
                      struct err *err)
{
    f->variables = variables;
    f->judged = derive_judged_open(f, err);
    if (!f->judged || make_room(f, err) != 0)
        return -1;
    return frame_ahead_open(&f->ahead, &f->frame, f->left, from, err);
}

void derive_facts_close(struct derive_facts *f)
{
    if (f->context)
        derive_judged_close(f->judged, f->context->structure);
    frame_ahead_close(&f->ahead);
    frame_release(&f->frame);
    free(f->mask);
    free(f->kept);
    free(f->codes);
    free(f->verdicts);
    for (size_t v = 0; v < CONFIG_VARIABLES; v++)
        free(f->categories[v]);
    memset(f, 0, sizeof *f);
}

static int read_piece(struct derive_facts *f, struct err *err)
{
    f->frame.rows = 0;
    while (f->ahead.left > 0 && f->frame.rows < f->context->plan->batch)
        if (frame_ahead_read(&f->ahead, &f->frame, err) != 0)
            return -1;
    if (!f->begun && f->frame.rows > 0 && !derive_facts_begins(f, 0))
        return err_set(err, ERR_DATA, "frame %s: the first row is not the first of a person",
                       f->frame.name);
    f->begun = true;
    if (cells_any_zero(f->entity, f->frame.rows))
        return err_set(err, ERR_DATA, "frame %s: a row without an entity", f->frame.name);
    return 0;
}

/* A person counts once, at the first row that is in the population. Without a branch: who is in it
 * nobody can foretell. */
static int count_in(struct derive_facts *f, size_t population, struct err *err)
{
    const uint8_t *first = f->first->cells;
    uint64_t counted = f->counted >> population & 1;
    if (derive_judge(f, population, NULL, f->frame.rows, f->verdicts, err) != 0)
        return -1;
    for (size_t row = 0; row < f->frame.rows; row++) {
        uint64_t before = counted & (first[row] == 0);
        uint64_t counts = f->verdicts[row] & ~before;
        f->mask[row] |= counts << population;
        counted = before | counts;
    }
    f->counted = (f->counted & ~(UINT64_C(1) << population)) | counted << population;
    return 0;
}

int derive_facts_next(struct derive_facts *f, struct err *err)
{
    const struct structure *s = f->context->structure;
    if (f->ahead.left == 0)
        return 0;
    if (read_piece(f, err) != 0)
        return -1;
    memset(f->mask, 0, f->frame.rows * sizeof *f->mask);
    for (size_t p = 0; p < s->population_count; p++)
        if (count_in(f, p, err) != 0)
            return -1;
    f->kept_count = 0;
    for (size_t row = 0; row < f->frame.rows; row++) {
        f->kept[f->kept_count] = (uint32_t)row; /* there is room for one more than rows */
        f->kept_count += f->mask[row] != 0;
    }
    for (size_t v = 0; v < s->variable_count; v++)
        if (f->categories[v] && derive_judge(f, s->population_count + v, f->kept, f->kept_count,
                                             f->categories[v], err) != 0)
            return -1;
    return 1;
}

/* ---- populations within each other ---- */

const struct table_config *derive_table_of(const struct derive_context *context, size_t population)
{
    size_t t = 0;
    while ((size_t)context->structure->tables[t].population != population)
        t++;
    return &context->config->tables[t];
}

static bool share_sensitive(const struct structure *s, size_t p, size_t q)
{
    bool in_p[CONFIG_VARIABLES] = {false}, in_q[CONFIG_VARIABLES] = {false};
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++) {
            int v = s->tables[t].variables[i];
            in_p[v] = in_p[v] || (size_t)s->tables[t].population == p;
            in_q[v] = in_q[v] || (size_t)s->tables[t].population == q;
        }
    for (size_t v = 0; v < s->variable_count; v++)
        if (in_p[v] && in_q[v] && s->variables[v].sensitive)
            return true;
    return false;
}

/* True if a table of p leads to one of q along `within`, directly or through other tables'
 * populations. */
static bool says_within(const struct structure *s, size_t p, size_t q)
{
    uint64_t reached = 1ULL << p;
    for (uint64_t before = 0; before != reached;) {
        before = reached;
        for (size_t t = 0; t < s->table_count; t++)
            if (s->tables[t].within >= 0 && (reached >> s->tables[t].population & 1))
                reached |= 1ULL << s->tables[s->tables[t].within].population;
    }
    return reached >> q & 1;
}

void derive_within_open(struct derive_within *w)
{
    memset(w, 0, sizeof *w);
    memset(w->within, 0xFF, sizeof w->within);
}

static void add_person(struct derive_within *w)
{
    for (uint64_t left = w->person; left; left &= left - 1) {
        int p = __builtin_ctzll(left);
        w->within[p] &= w->person;
        w->people[p]++;
    }
    w->person = 0;
}

void derive_within_add(struct derive_within *w, const struct derive_facts *f)
{
    if (f->context->structure->population_count < 2)
        return; /* nothing to be within */
    for (size_t row = 0; row < f->frame.rows; row++) {
        if (derive_facts_begins(f, row))
            add_person(w);
        w->person |= f->mask[row];
    }
}

int derive_within_check(struct derive_within *w, const struct derive_context *context,
                        struct err *err)
{
    const struct structure *s = context->structure;
    add_person(w);
    for (size_t p = 0; p < s->population_count; p++)
        for (size_t q = 0; q < s->population_count; q++) {
            if (p == q || w->people[p] < SUBSET_PEOPLE || !(w->within[p] >> q & 1) ||
                !share_sensitive(s, p, q) || says_within(s, p, q) || says_within(s, q, p))
                continue;
            const struct table_config *t = derive_table_of(context, p),
                                      *of = derive_table_of(context, q);
            (void)err_set(err, ERR_CONFIG, "everybody in it is in the population of table %s too",
                          of->name);
            (void)err_hint(err, "say so in [table %s]: within = %s", t->name, of->name);
            return fields_blame(context->config, "population of table", t->name, t->line, err);
        }
    return 0;
}
