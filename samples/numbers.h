/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * numbers: unique national numbers, drawn at random over all valid serials of a birth date (001-997
 * odd for men, 002-998 even for women), and the ways in which files spell them.
 */
#ifndef HERKOMST_SAMPLES_NUMBERS_H
#define HERKOMST_SAMPLES_NUMBERS_H

#include "world.h"

enum number_kind {
    NUMBER_REGISTER,
    NUMBER_BIS,        /* month + 40 */
    NUMBER_BIS_NO_SEX, /* month + 20: the serial says nothing about the sex */
    NUMBER_YEAR_ONLY,  /* month and day 00 */
};

enum { NUMBER_TEXT = 24 };

/* A number of a kind that nobody else has: its first nine digits. May move *birth by some days when
 * all serials of a day are taken. `of`: what the draw depends on. */
uint32_t number_issue(struct world *w, date *birth, char sex, enum number_kind kind, uint64_t of);

/* Eleven digits. */
void number_plain(uint32_t nine, date birth, char out[static NUMBER_TEXT]);
/* As a register extract has it: plain, now and then without its leading zeros. */
void number_extract(const struct world *w, uint32_t nine, date birth, uint64_t of,
                    char out[static NUMBER_TEXT]);
/* As a personnel office types it: dots, dashes, blanks or none, windows-1252. */
void number_office(const struct world *w, uint32_t nine, date birth, uint64_t of,
                   char out[static NUMBER_TEXT]);
/* Something that is no valid number: a wrong check digit, 8,5E+10, or a letter in it. */
void number_spoilt(const struct world *w, uint32_t nine, date birth, uint64_t of,
                   char out[static NUMBER_TEXT]);

#endif
