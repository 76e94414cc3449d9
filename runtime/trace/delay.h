// SPDX-License-Identifier: MIT
//
// What a thread lost to the machine: the time during which it was ready to run
// and had no processor, because the system gave that to others or the system
// itself had none, and that during which it waited for the recording's file or
// for a lock of the runtime whose holder had no processor. A recording says it,
// so that nobody blames the program for it. It belongs to a stream and to that
// stream's thread.
//
// The system counts what it gives to others, and asking it costs a call. So the
// recorder asks once in a millisecond at most, at the next event: whatever took
// long stands before that event, and the loss with it.
//
// What a virtual machine's host takes, the system does not tell of a thread.
// But time that passes while the thread computes less, is in no run queue, and
// does not go to sleep either, is taken from all of the system.

#ifndef ANT_TRACE_DELAY_H
#define ANT_TRACE_DELAY_H

#include <stdbool.h>
#include <stdint.h>

// All that the thread ever lost.
typedef struct ant_delay_sum {
    uint64_t ready_ns;  // without a processor
    uint64_t locked_ns; // in the runtime's locks, and for the recording's file
} ant_delay_sum;

// What a thread has done until a moment.
typedef struct ant_delay_mark {
    uint64_t wall_ns; // the moment
    uint64_t cpu_ns;  // computed
    long sleeps;      // went to sleep so often, of its own will
} ant_delay_mark;

// Sleeps that are known, and how long they were together.
typedef struct ant_delay_rests {
    long count;
    uint64_t ns;
} ant_delay_rests;

typedef struct ant_delay {
    int fd;           // where the system tells; -1: it does not
    uint64_t next_ns; // when to ask again
    uint64_t seen_ns; // when it was asked last
    ant_delay_sum lost;
    ant_delay_sum told; // of it, in answers
    uint64_t taken_ns;  // of lost.ready_ns, by the host
    uint64_t file_ns;   // of lost.locked_ns, for the file
    // Since it was asked last, or got a piece of the file.
    ant_delay_mark mark;
    ant_delay_rests rests;
} ant_delay;

// Begins to watch the calling thread. Where the system does not tell,
// delay->next_ns is never.
void ant_delay_open(ant_delay *delay, uint64_t now_ns);

// As ant_delay_open for a thread that is not watched.
void ant_delay_none(ant_delay *delay);
void ant_delay_close(ant_delay *delay);

// The thread was parked for `ns`.
void ant_delay_rested(ant_delay *delay, uint64_t ns);

// The thread waited for a piece of the recording's file, and has it now.
// Before, it asked ant_delay_clock, which stands still while a lock makes it
// wait.
uint64_t ant_delay_clock(void);
void ant_delay_got_file(ant_delay *delay, uint64_t since_ns);

// How much the thread lost since *ret_since_ns. False when that is not worth a
// word. Only the thread that is watched may ask.
bool ant_delay_ask(ant_delay *delay, uint64_t now_ns, uint64_t *ret_since_ns,
                   ant_delay_sum *ret_lost);

// What passed from one moment to the next beside the thread's computing, its
// rests, and `known_ns`, which it lost otherwise. A thread that slept any more,
// for whatever reason, did not want it: 0.
uint64_t ant__delay_taken_ns(const ant_delay_mark *then,
                             const ant_delay_mark *now, ant_delay_rests rests,
                             uint64_t known_ns);

#endif
