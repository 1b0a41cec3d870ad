/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/csv_plain.h. First every delimiter and line feed is marked, then rows are looked
 * for among the marks: neither asks of any byte what it is in its row. */
#include "io/csv_plain.h"

#include <stdbool.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

void csv_rows_fields(const struct csv_rows *rows, size_t row, struct csv_field *fields)
{
    for (size_t i = 0; i < rows->columns; i++) {
        fields[i] = csv_column_field(csv_rows_column(rows, i), row);
        rows->text[(size_t)(fields[i].bytes - rows->text) + fields[i].length] = '\0';
    }
}

/* The text that is being marked. */
struct marking {
    const char *text;
    size_t length;
    char delimiter;
    uint32_t *marks;
    size_t count, enough; /* marks */
};

/* Marks what comes from `at` on, up to a quote. */
static void mark_bytes(struct marking *m, size_t at)
{
    for (; at < m->length && m->text[at] != '"' && m->count < m->enough; at++)
        if (m->text[at] == m->delimiter || m->text[at] == '\n')
            m->marks[m->count++] = (uint32_t)at;
}

#ifdef __SSE2__
enum { LANES = 64 };
#define LANES_BODY static inline __attribute__((always_inline))

LANES_BODY uint64_t equal_16(const char *text, __m128i wanted)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
}

/* Which of the next 64 bytes are this one. */
LANES_BODY uint64_t equal(const char *text, char byte)
{
    const __m128i wanted = _mm_set1_epi8(byte);
    return equal_16(text, wanted) | equal_16(text + 16, wanted) << 16 |
           equal_16(text + 32, wanted) << 32 | equal_16(text + 48, wanted) << 48;
}

/* The lowest bit's mark, whether there is one or not; written out, since a loop's end costs more.
 */
#define MARK                                                                      \
    *to++ = base + (uint32_t)__builtin_ctzll(found | UINT64_C(1) << (LANES - 1)); \
    found &= found - 1;
#define MARK_4 MARK MARK MARK MARK

/* As many marks are written at once as 64 bytes nearly always have, and those that are not there
 * are written over: to ask for each whether it is there costs more. Returns where to go on. */
LANES_BODY size_t mark_body(struct marking *m)
{
    size_t at = 0, count = m->count;
    for (; m->length - at >= LANES && count < m->enough; at += LANES) {
        const char *text = m->text + at;
        if (equal(text, '"') != 0)
            break;
        uint64_t found = equal(text, m->delimiter) | equal(text, '\n');
        uint32_t *to = m->marks + count, base = (uint32_t)at;
        count += (size_t)__builtin_popcountll(found);
        do {
            MARK_4 MARK_4 MARK_4
        } while (found != 0);
    }
    m->count = count;
    return at;
}

/* What is done with single bits takes one instruction where the processor has them. */
__attribute__((target("popcnt,bmi"))) static size_t mark_with_bits(struct marking *m)
{
    return mark_body(m);
}
static size_t mark_lanes(struct marking *m)
{
    bool bits = __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
    return bits ? mark_with_bits(m) : mark_body(m);
}
#else
static size_t mark_lanes(struct marking *m)
{
    (void)m;
    return 0;
}
#endif

static bool is_row(const struct marking *m, const uint32_t *marks, size_t columns)
{
    int other = m->text[marks[columns]] ^ '\n';
    for (size_t i = 1; i < columns; i++)
        other |= m->text[marks[i]] ^ m->delimiter;
    uint32_t begin = marks[0] + 1, bytes = marks[columns] - begin;
    bool empty = columns == 1 && (bytes == 0 || (bytes == 1 && m->text[begin] == '\r'));
    return other == 0 && bytes < CSV_FIELD_BYTES && !empty;
}

static struct marking marking_of(const char *text, size_t length, char delimiter, size_t columns,
                                 uint32_t *marks)
{
    marks[0] = UINT32_MAX;
    return (struct marking){text, length, delimiter, marks, 1, CSV_ROWS * columns + 1};
}

static size_t rows_of(const struct marking *m, size_t columns)
{
    size_t most = (m->count - 1) / columns, rows = 0;
    if (most > CSV_ROWS)
        most = CSV_ROWS;
    while (rows < most && is_row(m, m->marks + rows * columns, columns))
        rows++;
    return rows;
}

size_t csv_plain_rows(const char *text, size_t length, char delimiter, size_t columns,
                      uint32_t *marks)
{
    struct marking m = marking_of(text, length, delimiter, columns, marks);
    mark_bytes(&m, mark_lanes(&m));
    return rows_of(&m, columns);
}

size_t csv_plain_rows_bytes(const char *text, size_t length, char delimiter, size_t columns,
                            uint32_t *marks)
{
    struct marking m = marking_of(text, length, delimiter, columns, marks);
    mark_bytes(&m, 0);
    return rows_of(&m, columns);
}
