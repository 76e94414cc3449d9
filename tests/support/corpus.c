// SPDX-License-Identifier: MIT

#include "support/corpus.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>

#include "base/mem.h"

#define BYTES_MAX (64u * 1024)

void corpus_replay(const char *name,
                   int (*try)(const uint8_t *bytes, size_t size))
{
    static uint8_t bytes[BYTES_MAX];
    char pattern[96];
    glob_t found;
    snprintf(pattern, sizeof pattern, "tests/fuzz/corpus/%s/*", name);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *file = fopen(found.gl_pathv[i], "rb");
        assert_non_null(file);
        size_t len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_true(len < sizeof bytes); // all of it
        assert_int_equal(try(bytes, len), 0);
        assert_int_equal(ant_mem_live_count(), 0);
    }
    globfree(&found);
}
