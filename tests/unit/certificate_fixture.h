/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * certificate_fixture: the certificate of a release after others of the same date that show and
 * hide just the same: each table of one is a table of all.
 */
#ifndef TESTS_CERTIFICATE_FIXTURE_H
#define TESTS_CERTIFICATE_FIXTURE_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void certificate_earlier_witness(json_t *witness, const char *id)
{
    json_t *more = json_object(), *value;
    const char *key;
    json_object_foreach(witness, key, value)
    {
        char further[300];
        (void)snprintf(further, sizeof further, "%s/%s", id, key);
        if (!strchr(key, '/'))
            (void)json_object_set(more, further, value);
    }
    (void)json_object_update(witness, more);
    json_decref(more);
}

/* A text of malloc; earlier: ids. */
static inline char *certificate_after(const char *json, const char *const *earlier, size_t count)
{
    json_t *root = json_loads(json, 0, NULL), *cumulative = json_array(), *item;
    size_t i;
    for (size_t e = 0; e < count; e++) {
        json_array_foreach(json_object_get(root, "witnesses"), i, item)
        {
            certificate_earlier_witness(item, earlier[e]);
        }
        json_array_foreach(json_object_get(root, "proofs"), i, item)
        {
            char key[300];
            json_t *proof = json_copy(item);
            (void)snprintf(key, sizeof key, "%s/%s", earlier[e],
                           json_string_value(json_object_get(item, "cell")));
            (void)json_object_set_new(proof, "cell", json_string(key));
            (void)json_array_append_new(cumulative, proof);
        }
    }
    (void)json_object_set_new(root, "cumulative", cumulative);
    char *text = json_dumps(root, 0);
    json_decref(root);
    if (!text)
        abort();
    return text;
}

#endif
