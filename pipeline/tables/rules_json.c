/* SPDX-License-Identifier: EUPL-1.2 */
/* Members of rules.json, and its units: see include/tables/rules_json.h. */
#include "tables/rules_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 1000 /* of a unit's name */ };

int rules_members(const json_t *object, const char *const *names, const char *where,
                  struct err *err)
{
    if (!json_is_object(object))
        return err_set(err, ERR_DATA, "rules.json: %s is not an object", where);
    size_t count = 0;
    for (; *names; names++) {
        bool optional = **names == '?';
        bool there = json_object_get(object, *names + optional) != NULL;
        if (!there && !optional)
            return err_set(err, ERR_DATA, "rules.json: %s: no member %s", where, *names);
        count += there;
    }
    if (json_object_size(object) != count)
        return err_set(err, ERR_DATA, "rules.json: %s: unknown members", where);
    return 0;
}

const char *rules_text(const json_t *object, const char *name, size_t most)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value) || json_string_length(value) < 1 || json_string_length(value) > most)
        return NULL;
    const char *text = json_string_value(value);
    for (size_t i = 0; text[i]; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return NULL;
    return text;
}

int rules_code(char out[static CONFIG_CODE], const json_t *object, const char *name)
{
    const char *text = rules_text(object, name, CONFIG_CODE - 1);
    if (!text)
        return -1;
    memcpy(out, text, strlen(text) + 1);
    return 0;
}

const json_t *rules_list(const json_t *root, const char *name, size_t most, size_t item,
                         void **array, struct err *err)
{
    const json_t *list = json_object_get(root, name);
    if (!json_is_array(list) || json_array_size(list) > most) {
        err_set(err, ERR_DATA, "rules.json: %s: not a list, or too long", name);
        return NULL;
    }
    *array = calloc(json_array_size(list) + 1, item);
    if (!*array) {
        err_memory(err);
        return NULL;
    }
    return list;
}

static int find_level(const char *name, enum level *out)
{
    for (enum level level = LEVEL_GOVERNMENT; level <= LEVEL_ENTITY; level++)
        if (strcmp(level_name(level), name) == 0) {
            *out = level;
            return 0;
        }
    return -1;
}

/* "domain:OMG" among the units so far, or one more: index + 1; 0 if it is not there. */
static uint32_t place_of(struct dictionary *places, enum level level, const char *code, bool add)
{
    char place[16 + CONFIG_CODE];
    int length = snprintf(place, sizeof place, "%s:%s", level_name(level), code);
    return add ? dictionary_intern(places, place, (size_t)length)
               : dictionary_find(places, place, (size_t)length);
}

static int read_parent(struct unit *unit, const json_t *object, struct dictionary *places)
{
    unit->parent = -1;
    if (json_is_null(json_object_get(object, "parent")))
        return 0;
    const char *parent = rules_text(object, "parent", CONFIG_CODE - 1);
    if (parent && unit->level > LEVEL_GOVERNMENT)
        unit->parent = (int)place_of(places, unit->level - 1, parent, false) - 1;
    return unit->parent < 0 ? -1 : 0;
}

/* "predecessors": ["OLD-1", ...], left out where there are none. */
static int read_predecessors(struct unit *unit, const json_t *object, size_t number,
                             struct err *err)
{
    const json_t *list = json_object_get(object, "predecessors");
    size_t count = json_array_size(list);
    if (!list)
        return 0;
    if (count < 1 || count > STRUCTURE_UNITS)
        return err_set(err, ERR_DATA, "rules.json: unit %zu: bad predecessors", number);
    unit->predecessors = calloc(count, sizeof *unit->predecessors);
    if (!unit->predecessors)
        return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        const char *code = json_string_value(json_array_get(list, i));
        if (!code || !is_code(code))
            return err_set(err, ERR_DATA, "rules.json: unit %zu: bad predecessors", number);
        memcpy(unit->predecessors[i], code, strlen(code) + 1);
    }
    unit->predecessor_count = count;
    return 0;
}

static int read_unit(struct structure *s, const json_t *object, struct dictionary *places,
                     struct err *err)
{
    static const char *const members[] = {"level",     "unit",     "parent",        "name",
                                          "delivered", "complete", "?predecessors", NULL};
    if (rules_members(object, members, "a unit", err) != 0)
        return -1;
    size_t u = s->unit_count;
    struct unit *unit = &s->units[u];
    const char *level = rules_text(object, "level", CONFIG_CODE);
    const char *name = rules_text(object, "name", NAME_BYTES);
    const json_t *delivered = json_object_get(object, "delivered");
    const json_t *complete = json_object_get(object, "complete");
    if (!level || find_level(level, &unit->level) != 0 || !name ||
        rules_code(unit->code, object, "unit") != 0 || !json_is_boolean(delivered) ||
        !json_is_boolean(complete))
        return err_set(err, ERR_DATA, "rules.json: unit %zu: bad member", u + 1);
    unit->delivered = json_is_true(delivered);
    unit->complete = json_is_true(complete);
    if (read_parent(unit, object, places) != 0)
        return err_set(err, ERR_DATA, "rules.json: unit %zu: no such parent", u + 1);
    uint32_t place = place_of(places, unit->level, unit->code, true);
    if (place != u + 1)
        return place ? err_set(err, ERR_DATA, "rules.json: unit %zu is there twice", u + 1)
                     : err_memory(err);
    unit->name = text_duplicate(name, strlen(name));
    s->unit_count++;
    return unit->name ? read_predecessors(unit, object, u + 1, err) : err_memory(err);
}

int rules_units(struct structure *s, const json_t *root, struct err *err)
{
    const json_t *list =
        rules_list(root, "units", STRUCTURE_UNITS, sizeof *s->units, (void **)&s->units, err);
    if (!list)
        return -1;
    struct dictionary places;
    dictionary_init(&places);
    int rc = 0;
    for (size_t i = 0; i < json_array_size(list) && rc == 0; i++)
        rc = read_unit(s, json_array_get(list, i), &places, err);
    dictionary_release(&places);
    return rc;
}
