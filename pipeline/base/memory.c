/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/memory.h. */
#include "base/memory.h"

#include "base/text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 512 };

bool memory_parse(const char *text, uint64_t *bytes)
{
    static const char suffixes[] = "KMG";
    uint64_t number = 0;
    const char *c = text;
    for (; is_digit(*c); c++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*c - '0'), &number))
            return false;
    if (c == text)
        return false;
    const char *suffix = *c ? strchr(suffixes, *c) : NULL;
    if (*c && (!suffix || c[1]))
        return false;
    unsigned shift = suffix ? 10 * (unsigned)(suffix - suffixes + 1) : 0;
    if (number > UINT64_MAX >> shift)
        return false;
    *bytes = number << shift;
    return true;
}

/* The first line of a file that begins with `name`, without that; false if there is none. */
static bool read_line(const char *path, const char *name, char line[static LINE])
{
    FILE *f = fopen(path, "re");
    size_t length = strlen(name);
    bool found = false;
    if (!f)
        return false;
    while (!found && fgets(line, LINE, f))
        found = strncmp(line, name, length) == 0;
    (void)fclose(f);
    if (!found)
        return false;
    line[strcspn(line, "\n")] = '\0';
    memmove(line, line + length, strlen(line + length) + 1);
    return true;
}

/* MEMORY_UNLIMITED: not a number ("max"), or no such line. */
static uint64_t read_number(const char *path, const char *name)
{
    char line[LINE];
    uint64_t bytes;
    if (!read_line(path, name, line))
        return MEMORY_UNLIMITED;
    const char *from = line + strspn(line, " ");
    size_t digits = strspn(from, "0123456789");
    bool kilo = strcmp(from + digits, " kB") == 0;
    line[(size_t)(from - line) + digits] = '\0';
    if (!memory_parse(from, &bytes) || bytes > UINT64_MAX >> 10)
        return MEMORY_UNLIMITED;
    return kilo ? bytes << 10 : bytes;
}

/* Of the process's control group and all above it. */
static uint64_t group_limit(const char *root)
{
    char path[PATH_MAX], group[LINE];
    uint64_t least = MEMORY_UNLIMITED;
    (void)snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    if (!read_line(path, "0::", group))
        return least;
    for (;;) {
        (void)snprintf(path, sizeof path, "%s/sys/fs/cgroup%s/memory.max", root, group);
        uint64_t own = read_number(path, "");
        least = own < least ? own : least;
        char *slash = strrchr(group, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

uint64_t memory_default_below(const char *root)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/proc/meminfo", root);
    uint64_t available = read_number(path, "MemAvailable:"), group = group_limit(root);
    uint64_t least = available < group ? available : group;
    if (least == MEMORY_UNLIMITED)
        return MEMORY_UNLIMITED;
    return least / 2 > MEMORY_LEAST ? least / 2 : MEMORY_LEAST;
}

uint64_t memory_default(void)
{
    return memory_default_below("");
}
