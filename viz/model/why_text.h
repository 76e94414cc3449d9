// SPDX-License-Identifier: MIT
//
// Private to the sentence of why: the text as it grows, and its links. What
// does not fit is cut off; a link that is cut is no link.

#ifndef VIZ_MODEL_WHY_TEXT_H
#define VIZ_MODEL_WHY_TEXT_H

#include "base/macros.h"
#include "model/why.h"

typedef struct why_text {
    const ant_model *model;
    const ant_snapshot *world;
    const model_waitfor *graph;
    model_reason *reason;
} why_text;

// Adds to the text, as printf does.
void model__say(why_text *text, const char *format, ...) ANT_PRINTF(2, 3);

// Names, each a link.
void model__say_task(why_text *text, uint32_t task);
void model__say_res(why_text *text, uint32_t res);
void model__say_lane(why_text *text, uint32_t lane);

// "12.400 ms", a link to the event; " since 12.400 ms"; "8.2 ms".
void model__say_at(why_text *text, uint32_t event);
void model__say_since(why_text *text, uint32_t event);
// " for 8.2 ms", since the event; nothing when no time has passed: in a
// simulation polls take none.
void model__say_for(why_text *text, uint32_t event);
// " (the machine ran others for 9 ms of it)": of the time since the event, when
// it took so much from the lane; from any worker, for lane 0.
void model__say_late(why_text *text, uint32_t lane, uint32_t event);
void model__say_moment(why_text *text, uint64_t t_ns);
void model__say_duration(why_text *text, uint64_t ns);

// " (demo.c:41)", a link; nothing when the line is not known. `event` was
// there.
void model__say_line(why_text *text, const char *file, uint32_t line,
                     uint32_t event);

// Where `task` is in the source, in the same form.
void model__say_site(why_text *text, uint32_t task);

// What a task waits for, that is pending or blocked in a lock. Returns the
// event that explains it best. why_wait.c
uint32_t model__say_waits(why_text *text, uint32_t task);

// ", held by 4 writer since 12.400 ms (line 31)", or who stands before it.
void model__say_keeper(why_text *text, uint32_t wait);

// Of a channel's node: "a value in channel `orders`", or "room in" it, or "the
// end of" it; ", whose sender ", or its receiver, of so many; and ", whose
// sender 3 anna has". why_chan.c
void model__say_channel(why_text *text, const waitfor_node *node);
void model__say_half(why_text *text, const waitfor_node *node, uint32_t count);
void model__say_halves(why_text *text, const waitfor_node *node,
                       uint32_t waiter);

// The way from `task` into the knot that it is stuck in: "; 2 right waits for
// mutex `a`, held by 1 left: deadlock". Nothing when it is not stuck. Returns
// the event that closed the knot, or MODEL_NONE. why_knot.c
uint32_t model__say_knot(why_text *text, uint32_t task);

#endif
