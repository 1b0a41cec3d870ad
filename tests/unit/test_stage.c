/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of run/stage.h: what every stage program does around its own work. Each case runs in a
 * child, since stage_main gives up rights for good; what it prints comes back through pipes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/program.h"
#include "run/stage.h"
#include "run_ini.h"
#include "secure/keyfile.h"
#include "secure/secret.h"
#include "secure_test.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/wait.h>

static const struct artefact OUTPUT = {"tried", ZONE_COUNTS};
static const struct stage_spec WRITER = {.name = "try",
                                         .purpose = "try",
                                         .description = "d",
                                         .output = &OUTPUT,
                                         .rights = RIGHT_PRIVATE_QUALITY};
static const struct stage_spec LOOKER = {.name = "try",
                                         .purpose = "try",
                                         .description = "d",
                                         .output = &OUTPUT,
                                         .rights = RIGHT_PRIVATE_QUALITY | RIGHT_LEDGER,
                                         .takes_since = true};
static const struct stage_spec READER = {
    .name = "try", .purpose = "try", .description = "d", .input = &OUTPUT};

static char out_text[8192], err_text[8192];

static int setup(void **state)
{
    struct err err;
    if (folder_setup(state) != 0 || secret_setup(&err) != 0 ||
        mkdir(in_folder(state, "work"), 0700) != 0 || mkdir(in_folder(state, "data"), 0700) != 0)
        return -1;
    put_file(in_folder(state, "x.ini"), INI, sizeof INI - 1, 0600);
    put_file(in_folder(state, "signing.key"), "secret", 6, 0600);
    put_file(in_folder(state, "data/personnel.csv"), "person\n", 7, 0600);
    return keyfile_new_recipient(in_folder(state, "r.key"), &err);
}

static void drain(int fd, char *to, size_t capacity)
{
    size_t used = 0;
    ssize_t n;
    while ((n = read(fd, to + used, capacity - 1 - used)) > 0)
        used += (size_t)n;
    to[used] = '\0';
    (void)close(fd);
}

/* The exit code of a child that runs the stage in the test's folder; 1000 + signal if killed. */
static int stage(void **state, const struct stage_spec *spec, stage_run run, const char *words)
{
    int out[2], err[2], status = 0, argc = 0;
    char text[512], *argv[32], *rest = text;
    assert_true(snprintf(text, sizeof text, "try %s", words) < (int)sizeof text);
    for (char *word; (word = strsep(&rest, " "));)
        if (*word)
            argv[argc++] = word;
    argv[argc] = NULL;
    assert_int_equal(pipe(out) | pipe(err), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (dup2(out[1], 1) != 1 || dup2(err[1], 2) != 2 || chdir(in_folder(state, "")) != 0)
            _exit(99);
        _exit(stage_main(spec, run, argc, argv));
    }
    (void)close(out[1]);
    (void)close(err[1]);
    drain(out[0], out_text, sizeof out_text);
    drain(err[0], err_text, sizeof err_text);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void check(void **state, const struct stage_spec *spec, stage_run run, const char *words,
                  int code, const char *message)
{
    int got = stage(state, spec, run, words);
    if (got != code || !strstr(err_text, message))
        fail_msg("%s: exit %d, %d expected: %s", words, got, code, err_text);
    if (code != 0)
        assert_string_equal(out_text, "");
}

static int run_nothing(struct stage *s, struct err *err)
{
    (void)s;
    (void)err;
    return 0;
}

static int run_write(struct stage *s, struct err *err)
{
    struct sink sink;
    if (stage_open_output(s, &sink, err) != 0)
        return -1;
    return sink.write(sink.context, "content", 7, err);
}

static int run_write_and_fail(struct stage *s, struct err *err)
{
    if (run_write(s, err) != 0)
        return -1;
    return err_set(err, ERR_DATA, "not these");
}

static int run_silent_failure(struct stage *s, struct err *err)
{
    (void)s;
    (void)err;
    return -1;
}

static int run_read(struct stage *s, struct err *err)
{
    char bytes[7];
    struct source source;
    if (stage_open_input(s, &source, err) != 0 ||
        source.read(source.context, bytes, sizeof bytes, err) != 0)
        return -1;
    return memcmp(bytes, "content", 7) == 0 ? 0 : err_set(err, ERR_INTERNAL, "another content");
}

static int run_half_read(struct stage *s, struct err *err)
{
    char bytes[3];
    struct source source;
    if (stage_open_input(s, &source, err) != 0)
        return -1;
    return source.read(source.context, bytes, sizeof bytes, err);
}

#define ARGS "x.ini --work work --key-file r.key"

static void test_usage(void **state)
{
    static const struct {
        const char *words, *message;
        int code;
    } cases[] = {
        {"", "too few arguments", 64},
        {"a b --work w", "too many arguments", 64},
        {"x.ini --nonsense", "unknown option --nonsense", 64},
        {"x.ini --key-file r.key", "--work DIR is needed", 64},
        {"x.ini --work work", "exactly one of --key-file", 64},
        {"x.ini --work work --key-file r.key --recipient r.key.pub", "exactly one of", 64},
        {"x.ini --work work --key-file r.key --key-fd 3", "exactly one of", 64},
        {"x.ini --work work --key-fd 2", "--key-fd takes a whole number", 64},
        {"x.ini --work work --key-fd 77", "received", 77},
        {ARGS " --threads 0", "--threads takes", 64},
        {ARGS " --output=", "--output DIR is empty", 64},
        {"x.ini --describe --work work", "--describe stands alone", 64},
        {"none.ini --work work --key-file r.key", "none.ini", 66},
        {"x.ini --work none --key-file r.key", "--work folder", 66},
        {"x.ini --work work --key-file none.key", "none.key", 77},
        {"x.ini --work work --recipient none.pub", "none.pub", 66},
        {ARGS " --set run.nonsense=1", "nonsense", 78},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(state, &WRITER, run_write, cases[i].words, cases[i].code, cases[i].message);
        assert_false(file_exists(in_folder(state, "work/tried.zone")));
    }
    check(state, &READER, run_read, "x.ini --work work --recipient r.key.pub", 64,
          "must read its input");
}

static int run_print_since(struct stage *s, struct err *err)
{
    char day[DATE_TEXT];
    for (size_t i = 0; i < s->since_count; i++)
        (void)printf("%s ", date_iso(s->since[i], day));
    return fflush(stdout) == 0 ? run_write(s, err) : -1;
}

static void test_since(void **state)
{
    static const char *const bad[] = {"--since 2017-12-31", /* the reference date */
                                      "--since 2017-06-31",
                                      "--since 2017-06-30,",
                                      "--since ,2017-06-30",
                                      "--since=",
                                      "--since 2016-12-31,2017-06-30,2016-12-31"};
    char words[120];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(words, sizeof words, ARGS " %s", bad[i]);
        check(state, &LOOKER, run_print_since, words, 64, "--since: ");
    }
    check(state, &WRITER, run_write, ARGS " --since 2017-06-30", 64, "unknown option --since");
    check(state, &LOOKER, run_print_since, ARGS " --since 2018-06-30,2017-06-30", 0, "");
    assert_string_equal(out_text, "2017-06-30 2018-06-30 ");
    assert_int_equal(stage(state, &LOOKER, run_nothing, "--help"), 0);
    assert_non_null(strstr(out_text, "--since DATE[,DATE]..."));
    for (size_t i = 0; i < STAGE_COUNT; i++)
        assert_int_equal(STAGES[i]->takes_since, strcmp(STAGES[i]->name, "link") == 0);
}

/* The ledger can be read, and nothing beside it; without one there is nothing to grant. */
static int run_try_ledger(struct stage *s, struct err *err)
{
    int fd = open("releases/ledger.sqlite", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_IO, "the ledger");
    if (open("releases/ledger.sqlite", O_RDWR | O_CLOEXEC) >= 0 ||
        open("releases/other", O_RDONLY | O_CLOEXEC) >= 0)
        return err_set(err, ERR_REFUSED, "more than the ledger can be opened");
    (void)close(fd);
    return run_write(s, err);
}

static void test_ledger(void **state)
{
    check(state, &LOOKER, run_write, ARGS, 0, "");
    assert_int_equal(unlink(in_folder(state, "work/tried.zone")), 0);
    assert_int_equal(mkdir(in_folder(state, "releases"), 0700), 0);
    put_file(in_folder(state, "releases/ledger.sqlite"), "ledger", 6, 0600);
    put_file(in_folder(state, "releases/other"), "x", 1, 0600);
    int code = stage(state, &LOOKER, run_try_ledger, ARGS);
    if (strstr(err_text, "cannot confine"))
        skip();
    if (code != 0)
        fail_msg("exit %d: %s", code, err_text);
}

static void test_describe(void **state)
{
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        assert_int_equal(stage(state, STAGES[i], run_nothing, "--describe"), 0);
        json_t *json = json_loads(out_text, JSON_REJECT_DUPLICATES, NULL);
        assert_string_equal(json_string_value(json_object_get(json, "stage")), STAGES[i]->name);
        /* What one stage writes the next one reads, and nobody else. */
        const json_t *input = json_object_get(json, "input");
        if (i == 0)
            assert_true(json_is_null(input));
        else
            assert_ptr_equal(STAGES[i]->input, STAGES[i - 1]->output);
        assert_int_equal(json_is_null(json_object_get(json, "output")), i + 1 == STAGE_COUNT);
        json_decref(json);
        const unsigned keys = STAGES[i]->rights & (RIGHT_PSEUDONYM_KEY | RIGHT_DATASETS);
        assert_int_equal(keys, i == 0 ? RIGHT_PSEUDONYM_KEY | RIGHT_DATASETS : 0);
        assert_int_equal(STAGES[i]->rights & (RIGHT_SIGNING_KEY | RIGHT_RELEASES),
                         i + 1 == STAGE_COUNT ? RIGHT_SIGNING_KEY | RIGHT_RELEASES : 0);
        assert_int_equal(STAGES[i]->rights & RIGHT_LEDGER,
                         strcmp(STAGES[i]->name, "suppress") == 0 ? RIGHT_LEDGER : 0);
    }
}

static void test_output(void **state)
{
    check(state, &WRITER, run_write, ARGS, 0, "");
    assert_true(file_exists(in_folder(state, "work/tried.zone")));
    check(state, &READER, run_read, ARGS, 0, "");
    check(state, &READER, run_half_read, ARGS, 65, "try: error: "); /* all must be read */
    check(state, &WRITER, run_write, ARGS, 73, "tried.zone");       /* never replaced */
    check(state, &READER, run_read, ARGS " --set run.release=r9", 65, "");
    check(state, &READER, run_read, ARGS, 0, "");
}

/* The private folder's owner may write to it; nothing is left of a stage that fails. */
static void test_failure(void **state)
{
    check(state, &WRITER, run_write_and_fail, ARGS, 65, "try: error: not these\n");
    check(state, &WRITER, run_silent_failure, ARGS, 70, "");
    assert_int_equal(rmdir(in_folder(state, "work")), 0); /* it is empty */
    assert_true(file_exists(in_folder(state, "quality/2017-12-31")));
}

static void test_json(void **state)
{
    static const char *const words[] = {"--log-json", "x.ini --log-json --nonsense",
                                        ARGS " --log-json"};
    static const int codes[] = {64, 64, 65};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(stage(state, &WRITER, run_write_and_fail, words[i]), codes[i]);
        char *rest = err_text;
        json_t *message = json_loads(strsep(&rest, "\n"), 0, NULL);
        while (rest && *rest &&
               strcmp(json_string_value(json_object_get(message, "level")), "error") !=
                   0) { /* notes on this kernel's sandbox */
            json_decref(message);
            message = json_loads(strsep(&rest, "\n"), 0, NULL);
        }
        json_t *last = json_loads(strsep(&rest, "\n"), 0, NULL);
        assert_string_equal(json_string_value(json_object_get(message, "level")), "error");
        assert_int_equal(json_integer_value(json_object_get(last, "exit")), codes[i]);
        assert_string_equal(rest, "");
        json_decref(message);
        json_decref(last);
    }
}

/* What the declaration does not grant cannot be opened, whatever the file's mode says. */
static int run_try_files(struct stage *s, struct err *err)
{
    static const char *const closed[] = {"signing.key", "data/personnel.csv", "x.ini", "r.key"};
    (void)s;
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        if (open(closed[i], O_RDONLY | O_CLOEXEC) >= 0 || errno != EACCES)
            return err_set(err, ERR_REFUSED, "%s can be opened", closed[i]);
    if (open("work/new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0)
        return err_errno(err, ERR_IO, "work/new");
    if (open("new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0)
        return err_set(err, ERR_REFUSED, "a file can be made outside");
    return fork() < 0 ? 0 : err_set(err, ERR_REFUSED, "a process can be started");
}

static void test_confined(void **state)
{
    int code = stage(state, &WRITER, run_try_files, ARGS);
    if (strstr(err_text, "cannot confine"))
        skip();
    if (code != 0)
        fail_msg("exit %d: %s", code, err_text);
}

/* With the key's pipe: the stage reads it, and dies with who started it. */
static void test_key_descriptor(void **state)
{
    struct recipient r;
    struct err err;
    int ends[2];
    assert_int_equal(keyfile_read_recipient(in_folder(state, "r.key"), &r, &err), 0);
    for (int round = 0; round < 2; round++) {
        char words[80];
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(recipient_send(&r, ends[1], &err), 0);
        (void)snprintf(words, sizeof words, "x.ini --work work --key-fd %d", ends[0]);
        check(state, round ? &READER : &WRITER, round ? run_read : run_write, words, 0, "");
        (void)close(ends[0]);
    }
    recipient_release(&r);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_usage),          IN_FOLDER(test_describe), IN_FOLDER(test_output),
        IN_FOLDER(test_failure),        IN_FOLDER(test_json),     IN_FOLDER(test_confined),
        IN_FOLDER(test_key_descriptor), IN_FOLDER(test_since),    IN_FOLDER(test_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
