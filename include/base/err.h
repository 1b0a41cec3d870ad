/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * err: what went wrong, where, and with which exit code.
 *
 * Library functions return 0, or -1 after filling a `struct err`; they never print and never exit.
 * Only stage_main (run/stage.h) prints an error and turns its kind into the process's exit code.
 *
 *     if (csv_open(...))            the callee filled err
 *         goto out;
 *     return err_set(err, ERR_CONFIG, "unknown key \"%s\"", key);          always returns -1
 *
 * RULE: no text of an error ever holds a value from a person's row. Files, lines, column names,
 * configuration keys, unit codes and reasons may be named; cells may not.
 */
#ifndef HERKOMST_BASE_ERR_H
#define HERKOMST_BASE_ERR_H

/* Exit codes of every program (sysexits.h where it has one). */
enum err_kind {
    ERR_NONE = 0,
    ERR_REFUSED = 1,   /* checked, and the answer is no */
    ERR_USAGE = 64,    /* command line */
    ERR_DATA = 65,     /* bad data */
    ERR_NOINPUT = 66,  /* an input is missing */
    ERR_INTERNAL = 70, /* a bug, or equations that contradict themselves */
    ERR_SYSTEM = 71,   /* memory, fork, a child that was killed */
    ERR_CREATE = 73,   /* cannot create output (it exists, no permission) */
    ERR_IO = 74,       /* read, write, flush failed */
    ERR_BUSY = 75,     /* another run holds the lock */
    ERR_KEY = 77,      /* key or permission problem */
    ERR_CONFIG = 78,   /* configuration */
};

struct err {
    enum err_kind kind;
    long line;   /* 1-based; 0 = none */
    long column; /* 1-based position of the field in its row; 0 = none */
    char file[160];
    char text[400];
    char hint[300];
};

/* Fills e (kind, text) and clears the rest; returns -1. e may be NULL. */
int err_set(struct err *e, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* As err_set, and appends ": " and strerror(errno). */
int err_errno(struct err *e, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* Adds where (file's base name is enough; line 0 = the whole file) to a filled error; returns -1.
 */
int err_at(struct err *e, const char *file, long line);

/* Adds a line that tells a person what to do; returns -1. */
int err_hint(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

/* Memory ran out; returns -1. */
static inline int err_memory(struct err *e)
{
    (void)err_set(e, ERR_SYSTEM, "out of memory");
    return -1;
}

#endif
