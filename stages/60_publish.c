/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-publish: protected tables in, a signed release and its ledger entry out.
 * Zone 5 to release. Holds the signing key; sees no count that is not published.
 */
#include "run/publish.h"
#include "run/stage.h"

static int run(struct stage *stage, struct err *err)
{
    struct source source;
    struct release release;
    if (stage_open_input(stage, &source, err) != 0)
        return -1;
    int rc = release_load(&release, &source, err);
    if (rc == 0)
        rc = stage_finish_input(stage, err);
    if (rc == 0)
        rc = publish(&release, &stage->config, stage->threads, err);
    stage->rows = release.cells.count;
    release_free(&release);
    return rc;
}

int main(int argc, char **argv)
{
    return stage_main(&STAGE_PUBLISH, run, argc, argv);
}
