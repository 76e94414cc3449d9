// SPDX-License-Identifier: MIT

#include "base/block.h"

#include <stdbool.h>

#include "base/atomic.h"
#include "base/mem.h"
#include "base/os.h"

// Blocks of up to 496 bytes, in steps of 16.
#define STEP_BYTES  16u
#define CLASS_COUNT 32u

// As many go to the depot at once, and a thread keeps twice that.
#define BATCH_LEN 32u

// What the depot keeps at most, of all sizes together.
#define DEPOT_BYTES_MAX ((size_t)8 << 20)

// A block at hand is a link.
typedef struct spare {
    struct spare *next;
    struct spare *next_batch; // in the depot, of the first of a batch
} spare;

_Static_assert(sizeof(spare) <= STEP_BYTES, "the smallest block holds a link");

// Blocks of one size.
typedef struct pile {
    spare *first;
    uint32_t len;
} pile;

// What a thread has at hand. Only the thread touches it, but for its counters.
typedef struct shelf {
    pile pile[CLASS_COUNT];
    struct shelf *next; // of all, under the depot's lock
    // written by the thread, read by any, atomic
    ant_atomic_u64 alloc_count;
    ant_atomic_u64 free_count;
} shelf;

typedef struct depot {
    ant_os_mutex lock;
    struct shelf *shelves; // of all threads that have one
    spare *batch[CLASS_COUNT];
    size_t bytes;
    // of threads that are gone
    uint64_t alloc_count;
    uint64_t free_count;
} depot;

static depot the_depot = { .lock = ANT_OS_MUTEX_INIT };
static _Thread_local shelf my_shelf;
static _Thread_local shelf *shelf_here ANT_TLS_FAST;

static shelf *shelf_first(void);
static void leave(void *arg);
static void *take_new(shelf *mine, size_t class, size_t bytes);
static spare *fetch(pile *at, unsigned class);
static void bring(pile *at, unsigned class);
static void count(ant_atomic_u64 *counter);

static shelf *here(void)
{
    return ANT_LIKELY(shelf_here != NULL) ? shelf_here : shelf_first();
}

// CLASS_COUNT and more: too large to be kept.
static size_t class_of(size_t bytes)
{
#ifdef ANT_CHECK_LOCKS
    (void)bytes;
    return CLASS_COUNT;
#else
    return bytes != 0 ? (bytes + STEP_BYTES - 1) / STEP_BYTES : 1;
#endif
}

void *ant_block_alloc(size_t bytes)
{
    const size_t class = class_of(bytes);
    if (ant__mem_must_fail()) return NULL;
    shelf *mine = here();
    if (ANT_UNLIKELY(class >= CLASS_COUNT || mine->pile[class].first == NULL))
        return take_new(mine, class, bytes);
    pile *at = &mine->pile[class];
    spare *first = at->first;
    at->first = first->next;
    at->len--;
    count(&mine->alloc_count);
    return first;
}

// None is at hand, or it is too large to be kept: there may be some in the
// depot, else the system has one.
ANT_NOINLINE static void *take_new(shelf *mine, size_t class, size_t bytes)
{
    void *block = NULL;
    if (class < CLASS_COUNT) {
        block = fetch(&mine->pile[class], (unsigned)class);
        bytes = class * STEP_BYTES;
    }
    if (block == NULL) block = ant__mem_take(bytes);
    if (block != NULL) count(&mine->alloc_count);
    return block;
}

void ant_block_free(void *block, size_t bytes)
{
    if (block == NULL) return;
    const size_t class = class_of(bytes);
    shelf *mine = here();
    count(&mine->free_count);
    if (ANT_UNLIKELY(class >= CLASS_COUNT)) {
        ant__mem_give(block);
        return;
    }
    pile *at = &mine->pile[class];
    spare *first = block;
    first->next = at->first;
    at->first = first;
    if (ANT_UNLIKELY(++at->len > 2 * BATCH_LEN)) bring(at, (unsigned)class);
}

void ant__block_counts(uint64_t *ret_alloc_count, uint64_t *ret_free_count)
{
    ant_os_mutex_lock(&the_depot.lock);
    // First what was freed, so that it is never more than was allocated.
    uint64_t frees = the_depot.free_count;
    for (const shelf *each = the_depot.shelves; each != NULL; each = each->next)
        frees += ant_atomic_load(&each->free_count, ANT_ACQUIRE);
    uint64_t allocs = the_depot.alloc_count;
    for (const shelf *each = the_depot.shelves; each != NULL; each = each->next)
        allocs += ant_atomic_load(&each->alloc_count, ANT_ACQUIRE);
    ant_os_mutex_unlock(&the_depot.lock);
    *ret_alloc_count = allocs;
    *ret_free_count = frees;
}

// No read-modify-write: nobody else writes. release: who sees a block counted
// as freed sees it counted as allocated.
static void count(ant_atomic_u64 *counter)
{
    ant_atomic_store(counter, ant_atomic_load(counter, ANT_RELAXED) + 1,
                     ANT_RELEASE);
}

// ---- A thread comes and goes ----

static shelf *shelf_first(void)
{
    shelf *mine = &my_shelf;
    ant_os_mutex_lock(&the_depot.lock);
    mine->next = the_depot.shelves;
    the_depot.shelves = mine;
    ant_os_mutex_unlock(&the_depot.lock);
    ant_os_on_thread_end(leave, mine);
    return shelf_here = mine;
}

// The thread ends: others get what it had.
static void leave(void *arg)
{
    shelf *mine = arg;
    for (unsigned class = 1; class < CLASS_COUNT; class ++) {
        while (mine->pile[class].len > 0)
            bring(&mine->pile[class], class);
    }
    ant_os_mutex_lock(&the_depot.lock);
    shelf **at = &the_depot.shelves;
    while (*at != mine)
        at = &(*at)->next;
    *at = mine->next;
    the_depot.alloc_count += ant_atomic_load(&mine->alloc_count, ANT_RELAXED);
    the_depot.free_count += ant_atomic_load(&mine->free_count, ANT_RELAXED);
    ant_os_mutex_unlock(&the_depot.lock);
    *mine = (shelf){ 0 };
    shelf_here = NULL;
}

// ---- The depot ----

// Takes a batch for an empty pile. Its first block is the caller's, NULL when
// there is none.
static spare *fetch(pile *at, unsigned class)
{
    ant_os_mutex_lock(&the_depot.lock);
    spare *first = the_depot.batch[class];
    if (first != NULL) {
        the_depot.batch[class] = first->next_batch;
        the_depot.bytes -= (size_t)BATCH_LEN * class * STEP_BYTES;
    }
    ant_os_mutex_unlock(&the_depot.lock);
    if (first == NULL) return NULL;
    at->first = first->next;
    at->len = BATCH_LEN - 1;
    return first;
}

// Takes a batch, or what there is when it is less, off the pile: to the depot
// when it has room for it, else to the system.
static void bring(pile *at, unsigned class)
{
    spare *first = at->first;
    spare *last = first;
    uint32_t len = 1;
    for (; len < BATCH_LEN && last->next != NULL; len++)
        last = last->next;
    at->first = last->next;
    at->len -= len;
    last->next = NULL;

    const size_t bytes = (size_t)BATCH_LEN * class * STEP_BYTES;
    ant_os_mutex_lock(&the_depot.lock);
    const bool is_kept =
        len == BATCH_LEN && the_depot.bytes + bytes <= DEPOT_BYTES_MAX;
    if (is_kept) {
        first->next_batch = the_depot.batch[class];
        the_depot.batch[class] = first;
        the_depot.bytes += bytes;
    }
    ant_os_mutex_unlock(&the_depot.lock);
    if (is_kept) return;
    while (first != NULL) {
        spare *next = first->next;
        ant__mem_give(first);
        first = next;
    }
}
