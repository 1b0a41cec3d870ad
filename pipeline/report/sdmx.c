/* SPDX-License-Identifier: EUPL-1.2 */
/* SDMX-CSV 2.0 and its structure as SDMX-JSON 2.0: see include/report/metadata.h. */
#include "report/metadata.h"

#include "base/dictionary.h"
#include "base/json_text.h"
#include "io/csv_writer.h"
#include "tables/table_csv.h"
#include "tables/table_walk.h"

#include <string.h>

void sdmx_id(struct text *out, const char *name)
{
    for (; *name; name++)
        if (is_alpha(*name) || is_digit(*name) || strchr("_@-", *name))
            text_char(out, *name);
        else
            text_format(out, "$%02X", (unsigned)(unsigned char)*name);
}

void sdmx_concept(struct text *out, const char *variable)
{
    size_t from = out->length;
    sdmx_id(out, variable);
    for (size_t i = from; i < out->length; i++)
        if (out->bytes[i] >= 'a' && out->bytes[i] <= 'z')
            out->bytes[i] = (char)(out->bytes[i] - ('a' - 'A'));
}

static void agency(struct text *out, const struct rules *r)
{
    sdmx_id(out, r->structure.units[0].code);
}

/* ---- data ---- */

static void put_id(struct text *out, bool *first, struct text *id, const char *name)
{
    text_clear(id);
    sdmx_id(id, name);
    csv_put(out, first, id->failed ? "" : id->bytes);
}

int sdmx_csv_write(struct text *out, const struct rules *r, const struct cells *cells, size_t table,
                   const int64_t *counts, const uint8_t *status, struct err *err)
{
    const struct structure *s = &r->structure;
    const struct frequency_table *t = &s->tables[table];
    struct table_walk w;
    struct text flow, id;
    char period[DATE_TEXT];
    bool first = true;
    text_init(&flow);
    text_init(&id);
    agency(&flow, r);
    text_string(&flow, ":DF_");
    sdmx_concept(&flow, t->name);
    text_string(&flow, "(1.0.0)");
    text_string(out, "STRUCTURE,STRUCTURE_ID,ACTION,LEVEL,UNIT");
    for (size_t i = 0; i < t->variable_count; i++) {
        text_char(out, ',');
        sdmx_concept(out, s->variables[t->variables[i]].name);
    }
    text_string(out, ",TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\n");
    date_iso(r->reference_date, period);
    table_walk_begin(&w, cells, table);
    while (table_walk_next(&w) && !flow.failed) {
        const struct unit *unit = &s->units[w.unit];
        bool delivered = w.cell != SIZE_MAX;
        bool published = delivered && status[w.cell] == STATUS_PUBLISHED;
        csv_put(out, &first, "dataflow");
        csv_put(out, &first, flow.bytes);
        csv_put(out, &first, "I");
        csv_put(out, &first, level_name(unit->level));
        put_id(out, &first, &id, unit->code);
        for (size_t i = 0; i < t->variable_count; i++)
            put_id(out, &first, &id,
                   s->variables[t->variables[i]].categories[w.categories[i]].name);
        csv_put(out, &first, period);
        if (published)
            csv_put_number(out, &first, counts[w.cell]);
        else
            csv_put(out, &first, NULL);
        csv_put(out, &first, published ? "A" : delivered ? "Q" : "L");
        csv_put(out, &first, delivered && !published ? "C" : "F");
        csv_end(out, &first);
    }
    bool failed = out->failed || flow.failed || id.failed;
    text_release(&flow);
    text_release(&id);
    return failed ? err_memory(err) : 0;
}

/* ---- structure ---- */

/* "urn:sdmx:org.sdmx.infomodel.CLASS=AGENCY:ID(1.0.0)ITEM", quoted. */
static void put_urn(struct text *out, const struct rules *r, const char *class, const char *prefix,
                    const char *name, const char *item)
{
    text_format(out, "\"urn:sdmx:org.sdmx.infomodel.%s=", class);
    agency(out, r);
    text_format(out, ":%s", prefix);
    sdmx_concept(out, name);
    text_string(out, "(1.0.0)");
    if (item) {
        text_char(out, '.');
        sdmx_concept(out, item);
    }
    text_char(out, '"');
}

static void put_head(struct text *out, const struct rules *r, const char *prefix, const char *id,
                     const char *name)
{
    text_format(out, "{\"id\": \"%s", prefix);
    sdmx_concept(out, id);
    text_string(out, "\", \"agencyID\": \"");
    agency(out, r);
    text_string(out, "\", \"version\": \"1.0.0\", \"name\": ");
    json_put_string(out, name);
}

static void put_code(struct text *out, bool *first, const char *id, const char *name,
                     const char *parent)
{
    text_string(out, *first ? "\n    {\"id\": \"" : ",\n    {\"id\": \"");
    sdmx_id(out, id);
    text_string(out, "\", \"name\": ");
    json_put_string(out, name);
    if (parent) {
        text_string(out, ", \"parent\": \"");
        sdmx_id(out, parent);
        text_char(out, '"');
    }
    text_char(out, '}');
    *first = false;
}

struct fixed_code {
    const char *id, *name;
};

/* A list whose codes are the same in every release. */
static void put_fixed_list(struct text *out, const struct rules *r, const char *id,
                           const char *name, const struct fixed_code *codes, size_t count)
{
    bool first = true;
    put_head(out, r, "CL_", id, name);
    text_string(out, ", \"codes\": [");
    for (size_t i = 0; i < count; i++)
        put_code(out, &first, codes[i].id, codes[i].name, NULL);
    text_string(out, "]}");
}

/* Units of different levels may share a code: the first one has it. */
static void put_units(struct text *out, const struct rules *r)
{
    const struct structure *s = &r->structure;
    struct dictionary codes;
    bool first = true;
    dictionary_init(&codes);
    put_head(out, r, "CL_", "UNIT", "Units of all levels");
    text_string(out, ", \"codes\": [");
    for (size_t u = 0; u < s->unit_count; u++) {
        const struct unit *unit = &s->units[u];
        uint32_t known = codes.count;
        uint32_t code = dictionary_intern(&codes, unit->code, strlen(unit->code));
        out->failed |= code == 0;
        if (code > known)
            put_code(out, &first, unit->code, unit->name, NULL);
    }
    text_string(out, "]}");
    dictionary_release(&codes);
}

static void put_codelists(struct text *out, const struct rules *r)
{
    static const struct fixed_code levels[] = {{"government", "Government"},
                                               {"domain", "Policy domain"},
                                               {"entity", "Entity"}},
                                   observations[] = {{"A", "Normal value"},
                                                     {"L", "Not delivered"},
                                                     {"Q", "Suppressed"}},
                                   confidentials[] = {{"C", "Confidential"}, {"F", "Free"}};
    const struct structure *s = &r->structure;
    text_string(out, "  \"codelists\": [\n   ");
    put_fixed_list(out, r, "LEVEL", "Levels", levels, sizeof levels / sizeof *levels);
    text_string(out, ",\n   ");
    put_units(out, r);
    for (size_t v = 0; v < s->variable_count; v++) {
        const struct variable *variable = &s->variables[v];
        text_string(out, ",\n   ");
        put_head(out, r, "CL_", variable->name, variable->name);
        text_string(out, ", \"codes\": [");
        bool first = true;
        for (size_t k = 0; k < variable->category_count; k++)
            put_code(out, &first, variable->categories[k].name, variable->categories[k].name,
                     k ? variable->categories[variable->categories[k].parent].name : NULL);
        text_string(out, "]}");
    }
    text_string(out, ",\n   ");
    put_fixed_list(out, r, "OBS_STATUS", "Observation status", observations,
                   sizeof observations / sizeof *observations);
    text_string(out, ",\n   ");
    put_fixed_list(out, r, "CONF_STATUS", "Confidentiality status", confidentials,
                   sizeof confidentials / sizeof *confidentials);
    text_string(out, "],\n");
}

static void put_concepts(struct text *out, const struct rules *r)
{
    static const char *const fixed[] = {"LEVEL",     "UNIT",       "TIME_PERIOD",
                                        "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"};
    bool first = true;
    text_string(out, "  \"conceptSchemes\": [\n   ");
    put_head(out, r, "CS_", "HERKOMST", "Concepts");
    text_string(out, ", \"concepts\": [");
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        put_code(out, &first, fixed[i], fixed[i], NULL);
    for (size_t v = 0; v < r->structure.variable_count; v++) {
        struct text concept;
        text_init(&concept);
        sdmx_concept(&concept, r->structure.variables[v].name);
        put_code(out, &first, concept.failed ? "" : concept.bytes, r->structure.variables[v].name,
                 NULL);
        out->failed = out->failed || concept.failed;
        text_release(&concept);
    }
    text_string(out, "]}],\n");
}

static void put_dimension(struct text *out, const struct rules *r, const char *name,
                          size_t position)
{
    text_string(out, position > 1 ? ",\n     {\"id\": \"" : "\n     {\"id\": \"");
    sdmx_concept(out, name);
    text_format(out, "\", \"position\": %zu, \"conceptIdentity\": ", position);
    put_urn(out, r, "conceptscheme.Concept", "CS_", "HERKOMST", name);
    text_string(out, ", \"localRepresentation\": {\"enumeration\": ");
    put_urn(out, r, "codelist.Codelist", "CL_", name, NULL);
    text_string(out, "}}");
}

static void put_attribute(struct text *out, const struct rules *r, const char *name)
{
    text_format(out,
                "\n     {\"id\": \"%s\", \"usage\": \"mandatory\", \"attributeRelationship\": "
                "{\"observation\": {}}, \"conceptIdentity\": ",
                name);
    put_urn(out, r, "conceptscheme.Concept", "CS_", "HERKOMST", name);
    text_string(out, ", \"localRepresentation\": {\"enumeration\": ");
    put_urn(out, r, "codelist.Codelist", "CL_", name, NULL);
    text_string(out, "}}");
}

static void put_data_structure(struct text *out, const struct rules *r, size_t table)
{
    const struct frequency_table *t = &r->structure.tables[table];
    size_t position = 1;
    text_string(out, table ? ",\n   " : "\n   ");
    put_head(out, r, "DSD_", t->name, t->name);
    text_string(out, ", \"dataStructureComponents\": {\n"
                     "    \"dimensionList\": {\"id\": \"DimensionDescriptor\", \"dimensions\": [");
    put_dimension(out, r, "LEVEL", position++);
    put_dimension(out, r, "UNIT", position++);
    for (size_t i = 0; i < t->variable_count; i++)
        put_dimension(out, r, r->structure.variables[t->variables[i]].name, position++);
    text_string(out, "],\n     \"timeDimension\": {\"id\": \"TIME_PERIOD\", \"conceptIdentity\": ");
    put_urn(out, r, "conceptscheme.Concept", "CS_", "HERKOMST", "TIME_PERIOD");
    text_string(out, ", \"localRepresentation\": {\"format\": {\"dataType\": "
                     "\"ObservationalTimePeriod\"}}}},\n"
                     "    \"measureList\": {\"id\": \"MeasureDescriptor\", \"measures\": [\n"
                     "     {\"id\": \"OBS_VALUE\", \"usage\": \"optional\", \"conceptIdentity\": ");
    put_urn(out, r, "conceptscheme.Concept", "CS_", "HERKOMST", "OBS_VALUE");
    text_string(out, ", \"localRepresentation\": {\"format\": {\"dataType\": \"Integer\"}}}]},\n"
                     "    \"attributeList\": {\"id\": \"AttributeDescriptor\", \"attributes\": [");
    put_attribute(out, r, "OBS_STATUS");
    text_char(out, ',');
    put_attribute(out, r, "CONF_STATUS");
    text_string(out, "]}}}");
}

int sdmx_structure_write(struct text *out, const struct rules *r, struct err *err)
{
    const struct structure *s = &r->structure;
    char day[DATE_TEXT];
    text_string(out, "{\"meta\": {\"schema\": \"https://json.sdmx.org/2.0.0/"
                     "sdmx-json-structure-schema.json\",\n  \"id\": ");
    json_put_string(out, r->release);
    text_format(out, ", \"prepared\": \"%sT00:00:00Z\", \"contentLanguages\": [\"en\"], ",
                date_iso(r->reference_date, day));
    text_string(out, "\"sender\": {\"id\": \"");
    agency(out, r);
    text_string(out, "\"}},\n \"data\": {\n");
    put_codelists(out, r);
    put_concepts(out, r);
    text_string(out, "  \"dataStructures\": [");
    for (size_t t = 0; t < s->table_count; t++)
        put_data_structure(out, r, t);
    text_string(out, "],\n  \"dataflows\": [");
    for (size_t t = 0; t < s->table_count; t++) {
        text_string(out, t ? ",\n   " : "\n   ");
        put_head(out, r, "DF_", s->tables[t].name, s->tables[t].name);
        text_string(out, ", \"structure\": ");
        put_urn(out, r, "datastructure.DataStructure", "DSD_", s->tables[t].name, NULL);
        text_char(out, '}');
    }
    text_string(out, "]}}\n");
    return out->failed ? err_memory(err) : 0;
}
