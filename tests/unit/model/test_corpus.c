// SPDX-License-Identifier: MIT
//
// The corpus of the fuzzer of the model: the same function on the same
// bytes. It aborts when a promise is broken.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fuzz/fuzz_model.c"
#include "support/corpus.h"

static void keeps_its_promises_on_all_that_was_found(void **state)
{
    (void)state;
    corpus_replay("fuzz_model", LLVMFuzzerTestOneInput);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_its_promises_on_all_that_was_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
