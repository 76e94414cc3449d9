// SPDX-License-Identifier: MIT

#include "support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN_DIR "tests/golden/"

char *golden_read(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_len);
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
        fputc(c, out);
    fclose(out);
    fclose(file);
    return text;
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

void golden_assert(const char *test, const char *name, const void *bytes,
                   size_t len)
{
    char path[128];
    snprintf(path, sizeof path, GOLDEN_DIR "%s", name);
    if (getenv("ANT_GOLDEN_WRITE") != NULL) write_file(path, bytes, len);
    size_t golden_len = 0;
    char *golden = golden_read(path, &golden_len);
    bool is_same =
        golden != NULL && golden_len == len && memcmp(golden, bytes, len) == 0;
    free(golden);
    if (is_same) return;
    fail_msg("this is not what %s holds; if it is better, write it anew: "
             "ANT_GOLDEN_WRITE=1 make unit T=%s",
             path, test);
}
