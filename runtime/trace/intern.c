// SPDX-License-Identifier: MIT

#include "trace/intern.h"

#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

#define SLOTS_FIRST 256u

static bool grow(ant_intern *intern);
static uint32_t *find(const ant_intern *intern, const char *text, uint32_t len);
static uint32_t hash(const char *text, uint32_t len);

uint32_t ant_intern_add(ant_intern *intern, const char *text, uint32_t len,
                        bool *ret_is_new)
{
    *ret_is_new = false;
    // At most half full: a search ends soon.
    bool is_full = (intern->count + 1) * 2 > intern->slot_count;
    if (is_full && !grow(intern)) return 0;

    uint32_t *slot = find(intern, text, len);
    if (*slot != 0) return *slot;
    if (intern->count == ANT_INTERN_MAX) return 0;

    char *copy = ant_mem_alloc((size_t)len + 1);
    if (copy == NULL) return 0;
    memcpy(copy, text, len);
    intern->text[intern->count++] = copy;
    *slot = intern->count;
    *ret_is_new = true;
    return intern->count;
}

void ant_intern_undo(ant_intern *intern)
{
    ANT_ASSERT(intern->count > 0);
    char *text = intern->text[intern->count - 1];
    *find(intern, text, (uint32_t)strlen(text)) = 0;
    intern->count--;
    ant_mem_free(text);
}

const char *ant_intern_text(const ant_intern *intern, uint32_t number)
{
    ANT_ASSERT(number > 0 && number <= intern->count);
    return intern->text[number - 1];
}

void ant_intern_deinit(ant_intern *intern)
{
    for (uint32_t i = 0; i < intern->count; i++) {
        ant_mem_free(intern->text[i]);
    }
    ant_mem_free(intern->text);
    ant_mem_free(intern->slot);
    *intern = (ant_intern){ 0 };
}

static bool grow(ant_intern *intern)
{
    uint32_t slot_count = intern->slot_count * 2;
    if (slot_count == 0) slot_count = SLOTS_FIRST;
    char **text = ant_mem_resize(intern->text, slot_count / 2 * sizeof *text);
    if (text == NULL) return false;
    intern->text = text;

    uint32_t *slot = ant_mem_alloc(slot_count * sizeof *slot);
    if (slot == NULL) return false;
    ant_mem_free(intern->slot);
    intern->slot = slot;
    intern->slot_count = slot_count;
    for (uint32_t i = 0; i < intern->count; i++) {
        *find(intern, text[i], (uint32_t)strlen(text[i])) = i + 1;
    }
    return true;
}

// The slot that holds the text, or the free one where it belongs.
static uint32_t *find(const ant_intern *intern, const char *text, uint32_t len)
{
    uint32_t mask = intern->slot_count - 1;
    for (uint32_t i = hash(text, len) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &intern->slot[i];
        if (*slot == 0) return slot;
        const char *known = intern->text[*slot - 1];
        bool is_same = strncmp(known, text, len) == 0 && known[len] == 0;
        if (is_same) return slot;
    }
}

// FNV-1a.
static uint32_t hash(const char *text, uint32_t len)
{
    uint32_t value = 2166136261u;
    for (uint32_t i = 0; i < len; i++) {
        value = (value ^ (uint8_t)text[i]) * 16777619u;
    }
    return value;
}
