/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/program.h. The parser is our own rather than getopt_long because doubled options,
 * abbreviations and unknown options must be refused alike in every program. */
#include "run/program.h"

#include <printf.h>
#include <stdio.h>
#include <string.h>

/*
 * In the place of the C library's own. The solver of linear programmes brings libquadmath with it,
 * which at its start teaches printf a type of its own, and every printf of the program then goes
 * the C library's slow way: an eighth of publish. No program here prints such numbers; libquadmath
 * takes -1 for "not possible" and leaves printf as it is.
 */
int register_printf_type(printf_va_arg_function *function)
{
    (void)function;
    return -1;
}

static const struct option_spec STANDARD[] = {
    {"help", NULL, "print this help and stop", false},
    {"version", NULL, "print the version and stop", false},
    {NULL, NULL, NULL, false},
};

static const struct option_spec *in_list(const struct option_spec *list, const char *name,
                                         size_t length)
{
    for (; list && list->name; list++)
        if (strlen(list->name) == length && memcmp(list->name, name, length) == 0)
            return list;
    return NULL;
}

static int usage_error(struct err *err, const struct program *p)
{
    return err_hint(err, "%s --help", p->name);
}

static int print_and_stop(const struct program *p, const char *what, bool *done, struct err *err)
{
    struct text out;
    text_init(&out);
    if (strcmp(what, "version") == 0)
        text_format(&out, "%s %s\n", p->name, HERKOMST_VERSION);
    else if (strcmp(what, "man") == 0)
        program_man(p, &out);
    else
        program_help(p, &out);
    *done = true;
    int rc = 0;
    if (out.failed)
        rc = err_memory(err);
    else if (fwrite(out.bytes, 1, out.length, stdout) != out.length || fflush(stdout) != 0)
        rc = err_errno(err, ERR_IO, "standard output");
    text_release(&out);
    return rc;
}

/* Takes the option at argv[*i] (and its value); advances *i. */
static int take_option(struct command_line *line, const struct program *p, int argc, char **argv,
                       int *i, bool *done, struct err *err)
{
    char *word = argv[*i] + 2;
    char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    if (strcmp(word, "man") == 0)
        return print_and_stop(p, "man", done, err);
    if (!equals && in_list(STANDARD, word, length))
        return print_and_stop(p, word, done, err);
    const struct option_spec *spec = in_list(p->options, word, length);
    if (!spec) {
        err_set(err, ERR_USAGE, "unknown option --%.*s", (int)(length < 40 ? length : 40), word);
        return usage_error(err, p);
    }
    if (!spec->repeats && command_has(line, spec->name)) {
        err_set(err, ERR_USAGE, "--%s is given twice", spec->name);
        return usage_error(err, p);
    }
    if (line->value_count == PROGRAM_VALUES)
        return err_set(err, ERR_USAGE, "too many options");
    char *value = equals ? equals + 1 : NULL;
    if (spec->argument && !value) {
        if (*i + 1 >= argc) {
            err_set(err, ERR_USAGE, "--%s needs %s", spec->name, spec->argument);
            return usage_error(err, p);
        }
        value = argv[++*i];
        if (strncmp(value, "--", 2) == 0) {
            (void)err_set(err, ERR_USAGE, "--%s needs %s before the next option", spec->name,
                          spec->argument);
            return usage_error(err, p);
        }
    }
    if (!spec->argument && value) {
        err_set(err, ERR_USAGE, "--%s takes no value", spec->name);
        return usage_error(err, p);
    }
    line->values[line->value_count].name = spec->name;
    line->values[line->value_count++].value = value;
    return 0;
}

bool program_wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--log-json") == 0)
            return true;
    return false;
}

int program_parse(struct command_line *line, const struct program *p, int argc, char **argv,
                  bool *done, struct err *err)
{
    memset(line, 0, sizeof *line);
    *done = false;
    bool options_over = false;
    for (int i = 1; i < argc; i++) {
        if (!options_over && strcmp(argv[i], "--") == 0) {
            options_over = true;
        } else if (!options_over && strncmp(argv[i], "--", 2) == 0) {
            if (take_option(line, p, argc, argv, &i, done, err) != 0)
                return -1;
            if (*done)
                return 0;
        } else if (!options_over && argv[i][0] == '-' && argv[i][1]) {
            err_set(err, ERR_USAGE, "unknown option %.40s", argv[i]);
            return usage_error(err, p);
        } else if (line->argument_count == PROGRAM_VALUES) {
            return err_set(err, ERR_USAGE, "too many arguments");
        } else {
            line->arguments[line->argument_count++] = argv[i];
        }
    }
    int count = (int)line->argument_count;
    if (count < p->least || (p->most >= 0 && count > p->most)) {
        err_set(err, ERR_USAGE, "%s: usage: %s %s%s",
                count < p->least ? "too few arguments" : "too many arguments", p->name,
                p->options && p->options->name ? "[OPTION]... " : "", p->arguments);
        return usage_error(err, p);
    }
    return 0;
}

const char *command_value(const struct command_line *line, const char *name)
{
    for (size_t i = 0; i < line->value_count; i++)
        if (strcmp(line->values[i].name, name) == 0)
            return line->values[i].value ? line->values[i].value : "";
    return NULL;
}

bool command_has(const struct command_line *line, const char *name)
{
    return command_value(line, name) != NULL;
}

size_t command_values(const struct command_line *line, const char *name, char **out,
                      size_t capacity)
{
    size_t n = 0;
    for (size_t i = 0; i < line->value_count && n < capacity; i++)
        if (strcmp(line->values[i].name, name) == 0)
            out[n++] = line->values[i].value;
    return n;
}

int command_number(const struct command_line *line, const char *name, long least, long most,
                   long otherwise, long *out, struct err *err)
{
    const char *value = command_value(line, name);
    *out = otherwise;
    if (!value)
        return 0;
    long number = 0;
    size_t length = strlen(value);
    bool good = length > 0 && length < 10;
    for (size_t i = 0; good && i < length; i++) {
        good = is_digit(value[i]);
        number = number * 10 + (value[i] - '0');
    }
    if (!good || number < least || number > most)
        return err_set(err, ERR_USAGE, "--%s takes a whole number from %ld to %ld", name, least,
                       most);
    *out = number;
    return 0;
}

int command_memory(const struct command_line *line, uint64_t *out, struct err *err)
{
    const char *value = command_value(line, "memory");
    if (!value) {
        *out = memory_default();
        return 0;
    }
    if (!memory_parse(value, out))
        return err_set(err, ERR_USAGE,
                       "--memory takes a whole number, with K, M or G (powers of 1024) behind it");
    if (*out < MEMORY_LEAST)
        return err_set(err, ERR_USAGE, "--memory: too little to work in; the least is %s",
                       MEMORY_LEAST_TEXT);
    return 0;
}

static const struct {
    int code;
    const char *meaning;
} EXITS[] = {
    {0, "done"},
    {1, "checked, and the answer is no"},
    {64, "usage"},
    {65, "bad data"},
    {66, "an input is missing"},
    {70, "internal error"},
    {71, "system: memory, or a process that was killed"},
    {73, "cannot create output"},
    {74, "input or output error"},
    {75, "busy: another run holds the lock"},
    {77, "key or permission problem"},
    {78, "configuration"},
};
enum { EXIT_KINDS = sizeof EXITS / sizeof EXITS[0] };

static void help_options(const struct option_spec *list, struct text *out)
{
    for (; list && list->name; list++) {
        char head[64];
        (void)snprintf(head, sizeof head, "--%s%s%s", list->name, list->argument ? " " : "",
                       list->argument ? list->argument : "");
        text_format(out, "  %-24s %s\n", head, list->help);
    }
}

void program_help(const struct program *p, struct text *out)
{
    text_format(out, "Usage: %s [OPTION]...%s%s\n\n%s.\n\n%s\n\nOptions:\n", p->name,
                p->arguments[0] ? " " : "", p->arguments, p->purpose, p->description);
    help_options(p->options, out);
    help_options(STANDARD, out);
    text_string(out, "\nExit status:\n");
    for (size_t i = 0; i < EXIT_KINDS; i++)
        text_format(out, "  %-4d %s\n", EXITS[i].code, EXITS[i].meaning);
    if (p->examples)
        text_format(out, "\nExamples:\n%s", p->examples);
}

/* Text for mdoc: a line that starts with a control character is protected, an empty line becomes a
 * paragraph, a backslash is escaped. */
static void man_text(struct text *out, const char *text)
{
    bool line_start = true;
    for (const char *c = text; *c; c++) {
        if (line_start && *c == '\n') {
            text_string(out, ".Pp\n");
            continue;
        }
        if (line_start && *c == ' ')
            continue; /* continuation lines may be indented in --help */
        if (line_start && (*c == '.' || *c == '\''))
            text_string(out, "\\&");
        if (*c == '\\')
            text_string(out, "\\e");
        else
            text_char(out, *c);
        line_start = *c == '\n';
        if (*c == '.' && c[1] == ' ') { /* mdoc wants a line a sentence */
            text_char(out, '\n');
            line_start = true;
        }
    }
    if (!line_start)
        text_char(out, '\n');
}

static void man_options(const struct option_spec *list, struct text *out)
{
    for (; list && list->name; list++) {
        text_format(out, ".It Fl \\-%s", list->name);
        if (list->argument)
            text_format(out, " Ar %s", list->argument);
        text_char(out, '\n');
        man_text(out, list->help);
    }
}

void program_man(const struct program *p, struct text *out)
{
    text_string(out, ".Dd $Mdocdate$\n.Dt ");
    for (const char *c = p->name; *c; c++)
        text_char(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
    text_format(out,
                " 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n.Sh SYNOPSIS\n.Nm\n.Oo Ar OPTION Oc Ns ...\n"
                "%s%s%s.Sh DESCRIPTION\n",
                p->name, p->purpose, p->arguments[0] ? ".Ar " : "", p->arguments,
                p->arguments[0] ? "\n" : "");
    man_text(out, p->description);
    text_string(out, ".Pp\nThe options are as follows:\n.Bl -tag -width Ds\n");
    man_options(p->options, out);
    man_options(STANDARD, out);
    text_string(out, ".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n");
    for (size_t i = 0; i < EXIT_KINDS; i++)
        text_format(out, ".It %d\n%s\n", EXITS[i].code, EXITS[i].meaning);
    text_string(out, ".El\n");
    if (p->examples) {
        text_string(out, ".Sh EXAMPLES\n.Bd -literal\n");
        man_text(out, p->examples);
        text_string(out, ".Ed\n");
    }
}
