// SPDX-License-Identifier: MIT
//
// When events happened. Four bytes say how long after the first of its group
// an event was, up to four seconds. A group that lasts longer than that has its
// times in full in a table of its own: there are few such groups.

#include "model/build.h"

uint64_t model_t_ns(const ant_model *model, uint32_t i)
{
    const model_build *build = model->build;
    const build_group *group = &build->groups[i / BUILD_GROUP];
    if (ANT_LIKELY(group->far == 0)) return group->t_ns + build->near_ns[i];
    const uint64_t *far_ns = build->far_ns.data;
    return far_ns[group->far - 1 + i % BUILD_GROUP];
}

// Gives the group a table, with the times that it has so far.
static bool go_far(model_build *build, build_group *group,
                   const uint32_t *near_ns, uint32_t i)
{
    size_t at = build->far_ns.len;
    uint64_t *far_ns =
        model__buf_room(&build->far_ns, BUILD_GROUP, sizeof *far_ns);
    if (far_ns == NULL) return false;
    group->far = (uint32_t)at + 1;
    for (uint32_t k = 0; k < i % BUILD_GROUP; k++)
        far_ns[k] = group->t_ns + near_ns[i - i % BUILD_GROUP + k];
    return true;
}

bool model__time_put(model_build *build, build_group *group, uint32_t *near_ns,
                     uint32_t i, uint64_t t_ns)
{
    if (i % BUILD_GROUP == 0) group->t_ns = t_ns;
    uint64_t since_ns = t_ns - group->t_ns;
    near_ns[i] = (uint32_t)since_ns;
    if (group->far == 0 && since_ns > UINT32_MAX &&
        !go_far(build, group, near_ns, i))
        return false;
    if (group->far == 0) return true;
    uint64_t *far_ns = build->far_ns.data;
    far_ns[group->far - 1 + i % BUILD_GROUP] = t_ns;
    return true;
}
