/* SPDX-License-Identifier: EUPL-1.2 */
/* National numbers: what is accepted has 11 digits whose check digits hold for one century. */
#include "fuzz_file.h"
#include "link/national_number.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    uint64_t number = 0;
    enum number_verdict verdict = national_number_parse(
        (const char *)bytes, length, date_make(2017, 12, 31), DATE_NONE, &number);
    uint32_t quick = national_number_quick((const char *)bytes, length, DATE_NONE);
    if (verdict >= NUMBER_VERDICTS)
        abort();
    if (quick != 0 && (verdict != NUMBER_VALID || quick != national_number_pack(number)))
        abort();
    if (verdict == NUMBER_VALID) {
        unsigned check = (unsigned)(number % 100);
        if (number > 99999999999ULL || (check != national_number_check(number / 100, false) &&
                                        check != national_number_check(number / 100, true)))
            abort();
    }
    return 0;
}
