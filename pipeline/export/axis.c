/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/export/axis.h. Units and categories are trees of the same kind: parents first. */
#include "export/axis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tree {                          /* what an axis is made of */
    const struct structure *structure; /* units, or */
    const struct variable *variable;
    size_t count;
};

static int parent_of(const struct tree *t, size_t i)
{
    return t->variable ? t->variable->categories[i].parent : t->structure->units[i].parent;
}

static bool is_there(const struct tree *t, size_t i)
{
    return t->variable || t->structure->units[i].delivered;
}

static void put_code(const struct tree *t, size_t i, char code[static AXIS_CODE])
{
    if (t->variable)
        (void)snprintf(code, AXIS_CODE, "%s", t->variable->categories[i].name);
    else
        (void)snprintf(code, AXIS_CODE, "%s:%s", level_name(t->structure->units[i].level),
                       t->structure->units[i].code);
}

/* Entities have nothing below them: looking for it would take a country's entities squared. */
static bool may_have_children(const struct tree *t, size_t i)
{
    return t->variable || t->structure->units[i].level != LEVEL_ENTITY;
}

static void add(struct axis *a, const struct tree *t, size_t i, int depth)
{
    size_t at = a->count++, children = 0, only = 0;
    a->nodes[at].of = i;
    a->nodes[at].depth = depth;
    a->node_of[i] = at;
    a->nested = a->nested || depth > 1;
    put_code(t, i, a->nodes[at].code);
    for (size_t c = i + 1; may_have_children(t, i) && c < t->count; c++)
        if (parent_of(t, c) == (int)i && is_there(t, c)) {
            only = a->count;
            children++;
            add(a, t, c, depth + 1);
        }
    a->nodes[at].leaf = children == 0;
    if (children == 1)
        a->nodes[only].alone = true;
}

static int make(struct axis *a, const struct tree *t, const char *name, struct err *err)
{
    memset(a, 0, sizeof *a);
    a->name = name;
    a->nodes = calloc(t->count, sizeof *a->nodes);
    a->node_of = malloc(t->count * sizeof *a->node_of);
    if (!a->nodes || !a->node_of)
        return err_memory(err);
    for (size_t i = 0; i < t->count; i++)
        a->node_of[i] = SIZE_MAX;
    add(a, t, 0, 0);
    return 0;
}

int axis_of_units(struct axis *a, const struct structure *s, struct err *err)
{
    return make(a, &(struct tree){s, NULL, s->unit_count}, "unit", err);
}

int axis_of_variable(struct axis *a, const struct variable *v, struct err *err)
{
    return make(a, &(struct tree){NULL, v, v->category_count}, v->name, err);
}

void axis_release(struct axis *a)
{
    free(a->nodes);
    free(a->node_of);
    memset(a, 0, sizeof *a);
}
