// SPDX-License-Identifier: MIT
//
// What a thread lost to the machine: the time during which it was ready to run
// and had no processor, because the system gave that to others, and that during
// which it waited for a lock of the runtime whose holder had none. A recording
// says it, so that nobody blames the program for it. It belongs to a stream and
// to that stream's thread.
//
// The system counts the first, and asking it costs a call. So the recorder asks
// once in a millisecond at most, at the next event: whatever took long stands
// before that event, and the loss with it.

#ifndef ANT_TRACE_DELAY_H
#define ANT_TRACE_DELAY_H

#include <stdbool.h>
#include <stdint.h>

// All that the thread ever lost.
typedef struct ant_delay_sum {
    uint64_t ready_ns;  // without a processor
    uint64_t locked_ns; // in locks of the runtime
} ant_delay_sum;

typedef struct ant_delay {
    int fd;           // where the system tells; -1: it does not
    uint64_t next_ns; // when to ask again
    uint64_t seen_ns; // when it was asked last
    ant_delay_sum lost;
} ant_delay;

// Begins to watch the calling thread. Where the system does not tell,
// delay->next_ns is never.
void ant_delay_open(ant_delay *delay, uint64_t now_ns);

// As ant_delay_open for a thread that is not watched.
void ant_delay_none(ant_delay *delay);
void ant_delay_close(ant_delay *delay);

// How much the thread lost since *ret_since_ns. False when that is not worth a
// word. Only the thread that is watched may ask.
bool ant_delay_ask(ant_delay *delay, uint64_t now_ns, uint64_t *ret_since_ns,
                   ant_delay_sum *ret_lost);

#endif
