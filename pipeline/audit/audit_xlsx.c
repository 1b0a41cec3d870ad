/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every unit's workbook read back: a ZIP file of the parts that a workbook of the reports has and
 * no other, without comments, whose numbers are the tables'. See include/audit/case.h.
 */
#include "audit/workbook.h"
#include "base/parallel.h"
#include "report/paths.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { BOOK_BYTES = 64 << 20, PART_BYTES = 64 << 20, PARTS = 100 };

/* Parts with nothing but form in them. */
static bool is_form(const char *name)
{
    static const char *const names[] = {"[Content_Types].xml",
                                        "_rels/.rels",
                                        "xl/_rels/workbook.xml.rels",
                                        "xl/workbook.xml",
                                        "xl/theme/theme1.xml",
                                        "xl/styles.xml",
                                        "xl/drawings/drawing1.xml",
                                        "xl/drawings/_rels/drawing1.xml.rels",
                                        "xl/worksheets/_rels/sheet2.xml.rels",
                                        "docProps/app.xml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* An absent part is an empty text. */
static int read_part(zip_t *zip, const char *name, struct text *out, struct err *err)
{
    zip_stat_t stat;
    text_clear(out);
    if (zip_stat(zip, name, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE))
        return 0;
    if (stat.size > PART_BYTES)
        return err_set(err, ERR_DATA, "a part of more than %d bytes", PART_BYTES);
    zip_file_t *file = zip_fopen(zip, name, 0);
    char block[8192];
    zip_int64_t n = file ? 0 : -1;
    while (file && (n = zip_fread(file, block, sizeof block)) > 0 && out->length <= PART_BYTES)
        text_append(out, block, (size_t)n);
    if (file)
        (void)zip_fclose(file);
    if (out->failed)
        return err_memory(err);
    return n == 0 ? 0 : err_set(err, ERR_DATA, "a part that cannot be read");
}

static bool is_chart(const char *name)
{
    size_t prefix = strlen("xl/charts/chart");
    return strncmp(name, "xl/charts/chart", prefix) == 0 && is_digit(name[prefix]) &&
           strcmp(name + prefix + strspn(name + prefix, "0123456789"), ".xml") == 0;
}

static int check_parts(struct workbook_reading *w, zip_t *zip, struct err *err)
{
    static const char *const known[] = {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml",
                                        "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml",
                                        "docProps/core.xml"};
    enum { KNOWN = sizeof known / sizeof *known };
    struct text part;
    int length = 0;
    zip_int64_t count = zip_get_num_entries(zip, 0);
    const char *comment = zip_get_archive_comment(zip, &length, 0);
    int rc = 0;
    text_init(&part);
    if (comment && length > 0)
        workbook_find(w, "the archive", "a comment");
    for (size_t i = 0; i < KNOWN && rc == 0 && w->rc == 0; i++) {
        rc = read_part(zip, known[i], &part, err);
        if (rc != 0 || part.length == 0) {
            workbook_find(w, known[i], "missing, or unreadable");
            break;
        }
        if (i == 0)
            workbook_strings(w, &part);
        else if (i < KNOWN - 1)
            workbook_sheet(w, (int)i, &part);
        else
            workbook_properties(w, &part);
    }
    for (zip_int64_t i = 0; i < count && i < PARTS && rc == 0 && w->rc == 0; i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        bool listed = false;
        for (size_t k = 0; k < KNOWN && name; k++)
            listed = listed || strcmp(known[k], name) == 0;
        if (name && is_chart(name)) {
            rc = read_part(zip, name, &part, err);
            if (rc == 0)
                workbook_chart(w, name, &part);
        } else if (!name || (!listed && !is_form(name))) {
            workbook_find(w, "the archive", "a part that no workbook of the reports has");
        }
    }
    if (count > PARTS)
        workbook_find(w, "the archive", "too many parts");
    for (size_t i = 0; i < w->string_count && w->used && w->rc == 0; i++)
        if (!w->used[i])
            workbook_find(w, "sharedStrings", "a string that stands in no cell");
    text_release(&part);
    return w->rc != 0 ? -1 : rc;
}

static void forget(struct workbook_reading *w)
{
    for (size_t i = 0; i < w->string_count; i++)
        free(w->strings[i]);
    free((void *)w->strings);
    free(w->used);
    w->strings = NULL;
    w->used = NULL;
    w->string_count = 0;
}

int workbook_read(struct workbook_reading *w, const struct text *bytes)
{
    zip_error_t reason;
    struct err *err = w->err;
    memset(w->shares, 0, SHEET_SERIES_ROWS * sizeof *w->shares);
    zip_source_t *source = zip_source_buffer_create(bytes->bytes, bytes->length, 0, &reason);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &reason) : NULL;
    int rc = 0;
    if (!zip) {
        zip_source_free(source);
        rc = err_set(err, ERR_DATA, "no workbook");
    } else {
        rc = check_parts(w, zip, err);
        zip_discard(zip);
    }
    forget(w);
    return rc == 0 || w->rc != 0
               ? w->rc
               : audit_find_error(w->truth->c->result, AUDIT_REPORTS, w->path, err);
}

static int check_book(struct workbook_reading *w)
{
    struct text bytes;
    text_init(&bytes);
    int rc = audit_read(w->truth->c->folder, w->path, BOOK_BYTES, &bytes, w->err);
    rc = rc == 0 ? workbook_read(w, &bytes)
                 : audit_find_error(w->truth->c->result, AUDIT_REPORTS, w->path, w->err);
    text_release(&bytes);
    return rc;
}

struct books {
    const struct page_truth *truth;
    struct {
        struct audit_result result;
        size_t numbers, unknown;
    } found[AUDIT_THREADS];
};

/* Those of the units from begin to end, with a result of their own. */
static int check_books(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct books *b = context;
    struct audit_case c = *b->truth->c; /* what it reads nobody writes */
    struct page_truth truth = *b->truth;
    struct workbook_reading w = {.truth = &truth, .err = err};
    struct text path;
    c.result = &b->found[range].result;
    truth.c = &c;
    text_init(&path);
    w.shares = calloc(SHEET_SERIES_ROWS, sizeof *w.shares);
    int rc = w.shares ? 0 : err_memory(err);
    for (size_t u = begin; u < end && rc == 0; u++) {
        text_clear(&path);
        text_string(&path, "units/");
        unit_folder(&path, &c.rules.structure, u);
        text_string(&path, "/report.xlsx");
        w.path = path.bytes;
        w.unit = u;
        rc = path.failed ? err_memory(err) : check_book(&w);
    }
    b->found[range].numbers = w.numbers;
    b->found[range].unknown = w.unknown;
    free(w.shares);
    text_release(&path);
    return rc;
}

int audit_workbooks(struct audit_case *c, const struct past *past, struct err *err)
{
    struct page_truth truth;
    struct books b = {.truth = &truth};
    size_t units = c->rules.structure.unit_count, numbers = 0, unknown = 0;
    int rc = page_truth_open(&truth, c, past, err);
    if (rc == 0)
        rc = parallel_ranges(AUDIT_THREADS, units, check_books, &b, err);
    for (size_t i = 0; i < AUDIT_THREADS; i++) {
        if (rc == 0)
            rc = audit_result_join(c->result, &b.found[i].result, AUDIT_REPORTS, err);
        numbers += b.found[i].numbers;
        unknown += b.found[i].unknown;
        audit_result_release(&b.found[i].result);
    }
    if (rc == 0 && !past) {
        audit_figure(c->result, AUDIT_REPORTS, "workbooks", units);
        audit_figure(c->result, AUDIT_REPORTS, "numbers", numbers - unknown);
        audit_figure(c->result, AUDIT_REPORTS, "of earlier releases", unknown);
    }
    page_truth_close(&truth);
    return rc;
}
