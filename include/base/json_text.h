/* SPDX-License-Identifier: EUPL-1.2 */
/* json_text: writing JSON by hand, where key order and layout are fixed. */
#ifndef HERKOMST_BASE_JSON_TEXT_H
#define HERKOMST_BASE_JSON_TEXT_H

#include "base/text.h"

/* Appends a quoted, escaped string. A byte that is no part of valid UTF-8 (of a file name, or of a
 * message that was cut off) becomes U+FFFD: what is written is JSON whatever the value. */
void json_put_string(struct text *t, const char *value);

#endif
