/* SPDX-License-Identifier: EUPL-1.2 */
/* The charts and the properties of a workbook: see include/audit/workbook.h. */
#include "audit/workbook_part.h"
#include "report/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- charts ---- */

static void XMLCALL chart_start(void *context, const char *name, const char **attributes)
{
    struct workbook_part *p = context;
    const char *index = page_attribute(attributes, "idx");
    p->length = 0;
    if (strcmp(name, "c:numCache") == 0)
        p->numbers = true;
    else if (strcmp(name, "c:pt") == 0)
        p->index = index ? strtoul(index, NULL, 10) : SHEET_SERIES_ROWS;
}

/* "series!$C$2:$C$5" */
static void read_range(struct workbook_part *p)
{
    static const char sheet[] = "series!$";
    const char *at = strchr(p->text, '$');
    if (strncmp(p->text, sheet, sizeof sheet - 1) != 0 || !at || !(at = strchr(at + 1, '$'))) {
        workbook_find(p->w, p->name, "a range of another sheet");
        return;
    }
    p->first_row = strtoul(at + 1, NULL, 10);
}

static void XMLCALL chart_end(void *context, const char *name)
{
    struct workbook_part *p = context;
    if (p->w->rc != 0)
        return;
    p->text[p->length] = '\0';
    if (strcmp(name, "c:f") == 0)
        read_range(p);
    else if (strcmp(name, "c:numCache") == 0)
        p->numbers = false;
    else if (strcmp(name, "c:v") == 0 && p->numbers) {
        size_t row = p->first_row + p->index;
        p->w->numbers++;
        if (row >= SHEET_SERIES_ROWS || strcmp(p->w->shares[row], p->text) != 0)
            workbook_find(p->w, p->name, "a bar that is not its cell");
    } else if ((strcmp(name, "c:v") == 0 || strcmp(name, "a:t") == 0) &&
               !workbook_text_known(p->w, p->text)) {
        workbook_find(p->w, p->name, "digits that are no name and no date");
    }
    p->length = 0;
}

void workbook_chart(struct workbook_reading *w, const char *part, const struct text *xml)
{
    struct workbook_part *p = workbook_part_new(w, part);
    if (!p)
        return;
    workbook_part_parse(p, xml, chart_start, chart_end);
    free(p);
}

/* ---- properties ---- */

static void XMLCALL properties_start(void *context, const char *name, const char **attributes)
{
    struct workbook_part *p = context;
    (void)name, (void)attributes;
    p->length = 0;
}

static void XMLCALL properties_end(void *context, const char *name)
{
    struct workbook_part *p = context;
    const struct rules *rules = &p->w->truth->c->rules;
    const struct unit *unit = &rules->structure.units[p->w->unit];
    char day[DATE_TEXT], moment[DATE_TEXT + 16];
    p->text[p->length] = '\0';
    (void)snprintf(moment, sizeof moment, "%sT00:00:00Z", date_iso(rules->reference_date, day));
    const char *expected = "";
    if (strcmp(name, "dc:title") == 0)
        expected = strlen(unit->name) < XLSX_TITLE ? unit->name : unit->code;
    else if (strcmp(name, "dc:subject") == 0)
        expected = rules->release;
    else if (strcmp(name, "dcterms:created") == 0 || strcmp(name, "dcterms:modified") == 0)
        expected = moment;
    if (strcmp(p->text, expected) != 0)
        workbook_find(p->w, p->name, "more than the unit, the release and its date");
    p->length = 0;
}

void workbook_properties(struct workbook_reading *w, const struct text *xml)
{
    struct workbook_part *p = workbook_part_new(w, "properties");
    if (!p)
        return;
    workbook_part_parse(p, xml, properties_start, properties_end);
    free(p);
}
