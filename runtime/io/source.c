// SPDX-License-Identifier: MIT

#include "io/source.h"

#include <errno.h>
#include <stdio.h>

#include "core/driver.h"
#include "core/here.h"
#include "trace/trace.h"

// Edges are counted above the flags of both sides.
#define ONE_EDGE ANT_SIDE_FLAGS(2, 1)

static void end_side(ant_source *source, ant_side side, uint32_t flag,
                     uint32_t via);
static int look(void *arg);
static void wake_all(ant_source *source, ant_side side, uint32_t via);

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
    for (int i = 0; i < 2; i++)
        ant_waitlist_init(&source->waiters[i]);
    ant_atomic_store(&source->state,
                     ANT_SIDE_FLAGS(ANT_SIDE_IN, ANT_SIDE_READY) |
                         ANT_SIDE_FLAGS(ANT_SIDE_OUT, ANT_SIDE_READY),
                     ANT_RELAXED);
    ant_atomic_store(&source->refs, 1, ANT_RELAXED);
}

void ant__source_deinit(ant_source *source)
{
    for (int i = 0; i < 2; i++)
        ant_waitlist_deinit(&source->waiters[i]);
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
    ant__source_edges(source, ANT_SIDE_FLAGS(side, flags));
}

void ant__source_edges(ant_source *source, uint64_t flags)
{
    uint64_t old = ant_atomic_load(&source->state, ANT_RELAXED);
    // acq_rel: pairs with the acquire in ant__source_try(); who sees the edge
    // sees what the world did before it.
    while (!ant_atomic_cas_weak(&source->state, &old, (old + ONE_EDGE) | flags,
                                ANT_ACQ_REL, ANT_RELAXED)) {
        // ends: each failure is another thread's success
    }
    // Who waits began to when it was not ready, and was woken since if it is.
    for (ant_side side = ANT_SIDE_IN; side <= ANT_SIDE_OUT; side++) {
        if (ant__side_flags(flags, side) &&
            !(ant__side_flags(old, side) & ANT_SIDE_WORTH_A_TRY))
            wake_all(source, side, ANT_VIA_IO);
    }
}

void ant__source_shut(ant_source *source)
{
    end_side(source, ANT_SIDE_IN, ANT_SIDE_SHUT, ANT_VIA_SHUTDOWN);
    end_side(source, ANT_SIDE_OUT, ANT_SIDE_SHUT, ANT_VIA_SHUTDOWN);
}

void ant__source_close(ant_source **source, uint8_t sides)
{
    ant_source *it = *source;
    if (it == NULL) return;
    *source = NULL;
    for (int i = 0; i < 2; i++) {
        if (sides & 1u << i)
            end_side(it, (ant_side)i, ANT_SIDE_CLOSED, ANT_VIA_IO);
    }
    ant__source_unref(it);
}

static void end_side(ant_source *source, ant_side side, uint32_t flag,
                     uint32_t via)
{
    // acq_rel: pairs with the acquire in ant__source_try().
    const uint64_t old =
        ant_atomic_or(&source->state, ANT_SIDE_FLAGS(side, flag), ANT_ACQ_REL);
    if (!(ant__side_flags(old, side) & ANT_SIDE_WORTH_A_TRY))
        wake_all(source, side, via);
}

static void wake_all(ant_source *source, ant_side side, uint32_t via)
{
    ant_waitlist *list = &source->waiters[side];
    ant_os_mutex_lock(&list->lock);
    if (list->count > 0)
        ANT_TRACE(io_ready, .res = ant_resource_id(&source->resource),
                  .side = side, .waiters = list->count);
    ant_waitlist_wake_all(list, &source->resource, via);
}

bool ant__source_is_awaited(ant_source *source)
{
    bool is_awaited = false;
    for (int i = 0; i < 2 && !is_awaited; i++) {
        ant_waitlist *list = &source->waiters[i];
        ant_os_mutex_lock(&list->lock);
        is_awaited = list->count > 0;
        ant_os_mutex_unlock(&list->lock);
    }
    return is_awaited;
}

// ---- Trying and waiting ----

bool ant__source_wait(ant_source_op *op, ant_cx *cx)
{
    ant_source *source = op->source;
    const ant_side side = (ant_side)op->side;
    if (!op->has_begun) {
        ant__source_ref(source);
        op->waiter = (ant_waiter)ANT_WAITER(op->line);
        op->has_begun = true;
    }
    if (source->ops->arm != NULL) source->ops->arm(source, side);
    const ant_waiting w = { .list = &source->waiters[side],
                            .waiter = &op->waiter,
                            .resource = &source->resource,
                            .look = look,
                            .arg = op };
    return ant_waitlist_poll(&w, cx) < 0;
}

// Under the list's lock: worth another try?
static int look(void *arg)
{
    const ant_source_op *op = arg;
    // acquire: pairs with ant__source_edges().
    const uint64_t state = ant_atomic_load(&op->source->state, ANT_ACQUIRE);
    return ant__side_flags(state, op->side) & ANT_SIDE_WORTH_A_TRY ? 0
                                                                   : -EAGAIN;
}

void ant__source_set_unready(ant_source *source, ant_side side, uint64_t seen)
{
    const uint64_t ready = ANT_SIDE_FLAGS(side, ANT_SIDE_READY | ANT_SIDE_ENDS);
    uint64_t state = seen;
    while (state / ONE_EDGE == seen / ONE_EDGE) { // ends: others succeed
        if (ant_atomic_cas_weak(&source->state, &state, state & ~ready,
                                ANT_ACQ_REL, ANT_RELAXED))
            return;
    }
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
    ant_waitlist_leave(&source->waiters[op->side], &op->waiter,
                       &source->resource);
    ant__source_unref(source);
}

bool ant__source_op_describe(const ant_source_op *op, ant_wait *ret_wait)
{
    return op->has_begun &&
           ant_waiter_describe(&op->waiter, &op->source->resource, ret_wait);
}
