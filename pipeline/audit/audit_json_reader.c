/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/json_reader.h. */
#include "audit/json_reader.h"

#include "base/text.h"

#include <string.h>

static const int64_t WHOLE_LIMIT = 1000000000000000; /* as count_parse */

struct json_reader json_reader(const char *bytes, size_t length)
{
    return (struct json_reader){.at = bytes, .end = bytes + length, .first = true};
}

static bool fail(struct json_reader *r)
{
    r->failed = true;
    r->at = r->end;
    return false;
}

/* The next character that is no space, not passed over; 0 at the end. */
static char peek(struct json_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
    return r->at < r->end ? *r->at : '\0';
}

static bool take(struct json_reader *r, char c)
{
    if (peek(r) != c || r->failed)
        return fail(r);
    r->at++;
    return true;
}

bool reader_open(struct json_reader *r, char bracket)
{
    r->first = true;
    return take(r, bracket);
}

bool reader_is(struct json_reader *r, char bracket)
{
    return peek(r) == bracket;
}

/* Comma or closing bracket; true: something follows. */
static bool goes_on(struct json_reader *r, char close)
{
    bool first = r->first;
    r->first = false;
    if (r->failed)
        return false;
    if (peek(r) == close) {
        r->at++;
        return false;
    }
    return first || take(r, ',');
}

bool reader_item(struct json_reader *r)
{
    return goes_on(r, ']');
}

/* A string without escapes into out; false (and failed) if it is none, or does not fit. */
static bool plain_string(struct json_reader *r, char *out, size_t size)
{
    if (!take(r, '"'))
        return false;
    const char *start = r->at;
    while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (unsigned char)*r->at >= ' ')
        r->at++;
    size_t length = (size_t)(r->at - start);
    if (r->at == r->end || *r->at != '"' || length >= size)
        return fail(r);
    memcpy(out, start, length);
    out[length] = '\0';
    r->at++;
    return true;
}

bool reader_name(struct json_reader *r, char *out, size_t size)
{
    return goes_on(r, '}') && plain_string(r, out, size) && take(r, ':');
}

/* ---- values that are passed over ---- */

static void skip_string(struct json_reader *r)
{
    for (r->at++; r->at < r->end && *r->at != '"'; r->at++) {
        if ((unsigned char)*r->at < ' ' || (*r->at == '\\' && ++r->at == r->end)) {
            fail(r);
            return;
        }
    }
    if (r->at == r->end)
        fail(r);
    else
        r->at++;
}

/* true, false, null, and whatever looks like a number */
static void skip_word(struct json_reader *r)
{
    const char *start = r->at;
    while (r->at < r->end && (is_alpha(*r->at) || is_digit(*r->at) || strchr("+-.", *r->at)))
        r->at++;
    if (r->at == start)
        fail(r);
}

static void skip_at(struct json_reader *r, unsigned depth);

static void skip_nested(struct json_reader *r, char open, unsigned depth)
{
    bool outer = r->first;
    reader_open(r, open);
    while (goes_on(r, open == '{' ? '}' : ']')) {
        if (open == '{') {
            if (peek(r) != '"') {
                fail(r);
                return;
            }
            skip_string(r);
            (void)take(r, ':');
        }
        skip_at(r, depth + 1);
        r->first = false;
    }
    r->first = outer;
}

static void skip_at(struct json_reader *r, unsigned depth)
{
    char c = peek(r);
    if (r->failed || depth > JSON_DEPTH)
        fail(r);
    else if (c == '{' || c == '[')
        skip_nested(r, c, depth);
    else if (c == '"')
        skip_string(r);
    else
        skip_word(r);
}

void reader_skip(struct json_reader *r)
{
    bool outer = r->first;
    skip_at(r, 0);
    r->first = outer;
}

bool reader_string(struct json_reader *r, char *out, size_t size)
{
    struct json_reader before = *r;
    if (peek(r) == '"' && plain_string(r, out, size))
        return true;
    *r = before;
    reader_skip(r);
    return false;
}

bool reader_whole(struct json_reader *r, int64_t *value)
{
    (void)peek(r);
    const char *start = r->at;
    reader_skip(r);
    if (r->failed || r->at - start > 15 || !is_digit(*start) ||
        (*start == '0' && r->at - start > 1))
        return false;
    *value = 0;
    for (; start < r->at; start++) {
        if (!is_digit(*start))
            return false;
        *value = *value * 10 + (*start - '0');
    }
    return *value < WHOLE_LIMIT;
}

bool reader_at_end(struct json_reader *r)
{
    return peek(r) == '\0' && r->at == r->end && !r->failed;
}
