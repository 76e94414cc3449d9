// SPDX-License-Identifier: MIT
//
// Rows by number: a hash table from ids to rows of one size, for ids that may
// be anything. Rows keep the order in which they were made, and move when the
// table grows: a pointer to a row holds until the next row is made. The owner
// locks.

#ifndef ANT_BASE_TABLE_H
#define ANT_BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

typedef struct ant_table {
    size_t row_bytes;
    uint32_t count;
    uint32_t slot_count; // a power of two, at least twice count
    uint32_t *slot;      // hash table of row numbers + 1, 0 is free
    uint64_t *id;        // by row number
    unsigned char *row;
} ant_table;

// An empty table; it allocates nothing yet.
static inline ant_table ant_table_init(size_t row_bytes)
{
    return (ant_table){ .row_bytes = row_bytes };
}

// Frees all rows; the table is empty then.
void ant_table_deinit(ant_table *table);

// The row of `id`, NULL when there is none.
void *ant_table_find(const ant_table *table, uint64_t id);

// The row of `id`, made and zeroed when there is none. NULL: no memory.
void *ant_table_get(ant_table *table, uint64_t id);

// Row number `i` of table->count, in the order in which they were made.
static inline void *ant_table_row(const ant_table *table, uint32_t i)
{
    return table->row + (size_t)i * table->row_bytes;
}

#endif
