// SPDX-License-Identifier: MIT

#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/assert.h"
#include "base/atomic.h"
#include "base/block.h"

// Plain counters of all blocks ever: nobody concludes anything about other
// memory from them, so the accesses are relaxed.
static ant_atomic_u64 alloc_count;
static ant_atomic_u64 free_count;

// When to fail, in one word so that any thread may count down: twice the
// number of allocations up to and with the failing one, plus 1 when sticky.
// Zero never fails. Relaxed for the same reason.
static ant_atomic_u64 fail_plan;

static void *count_block(void *block);
static bool count_to_plan(uint64_t plan);

void *ant_mem_alloc(size_t bytes)
{
    if (ant__mem_must_fail()) return NULL;
    // A block of no bytes still has an address of its own.
    return count_block(calloc(1, bytes != 0 ? bytes : 1));
}

void *ant_mem_alloc_aligned(size_t bytes, size_t align)
{
    ANT_ASSERT(align != 0);
    ANT_ASSERT((align & (align - 1)) == 0);
    if (ant__mem_must_fail()) return NULL;

    // The system wants at least the alignment of a pointer.
    if (align < sizeof(void *)) align = sizeof(void *);
    void *block;
    if (posix_memalign(&block, align, bytes != 0 ? bytes : 1) != 0) return NULL;
    return count_block(memset(block, 0, bytes));
}

void *ant_mem_resize(void *block, size_t bytes)
{
    if (ant__mem_must_fail()) return NULL;

    void *grown = realloc(block, bytes != 0 ? bytes : 1);
    return block == NULL ? count_block(grown) : grown;
}

void ant_mem_free(void *block)
{
    if (block == NULL) return;

    ant_atomic_add(&free_count, 1, ANT_RELAXED);
    free(block);
}

void ant_mem_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

uint64_t ant_mem_live_count(void)
{
    // Acquire keeps the order of the two loads, so that the difference is never
    // below zero.
    const uint64_t freed = ant_atomic_load(&free_count, ANT_ACQUIRE);
    uint64_t block_allocs, block_frees;
    ant__block_counts(&block_allocs, &block_frees);
    return ant_atomic_load(&alloc_count, ANT_RELAXED) - freed + block_allocs -
           block_frees;
}

uint64_t ant_mem_alloc_count(void)
{
    uint64_t block_allocs, block_frees;
    ant__block_counts(&block_allocs, &block_frees);
    return ant_atomic_load(&alloc_count, ANT_RELAXED) + block_allocs;
}

void *ant__mem_take(size_t bytes)
{
    return malloc(bytes != 0 ? bytes : 1);
}

void ant__mem_give(void *block)
{
    free(block);
}

void ant_mem_fail_nth(uint64_t nth, int sticky)
{
    ANT_ASSERT(nth <= UINT64_MAX / 4);
    uint64_t plan = nth * 2 + (nth != 0 && sticky != 0 ? 1 : 0);
    ant_atomic_store(&fail_plan, plan, ANT_RELAXED);
}

bool ant__mem_must_fail(void)
{
    const uint64_t plan = ant_atomic_load(&fail_plan, ANT_RELAXED);
    return ANT_UNLIKELY(plan != 0) && count_to_plan(plan);
}

ANT_NOINLINE static bool count_to_plan(uint64_t plan)
{
    uint64_t rest;
    do {
        if (plan == 0) return false;
        // The last of a sticky plan stays in place and fails for ever.
        rest = plan == 3 ? plan : plan - 2;
    } while (!ant_atomic_cas_weak(&fail_plan, &plan, rest, ANT_RELAXED,
                                  ANT_RELAXED));
    return plan <= 3;
}

static void *count_block(void *block)
{
    if (block != NULL) ant_atomic_add(&alloc_count, 1, ANT_RELAXED);
    return block;
}
