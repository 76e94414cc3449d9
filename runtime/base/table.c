// SPDX-License-Identifier: MIT

#include "base/table.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

#define SLOTS_FIRST 64u
#define ROWS_MAX    (UINT32_C(1) << 30)

static bool grow(ant_table *table);
static bool resize(void *array, size_t bytes);
static uint32_t *find_slot(const ant_table *table, uint64_t id);

void ant_table_deinit(ant_table *table)
{
    ant_mem_free(table->slot);
    ant_mem_free(table->id);
    ant_mem_free(table->row);
    *table = ant_table_init(table->row_bytes);
}

void *ant_table_find(const ant_table *table, uint64_t id)
{
    if (table->count == 0) return NULL;
    uint32_t number = *find_slot(table, id);
    return number != 0 ? ant_table_row(table, number - 1) : NULL;
}

void *ant_table_get(ant_table *table, uint64_t id)
{
    ANT_ASSERT(table->row_bytes > 0);
    void *known = ant_table_find(table, id);
    if (known != NULL) return known;
    bool is_full = (table->count + 1) * 2 > table->slot_count;
    if (is_full && !grow(table)) return NULL;

    uint32_t i = table->count++;
    *find_slot(table, id) = i + 1;
    table->id[i] = id;
    return memset(ant_table_row(table, i), 0, table->row_bytes);
}

static bool grow(ant_table *table)
{
    uint32_t slot_count = table->slot_count * 2;
    if (slot_count == 0) slot_count = SLOTS_FIRST;
    if (slot_count > ROWS_MAX) return false;
    size_t row_count = slot_count / 2;
    bool has_rows = resize(&table->id, row_count * sizeof *table->id) &&
                    resize(&table->row, row_count * table->row_bytes);
    if (!has_rows) return false;

    uint32_t *slot = ant_mem_alloc(slot_count * sizeof *slot);
    if (slot == NULL) return false;
    ant_mem_free(table->slot);
    table->slot = slot;
    table->slot_count = slot_count;
    for (uint32_t i = 0; i < table->count; i++) {
        *find_slot(table, table->id[i]) = i + 1;
    }
    return true;
}

// Resizes the block that `array`, a pointer to a pointer, points to.
static bool resize(void *array, size_t bytes)
{
    void *block;
    memcpy(&block, array, sizeof block);
    block = ant_mem_resize(block, bytes);
    if (block == NULL) return false;
    memcpy(array, &block, sizeof block);
    return true;
}

// The slot that holds the id's row number, or the free one where it belongs.
static uint32_t *find_slot(const ant_table *table, uint64_t id)
{
    uint32_t mask = table->slot_count - 1;
    // Ids count from 1: multiplying spreads them, the high half is the best.
    uint32_t hash = (uint32_t)((id * 0x9E3779B97F4A7C15u) >> 32);
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &table->slot[i];
        if (*slot == 0 || table->id[*slot - 1] == id) return slot;
    }
}
