// SPDX-License-Identifier: MIT
//
// A list of rows, doubly linked through nodes that stand in the rows. The
// snapshot's queues are such lists; numbers instead of pointers let a snapshot
// be copied as one block.

#ifndef VIZ_MODEL_CHAIN_H
#define VIZ_MODEL_CHAIN_H

#include <stddef.h>

#include "model/snapshot.h"

typedef struct model_chain {
    model_queue *queue;
    model_node *node; // of row 0
    size_t stride;    // bytes from row to row
} model_chain;

// Puts `row`, which is in no such list, at the end.
void model__chain_push(const model_chain *chain, uint32_t row);

// Takes `row`, which is in this list, out of it.
void model__chain_remove(const model_chain *chain, uint32_t row);

#endif
