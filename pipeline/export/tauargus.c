/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The tables as τ-ARGUS reads ready tables: free format without a header, metadata (.rda) that
 * names the columns in order, hierarchies (.hrc) without their total, a batch file (.arb).
 *
 * A count is there twice: as the response, which the tool protects, and as the number of people
 * behind it. Names of the columns are such as no variable may have (io/config.c).
 */
#include "export/shape.h"
#include "io/csv_writer.h"

#include <string.h>

static const char EXPLANATION[] =
    "Counts before suppression, for tau-ARGUS: confidential.\n\n"
    "Run herkomst.arb in this folder (File, Open batch). TABLE.tab has every cell of a table:\n"
    "unit, variables, count, population (the same count), status. Status: u = unsafe by the\n"
    "release's threshold rules, p = a head count, which is always published, s = any other.\n"
    "The batch takes these statuses as they are, protects each table by itself with the modular\n"
    "method, and writes TABLE.out.csv. It knows nothing of the equations between tables, of\n"
    "tables within others, or of earlier releases.\n";

static int add_hierarchy(struct bundle *b, const struct axis *axis, struct err *err)
{
    struct text *out = shape_file(b, "", axis->name, ".hrc", err);
    if (!out)
        return -1;
    for (size_t i = 1; i < axis->count; i++) {
        for (int level = 1; level < axis->nodes[i].depth; level++)
            text_char(out, '@');
        text_format(out, "%s\n", axis->nodes[i].code);
    }
    return 0;
}

static int add_cells(struct bundle *b, const struct shape *shape, size_t table, struct err *err)
{
    const struct cells *cells = shape->source->cells;
    struct text *out = shape_file(b, "", cells->structure->tables[table].name, ".tab", err);
    struct table_walk walk;
    bool first = true;
    if (!out)
        return -1;
    table_walk_begin(&walk, cells, table);
    while (table_walk_next(&walk)) {
        if (walk.cell == SIZE_MAX)
            continue;
        const char status[] = {shape_status(shape, walk.cell), '\0'};
        for (size_t i = 0; i <= walk.table->variable_count; i++)
            csv_put(out, &first, shape_node(shape, &walk, i)->code);
        csv_put_number(out, &first, shape->source->counts[walk.cell]);
        csv_put_number(out, &first, shape->source->counts[walk.cell]);
        csv_put(out, &first, status);
        csv_end(out, &first);
    }
    return 0;
}

static void describe_axis(struct text *out, const struct axis *axis)
{
    text_format(out, "%s\n    <RECODEABLE>\n    <TOTCODE> \"%s\"\n", axis->name,
                axis->nodes[0].code);
    if (axis->nested)
        text_format(out,
                    "    <HIERARCHICAL>\n    <HIERCODELIST> \"%s.hrc\"\n"
                    "    <HIERLEADSTRING> \"@\"\n",
                    axis->name);
}

static int add_metadata(struct bundle *b, const struct shape *shape, size_t table, struct err *err)
{
    const char *name = shape->source->cells->structure->tables[table].name;
    struct text *out = shape_file(b, "", name, ".rda", err);
    if (!out)
        return -1;
    text_string(out, "<SEPARATOR> \",\"\n<SAFE> \"s\"\n<UNSAFE> \"u\"\n<PROTECT> \"p\"\n");
    const struct axis *axis;
    for (size_t i = 0; (axis = shape_axis(shape, table, i)) != NULL; i++)
        describe_axis(out, axis);
    text_string(out, "count\n    <NUMERIC>\n    <DECIMALS> 0\npopulation\n    <FREQUENCY>\n"
                     "status\n    <STATUS>\n");
    return 0;
}

/* The status column decides what is unsafe; the safety rule is only the margin, in percent, that an
 * unsafe cell's value must keep. */
static void batch_table(struct text *out, const struct shape *shape, size_t table)
{
    const char *name = shape->source->cells->structure->tables[table].name;
    text_format(out, "<OPENTABLEDATA> \"%s.tab\"\n<OPENMETADATA> \"%s.rda\"\n<SPECIFYTABLE> ", name,
                name);
    const struct axis *axis;
    for (size_t i = 0; (axis = shape_axis(shape, table, i)) != NULL; i++)
        text_format(out, "\"%s\"", axis->name);
    text_format(out,
                "|\"count\"||\n<SAFETYRULE> MAN(10)\n<READTABLE> 0\n<SUPPRESS> MOD(1,5,1,0,0)\n"
                "<WRITETABLE> (1,3,AS+,\"%s.out.csv\")\n<CLEAR>\n",
                name);
}

static int add_batch(struct bundle *b, const struct shape *shape, struct err *err)
{
    struct text *out = bundle_add(b, "herkomst.arb", err);
    for (size_t t = 0; out && t < shape->source->cells->structure->table_count; t++)
        batch_table(out, shape, t);
    return out ? 0 : -1;
}

int shape_tauargus(const struct shape *shape, struct bundle *b, struct err *err)
{
    const struct structure *s = shape->source->cells->structure;
    struct text *readme = bundle_add(b, "README.txt", err);
    if (!readme)
        return -1;
    text_string(readme, EXPLANATION);
    int rc = shape->units.nested ? add_hierarchy(b, &shape->units, err) : 0;
    for (size_t v = 0; rc == 0 && v < s->variable_count; v++)
        if (shape->variables[v].nested && structure_uses(s, v))
            rc = add_hierarchy(b, &shape->variables[v], err);
    for (size_t t = 0; rc == 0 && t < s->table_count; t++)
        rc = add_cells(b, shape, t, err) == 0 ? add_metadata(b, shape, t, err) : -1;
    return rc == 0 ? add_batch(b, shape, err) : -1;
}
