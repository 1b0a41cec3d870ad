/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * national: a whole country for the bench and the scale tests, made as fast as it is written.
 *
 * N people in register.csv and N employments in employments.csv, at a made-up employer of one of 88
 * sectors (NACE Rev. 2 divisions in entities.csv, under their sections). Every value is a function
 * of (seed, who or which job): nothing is kept in memory but the lines, and 50 million people are
 * as easy as one million. Rows stand in an order that has nothing to do with numbers. Numbers are
 * valid and unique; when a day of birth has no serials left the rest are BIS numbers. All rows are
 * good: the government that herkomst-sample makes has the oddities.
 */
#ifndef HERKOMST_SAMPLES_NATIONAL_H
#define HERKOMST_SAMPLES_NATIONAL_H

#include "base/err.h"

#include <stdint.h>

enum { NATIONAL_LEAST = 1000, NATIONAL_MOST = 60000000 };

/* Writes the files in the folder, which is there; two at a time. */
int national_write(const char *folder, uint64_t seed, uint32_t people, struct err *err);

#endif
