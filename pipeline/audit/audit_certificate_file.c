/* SPDX-License-Identifier: EUPL-1.2 */
/* The file certificate.json: where its members are, and proofs as they are written. See
 * include/audit/certificate.h. */
#include "audit/certificate.h"

#include <stdlib.h>
#include <string.h>

enum { CERTIFICATE_BYTES = 512 << 20, WORD = 100 };
static const char NAME[] = "certificate.json";

/* The member of this name, NULL if a certificate has none. */
static struct certificate_part *part_of(struct certificate_check *k, const char *name)
{
    return strcmp(name, "witnesses") == 0    ? &k->witnesses
           : strcmp(name, "proofs") == 0     ? &k->proofs
           : strcmp(name, "cumulative") == 0 ? &k->cumulative
           : strcmp(name, "left_out") == 0   ? &k->left_out
                                             : NULL;
}

struct names { /* the two members that are strings; "" = not there */
    char format[WORD], release[WORD];
};

static void read_member(struct certificate_check *k, struct json_reader *r, const char *name,
                        struct names *names, bool *good)
{
    bool is_format = strcmp(name, "format") == 0;
    if (is_format || strcmp(name, "release") == 0) {
        char *to = is_format ? names->format : names->release;
        *good = *good && !*to && reader_string(r, to, WORD);
        return;
    }
    struct certificate_part *part = part_of(k, name);
    *good = *good && part && !part->bytes && reader_is(r, '[');
    const char *start = r->at;
    reader_skip(r);
    if (part)
        *part = (struct certificate_part){start, (size_t)(r->at - start)};
}

static int read_form(struct certificate_check *k, struct err *err)
{
    struct json_reader r = json_reader(k->text.bytes, k->text.length);
    struct names names = {"", ""};
    char name[WORD];
    bool good = true;
    for (reader_open(&r, '{'); reader_name(&r, name, sizeof name);)
        read_member(k, &r, name, &names, &good);
    if (!reader_at_end(&r))
        return audit_find(k->c->result, k->rule, NAME, "", err, "not JSON, or not its form");
    k->has_form = good && k->witnesses.bytes && k->proofs.bytes &&
                  strcmp(names.format, "herkomst-certificate/1") == 0;
    if (!k->has_form)
        return audit_find(k->c->result, k->rule, NAME, "", err, "not its form");
    return strcmp(names.release, k->c->rules.release) == 0
               ? 0
               : audit_find(k->c->result, k->rule, NAME, "", err, "not the release of rules.json");
}

int certificate_open(struct certificate_check *k, struct err *err)
{
    text_init(&k->text);
    return audit_read(k->c->folder, NAME, CERTIFICATE_BYTES, &k->text, err) == 0
               ? read_form(k, err)
               : audit_find_error(k->c->result, k->rule, NAME, err);
}

void certificate_close(struct certificate_check *k)
{
    text_release(&k->text);
    audit_index_release(&k->index);
    free(k->value);
    free(k->seen);
    free(k->held);
    free(k->witness);
    free(k->entry);
    free(k->proved);
    free(k->shown);
    free(k->floors);
    audit_range_close(&k->range);
}

/* A proof has a cell, and low and high, or a floor; each once. */
static void read_proof(struct json_reader *r, struct certificate_proof *p)
{
    enum { CELL = 1, LOW = 2, HIGH = 4, FLOOR = 8, OTHER = 16 };
    char name[WORD];
    unsigned seen = 0;
    p->cell[0] = '\0';
    p->has_form = reader_is(r, '{');
    if (!p->has_form) {
        reader_skip(r);
        p->is_floor = false;
        return;
    }
    for (reader_open(r, '{'); reader_name(r, name, sizeof name);) {
        unsigned bit = strcmp(name, "cell") == 0    ? CELL
                       : strcmp(name, "low") == 0   ? LOW
                       : strcmp(name, "high") == 0  ? HIGH
                       : strcmp(name, "floor") == 0 ? FLOOR
                                                    : OTHER;
        p->has_form = p->has_form && bit != OTHER && !(seen & bit);
        seen |= bit;
        if (bit == CELL)
            p->has_form = reader_string(r, p->cell, sizeof p->cell) && p->has_form;
        else if (bit == OTHER)
            reader_skip(r);
        else
            p->has_form = reader_whole(r, bit == LOW    ? &p->low
                                          : bit == HIGH ? &p->high
                                                        : &p->floor) &&
                          p->has_form;
    }
    p->is_floor = (seen & FLOOR) != 0;
    p->has_form = p->has_form && (seen == (CELL | LOW | HIGH) || seen == (CELL | FLOOR));
}

int certificate_proofs(struct certificate_part proofs, certificate_take take, void *context,
                       struct err *err)
{
    struct certificate_proof proof = {.number = 0};
    if (!proofs.bytes)
        return 0;
    struct json_reader r = json_reader(proofs.bytes, proofs.length);
    for (reader_open(&r, '['); reader_item(&r); proof.number++) {
        read_proof(&r, &proof);
        if (take(context, &proof, err) != 0)
            return -1;
    }
    return 0;
}
