/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * program: what the command lines of all programs have in common, as data. --help, the man page
 * and the parser read the same declaration, so that they cannot disagree.
 */
#ifndef HERKOMST_RUN_PROGRAM_H
#define HERKOMST_RUN_PROGRAM_H

#include "base/err.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct option_spec {
    const char *name;     /* "threads"; NULL ends the list */
    const char *argument; /* "N", or NULL for a flag */
    const char *help;     /* one line, with the default */
    bool repeats;         /* may be given several times */
};

struct program {
    const char *name;        /* "herkomst-link" */
    const char *purpose;     /* one line */
    const char *arguments;   /* synopsis of the positional arguments: "CONFIG" */
    int least, most;         /* how many; most < 0: any number */
    const char *description; /* paragraphs, separated by an empty line */
    const struct option_spec *options;
    const char *examples; /* lines, or NULL */
};

enum { PROGRAM_VALUES = 64, PROGRAM_OPTIONS = 24 };

struct command_line {
    size_t argument_count;
    char *arguments[PROGRAM_VALUES];
    size_t value_count;
    struct {
        const char *name;
        char *value; /* NULL for a flag */
    } values[PROGRAM_VALUES];
};

/* Parses strictly: an unknown, abbreviated or doubled option, a missing value (one that begins with
 * "--" must be given as --option=--value), too few or too many arguments are ERR_USAGE. Handles
 * --help, --version and --man itself: prints, and sets *done. */
int program_parse(struct command_line *line, const struct program *p, int argc, char **argv,
                  bool *done, struct err *err);

/* Is --log-json among the options? Asked before program_parse, so that its own errors are JSON. */
bool program_wants_json(int argc, char **argv);

/* The value of an option, NULL if it was not given (flags: "" if given). */
const char *command_value(const struct command_line *line, const char *name);
bool command_has(const struct command_line *line, const char *name);
/* All values of a repeated option; returns how many (at most capacity). */
size_t command_values(const struct command_line *line, const char *name, char **out,
                      size_t capacity);
/* A whole number in [least, most]; ERR_USAGE otherwise. The option's absence gives `otherwise`. */
int command_number(const struct command_line *line, const char *name, long least, long most,
                   long otherwise, long *out, struct err *err);

/* --memory SIZE, which is at least MEMORY_LEAST (base/memory.h); ERR_USAGE otherwise. Its absence
 * gives memory_default(). */
int command_memory(const struct command_line *line, uint64_t *out, struct err *err);
#define MEMORY_OPTION_HELP                                                                         \
    "for each stage that sees rows, like 4G; what does not fit is spilled (default: half of what " \
    "is free)"
#define MEMORY_OPTION                               \
    {                                               \
        "memory", "SIZE", MEMORY_OPTION_HELP, false \
    }

void program_help(const struct program *p, struct text *out);
void program_man(const struct program *p, struct text *out); /* mdoc */

#define HERKOMST_VERSION "0.3.0"

#endif
