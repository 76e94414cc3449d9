// SPDX-License-Identifier: MIT
//
// Waiting for a future with a whole thread: what the `blocking_` operations of
// locks and channels do, for threads that are no tasks and for blocking jobs.
// It polls the future on the calling thread, and parks the thread while it is
// pending, inside and outside of runtimes, and in simulations.
//
// The hard thing: everything is on the thread's stack, but whoever wakes it may
// hold its waker a moment longer than the wait lasts. So the thread does not go
// on before the last waker was dropped.

#ifndef ANT_CORE_THREAD_WAIT_H
#define ANT_CORE_THREAD_WAIT_H

#include "core/future.h"

// Polls `future` to its end; its result. -EDEADLK, and the future is not
// touched, on a worker: it could be the one that has to end the wait.
// file:line is of the program, for the trace. Allocates nothing.
ANT_MUST_USE int ant__thread_wait(ant_future *future, const char *file,
                                  uint32_t line);

#endif
