/* SPDX-License-Identifier: EUPL-1.2 */
/* The release as a DCAT-AP dataset: see include/report/metadata.h. */
#include "report/metadata.h"

#include "base/json_text.h"

static void put_file(struct text *out, bool *first, const char *path, const char *media,
                     const char *title)
{
    text_string(out, *first ? "\n   " : ",\n   ");
    text_string(out, "{\"@type\": \"dcat:Distribution\", \"dct:title\": ");
    json_put_string(out, title);
    text_string(out, ", \"dcat:accessURL\": {\"@id\": ");
    json_put_string(out, path);
    text_string(out, "}, \"dcat:downloadURL\": {\"@id\": ");
    json_put_string(out, path);
    text_format(out,
                "}, \"dcat:mediaType\": {\"@id\": "
                "\"http://www.iana.org/assignments/media-types/%s\"}}",
                media);
    *first = false;
}

static void put_files(struct text *out, const struct structure *s)
{
    bool first = true;
    struct text path;
    text_init(&path);
    put_file(out, &first, "index.html", "text/html", "Reports");
    put_file(out, &first, "indicators.csv", "text/csv", "Shares, changes, targets and gaps");
    put_file(out, &first, "turnover.csv", "text/csv", "Who joined and left");
    put_file(out, &first, "quality.csv", "text/csv", "Quality of the data");
    put_file(out, &first, "rules.json", "application/json", "Structure and rules");
    for (size_t t = 0; t < s->table_count; t++) {
        text_clear(&path);
        text_format(&path, "tables/%s.csv", s->tables[t].name);
        put_file(out, &first, path.failed ? "" : path.bytes, "text/csv", s->tables[t].name);
        text_clear(&path);
        text_format(&path, "sdmx/%s.csv", s->tables[t].name);
        put_file(out, &first, path.failed ? "" : path.bytes, "application/vnd.sdmx.data+csv",
                 s->tables[t].name);
    }
    put_file(out, &first, "sdmx/structure.json", "application/vnd.sdmx.structure+json",
             "Structure of the SDMX files");
    out->failed = out->failed || path.failed;
    text_release(&path);
}

int catalog_write(struct text *out, const struct rules *r, const char *name,
                  const char *authorisation, struct err *err)
{
    char day[DATE_TEXT];
    date_iso(r->reference_date, day);
    text_string(out, "{\"@context\": {\"dcat\": \"http://www.w3.org/ns/dcat#\", \"dct\": "
                     "\"http://purl.org/dc/terms/\", \"foaf\": \"http://xmlns.com/foaf/0.1/\", "
                     "\"dcatap\": \"http://data.europa.eu/r5r/\", \"xsd\": "
                     "\"http://www.w3.org/2001/XMLSchema#\"},\n"
                     " \"@id\": \"\", \"@type\": \"dcat:Dataset\",\n \"dct:title\": ");
    struct text title;
    text_init(&title);
    text_format(&title, "%s: monitoring of staff, %s", name, day);
    json_put_string(out, title.failed ? "" : title.bytes);
    out->failed = out->failed || title.failed;
    text_release(&title);
    text_string(out,
                ",\n \"dct:description\": \"Protected counts of staff by entity, policy domain "
                "and government; no figure in it tells about one person.\",\n"
                " \"dct:identifier\": ");
    json_put_string(out, r->release);
    text_string(out, ",\n \"dct:publisher\": {\"@type\": \"foaf:Agent\", \"foaf:name\": ");
    json_put_string(out, name);
    text_string(out, "},\n \"dcatap:applicableLegislation\": ");
    json_put_string(out, authorisation);
    text_format(out,
                ",\n \"dct:temporal\": {\"@type\": \"dct:PeriodOfTime\", \"dcat:startDate\": "
                "{\"@type\": \"xsd:date\", \"@value\": \"%s\"}, \"dcat:endDate\": "
                "{\"@type\": \"xsd:date\", \"@value\": \"%s\"}},\n",
                day, day);
    text_string(out,
                " \"dct:accrualPeriodicity\": {\"@id\": \"http://publications.europa.eu/"
                "resource/authority/frequency/ANNUAL_2\"},\n"
                " \"dct:accessRights\": {\"@id\": \"http://publications.europa.eu/resource/"
                "authority/access-right/PUBLIC\"},\n"
                " \"dcat:theme\": {\"@id\": \"http://publications.europa.eu/resource/authority/"
                "data-theme/SOCI\"},\n"
                " \"dcat:distribution\": [");
    put_files(out, &r->structure);
    text_string(out, "]}\n");
    return out->failed ? err_memory(err) : 0;
}
