/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/wiped.h. */
#include "io/wiped.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct wiped {
    size_t size;
    char bytes[];
};

static struct wiped *head_of(void *block)
{
    return (struct wiped *)(void *)((char *)block - offsetof(struct wiped, bytes));
}

void wiped_free(void *block)
{
    if (!block)
        return;
    struct wiped *head = head_of(block);
    sodium_memzero(head->bytes, head->size);
    free(head);
}

void *wiped_realloc(void *block, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct wiped))
        return NULL;
    struct wiped *head = malloc(sizeof *head + size);
    if (!head)
        return NULL;
    head->size = size;
    if (block) {
        size_t old = head_of(block)->size;
        memcpy(head->bytes, block, old < size ? old : size);
        wiped_free(block);
    }
    return head->bytes;
}
