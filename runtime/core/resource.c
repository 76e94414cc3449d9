// SPDX-License-Identifier: MIT

#include "core/resource.h"

#include <stddef.h>

#include "base/os.h"
#include "core/here.h"
#include "trace/trace.h"

static uint32_t name(ant_resource *resource);

// Held while a resource gets its number, once in each recording.
static ant_os_mutex naming = ANT_OS_MUTEX_INIT;

uint32_t ant_resource_id(ant_resource *resource)
{
    // acquire: pairs with the release in name(), so that nothing is recorded of
    // a resource before it is said to be there.
    const uint32_t epoch = ant_atomic_load(&resource->epoch, ANT_ACQUIRE);
    const uint32_t id = ant_atomic_load(&resource->id, ANT_RELAXED);
    const bool is_known = id != 0 && epoch == ant_trace_epoch();
    return ANT_LIKELY(is_known) ? id : name(resource);
}

static uint32_t name(ant_resource *resource)
{
    ant_os_mutex_lock(&naming);
    const uint32_t now = ant_trace_epoch();
    uint32_t id = ant_atomic_load(&resource->id, ANT_RELAXED);
    const bool is_old = ant_atomic_load(&resource->epoch, ANT_RELAXED) != now;
    if (id == 0 || is_old) {
        id = ant_trace_id_res();
        ANT_TRACE(res_new, .res = id, .kind = resource->kind,
                  .name = ant_trace_string(resource->name),
                  .file = ant_trace_string(resource->file),
                  .line = resource->line, .capacity = resource->capacity);
        // Of one from an earlier recording not all halves are known here.
        if (resource->tx != 0 && !is_old)
            ANT_TRACE(chan_open, .res = id, .task = resource->maker,
                      .tx = resource->tx, .rx = resource->rx);
        ant_atomic_store(&resource->id, id, ANT_RELAXED);
        // release: pairs with the acquire in ant_resource_id().
        ant_atomic_store(&resource->epoch, now, ANT_RELEASE);
    }
    ant_os_mutex_unlock(&naming);
    return id;
}

// relaxed: nobody else knows the resource yet.
void ant_resource_made(ant_resource *resource, uint32_t tx, uint32_t rx)
{
    ant_atomic_store(&resource->epoch, ant_trace_epoch(), ANT_RELAXED);
    resource->maker = ant_task_id_here();
    resource->tx = tx;
    resource->rx = rx;
}

void ant_resource_end(ant_resource *resource)
{
    const uint32_t id = ant_atomic_exchange(&resource->id, 0, ANT_RELAXED);
    const uint32_t epoch = ant_atomic_load(&resource->epoch, ANT_RELAXED);
    if (id != 0 && epoch == ant_trace_epoch()) ANT_TRACE(res_drop, .res = id);
}

void ant_resource_hand(ant_resource *resource, uint32_t task, uint32_t line)
{
    ant_resource_hold(resource, task, line | ANT_RESOURCE_UNUSED);
}

// relaxed: the line is a label, and only whom it was handed to changes it.
void ant_resource_use(ant_resource *resource, uint32_t task)
{
    if (ant_resource_holder(resource) != task) return;
    ant_atomic_store(&resource->holder_line, ant_resource_holder_line(resource),
                     ANT_RELAXED);
}

uint32_t ant_resource_holder_line(const ant_resource *resource)
{
    return ant_atomic_load(&resource->holder_line, ANT_RELAXED) &
           ~ANT_RESOURCE_UNUSED;
}

void ant_resource_describe(const ant_resource *resource,
                           struct ant_wait *ret_wait)
{
    *ret_wait = (struct ant_wait){
        .kind = resource->kind,
        .res = ant_atomic_load(&resource->id, ANT_RELAXED),
        .name = resource->name,
        .holder = ant_atomic_load(&resource->holder, ANT_RELAXED),
        .holder_line = ant_resource_holder_line(resource),
        .is_unused = (ant_atomic_load(&resource->holder_line, ANT_RELAXED) &
                      ANT_RESOURCE_UNUSED) != 0,
        .file = resource->file,
        .line = resource->line,
    };
}
