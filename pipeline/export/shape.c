/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/export/shape.h. */
#include "export/shape.h"

#include <stdlib.h>
#include <string.h>

int shape_open(struct shape *shape, const struct export_source *source, struct err *err)
{
    const struct structure *s = source->cells->structure;
    *shape = (struct shape){.source = source};
    shape->variables = calloc(s->variable_count + 1, sizeof *shape->variables);
    if (!shape->variables)
        return err_memory(err);
    int rc = axis_of_units(&shape->units, s, err);
    for (size_t v = 0; rc == 0 && v < s->variable_count; v++)
        rc = axis_of_variable(&shape->variables[v], &s->variables[v], err);
    return rc;
}

void shape_release(struct shape *shape)
{
    for (size_t v = 0; shape->variables && v < shape->source->cells->structure->variable_count; v++)
        axis_release(&shape->variables[v]);
    free(shape->variables);
    axis_release(&shape->units);
    shape->variables = NULL;
}

const struct axis *shape_axis(const struct shape *shape, size_t table, size_t i)
{
    const struct frequency_table *t = &shape->source->cells->structure->tables[table];
    if (i == 0)
        return &shape->units;
    return i <= t->variable_count ? &shape->variables[t->variables[i - 1]] : NULL;
}

const struct axis_node *shape_node(const struct shape *shape, const struct table_walk *walk,
                                   size_t i)
{
    if (i == 0)
        return &shape->units.nodes[shape->units.node_of[walk->unit]];
    const struct axis *axis = &shape->variables[walk->table->variables[i - 1]];
    return &axis->nodes[axis->node_of[walk->categories[i - 1]]];
}

char shape_status(const struct shape *shape, size_t cell)
{
    const struct export_source *source = shape->source;
    if (source->unsafe[cell])
        return 'u';
    return source->cells->flags[cell] & CELL_PUBLIC ? 'p' : 's';
}

struct text *shape_file(struct bundle *b, const char *folder, const char *name,
                        const char *extension, struct err *err)
{
    struct text path;
    text_init(&path);
    text_format(&path, "%s%s%s", folder, name, extension);
    struct text *file = path.failed ? NULL : bundle_add(b, path.bytes, err);
    if (path.failed)
        (void)err_memory(err);
    text_release(&path);
    return file;
}
