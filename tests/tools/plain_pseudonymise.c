/* SPDX-License-Identifier: EUPL-1.2 */
/* plain_pseudonymise CONFIG OUTPUT THREADS: what herkomst-pseudonymise does, with a hash that is
 * none (the Makefile has the linker put these in the place of the library's) and a file that is not
 * encrypted: what tests/bench/national.sh compares the stage with. For made-up people only. */
#include "link/fields.h"
#include "link/pseudonymise.h"
#include "secure/row_hash.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NOLINTBEGIN(bugprone-reserved-identifier): names that ld --wrap asks for */
void __wrap_pseudonyms_of(const struct pseudonymiser *p, uint8_t (*out)[PSEUDONYM_BYTES],
                          const char (*digits)[NATIONAL_NUMBER_DIGITS], size_t count);
void __wrap_row_hash(const struct row_hasher *h, row_hashes out,
                     const uint64_t (*words)[ROW_HASH_ROWS], size_t length);

/* Spreads numbers evenly, each to another value, and is no secret. */
void __wrap_pseudonyms_of(const struct pseudonymiser *p, uint8_t (*out)[PSEUDONYM_BYTES],
                          const char (*digits)[NATIONAL_NUMBER_DIGITS], size_t count)
{
    (void)p;
    for (size_t i = 0; i < count; i++) {
        uint64_t word[2] = {0, 0};
        memcpy(word, digits[i], NATIONAL_NUMBER_DIGITS);
        word[0] += word[1] * UINT64_C(0x9E3779B97F4A7C15);
        word[0] = (word[0] ^ word[0] >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        word[0] = (word[0] ^ word[0] >> 27) * UINT64_C(0x94D049BB133111EB);
        word[0] ^= word[0] >> 31; /* as in Steele, Lea and Flood, SplitMix, 2014 */
        memcpy(out[i], word, PSEUDONYM_BYTES);
    }
}

void __wrap_row_hash(const struct row_hasher *h, row_hashes out,
                     const uint64_t (*words)[ROW_HASH_ROWS], size_t length)
{
    (void)h;
    (void)length;
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        memcpy(out[word], words[0], sizeof out[word]);
}
/* NOLINTEND(bugprone-reserved-identifier) */

static int put(void *context, const void *bytes, size_t length, struct err *err)
{
    return fwrite(bytes, 1, length, context) == length ? 0 : err_set(err, ERR_IO, "cannot write");
}

static int pass(const struct config *c, FILE *to, unsigned threads, struct err *err)
{
    static uint8_t no_key[PSEUDONYM_KEYBYTES];
    const struct pseudonym_keys keys = {no_key, no_key, "0"};
    const struct sink sink = {put, to};
    struct field_set fields;
    struct pseudonymised out = {0};
    struct intake in = {0};
    int rc = -1;
    if (fields_used(&fields, c, err) == 0 && intake_read(&in, c, no_key, threads, err) == 0 &&
        pseudonymise(&out, &in, fields_generations(&fields), &keys, threads, err) == 0)
        rc = pseudonymised_write(&out, &sink, err);
    pseudonymised_release(&out);
    intake_release(&in);
    return rc;
}

int main(int argc, char **argv)
{
    struct config config;
    struct err err = {0};
    if (argc != 4 || sodium_init() < 0 || config_load(&config, argv[1], NULL, 0, &err) != 0)
        return EXIT_FAILURE;
    FILE *to = fopen(argv[2], "wbe");
    int rc = to ? pass(&config, to, (unsigned)strtoul(argv[3], NULL, 10), &err) : -1;
    if (to && fclose(to) != 0)
        rc = -1;
    if (rc != 0)
        (void)fprintf(stderr, "%s\n", err.text);
    config_release(&config);
    return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
