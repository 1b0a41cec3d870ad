/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/people.h. */
#include "link/people.h"

#include "io/artefacts.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(FIELDS_MAX <= 64, "registered kinds are the bits of a word");

const char *const SEX_NAMES[SEX_COUNT] = {NULL, "f", "m", "x"};

static const char REGISTERED[] = "registered_";
enum { REGISTERED_LENGTH = sizeof REGISTERED - 1, NATIONS_MOST = UINT16_MAX };

const char *people_kind(const char *field)
{
    return strncmp(field, REGISTERED, REGISTERED_LENGTH) == 0 ? field + REGISTERED_LENGTH : NULL;
}

static bool wants(const struct field_set *fields, enum field least, enum field most)
{
    for (int f = (int)least; f <= (int)most; f++)
        if (field_set_has(fields, FACT_NAMES[f]))
            return true;
    return false;
}

static int nations_init(struct dictionary *d, struct err *err)
{
    static const char *const fixed[] = {"BE", "none", "not_belgian"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (dictionary_intern(d, fixed[i], strlen(fixed[i])) == 0)
            return err_memory(err);
    return 0;
}

/* An array of n cells, if it is wanted; false when memory ran out. */
static bool array(void *pointer, bool wanted, size_t n, size_t width)
{
    void *cells = wanted ? calloc(n ? n : 1, width) : NULL;
    memcpy(pointer, &cells, sizeof cells);
    return cells || !wanted;
}

int people_init(struct people *p, size_t persons, const struct field_set *fields, date reference,
                struct err *err)
{
    memset(p, 0, sizeof *p);
    if (persons >= PARENT_NONE)
        return err_set(err, ERR_DATA, "frame persons: too many rows");
    p->count = p->persons = persons;
    p->reference = reference;
    p->current_days = p->registered_days = 1;
    dictionary_init(&p->nations);
    if (nations_init(&p->nations, err) != 0)
        return -1;
    for (size_t i = 0; i < fields->count; i++)
        if (people_kind(fields->names[i]))
            p->kinds[p->kind_count++] = people_kind(fields->names[i]);

    bool parents = wants(fields, FACT_PARENT1_FIRST, FACT_GRANDPARENT4_FIRST);
    bool first = parents || wants(fields, FACT_OWN_FIRST, FACT_OWN_FIRST);
    bool current = wants(fields, FACT_OWN_CURRENT, FACT_OWN_CURRENT);
    bool birth = parents || wants(fields, FACT_AGE, FACT_AGE);
    bool sex = wants(fields, FACT_SEX, FACT_SEX);
    if (!array(&p->flags, true, persons, sizeof *p->flags) ||
        !array(&p->first, first, persons, sizeof *p->first) ||
        !array(&p->current, current, persons, sizeof *p->current) ||
        !array(&p->birth, birth, persons, sizeof *p->birth) ||
        !array(&p->sex, sex, persons, sizeof *p->sex) ||
        !array(&p->parents, parents, persons, 2 * sizeof *p->parents) ||
        !array(&p->registered, p->kind_count > 0, persons, sizeof *p->registered))
        return err_memory(err);
    for (size_t i = 0; birth && i < persons; i++)
        p->birth[i] = DATE_NONE;
    return 0;
}

int people_since(struct people *p, const struct field_set *groups, const date *since, size_t count,
                 struct err *err)
{
    bool registered = false;
    for (size_t i = 0; i < groups->count; i++)
        registered = registered || people_kind(groups->names[i]);
    p->since = since;
    p->since_count = count;
    if (p->current && wants(groups, FACT_OWN_CURRENT, FACT_OWN_CURRENT)) {
        free(p->current);
        p->current_days += count;
        if (!array(&p->current, true, p->current_days * p->count, sizeof *p->current))
            return err_memory(err);
    }
    if (p->registered && registered) {
        free(p->registered);
        p->registered_days += count;
        if (!array(&p->registered, true, p->registered_days * p->count, sizeof *p->registered))
            return err_memory(err);
    }
    return 0;
}

static void wipe(void *cells, size_t bytes)
{
    if (cells)
        sodium_memzero(cells, bytes);
    free(cells);
}

void people_release(struct people *p)
{
    wipe(p->flags, p->count * sizeof *p->flags);
    wipe(p->first, (p->count + p->guests) * sizeof *p->first);
    wipe(p->current, p->current_days * p->count * sizeof *p->current);
    wipe(p->birth, (p->count + p->guests) * sizeof *p->birth);
    wipe(p->sex, p->count * sizeof *p->sex);
    wipe(p->parents, (p->count + p->guests) * 2 * sizeof *p->parents);
    wipe(p->registered, p->registered_days * p->count * sizeof *p->registered);
    dictionary_release(&p->nations);
    memset(p, 0, sizeof *p);
}

/* A larger copy of the cells, which are gone then; NULL: no memory. */
static void *grown(void *cells, size_t from, size_t to, size_t width)
{
    void *more = malloc(to ? to * width : 1);
    if (!more)
        return NULL;
    memcpy(more, cells, from * width);
    wipe(cells, from * width);
    return more;
}

int people_invite(struct people *p, size_t guests, struct err *err)
{
    size_t count = p->count, all = p->count + guests;
    date *birth = grown(p->birth, count, all, sizeof *birth);
    p->birth = birth ? birth : p->birth;
    uint16_t *first = birth ? grown(p->first, count, all, sizeof *first) : NULL;
    p->first = first ? first : p->first;
    uint32_t *parents = first ? grown(p->parents, count, all, 2 * sizeof *parents) : NULL;
    p->parents = parents ? parents : p->parents;
    if (!parents)
        return err_memory(err);
    p->guests = guests;
    return 0;
}

int people_map_nations(struct people *p, const struct column *column, uint16_t **map,
                       struct err *err)
{
    const struct dictionary *d = &column->dictionary;
    uint16_t *to = calloc((size_t)d->count + 1, sizeof *to);
    if (!to)
        return err_memory(err);
    for (uint32_t i = 1; i <= d->count; i++) {
        const char *word = dictionary_word(d, i);
        uint32_t code = dictionary_intern(&p->nations, word, strlen(word));
        if (code == 0 || code == NATION_NONE || code > NATIONS_MOST) {
            free(to);
            return code == 0 ? err_memory(err)
                             : err_set(err, ERR_DATA, "column %s: %s", column->name,
                                       code == NATION_NONE ? "\"none\" is no nationality"
                                                           : "too many nationalities");
        }
        to[i] = (uint16_t)code;
    }
    *map = to;
    return 0;
}

int people_map_sex(const struct column *column, uint8_t **map, struct err *err)
{
    const struct dictionary *d = &column->dictionary;
    uint8_t *to = calloc((size_t)d->count + 1, sizeof *to);
    if (!to)
        return err_memory(err);
    for (uint32_t i = 1; i <= d->count; i++) {
        for (int sex = SEX_F; sex < SEX_COUNT; sex++)
            if (strcmp(dictionary_word(d, i), SEX_NAMES[sex]) == 0)
                to[i] = (uint8_t)sex;
        if (to[i] == SEX_UNKNOWN) {
            free(to);
            return err_set(err, ERR_DATA, "column %s: a word that is not m, f or x", column->name);
        }
    }
    *map = to;
    return 0;
}

int people_take_parents(struct people *p, size_t person, const uint32_t parents[2], struct err *err)
{
    for (int i = 0; i < 2; i++) {
        if (parents[i] > p->persons && parents[i] != PARENT_NONE)
            return err_set(err, ERR_DATA, "column parent%d: no such person", i + 1);
        p->parents[2 * person + (size_t)i] = parents[i];
    }
    return 0;
}
