// SPDX-License-Identifier: MIT

#include "rt/waits.h"

#include <string.h>

#include "core/task_block.h"

#define DEPTH_MAX 64

// What the thread stands still for, NULL for nothing.
static const ant_resource *blocked_on(const ant_here *here)
{
    // acquire: pairs with the release of the thread that blocks.
    return (const ant_resource *)ant_atomic_load(&here->blocked_on,
                                                 ANT_ACQUIRE);
}

const ant_worker *ant__worker_stuck_in(const ant_sched *sched,
                                       const ant_task *task)
{
    for (uint32_t i = 0; i < sched->desc.worker_count; i++) {
        const ant_here *here = &sched->worker[i].here;
        if (here->task == task && blocked_on(here) != NULL)
            return &sched->worker[i];
    }
    return NULL;
}

// The program's own futures say where it waits; the library's do not.
static bool is_of_program(const ant_future *future)
{
    return future->line != 0 && strncmp(future->ops->name, "ant_", 4) != 0;
}

// The walk from the root to the leaves. `at` is passed by value: what a future
// sets holds for what is below it.
static bool walk(const ant_future *future, ant_wait_at at, int depth,
                 ant_wait_fn look, void *arg)
{
    if (future->ops == NULL || future->phase != ANT_PHASE_STARTED || depth == 0)
        return true;
    if (is_of_program(future)) {
        at.file = future->ops->file;
        at.line = future->line;
    }
    if (future->ops->child != NULL) {
        // One child alone is as much wanted as the future itself.
        if (future->ops->child(future, 1) != NULL)
            at.is_any = future->ops->needs_any;
        const ant_future *child;
        for (unsigned i = 0; (child = future->ops->child(future, i)); i++) {
            if (!walk(child, at, depth - 1, look, arg)) return false;
        }
        return true;
    }
    if (future->awaited != NULL)
        return walk(future->awaited, at, depth - 1, look, arg);
    if (future->ops->waits_on == NULL ||
        !future->ops->waits_on(future, &at.wait))
        return true;
    return look(&at, arg);
}

void ant__waits_each(const ant_sched *sched, const ant_task *task,
                     ant_wait_fn look, void *arg)
{
    const ant_worker *stuck = ant__worker_stuck_in(sched, task);
    if (stuck == NULL) {
        const ant_wait_at root = { .file = task->future.ops->file };
        (void)walk(&task->future, root, DEPTH_MAX, look, arg);
        return;
    }
    // relaxed: the thread that wrote them stands still.
    const ant_here *here = &stuck->here;
    ant_wait_at at = {
        .file = (const char *)ant_atomic_load(&here->blocked_file, ANT_RELAXED),
        .line = ant_atomic_load(&here->blocked_line, ANT_RELAXED),
    };
    ant_resource_describe(blocked_on(here), &at.wait);
    (void)look(&at, arg);
}

typedef struct wanted {
    uint32_t id;
    ant_task *task;
} wanted;

static bool match(ant_task *task, void *arg)
{
    wanted *want = arg;
    if (task->id != want->id) return true;
    want->task = task;
    return false;
}

ant_task *ant__task_of_id(ant_sched *sched, uint32_t id)
{
    wanted want = { .id = id };
    if (id != 0) ant_owned_each(&sched->owned, match, &want);
    return want.task;
}
