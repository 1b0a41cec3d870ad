/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * signed_release: writes a release folder as publish would, from rules, counts and a certificate
 * that may be anything: for tests and measurements of the audit. Errors end the program, since
 * nothing can be tested without the folder.
 *
 *     signed_release_write(folder, &rules, &cells, counts, status, certificate)
 *                                       every file but SHA256SUMS and its signature
 *     signed_release_put(folder, name, bytes, length)     replaces or adds a file
 *     signed_release_seal(folder, &key)                   SHA256SUMS of what is there, signed
 */
#ifndef HERKOMST_TESTS_SIGNED_RELEASE_H
#define HERKOMST_TESTS_SIGNED_RELEASE_H

#include "secure/digest.h"
#include "secure/files.h"
#include "secure/sign.h"
#include "tables/rules.h"
#include "tables/table_csv.h"
#include "tables/turnover_csv.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIGNED_PATH = 400, SIGNED_FILES = 4096 };

static inline void signed_demand(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "signed release: %s\n", what);
    abort();
}

static inline void signed_path(char out[static SIGNED_PATH], const char *folder, const char *name)
{
    signed_demand(snprintf(out, SIGNED_PATH, "%s/%s", folder, name) < SIGNED_PATH, name);
}

static inline void signed_release_put(const char *folder, const char *name, const char *bytes,
                                      size_t length)
{
    char path[SIGNED_PATH];
    signed_path(path, folder, name);
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        signed_demand(mkdir(path, 0755) == 0 || errno == EEXIST, path);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    signed_demand(file && fwrite(bytes, 1, length, file) == length, name);
    signed_demand(fclose(file) == 0, name);
}

static inline void signed_put_text(const char *folder, const char *name, const struct text *text)
{
    signed_demand(!text->failed, "memory");
    signed_release_put(folder, name, text->bytes ? text->bytes : "", text->length);
}

/* A manifest that tells of these rules; previous: JSON, "null" if there is none. */
static inline void signed_release_manifest(const char *folder, const struct rules *r,
                                           const char *previous)
{
    struct text json;
    char day[DATE_TEXT];
    const char *separator = "";
    text_init(&json);
    text_format(&json,
                "{\"format\": \"herkomst-manifest/1\", \"release\": \"%s\", \"reference_date\": "
                "\"%s\",\n \"authorisation\": \"test\", \"definitions\": {",
                r->release, date_iso(r->reference_date, day));
    for (size_t v = 0; v < r->structure.variable_count; v++) {
        const struct variable *variable = &r->structure.variables[v];
        if (!variable->definition[0])
            continue;
        text_format(&json, "%s\"%s\": \"%s\"", separator, variable->name, variable->definition);
        separator = ", ";
    }
    text_format(&json, "}, \"previous\": %s}\n", previous);
    signed_put_text(folder, "manifest.json", &json);
    text_release(&json);
}

static inline void signed_release_write(const char *folder, const struct rules *r,
                                        const struct cells *cells, const int64_t *counts,
                                        const uint8_t *status, const char *certificate)
{
    static const char quality[] = "dataset,check,count,status\n";
    struct err err;
    struct text text;
    struct turnover turnover;
    char name[SIGNED_PATH];
    text_init(&text);
    for (size_t t = 0; t < r->structure.table_count; t++) {
        text_clear(&text);
        signed_demand(table_csv_write(&text, r, cells, t, counts, status, &err) == 0, "table");
        (void)snprintf(name, sizeof name, "tables/%s.csv", r->structure.tables[t].name);
        signed_put_text(folder, name, &text);
    }
    text_clear(&text);
    signed_demand(rules_write_json(r, &text, &err) == 0, "rules.json");
    signed_put_text(folder, "rules.json", &text);
    text_clear(&text);
    signed_demand(turnover_open(&turnover, cells, r->reference_date, NULL, 0, &err) == 0 &&
                      turnover_csv_write(&text, r, cells, &turnover, &err) == 0,
                  "turnover.csv");
    signed_put_text(folder, "turnover.csv", &text);
    turnover_close(&turnover);
    text_release(&text);
    signed_release_manifest(folder, r, "null");
    signed_release_put(folder, "quality.csv", quality, sizeof quality - 1);
    signed_release_put(folder, "certificate.json", certificate, strlen(certificate));
}

struct signed_listing {
    size_t count;
    char *paths[SIGNED_FILES];
};

static inline void signed_list(struct signed_listing *l, const char *folder, const char *below)
{
    char path[SIGNED_PATH], name[SIGNED_PATH];
    struct stat st;
    signed_path(path, folder, below);
    DIR *stream = opendir(path);
    if (!stream)
        abort();
    for (const struct dirent *e = readdir(stream); e; e = readdir(stream)) {
        if (e->d_name[0] == '.' || strncmp(e->d_name, "SHA256SUMS", 10) == 0)
            continue;
        signed_demand(snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", e->d_name) <
                          SIGNED_PATH,
                      "a name");
        signed_path(path, folder, name);
        signed_demand(lstat(path, &st) == 0 && l->count < SIGNED_FILES, "a file");
        if (S_ISDIR(st.st_mode))
            signed_list(l, folder, name);
        else
            l->paths[l->count++] = text_duplicate(name, strlen(name));
    }
    (void)closedir(stream);
}

static inline int signed_by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void signed_release_seal(const char *folder, const struct signing_key *key)
{
    static struct signed_listing list;
    struct text sums, signature;
    struct err err;
    char path[SIGNED_PATH], digest[DIGEST_TEXT];
    text_init(&sums);
    text_init(&signature);
    list.count = 0;
    signed_list(&list, folder, "");
    qsort((void *)list.paths, list.count, sizeof *list.paths, signed_by_bytes);
    for (size_t i = 0; i < list.count; i++) {
        signed_path(path, folder, list.paths[i]);
        signed_demand(digest_file(digest, path, &err) == 0, "a digest");
        text_format(&sums, "%s  %s\n", digest, list.paths[i]);
        free(list.paths[i]);
    }
    signed_demand(sign_bytes(&signature, sums.bytes, sums.length, "test", key, &err) == 0, "sign");
    signed_put_text(folder, "SHA256SUMS", &sums);
    signed_put_text(folder, "SHA256SUMS.minisig", &signature);
    text_release(&sums);
    text_release(&signature);
}

#endif
