/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Catalogues as msgfmt makes them (GNU gettext manual, "The Format of GNU MO Files"), built in:
 * seven 32-bit numbers, then tables of (length, offset) of the messages, sorted, and of their
 * translations. They are our own build's, so that they are not checked. See
 * include/report/language.h.
 */
#include "report/language.h"

#include <stdio.h>
#include <string.h>

#define CATALOGUE(code)                                             \
    __asm__(".pushsection .rodata,\"a\",@progbits\n.balign 4\n"     \
            ".global herkomst_catalogue_" #code "\n"                \
            ".hidden herkomst_catalogue_" #code "\n"                \
            "herkomst_catalogue_" #code ":\n"                       \
            ".incbin \"po/" #code ".mo\"\n.byte 0\n.popsection\n"); \
    extern const unsigned char herkomst_catalogue_##code[] __attribute__((visibility("hidden")))

CATALOGUE(nl);
CATALOGUE(en);
CATALOGUE(fr);
CATALOGUE(de);

static const unsigned char *const CATALOGUES[LANGUAGE_COUNT] = {
    herkomst_catalogue_nl, herkomst_catalogue_en, herkomst_catalogue_fr, herkomst_catalogue_de};

static uint32_t number_at(const unsigned char *catalogue, size_t at)
{
    uint32_t n;
    memcpy(&n, catalogue + at, sizeof n);
    return n;
}

enum { COUNT = 8, MESSAGES = 12, TRANSLATIONS = 16, ENTRY = 8 };

static const char *find(enum language l, const char *message)
{
    const unsigned char *c = CATALOGUES[l];
    size_t low = 0, high = number_at(c, COUNT);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t entry = number_at(c, MESSAGES) + middle * ENTRY;
        int order = strcmp(message, (const char *)c + number_at(c, entry + 4));
        if (order == 0)
            return (const char *)c + number_at(c, number_at(c, TRANSLATIONS) + middle * ENTRY + 4);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *translate(enum language l, const char *message)
{
    const char *found = find(l, message);
    return found ? found : message;
}

const char *translate_name(enum language l, const char *context, const char *name)
{
    char message[160]; /* msgctxt, EOT, msgid */
    int length = snprintf(message, sizeof message, "%s\004%s", context, name);
    return length > 0 && (size_t)length < sizeof message ? find(l, message) : NULL;
}
