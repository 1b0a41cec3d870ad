/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/data_csv.h. */
#include "report/data_csv.h"

#include "io/csv_writer.h"

size_t data_csv_variables(const struct structure *s, int out[static CONFIG_VARIABLES])
{
    size_t count = 0;
    for (size_t v = 0; v < s->variable_count; v++)
        if (structure_uses(s, v))
            out[count++] = (int)v;
    return count;
}

int data_csv_write(struct text *out, const struct view *v, size_t unit, struct err *err)
{
    const struct structure *s = &v->rules->structure;
    const struct cells *c = v->cells;
    int variables[CONFIG_VARIABLES];
    size_t count = data_csv_variables(s, variables);
    char period[DATE_TEXT];
    bool first = true;
    date_iso(v->rules->reference_date, period);
    text_string(out, "period,level,unit");
    for (size_t i = 0; i < count; i++)
        text_format(out, ",%s", s->variables[variables[i]].name);
    text_string(out, ",count,status,population\n");
    for (size_t i = v->unit_start[unit]; i < v->unit_start[unit + 1]; i++) {
        size_t cell = v->unit_cell[i];
        int64_t n = view_count(v->now, cell);
        csv_put(out, &first, period);
        csv_put(out, &first, level_name(s->units[unit].level));
        csv_put(out, &first, s->units[unit].code);
        for (size_t k = 0; k < count; k++) {
            uint16_t category = c->categories[cell * c->stride + (size_t)variables[k]];
            csv_put(out, &first, s->variables[variables[k]].categories[category].name);
        }
        if (n < 0)
            csv_put(out, &first, NULL);
        else
            csv_put_number(out, &first, n);
        csv_put(out, &first, n < 0 ? "c" : NULL);
        csv_put(out, &first, s->populations[c->population[cell]].id);
        csv_end(out, &first);
    }
    return out->failed ? err_memory(err) : 0;
}
