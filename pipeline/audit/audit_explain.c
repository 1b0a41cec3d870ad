/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What anybody can work out of one cell: audit_explain of include/audit/audit.h. All that is told
 * follows from the release's published files, so telling it gives nothing away that they do not.
 */
#include "audit/range.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 20000, EQUATIONS_TOLD = 12, CELLS_TOLD = 24 };

struct end { /* of the cell's range */
    bool known, seen;
    int64_t value;
    int64_t *table; /* per place */
};

struct explaining {
    struct audit_case *c;
    struct audit_range range;
    size_t cell;
    struct end low, high;
    uint32_t equations[EQUATIONS_TOLD]; /* that bound it */
    size_t equation_count;
    struct text *out;
};

static void put_key(struct text *out, const struct audit_case *c, size_t cell)
{
    cell_key(out, &c->cells, cell);
}

/* ---- a published cell ---- */

static void tell_published(const struct audit_case *c, size_t cell, struct text *out)
{
    text_format(out, "published: %" PRId64 "\n", c->counts[cell]);
    if (c->cells.flags[cell] & CELL_PUBLIC)
        text_string(out, "It is a head count; those are always published.\n");
    else if (!(c->cells.flags[cell] & CELL_SENSITIVE))
        text_string(out, "It is not sensitive, and no other cell needs it hidden.\n");
}

/* ---- a hidden one ---- */

static void add_equation(struct explaining *x, uint32_t e)
{
    for (size_t i = 0; i < x->equation_count; i++)
        if (x->equations[i] == e)
            return;
    if (x->equation_count < EQUATIONS_TOLD)
        x->equations[x->equation_count++] = e;
}

/* The equations that the answer at hand rests on. */
static void note_equations(struct explaining *x)
{
    const struct audit_part *p = &x->range.part;
    size_t place = p->place[x->cell] - 1;
    if (p->defined[place])
        add_equation(x, p->defined[place] - 1);
    for (size_t row = 0; row < p->row_count; row++)
        if (audit_range_decides(&x->range, row))
            add_equation(x, (uint32_t)p->row_equation.values[row]);
}

static int find_end(struct explaining *x, int sign, struct end *e, struct err *err)
{
    size_t size = x->range.part.cell_count * sizeof *e->table;
    int64_t bound, best = INT64_MAX;
    e->table = malloc(size + 1);
    if (!e->table)
        return err_memory(err);
    audit_range_clear(&x->range);
    audit_range_price(&x->range, x->cell, sign);
    bool bounded = audit_range_solve(&x->range) == RANGE_SOLVED &&
                   audit_range_bound(&x->range, x->cell, sign, &bound);
    if (bounded)
        note_equations(x);
    bool complete =
        audit_range_whole(&x->range, x->cell, sign, bounded ? bound : INT64_MIN, NODES, &best);
    e->seen = best != INT64_MAX;
    e->known = e->seen && ((bounded && best == bound) || complete);
    e->value = sign * best;
    if (e->seen)
        memcpy(e->table, x->range.table, size);
    return 0;
}

static void tell_needs(struct explaining *x)
{
    const struct audit_case *c = x->c;
    const struct disclosure *d = &c->rules.disclosure;
    struct text *out = x->out;
    if (!audit_asks(c, x->cell)) {
        text_string(out, "Nothing is asked of it: it is hidden to protect others.\n");
        return;
    }
    if (d->interval)
        text_format(out,
                    "The rules ask that it may be %" PRId64 " or more, over a range of %" PRId64
                    " or more (or as far as its group goes); or that it is never below %" PRId64
                    ".\n",
                    d->threshold, d->protection_width, d->threshold);
    else
        text_string(out, "The rules ask that more than one value is possible.\n");
    bool shown =
        x->low.seen && x->high.seen && audit_protects(c, x->cell, x->low.value, x->high.value);
    bool floored = x->low.known && audit_protects_floor(c, x->low.value);
    text_string(out, shown || floored                ? "It is protected.\n"
                     : x->low.known && x->high.known ? "It is NOT protected.\n"
                                                     : "It is not shown to be protected.\n");
}

static void tell_end(struct explaining *x, const struct end *e, const char *name)
{
    if (!e->seen)
        text_format(x->out, "%s: no table was found that shows an end\n", name);
    else
        text_format(x->out, "%s: %" PRId64 "%s\n", name, e->value, e->known ? "" : " or beyond");
}

static void tell_range(struct explaining *x)
{
    const struct audit_case *c = x->c;
    uint32_t group = c->cells.group[x->cell];
    text_string(x->out, "not published\nWhat anybody can work out from the published files:\n");
    tell_end(x, &x->low, "  least possible count");
    tell_end(x, &x->high, "  greatest possible count");
    if (c->counts[group] >= 0 && group != x->cell) {
        text_format(x->out, "  counted among the %" PRId64 " people of ", c->counts[group]);
        put_key(x->out, c, group);
        text_char(x->out, '\n');
    }
    tell_needs(x);
}

static void tell_equations(struct explaining *x)
{
    const struct audit_case *c = x->c;
    const struct cells *s = &c->cells;
    if (x->equation_count == 0)
        return;
    text_string(x->out, "\nThe equations that bound it (? = not published):\n");
    for (size_t i = 0; i < x->equation_count; i++) {
        uint32_t e = x->equations[i];
        for (uint32_t m = s->equation_start[e]; m < s->equation_start[e + 1]; m++) {
            uint32_t cell = s->equation_cell[m];
            bool total = m == s->equation_start[e];
            text_string(x->out, total ? "  " : m == s->equation_start[e] + 1 ? "    = " : "    + ");
            if (c->hidden[cell])
                text_string(x->out, "?  ");
            else
                text_format(x->out, "%" PRId64 "  ", c->counts[cell]);
            put_key(x->out, c, cell);
            text_char(x->out, '\n');
        }
    }
}

/* The cells of the told equations at both ends, the cell itself first. */
static void tell_tables(struct explaining *x)
{
    const struct audit_part *p = &x->range.part;
    const struct cells *s = &x->c->cells;
    uint32_t told[CELLS_TOLD] = {(uint32_t)x->cell};
    size_t count = 1;
    if (!x->low.seen || !x->high.seen)
        return;
    for (size_t i = 0; i < x->equation_count; i++)
        for (uint32_t m = s->equation_start[x->equations[i]];
             m < s->equation_start[x->equations[i] + 1]; m++) {
            uint32_t cell = s->equation_cell[m];
            bool known = !p->place[cell];
            for (size_t k = 0; k < count && !known; k++)
                known = told[k] == cell;
            if (!known && count < CELLS_TOLD)
                told[count++] = cell;
        }
    text_format(x->out,
                "\nTwo tables that agree with everything published (%zu of their %zu hidden "
                "cells):\n  %12s %12s  cell\n",
                count, p->cell_count, "least", "greatest");
    for (size_t k = 0; k < count; k++) {
        size_t place = p->place[told[k]] - 1;
        text_format(x->out, "  %12" PRId64 " %12" PRId64 "  ", x->low.table[place],
                    x->high.table[place]);
        put_key(x->out, x->c, told[k]);
        text_char(x->out, '\n');
    }
}

static int explain_hidden(struct audit_case *c, size_t cell, struct text *out, struct err *err)
{
    struct explaining x = {.c = c, .cell = cell, .out = out};
    struct audit_index index = {0};
    int rc = audit_index_build(&index, &c->cells, err);
    if (rc == 0)
        rc = audit_range_begin(&x.range, c, &index, err);
    if (rc == 0)
        rc = audit_range_enter(&x.range, cell, err);
    if (rc == 0)
        rc = find_end(&x, 1, &x.low, err);
    if (rc == 0)
        rc = find_end(&x, -1, &x.high, err);
    if (rc == 0) {
        tell_range(&x);
        tell_equations(&x);
        tell_tables(&x);
    }
    free(x.low.table);
    free(x.high.table);
    audit_range_close(&x.range);
    audit_index_release(&index);
    return rc;
}

int audit_explain(const char *folder, const char *key, const struct audit_result *result,
                  struct text *out, struct err *err)
{
    struct audit_case c = {.folder = folder};
    bool good = false;
    int rc = result->checks[AUDIT_TURNOVER].checked ? audit_read_again(&c, &good, err) : 0;
    size_t cell = good ? cell_by_key(&c.cells, key) : SIZE_MAX;
    if (rc == 0 && !good) {
        rc = err_set(err, ERR_REFUSED, "the release's tables cannot be read: no cell is explained");
    } else if (rc == 0 && (cell == SIZE_MAX || c.cells.flags[cell] & CELL_UNPUBLISHED)) {
        err_set(err, ERR_USAGE, "--explain: the release has no such cell");
        rc = err_hint(err, "keys look like staff|entity:OMG-07|origin=foreign|sex=f");
    } else if (rc == 0) {
        put_key(out, &c, cell);
        text_string(out, ": ");
        if (!c.hidden[cell])
            tell_published(&c, cell, out);
        else
            rc = explain_hidden(&c, cell, out, err);
    }
    if (rc == 0 && out->failed)
        rc = err_memory(err);
    audit_case_release(&c);
    return rc;
}
