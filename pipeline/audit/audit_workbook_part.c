/* SPDX-License-Identifier: EUPL-1.2 */
/* XML parts in general. See include/audit/workbook_part.h. */
#include "audit/workbook_part.h"

#include <stdlib.h>
#include <string.h>

void workbook_find(struct workbook_reading *w, const char *part, const char *what)
{
    if (w->rc == 0)
        w->rc = audit_find(w->truth->c->result, AUDIT_REPORTS, w->path, "", w->err, "%s: %s", part,
                           what);
}

bool workbook_is_day(const char *text)
{
    return strlen(text) >= DATE_TEXT - 1 &&
           date_parse(text, DATE_TEXT - 1, "%Y-%m-%d") != DATE_NONE &&
           (!text[DATE_TEXT - 1] || is_code(text));
}

bool workbook_text_known(const struct workbook_reading *w, const char *text)
{
    return workbook_is_day(text) || page_digits_known(w->truth, text, strlen(text));
}

struct workbook_part *workbook_part_new(struct workbook_reading *w, const char *name)
{
    struct workbook_part *p = calloc(1, sizeof *p);
    if (!p) {
        w->rc = err_memory(w->err);
        return NULL;
    }
    p->w = w;
    p->name = name;
    return p;
}

static void XMLCALL on_text(void *context, const char *text, int length)
{
    struct workbook_part *p = context;
    if (length <= 0)
        return;
    if ((size_t)length >= PART_TEXT - p->length) {
        p->too_long = true;
        return;
    }
    memcpy(p->text + p->length, text, (size_t)length);
    p->length += (size_t)length;
}

static void XMLCALL on_entity(void *context, const char *name, int is_parameter, const char *value,
                              int length, const char *base, const char *system, const char *public,
                              const char *notation)
{
    const struct workbook_part *p = context;
    (void)name, (void)is_parameter, (void)value, (void)length;
    (void)base, (void)system, (void)public, (void)notation;
    workbook_find(p->w, p->name, "an entity is declared");
}

void workbook_part_parse(struct workbook_part *p, const struct text *xml,
                         XML_StartElementHandler start, XML_EndElementHandler end)
{
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (!parser) {
        p->w->rc = err_memory(p->w->err);
        return;
    }
    XML_SetUserData(parser, p);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetEntityDeclHandler(parser, on_entity);
    if (XML_Parse(parser, xml->bytes, (int)xml->length, 1) == XML_STATUS_ERROR || p->too_long)
        workbook_find(p->w, p->name, "not well-formed, or a text that is too long");
    XML_ParserFree(parser);
}
