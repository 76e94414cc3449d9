// SPDX-License-Identifier: MIT
//
// What a fuzzer has found worth keeping, once more without the fuzzer.

#ifndef ANT_TESTS_SUPPORT_CORPUS_H
#define ANT_TESTS_SUPPORT_CORPUS_H

#include <stddef.h>
#include <stdint.h>

// Calls `try` on each file of tests/fuzz/corpus/`name`; fails when there are
// none, when it does not return 0, or when memory is left behind.
void corpus_replay(const char *name,
                   int (*try)(const uint8_t *bytes, size_t size));

#endif
