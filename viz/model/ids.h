// SPDX-License-Identifier: MIT
//
// The ids that a file uses for one kind of thing, and the rows they get: the
// sorted ids, numbered from 1. In a whole file ids are 1, 2, 3 … and an id is
// its own row; a damaged or partial file may hold any number.

#ifndef VIZ_MODEL_IDS_H
#define VIZ_MODEL_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/buf.h"

typedef struct model_ids {
    model_buf ids;     // of uint64_t, see ids.c
    size_t sorted_len; // this many are in order, without doubles
} model_ids;

// Adds an id; 0 is ignored. False when out of memory.
bool model__ids_add(model_ids *ids, uint64_t id);

// No more come: sorts, and gives back room. Only after this ids_row and
// ids_count are right.
void model__ids_finish(model_ids *ids);

// The row of `id`, 0 when it was never added.
uint32_t model__ids_row(const model_ids *ids, uint64_t id);

// Rows including row 0.
uint32_t model__ids_count(const model_ids *ids);

// The id of row `row`, which is not 0.
uint64_t model__ids_id(const model_ids *ids, uint32_t row);

// Forgets all ids.
void model__ids_free(model_ids *ids);

#endif
