// SPDX-License-Identifier: MIT
//
// What the fuzzer has found (tests/fuzz/corpus/fuzz_http) is tried again by
// each run of the tests.

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fuzz/fuzz_http.c"

#define FOLDER "tests/fuzz/corpus/fuzz_http"

static void takes_all_that_was_found(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 16];
    char path[512];
    unsigned count = 0;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (struct dirent *file; (file = readdir(folder)) != NULL;) {
        if (file->d_name[0] == '.') continue;
        (void)snprintf(path, sizeof path, FOLDER "/%s", file->d_name);
        FILE *stream = fopen(path, "rb");
        assert_non_null(stream);
        const size_t len = fread(bytes, 1, sizeof bytes, stream);
        (void)fclose(stream);
        assert_int_equal(LLVMFuzzerTestOneInput(bytes, len), 0);
        count++;
    }
    (void)closedir(folder);
    assert_true(count >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_all_that_was_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
