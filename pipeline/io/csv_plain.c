/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/csv_plain.h. */
#include "io/csv_plain.h"

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A row that is being cut. */
struct cut {
    char *text;
    char delimiter;
    struct csv_field *fields;
    size_t room, count;
    size_t begin; /* of the field */
};

/* The field that began at cut->begin ends before `end`. */
static inline void field_ends(struct cut *c, size_t end)
{
    if (c->count < c->room)
        c->fields[c->count] = (struct csv_field){c->text + c->begin, end - c->begin};
    c->count++;
    c->begin = end + 1;
}

/* The line feed is at `end`: nothing can go wrong any more. */
static size_t row_ends(struct cut *c, size_t end, size_t *count)
{
    field_ends(c, end > c->begin && c->text[end - 1] == '\r' ? end - 1 : end);
    for (size_t i = 0; i < c->count && i < c->room; i++)
        c->text[(size_t)(c->fields[i].bytes - c->text) + c->fields[i].length] = '\0';
    *count = c->count;
    return end + 1;
}

/* Goes on at `at`. */
static size_t cut_bytes(struct cut *c, size_t at, size_t length, size_t *count)
{
    for (; at < length; at++) {
        if (c->text[at] == c->delimiter)
            field_ends(c, at);
        else if (c->text[at] == '\n')
            return row_ends(c, at, count);
        else if (c->text[at] == '"')
            break;
    }
    return 0;
}

size_t csv_plain_cut_bytes(char *text, size_t length, char delimiter, struct csv_field *fields,
                           size_t room, size_t *count)
{
    struct cut c = {.text = text, .delimiter = delimiter, .fields = fields, .room = room};
    return cut_bytes(&c, 0, length < CSV_FIELD_BYTES ? length : CSV_FIELD_BYTES, count);
}

#ifdef __SSE2__
enum { LANES = 64 };

/* Which of the next 64 bytes are the delimiter, a line feed or a quote. */
static inline uint64_t marks(const char *text, __m128i delimiter)
{
    const __m128i feed = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
    uint64_t found = 0;
    for (int i = 0; i < LANES / 16; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + 16 * i));
        __m128i any = _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter), _mm_cmpeq_epi8(bytes, feed));
        any = _mm_or_si128(any, _mm_cmpeq_epi8(bytes, quote));
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(any) << (16 * i);
    }
    return found;
}

size_t csv_plain_cut(char *text, size_t length, char delimiter, struct csv_field *fields,
                     size_t room, size_t *count)
{
    struct cut c = {.text = text, .delimiter = delimiter, .fields = fields, .room = room};
    const __m128i delimiters = _mm_set1_epi8(delimiter);
    size_t at = 0;
    if (length > CSV_FIELD_BYTES)
        length = CSV_FIELD_BYTES;
    for (; length - at >= LANES; at += LANES)
        for (uint64_t found = marks(text + at, delimiters); found; found &= found - 1) {
            size_t here = at + (size_t)__builtin_ctzll(found);
            if (text[here] == delimiter)
                field_ends(&c, here);
            else
                return text[here] == '\n' ? row_ends(&c, here, count) : 0;
        }
    return cut_bytes(&c, at, length, count);
}
#else
size_t csv_plain_cut(char *text, size_t length, char delimiter, struct csv_field *fields,
                     size_t room, size_t *count)
{
    return csv_plain_cut_bytes(text, length, delimiter, fields, room, count);
}
#endif
