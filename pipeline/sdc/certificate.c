/* SPDX-License-Identifier: EUPL-1.2 */
/* certificate.json (design section 9): proof_write_json of include/sdc/prove.h. Keys are made of
 * codes, so nothing in it needs escaping; one witness and one proof a line, for diff and for
 * people. */
#include "sdc/prove.h"

#include <inttypes.h>

static void write_key(struct text *out, const struct view *view, uint32_t cell)
{
    text_char(out, '"');
    cell_key(out, view->cells, cell);
    text_char(out, '"');
}

static void write_witness(struct text *out, const struct view *view, const struct witness *w)
{
    text_char(out, '{');
    for (size_t i = 0; i < w->count; i++) {
        text_string(out, i ? ", " : "");
        write_key(out, view, w->cells[i]);
        text_format(out, ": %" PRId64, w->values[i]);
    }
    text_char(out, '}');
}

static void write_proof(struct text *out, const struct view *view, const struct cell_proof *p)
{
    text_string(out, "{\"cell\": ");
    write_key(out, view, p->cell);
    if (p->kind == PROOF_PAIR)
        text_format(out, ", \"low\": %" PRIu32 ", \"high\": %" PRIu32 "}", p->low, p->high);
    else
        text_format(out, ", \"floor\": %" PRId64 "}", p->floor);
}

int proof_write_json(const struct proof *p, const struct view *view, const char *release,
                     struct text *out, struct err *err)
{
    if (p->unprotected)
        return err_set(err, ERR_INTERNAL, "certificate: a suppressed cell has no proof");
    text_format(out, "{\"format\": \"herkomst-certificate/1\",\n \"release\": \"%s\",\n", release);
    text_string(out, " \"witnesses\": [");
    for (size_t i = 0; i < p->witness_count; i++) {
        text_string(out, i ? ",\n  " : "\n  ");
        write_witness(out, view, &p->witnesses[i]);
    }
    text_string(out, "],\n \"proofs\": [");
    for (size_t i = 0; i < p->cell_count; i++) {
        text_string(out, i ? ",\n  " : "\n  ");
        write_proof(out, view, &p->cells[i]);
    }
    text_string(out, "]}\n");
    return out->failed ? err_memory(err) : 0;
}
