// SPDX-License-Identifier: MIT
//
// Memory that is freed all at once: what a parser builds, or the rows of a
// result. It belongs to whoever embeds it; zero is an empty one. One thread.

#ifndef ANT_BASE_ARENA_H
#define ANT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/macros.h"

typedef struct ant_arena {
    struct arena_block *newest;
    size_t left; // bytes in it
} ant_arena;

// Zeroed memory, or NULL when there is none.
ANT_MUST_USE void *ant_arena_alloc(ant_arena *arena, size_t bytes);

// A copy of the first `len` bytes of `text`, terminated; NULL: no memory.
ANT_MUST_USE char *ant_arena_text(ant_arena *arena, const char *text,
                                  size_t len);

// A new text, as from printf; NULL: no memory.
ANT_MUST_USE ANT_PRINTF(2, 3) char *ant_arena_print(ant_arena *arena,
                                                    const char *format, ...);

// Gives everything back; the arena is empty then.
void ant_arena_deinit(ant_arena *arena);

#endif
