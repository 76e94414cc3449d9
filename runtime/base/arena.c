// SPDX-License-Identifier: MIT

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_BYTES 4096u
#define ALIGN       _Alignof(max_align_t)

typedef struct arena_block {
    struct arena_block *older;
    size_t size;
    _Alignas(max_align_t) char bytes[];
} arena_block;

void *ant_arena_alloc(ant_arena *arena, size_t bytes)
{
    size_t rounded = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (rounded < bytes) return NULL;
    if (arena->newest == NULL || rounded > arena->left) {
        size_t size = rounded > BLOCK_BYTES ? rounded : BLOCK_BYTES;
        arena_block *block = ant_mem_alloc(sizeof *block + size);
        if (block == NULL) return NULL;
        block->older = arena->newest;
        block->size = size;
        arena->newest = block;
        arena->left = size;
    }
    arena_block *block = arena->newest;
    void *found = block->bytes + (block->size - arena->left);
    arena->left -= rounded;
    return found;
}

char *ant_arena_text(ant_arena *arena, const char *text, size_t len)
{
    char *copy = ant_arena_alloc(arena, len + 1);
    if (copy != NULL && len > 0) memcpy(copy, text, len);
    return copy;
}

char *ant_arena_print(ant_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) return NULL;
    char *text = ant_arena_alloc(arena, (size_t)len + 1);
    if (text == NULL) return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void ant_arena_deinit(ant_arena *arena)
{
    while (arena->newest != NULL) {
        arena_block *older = arena->newest->older;
        ant_mem_free(arena->newest);
        arena->newest = older;
    }
    arena->left = 0;
}
