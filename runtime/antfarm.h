// SPDX-License-Identifier: MIT
//
// The whole public API of Antfarm, in the order in which one learns it.

#ifndef ANTFARM_H
#define ANTFARM_H

#include "core/future.h" // what a future is, and how to write one
#include "core/note.h"   // a line for the trace
#include "core/panic.h"  // ending a task with a message
#include "core/task.h"   // spawn, join handles, abort
#include "core/waker.h"  // how it is woken
#include "rt/runtime.h"  // ANT_MAIN, runtimes, blocking jobs

#include "rt/affine.h"   // data that stays on its worker
#include "rt/local.h"    // tasks that stay on their worker
#include "rt/metrics.h"  // what a runtime counts
#include "rt/pause.h"    // time that stands still
#include "sched/hooks.h" // what a program can be told of

#include "combine/borrow.h"     // a loser of a select goes on
#include "combine/box.h"        // a future on the heap; recursion
#include "combine/future_set.h" // a crowd that grows while it is awaited
#include "combine/join.h"       // wait for all
#include "combine/race.h"       // the first that ends, or succeeds
#include "combine/select.h"     // wait for the first
#include "combine/try_join.h"   // wait for all, or the first error
#include "combine/yield.h"      // let others go first
#include "time/interval.h"
#include "time/sleep.h"
#include "time/timeout.h"

#include "io/addr.h"    // where a peer is
#include "io/copy.h"    // all of it, from here to there
#include "io/file.h"    // open, read, write
#include "io/fs.h"      // whole files, folders
#include "io/io.h"      // read and write bytes
#include "io/lines.h"   // text, line by line
#include "io/pipe.h"    // pipes, standard input
#include "io/process.h" // other programs
#include "io/resolve.h" // the addresses of a name
#include "io/signal.h"  // of the system
#include "io/tcp.h"     // listen, accept, connect
#include "io/udp.h"     // datagrams
#include "io/unix.h"    // connections at a path

#include "stream/buffer.h"    // then, buffered: futures for items
#include "stream/channel.h"   // of what a receiver receives
#include "stream/chunk.h"     // several items at once
#include "stream/collect.h"   // read it to its end
#include "stream/merge.h"     // several streams are one
#include "stream/pace.h"      // throttle, timeout
#include "stream/source.h"    // where they begin
#include "stream/stream.h"    // values one after the other
#include "stream/transform.h" // map, filter, take, skip

#include "chan/broadcast.h" // every value to every receiver
#include "chan/mpsc.h"      // many senders, one receiver
#include "chan/oneshot.h"   // one value, from task to task
#include "chan/watch.h"     // the latest value

#include "sync/barrier.h"      // tasks that meet
#include "sync/mutex.h"        // a lock for tasks
#include "sync/notify.h"       // a bell: it rings for one or for all
#include "sync/once_cell.h"    // a value that is set once
#include "sync/rwlock.h"       // many readers or one writer
#include "sync/semaphore.h"    // so many at a time
#include "sync/thread_mutex.h" // a lock for threads
#include "sync/thread_sleep.h"

#include "task/abort_handle.h"       // stop a task without waiting for it
#include "task/cancellation_token.h" // tell many that it is time to stop
#include "task/coop.h"               // the budget, by hand
#include "task/join_set.h"           // tasks that are owned, and their ends
#include "task/task_local.h"         // values that belong to a task
#include "task/task_tracker.h"       // wait until all are gone

#include "base/err.h" // texts of error codes

#endif
