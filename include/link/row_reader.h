/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * row_reader: the rows of one input file, each checked and added to an intake_table, or rejected.
 *
 * Header: a column of every required field, of every field that the configuration maps and of every
 * attribute must be there (ERR_DATA naming file and header). Columns nobody asked for are not
 * looked at. Row: every value is trimmed and parsed; the first bad one gives the row's reason, a
 * national number comes last, because the row's birth date decides its century. Nothing of a
 * rejected row is kept, not even a new word of a dictionary.
 *
 * What is kept although it is doubtful: personnel without a valid number (NUMBER_NONE), an invalid
 * parent (NUMBER_NONE), a nationality that the list lacks (?NNN).
 */
#ifndef HERKOMST_LINK_ROW_READER_H
#define HERKOMST_LINK_ROW_READER_H

#include "link/code_lists.h"
#include "link/intake_table.h"

/* The lists that rows refer to: NULL where no field does. */
struct row_context {
    const struct config *config;
    const struct entity_list *entities;
    const struct country_list *countries;
    /* Called when the table has so many rows, and leaves it with none; NULL: it may have any. */
    int (*full)(void *context, struct intake_table *t, struct err *err);
    void *full_context;
    size_t full_rows;
};

/* Adds the rows of a file to an empty table (intake_table_init'd for the dataset); its issues and
 * places get file 0. In a code list (no persons) a bad row is ERR_DATA with its line. */
int rows_read(struct intake_table *t, const char *path, const struct row_context *context,
              struct err *err);
/* The same of a part of the file; see csv_read_part for lines and errors. */
int rows_read_part(struct intake_table *t, const char *path, const struct csv_part *part,
                   const struct row_context *context, long *lines, struct err *err);

#endif
