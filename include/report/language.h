/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * language: the texts, numbers and dates of reports in Dutch, English, French and German.
 * Everything is built in; the machine's locale and environment count for nothing.
 *
 * Texts are written in English in the code and translated by gettext catalogues
 * (pipeline/report/po/LANGUAGE.po, made with the usual tools; msgfmt compiles them, and the reader
 * here takes them from there). A text that a catalogue lacks stays English.
 */
#ifndef HERKOMST_REPORT_LANGUAGE_H
#define HERKOMST_REPORT_LANGUAGE_H

#include "base/date.h"
#include "base/text.h"

#include <stdint.h>

enum language { LANGUAGE_NL, LANGUAGE_EN, LANGUAGE_FR, LANGUAGE_DE, LANGUAGE_COUNT };

extern const char *const LANGUAGE_CODES[LANGUAGE_COUNT]; /* "nl" */
extern const char *const LANGUAGE_NAMES[LANGUAGE_COUNT]; /* "Nederlands" */

/* The languages of a list such as "nl,en" (NULL: that one), in its order; returns how many. */
size_t languages_of(const char *list, enum language out[static LANGUAGE_COUNT]);

/* Marks a message that is translated elsewhere, for xgettext. */
#define MESSAGE(text) text

/* The translation, or the message itself. */
const char *translate(enum language l, const char *message);
/* What people call a variable ("variable", "origin") or a category ("category", "origin=foreign");
 * NULL if no catalogue knows it. */
const char *translate_name(enum language l, const char *context, const char *name);

/* 45000 -> 45.000; 96 -> 9,6%; 7 -> +0,7; 2017-12-31 -> 31 december 2017, by the language's rules.
 */
void number_put(struct text *out, enum language l, int64_t n);
void percent_put(struct text *out, enum language l, int64_t tenths);
void points_put(struct text *out, enum language l, int64_t tenths);
void ratio_put(struct text *out, enum language l, int64_t hundredths);
/* Millionths, with as many decimals as it takes: 100000 -> 10%. */
void ppm_put(struct text *out, enum language l, int32_t ppm);
void date_put(struct text *out, enum language l, date d);

#endif
