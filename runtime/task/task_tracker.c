// SPDX-License-Identifier: MIT

#include "task/task_tracker.h"

#include <errno.h>

#include "base/mem.h"
#include "core/here.h"
#include "core/resource.h"
#include "trace/trace.h"

// The state word: how many are tracked, and whether the tracker is closed.
#define CLOSED UINT32_C(1)
#define ONE    UINT32_C(2)

struct ant_tracker_core {
    ant_resource resource;
    ant_task_hook hook; // of all its tasks
    // any thread, atomic
    ant_atomic_u32 state;
    ant_atomic_u32 refs;   // handles, what is tracked, futures that wait
    ant_atomic_u32 moment; // how often it has become closed and empty; written
                           // under the lock of waiters
    ant_waitlist waiters;
};

static void ref(ant_tracker_core *core);
static void unref(ant_tracker_core *core);
static void begin(ant_tracker_core *core);
static void end(ant_tracker_core *core);
static void on_ended(ant_task_hook *hook);
static void let_go(ant_tracker_core *core);
static uint32_t state_of(const ant_task_tracker *tracker);
static int look(void *arg);
static void wait_drop(ant_future *future);
static bool wait_waits_on(const ant_future *future, ant_wait *ret_wait);
static void track_drop(ant_future *future);
static ant_future *track_child(const ant_future *future, unsigned i);

// ---- Handles ----

int ant__task_tracker_new(const char *name, ant_task_tracker *ret_tracker,
                          const char *file, uint32_t line)
{
    ant_tracker_core *core = ant_mem_alloc(sizeof *core);
    if (core == NULL) return -ENOMEM;
    core->resource = (ant_resource)ANT_RESOURCE(ANT_RES_TRACKER, name, 0);
    core->resource.file = file;
    core->resource.line = line;
    core->hook.ended = on_ended;
    ant_atomic_store(&core->refs, 1, ANT_RELAXED);
    ant_waitlist_init(&core->waiters);
    ret_tracker->core = core;
    return 0;
}

ant_task_tracker ant_task_tracker_clone(const ant_task_tracker *tracker)
{
    if (tracker->core != NULL) ref(tracker->core);
    return *tracker;
}

void ant_task_tracker_drop(ant_task_tracker *tracker)
{
    ant_tracker_core *core = tracker->core;
    tracker->core = NULL;
    if (core != NULL) unref(core);
}

bool ant_task_tracker_close(const ant_task_tracker *tracker)
{
    ANT_ASSERT(tracker->core != NULL);
    // acq_rel: who waits then sees what the tasks did.
    const uint32_t old =
        ant_atomic_or(&tracker->core->state, CLOSED, ANT_ACQ_REL);
    if (old == 0) let_go(tracker->core);
    return !(old & CLOSED);
}

bool ant_task_tracker_reopen(const ant_task_tracker *tracker)
{
    ANT_ASSERT(tracker->core != NULL);
    const uint32_t old =
        ant_atomic_and(&tracker->core->state, ~CLOSED, ANT_ACQ_REL);
    return (old & CLOSED) != 0;
}

uint32_t ant_task_tracker_len(const ant_task_tracker *tracker)
{
    return state_of(tracker) / ONE;
}

bool ant_task_tracker_is_closed(const ant_task_tracker *tracker)
{
    return (state_of(tracker) & CLOSED) != 0;
}

static uint32_t state_of(const ant_task_tracker *tracker)
{
    ANT_ASSERT(tracker->core != NULL);
    // acquire: pairs with the release in end().
    return ant_atomic_load(&tracker->core->state, ANT_ACQUIRE);
}

static void ref(ant_tracker_core *core)
{
    // relaxed: whoever adds a reference has one.
    ant_atomic_add(&core->refs, 1, ANT_RELAXED);
}

static void unref(ant_tracker_core *core)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&core->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_resource_end(&core->resource);
    ant_waitlist_deinit(&core->waiters);
    ant_mem_free(core);
}

// ---- Counting ----

struct ant_join_handle ant__task_tracker_spawn(const ant_task_tracker *tracker,
                                               void *dest,
                                               const ant_future *future,
                                               const char *name,
                                               const char *file, int line)
{
    ant_task_origin origin = { name, file, (uint32_t)line,
                               .kind = ANT_TASK_ASYNC };
    ant__task_tracker_begin(tracker, &origin);
    struct ant_join_handle handle = ant__spawn_from(future, &origin);
    handle.out = dest;
    // Without memory for a task there is nobody to say that it has ended.
    if (handle.task == NULL) ant__task_tracker_undo(tracker);
    return handle;
}

void ant__task_tracker_begin(const ant_task_tracker *tracker,
                             ant_task_origin *origin)
{
    ANT_ASSERT(tracker->core != NULL);
    begin(tracker->core);
    origin->hook = &tracker->core->hook;
}

void ant__task_tracker_undo(const ant_task_tracker *tracker)
{
    end(tracker->core);
}

static void begin(ant_tracker_core *core)
{
    ref(core);
    // relaxed: what is tracked is published by its own spawn.
    ant_atomic_add(&core->state, ONE, ANT_RELAXED);
}

static void end(ant_tracker_core *core)
{
    // acq_rel: who waits sees what all that were tracked did.
    const uint32_t old = ant_atomic_sub(&core->state, ONE, ANT_ACQ_REL);
    ANT_ASSERT(old >= ONE);
    if (old == (ONE | CLOSED)) let_go(core);
    unref(core);
}

static void on_ended(ant_task_hook *hook)
{
    end(ANT_CONTAINER_OF(hook, ant_tracker_core, hook));
}

// The tracker was closed and empty.
static void let_go(ant_tracker_core *core)
{
    ant_os_mutex_lock(&core->waiters.lock);
    ant_atomic_add(&core->moment, 1, ANT_RELEASE);
    ant_waitlist_wake_all(&core->waiters, &core->resource, ANT_VIA_NOTIFY);
}

// ---- Waiting ----

#define WAIT_OPS .drop = wait_drop, .waits_on = wait_waits_on

ANT_ASYNC_OPS(ant_task_tracker_wait, WAIT_OPS)
{
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    ant_tracker_core *core = self->core;
    if (!self->is_waiting) ref(core);
    self->is_waiting = true;
    const ant_waiting waiting = {
        .list = &core->waiters,
        .waiter = &self->waiter,
        .resource = &core->resource,
        .look = look,
        .arg = self,
    };
    if (ant_waitlist_poll(&waiting, cx) == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    self->is_waiting = false;
    unref(core);
    return ANT_READY;
}

struct ant_task_tracker_wait
ant__task_tracker_wait(const ant_task_tracker *tracker, uint32_t line)
{
    ANT_ASSERT(tracker->core != NULL);
    return (struct ant_task_tracker_wait){
        ANT_INIT(ant_task_tracker_wait),
        .core = tracker->core,
        // acquire: pairs with the release in let_go().
        .moment = ant_atomic_load(&tracker->core->moment, ANT_ACQUIRE),
        .waiter = ANT_WAITER(line),
    };
}

// Under the lock of waiters, under which every moment is counted.
static int look(void *arg)
{
    const struct ant_task_tracker_wait *self = arg;
    // acquire: pairs with the release in end() and let_go().
    const uint32_t moment = ant_atomic_load(&self->core->moment, ANT_ACQUIRE);
    const uint32_t state = ant_atomic_load(&self->core->state, ANT_ACQUIRE);
    return moment != self->moment || state == CLOSED ? 0 : -EAGAIN;
}

static void wait_drop(ant_future *future)
{
    struct ant_task_tracker_wait *self = (void *)future;
    if (!self->is_waiting) return;
    self->is_waiting = false;
    ant_waitlist_leave(&self->core->waiters, &self->waiter,
                       &self->core->resource);
    unref(self->core);
}

static bool wait_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_task_tracker_wait *self = (const void *)future;
    return self->is_waiting &&
           ant_waiter_describe(&self->waiter, &self->core->resource, ret_wait);
}

// ---- Tracking a future ----

#define TRACK_OPS .drop = track_drop, .child = track_child, .is_hot = true

ANT_ASYNC_OPS(ant_task_tracker_track_future, TRACK_OPS)
{
    if (ant__future_poll_as(self->inner, self->name, 0, cx) == ANT_PENDING)
        return ANT_PENDING;
    self->base.result = self->inner->result;
    end(self->core);
    return ANT_READY;
}

struct ant_task_tracker_track_future
ant__task_tracker_track_future(const ant_task_tracker *tracker,
                               ant_future *inner, const char *name)
{
    ANT_ASSERT(tracker->core != NULL);
    begin(tracker->core);
    return (struct ant_task_tracker_track_future){
        ANT_INIT(ant_task_tracker_track_future),
        .name = name,
        .inner = inner,
        .core = tracker->core,
    };
}

static void track_drop(ant_future *future)
{
    struct ant_task_tracker_track_future *self = (void *)future;
    ant_future_drop(self->inner);
    end(self->core);
}

static ant_future *track_child(const ant_future *future, unsigned i)
{
    const struct ant_task_tracker_track_future *self = (const void *)future;
    return i == 0 ? self->inner : NULL;
}
