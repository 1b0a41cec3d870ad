/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/solver.h. GLPK's error hook must not return; it jumps back to solver_run. */
#include "sdc/solver.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <string.h>

static int silence(void *context, const char *text)
{
    (void)context;
    (void)text;
    return 1; /* nothing more to print */
}

static void escape(void *context)
{
    longjmp(*(jmp_buf *)context, 1);
}

/* A thread that sets the key frees its environment when it ends. */
static pthread_key_t ending;
static pthread_once_t ending_once = PTHREAD_ONCE_INIT;
static bool ending_made;

static void free_environment(void *used)
{
    (void)used;
    (void)glp_free_env();
}

static void make_ending(void)
{
    ending_made = pthread_key_create(&ending, free_environment) == 0;
}

static bool start(void)
{
    (void)pthread_once(&ending_once, make_ending);
    return ending_made && pthread_setspecific(ending, &ending) == 0 && glp_init_env() <= 1;
}

int solver_run(void (*body)(void *context), void *context, struct err *err)
{
    jmp_buf back;
    if (setjmp(back) != 0) {
        glp_error_hook(NULL, NULL);
        return err_set(err, ERR_SYSTEM, "suppression: the solver gave up (out of memory?)");
    }
    if (!start())
        return err_set(err, ERR_SYSTEM, "suppression: cannot start the solver");
    glp_term_hook(silence, NULL);
    glp_error_hook(escape, &back);
    body(context);
    glp_error_hook(NULL, NULL);
    return 0;
}

void solver_thread_end(void)
{
    (void)glp_free_env();
}
