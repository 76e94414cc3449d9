// SPDX-License-Identifier: MIT
//
// What the machine took from the program's threads: they were ready to run, and
// it ran others. What took long for that reason is not the program's doing.

#ifndef VIZ_MODEL_LATE_H
#define VIZ_MODEL_LATE_H

#include "model/model.h"

// How much of the time between the events `from` and `to` (MODEL_NONE: the end)
// the machine may have taken from the lane. A recording says how much of a
// stretch was lost, not where in it; so this is at most what was lost.
uint64_t model_late_ns(const ant_model *model, uint32_t lane, uint32_t from,
                       uint32_t to);

// The same between two moments, of which `to_ns` may have no event.
uint64_t model_late_between(const ant_model *model, uint32_t lane,
                            uint64_t from_ns, uint64_t to_ns);

// From all lanes of one kind (ANT_LANE_…) together.
uint64_t model_late_of_kind(const ant_model *model, uint8_t kind, uint32_t from,
                            uint32_t to);

#define MODEL_LATE_WORDS_MAX 96

// "the machine ran others for another 9 ms", or "... for 9 ms of it" when the
// time that was told has them in it; "" when it took next to nothing.
void model_late_words(uint64_t late_ns, bool is_part,
                      char buf[MODEL_LATE_WORDS_MAX]);

#endif
