// SPDX-License-Identifier: MIT
//
// A block is memory whose owner knows how large it is: a task, a channel. Each
// thread keeps blocks of each size at hand, those that it was given back last;
// so a block that is recycled costs no more than taking it from a list. What a
// thread has too many of goes, a batch at a time, to the depot, and from there
// to threads that have too few: it does not matter who gives a block back.
//
//   function         Tokio     allocates           threads
//   ant_block_alloc  Box::new  when none is at hand  any
//   ant_block_free   drop      no                    any
//
// Builds with a sanitizer keep nothing at hand, so that it sees who touches a
// block that was given back.

#ifndef ANT_BASE_BLOCK_H
#define ANT_BASE_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

// Memory of `bytes`, aligned for everything, with anything in it; NULL when
// there is none. It counts as an allocation (base/mem.h).
ANT_MUST_USE void *ant_block_alloc(size_t bytes);

// Gives a block back that was allocated with this very size. NULL is fine.
void ant_block_free(void *block, size_t bytes);

// Blocks ever allocated and freed, for the books of base/mem.h.
void ant__block_counts(uint64_t *ret_alloc_count, uint64_t *ret_free_count);

#endif
