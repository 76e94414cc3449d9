// SPDX-License-Identifier: MIT
//
// One row for each lane_late of the trace, those of a lane one behind the other
// and in order. A lane's rows do not overlap.

#include "model/late.h"

#include <errno.h>
#include <stdio.h>

#include "base/os.h"
#include "model/build.h"

typedef struct build_late {
    uint64_t from_ns;
    uint64_t to_ns;
    uint64_t lost_ns; // of it
} build_late;

// Without a processor, and in locks that others held who had none.
static uint64_t lost_ns(const model_build *build, uint32_t event)
{
    const uint64_t ready_ns = model__field(build, event, 1);
    const uint64_t locked_ns = model__field(build, event, 2);
    return ready_ns < UINT64_MAX - locked_ns ? ready_ns + locked_ns
                                             : UINT64_MAX;
}

int model__lates(model_build *build)
{
    const ant_model *model = &build->model;
    const uint32_t count = build->kind_count[ANT_EV_lane_late];
    if (count == 0) return 0;
    build->late_of_lane =
        model__alloc(build, model->lane_count, sizeof(model_range));
    build->lates = model__alloc(build, count, sizeof(build_late));
    if (build->late_of_lane == NULL || build->lates == NULL) return -ENOMEM;

    uint32_t at = 0;
    for (uint32_t lane = 0; lane < model->lane_count; lane++) {
        model_range *range = &build->late_of_lane[lane];
        const model_range events = model->lanes[lane].events;
        range->first = at;
        for (uint32_t k = 0; k < events.count; k++) {
            const uint32_t i = model->events_of_lane[events.first + k];
            if (model->kind[i] != ANT_EV_lane_late) continue;
            build->lates[at++] =
                (build_late){ .from_ns = model__field(build, i, 0),
                              .to_ns = model_t_ns(model, i),
                              .lost_ns = lost_ns(build, i) };
        }
        range->count = at - range->first;
    }
    return 0;
}

// The first row of the lane that ends after `t_ns`.
static uint32_t first_after(const model_build *build, model_range range,
                            uint64_t t_ns)
{
    uint32_t low = range.first;
    uint32_t high = range.first + range.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (build->lates[middle].to_ns > t_ns) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

uint64_t model_late_ns(const ant_model *model, uint32_t lane, uint32_t from,
                       uint32_t to)
{
    const uint64_t to_ns =
        to < model->event_count ? model_t_ns(model, to) : model->t_end_ns;
    return model_late_between(model, lane, model_t_ns(model, from), to_ns);
}

uint64_t model_late_between(const ant_model *model, uint32_t lane,
                            uint64_t from_ns, uint64_t to_ns)
{
    const model_build *build = model->build;
    if (build->lates == NULL) return 0;
    const model_range range = build->late_of_lane[lane];
    uint64_t ns = 0;
    for (uint32_t i = first_after(build, range, from_ns);
         i < range.first + range.count && build->lates[i].from_ns < to_ns;
         i++) {
        const build_late *late = &build->lates[i];
        const uint64_t begin_ns =
            late->from_ns > from_ns ? late->from_ns : from_ns;
        const uint64_t end_ns = late->to_ns < to_ns ? late->to_ns : to_ns;
        const uint64_t shared_ns = end_ns > begin_ns ? end_ns - begin_ns : 0;
        ns += late->lost_ns < shared_ns ? late->lost_ns : shared_ns;
    }
    return ns;
}

uint64_t model_late_of_kind(const ant_model *model, uint8_t kind, uint32_t from,
                            uint32_t to)
{
    uint64_t ns = 0;
    if (model->build->lates == NULL) return 0;
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        if (model->lanes[lane].kind == kind)
            ns += model_late_ns(model, lane, from, to);
    }
    return ns;
}

void model_late_words(uint64_t late_ns, bool is_part,
                      char buf[MODEL_LATE_WORDS_MAX])
{
    char label[32];
    buf[0] = '\0';
    if (late_ns < ANT_NS_PER_MS) return;
    model_duration(late_ns, label, sizeof label);
    (void)snprintf(buf, MODEL_LATE_WORDS_MAX,
                   "the machine ran others for %s%s%s",
                   is_part ? "" : "another ", label, is_part ? " of it" : "");
}
