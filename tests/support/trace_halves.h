// SPDX-License-Identifier: MIT
//
// Parts of scripts (support/trace_script.h) in which halves of channels go from
// hand to hand. Halves are numbered as the recorder does it: channel n has the
// sender 2n - 1 and the receiver 2n; what comes later counts from HALVES_LATER.

#ifndef SUPPORT_TRACE_HALVES_H
#define SUPPORT_TRACE_HALVES_H

#include <stdint.h>

#include "trace/trace.h"

#define HALVES_LATER 100u

// Begins with so many tasks `ant`, of which the first has made the channels,
// `a` and perhaps `b`.
void halves_begin(enum ant_trace_RES kind, unsigned channels, unsigned tasks);

// A task gets one more sender, or one more receiver; it goes to another task;
// it is given up.
void halves_clone(unsigned channel, uint32_t task, uint32_t half);
void halves_subscribe(unsigned channel, uint32_t task, uint32_t half);
void halves_give(uint32_t half, uint32_t task);
void halves_drop(unsigned channel, uint32_t task, uint32_t half);

// A poll in which the task begins to wait for the channel.
void halves_receive(unsigned channel, uint32_t task);

#endif
