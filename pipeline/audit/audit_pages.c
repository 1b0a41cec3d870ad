/* SPDX-License-Identifier: EUPL-1.2 */
/* Every page of the release, read back. See include/audit/case.h. */
#include "audit/page_reading.h"
#include "report/paths.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 8 << 20 };

static int check_page(struct page_reading *r, const char *path)
{
    struct text html;
    text_init(&html);
    int rc = audit_read(r->truth->c->folder, path, PAGE_BYTES, &html, r->err);
    rc = rc == 0 ? page_read(r, path, &html)
                 : audit_find_error(r->truth->c->result, AUDIT_REPORTS, path, r->err);
    text_release(&html);
    return rc;
}

static bool is_page(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".html") == 0;
}

int audit_pages(struct audit_case *c, const struct past *past, struct err *err)
{
    struct report_paths paths;
    struct page_truth truth;
    struct page_reading *r = calloc(1, sizeof *r);
    size_t pages = 0;
    int rc = page_truth_open(&truth, c, past, err);
    if (report_paths_list(&paths, &c->rules.structure, err) != 0)
        rc = -1;
    for (size_t i = 0; rc == 0 && r && i < paths.count; i++) {
        if (!is_page(paths.paths[i]))
            continue;
        r->truth = &truth;
        r->err = err;
        rc = check_page(r, paths.paths[i]);
        pages++;
    }
    if (!r)
        rc = err_memory(err);
    else if (rc == 0 && !past) {
        audit_figure(c->result, AUDIT_REPORTS, "pages", pages);
        audit_figure(c->result, AUDIT_REPORTS, "numbers", r->numbers - r->unknown);
        audit_figure(c->result, AUDIT_REPORTS, "of earlier releases", r->unknown);
    }
    free(r);
    report_paths_release(&paths);
    page_truth_close(&truth);
    return rc;
}
