/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The tables as sdcTable reads them: the inner cells as a data frame, hierarchies of "@", and a
 * script that makes and protects a problem of each.
 *
 * Where a node is the only one below another, sdcTable keeps one cell for both, under the upper
 * one's code: the list of statuses names no such node.
 */
#include "export/shape.h"
#include "io/csv_writer.h"

#include <string.h>

static const char EXPLANATION[] =
    "Counts before suppression, for the R package sdcTable: confidential.\n\n"
    "Rscript protect.R, in this folder, protects each table by itself and writes\n"
    "protected/TABLE.csv. cells/TABLE.csv: the inner cells, of which sdcTable makes the margins;\n"
    "hierarchies: its form of them; status/TABLE.csv: of each cell u = unsafe by the release's\n"
    "threshold rules, z = a head count, which is always published, s = any other. It knows\n"
    "nothing of the equations between tables, of tables within others, or of earlier releases.\n";

static const char SCRIPT[] =
    "# Protects each table with sdcTable: Rscript protect.R, in this folder.\n"
    "library(sdcTable)\n\n"
    "read <- function(folder, name) {\n"
    "  read.csv(file.path(folder, paste0(name, \".csv\")), colClasses = \"character\",\n"
    "           check.names = FALSE)\n"
    "}\n\n"
    "protect <- function(table, variables) {\n"
    "  cells <- read(\"cells\", table)\n"
    "  cells$count <- as.integer(cells$count)\n"
    "  hierarchies <- lapply(variables, function(v) read(\"hierarchies\", v))\n"
    "  names(hierarchies) <- variables\n"
    "  problem <- makeProblem(data = cells, dimList = hierarchies, freqVarInd = \"count\")\n"
    "  status <- read(\"status\", table)\n"
    "  for (rule in c(\"s\", \"u\", \"z\")) {\n"
    "    some <- status[status$status == rule, variables, drop = FALSE]\n"
    "    if (nrow(some) > 0) {\n"
    "      problem <- change_cellstatus(problem, specs = some, rule = rule)\n"
    "    }\n"
    "  }\n"
    "  problem <- protectTable(problem, method = \"SIMPLEHEURISTIC\")\n"
    "  dir.create(\"protected\", showWarnings = FALSE)\n"
    "  write.csv(getInfo(problem, type = \"finalData\"),\n"
    "            file.path(\"protected\", paste0(table, \".csv\")), row.names = FALSE)\n"
    "}\n\n";

static int add_hierarchy(struct bundle *b, const struct axis *axis, struct err *err)
{
    struct text *out = shape_file(b, "hierarchies/", axis->name, ".csv", err);
    if (!out)
        return -1;
    text_string(out, "level,code\n");
    for (size_t i = 0; i < axis->count; i++) {
        for (int level = 0; level <= axis->nodes[i].depth; level++)
            text_char(out, '@');
        text_format(out, ",%s\n", axis->nodes[i].code);
    }
    return 0;
}

static void put_header(struct text *out, const struct shape *shape, size_t table, const char *last)
{
    const struct axis *axis;
    bool first = true;
    for (size_t i = 0; (axis = shape_axis(shape, table, i)) != NULL; i++)
        csv_put(out, &first, axis->name);
    csv_put(out, &first, last);
    csv_end(out, &first);
}

static void put_codes(struct text *out, bool *first, const struct shape *shape,
                      const struct table_walk *walk)
{
    for (size_t i = 0; i <= walk->table->variable_count; i++)
        csv_put(out, first, shape_node(shape, walk, i)->code);
}

static int add_cells(struct bundle *b, const struct shape *shape, size_t table, struct err *err)
{
    const struct cells *cells = shape->source->cells;
    struct text *out = shape_file(b, "cells/", cells->structure->tables[table].name, ".csv", err);
    struct table_walk walk;
    bool first = true;
    if (!out)
        return -1;
    put_header(out, shape, table, "count");
    table_walk_begin(&walk, cells, table);
    while (table_walk_next(&walk)) {
        bool inner = walk.cell != SIZE_MAX;
        for (size_t i = 0; inner && i <= walk.table->variable_count; i++)
            inner = shape_node(shape, &walk, i)->leaf;
        if (!inner)
            continue;
        put_codes(out, &first, shape, &walk);
        csv_put_number(out, &first, shape->source->counts[walk.cell]);
        csv_end(out, &first);
    }
    return 0;
}

static int add_status(struct bundle *b, const struct shape *shape, size_t table, struct err *err)
{
    const struct cells *cells = shape->source->cells;
    struct text *out = shape_file(b, "status/", cells->structure->tables[table].name, ".csv", err);
    struct table_walk walk;
    bool first = true;
    if (!out)
        return -1;
    put_header(out, shape, table, "status");
    table_walk_begin(&walk, cells, table);
    while (table_walk_next(&walk)) {
        bool named = walk.cell != SIZE_MAX;
        for (size_t i = 0; named && i <= walk.table->variable_count; i++)
            named = !shape_node(shape, &walk, i)->alone;
        if (!named)
            continue;
        char status = shape_status(shape, walk.cell);
        put_codes(out, &first, shape, &walk);
        csv_put(out, &first, status == 'p' ? "z" : status == 'u' ? "u" : "s");
        csv_end(out, &first);
    }
    return 0;
}

static int add_script(struct bundle *b, const struct shape *shape, struct err *err)
{
    const struct structure *s = shape->source->cells->structure;
    struct text *out = bundle_add(b, "protect.R", err);
    if (!out)
        return -1;
    text_string(out, SCRIPT);
    for (size_t t = 0; t < s->table_count; t++) {
        const struct axis *axis;
        text_format(out, "protect(\"%s\", c(", s->tables[t].name);
        for (size_t i = 0; (axis = shape_axis(shape, t, i)) != NULL; i++)
            text_format(out, "%s\"%s\"", i ? ", " : "", axis->name);
        text_string(out, "))\n");
    }
    return 0;
}

int shape_sdctable(const struct shape *shape, struct bundle *b, struct err *err)
{
    const struct structure *s = shape->source->cells->structure;
    struct text *readme = bundle_add(b, "README.txt", err);
    if (!readme)
        return -1;
    text_string(readme, EXPLANATION);
    int rc = add_hierarchy(b, &shape->units, err);
    for (size_t v = 0; rc == 0 && v < s->variable_count; v++)
        if (structure_uses(s, v))
            rc = add_hierarchy(b, &shape->variables[v], err);
    for (size_t t = 0; rc == 0 && t < s->table_count; t++)
        rc = add_cells(b, shape, t, err) == 0 ? add_status(b, shape, t, err) : -1;
    return rc == 0 ? add_script(b, shape, err) : -1;
}
