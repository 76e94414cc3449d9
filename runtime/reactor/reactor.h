// SPDX-License-Identifier: MIT
//
// The reactor: the driver (core/driver.h) of real threads, real time and the
// real world. There is no thread of its own: the first worker that has nothing
// to do waits in the poller (reactor/poller.h) for I/O and for the next timer;
// the other idle ones sleep on their parkers. Tokio: the I/O driver.
//
//   ant_driver *driver;
//   int err = ant_reactor_driver_new(&driver);
//   if (err < 0) return err;
//   // wire driver->next_ns, ->on_block and ->arg; start threads; park
//   driver->ops->free(driver);
//
// The hard thing: whoever drives leaves the poller alone when it is called to
// work, and then may be busy for long. So the first of those who sleep is the
// backup: it wakes up shortly after the next timer is due, and shortly after
// the poller was left, and takes it when it finds nobody there. As long as the
// poller is left all the time, the backup looks every two milliseconds; when
// everybody sleeps, so does it.
//
// libuv belongs to one thread at a time. Who needs it for something rare, a
// signal or a child, borrows it (reactor/net.h).

#ifndef ANT_REACTOR_REACTOR_H
#define ANT_REACTOR_REACTOR_H

#include "core/driver.h"

// How long after a timer was due, or the poller was left, the backup looks
// whether anybody is there.
#define ANT_REACTOR_BACKUP_NS (2 * ANT_NS_PER_MS)

// Makes a reactor. 0 or -errno: -ENOMEM, -EMFILE and what else libuv says. The
// caller frees it with its `free`, which leaves no descriptor behind.
ANT_MUST_USE int ant_reactor_driver_new(ant_driver **ret_driver);

#endif
