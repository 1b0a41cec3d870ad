/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/program.h: every misuse is refused, and help and man page say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option_spec OPTIONS[] = {
    {"threads", "N", "worker threads (default: 1)", false},
    {"set", "KEY=VALUE", "overrides a value", true},
    {"quiet", NULL, "no notes", false},
    {"log-json", NULL, "messages as JSON", false},
    {NULL, NULL, NULL, false},
};
static const struct program PROGRAM = {
    .name = "herkomst-try",
    .purpose = "try things",
    .arguments = "CONFIG [MORE]",
    .least = 1,
    .most = 2,
    .description = "First paragraph. It goes on\n.with a dot and a \\ in it.\n\n'Second.",
    .options = OPTIONS,
    .examples = "  herkomst-try x.ini\n",
};
static const struct program ANY = {
    .name = "any", .purpose = "p", .arguments = "", .most = -1, .description = "d"};

enum { WORDS = 80 };

/* Splits the words at spaces; "~" stands for an empty one. */
static int parse(struct command_line *line, const struct program *p, const char *words, bool *done,
                 struct err *err)
{
    static char text[2048];
    char *argv[WORDS + 1], *rest = text;
    int argc = 0;
    assert_true(snprintf(text, sizeof text, "%s", words) < (int)sizeof text);
    memset(err, 0, sizeof *err);
    argv[argc++] = (char *)(uintptr_t)p->name;
    for (char *word; (word = strsep(&rest, " ")) && argc < WORDS;)
        argv[argc++] = strcmp(word, "~") == 0 ? word + 1 : word;
    argv[argc] = NULL;
    return program_parse(line, p, argc, argv, done, err);
}

static void check_refused(const char *words, const char *message)
{
    struct command_line line;
    struct err err;
    bool done = true;
    if (parse(&line, &PROGRAM, words, &done, &err) != -1 || err.kind != ERR_USAGE || done)
        fail_msg("accepted: %s", words);
    if (!strstr(err.text, message))
        fail_msg("%s: %s", words, err.text);
    if (!strstr(message, "too many options"))
        assert_string_equal(err.hint, "herkomst-try --help");
}

static void test_unknown(void **state)
{
    (void)state;
    check_refused("--nonsense x", "unknown option --nonsense");
    check_refused("--nonsense=5 x", "unknown option --nonsense");
    check_refused("--thread 5 x", "unknown option --thread"); /* no abbreviations */
    check_refused("--Threads 5 x", "unknown option --Threads");
    check_refused("--help=yes x", "unknown option --help");
    check_refused("--version=1", "unknown option --version");
    check_refused("---threads 1 x", "unknown option ---threads");
    check_refused("--=5 x", "unknown option --");
    check_refused("-q x", "unknown option -q");
    check_refused("-threads 5 x", "unknown option -threads");
}

static void test_values(void **state)
{
    (void)state;
    check_refused("x --threads", "--threads needs N");
    check_refused("x --threads --quiet", "--threads needs N");
    check_refused("x --quiet=yes", "--quiet takes no value");
    check_refused("x --quiet=", "--quiet takes no value");
    check_refused("x --quiet --quiet", "--quiet is given twice");
    check_refused("x --threads 1 --threads=1", "--threads is given twice");
}

static void test_arguments(void **state)
{
    (void)state;
    check_refused("--quiet", "too few arguments: usage: herkomst-try [OPTION]... CONFIG [MORE]");
    check_refused("--", "too few arguments");
    check_refused("a b c", "too many arguments");
    check_refused("a b -- --quiet", "too many arguments");
}

static void test_too_many(void **state)
{
    (void)state;
    struct command_line line;
    struct err err;
    struct text words;
    bool done;
    text_init(&words);
    text_string(&words, "x");
    for (int i = 0; i < PROGRAM_VALUES; i++)
        text_string(&words, " --set=a");
    assert_int_equal(parse(&line, &PROGRAM, words.bytes, &done, &err), 0);
    assert_int_equal(line.value_count, PROGRAM_VALUES);
    text_string(&words, " --set=a");
    check_refused(words.bytes, "too many options");
    text_clear(&words);
    text_string(&words, "x");
    for (int i = 1; i < PROGRAM_VALUES; i++)
        text_string(&words, " x");
    assert_int_equal(parse(&line, &ANY, words.bytes, &done, &err), 0);
    assert_int_equal(line.argument_count, PROGRAM_VALUES);
    text_string(&words, " x");
    assert_int_equal(parse(&line, &ANY, words.bytes, &done, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    text_release(&words);
}

static void test_good(void **state)
{
    (void)state;
    struct command_line line;
    struct err err;
    char *values[4];
    bool done = true;
    assert_int_equal(parse(&line, &PROGRAM,
                           "--set a=b x --threads=12 --quiet --set c=--d --set= -- --set", &done,
                           &err),
                     0);
    assert_false(done);
    assert_int_equal(line.argument_count, 2);
    assert_string_equal(line.arguments[0], "x");
    assert_string_equal(line.arguments[1], "--set");
    assert_string_equal(command_value(&line, "threads"), "12");
    assert_string_equal(command_value(&line, "quiet"), "");
    assert_true(command_has(&line, "quiet") && !command_has(&line, "log-json"));
    assert_null(command_value(&line, "log-json"));
    assert_int_equal(command_values(&line, "set", values, 4), 3);
    assert_string_equal(values[0], "a=b");
    assert_string_equal(values[1], "c=--d");
    assert_string_equal(values[2], "");
    assert_int_equal(command_values(&line, "set", values, 2), 2);
    /* A value may look like an option when it is tied to its own. */
    assert_int_equal(parse(&line, &PROGRAM, "x --threads=--quiet", &done, &err), 0);
    assert_string_equal(command_value(&line, "threads"), "--quiet");
    assert_int_equal(parse(&line, &PROGRAM, "- --threads -5", &done, &err), 0);
    assert_string_equal(line.arguments[0], "-");
    assert_string_equal(command_value(&line, "threads"), "-5");
}

static int number(const char *value, long *out)
{
    struct command_line line;
    struct err err;
    bool done;
    char words[64];
    (void)snprintf(words, sizeof words, "x --threads=%s", value);
    assert_int_equal(parse(&line, &PROGRAM, words, &done, &err), 0);
    int rc = command_number(&line, "threads", 1, 64, 7, out, &err);
    if (rc != 0) {
        assert_int_equal(err.kind, ERR_USAGE);
        assert_string_equal(err.text, "--threads takes a whole number from 1 to 64");
    }
    return rc;
}

static void test_number(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "0",
                                      "65",
                                      "-1",
                                      "+1",
                                      "1.0",
                                      "1e1",
                                      "0x1",
                                      "ten",
                                      "12a",
                                      "999999999",
                                      "4294967297",
                                      "18446744073709551617"};
    struct command_line line = {0};
    struct err err;
    long out = 0;
    assert_int_equal(number("1", &out), 0);
    assert_int_equal(out, 1);
    assert_int_equal(number("64", &out), 0);
    assert_int_equal(out, 64);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(number(bad[i], &out), -1);
    assert_int_equal(command_number(&line, "threads", 1, 64, 7, &out, &err), 0);
    assert_int_equal(out, 7);
}

static void test_wants_json(void **state)
{
    (void)state;
    char *yes[] = {"p", "x", "--nonsense", "--log-json"};
    char *no[] = {"p", "x", "--", "--log-json"};
    assert_true(program_wants_json(4, yes));
    assert_false(program_wants_json(4, no));
    assert_false(program_wants_json(3, yes));
    assert_false(program_wants_json(0, no));
}

/* --help, --version and --man print and stop, wherever they stand, and need nothing else. */
static void check_printed(const char *words, const char *beginning)
{
    char bytes[64] = "";
    struct command_line line;
    struct err err;
    bool done = false;
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fflush(stdout);
    int real = dup(STDOUT_FILENO);
    assert_true(real >= 0 && dup2(fileno(file), STDOUT_FILENO) == STDOUT_FILENO);
    int rc = parse(&line, &PROGRAM, words, &done, &err);
    assert_int_equal(dup2(real, STDOUT_FILENO), STDOUT_FILENO);
    (void)close(real);
    assert_int_equal(rc, 0);
    assert_true(done);
    assert_true(pread(fileno(file), bytes, strlen(beginning), 0) > 0);
    assert_string_equal(bytes, beginning);
    (void)fclose(file);
}

static void test_printed(void **state)
{
    (void)state;
    check_printed("--help", "Usage: herkomst-try [OPTION]... CONFIG [MORE]\n");
    check_printed("x --quiet --help --nonsense", "Usage: herkomst-try ");
    check_printed("--version", "herkomst-try " HERKOMST_VERSION "\n");
    check_printed("--man", ".Dd ");
}

static void test_help(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "Usage: herkomst-try [OPTION]... CONFIG [MORE]\n\ntry things.\n\nFirst paragraph.",
        "\nOptions:\n  --threads N              worker threads (default: 1)\n",
        "\n  --quiet                  no notes\n",
        "\n  --help                   print this help and stop\n",
        "\n  --version ",
        "\nExit status:\n  0    done\n  1    checked, and the answer is no\n",
        "\n  78   configuration\n",
        "\nExamples:\n  herkomst-try x.ini\n",
    };
    struct text out;
    text_init(&out);
    program_help(&PROGRAM, &out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!strstr(out.bytes, parts[i]))
            fail_msg("help lacks: %s", parts[i]);
    text_clear(&out);
    program_help(&ANY, &out);
    assert_non_null(strstr(out.bytes, "Usage: any [OPTION]...\n"));
    assert_null(strstr(out.bytes, "Examples"));
    text_release(&out);
}

static void test_man(void **state)
{
    (void)state;
    static const char *const parts[] = {
        ".Dt HERKOMST-TRY 1\n",
        ".Nm herkomst-try\n.Nd try things\n",
        ".Ar CONFIG [MORE]\n",
        "First paragraph.\nIt goes on\n\\&.with a dot and a \\e in it.\n.Pp\n\\&'Second.\n",
        ".It Fl \\-threads Ar N\nworker threads (default: 1)\n",
        ".It Fl \\-quiet\nno notes\n",
        ".It Fl \\-help\n",
        ".Sh EXIT STATUS\n",
        ".It 78\nconfiguration\n",
        ".Sh EXAMPLES\n.Bd -literal\nherkomst-try x.ini\n.Ed\n"};
    struct text out;
    text_init(&out);
    program_man(&PROGRAM, &out);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!strstr(out.bytes, parts[i]))
            fail_msg("man page lacks: %s\n%s", parts[i], out.bytes);
    text_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unknown),    cmocka_unit_test(test_values),
        cmocka_unit_test(test_arguments),  cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_good),       cmocka_unit_test(test_number),
        cmocka_unit_test(test_wants_json), cmocka_unit_test(test_printed),
        cmocka_unit_test(test_help),       cmocka_unit_test(test_man),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
