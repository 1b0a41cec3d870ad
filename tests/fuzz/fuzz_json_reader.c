/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The certificate's JSON reader: it never reads past the text, it passes over all that jansson
 * takes for JSON (but for nesting deeper than it allows), and the strings and numbers that it gives
 * are jansson's.
 */
#include "fuzz_file.h"

#include "audit/json_reader.h"

#include <jansson.h>

static void compare(struct json_reader *r, const json_t *value);

static void compare_members(struct json_reader *r, const json_t *object)
{
    char name[200];
    size_t count = 0;
    for (reader_open(r, '{'); reader_name(r, name, sizeof name); count++)
        compare(r, json_object_get(object, name));
    fuzz_demand(r->failed || count == json_object_size(object));
}

static void compare_items(struct json_reader *r, const json_t *array)
{
    size_t count = 0;
    for (reader_open(r, '['); reader_item(r); count++)
        compare(r, json_array_get(array, count));
    fuzz_demand(r->failed || count == json_array_size(array));
}

/* Once the reader has failed (a name with an escape, say) it says nothing any more. */
static void compare(struct json_reader *r, const json_t *value)
{
    char word[200];
    int64_t number;
    if (r->failed)
        return;
    if (reader_is(r, '{')) {
        compare_members(r, value);
    } else if (reader_is(r, '[')) {
        compare_items(r, value);
    } else if (reader_is(r, '"')) {
        if (reader_string(r, word, sizeof word))
            fuzz_demand(json_is_string(value) && strcmp(word, json_string_value(value)) == 0);
    } else if (reader_whole(r, &number)) {
        fuzz_demand(json_is_integer(value) && json_integer_value(value) == number);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    json_t *root = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
    char *copy = malloc(length + 1); /* so that one byte too far is noticed */
    fuzz_demand(copy != NULL);
    if (length > 0)
        memcpy(copy, bytes, length);
    struct json_reader r = json_reader(copy, length);
    if (root) {
        compare(&r, root);
        fuzz_demand(r.failed || reader_at_end(&r));
        r = json_reader(copy, length);
    }
    reader_skip(&r);
    fuzz_demand(r.at <= copy + length && (r.failed ? r.at == copy + length : true));
    json_decref(root);
    free(copy);
    return 0;
}
