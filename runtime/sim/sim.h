// SPDX-License-Identifier: MIT
//
// The simulator: a driver (core/driver.h) whose threads and time are virtual.
// Its threads are fibers that take turns on one OS thread. A thread that has to
// wait picks the next one that can go on and switches to it; when several can,
// the seed decides, and the trace holds the choice. The clock starts at 0 and
// stands still while anybody can run; when nobody can, it jumps to the first
// deadline. So the same program with the same seed does the same on every
// machine, and a sleep of an hour takes no time.
//
//   ant_driver *driver;
//   int err = ant_sim_driver_new(7, &driver);
//   if (err < 0) return err;
//   // wire driver->next_ns, ->on_block and ->arg; start threads; park
//   driver->ops->free(driver);
//
// The thread that makes the simulator is its first virtual thread and the only
// OS thread that may call it; everything here is that thread's. It must stand
// on its own stack, not on a fiber's.
//
// The hard thing: whatever is kept per OS thread has to change hands at each
// switch. These are the current ant_here and the recorder's lane.

#ifndef ANT_SIM_SIM_H
#define ANT_SIM_SIM_H

#include <stdint.h>

#include "core/driver.h"

// Makes a simulator. 0 or -ENOMEM. The caller frees it with its `free`.
ANT_MUST_USE int ant_sim_driver_new(uint64_t seed, ant_driver **ret_driver);

#endif
