// SPDX-License-Identifier: MIT

#include "rt/affine.h"

#include <stdio.h>

#include "base/assert.h"
#include "core/here.h"
#include "trace/trace.h"

ANT_NORETURN static void trap(const ant_affine *affine, const char *file,
                              int line);

void ant_affine_init(ant_affine *affine, const char *name)
{
    *affine = (ant_affine)ANT_AFFINE(name);
}

void ant_affine_release(ant_affine *affine)
{
    ant_affine_check(affine);
    ant_atomic_store(&affine->owner, 0, ANT_RELEASE);
}

void ant__affine_check(ant_affine *affine, const char *file, int line)
{
    const uintptr_t me = (uintptr_t)ant__here();
    // acquire: pairs with the release of the owner before.
    uintptr_t owner = ant_atomic_load(&affine->owner, ANT_ACQUIRE);
    if (ANT_LIKELY(owner == me)) return;
    if (owner != 0 ||
        !ant_atomic_cas(&affine->owner, &owner, me, ANT_ACQ_REL, ANT_ACQUIRE))
        trap(affine, file, line);
    ant_atomic_store(&affine->lane, ant_trace_lane_here(), ANT_RELAXED);
}

static void trap(const ant_affine *affine, const char *file, int line)
{
    char text[200];
    (void)snprintf(text, sizeof text,
                   "`%s` belongs to lane %u and is touched on lane %u: a task "
                   "that uses it should be spawned with ant_spawn_local",
                   affine->name, ant_atomic_load(&affine->lane, ANT_RELAXED),
                   ant_trace_lane_here());
    ant__crash(file, line, text);
}
