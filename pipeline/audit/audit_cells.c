/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rules on single cells and single equations: tables, additivity, head counts, unsafe cells,
 * and the small counts of quality.csv. See include/audit/case.h and the README's "What is
 * protected".
 */
#include "audit/case.h"

#include "io/frame.h"

#include "io/csv_reader.h"
#include "tables/table_csv.h"

#include <stdlib.h>
#include <string.h>

/* 0: read; 1: a finding was made; -1: the audit cannot go on. */
static int read_table(struct audit_case *c, size_t table, uint8_t *status, struct err *err)
{
    struct text path, full;
    text_init(&path);
    text_init(&full);
    text_format(&path, "tables/%s.csv", c->rules.structure.tables[table].name);
    text_format(&full, "%s/%s", c->folder, path.failed ? "" : path.bytes);
    int rc = -1;
    if (path.failed || full.failed)
        err_memory(err);
    else if (table_csv_read(full.bytes, &c->rules, &c->cells, table, c->counts, status, err) == 0)
        rc = 0;
    else
        rc = audit_find_error(c->result, AUDIT_TABLES, path.bytes, err) == 0 ? 1 : -1;
    text_release(&path);
    text_release(&full);
    return rc;
}

int audit_tables(struct audit_case *c, struct err *err)
{
    size_t count = c->cells.count, published = 0, findings = 0;
    uint8_t *status = malloc(count + 1);
    c->counts = calloc(count + 1, sizeof *c->counts);
    c->hidden = calloc(count + 1, 1);
    if (!status || !c->counts || !c->hidden) {
        free(status);
        return err_memory(err);
    }
    memset(status, STATUS_UNREAD, count + 1);
    int rc = 0;
    int64_t total = 0;
    bool addable = true;
    for (size_t t = 0; t < c->rules.structure.table_count && rc >= 0; t++) {
        rc = read_table(c, t, status, err);
        findings += rc == 1;
    }
    for (size_t i = 0; i < count; i++) {
        c->hidden[i] = status[i] != STATUS_PUBLISHED;
        if (c->hidden[i])
            c->counts[i] = -1;
        published += !c->hidden[i];
        addable = addable && (c->hidden[i] || audit_addable(&total, c->counts[i]));
    }
    free(status);
    if (rc >= 0 && !addable) {
        findings++;
        rc = audit_find(c->result, AUDIT_TABLES, "", "", err, "counts too large to be added up");
    }
    audit_figure(c->result, AUDIT_TABLES, "tables", c->rules.structure.table_count);
    audit_figure(c->result, AUDIT_TABLES, "cells", count);
    audit_figure(c->result, AUDIT_TABLES, "published", published);
    if (rc >= 0 && findings == 0)
        audit_end(c->result, AUDIT_TABLES);
    return rc < 0 ? -1 : 0;
}

/* What an equation says by itself: a published total is what its published members leave room for.
 */
static const char *equation_fault(const struct audit_case *c, size_t e)
{
    const uint32_t *member = c->cells.equation_cell + c->cells.equation_start[e];
    size_t count = c->cells.equation_start[e + 1] - c->cells.equation_start[e], hidden = 0;
    int64_t sum = 0; /* below AUDIT_ADDABLE */
    for (size_t i = 1; i < count; i++) {
        hidden += c->hidden[member[i]];
        sum += c->hidden[member[i]] ? 0 : c->counts[member[i]];
    }
    if (c->hidden[member[0]])
        return NULL;
    if (hidden == 0 && sum != c->counts[member[0]])
        return "not the sum of its parts";
    return sum > c->counts[member[0]] ? "less than the sum of its published parts" : NULL;
}

int audit_additivity(struct audit_case *c, struct err *err)
{
    for (size_t e = 0; e < c->cells.equation_count; e++) {
        const char *fault = equation_fault(c, e);
        uint32_t total = c->cells.equation_cell[c->cells.equation_start[e]];
        if (fault && audit_find_cell(c, AUDIT_ADDITIVITY, total, err, fault) != 0)
            return -1;
    }
    audit_figure(c->result, AUDIT_ADDITIVITY, "equations", c->cells.equation_count);
    audit_end(c->result, AUDIT_ADDITIVITY);
    return 0;
}

int audit_public(struct audit_case *c, struct err *err)
{
    size_t looked_at = 0;
    for (size_t i = 0; i < c->cells.count; i++) {
        if (!(c->cells.flags[i] & CELL_PUBLIC))
            continue;
        looked_at++;
        if (c->hidden[i] &&
            audit_find_cell(c, AUDIT_PUBLIC, i, err, "a head count that is not published") != 0)
            return -1;
    }
    audit_figure(c->result, AUDIT_PUBLIC, "head counts", looked_at);
    audit_end(c->result, AUDIT_PUBLIC);
    return 0;
}

/* The population's size at a cell's unit, or -1 if that is hidden. */
static int64_t unit_population(const struct audit_case *c, size_t cell)
{
    static const uint16_t totals[CONFIG_VARIABLES];
    size_t all =
        cells_find(&c->cells, (int)c->cells.population[cell], (int)c->cells.unit[cell], totals);
    return all == SIZE_MAX ? -1 : c->counts[all];
}

static const char *unsafe_reason(const struct audit_case *c, size_t cell)
{
    const struct disclosure *d = &c->rules.disclosure;
    int64_t n = c->counts[cell], group = c->counts[c->cells.group[cell]];
    if (n > 0 && n < d->threshold)
        return "published below the threshold";
    if (n == 0 && d->protect_zeros && group != 0)
        return "a zero of a group with people in it";
    int64_t population = unit_population(c, cell);
    if (population >= 0 && population < d->minimum_population)
        return "published though its unit is too small";
    return NULL;
}

int audit_unsafe(struct audit_case *c, struct err *err)
{
    size_t looked_at = 0;
    for (size_t i = 0; i < c->cells.count; i++) {
        if (!(c->cells.flags[i] & CELL_SENSITIVE) || c->hidden[i])
            continue;
        looked_at++;
        const char *reason = unsafe_reason(c, i);
        if (reason && audit_find_cell(c, AUDIT_UNSAFE, i, err, reason) != 0)
            return -1;
    }
    audit_figure(c->result, AUDIT_UNSAFE, "published sensitive cells", looked_at);
    audit_end(c->result, AUDIT_UNSAFE);
    return 0;
}

struct quality_reading {
    struct audit_case *c;
    size_t figures;
    bool only_heads; /* a sensitive cell of the government is hidden */
};

static int quality_find(struct audit_case *c, long line, const char *what, struct err *err)
{
    return audit_find(c->result, AUDIT_QUALITY, "quality.csv", "", err, "line %ld: %s", line, what);
}

static int quality_header(void *context, const struct csv_field *fields, size_t count, long line,
                          struct err *err)
{
    static const char *const names[] = {"dataset", "check", "count", "status"};
    const struct quality_reading *q = context;
    bool same = count == 4;
    for (size_t i = 0; i < 4 && same; i++)
        same = strcmp(fields[i].bytes, names[i]) == 0;
    return same ? 0 : quality_find(q->c, line, "not its columns", err);
}

/* A dataset, or a check such as population:staff. */
static bool is_quality_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length < FRAME_NAME &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-") ==
               length;
}

static int quality_row(void *context, const struct csv_field *fields, size_t count, long line,
                       struct err *err)
{
    struct quality_reading *q = context;
    q->figures++;
    if (count != 4)
        return 0; /* the header's finding */
    if (!is_quality_name(fields[0].bytes) || !is_quality_name(fields[1].bytes))
        return quality_find(q->c, line, "a dataset or check of a strange name", err);
    if (strcmp(fields[3].bytes, "c") == 0)
        return fields[2].length ? quality_find(q->c, line, "a count that its status denies", err)
                                : 0;
    int64_t n = count_parse(fields[2].bytes, fields[2].length);
    if (n < 0 || fields[3].length)
        return quality_find(q->c, line, "not a count and status", err);
    if (q->only_heads && strcmp(fields[0].bytes, "derive") != 0)
        return quality_find(q->c, line, "tells of a hidden figure of the government", err);
    return n > 0 && n < q->c->rules.disclosure.threshold
               ? quality_find(q->c, line, "published below the threshold", err)
               : 0;
}

/* Figures about the data count people of the whole government: where one of its own sensitive cells
 * is hidden, they could tell it. */
static bool government_hidden(const struct audit_case *c)
{
    for (size_t i = 0; i < c->cells.count; i++)
        if (c->cells.unit[i] == 0 && c->hidden[i] &&
            (c->cells.flags[i] & (CELL_SENSITIVE | CELL_UNPUBLISHED)) == CELL_SENSITIVE)
            return true;
    return false;
}

int audit_quality(struct audit_case *c, struct err *err)
{
    static const struct csv_options options = {.delimiter = ',', .encoding = ENCODING_UTF8};
    struct quality_reading q = {.c = c, .only_heads = government_hidden(c)};
    struct text path;
    text_init(&path);
    text_format(&path, "%s/quality.csv", c->folder);
    int rc = path.failed ? err_memory(err)
                         : csv_read(path.bytes, &options, quality_header, quality_row, &q, err);
    text_release(&path);
    audit_figure(c->result, AUDIT_QUALITY, "figures", q.figures);
    if (rc != 0)
        return audit_find_error(c->result, AUDIT_QUALITY, "quality.csv", err);
    audit_end(c->result, AUDIT_QUALITY);
    return 0;
}
