/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/solver.h. GLPK's error hook must not return; it jumps back to solver_run. */
#include "sdc/solver.h"

#include <setjmp.h>
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

int solver_run(void (*body)(void *context), void *context, struct err *err)
{
    jmp_buf back;
    if (setjmp(back) != 0) {
        glp_error_hook(NULL, NULL);
        return err_set(err, ERR_SYSTEM, "suppression: the solver gave up (out of memory?)");
    }
    if (glp_init_env() > 1)
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
