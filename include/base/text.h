/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * text: a growable byte string, and the few locale-free character tests that the parsers use.
 *
 * The caller owns the struct: text_init, any number of appends, text_release. After an append that
 * ran out of memory the text is marked `failed` and further appends do nothing, so that a writer
 * may check once at the end. `bytes` is always NUL-terminated once anything was appended; bytes may
 * be NULL before. Not thread-safe.
 */
#ifndef HERKOMST_BASE_TEXT_H
#define HERKOMST_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

void text_init(struct text *t);
void text_release(struct text *t);
void text_clear(struct text *t); /* length 0, memory kept */
void text_append(struct text *t, const char *bytes, size_t length);
void text_string(struct text *t, const char *string);
void text_char(struct text *t, char c);
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ASCII only, whatever the locale says. */
static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
/* Eight digits in a word, the first one in the lowest byte, as four numbers of two digits: one in
 * every other byte, the first one in the lowest. False if they are no digits. */
static inline bool digit_pairs(uint64_t word, uint64_t *pairs)
{
    uint64_t low = word - UINT64_C(0x3030303030303030); /* bytes over 9 borrow or have high bits */
    uint64_t over = word + UINT64_C(0x4646464646464646);
    *pairs = (low * 10 + (low >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
    return ((low | over | word) & UINT64_C(0x8080808080808080)) == 0;
}
/* The number that they are: pairs, then fours, then all. UINT64_MAX if they are no digits. */
static inline uint64_t eight_digits(uint64_t word)
{
    uint64_t pairs;
    if (!digit_pairs(word, &pairs))
        return UINT64_MAX;
    uint64_t fours = (pairs & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x000F424000000064);
    uint64_t rest = (pairs >> 16 & UINT64_C(0x000000FF000000FF)) * UINT64_C(0x0000271000000001);
    return (fours + rest) >> 32;
}
static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline char to_lower(char c)
{
    return (c >= 'A' && c <= 'Z') ? (char)(c + ('a' - 'A')) : c;
}

/* [A-Za-z0-9._-]{1,32}, not starting with '.' or '-': what a code (entity, domain, release id,
 * table, variable or category name) may look like, so that it is safe in a file name and a key. */
bool is_code(const char *string);

/* A copy in malloc'd memory, or NULL. */
char *text_duplicate(const char *bytes, size_t length);

#endif
