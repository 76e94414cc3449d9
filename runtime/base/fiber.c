// SPDX-License-Identifier: MIT

// With this macro glibc takes a jump to another stack for a mistake.
#undef _FORTIFY_SOURCE

#include "base/fiber.h"

#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"

// gcc has a macro for each sanitizer, clang asks for a feature.
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define WITH_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define WITH_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif

// Where valgrind's header is installed, valgrind learns of every stack.
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#define WITH_VALGRIND 1
#include <valgrind/valgrind.h>
#endif
#endif

#define STACK_BYTES_DEFAULT ((size_t)256 * 1024)

enum fiber_state { FIBER_NEW, FIBER_STARTED, FIBER_FINISHED };

struct ant_fiber {
    // fixed after new
    ant_fiber *home; // the main fiber of the owning thread; NULL in a main one
    ant_fiber_fn fn;
    void *arg;
    char *mapping; // guard page, then stack
    size_t mapping_bytes;
    char *stack;
    size_t stack_bytes;
    unsigned valgrind_stack;

    // owning thread only
    enum fiber_state state;
    ucontext_t entry;       // for the first entry only
    jmp_buf place;          // where it goes on, while it does not run
    const void *asan_stack; // the bounds as the address sanitizer knows them
    size_t asan_stack_bytes;
    void *asan_frames; // the address sanitizer's copies of local variables
    void *tsan_fiber;  // the thread sanitizer's idea of this fiber
};

static _Thread_local ant_fiber main_fiber = { .state = FIBER_STARTED };
static _Thread_local ant_fiber *current; // NULL means the main fiber
static _Thread_local ant_fiber *previous;

static int map_stack(ant_fiber *fiber, size_t stack_bytes);
static void unmap_stack(ant_fiber *fiber);
ANT_NORETURN static void depart(void);
static void arrive(void);
ANT_NORETURN static void enter_first(ant_fiber *fiber);
static void fiber_main(void);

int ant_fiber_new(ant_fiber_fn fn, void *arg, size_t stack_bytes,
                  ant_fiber **ret_fiber)
{
    ANT_ASSERT(fn != NULL);
    ant_fiber *fiber = ant_mem_alloc(sizeof(*fiber));
    if (fiber == NULL) return -ENOMEM;

    if (stack_bytes == 0) stack_bytes = STACK_BYTES_DEFAULT;
    int err = map_stack(fiber, stack_bytes);
    if (err < 0) {
        ant_mem_free(fiber);
        return err;
    }
    fiber->home = &main_fiber;
    fiber->fn = fn;
    fiber->arg = arg;
#ifdef WITH_TSAN
    fiber->tsan_fiber = __tsan_create_fiber(0);
#endif
    *ret_fiber = fiber;
    return 0;
}

void ant_fiber_free(ant_fiber *fiber)
{
    if (fiber == NULL) return;
    ANT_ASSERT(fiber->home != NULL);
    ANT_ASSERT(fiber != ant_fiber_self());
#ifdef WITH_TSAN
    __tsan_destroy_fiber(fiber->tsan_fiber);
#endif
    unmap_stack(fiber);
    ant_mem_free(fiber);
}

ant_fiber *ant_fiber_self(void)
{
    return current != NULL ? current : &main_fiber;
}

// Measured: _setjmp and _longjmp take 18 ns a switch, swapcontext 328, since
// it asks the kernel for the signal mask. So a context serves the first entry
// only, and the mask stays the thread's.
void ant_fiber_switch(ant_fiber *to)
{
    if (to == ant_fiber_self()) return;
    ANT_ASSERT(to->state != FIBER_FINISHED);
    ANT_ASSERT(to == &main_fiber || to->home == &main_fiber);

    // No local variable lives across the jump: it might be in a register that
    // the jump takes back.
    previous = ant_fiber_self();
    current = to;
    if (_setjmp(previous->place) == 0) depart();
    arrive();
}

static int map_stack(ant_fiber *fiber, size_t stack_bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    ANT_ASSERT(stack_bytes < SIZE_MAX - 2 * page);
    stack_bytes = (stack_bytes + page - 1) / page * page;

    size_t bytes = page + stack_bytes;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
    char *mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (mapping == MAP_FAILED) return -ENOMEM;
    if (mprotect(mapping, page, PROT_NONE) != 0) {
        munmap(mapping, bytes);
        return -ENOMEM;
    }
    fiber->mapping = mapping;
    fiber->mapping_bytes = bytes;
    fiber->stack = mapping + page;
    fiber->stack_bytes = stack_bytes;
    fiber->asan_stack = fiber->stack;
    fiber->asan_stack_bytes = stack_bytes;
#ifdef WITH_VALGRIND
    fiber->valgrind_stack =
        VALGRIND_STACK_REGISTER(fiber->stack, fiber->stack + stack_bytes);
#endif
    return 0;
}

static void unmap_stack(ant_fiber *fiber)
{
#ifdef WITH_ASAN
    // The next owner of these addresses must not inherit marks of frames that
    // were abandoned.
    ASAN_UNPOISON_MEMORY_REGION(fiber->mapping, fiber->mapping_bytes);
#endif
#ifdef WITH_VALGRIND
    VALGRIND_STACK_DEREGISTER(fiber->valgrind_stack);
#endif
    int err = munmap(fiber->mapping, fiber->mapping_bytes);
    ANT_ASSERT(err == 0);
}

// The last thing on the old stack: says where the thread is going, and goes.
// The thread sanitizer keeps a list of calls for each fiber and would strike
// the return of a function from the wrong list; this one never returns.
static void depart(void)
{
#ifdef WITH_ASAN
    // A finished fiber will not need its frames again.
    bool is_finished = previous->state == FIBER_FINISHED;
    __sanitizer_start_switch_fiber(is_finished ? NULL : &previous->asan_frames,
                                   current->asan_stack,
                                   current->asan_stack_bytes);
#endif
#ifdef WITH_TSAN
    if (previous->tsan_fiber == NULL) {
        previous->tsan_fiber = __tsan_get_current_fiber();
    }
    __tsan_switch_to_fiber(current->tsan_fiber, 0);
#endif
    if (current->state == FIBER_NEW) enter_first(current);
    _longjmp(current->place, 1);
}

// The first thing on the new stack: says that the thread is there.
static void arrive(void)
{
#ifdef WITH_ASAN
    // This is also how a main fiber learns the bounds of its stack.
    __sanitizer_finish_switch_fiber(current->asan_frames, &previous->asan_stack,
                                    &previous->asan_stack_bytes);
#endif
}

// Leaves for a stack that nobody has been on. The context stands in the fiber
// and not here: this call never returns, and the address sanitizer would take
// the marks around a local variable for those of a live frame.
static void enter_first(ant_fiber *fiber)
{
    fiber->state = FIBER_STARTED;
    int err = getcontext(&fiber->entry);
    ANT_ASSERT(err == 0);
    fiber->entry.uc_stack.ss_sp = fiber->stack;
    fiber->entry.uc_stack.ss_size = fiber->stack_bytes;
    fiber->entry.uc_link = NULL;
    makecontext(&fiber->entry, fiber_main, 0);
    setcontext(&fiber->entry);
    ANT_UNREACHABLE();
}

// The first and outermost function on a fiber's stack.
static void fiber_main(void)
{
    arrive();
    ant_fiber *self = current;
    self->fn(self->arg);
    self->state = FIBER_FINISHED;
    ant_fiber_switch(&main_fiber);
    ANT_UNREACHABLE();
}
