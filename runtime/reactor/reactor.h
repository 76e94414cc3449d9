// SPDX-License-Identifier: MIT
//
// The reactor: the driver (core/driver.h) of real threads and real time, around
// one libuv loop. There is no thread of its own: the first worker that has
// nothing to do drives the loop, which for now means to wait for the next
// timer; the other idle ones sleep on their parkers. Tokio: the I/O driver.
//
//   ant_driver *driver;
//   int err = ant_reactor_driver_new(&driver);
//   if (err < 0) return err;
//   // wire driver->next_ns, ->on_block and ->arg; start threads; park
//   driver->ops->free(driver);
//
// The hard thing: whoever drives leaves the loop alone when it is called to
// work, and then may be busy for long. So the first of those who sleep is the
// backup: it wakes up shortly after the next timer is due, and takes the loop
// when it finds nobody there.
//
// libuv belongs to one thread at a time. The only call that others make is
// uv_async_send, and only while somebody is known to be inside of the loop, so
// that it can never meet a loop that is being closed.

#ifndef ANT_REACTOR_REACTOR_H
#define ANT_REACTOR_REACTOR_H

#include "core/driver.h"

// How long after a timer was due the backup looks whether anybody fires it.
#define ANT_REACTOR_BACKUP_NS (2 * ANT_NS_PER_MS)

// Makes a reactor. 0 or -errno: -ENOMEM, -EMFILE and what else libuv says. The
// caller frees it with its `free`, which leaves no descriptor behind.
ANT_MUST_USE int ant_reactor_driver_new(ant_driver **ret_driver);

#endif
