/* SPDX-License-Identifier: EUPL-1.2 */
/* fuzz_TARGET FILE...: a target without libFuzzer, on inputs that are there. A promise that does
 * not hold ends it. */
#include "fuzz_file.h"

#include "base/text.h"
#include "secure/files.h"

enum { LIMIT = 1 << 20 };

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct text input;
        struct err err;
        text_init(&input);
        fuzz_demand(files_read_whole(argv[i], LIMIT, &input, &err) == 0);
        uint8_t *bytes = malloc(input.length + 1); /* so that valgrind sees where it ends */
        fuzz_demand(bytes != NULL);
        if (input.length)
            memcpy(bytes, input.bytes, input.length);
        (void)LLVMFuzzerTestOneInput(bytes, input.length);
        free(bytes);
        text_release(&input);
    }
    return 0;
}
