// SPDX-License-Identifier: MIT
//
// What fuzz_http has found worth keeping, once more.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fuzz/fuzz_http.c"
#include "support/corpus.h"

static void the_corpus_is_taken_as_it_is(void **state)
{
    (void)state;
    corpus_replay("fuzz_http", LLVMFuzzerTestOneInput);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_is_taken_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
