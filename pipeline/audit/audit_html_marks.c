/* SPDX-License-Identifier: EUPL-1.2 */
/* Which cells the marks of an element name. See include/audit/page_reading.h. */
#include "audit/page_reading.h"

#include <stdio.h>
#include <string.h>

static size_t key_of(struct page_reading *r, const char **attributes, const char *name)
{
    const char *key = page_attribute(attributes, name);
    if (!key)
        return SIZE_MAX;
    size_t cell = cell_by_key(&r->truth->c->cells, key);
    if (cell == SIZE_MAX || r->truth->c->cells.flags[cell] & CELL_UNPUBLISHED) {
        page_find(r, "a mark that names no published cell");
        return SIZE_MAX;
    }
    return cell;
}

static void code_of(struct page_reading *r, const char **attributes, const char *name,
                    char out[static CONFIG_CODE])
{
    const char *value = page_attribute(attributes, name);
    if (value && !is_code(value))
        page_find(r, "a mark that names no release");
    else if (value)
        (void)snprintf(out, CONFIG_CODE, "%s", value);
}

/* VARIABLE=CATEGORY: the cell of the people of `of` who have it too. */
static size_t add_category(struct page_reading *r, size_t of, const char *added)
{
    const struct cells *c = &r->truth->c->cells;
    uint16_t categories[CONFIG_VARIABLES] = {0};
    const char *equals = strchr(added, '=');
    for (size_t v = 0; equals && of != SIZE_MAX && v < c->stride; v++) {
        const struct variable *variable = &c->structure->variables[v];
        categories[v] = c->categories[of * c->stride + v];
        size_t length = (size_t)(equals - added);
        if (strlen(variable->name) != length || memcmp(variable->name, added, length) != 0 ||
            categories[v] != 0)
            continue;
        for (size_t k = 1; k < variable->category_count; k++)
            if (strcmp(variable->categories[k].name, equals + 1) == 0)
                categories[v] = (uint16_t)k;
    }
    size_t cell = of == SIZE_MAX
                      ? SIZE_MAX
                      : cells_find(c, (int)c->population[of], (int)c->unit[of], categories);
    if (cell == SIZE_MAX || cell == of || c->flags[cell] & CELL_UNPUBLISHED) {
        page_find(r, "a mark that names no published cell");
        return SIZE_MAX;
    }
    return cell;
}

void page_marks_read(struct page_reading *r, struct page_element *e, const char **attributes)
{
    const char *target = page_attribute(attributes, "data-target"),
               *of = page_attribute(attributes, "data-of");
    const char *added = page_attribute(attributes, "data-add");
    struct page_marks *m = &e->marks;
    if (of) {
        *m = (struct page_marks){.plus = SIZE_MAX, .target_ppm = -1};
        m->cell = m->of = key_of(r, attributes, "data-of");
    }
    if (added)
        m->cell = add_category(r, m->of, added);
    if (target)
        m->target_ppm = page_whole_number(target);
    if (page_attribute(attributes, "data-plus"))
        m->plus = key_of(r, attributes, "data-plus");
    code_of(r, attributes, "data-at", m->at);
    code_of(r, attributes, "data-since", m->since);
}
