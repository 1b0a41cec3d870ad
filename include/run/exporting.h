/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * exporting: the commands export and decrypt. One makes an encrypted file of the counts for another
 * tool, the other opens it for who has the key; neither writes a count in clear to disk.
 */
#ifndef HERKOMST_RUN_EXPORTING_H
#define HERKOMST_RUN_EXPORTING_H

#include "run/program.h"

extern const struct program EXPORT_PROGRAM, DECRYPT_PROGRAM;

int export_command(const struct command_line *line, struct err *err);
int decrypt_command(const struct command_line *line, struct err *err);

#endif
