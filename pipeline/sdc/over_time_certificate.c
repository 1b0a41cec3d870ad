/* SPDX-License-Identifier: EUPL-1.2 */
/* certificate.json of a release that others came before: over_time_write_json of
 * include/sdc/over_time.h. The witnesses over all releases come first, then those of the present
 * release alone that a proof needs: of cells that the turnover rule names, about which nothing is
 * asked over time, and of cells whose floor holds with the earlier releases only. */
#include "sdc/over_time.h"

#include <inttypes.h>
#include <stdlib.h>

struct certificate {
    const struct over_time *o;
    const struct suppression *s;
    const struct cell_proof **joint; /* per cell of the system, or NULL */
    uint32_t *renumber; /* per witness of the present release alone; UINT32_MAX: unused */
    struct text *out;
    bool any; /* something of the list at hand was written */
};

static void begin_item(struct certificate *c)
{
    text_string(c->out, c->any ? ",\n  " : "\n  ");
    c->any = true;
}

static void write_key(const struct certificate *c, uint32_t cell)
{
    text_char(c->out, '"');
    cell_key(c->out, &c->o->joint.cells, cell);
    text_char(c->out, '"');
}

static void write_witness(struct certificate *c, const struct witness *w)
{
    begin_item(c);
    text_char(c->out, '{');
    for (size_t i = 0; i < w->count; i++) {
        text_string(c->out, i ? ", " : "");
        write_key(c, w->cells[i]);
        text_format(c->out, ": %" PRId64, w->values[i]);
    }
    text_char(c->out, '}');
}

static void write_proof(struct certificate *c, const struct cell_proof *p, uint32_t low,
                        uint32_t high)
{
    begin_item(c);
    text_string(c->out, "{\"cell\": ");
    write_key(c, p->cell);
    if (p->kind == PROOF_PAIR)
        text_format(c->out, ", \"low\": %" PRIu32 ", \"high\": %" PRIu32 "}", low, high);
    else
        text_format(c->out, ", \"floor\": %" PRId64 "}", p->floor);
}

/* Has the cell two witnesses over all releases? */
static bool has_joint_pair(const struct certificate *c, uint32_t cell)
{
    return c->joint[cell] && c->joint[cell]->kind == PROOF_PAIR;
}

static void write_witnesses(struct certificate *c)
{
    const struct proof *all = &c->o->proof, *own = &c->s->proof;
    uint32_t count = (uint32_t)all->witness_count;
    c->any = false;
    text_string(c->out, " \"witnesses\": [");
    for (size_t i = 0; i < all->witness_count; i++)
        write_witness(c, &all->witnesses[i]);
    for (size_t i = 0; i < own->cell_count; i++)
        if (own->cells[i].kind == PROOF_PAIR && !has_joint_pair(c, own->cells[i].cell))
            c->renumber[own->cells[i].low] = c->renumber[own->cells[i].high] = 0;
    for (size_t i = 0; i < own->witness_count; i++) {
        if (c->renumber[i] == UINT32_MAX)
            continue;
        c->renumber[i] = count++;
        write_witness(c, &own->witnesses[i]);
    }
    text_string(c->out, "],\n");
}

static void write_proofs(struct certificate *c)
{
    const struct proof *own = &c->s->proof;
    c->any = false;
    text_string(c->out, " \"proofs\": [");
    for (size_t i = 0; i < own->cell_count; i++) {
        const struct cell_proof *p = &own->cells[i];
        if (has_joint_pair(c, p->cell))
            write_proof(c, c->joint[p->cell], c->joint[p->cell]->low, c->joint[p->cell]->high);
        else if (p->kind == PROOF_PAIR)
            write_proof(c, p, c->renumber[p->low], c->renumber[p->high]);
        else
            write_proof(c, p, 0, 0);
    }
    text_string(c->out, "],\n");
}

/* What `proofs` does not show: earlier cells, and floors that hold over time only. A floor of the
 * present release alone holds over time too. */
static void write_cumulative(struct certificate *c)
{
    const struct proof *all = &c->o->proof, *own = &c->s->proof;
    size_t k = 0;
    c->any = false;
    text_string(c->out, " \"cumulative\": [");
    for (size_t i = 0; i < all->cell_count; i++) {
        const struct cell_proof *p = &all->cells[i];
        while (k < own->cell_count && own->cells[k].cell < p->cell)
            k++;
        bool present = k < own->cell_count && own->cells[k].cell == p->cell;
        if (!present || (p->kind == PROOF_FLOOR && own->cells[k].kind != PROOF_FLOOR))
            write_proof(c, p, p->low, p->high);
    }
    text_string(c->out, "]");
}

static void write_left_out(const struct certificate *c)
{
    const struct over_time *o = c->o;
    for (size_t i = 0; i < o->dropped_count; i++) {
        const struct joint_unit *d = &o->dropped[i];
        const struct unit *unit = &o->releases[d->to].cells->structure->units[d->unit];
        text_format(c->out,
                    "%s{\"from\": \"%s\", \"to\": \"%s\", \"level\": \"%s\", \"unit\": \"%s\"}",
                    i ? ",\n  " : ",\n \"left_out\": [\n  ", o->releases[d->from].id,
                    o->releases[d->to].id, level_name(unit->level), unit->code);
    }
    if (o->dropped_count)
        text_char(c->out, ']');
}

int over_time_write_json(const struct over_time *o, const struct suppression *s,
                         const char *release, struct text *out, struct err *err)
{
    struct certificate c = {.o = o, .s = s, .out = out};
    if (o->proof.unprotected || s->proof.unprotected)
        return err_set(err, ERR_INTERNAL, "certificate: a suppressed cell has no proof");
    c.joint = calloc(o->joint.cells.count + 1, sizeof(struct cell_proof *));
    c.renumber = malloc((s->proof.witness_count + 1) * sizeof *c.renumber);
    if (c.joint && c.renumber) {
        for (size_t i = 0; i < o->proof.cell_count; i++)
            c.joint[o->proof.cells[i].cell] = &o->proof.cells[i];
        for (size_t i = 0; i < s->proof.witness_count; i++)
            c.renumber[i] = UINT32_MAX;
        text_format(out, "{\"format\": \"herkomst-certificate/1\",\n \"release\": \"%s\",\n",
                    release);
        write_witnesses(&c);
        write_proofs(&c);
        write_cumulative(&c);
        write_left_out(&c);
        text_string(out, "}\n");
    }
    bool failed = !c.joint || !c.renumber || out->failed;
    free((void *)c.joint);
    free(c.renumber);
    return failed ? err_memory(err) : 0;
}
