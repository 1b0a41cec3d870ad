/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of base/report.h: what stands on standard error, read back through a pipe or a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/report.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CAPTURE = 16384 };
static char captured[CAPTURE];
static int ends[2], real_stderr;

static void capture_begin(void)
{
    assert_int_equal(pipe(ends), 0);
    real_stderr = dup(STDERR_FILENO);
    assert_true(real_stderr >= 0);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(close(ends[1]), 0);
}

static const char *capture_end(void)
{
    size_t used = 0;
    ssize_t n;
    assert_int_equal(dup2(real_stderr, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(close(real_stderr), 0);
    while ((n = read(ends[0], captured + used, CAPTURE - 1 - used)) > 0)
        used += (size_t)n;
    assert_int_equal(close(ends[0]), 0);
    captured[used] = '\0';
    return captured;
}

static const char *error_text(const struct err *err)
{
    capture_begin();
    report_error(err);
    return capture_end();
}

static void test_where(void **state)
{
    (void)state;
    struct err err;
    report_setup("link", false, false, 0, 0);
    (void)err_set(&err, ERR_DATA, "7 fields, 8 expected");
    assert_string_equal(error_text(&err), "link: error: 7 fields, 8 expected\n");
    (void)err_at(&err, "/srv/data/personnel.csv", 0);
    assert_string_equal(error_text(&err), "link: error: personnel.csv: 7 fields, 8 expected\n");
    (void)err_at(&err, "/srv/data/personnel.csv", 1042);
    assert_string_equal(error_text(&err),
                        "link: error: personnel.csv line 1042: 7 fields, 8 expected\n");
    err.column = 3;
    assert_string_equal(error_text(&err),
                        "link: error: personnel.csv line 1042 field 3: 7 fields, 8 expected\n");
    (void)err_hint(&err, "look at the end of line %d", 1041);
    assert_string_equal(error_text(&err),
                        "link: error: personnel.csv line 1042 field 3: 7 fields, 8 expected\n"
                        "link: hint: look at the end of line 1041\n");
}

static void test_levels(void **state)
{
    (void)state;
    report_setup("derive", false, false, 0, 0);
    capture_begin();
    report_note("%d rows", 5);
    report_warning("no sandbox");
    report_exit(65);
    assert_string_equal(capture_end(), "derive: 5 rows\nderive: warning: no sandbox\n");
    report_setup("derive", true, false, 0, 0);
    capture_begin();
    report_note("%d rows", 5);
    report_warning("no sandbox");
    assert_string_equal(capture_end(), "derive: warning: no sandbox\n");
}

/* Words of a file name or a header neither begin a line of their own nor steer a terminal. */
static void test_control_characters(void **state)
{
    (void)state;
    struct err err;
    report_setup("link", false, false, 0, 0);
    (void)err_set(&err, ERR_DATA, "column \"a\nlink: error: b\033[2J\x7f\" is missing");
    (void)err_at(&err, "x\ny.csv", 1);
    (void)err_hint(&err, "look\rhere");
    assert_string_equal(error_text(&err),
                        "link: error: x?y.csv line 1: column \"a?link: error: b?[2J?\" is missing\n"
                        "link: hint: look?here\n");
}

static json_t *next_object(char **rest)
{
    char *line = strsep(rest, "\n");
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(object))
        fail_msg("no object: %s", line);
    return object;
}

static void check_member(const json_t *object, const char *key, const char *value)
{
    const json_t *found = json_object_get(object, key);
    if (!value)
        assert_null(found);
    else
        assert_string_equal(json_string_value(found), value);
}

static void test_json(void **state)
{
    (void)state;
    struct err err;
    report_setup("link", false, true, 2, 6);
    (void)err_set(&err, ERR_DATA, "say \"no\"\n\xff");
    (void)err_at(&err, "a.csv", 4);
    (void)err_hint(&err, "try again");
    capture_begin();
    report_error(&err);
    report_note("a note");
    report_warning("a warning");
    progress_begin("rows", 10);
    progress_step(10000);
    progress_end();
    report_exit(65);
    char *rest = (char *)(uintptr_t)capture_end();
    json_t *object = next_object(&rest);
    check_member(object, "program", "link");
    check_member(object, "level", "error");
    check_member(object, "where", "a.csv line 4");
    check_member(object, "message", "say \"no\"\n\xef\xbf\xbd");
    check_member(object, "hint", "try again");
    json_decref(object);
    object = next_object(&rest);
    check_member(object, "level", "note");
    check_member(object, "message", "a note");
    check_member(object, "where", NULL);
    check_member(object, "hint", NULL);
    json_decref(object);
    object = next_object(&rest);
    check_member(object, "level", "warning");
    json_decref(object);
    object = next_object(&rest);
    check_member(object, "program", "link");
    assert_int_equal(json_integer_value(json_object_get(object, "exit")), 65);
    json_decref(object);
    assert_string_equal(rest, "");
}

/* A message that was cut in the middle of a character is still JSON. */
static void test_json_of_a_cut_message(void **state)
{
    (void)state;
    struct err err;
    char text[sizeof err.text + 3] = "";
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xab", 3);
    report_setup("link", false, true, 0, 0);
    (void)err_set(&err, ERR_DATA, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1); /* odd: it was cut */
    char *rest = (char *)(uintptr_t)error_text(&err);
    json_t *object = next_object(&rest);
    check_member(object, "level", "error");
    json_decref(object);
}

static void test_no_progress_off_a_terminal(void **state)
{
    (void)state;
    const struct timespec more_than_a_second = {1, 50000000};
    report_setup("link", false, false, 0, 0);
    capture_begin();
    progress_begin("rows", 100000);
    (void)nanosleep(&more_than_a_second, NULL);
    progress_step(50000);
    progress_end();
    assert_string_equal(capture_end(), "");
}

/* Standard error is a terminal: nothing in the first second, then a line, which a message clears.
 */
static void test_progress_on_a_terminal(void **state)
{
    (void)state;
    const struct timespec more_than_a_second = {1, 50000000};
    captured[0] = '\0';
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0)
        skip();
    assert_int_equal(grantpt(master) | unlockpt(master), 0);
    int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(terminal >= 0);
    real_stderr = dup(STDERR_FILENO);
    assert_int_equal(dup2(terminal, STDERR_FILENO), STDERR_FILENO);
    report_setup("link", false, false, 2, 6);
    progress_begin("rows", 100000);
    progress_step(10000); /* too early */
    (void)nanosleep(&more_than_a_second, NULL);
    progress_step(40000);
    report_note("a note");
    progress_end();
    assert_int_equal(dup2(real_stderr, STDERR_FILENO), STDERR_FILENO);
    (void)close(real_stderr);
    /* In as many pieces as the terminal likes, and when it likes; closing it first could lose some.
     */
    struct pollfd ready = {.fd = master, .events = POLLIN};
    size_t used = 0;
    ssize_t n = 1;
    while (n > 0 && !strstr(captured, "a note") && poll(&ready, 1, 10000) == 1) {
        n = read(master, captured + used, CAPTURE - 1 - used);
        used += n > 0 ? (size_t)n : 0;
        captured[used] = '\0';
    }
    (void)close(terminal);
    (void)close(master);
    assert_ptr_equal(strstr(captured, "\rlink: stage 2 of 6, 50000 of 100000 rows, "), captured);
    assert_non_null(strstr(captured, " s left\033[K\r\033[Klink: a note"));
    assert_null(strstr(captured, ", 10000 of"));
}

/* A program that is started without them: what it opens later is not standard error. */
static void test_closed_descriptors(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int fd = 0; fd < 3; fd++)
            (void)close(fd);
        report_setup("link", false, false, 0, 0);
        int fd = open("/dev/null", O_RDONLY);
        _exit(fd == 3 && fcntl(0, F_GETFD) == 0 && fcntl(2, F_GETFD) == 0 ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_of_a_cut_message),
        cmocka_unit_test(test_no_progress_off_a_terminal),
        cmocka_unit_test(test_progress_on_a_terminal),
        cmocka_unit_test(test_closed_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
