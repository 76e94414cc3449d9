// SPDX-License-Identifier: MIT

#include "io/source.h"

#include <errno.h>
#include <stdio.h>

#include "core/driver.h"
#include "core/here.h"
#include "trace/trace.h"

// Edges are counted above the flags.
#define ONE_EDGE 16u
// Of these a try makes sense, if only to hear the error.
#define WORTH_A_TRY                                                            \
    (ANT_SIDE_READY | ANT_SIDE_ENDS | ANT_SIDE_CLOSED | ANT_SIDE_SHUT)

static int64_t try_once(ant_source *source, ant_side side, ant_try_fn attempt,
                        void *arg, size_t wanted);
static void set_unready(ant_source_side *side, uint64_t seen);
static void end_side(ant_source *source, ant_side side, uint32_t flag,
                     uint32_t via);
static int look(void *arg);
static void wake_all(ant_source *source, ant_side side, uint32_t via);
static void wake_only(ant_source *source, ant_waitlist *list,
                      ant_waiter *waiter, uint32_t via);
static bool waits(ant_source_op *op, ant_cx *cx);

ant_net *ant__net_here(const char *what)
{
    const ant_driver *driver = ant__driver_here();
    ant_net *net = ant__here()->net;
    if (net == NULL && driver != NULL) net = driver->net;
    if (ANT_LIKELY(net != NULL)) return net;
    ant__no_runtime_here(what);
}

// ---- Its life ----

void ant__source_init(ant_source *source, const ant_source_ops *ops,
                      uint32_t kind)
{
    *source = (ant_source){
        .resource = ANT_RESOURCE(kind, NULL, 0),
        .ops = ops,
    };
    for (int i = 0; i < 2; i++) {
        ant_waitlist_init(&source->side[i].waiters);
        ant_atomic_store(&source->side[i].state, ANT_SIDE_READY, ANT_RELAXED);
    }
    ant_atomic_store(&source->refs, 1, ANT_RELAXED);
}

void ant__source_deinit(ant_source *source)
{
    for (int i = 0; i < 2; i++)
        ant_waitlist_deinit(&source->side[i].waiters);
    ant_resource_end(&source->resource);
}

void ant__source_name(ant_source *source, const char *name)
{
    (void)snprintf(source->name, sizeof source->name, "%s", name);
    source->resource.name = source->name;
}

void ant__source_origin(ant_source *source, const char *file, uint32_t line)
{
    source->resource.file = file;
    source->resource.line = line;
}

void ant__source_ref(ant_source *source)
{
    ant_atomic_add(&source->refs, 1, ANT_RELAXED);
}

bool ant__source_try_ref(ant_source *source)
{
    uint32_t refs = ant_atomic_load(&source->refs, ANT_RELAXED);
    while (refs != 0) { // ends: each failure is another thread's success
        if (ant_atomic_cas_weak(&source->refs, &refs, refs + 1, ANT_RELAXED,
                                ANT_RELAXED))
            return true;
    }
    return false;
}

void ant__source_unref(ant_source *source)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&source->refs, 1, ANT_ACQ_REL) == 1)
        source->ops->close(source);
}

// ---- What the world says ----

void ant__source_edge(ant_source *source, ant_side side, uint32_t flags)
{
    ant_atomic_u64 *state = &source->side[side].state;
    uint64_t old = ant_atomic_load(state, ANT_RELAXED);
    // acq_rel: pairs with the acquire in try_once(); who sees the edge sees
    // what the world did before it.
    while (!ant_atomic_cas_weak(state, &old, (old + ONE_EDGE) | flags,
                                ANT_ACQ_REL, ANT_RELAXED)) {
        // ends: each failure is another thread's success
    }
    // Who waits began to when it was not ready, and was woken since if it is.
    if (!(old & WORTH_A_TRY)) wake_all(source, side, ANT_VIA_IO);
}

void ant__source_shut(ant_source *source)
{
    end_side(source, ANT_SIDE_IN, ANT_SIDE_SHUT, ANT_VIA_SHUTDOWN);
    end_side(source, ANT_SIDE_OUT, ANT_SIDE_SHUT, ANT_VIA_SHUTDOWN);
}

void ant__source_close_sides(ant_source *source, uint8_t sides)
{
    for (int i = 0; i < 2; i++) {
        if (sides & 1u << i)
            end_side(source, (ant_side)i, ANT_SIDE_CLOSED, ANT_VIA_IO);
    }
}

static void end_side(ant_source *source, ant_side side, uint32_t flag,
                     uint32_t via)
{
    // acq_rel: pairs with the acquire in try_once().
    const uint64_t old =
        ant_atomic_or(&source->side[side].state, flag, ANT_ACQ_REL);
    if (!(old & WORTH_A_TRY)) wake_all(source, side, via);
}

static void wake_all(ant_source *source, ant_side side, uint32_t via)
{
    ant_waitlist *list = &source->side[side].waiters;
    ant_leavers leavers;
    ant_os_mutex_lock(&list->lock);
    if (list->count > 0)
        ANT_TRACE(io_ready, .res = ant_resource_id(&source->resource),
                  .side = side, .waiters = list->count);
    ant_waiter *first = ant_waitlist_first(list);
    if (ANT_LIKELY(first != NULL) && ANT_LIKELY(list->count == 1)) {
        wake_only(source, list, first, via); // and unlocks
        return;
    }
    ant_waitlist_take_all(list, &leavers);
    ant_os_mutex_unlock(&list->lock);
    ant_waitlist_wake(list, &leavers, &source->resource, via);
}

// Locked, and unlocks. One task reads from a socket, as a rule: then no list of
// those who leave is needed, and the lock is taken once.
static void wake_only(ant_source *source, ant_waitlist *list,
                      ant_waiter *waiter, uint32_t via)
{
    // relaxed: a label; 0 when nothing is recorded.
    const ant_why why = {
        .via = via, .res = ant_atomic_load(&source->resource.id, ANT_RELAXED)
    };
    ant_waker waker = ant_waitlist_take(list, waiter, &source->resource);
    ant_waiter_grant(waiter);
    ant_os_mutex_unlock(&list->lock);
    ant__waker_wake_for(&waker, why);
}

bool ant__source_is_awaited(ant_source *source)
{
    bool is_awaited = false;
    for (int i = 0; i < 2 && !is_awaited; i++) {
        ant_waitlist *list = &source->side[i].waiters;
        ant_os_mutex_lock(&list->lock);
        is_awaited = list->count > 0;
        ant_os_mutex_unlock(&list->lock);
    }
    return is_awaited;
}

// ---- Trying and waiting ----

// What can be done at once is done with the reference of the handle, whose task
// is polling here; only who waits needs one of his own.
int64_t ant__source_poll(ant_source_op *op, ant_try_fn attempt, void *arg,
                         size_t wanted, ant_cx *cx)
{
    // Paid before it is done: what was done cannot be pending.
    if (!ant_coop_consume(cx)) return -EAGAIN;
    do { // ends when there is no edge between the try and the wait
        const int64_t done =
            try_once(op->source, (ant_side)op->side, attempt, arg, wanted);
        if (done != -EAGAIN) return done;
    } while (!waits(op, cx));
    cx->budget++; // to wait costs nothing
    return -EAGAIN;
}

// False when another try is worth it instead.
static ANT_NOINLINE bool waits(ant_source_op *op, ant_cx *cx)
{
    ant_source *source = op->source;
    const ant_side side = (ant_side)op->side;
    if (!op->has_begun) {
        ant__source_ref(source);
        op->has_begun = true;
    }
    if (source->ops->arm != NULL) source->ops->arm(source, side);
    const ant_waiting w = { .list = &source->side[side].waiters,
                            .waiter = &op->waiter,
                            .resource = &source->resource,
                            .look = look,
                            .arg = &source->side[side] };
    return ant_waitlist_poll(&w, cx) < 0;
}

// Under the list's lock: worth another try?
static int look(void *arg)
{
    ant_source_side *side = arg;
    // acquire: pairs with ant__source_edge().
    const uint64_t state = ant_atomic_load(&side->state, ANT_ACQUIRE);
    return state & WORTH_A_TRY ? 0 : -EAGAIN;
}

int64_t ant__source_try(ant_source *source, ant_side side, ant_try_fn attempt,
                        void *arg, size_t wanted)
{
    return try_once(source, side, attempt, arg, wanted);
}

// A try, unless it is known to be in vain. Says "not ready" when it was, or
// when it used up all there is.
static int64_t try_once(ant_source *source, ant_side side_no,
                        ant_try_fn attempt, void *arg, size_t wanted)
{
    ant_source_side *side = &source->side[side_no];
    for (;;) { // ends when no edge came during the try
        // acquire: pairs with ant__source_edge() and end_side().
        const uint64_t seen = ant_atomic_load(&side->state, ANT_ACQUIRE);
        if (seen & ANT_SIDE_CLOSED) return -ECANCELED;
        if (seen & ANT_SIDE_SHUT) return -ESHUTDOWN;
        if (!(seen & WORTH_A_TRY)) return -EAGAIN;
        const int64_t done = attempt(source, arg);
        const bool is_short = done > 0 && (uint64_t)done < wanted;
        const bool is_drained =
            is_short && source->is_stream && !(seen & ANT_SIDE_ENDS);
        if (done == -EAGAIN || is_drained) set_unready(side, seen);
        if (done != -EAGAIN) return done;
    }
}

// Nothing when an edge has come since `seen`.
static void set_unready(ant_source_side *side, uint64_t seen)
{
    const uint64_t unready = seen & ~(uint64_t)(ANT_SIDE_READY | ANT_SIDE_ENDS);
    (void)ant_atomic_cas(&side->state, &seen, unready, ANT_ACQ_REL,
                         ANT_RELAXED);
}

int64_t ant__source_take(ant_source *source, void *arg)
{
    (void)arg;
    return source->ops->take(source);
}

void ant__source_op_end(ant_source_op *op)
{
    if (!op->has_begun) return;
    op->has_begun = false;
    ant_source *source = op->source;
    ant_waitlist_leave(&source->side[op->side].waiters, &op->waiter,
                       &source->resource);
    ant__source_unref(source);
}

bool ant__source_op_describe(const ant_source_op *op, ant_wait *ret_wait)
{
    return op->has_begun &&
           ant_waiter_describe(&op->waiter, &op->source->resource, ret_wait);
}
