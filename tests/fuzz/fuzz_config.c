/* SPDX-License-Identifier: EUPL-1.2 */
/* The configuration's reader: any bytes are a configuration or ERR_CONFIG. */
#include "fuzz_file.h"
#include "io/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct config config;
    struct err err = {.kind = ERR_NONE};
    int rc = config_load(&config, fuzz_file(bytes, length, ".ini"), NULL, 0, &err);
    if (rc != 0 && err.kind != ERR_CONFIG)
        abort();
    config_release(&config);
    return 0;
}
