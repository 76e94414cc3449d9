// SPDX-License-Identifier: MIT
//
// The only malloc. Blocks are counted, so that a test can ask whether
// everything came back, and the Nth allocation can be made to fail, so that a
// test can visit every out-of-memory path. Any thread.

#ifndef ANT_BASE_MEM_H
#define ANT_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

// Zeroed memory, or NULL. The caller frees it with ant_mem_free.
ANT_MUST_USE void *ant_mem_alloc(size_t bytes);

// Zeroed memory whose address is a multiple of `align` (a power of two).
ANT_MUST_USE void *ant_mem_alloc_aligned(size_t bytes, size_t align);

// As realloc: grows or shrinks `block` (NULL is fine); new bytes are not
// zeroed. On failure returns NULL and `block` stays as it was.
ANT_MUST_USE void *ant_mem_resize(void *block, size_t bytes);

// Gives a block back; NULL is fine.
void ant_mem_free(void *block);

// Gives what is free but kept for later back to the system: after much work
// whose memory will not be needed again. It takes milliseconds.
void ant_mem_trim(void);

// Blocks that are allocated and not yet freed.
uint64_t ant_mem_live_count(void);

// Blocks that were ever allocated or grown from nothing: when the number is the
// same as before, nothing was allocated meanwhile.
uint64_t ant_mem_alloc_count(void);

// Makes the allocation number `nth` from now on fail (1 is the next one), and
// all after it too when `sticky` is set. 0 switches failing off.
void ant_mem_fail_nth(uint64_t nth, int sticky);

// ---- For base/block.h ----

// Counts one allocation against the plan and says whether it is the one.
bool ant__mem_must_fail(void);

// As malloc and free: nothing is counted, and nothing zeroed.
ANT_MUST_USE void *ant__mem_take(size_t bytes);
void ant__mem_give(void *block);

#endif
