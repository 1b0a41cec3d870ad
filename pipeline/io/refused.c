/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * See config_refused_attribute in include/io/config.h. The list is part of the program; a line of
 * it is "RULE: STEM, STEM, ..." (config/refused_attributes.txt tells). Names are compared without
 * capitals, accents and punctuation, so that "Geloofs-Overtuiging" and "santé" are found.
 */
#include "base/text.h"
#include "io/config.h"

#include <stdlib.h>
#include <string.h>

__asm__(".pushsection .rodata,\"a\",@progbits\n"
        ".global herkomst_refused_attributes\n"
        ".hidden herkomst_refused_attributes\n"
        "herkomst_refused_attributes:\n"
        ".incbin \"config/refused_attributes.txt\"\n"
        ".byte 0\n"
        ".popsection\n");
extern const char herkomst_refused_attributes[] __attribute__((visibility("hidden")));

enum { NAME_MOST = 512, RULE_MOST = 48 };

/* The base letters of U+00C0 to U+00FF; '-' where there is none. */
static const char FOLDED[] = "aaaaaaaceeeeiiiidnooooo-ouuuuypsaaaaaaaceeeeiiiidnooooo-ouuuuypy";

/* Lower case ASCII with one blank wherever a word ends (at other characters, or where a capital
 * follows a small letter), and a blank at both ends. Longer names are cut: nobody's header is that
 * long. */
static void normalise(const char *name, char words[static NAME_MOST + 3])
{
    size_t length = 0;
    char previous = ' ';
    words[length++] = ' ';
    for (const unsigned char *c = (const unsigned char *)name; *c && length < NAME_MOST; c++) {
        char folded = (char)*c;
        if (*c == 0xC3 && c[1] >= 0x80 && c[1] <= 0xBF)
            folded = FOLDED[*++c - 0x80];
        bool letter = is_alpha(folded) || is_digit(folded);
        bool capital = folded >= 'A' && folded <= 'Z';
        bool hump = capital && previous >= 'a' && previous <= 'z';
        if ((!letter || hump) && words[length - 1] != ' ')
            words[length++] = ' ';
        if (letter)
            words[length++] = to_lower(folded);
        previous = folded;
    }
    if (words[length - 1] != ' ')
        words[length++] = ' ';
    words[length] = '\0';
}

static void squeeze(const char *words, char *out)
{
    for (; *words; words++)
        if (*words != ' ')
            *out++ = *words;
    *out = '\0';
}

/* A stem may stand anywhere, across words too; one after '=' is a word by itself. */
static bool matches(const char *stem, size_t length, const char *words, const char *squeezed)
{
    char wanted[RULE_MOST + 2];
    if (length == 0 || length >= RULE_MOST)
        return false;
    if (stem[0] != '=') {
        memcpy(wanted, stem, length);
        wanted[length] = '\0';
        return strstr(squeezed, wanted) != NULL;
    }
    wanted[0] = ' ';
    memcpy(wanted + 1, stem + 1, length - 1);
    wanted[length] = ' ';
    wanted[length + 1] = '\0';
    return strstr(words, wanted) != NULL;
}

static bool line_matches(const char *stems, const char *end, const char *words,
                         const char *squeezed)
{
    while (stems < end) {
        while (stems < end && (*stems == ' ' || *stems == ','))
            stems++;
        const char *start = stems;
        while (stems < end && *stems != ',' && *stems != ' ')
            stems++;
        if (matches(start, (size_t)(stems - start), words, squeezed))
            return true;
    }
    return false;
}

bool config_refused_attribute(const char *name, const char **rule)
{
    static _Thread_local char found[RULE_MOST];
    char words[NAME_MOST + 3], squeezed[NAME_MOST + 3];
    normalise(name, words);
    squeeze(words, squeezed);
    for (const char *line = herkomst_refused_attributes; *line;) {
        const char *end = line + strcspn(line, "\n");
        const char *colon = memchr(line, ':', (size_t)(end - line));
        size_t length = colon ? (size_t)(colon - line) : 0;
        if (*line != '#' && colon && length < sizeof found &&
            line_matches(colon + 1, end, words, squeezed)) {
            memcpy(found, line, length);
            found[length] = '\0';
            *rule = found;
            return true;
        }
        line = *end ? end + 1 : end;
    }
    return false;
}
