/* SPDX-License-Identifier: MIT */
/* libfuzzer.c - in place of driver.c where libFuzzer makes the inputs. */
#include <stdint.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

guint64 fuzz_taken;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup("", size);

    if (size > 0)
        memcpy(text, data, size);
    fuzz_one(text, size);
    return 0;
}
