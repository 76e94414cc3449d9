// SPDX-License-Identifier: MIT
//
// A barrier lets tasks meet: it holds everybody until n have arrived, and then
// lets them all go on. It belongs to whoever embeds it and may be used by any
// task on any thread, again and again. Tokio: sync::Barrier.
//
//   static ant_barrier start_line = ANT_BARRIER("start line", 3);
//
//   case RUNNER_START:
//       self->others = ant_barrier_wait(&start_line);
//       return ANT_NEXT(RUNNER_MEETING);
//   case RUNNER_MEETING:
//       ANT_AWAIT(self->others);
//       if (self->others.is_leader) fire_the_pistol();
//       return ANT_READY;
//
// One of each n is the leader: the one who arrived last. A barrier for 0 is one
// for 1, which holds nobody.
//
// The hard thing is a wait that is dropped before the others came: it is not
// counted any more, so that they still meet as n. (In Tokio it stays counted,
// and the others go on without it.) Once the n-th has arrived all are free to
// go, and dropping one of them changes nothing for the others.
//
//   function            Tokio          cancel-safe  alloc  threads
//   ant_barrier_init    Barrier::new   -            no     one
//   ant_barrier_deinit  drop(Barrier)  -            no     one
//   ant_barrier_wait    Barrier::wait  loses place  no     any

#ifndef ANT_SYNC_BARRIER_H
#define ANT_SYNC_BARRIER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "core/resource.h"
#include "core/waitlist.h"

typedef struct ant_barrier {
    ant_resource resource; // its capacity is n
    ant_waitlist waiters;
    // under waiters.lock
    uint32_t arrived;    // of this round
    uint64_t generation; // rounds that are over
} ant_barrier;

// A future that is READY when n have arrived.
struct ant_barrier_wait {
    ant_future base;
    bool is_leader; // an output
    bool has_arrived;
    uint64_t generation; // of its round
    ant_barrier *barrier;
    ant_waiter waiter;
};

// A barrier that is ready at load time.
#define ANT_BARRIER(name_, n_)                                                 \
    {                                                                          \
        .resource = ANT_RESOURCE(ANT_RES_BARRIER, name_, n_),                  \
        .waiters = ANT_WAITLIST,                                               \
    }

// Makes a barrier for `n`. The name, for the trace, must outlive it.
#define ant_barrier_init(barrier, name, n)                                     \
    ant__barrier_init(                                                         \
        (barrier), &(ant_resource)ANT_RESOURCE(ANT_RES_BARRIER, (name), (n)))

// Nobody waits at it any more.
void ant_barrier_deinit(ant_barrier *barrier);

// Arrives, with its first poll, and waits for the others.
#define ant_barrier_wait(barrier) ant__barrier_wait((barrier), __LINE__)

void ant__barrier_init(ant_barrier *barrier, const ant_resource *card);
ANT_MUST_USE struct ant_barrier_wait ant__barrier_wait(ant_barrier *barrier,
                                                       uint32_t line);

#endif
