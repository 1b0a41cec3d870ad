/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/release.h. */
#include "run/release.h"

#include "io/csv_writer.h"
#include "run/manifest.h"
#include "run/release_files.h"
#include "run/release_reports.h"
#include "tables/table_csv.h"
#include "tables/turnover_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int load_cells(struct release *r, const struct frame *f, struct err *err)
{
    struct column *count = frame_need(f, "count", COLUMN_U64, err);
    struct column *status = frame_need(f, "status", COLUMN_U8, err);
    struct column *named = frame_need(f, "named", COLUMN_U8, err);
    if (!count || !status || !named)
        return -1;
    if (cells_build(&r->cells, &r->rules.structure, r->rules.disclosure.public_head_counts, err))
        return -1;
    if (f->rows != r->cells.count)
        return err_set(err, ERR_DATA, "protected cells: %zu rows, %zu expected", f->rows,
                       r->cells.count);
    r->counts = calloc(f->rows + 1, sizeof *r->counts);
    r->status = calloc(f->rows + 1, sizeof *r->status);
    r->named = calloc(f->rows + 1, sizeof *r->named);
    if (!r->counts || !r->status || !r->named)
        return err_memory(err);
    for (size_t c = 0; c < f->rows; c++) {
        uint64_t n = column_get(count, c);
        r->status[c] = (uint8_t)column_get(status, c);
        if (n > INT32_MAX || r->status[c] > STATUS_CONFIDENTIAL)
            return err_set(err, ERR_DATA, "protected cells: a value is out of range");
        if (r->status[c] == STATUS_CONFIDENTIAL && n != 0)
            return err_set(err, ERR_DATA, "protected cells: a hidden cell with a count");
        r->named[c] = column_get(named, c) != 0;
        if (r->named[c] && r->status[c] != STATUS_CONFIDENTIAL)
            return err_set(err, ERR_DATA, "protected cells: the turnover rule hides a shown cell");
        r->counts[c] = (int64_t)n;
    }
    return 0;
}

int release_load(struct release *r, const struct source *source, struct err *err)
{
    struct frame rules, cells, turnover;
    memset(r, 0, sizeof *r);
    rules_init(&r->rules);
    frame_init(&rules, "rules");
    frame_init(&cells, "cells");
    frame_init(&turnover, "turnover");
    frame_init(&r->certificate, "certificate");
    frame_init(&r->past, "past");
    frame_init(&r->inputs, "inputs");
    frame_init(&r->quality, "quality");
    int rc = -1;
    if (frame_read_named(&rules, "rules", source, err) == 0 &&
        rules_from_frame(&r->rules, &rules, err) == 0 &&
        frame_read_named(&cells, "cells", source, err) == 0 && load_cells(r, &cells, err) == 0 &&
        frame_read_named(&r->certificate, "certificate", source, err) == 0 &&
        frame_read_named(&turnover, "turnover", source, err) == 0 &&
        turnover_from_frame(&r->turnover, &r->cells, r->rules.reference_date, &turnover, err) ==
            0 &&
        frame_read_named(&r->past, "past", source, err) == 0 &&
        frame_read_named(&r->inputs, "inputs", source, err) == 0 &&
        frame_read_named(&r->quality, "quality", source, err) == 0)
        rc = 0;
    frame_release(&rules);
    frame_release(&cells);
    frame_release(&turnover);
    return rc;
}

void release_free(struct release *r)
{
    free(r->counts);
    free(r->status);
    free(r->named);
    turnover_close(&r->turnover);
    cells_release(&r->cells);
    rules_release(&r->rules);
    frame_release(&r->certificate);
    frame_release(&r->past);
    frame_release(&r->inputs);
    frame_release(&r->quality);
    memset(r, 0, sizeof *r);
}

void release_definitions(const struct rules *rules, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t v = 0; v < rules->structure.variable_count && used < size; v++) {
        const struct variable *variable = &rules->structure.variables[v];
        if (variable->definition[0])
            used += (size_t)snprintf(out + used, size - used, "%s%s=%s", used ? " " : "",
                                     variable->name, variable->definition);
    }
}

/* quality.csv: dataset,check,count,status of the protected figures. */
static int quality_csv(const struct frame *f, struct text *out, struct err *err)
{
    const struct column *dataset = frame_find(f, "dataset"), *check = frame_find(f, "check");
    const struct column *count = frame_need(f, "count", COLUMN_U64, err);
    const struct column *status = frame_need(f, "status", COLUMN_U8, err);
    if (!dataset || !check || !dataset->coded || !check->coded || !count || !status)
        return err_set(err, ERR_DATA, "frame quality: a column is missing");
    bool first = true;
    text_string(out, "dataset,check,count,status\n");
    for (size_t row = 0; row < f->rows; row++) {
        bool hidden = column_get(status, row) != 0;
        if (!column_word(dataset, row) || !column_word(check, row) ||
            column_get(count, row) > INT64_MAX)
            return err_set(err, ERR_DATA, "frame quality: a cell is empty or out of range");
        csv_put(out, &first, column_word(dataset, row));
        csv_put(out, &first, column_word(check, row));
        if (hidden)
            csv_put(out, &first, NULL);
        else
            csv_put_number(out, &first, (int64_t)column_get(count, row));
        csv_put(out, &first, hidden ? "c" : NULL);
        csv_end(out, &first);
    }
    return 0;
}

static int write_tables(const struct release *r, struct release_files *w, struct text *content,
                        struct err *err)
{
    struct text path;
    text_init(&path);
    int rc = release_files_folder(w, "tables", err);
    for (size_t t = 0; rc == 0 && t < r->rules.structure.table_count; t++) {
        text_clear(&path);
        text_format(&path, "tables/%s.csv", r->rules.structure.tables[t].name);
        rc = path.failed
                 ? err_memory(err)
                 : table_csv_write(content, &r->rules, &r->cells, t, r->counts, r->status, err);
        if (rc == 0)
            rc = release_files_put(w, path.bytes, content, err);
    }
    text_release(&path);
    return rc;
}

static int write_documents(const struct release *r, const struct config *config,
                           const struct release_chain *chain, struct release_files *w,
                           struct text *content, struct err *err)
{
    if (rules_write_json(&r->rules, content, err) != 0 ||
        release_files_put(w, "rules.json", content, err) != 0)
        return -1;
    const char *json = frame_document(&r->certificate, err);
    if (!json)
        return -1;
    text_string(content, json);
    if (release_files_put(w, "certificate.json", content, err) != 0 ||
        turnover_csv_write(content, &r->rules, &r->cells, &r->turnover, err) != 0 ||
        release_files_put(w, "turnover.csv", content, err) != 0 ||
        quality_csv(&r->quality, content, err) != 0 ||
        release_files_put(w, "quality.csv", content, err) != 0)
        return -1;
    if (manifest_write(r, config, chain, content, err) != 0)
        return -1;
    return release_files_put(w, "manifest.json", content, err);
}

int release_write(const struct release *r, const struct config *config,
                  const struct release_chain *chain, const struct past *past, unsigned threads,
                  const char *folder, struct text *sums, char digest[static DIGEST_TEXT],
                  struct err *err)
{
    struct release_files w;
    release_files_init(&w, folder);
    struct text content;
    int rc = -1;
    text_init(&content);
    if (write_tables(r, &w, &content, err) == 0 &&
        write_documents(r, config, chain, &w, &content, err) == 0 &&
        release_reports(r, config, past, threads, &w, err) == 0 &&
        release_files_sums(&w, sums, digest, err) == 0)
        rc = 0;
    release_files_release(&w);
    text_release(&content);
    return rc;
}
