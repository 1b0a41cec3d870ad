/* SPDX-License-Identifier: EUPL-1.2 */
/* herkomst-pseudonymise: see STAGE_PSEUDONYMISE in pipeline/run/stages.c, include/link/intake.h and
 * include/link/pseudonymise.h. */
#include "base/report.h"
#include "link/fields.h"
#include "link/pseudonymise.h"
#include "run/output.h"
#include "run/stage.h"
#include "secure/keyfile.h"

/* The release's keys; the master key is gone again when this returns. */
static int read_keys(struct pseudonym_keys *keys, const struct config *c, struct err *err)
{
    uint8_t *master = NULL;
    if (keyfile_read_master(c->pseudonym_keys, c->pseudonym_key_count, &master, err) != 0)
        return -1;
    keys->pseudonym = secret_alloc(PSEUDONYM_KEYBYTES, err);
    keys->input = keys->pseudonym ? secret_alloc(PSEUDONYM_KEYBYTES, err) : NULL;
    if (keys->input) {
        pseudonym_key_derive(keys->pseudonym, master, "pseudonym", c->release);
        pseudonym_key_derive(keys->input, master, "input", c->release);
        key_fingerprint(keys->fingerprint, master);
    }
    secret_free(master);
    return keys->input ? 0 : -1;
}

/* What the operator is told in private, also when too many rows were rejected. */
static int write_private(const struct stage *s, const struct intake *in,
                         const struct pseudonymised *p, struct err *err)
{
    struct text rejected;
    text_init(&rejected);
    int rc = intake_rejected_csv(in, &rejected, err);
    if (rc == 0)
        rc = output_write_private(&s->config, "rejected.csv", &rejected, err);
    if (rc == 0)
        rc = stage_write_quality(s, &p->quality, err);
    text_release(&rejected);
    return rc;
}

static int run(struct stage *s, struct err *err)
{
    struct pseudonym_keys keys = {0};
    struct pseudonymised out = {0};
    struct intake in = {0};
    struct memory_plan plan;
    struct field_set fields;
    struct sink sink;
    int rc = -1;
    if (fields_used(&fields, &s->config, err) != 0 || read_keys(&keys, &s->config, err) != 0)
        goto out;
    progress_begin("rows", 0);
    memory_plan_make(&plan, s->memory, s->threads, s->work);
    if (intake_read_within(&in, &s->config, keys.input, plan.threads, &plan, err) != 0 ||
        pseudonymise(&out, &in, fields_generations(&fields), &keys, plan.threads, err) != 0 ||
        write_private(s, &in, &out, err) != 0 || intake_check(&in, &s->config, err) != 0 ||
        stage_open_output(s, &sink, err) != 0)
        goto out;
    rc = pseudonymised_write(&out, &sink, err);
    for (int d = 0; d < DATASET_COUNT; d++)
        s->rows += in.datasets[d].table.issues.rows;
out:
    progress_end();
    secret_free(keys.pseudonym);
    secret_free(keys.input);
    pseudonymised_release(&out);
    intake_release(&in);
    return rc;
}

int main(int c, char **v)
{
    return stage_main(&STAGE_PSEUDONYMISE, run, c, v);
}
