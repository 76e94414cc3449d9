// SPDX-License-Identifier: MIT
//
// A read-write lock for tasks: many may read at a time, or one may write; the
// others wait without blocking their worker, so it may be held across an await.
// It is fair: whoever came first is first, and so a writer that waits holds off
// the readers that come after it. It belongs to whoever embeds it and may be
// used by any task on any thread. Tokio: sync::RwLock.
//
//   static ant_rwlock menu = ANT_RWLOCK("menu");
//
//   case ORDER_START:
//       self->read = ant_rwlock_read(&menu);
//       return ANT_NEXT(ORDER_READ_LOCKING);
//   case ORDER_READ_LOCKING:
//       ANT_AWAIT(self->read);
//       self->dish = dishes[0];
//       ant_rwlock_read_unlock(&menu);
//
// Nothing unlocks by itself: a task that may be dropped while it holds the lock
// unlocks it in its drop function. Unlocking what is not held traps.
//
// The hard thing: a task that reads must not ask to read once more. When a
// writer came in between, the task waits for the writer and the writer for the
// task, for ever; the stall report then shows both. As with a mutex, a future
// that was granted the lock and is neither polled nor dropped keeps it (a
// "futurelock").
//
//   function                         Tokio            cancel-safe alloc threads
//   ant_rwlock_init                  RwLock::new      -           no    one
//   ant_rwlock_init_with_max_readers with_max_readers -           no    one
//   ant_rwlock_deinit                drop(RwLock)     -           no    one
//   ant_rwlock_read                  RwLock::read     loses place no    any
//   ant_rwlock_write                 RwLock::write    loses place no    any
//   ant_rwlock_try_read              try_read         -           no    any
//   ant_rwlock_try_write             try_write        -           no    any
//   ant_rwlock_blocking_read         blocking_read    -           no    outside
//   ant_rwlock_blocking_write        blocking_write   -           no    outside
//   ant_rwlock_read_unlock           drop(ReadGuard)  -           no    any
//   ant_rwlock_write_unlock          drop(WriteGuard) -           no    any
//   ant_rwlock_downgrade             downgrade        -           no    any
//
// read_owned and its kin are the same functions: in C it is the program that
// sees to it that the lock outlives those who hold it.

#ifndef ANT_SYNC_RWLOCK_H
#define ANT_SYNC_RWLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "core/future.h"
#include "core/permits.h"

// Readers at a time, when the program does not say.
#define ANT_RWLOCK_READERS_MAX ANT_PERMITS_MAX

typedef struct ant_rwlock {
    ant_permits permits; // a reader takes one, a writer takes them all
    // written by the writer; others look, in search of mistakes; atomic
    ant_atomic_u8 is_written;
} ant_rwlock;

struct ant_rwlock_read {
    ant_future base;
    ant_permits_claim claim;
};

struct ant_rwlock_write {
    ant_future base;
    ant_rwlock *lock;
    ant_permits_claim claim;
};

// A lock that is ready at load time: `static ant_rwlock l = ANT_RWLOCK("l");`
#define ANT_RWLOCK(name_)                                                      \
    {                                                                          \
        .permits = ANT_PERMITS(ANT_RES_RWLOCK, name_, ANT_RWLOCK_READERS_MAX,  \
                               ANT_RWLOCK_READERS_MAX)                         \
    }

// Makes a free lock. The name, for the trace, must outlive it.
#define ant_rwlock_init(lock, name)                                            \
    ant__rwlock_init((lock), (name), ANT_RWLOCK_READERS_MAX, __FILE__, __LINE__)

// The same for `count` readers at a time, from 1 to ANT_RWLOCK_READERS_MAX.
#define ant_rwlock_init_with_max_readers(lock, name, count)                    \
    ant__rwlock_init((lock), (name), (count), __FILE__, __LINE__)

// Nobody holds it or waits for it any more.
void ant_rwlock_deinit(ant_rwlock *lock);

// Futures that are READY when the task may read, or write.
#define ant_rwlock_read(lock)  ant__rwlock_read((lock), __LINE__)
#define ant_rwlock_write(lock) ant__rwlock_write((lock), __LINE__)

// Locks if that can be done at once and nobody waits.
#define ant_rwlock_try_read(lock)  ant__rwlock_try_read((lock), __LINE__)
#define ant_rwlock_try_write(lock) ant__rwlock_try_write((lock), __LINE__)

// As read and write, with the whole thread: for threads that are no workers,
// such as blocking jobs. 0, or -EDEADLK on a worker.
#define ant_rwlock_blocking_read(lock)                                         \
    ant__rwlock_blocking_read((lock), __FILE__, __LINE__)
#define ant_rwlock_blocking_write(lock)                                        \
    ant__rwlock_blocking_write((lock), __FILE__, __LINE__)

// Ends reading, or writing; those who wait come first.
void ant_rwlock_read_unlock(ant_rwlock *lock);
void ant_rwlock_write_unlock(ant_rwlock *lock);

// The writer goes on as a reader, without a moment in between. Readers that are
// first in the queue may read now too.
#define ant_rwlock_downgrade(lock) ant__rwlock_downgrade((lock), __LINE__)

void ant__rwlock_init(ant_rwlock *lock, const char *name, uint32_t readers_max,
                      const char *file, uint32_t line);
ANT_MUST_USE struct ant_rwlock_read ant__rwlock_read(ant_rwlock *lock,
                                                     uint32_t line);
ANT_MUST_USE struct ant_rwlock_write ant__rwlock_write(ant_rwlock *lock,
                                                       uint32_t line);
ANT_MUST_USE bool ant__rwlock_try_read(ant_rwlock *lock, uint32_t line);
ANT_MUST_USE bool ant__rwlock_try_write(ant_rwlock *lock, uint32_t line);
ANT_MUST_USE int ant__rwlock_blocking_read(ant_rwlock *lock, const char *file,
                                           uint32_t line);
ANT_MUST_USE int ant__rwlock_blocking_write(ant_rwlock *lock, const char *file,
                                            uint32_t line);
void ant__rwlock_downgrade(ant_rwlock *lock, uint32_t line);

#endif
