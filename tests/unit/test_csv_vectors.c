/* SPDX-License-Identifier: EUPL-1.2 */
/* The strict CSV reader on the scenarios of tests/vectors/csv, each at several block sizes and with
 * the same outcome. A scenario of a .vec file: name; expect (ok or 65); rule, row and column of the
 * refusal; out, one line a row that is delivered: its line number and its [fields]; delimiter;
 * encoding; bytes. \n \r \t
 * \\ and \xHH stand for bytes; an empty line ends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "csv_dump.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The word of a vector's `rule:` and what the message must say. */
static const struct {
    const char *word, *text;
} RULES[] = {
    {"empty", "the file is empty"},
    {"header_missing", "the file has no header"},
    {"header_empty", "the header of a column is empty"},
    {"header_twice", "the same header as column "},
    {"utf16", "UTF-16 text"},
    {"utf32", "UTF-32 text"},
    {"mark", "byte order mark"},
    {"encoding", "a byte that is not valid "},
    {"nul", "NUL byte"},
    {"cr", "a carriage return without a line feed"},
    {"ragged", " expected"},
    {"quote_open", "an unterminated quote"},
    {"quote_stray", "a quote inside an unquoted field"},
    {"quote_text", "text after a closing quote"},
};

struct scenario {
    char name[80], rule[20];
    bool refused;
    long row, column;
    struct csv_options options;
    struct text out, bytes;
};

static int hex(char c)
{
    const char *digits = "0123456789ABCDEF";
    const char *at = strchr(digits, c);
    assert_true(c && at);
    return (int)(at - digits);
}

static void unescape(struct text *to, const char *from)
{
    for (; *from; from++) {
        if (*from != '\\') {
            text_char(to, *from);
            continue;
        }
        from++;
        if (*from == 'x') {
            text_char(to, (char)(hex(from[1]) * 16 + hex(from[2])));
            from += 2;
        } else {
            const char *at = strchr("nrt\\", *from);
            assert_true(*from && at);
            text_char(to, "\n\r\t\\"[at - "nrt\\"]);
        }
    }
}

static const char *rule_text(const char *word)
{
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (strcmp(RULES[i].word, word) == 0)
            return RULES[i].text;
    fail_msg("no rule %s", word);
    return "";
}

/* No run of three letters or digits of the bytes may show in the message. */
static void no_value_leaks(const struct scenario *s, const struct err *err)
{
    char run[4] = "";
    for (size_t i = 0; s->bytes.length >= 3 && i <= s->bytes.length - 3; i++) {
        memcpy(run, s->bytes.bytes + i, 3);
        bool word = true;
        for (int k = 0; k < 3; k++)
            word = word && (is_alpha(run[k]) || is_digit(run[k]));
        if (word && (strstr(err->text, run) || strstr(err->hint, run)))
            fail_msg("%s: the message holds a value", s->name);
    }
}

static void scenario_run(const struct scenario *s)
{
    static const size_t blocks[] = {1, 2, 3, 5, 8, 13, CSV_BLOCK};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct err err;
        struct text out;
        text_init(&out);
        int rc = read_dump(&s->bytes, blocks[i], &s->options, &out, &err);
        if (rc != (s->refused ? -1 : 0))
            fail_msg("%s, block %zu: %s", s->name, blocks[i], rc ? err.text : "not refused");
        if (!s->refused)
            assert_string_equal(out.bytes, s->out.bytes);
        else {
            if (!strstr(err.text, rule_text(s->rule)) || err.line != s->row ||
                err.column != s->column)
                fail_msg("%s, block %zu: line %ld, column %ld: %s", s->name, blocks[i], err.line,
                         err.column, err.text);
            assert_int_equal(err.kind, ERR_DATA);
            assert_string_equal(err.file, "x.csv");
            no_value_leaks(s, &err);
        }
        text_release(&out);
    }
}

static void scenario_clear(struct scenario *s)
{
    text_release(&s->out);
    text_release(&s->bytes);
    memset(s, 0, sizeof *s);
    s->options = COMMA;
    text_string(&s->bytes, "");
}

static void scenario_line(struct scenario *s, const char *key, const char *value)
{
    if (strcmp(key, "name") == 0)
        (void)snprintf(s->name, sizeof s->name, "%s", value);
    else if (strcmp(key, "expect") == 0)
        s->refused = strcmp(value, "65") == 0;
    else if (strcmp(key, "rule") == 0)
        (void)snprintf(s->rule, sizeof s->rule, "%s", value);
    else if (strcmp(key, "row") == 0)
        s->row = strtol(value, NULL, 10);
    else if (strcmp(key, "column") == 0)
        s->column = strtol(value, NULL, 10);
    else if (strcmp(key, "delimiter") == 0)
        s->options.delimiter = *value == 's' ? ';' : *value == 't' ? '\t' : ',';
    else if (strcmp(key, "encoding") == 0)
        s->options.encoding = *value == 'w' ? ENCODING_WINDOWS_1252 : ENCODING_ISO_8859_1;
    else if (strcmp(key, "out") == 0) {
        unescape(&s->out, value);
        text_char(&s->out, '\n');
    } else if (strcmp(key, "bytes") == 0)
        unescape(&s->bytes, value);
    else
        fail_msg("unknown key %s", key);
}

static size_t vectors_run(const char *path)
{
    size_t count = 0;
    char line[4096];
    struct scenario s = {0};
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    scenario_clear(&s);
    for (bool more = true; more;) {
        more = fgets(line, sizeof line, file) != NULL;
        if (more && line[0] == '#')
            continue;
        if (!more || line[0] == '\n') {
            if (s.name[0]) {
                scenario_run(&s);
                count++;
            }
            scenario_clear(&s);
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        char *colon = strchr(line, ':');
        assert_non_null(colon);
        *colon = '\0';
        scenario_line(&s, line, colon[1] == ' ' ? colon + 2 : colon + 1);
    }
    scenario_clear(&s);
    text_release(&s.bytes);
    assert_int_equal(fclose(file), 0);
    return count;
}

static void vectors(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob("tests/vectors/csv/*.vec", 0, NULL, &found), 0);
    size_t count = 0;
    for (size_t i = 0; i < found.gl_pathc; i++)
        count += vectors_run(found.gl_pathv[i]);
    globfree(&found);
    print_message("%zu scenarios\n", count);
    assert_true(count >= 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
    };
    return cmocka_run_group_tests_name("csv_vectors", tests, NULL, NULL);
}
