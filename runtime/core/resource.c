// SPDX-License-Identifier: MIT

#include "core/resource.h"

#include <stddef.h>

#include "trace/trace.h"

uint32_t ant_resource_id(ant_resource *resource)
{
    // relaxed throughout: the id is a label and orders nothing.
    uint32_t id = ant_atomic_load(&resource->id, ANT_RELAXED);
    if (ANT_LIKELY(id != 0)) return id;

    uint32_t fresh = ant_trace_id_res();
    if (!ant_atomic_cas(&resource->id, &id, fresh, ANT_RELAXED, ANT_RELAXED))
        return id; // another thread was first
    ANT_TRACE(res_new, .res = fresh, .kind = resource->kind,
              .name = ant_trace_string(resource->name),
              .file = ant_trace_string(resource->file), .line = resource->line,
              .capacity = resource->capacity);
    return fresh;
}

void ant_resource_end(ant_resource *resource)
{
    uint32_t id = ant_atomic_exchange(&resource->id, 0, ANT_RELAXED);
    if (id != 0) ANT_TRACE(res_drop, .res = id);
}

void ant_resource_hold(ant_resource *resource, uint32_t task, uint32_t line)
{
    ant_atomic_store(&resource->holder_line, line, ANT_RELAXED);
    ant_atomic_store(&resource->holder, task, ANT_RELAXED);
}

uint32_t ant_resource_holder(const ant_resource *resource)
{
    return ant_atomic_load(&resource->holder, ANT_RELAXED);
}

void ant_resource_describe(const ant_resource *resource,
                           struct ant_wait *ret_wait)
{
    *ret_wait = (struct ant_wait){
        .kind = resource->kind,
        .res = ant_atomic_load(&resource->id, ANT_RELAXED),
        .name = resource->name,
        .holder = ant_atomic_load(&resource->holder, ANT_RELAXED),
        .holder_line = ant_atomic_load(&resource->holder_line, ANT_RELAXED),
        .file = resource->file,
        .line = resource->line,
    };
}
