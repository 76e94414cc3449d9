// SPDX-License-Identifier: MIT

#include "model/chain.h"

static snapshot_node *node_at(const model_chain *chain, uint32_t row)
{
    char *first = (char *)chain->node;
    return (snapshot_node *)(void *)(first + row * chain->stride);
}

void chain_push(const model_chain *chain, uint32_t row)
{
    snapshot_queue *queue = chain->queue;
    snapshot_node *node = node_at(chain, row);
    *node = (snapshot_node){ .prev = queue->last };
    if (queue->last != 0) {
        node_at(chain, queue->last)->next = row;
    } else {
        queue->first = row;
    }
    queue->last = row;
    queue->len++;
}

void chain_remove(const model_chain *chain, uint32_t row)
{
    snapshot_queue *queue = chain->queue;
    snapshot_node *node = node_at(chain, row);
    if (node->prev != 0) {
        node_at(chain, node->prev)->next = node->next;
    } else {
        queue->first = node->next;
    }
    if (node->next != 0) {
        node_at(chain, node->next)->prev = node->prev;
    } else {
        queue->last = node->prev;
    }
    *node = (snapshot_node){ 0 };
    queue->len--;
}
