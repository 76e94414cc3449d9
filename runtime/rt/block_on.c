// SPDX-License-Identifier: MIT
//
// block_on: the door between plain threads and tasks. The future becomes a task
// like any other; the calling thread waits for its join handle with a waker
// that unparks the thread. In the current-thread flavour the thread is the
// worker meanwhile; of several threads one is, and the others sleep until their
// task is over or the worker's place is free.

#include <errno.h>

#include "base/mem.h"
#include "core/task_block.h"
#include "rt/runtime_impl.h"

// What the join handle wakes. It is counted, since whoever wakes it still holds
// it when the thread goes on.
typedef struct blocked_thread {
    ant_wakeable wakeable; // first
    ant_atomic_u32 refs;
    ant_atomic_u8 is_done;
    ant_runtime *runtime;
    bool is_job; // of this runtime, which counts it as running
    ant_parker parker;
    ant_list place; // in runtime->waiting, under its lock
} blocked_thread;

static void on_clone(ant_wakeable *self)
{
    blocked_thread *thread = (blocked_thread *)(void *)self;
    ant_atomic_add(&thread->refs, 1, ANT_RELAXED);
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    blocked_thread *thread = (blocked_thread *)(void *)self;
    ant_driver *driver = thread->runtime->driver;
    (void)why;
    // From here on the runtime may be idle without being stalled.
    ant_sched_root_add(&thread->runtime->sched, -1);
    if (thread->is_job) driver->on_block(driver->arg, -1);
    // release: pairs with the acquire in is_done().
    ant_atomic_store(&thread->is_done, 1, ANT_RELEASE);
    driver->ops->unpark(driver, &thread->parker);
}

static void on_drop(ant_wakeable *self)
{
    blocked_thread *thread = (blocked_thread *)(void *)self;
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&thread->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_driver *driver = thread->runtime->driver;
    driver->ops->parker_deinit(driver, &thread->parker);
    ant_mem_free(thread);
}

static blocked_thread *blocked_thread_new(ant_runtime *runtime)
{
    static const ant_waker_ops ops = { on_clone, on_wake, on_drop, NULL };
    blocked_thread *thread = ant_mem_alloc(sizeof *thread);
    if (thread == NULL) return NULL;
    thread->wakeable.ops = &ops;
    thread->runtime = runtime;
    thread->is_job = ant__here()->driver == runtime->driver;
    ant_atomic_store(&thread->refs, 1, ANT_RELAXED);
    runtime->driver->ops->parker_init(runtime->driver, &thread->parker);
    return thread;
}

// Makes the calling thread the worker, or puts it in line for that.
static bool take_place(blocked_thread *thread)
{
    ant_runtime *runtime = thread->runtime;
    ant_os_mutex_lock(&runtime->lock);
    const bool is_free = !runtime->has_worker;
    runtime->has_worker = true;
    ant_list_remove(&thread->place);
    if (!is_free) ant_list_push_back(&runtime->waiting, &thread->place);
    ant_os_mutex_unlock(&runtime->lock);
    return is_free;
}

// The thread goes. When nobody is the worker, the next in line shall be.
static void leave(blocked_thread *thread, bool was_worker)
{
    ant_runtime *runtime = thread->runtime;
    ant_driver *driver = runtime->driver;
    ant_os_mutex_lock(&runtime->lock);
    if (was_worker) runtime->has_worker = false;
    ant_list_remove(&thread->place);
    if (!runtime->has_worker && !ant_list_is_empty(&runtime->waiting)) {
        blocked_thread *next =
            ANT_CONTAINER_OF(runtime->waiting.next, blocked_thread, place);
        // Under the lock, without which it could go away.
        driver->ops->unpark(driver, &next->parker);
    }
    ant_os_mutex_unlock(&runtime->lock);
}

static bool is_done(const blocked_thread *thread)
{
    // acquire: pairs with the release in on_wake().
    return ant_atomic_load(&thread->is_done, ANT_ACQUIRE) != 0;
}

// A task has panicked, and that was to end them all.
static bool has_failed(const ant_runtime *runtime)
{
    // acquire: pairs with the release in ant__sched_panicked().
    return ant_atomic_load(&runtime->sched.has_failed, ANT_ACQUIRE) != 0;
}

static void wait(blocked_thread *thread)
{
    ant_runtime *runtime = thread->runtime;
    ant_driver *driver = runtime->driver;
    const bool may_work = runtime->desc.flavor == ANT_RUNTIME_CURRENT;
    bool is_worker = false;
    while (!is_done(thread)) {
        is_worker = may_work && take_place(thread);
        if (!is_worker) {
            (void)driver->ops->park(driver, &thread->parker, ANT_NS_NEVER);
            continue;
        }
        ant_sched_run_here(&runtime->sched, &thread->is_done);
        if (has_failed(runtime)) ant_sched_cancel_here(&runtime->sched);
    }
    if (may_work) leave(thread, is_worker);
}

int ant__runtime_block_on_into(ant_runtime *runtime, void *dest,
                               const ant_future *future, const char *name,
                               const char *file, int line)
{
    if (ant__is_async_here()) return -EDEADLK;
    blocked_thread *thread = blocked_thread_new(runtime);
    if (thread == NULL) return -ENOMEM;

    const ant_task_origin origin = {
        .name = name,
        .file = file,
        .line = (uint32_t)line,
        .kind = ANT_TASK_ROOT,
    };
    struct ant_join_handle handle =
        ant_sched_spawn(&runtime->sched, future, &origin);
    handle.out = dest;
    ant_waker waker = { &thread->wakeable };
    if (!ant__join_handle_wait(&handle, &waker)) {
        // Not before this thread can be woken: until then it is no stall when
        // all workers are asleep.
        ant_sched_root_add(&runtime->sched, +1);
        if (thread->is_job) runtime->driver->on_block(runtime->driver->arg, +1);
        wait(thread);
        bool is_over = ant__join_handle_wait(&handle, &waker);
        ANT_ASSERT(is_over);
    }
    ant_waker_drop(&waker);
    const int result = handle.base.result;
    ant_task_detach(&handle);
    return has_failed(runtime) ? -ENOTRECOVERABLE : result;
}

int ant__runtime_block_on(ant_runtime *runtime, const ant_future *future,
                          const char *name, const char *file, int line)
{
    return ant__runtime_block_on_into(runtime, NULL, future, name, file, line);
}
