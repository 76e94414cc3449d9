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

static const ant_future *blocked_in(const ant_here *here)
{
    // acquire: as in blocked_on().
    return (const ant_future *)ant_atomic_load(&here->blocked_in, ANT_ACQUIRE);
}

static const ant_here *thread_of(ant_sched *sched, const ant_task *task)
{
    for (uint32_t i = 0; i < sched->desc.worker_count; i++) {
        const ant_here *here = &sched->worker[i].here;
        if (here->task == task) return here;
    }
    return ant_blocking_thread_of(&sched->blocking, task);
}

const ant_here *ant__thread_stuck_in(ant_sched *sched, const ant_task *task)
{
    const ant_here *here = thread_of(sched, task);
    if (here == NULL) return NULL;
    return blocked_on(here) != NULL || blocked_in(here) != NULL ? here : NULL;
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

void ant__waits_each(ant_sched *sched, const ant_task *task, ant_wait_fn look,
                     void *arg)
{
    const ant_here *stuck = ant__thread_stuck_in(sched, task);
    if (stuck == NULL) {
        const ant_wait_at root = { .file = task->future.ops->file };
        (void)walk(&task->future, root, DEPTH_MAX, look, arg);
        return;
    }
    // relaxed: the thread that wrote them stands still.
    ant_wait_at at = {
        .file =
            (const char *)ant_atomic_load(&stuck->blocked_file, ANT_RELAXED),
        .line = ant_atomic_load(&stuck->blocked_line, ANT_RELAXED),
    };
    const ant_resource *resource = blocked_on(stuck);
    if (resource == NULL) {
        (void)walk(blocked_in(stuck), at, DEPTH_MAX, look, arg);
        return;
    }
    ant_resource_describe(resource, &at.wait);
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
