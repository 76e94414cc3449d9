// SPDX-License-Identifier: MIT
//
// The whole public API of Antfarm, in the order in which one learns it.

#ifndef ANTFARM_H
#define ANTFARM_H

#include "base/err.h" // texts of error codes
#include "combine/join.h"
#include "combine/select.h"
#include "combine/yield.h"
#include "core/future.h" // what a future is, and how to write one
#include "core/panic.h"  // ending a task with a message
#include "core/task.h"   // spawn, join handles, abort
#include "core/waker.h"  // how it is woken
#include "rt/runtime.h"  // ANT_MAIN, runtimes, blocking jobs
#include "time/sleep.h"

#endif
