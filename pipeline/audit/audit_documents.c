/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which files a release has, its rules.json, and whether manifest.json tells of the same release.
 * See include/audit/case.h.
 */
#include "audit/case.h"

#include "report/paths.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { RULES_BYTES = 32 << 20, MANIFEST_BYTES = 1 << 20 };

/* Files of every release besides its tables. Whoever adds a file to releases must teach the audit
 * to read it: what nobody looks at may hold anything. */
static const char *const FILES[] = {"rules.json", "certificate.json", "manifest.json",
                                    "quality.csv", "turnover.csv"};
enum { FILES_COUNT = sizeof FILES / sizeof *FILES };
static const char *const SEALS[] = {"SHA256SUMS", "SHA256SUMS.minisig"};

/* tables/NAME.csv of one of the tables */
static bool is_table_file(const struct structure *s, const char *path)
{
    char expected[CONFIG_CODE + 16];
    for (size_t t = 0; t < s->table_count; t++) {
        (void)snprintf(expected, sizeof expected, "tables/%s.csv", s->tables[t].name);
        if (strcmp(expected, path) == 0)
            return true;
    }
    return false;
}

static bool is_known(const struct structure *s, const struct report_paths *reports,
                     const char *path)
{
    for (size_t i = 0; i < FILES_COUNT; i++)
        if (strcmp(FILES[i], path) == 0)
            return true;
    for (size_t i = 0; i < sizeof SEALS / sizeof *SEALS; i++)
        if (strcmp(SEALS[i], path) == 0)
            return true;
    return is_table_file(s, path) || report_paths_have(reports, path);
}

static int need_file(struct audit_case *c, const char *path, struct err *err)
{
    return audit_tree_has(&c->tree, path)
               ? 0
               : audit_find(c->result, AUDIT_FILES, path, "", err, "missing");
}

int audit_files(struct audit_case *c, struct err *err)
{
    const struct structure *s = &c->rules.structure;
    for (size_t i = 0; i < FILES_COUNT; i++)
        if (need_file(c, FILES[i], err) != 0)
            return -1;
    for (size_t t = 0; t < s->table_count; t++) {
        char path[CONFIG_CODE + 16];
        (void)snprintf(path, sizeof path, "tables/%s.csv", s->tables[t].name);
        if (need_file(c, path, err) != 0)
            return -1;
    }
    struct report_paths reports;
    int rc = audit_report_files(c, &reports, err);
    for (size_t i = 0; i < c->tree.count && rc == 0; i++)
        if (!is_known(s, &reports, c->tree.paths[i]))
            rc = audit_find(c->result, AUDIT_FILES, c->tree.paths[i], "", err,
                            "no file that a release has");
    report_paths_release(&reports);
    if (rc != 0)
        return -1;
    audit_figure(c->result, AUDIT_FILES, "files", c->tree.count);
    audit_end(c->result, AUDIT_FILES);
    return 0;
}

static int find_manifest(struct audit_case *c, const char *what, struct err *err)
{
    return audit_find(c->result, AUDIT_RULES, "manifest.json", "", err, "%s", what);
}

static bool member_is(const json_t *object, const char *name, const char *expected)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value && strcmp(value, expected) == 0;
}

/* The manifest's definitions are the variables' own, no more and no fewer. */
static bool same_definitions(const json_t *definitions, const struct structure *s)
{
    size_t count = 0;
    for (size_t v = 0; v < s->variable_count; v++) {
        if (!s->variables[v].definition[0])
            continue;
        count++;
        if (!member_is(definitions, s->variables[v].name, s->variables[v].definition))
            return false;
    }
    return json_is_object(definitions) && json_object_size(definitions) == count;
}

/* "previous": null, or {"release": ID, "sha256sums_sha256": DIGEST} */
static bool read_previous(const json_t *previous, struct audit_place *p)
{
    if (json_is_null(previous))
        return true;
    const char *id = json_string_value(json_object_get(previous, "release"));
    const char *digest = json_string_value(json_object_get(previous, "sha256sums_sha256"));
    if (!id || !digest || !is_code(id) || strlen(digest) != CONFIG_DIGEST_TEXT - 1 ||
        json_object_size(previous) != 2)
        return false;
    (void)snprintf(p->previous, sizeof p->previous, "%s", id);
    (void)snprintf(p->previous_digest, sizeof p->previous_digest, "%s", digest);
    return true;
}

/* What the manifest says of other releases; false if it does not say it properly. */
static bool read_place(struct audit_place *p, const json_t *root)
{
    const char *release = json_string_value(json_object_get(root, "release"));
    const json_t *replaces = json_object_get(root, "replaces");
    const char *replaced = json_string_value(replaces);
    memset(p, 0, sizeof *p);
    if (!release || !is_code(release) || (replaced && !is_code(replaced)) ||
        (!replaced && replaces && !json_is_null(replaces)))
        return false;
    (void)snprintf(p->release, sizeof p->release, "%s", release);
    (void)snprintf(p->replaces, sizeof p->replaces, "%s", replaced ? replaced : "");
    return read_previous(json_object_get(root, "previous"), p);
}

int audit_place_read(struct audit_place *p, const char *json, size_t length, struct err *err)
{
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
    bool good = root && read_place(p, root);
    json_decref(root);
    return good ? 0 : err_set(err, ERR_DATA, "manifest.json: not a manifest");
}

static int compare_manifest(struct audit_case *c, const json_t *root, struct err *err)
{
    char day[DATE_TEXT];
    if (!member_is(root, "format", "herkomst-manifest/1"))
        return find_manifest(c, "unknown format", err);
    if (!member_is(root, "release", c->rules.release) &&
        find_manifest(c, "not the release of rules.json", err) != 0)
        return -1;
    if (!member_is(root, "reference_date", date_iso(c->rules.reference_date, day)) &&
        find_manifest(c, "not the reference date of rules.json", err) != 0)
        return -1;
    if (!same_definitions(json_object_get(root, "definitions"), &c->rules.structure) &&
        find_manifest(c, "not the definitions of rules.json", err) != 0)
        return -1;
    const char *authorisation = json_string_value(json_object_get(root, "authorisation"));
    if ((!authorisation || !*authorisation) && find_manifest(c, "no authorisation", err) != 0)
        return -1;
    char key_id[SIGN_KEYID_TEXT];
    const json_t *named_key = json_object_get(root, "signing_key_id");
    if (c->key)
        key_id_text(key_id, c->key->id);
    if (c->key && named_key && !member_is(root, "signing_key_id", key_id) &&
        find_manifest(c, "not the key that signed", err) != 0)
        return -1;
    struct audit_place place;
    if (!read_place(&place, root))
        return find_manifest(c, "bad previous or replaced release", err);
    memcpy(c->result->previous, place.previous, sizeof place.previous);
    memcpy(c->result->previous_digest, place.previous_digest, sizeof place.previous_digest);
    return 0;
}

static int check_manifest(struct audit_case *c, struct err *err)
{
    struct text json;
    text_init(&json);
    int rc = audit_read(c->folder, "manifest.json", MANIFEST_BYTES, &json, err);
    if (rc != 0) {
        rc = audit_find_error(c->result, AUDIT_RULES, "manifest.json", err);
    } else {
        json_t *root = json_loadb(json.bytes, json.length, JSON_REJECT_DUPLICATES, NULL);
        rc = root ? compare_manifest(c, root, err) : find_manifest(c, "not JSON", err);
        json_decref(root);
    }
    text_release(&json);
    return rc;
}

/* What is written for these rules must be the file, byte for byte: one form, nothing hidden in it.
 */
static int check_form(struct audit_case *c, const struct text *json, struct err *err)
{
    struct text canonical;
    text_init(&canonical);
    int rc = rules_write_json(&c->rules, &canonical, err);
    if (rc == 0 && (canonical.length != json->length ||
                    memcmp(canonical.bytes, json->bytes, json->length) != 0))
        rc = audit_find(c->result, AUDIT_RULES, "rules.json", "", err, "not in its fixed form");
    text_release(&canonical);
    return rc;
}

int audit_rules(struct audit_case *c, struct err *err)
{
    struct text json;
    text_init(&json);
    int rc = audit_read(c->folder, "rules.json", RULES_BYTES, &json, err);
    if (rc == 0)
        rc = rules_read_json(&c->rules, json.bytes, json.length, err);
    if (rc == 0)
        rc = cells_build(&c->cells, &c->rules.structure, c->rules.disclosure.public_head_counts,
                         err);
    if (rc != 0) {
        rc = audit_find_error(c->result, AUDIT_RULES, "rules.json", err);
        goto out;
    }
    memcpy(c->result->release, c->rules.release, sizeof c->result->release);
    rc = audit_tell_rules(c, err) == 0 ? check_form(c, &json, err) : -1;
    if (rc == 0)
        rc = check_manifest(c, err);
    const struct structure *s = &c->rules.structure;
    audit_figure(c->result, AUDIT_RULES, "units", s->unit_count);
    audit_figure(c->result, AUDIT_RULES, "variables", s->variable_count);
    audit_figure(c->result, AUDIT_RULES, "tables", s->table_count);
    if (rc == 0)
        audit_end(c->result, AUDIT_RULES);
out:
    text_release(&json);
    return rc;
}
