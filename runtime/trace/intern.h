// SPDX-License-Identifier: MIT
//
// Texts and their numbers: the same text has the same number, 1, 2, 3 … in the
// order of first use. A hash table with open addressing; texts are copied and
// stay where they are until the table is freed. Its owner locks.

#ifndef ANT_TRACE_INTERN_H
#define ANT_TRACE_INTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"

#define ANT_INTERN_MAX (1u << 20)

typedef struct ant_intern {
    char **text;    // by number - 1
    uint32_t *slot; // hash table of numbers, 0 is free
    uint32_t count;
    uint32_t slot_count; // a power of two, more than count
} ant_intern;

// The number of the `len` bytes at `text`; 0 when memory or numbers run out.
// *ret_is_new says whether it was given just now.
uint32_t ant_intern_add(ant_intern *intern, const char *text, uint32_t len,
                        bool *ret_is_new);

// Takes back the number that ant_intern_add() gave last.
void ant_intern_undo(ant_intern *intern);

// The text of a number that was given; it ends with a 0.
const char *ant_intern_text(const ant_intern *intern, uint32_t number);

// Frees all texts; the table is empty then.
void ant_intern_deinit(ant_intern *intern);

#endif
