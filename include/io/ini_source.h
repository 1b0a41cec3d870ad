/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ini_source: an INI file as sections and entries, each with its line, read strictly through
 * libinih.
 *
 *     ini_load(&s, path, is_name, err)           ERR_NOINPUT, ERR_IO, or ERR_CONFIG with file and
 * line ini_override(&s, texts, count, err)        "SECTION.KEY=VALUE", over the file's values
 *     ... ini_section_find, ini_entry_find ...
 *     ini_release(&s)
 *
 * On top of libinih: lines that do not fit its buffer (over 199 bytes), NUL and other control
 * bytes, invalid UTF-8, text after a section's bracket, a section or key that is there twice, and
 * an entry before the first section are errors. A line that starts with a blank goes on with the
 * value before it, the two joined by one space; an indented line that looks like a key or a section
 * of its own (is_name says which names exist) is an error too, since inih would swallow it. " ;"
 * begins a comment, on continued lines as well; so does ';' or '#' at the start of a line.
 */
#ifndef HERKOMST_IO_INI_SOURCE_H
#define HERKOMST_IO_INI_SOURCE_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { INI_FILE_BYTES = 1 << 20 }; /* a configuration is no larger */

struct ini_section {
    char *name;
    long line; /* 0: made by an override */
};

struct ini_entry {
    size_t section; /* index in sections */
    char *key;
    struct text value;
    long line; /* 0: from an override */
};

struct ini_source {
    struct text bytes; /* of the file, as it is on disk */
    struct ini_section *sections;
    size_t section_count;
    struct ini_entry *entries;
    size_t entry_count;
};

/* True if `key` is a key of `section`; with key NULL: if `section` is a section. */
typedef bool (*ini_name_test)(const char *section, const char *key);

int ini_load(struct ini_source *s, const char *path, ini_name_test is_name, struct err *err);
void ini_release(struct ini_source *s);

/* Values and keys as in the file; two overrides of one key are an error (their order would matter),
 * and a text without a dot and '=' is ERR_USAGE. */
int ini_override(struct ini_source *s, char *const *texts, size_t count, struct err *err);

/* An index, or SIZE_MAX. */
size_t ini_section_find(const struct ini_source *s, const char *name);
/* An entry of a section, or NULL. */
const struct ini_entry *ini_entry_find(const struct ini_source *s, size_t section, const char *key);

#endif
