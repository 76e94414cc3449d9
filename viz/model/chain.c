// SPDX-License-Identifier: MIT

#include "model/chain.h"

static model_node *node_at(const model_chain *chain, uint32_t row)
{
    char *first = (char *)chain->node;
    return (model_node *)(void *)(first + row * chain->stride);
}

void model__chain_push(const model_chain *chain, uint32_t row)
{
    model_queue *queue = chain->queue;
    model_node *node = node_at(chain, row);
    *node = (model_node){ .prev = queue->last };
    if (queue->last != 0) {
        node_at(chain, queue->last)->next = row;
    } else {
        queue->first = row;
    }
    queue->last = row;
    queue->len++;
}

void model__chain_remove(const model_chain *chain, uint32_t row)
{
    model_queue *queue = chain->queue;
    model_node *node = node_at(chain, row);
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
    *node = (model_node){ 0 };
    queue->len--;
}
