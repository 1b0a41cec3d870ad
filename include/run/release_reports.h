/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release_reports: what people and tools read of a release besides its tables: indicators.csv and
 * each unit's folder (report/). Made of the published view alone, item by item, by several threads.
 * Private to pipeline/run.
 */
#ifndef HERKOMST_RUN_RELEASE_REPORTS_H
#define HERKOMST_RUN_RELEASE_REPORTS_H

#include "run/release.h"
#include "run/release_files.h"

int release_reports(const struct release *r, const struct config *config, const struct past *past,
                    unsigned threads, struct release_files *files, struct err *err);

#endif
