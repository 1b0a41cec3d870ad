/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tamper RELEASE PUBLIC-KEY OTHER-KEY [EARLIER] [--every N] [--most N]
 *
 * Changes a release that passes its audit in every way that somebody without the publisher's key
 * could, one at a time, asks the audit each time, and puts it right again:
 *   two bits in every byte of every file (--every N: in every Nth byte; --most N: in at most N
 *   bytes of a file, evenly spread);
 *   each file deleted, emptied, cut, lengthened, renamed, doubled, exchanged with every other one
 *   (--most: with the next one), replaced by a folder and by a link to its own content;
 *   each line of SHA256SUMS deleted, doubled, exchanged with the next one, in capitals, commented
 *   out, with another path to the same file, with CRLF; a strange line added;
 *   the signature replaced by one with OTHER-KEY (a signing key), with its key id made right too,
 *   and by other algorithms;
 *   files of EARLIER (another release of the publisher) one at a time, and its seals.
 * RELEASE is a copy, which is left as it was. Prints "N cases, N refused"; exit 0: all of them
 * were.
 */
#include "signed_release.h"

#include "audit/audit.h"
#include "secure/keyfile.h"
#include "secure/secret.h"

#include <ctype.h>
#include <fcntl.h>

struct file {
    char path[SIGNED_PATH];
    char *name; /* in the release */
    struct text content;
};

static struct {
    const char *folder;
    struct public_key key;
    struct signing_key other;
    size_t every, most, count, cases, passed;
    struct file files[SIGNED_FILES];
} t = {.every = 1, .most = SIZE_MAX};

static void read_content(const char *path, struct text *to)
{
    struct err err;
    text_init(to);
    signed_demand(files_read_whole(path, 1 << 30, to, &err) == 0, path);
    if (!to->bytes)
        text_string(to, "");
}

static void write_content(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    signed_demand(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0, path);
}

static void add_file(const char *name)
{
    struct file *f = &t.files[t.count++];
    signed_path(f->path, t.folder, name);
    f->name = text_duplicate(name, strlen(name));
    read_content(f->path, &f->content);
}

static struct file *find_file(const char *name)
{
    for (size_t i = 0; i < t.count; i++)
        if (strcmp(t.files[i].name, name) == 0)
            return &t.files[i];
    signed_demand(false, name);
    return NULL;
}

static bool passes(void)
{
    struct audit_result result;
    struct err err = {0};
    bool passed = audit_release(t.folder, &t.key, &result, &err) == 0 && audit_passed(&result);
    audit_result_release(&result);
    return passed;
}

/* The release as it stands now must be refused. */
static void refused(const char *name, const char *how)
{
    t.cases++;
    if (!passes())
        return;
    t.passed++;
    printf("passes: %s %s\n", name, how);
}

static void restore(const struct file *f)
{
    (void)unlink(f->path);
    (void)rmdir(f->path);
    write_content(f->path, f->content.bytes, f->content.length);
}

static void replaced(const struct file *f, const char *bytes, size_t length, const char *how)
{
    if (length == f->content.length && memcmp(bytes, f->content.bytes, length) == 0)
        return; /* nothing was changed */
    write_content(f->path, bytes, length);
    refused(f->name, how);
    restore(f);
}

/* ---- bits ---- */

static void flip_bits(const struct file *f, size_t first)
{
    int fd = open(f->path, O_RDWR | O_CLOEXEC);
    signed_demand(fd >= 0, f->path);
    size_t step = t.every, length = f->content.length;
    if (length / step > t.most)
        step = length / t.most;
    for (size_t i = first % step; i < length; i += step)
        for (unsigned k = 0; k < 2; k++) {
            char was = f->content.bytes[i],
                 now = (char)((unsigned char)was ^ (1U << ((i * 3 + k * 5) % 8)));
            signed_demand(pwrite(fd, &now, 1, (off_t)i) == 1, f->path);
            refused(f->name, "with a bit flipped");
            signed_demand(pwrite(fd, &was, 1, (off_t)i) == 1, f->path);
        }
    (void)close(fd);
}

/* ---- files ---- */

static void change_file(const struct file *f)
{
    char other[SIGNED_PATH + 8];
    const struct text *c = &f->content;
    struct text longer;
    (void)unlink(f->path);
    refused(f->name, "deleted");
    signed_demand(mkdir(f->path, 0755) == 0, f->path);
    refused(f->name, "as a folder");
    restore(f);
    replaced(f, "", 0, "emptied");
    if (c->length > 0)
        replaced(f, c->bytes, c->length - 1, "cut by a byte");
    replaced(f, c->bytes, c->length / 2, "cut in half");
    text_init(&longer);
    text_append(&longer, c->bytes, c->length);
    text_char(&longer, '\n');
    replaced(f, longer.bytes, longer.length, "with a line end added");
    text_append(&longer, c->bytes, c->length);
    replaced(f, longer.bytes, longer.length, "twice over");
    text_release(&longer);
    (void)snprintf(other, sizeof other, "%s.old", f->path);
    signed_demand(rename(f->path, other) == 0, other);
    refused(f->name, "renamed");
    signed_demand(symlink(other, f->path) == 0, f->path);
    refused(f->name, "as a link");
    restore(f);
    refused(f->name, "doubled");
    (void)unlink(other);
    (void)snprintf(other, sizeof other, "%s", f->path);
    char *last = strrchr(other, '/') + 1;
    *last = (char)(isupper((unsigned char)*last) ? tolower((unsigned char)*last)
                                                 : toupper((unsigned char)*last));
    signed_demand(rename(f->path, other) == 0, other);
    refused(f->name, "with another case of its name");
    (void)unlink(other);
    restore(f);
}

static void exchange(const struct file *a, const struct file *b)
{
    if (a->content.length == b->content.length &&
        memcmp(a->content.bytes, b->content.bytes, a->content.length) == 0)
        return;
    write_content(a->path, b->content.bytes, b->content.length);
    write_content(b->path, a->content.bytes, a->content.length);
    refused(a->name, "exchanged with another file");
    restore(a);
    restore(b);
}

/* ---- lines of SHA256SUMS ---- */

enum { LINES = SIGNED_FILES };

/* The sums with line `at` replaced by `line` (NULL: left as it is). */
static void with_line(const struct file *sums, size_t at, const char *line, const char *how)
{
    struct text text;
    text_init(&text);
    size_t number = 0;
    for (const char *from = sums->content.bytes; *from; number++) {
        size_t length = strcspn(from, "\n") + 1;
        if (number == at)
            text_string(&text, line);
        else
            text_append(&text, from, length);
        from += length;
    }
    replaced(sums, text.bytes ? text.bytes : "", text.length, how);
    text_release(&text);
}

static void change_lines(void)
{
    const struct file *sums = find_file("SHA256SUMS");
    size_t number = 0;
    for (const char *from = sums->content.bytes; *from; number++) {
        size_t length = strcspn(from, "\n") + 1, next = strcspn(from + length, "\n") + 1;
        char line[1000], other[2100];
        signed_demand(length < sizeof line && next < sizeof line, "a long line");
        memcpy(line, from, length);
        line[length] = '\0';
        with_line(sums, number, "", "a line deleted");
        (void)snprintf(other, sizeof other, "%s%s", line, line);
        with_line(sums, number, other, "a line doubled");
        (void)snprintf(other, sizeof other, "#%s", line);
        with_line(sums, number, other, "a line commented out");
        (void)snprintf(other, sizeof other, "%.64s  ./%s", line, line + 66);
        with_line(sums, number, other, "another path");
        (void)snprintf(other, sizeof other, "%.64s *%s", line, line + 66);
        with_line(sums, number, other, "a binary mark");
        (void)snprintf(other, sizeof other, "%.*s\r\n", (int)length - 1, line);
        with_line(sums, number, other, "CRLF");
        (void)snprintf(other, sizeof other, "%s\n", line);
        with_line(sums, number, other, "an empty line");
        (void)snprintf(other, sizeof other, "%064d  ../%s%s", 0, line + 66, line);
        with_line(sums, number, other, "a line of a file outside");
        (void)snprintf(other, sizeof other, "%s", line);
        for (size_t i = 0; i < 64; i++)
            other[i] = (char)toupper((unsigned char)other[i]);
        with_line(sums, number, other, "capitals");
        if (from[length]) {
            struct text swapped;
            text_init(&swapped);
            text_append(&swapped, sums->content.bytes, (size_t)(from - sums->content.bytes));
            text_append(&swapped, from + length, next);
            text_append(&swapped, from, length);
            text_string(&swapped, from + length + next);
            replaced(sums, swapped.bytes, swapped.length, "two lines exchanged");
            text_release(&swapped);
        }
        from += length;
    }
}

/* ---- seals ---- */

static void sign_again(const struct text *sums, struct text *signature)
{
    struct err err;
    text_init(signature);
    signed_demand(sign_bytes(signature, sums->bytes, sums->length, "test", &t.other, &err) == 0,
                  "sign");
}

/* A signature's base64 line (the second) with its first characters replaced: algorithm (two bytes)
 * and key id (eight) are 13 and a third of them. */
static void change_head(const struct file *signature, const char *head, const char *how)
{
    struct text text;
    const char *line = strchr(signature->content.bytes, '\n') + 1;
    text_init(&text);
    text_append(&text, signature->content.bytes, signature->content.length);
    for (size_t i = 0; head[i]; i++)
        text.bytes[line - signature->content.bytes + (ptrdiff_t)i] = head[i];
    replaced(signature, text.bytes, text.length, how);
    text_release(&text);
}

static void change_seals(void)
{
    const struct file *sums = find_file("SHA256SUMS"), *own = find_file("SHA256SUMS.minisig");
    struct text signature;
    sign_again(&sums->content, &signature);
    replaced(own, signature.bytes, signature.length, "by another key");
    char *line = strchr(signature.bytes, '\n') + 1;
    const char *right = strchr(own->content.bytes, '\n') + 1;
    memcpy(line, right, 13); /* the publisher's key id over another key's signature */
    replaced(own, signature.bytes, signature.length, "by another key under the same id");
    text_release(&signature);
    static const char *const algorithms[] = {"RWQ", "RVg", "AAA", "RUQA", "////"};
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        change_head(own, algorithms[i], "of another algorithm");
}

static void take_from(const char *earlier)
{
    char path[SIGNED_PATH];
    struct text content;
    for (size_t i = 0; i < t.count; i++) {
        signed_path(path, earlier, t.files[i].name);
        if (access(path, R_OK) != 0)
            continue;
        read_content(path, &content);
        replaced(&t.files[i], content.bytes, content.length, "of an earlier release");
        text_release(&content);
    }
    const struct file *sums = find_file("SHA256SUMS"), *signature = find_file("SHA256SUMS.minisig");
    signed_path(path, earlier, "SHA256SUMS");
    read_content(path, &content);
    write_content(sums->path, content.bytes, content.length);
    text_release(&content);
    signed_path(path, earlier, "SHA256SUMS.minisig");
    read_content(path, &content);
    replaced(signature, content.bytes, content.length, "both seals of an earlier release");
    text_release(&content);
    restore(sums);
}

static void change_all(const char *earlier)
{
    for (size_t i = 0; i < t.count; i++) {
        change_file(&t.files[i]);
        for (size_t k = i + 1; k < t.count && (t.most == SIZE_MAX || k == i + 1); k++)
            exchange(&t.files[i], &t.files[k]);
    }
    char path[SIGNED_PATH];
    signed_path(path, t.folder, "notes.txt");
    write_content(path, "", 0);
    refused("notes.txt", "added");
    (void)unlink(path);
    change_lines();
    change_seals();
    if (earlier)
        take_from(earlier);
    for (size_t i = 0; i < t.count; i++)
        flip_bits(&t.files[i], i);
}

int main(int argc, char **argv)
{
    static struct signed_listing list;
    struct err err = {0};
    for (; argc > 5 && strncmp(argv[argc - 2], "--", 2) == 0; argc -= 2)
        *(strcmp(argv[argc - 2], "--most") == 0 ? &t.most : &t.every) =
            strtoul(argv[argc - 1], NULL, 10);
    if (argc < 4 || argc > 5 || t.every == 0 || t.most == 0) {
        (void)fputs("usage: tamper RELEASE PUBLIC-KEY OTHER-KEY [EARLIER] [--every N] [--most N]\n",
                    stderr);
        return 64;
    }
    t.folder = argv[1];
    if (secret_setup(&err) != 0 || keyfile_read_public(argv[2], &t.key, &err) != 0 ||
        keyfile_read_signing(argv[3], &t.other, &err) != 0) {
        (void)fprintf(stderr, "tamper: %s\n", err.text);
        return 1;
    }
    signed_list(&list, t.folder, "");
    for (size_t i = 0; i < list.count; i++)
        add_file(list.paths[i]);
    add_file("SHA256SUMS");
    add_file("SHA256SUMS.minisig");
    signed_demand(passes(), "it does not pass to begin with");
    change_all(argc == 5 ? argv[4] : NULL);
    signed_demand(passes(), "it does not pass in the end");
    printf("%zu cases, %zu refused\n", t.cases, t.cases - t.passed);
    signing_key_release(&t.other);
    return t.passed == 0 ? 0 : 1;
}
