/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/manifest.h. */
#include "run/manifest.h"

#include "base/json_text.h"
#include "io/artefacts.h"
#include "run/program.h"

#include <string.h>

static void member(struct text *out, const char *key, const char *value)
{
    text_format(out, " \"%s\": ", key);
    json_put_string(out, value);
    text_string(out, ",\n");
}

static void definitions(const struct structure *s, struct text *out)
{
    bool first = true;
    text_string(out, " \"definitions\": {");
    for (size_t v = 0; v < s->variable_count; v++) {
        if (!s->variables[v].definition[0])
            continue;
        text_string(out, first ? "" : ", ");
        json_put_string(out, s->variables[v].name);
        text_string(out, ": ");
        json_put_string(out, s->variables[v].definition);
        first = false;
    }
    text_string(out, "},\n");
}

/* Input digests and, from the same frame, the fingerprint of the key that they and the pseudonyms
 * were made with. */
static int inputs(const struct frame *f, struct text *out, struct err *err)
{
    const struct column *dataset = frame_find(f, "dataset"), *digest = frame_find(f, "digest");
    const char *fingerprint = NULL;
    bool first = true;
    if (!dataset || !digest || !dataset->coded || !digest->coded)
        return err_set(err, ERR_DATA, "frame inputs: a column is missing");
    text_string(out, " \"inputs\": [");
    for (size_t row = 0; row < f->rows; row++) {
        const char *name = column_word(dataset, row), *hex = column_word(digest, row);
        if (!name || !hex)
            return err_set(err, ERR_DATA, "frame inputs: an empty cell");
        if (strcmp(name, INPUTS_PSEUDONYM_KEY) == 0) {
            fingerprint = hex;
            continue;
        }
        text_string(out, first ? "\n  {\"dataset\": " : ",\n  {\"dataset\": ");
        json_put_string(out, name);
        text_string(out, ", \"keyed_digest\": ");
        json_put_string(out, hex);
        text_char(out, '}');
        first = false;
    }
    text_string(out, "],\n");
    if (!fingerprint)
        return err_set(err, ERR_DATA, "frame inputs: no key fingerprint");
    member(out, "pseudonym_key_fingerprint", fingerprint);
    return 0;
}

/* ---- what the configuration declares ---- */

static void put_share(const struct config *c, const struct share_config *share, const char *name,
                      struct text *out)
{
    text_string(out, "{\"name\": ");
    json_put_string(out, name);
    text_string(out, ", \"table\": ");
    json_put_string(out, c->tables[share->table].name);
    text_string(out, ", \"category\": ");
    json_put_string(out, c->variables[share->variable].categories[share->category].name);
    text_string(out, ", \"among\": ");
    if (share->among_variable < 0)
        text_string(out, "null");
    else
        json_put_string(out,
                        c->variables[share->among_variable].categories[share->among_category].name);
}

static void put_day(struct text *out, const char *key, date d)
{
    char day[DATE_TEXT];
    text_format(out, ", \"%s\": ", key);
    if (d == DATE_NONE)
        text_string(out, "null");
    else
        json_put_string(out, date_iso(d, day));
}

static void put_text(struct text *out, const char *key, const char *value)
{
    text_format(out, ", \"%s\": ", key);
    json_put_string(out, value);
}

static void put_targets(const struct config *c, struct text *out)
{
    text_string(out, "\n  \"targets\": [");
    for (size_t i = 0; i < c->target_count; i++) {
        const struct target_config *t = &c->targets[i];
        text_string(out, i ? ",\n   " : "\n   ");
        put_share(c, &t->share, t->name, out);
        text_format(out, ", \"share_ppm\": %d", (int)t->target_ppm);
        put_day(out, "by", t->by);
        text_char(out, '}');
    }
    text_string(out, "],");
}

static void put_benchmarks(const struct config *c, struct text *out)
{
    text_string(out, "\n  \"benchmarks\": [");
    for (size_t i = 0; i < c->benchmark_count; i++) {
        const struct benchmark_config *b = &c->benchmarks[i];
        text_string(out, i ? ",\n   " : "\n   ");
        put_share(c, &b->share, b->name, out);
        text_format(out, ", \"share_ppm\": %d", (int)b->share_ppm);
        put_text(out, "definition", b->definition);
        put_text(out, "ages", b->ages);
        put_text(out, "region", b->region);
        put_text(out, "source", b->source);
        put_day(out, "date", b->date);
        text_char(out, '}');
    }
    text_string(out, "],");
}

static void put_series(const struct config *c, struct text *out)
{
    text_string(out, "\n  \"series\": [");
    for (size_t i = 0; i < c->series_count; i++) {
        const struct series_config *s = &c->series[i];
        text_string(out, i ? ",\n   " : "\n   ");
        put_share(c, &s->share, s->name, out);
        put_text(out, "definition", s->definition);
        put_text(out, "source", s->source);
        text_string(out, ", \"values\": [");
        for (size_t k = 0; k < s->count; k++) {
            text_format(out, "%s{\"share_ppm\": %d", k ? ", " : "", (int)s->ppm[k]);
            put_day(out, "date", s->dates[k]);
            text_char(out, '}');
        }
        text_string(out, "]}");
    }
    text_string(out, "],");
}

/* Variables for which people register themselves. */
static void put_voluntary(const struct config *c, struct text *out)
{
    bool first = true;
    text_string(out, "\n  \"voluntary\": [");
    for (size_t i = 0; i < c->variable_count; i++) {
        if (c->variables[i].administrative)
            continue;
        text_string(out, first ? "" : ", ");
        json_put_string(out, c->variables[i].name);
        first = false;
    }
    text_string(out, "]");
}

/* What reports call things: names may have digits, which the audit must know for no figures. */
static void put_labels(const struct config *c, struct text *out)
{
    for (size_t i = 0; i < c->label_count; i++) {
        const struct label_config *l = &c->labels[i];
        text_string(out, i ? ",\n   " : ",\n  \"labels\": [\n   ");
        text_string(out, "{\"variable\": ");
        json_put_string(out, c->variables[l->variable].name);
        if (l->category[0])
            put_text(out, "category", l->category);
        put_text(out, "language", l->language);
        put_text(out, "label", l->text);
        text_char(out, '}');
    }
    text_string(out, c->label_count ? "]},\n" : "},\n");
}

int manifest_write(const struct release *r, const struct config *config,
                   const struct release_chain *chain, struct text *out, struct err *err)
{
    char reference[DATE_TEXT];
    text_string(out, "{\"format\": \"herkomst-manifest/1\",\n");
    member(out, "software", "herkomst " HERKOMST_VERSION);
    member(out, "name", config->name);
    member(out, "release", config->release);
    member(out, "reference_date", date_iso(config->reference_date, reference));
    member(out, "authorisation", config->authorisation);
    definitions(&r->rules.structure, out);
    member(out, "configuration_sha256", config->digest);
    if (inputs(&r->inputs, out, err) != 0)
        return -1;
    text_string(out, " \"declared\": {");
    put_targets(config, out);
    put_benchmarks(config, out);
    put_series(config, out);
    put_voluntary(config, out);
    put_labels(config, out);
    member(out, "signing_key_id", chain->signing_key_id);
    if (chain->replaces[0])
        member(out, "replaces", chain->replaces);
    else
        text_string(out, " \"replaces\": null,\n");
    if (chain->previous.id[0]) {
        text_string(out, " \"previous\": {\"release\": ");
        json_put_string(out, chain->previous.id);
        text_string(out, ", \"sha256sums_sha256\": ");
        json_put_string(out, chain->previous.digest);
        text_string(out, "}}\n");
    } else {
        text_string(out, " \"previous\": null}\n");
    }
    return out->failed ? err_memory(err) : 0;
}
