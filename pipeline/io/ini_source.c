/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * See include/io/ini_source.h. libinih splits lines into sections, names and values; the line
 * reader that it is given sees every raw line first, and so knows what libinih does not tell: where
 * a section starts, on which line we are, and what was about to be cut off or ignored.
 */
#include "io/ini_source.h"

#include <errno.h>
#include <ini.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct ini_source *source;
    ini_name_test is_name;
    const char *path;
    size_t at; /* next byte of source->bytes */
    long line;
    bool continues; /* the line goes on with the value of the last entry */
    bool has_entry; /* the section has one */
    struct err *err;
    bool failed; /* err is filled; nothing else is read */
};

void ini_release(struct ini_source *s)
{
    for (size_t i = 0; i < s->section_count; i++)
        free(s->sections[i].name);
    for (size_t i = 0; i < s->entry_count; i++) {
        free(s->entries[i].key);
        text_release(&s->entries[i].value);
    }
    free(s->sections);
    free(s->entries);
    text_release(&s->bytes);
    memset(s, 0, sizeof *s);
}

size_t ini_section_find(const struct ini_source *s, const char *name)
{
    for (size_t i = 0; i < s->section_count; i++)
        if (strcmp(s->sections[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

const struct ini_entry *ini_entry_find(const struct ini_source *s, size_t section, const char *key)
{
    for (size_t i = 0; i < s->entry_count; i++)
        if (s->entries[i].section == section && strcmp(s->entries[i].key, key) == 0)
            return &s->entries[i];
    return NULL;
}

static int add_section(struct ini_source *s, const char *name, size_t length, long line,
                       struct err *err)
{
    struct ini_section *sections = realloc(s->sections, (s->section_count + 1) * sizeof *sections);
    if (!sections)
        return err_memory(err);
    s->sections = sections;
    char *copy = text_duplicate(name, length);
    if (!copy)
        return err_memory(err);
    sections[s->section_count++] = (struct ini_section){copy, line};
    return 0;
}

static int add_entry(struct ini_source *s, size_t section, const char *key, const char *value,
                     long line, struct err *err)
{
    struct ini_entry *entries = realloc(s->entries, (s->entry_count + 1) * sizeof *entries);
    if (!entries)
        return err_memory(err);
    s->entries = entries;
    struct ini_entry *e = &entries[s->entry_count];
    memset(e, 0, sizeof *e);
    e->section = section;
    e->line = line;
    e->key = text_duplicate(key, strlen(key));
    text_string(&e->value, value);
    if (!e->key || e->value.failed) {
        free(e->key);
        text_release(&e->value);
        return err_memory(err);
    }
    s->entry_count++;
    return 0;
}

/* The number of bytes of the UTF-8 character at p (1..4), or 0 if it is none, or a control byte. */
static size_t character(const unsigned char *p, size_t left)
{
    static const uint32_t LEAST[5] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char c = p[0];
    if (c < 0x80)
        return (c < 0x20 && c != '\t') || c == 0x7F ? 0 : 1;
    size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || length > left)
        return 0;
    uint32_t code = c & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3FU);
    }
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < LEAST[length] || surrogate || code > 0x10FFFF ? 0 : length;
}

/* Valid UTF-8 without control characters. */
static bool is_plain(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t n = character((const unsigned char *)text + at, length - at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

/* Removes blanks at both ends, in place. */
static char *trim(char *text)
{
    while (is_space(*text))
        text++;
    size_t length = strlen(text);
    while (length && is_space(text[length - 1]))
        text[--length] = '\0';
    return text;
}

static void fail_line(struct reader *r)
{
    (void)err_at(r->err, r->path, r->line);
    r->failed = true;
}

/* A line "[name]" or "[name] ; comment": the new section. */
static int begin_section(struct reader *r, const char *start)
{
    const char *end = strchr(start, ']');
    if (!end)
        return err_set(r->err, ERR_CONFIG, "a section name without its closing bracket");
    const char *rest = end + 1;
    while (is_space(*rest))
        rest++;
    if (*rest && !(*rest == ';' && is_space(rest[-1])))
        return err_set(r->err, ERR_CONFIG, "text after the section name's closing bracket");
    char *name = text_duplicate(start + 1, (size_t)(end - start - 1));
    if (!name)
        return err_memory(r->err);
    int rc = -1;
    if (!r->is_name(name, NULL))
        (void)err_set(r->err, ERR_CONFIG, "unknown section [%.60s]", name);
    else if (ini_section_find(r->source, name) != SIZE_MAX)
        (void)err_set(r->err, ERR_CONFIG, "section [%s] is there twice", name);
    else
        rc = add_section(r->source, name, strlen(name), r->line, r->err);
    free(name);
    r->has_entry = false;
    return rc;
}

/* An indented line that was meant as an entry or a section would silently become part of a value.
 */
static int check_continued(struct reader *r, const char *start)
{
    size_t length = strcspn(start, *start == '[' ? "]" : "=:");
    if (start[length] == '\0')
        return 0;
    char *word = text_duplicate(start + (*start == '['), length - (*start == '['));
    if (!word)
        return err_memory(r->err);
    const char *section = r->source->sections[r->source->section_count - 1].name;
    char *name = trim(word);
    bool own = *start == '[' ? r->is_name(name, NULL) : r->is_name(section, name);
    free(word);
    if (!own)
        return 0;
    (void)err_set(r->err, ERR_CONFIG,
                  "an indented line goes on with the value before it, but this "
                  "one looks like a %s",
                  *start == '[' ? "section" : "key of its own");
    return err_hint(r->err, "start the line without blanks");
}

static int look_at_line(struct reader *r, char *line)
{
    char *start = line;
    while (is_space(*start))
        start++;
    r->continues = false;
    if (*start == '\0' || *start == ';' || *start == '#')
        return 0;
    if (start > line && r->has_entry) {
        r->continues = true;
        return check_continued(r, start);
    }
    if (*start == '[')
        return begin_section(r, start);
    if (r->source->section_count == 0)
        return err_set(r->err, ERR_CONFIG, "a line before the first [section]");
    return 0;
}

/* libinih's line reader: hands over the next line without its line end, or NULL at the end. */
static char *next_line(char *line, int size, void *context)
{
    struct reader *r = context;
    const struct text *t = &r->source->bytes;
    if (r->failed || r->at >= t->length)
        return NULL;
    r->line++;
    const char *start = t->bytes + r->at;
    const char *end = memchr(start, '\n', t->length - r->at);
    size_t length = end ? (size_t)(end - start) : t->length - r->at;
    r->at += length + (end != NULL);
    if (length && start[length - 1] == '\r')
        length--;
    if (length >= (size_t)size) {
        (void)err_set(r->err, ERR_CONFIG, "a line of %zu bytes, at most %d", length, size - 1);
        (void)err_hint(r->err, "a value may go on in indented lines");
    } else if (!is_plain(start, length)) {
        (void)err_set(r->err, ERR_CONFIG, "not plain UTF-8 text");
    } else {
        memcpy(line, start, length);
        line[length] = '\0';
        if (look_at_line(r, line) == 0)
            return line;
    }
    fail_line(r);
    return NULL;
}

/* libinih cuts comments off first lines only. */
static void append_continued(struct text *value, const char *more)
{
    size_t length = 0;
    while (more[length] && !(more[length] == ';' && (length == 0 || is_space(more[length - 1]))))
        length++;
    while (length && is_space(more[length - 1]))
        length--;
    if (length && value->length)
        text_char(value, ' ');
    text_append(value, more, length);
}

static int on_entry(void *context, const char *section, const char *key, const char *value)
{
    struct reader *r = context;
    (void)section; /* cut to 49 bytes; begin_section has it whole */
    if (r->failed)
        return 0;
    size_t index = r->source->section_count - 1;
    if (r->continues) {
        struct text *t = &r->source->entries[r->source->entry_count - 1].value;
        append_continued(t, value);
        if (!t->failed)
            return 1;
        (void)err_memory(r->err);
    } else if (!r->is_name(r->source->sections[index].name, key)) {
        (void)err_set(r->err, ERR_CONFIG, "unknown key \"%.60s\" in [%s]", key,
                      r->source->sections[index].name);
    } else if (ini_entry_find(r->source, index, key)) {
        (void)err_set(r->err, ERR_CONFIG, "key \"%.60s\" is there twice in [%s]", key,
                      r->source->sections[index].name);
    } else if (add_entry(r->source, index, key, value, r->line, r->err) == 0) {
        r->has_entry = true; /* only now: libinih reads on after a line that is no entry */
        return 1;
    }
    fail_line(r);
    return 0;
}

static int read_file(struct text *bytes, const char *path, struct err *err)
{
    FILE *file = fopen(path, "rbe");
    if (!file) {
        (void)err_errno(err, errno == ENOENT ? ERR_NOINPUT : ERR_IO, "cannot open");
        return err_at(err, path, 0);
    }
    char block[8192];
    size_t got;
    while (bytes->length <= INI_FILE_BYTES && (got = fread(block, 1, sizeof block, file)) > 0)
        text_append(bytes, block, got);
    int rc = 0;
    if (ferror(file))
        rc = err_errno(err, ERR_IO, "cannot read");
    if (fclose(file) != 0 && rc == 0)
        rc = err_errno(err, ERR_IO, "cannot close");
    if (rc == 0 && bytes->failed)
        rc = err_memory(err);
    if (rc == 0 && bytes->length > INI_FILE_BYTES)
        rc = err_set(err, ERR_CONFIG, "larger than %d bytes", INI_FILE_BYTES);
    return rc == 0 ? 0 : err_at(err, path, 0);
}

int ini_load(struct ini_source *s, const char *path, ini_name_test is_name, struct err *err)
{
    memset(s, 0, sizeof *s);
    struct reader r = {.source = s, .is_name = is_name, .path = path, .err = err};
    if (read_file(&s->bytes, path, err) != 0)
        goto fail;
    if (s->bytes.length >= 3 && memcmp(s->bytes.bytes, "\xEF\xBB\xBF", 3) == 0)
        r.at = 3;
    int rc = ini_parse_stream(next_line, &r, on_entry, &r);
    if (r.failed)
        goto fail;
    if (rc != 0) {
        (void)(rc < 0 ? err_memory(err)
                      : err_set(err, ERR_CONFIG, "neither [section] nor KEY = VALUE"));
        (void)err_at(err, path, rc < 0 ? 0 : rc);
        goto fail;
    }
    return 0;
fail:
    ini_release(s);
    return -1;
}

/* One override: the text is cut in place into section, key and value. */
static int apply(struct ini_source *s, char *text, struct err *err)
{
    char *equals = strchr(text, '=');
    char *dot = strchr(text, '.');
    if (!equals || !dot || dot > equals)
        return err_set(err, ERR_USAGE, "--set wants SECTION.KEY=VALUE");
    if (!is_plain(text, strlen(text)))
        return err_set(err, ERR_CONFIG, "--set: not plain UTF-8 text");
    *equals = '\0';
    *dot = '\0';
    char *section = trim(text), *key = trim(dot + 1), *value = trim(equals + 1);
    size_t index = ini_section_find(s, section);
    if (index == SIZE_MAX) {
        if (add_section(s, section, strlen(section), 0, err) != 0)
            return -1;
        index = s->section_count - 1;
    }
    struct ini_entry *e = (struct ini_entry *)ini_entry_find(s, index, key);
    if (!e)
        return add_entry(s, index, key, value, 0, err);
    if (e->line == 0)
        return err_set(err, ERR_CONFIG, "--set %s.%s is there twice", section, key);
    text_clear(&e->value);
    text_string(&e->value, value);
    e->line = 0;
    return e->value.failed ? err_memory(err) : 0;
}

int ini_override(struct ini_source *s, char *const *texts, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        char *copy = text_duplicate(texts[i], strlen(texts[i]));
        if (!copy)
            return err_memory(err);
        int rc = apply(s, copy, err);
        free(copy);
        if (rc != 0)
            return -1;
    }
    return 0;
}
