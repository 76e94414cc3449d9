// SPDX-License-Identifier: MIT

#include "explore/frontier.h"

#include <errno.h>
#include <stdio.h>

#include "base/assert.h"
#include "base/mem.h"

// More schedules than anybody waits for; 64 MB.
#define NODES_MAX 8000000u

// A ring holds no more tasks than this.
#define PLACE_MAX 256u

static bool push(explore_frontier *frontier, explore_node node);

int explore_frontier_init(explore_frontier *frontier, uint32_t choice_max)
{
    ANT_ASSERT(choice_max <= EXPLORE_CHOICE_MAX);
    *frontier = (explore_frontier){ .choice_max = choice_max };
    return push(frontier, (explore_node){ .place = 1 }) ? 0 : -ENOMEM;
}

void explore_frontier_deinit(explore_frontier *frontier)
{
    ant_mem_free(frontier->node);
    *frontier = (explore_frontier){ 0 };
}

bool explore_frontier_next(explore_frontier *frontier, char *buf, size_t size)
{
    if (frontier->next == frontier->count) return false;
    uint16_t place[EXPLORE_CHOICE_MAX] = { 0 };
    uint32_t len = 0;
    // The chain of parents; node 0 is the empty schedule.
    for (uint32_t i = frontier->next; i != 0;) {
        const explore_node *node = &frontier->node[i];
        if (len == 0) len = node->at + 1u;
        place[node->at] = node->place;
        i = node->parent;
    }
    frontier->next++;

    size_t used = 0;
    buf[0] = '\0';
    for (uint32_t i = 0; i < len; i++) {
        int n = snprintf(buf + used, size - used, "%s%u", i == 0 ? "" : ".",
                         place[i] == 0 ? 1u : place[i]);
        ANT_ASSERT(n > 0 && (size_t)n < size - used);
        used += (size_t)n;
    }
    return true;
}

// A schedule's changes stand in the order of their choices, so that each set
// of changes is made once: only choices behind the last change are varied.
int explore_frontier_grow(explore_frontier *frontier,
                          const explore_trail *trail)
{
    const uint32_t parent = frontier->next - 1;
    const uint32_t first = parent == 0 ? 0 : frontier->node[parent].at + 1u;
    for (uint32_t at = first; at < trail->count; at++) {
        if (at >= frontier->choice_max) {
            frontier->is_cut = true;
            break;
        }
        for (uint32_t place = 2; place <= trail->choice[at].of; place++) {
            if (place > PLACE_MAX || frontier->count == NODES_MAX) {
                frontier->is_cut = true;
                break;
            }
            const explore_node node = { parent, (uint16_t)at, (uint16_t)place };
            if (!push(frontier, node)) return -ENOMEM;
        }
    }
    return 0;
}

uint32_t explore_frontier_changes(const explore_frontier *frontier)
{
    uint32_t changes = 0;
    for (uint32_t i = frontier->next - 1; i != 0; i = frontier->node[i].parent)
        changes++;
    return changes;
}

static bool push(explore_frontier *frontier, explore_node node)
{
    if (frontier->count == frontier->max) {
        const uint32_t max = frontier->max == 0 ? 1024 : 2 * frontier->max;
        explore_node *grown =
            ant_mem_resize(frontier->node, max * sizeof *grown);
        if (grown == NULL) return false;
        frontier->node = grown;
        frontier->max = max;
    }
    frontier->node[frontier->count++] = node;
    return true;
}
