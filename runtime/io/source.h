// SPDX-License-Identifier: MIT
//
// A source is whatever the outside world says something about: a socket, a
// pipe, a signal. It has two sides, in and out, and of each it knows whether
// the next try will get somewhere. Who tries in vain waits in the side's list
// until the driver says that it is ready. What a source does when it is tried
// is up to its world: the reactor's are descriptors, the simulator's are made
// of memory. The futures of this layer know only this interface, as a sleep
// knows only a clock. Tokio: runtime::io::ScheduledIo, Registration.
//
// A source lives on the heap and is counted: handles of the program, and
// operations that have begun and not ended. The last one closes it. So nobody
// reads from a descriptor that another thread is just closing.
//
// The hard thing: the world is asked once, by an edge, and never again. A task
// that has tried in vain says "not ready" and waits; if an edge comes between
// the try and that word, it must not be wiped away by it. So each edge has a
// number: the word is a compare-and-swap that only succeeds when the number is
// the one from before the try. Both sides and the number stand in one word, for
// most events are news of both: of a connection the system says "readable and
// writable". So an edge of one side may have the other try once more, in vain.
// The number is 56 bits wide and never wraps.

#ifndef ANT_IO_SOURCE_H
#define ANT_IO_SOURCE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/atomic.h"
#include "core/future.h"
#include "core/resource.h"
#include "core/waitlist.h"
#include "io/addr.h"

typedef struct ant_source ant_source;
typedef struct ant_net ant_net;
struct ant_process_desc; // io/process.h
struct ant_child;

// ANT_SIDE_IN and ANT_SIDE_OUT: what comes from the world, what goes to it.
typedef enum ant_trace_SIDE ant_side;

// What a source's state word says of a side: of ANT_SIDE_IN in the low bits, of
// ANT_SIDE_OUT in those above (ANT_SIDE_FLAGS), and above them the edges so
// far.
enum {
    ANT_SIDE_READY = 1,  // a try may get somewhere
    ANT_SIDE_ENDS = 2,   // the other end is gone: it stays ready
    ANT_SIDE_CLOSED = 4, // by the program: operations are -ECANCELED
    ANT_SIDE_SHUT = 8,   // its runtime has ended: operations are -ESHUTDOWN
};
#define ANT_SIDE_FLAGS(side, flags) ((uint64_t)(flags) << 4 * (side))

// A handle of both sides, in bits.
#define ANT_SIDES_BOTH 3u

// What a source can do, of its world. Each is a try that does not wait: -EAGAIN
// when it would have to. A member may be NULL: then that is -ENOTSUP.
typedef struct ant_source_ops {
    int64_t (*read)(ant_source *source, void *to, size_t len);
    int64_t (*write)(ant_source *source, const void *from, size_t len);
    int (*accept)(ant_source *source, ant_source **ret_source);
    int (*connected)(ant_source *source); // is it, by now?
    int64_t (*recv_from)(ant_source *source, void *to, size_t len,
                         ant_addr *ret_from);
    int64_t (*send_to)(ant_source *source, const void *from, size_t len,
                       const ant_addr *to);
    // What has come, as a number: a signal, the end of a child.
    int64_t (*take)(ant_source *source);
    int (*kill)(ant_source *source, int signum);
    // Nothing more will be written.
    int (*shutdown)(ant_source *source);
    int (*local)(ant_source *source, ant_addr *ret_addr);
    int (*peer)(ant_source *source, ant_addr *ret_addr);
    int (*set_nodelay)(ant_source *source, bool is_on);
    int (*descriptor)(const ant_source *source);
    // Somebody is about to wait on this side. NULL: edges come unasked.
    void (*arm)(ant_source *source, ant_side side);
    // Nobody uses it any more: closes and frees it.
    void (*close)(ant_source *source);
} ant_source_ops;

#define ANT_SOURCE_NAME_MAX 48

// The first member of each world's sources.
struct ant_source {
    ant_resource resource; // first
    // fixed after init
    const ant_source_ops *ops;
    bool is_stream; // of bytes: fewer than wanted means that there is no more
    // any thread
    ant_atomic_u64 state;
    ant_atomic_u32 refs;
    ant_waitlist waiters[2];        // of each side
    char name[ANT_SOURCE_NAME_MAX]; // what resource.name points to
};

// A world's sockets. The driver has one (driver->net). 0 or -errno; a source
// that is returned has one reference, the caller's. What a world cannot do it
// refuses with -ENOTSUP.
typedef struct ant_net_ops {
    int (*listen)(ant_net *net, const ant_addr *addr, uint32_t backlog,
                  ant_source **ret_source);
    // Begins to connect. ops->connected says how that went.
    int (*connect)(ant_net *net, const ant_addr *addr, ant_source **ret_source);
    int (*bind_datagram)(ant_net *net, const ant_addr *addr,
                         ant_source **ret_source);
    // Two ends of a connection within this process.
    int (*pair)(ant_net *net, ant_source *ret_source[2]);
    // Makes a source of a descriptor, which it owns from then on.
    int (*adopt)(ant_net *net, int fd, ant_source **ret_source);
    // The addresses of a name, without ports; it blocks. NULL: there are none.
    int (*look_up)(const char *host, ant_addr *ret_addr, unsigned max);
    int (*listen_signal)(ant_net *net, int signum, ant_source **ret_source);
    int (*raise_signal)(ant_net *net, int signum);
    // Starts a child: fills in its source, its pipes and its number. NULL:
    // there are no other processes.
    int (*spawn)(ant_net *net, const struct ant_process_desc *desc,
                 struct ant_child *ret_child);
} ant_net_ops;

struct ant_net {
    const ant_net_ops *ops;
};

// The sockets of the runtime that the calling thread belongs to. None is a
// programmer's error and traps: `what` needs one.
ant_net *ant__net_here(const char *what);

// ---- For worlds ----

// Prepares a source with one reference. Its resource gets `kind`, and its name
// by ant__source_name. Both sides count as ready until a try says otherwise.
void ant__source_init(ant_source *source, const ant_source_ops *ops,
                      uint32_t kind);

// The opposite, in ops->close.
void ant__source_deinit(ant_source *source);

// An edge: wakes who waits on this side. `flags` is ANT_SIDE_READY, with
// ANT_SIDE_ENDS when it will stay so. Not under a lock.
void ant__source_edge(ant_source *source, ant_side side, uint32_t flags);

// An edge of one side or both: what ANT_SIDE_FLAGS says of each.
void ant__source_edges(ant_source *source, uint64_t flags);

// The runtime ends: every operation on it fails from now on.
void ant__source_shut(ant_source *source);

// Whether anybody waits on it.
bool ant__source_is_awaited(ant_source *source);

// ---- For futures ----

// Names it for people. Before others know of it.
void ant__source_name(ant_source *source, const char *name);

// Where it was made, for the trace.
void ant__source_origin(ant_source *source, const char *file, uint32_t line);

void ant__source_ref(ant_source *source);
// False when it is being closed already.
ANT_MUST_USE bool ant__source_try_ref(ant_source *source);
void ant__source_unref(ant_source *source);

// Closes the handle of these sides (bits 1 << ANT_SIDE_…): all operations on
// them end with -ECANCELED, its reference is given up, and *source becomes
// NULL. If it is already, that does nothing.
void ant__source_close(ant_source **source, uint8_t sides);

// One operation of a future on one side. {0} is none; it must not move once it
// was polled.
typedef struct ant_source_op {
    ant_source *source;
    uint32_t line;  // in the program
    uint8_t side;   // ant_side
    bool has_begun; // to wait, and so has a reference
    // set when it has begun
    ant_waiter waiter;
} ant_source_op;

// A new one. What is looked at only when it waits is not set.
ANT_MUST_USE static inline ant_source_op
ant__source_op(ant_source *source, ant_side side, uint32_t line)
{
    ant_source_op op;
    op.source = source;
    op.line = line;
    op.side = (uint8_t)side;
    op.has_begun = false;
    return op;
}

// A try: what was done, or -errno.
typedef int64_t (*ant_try_fn)(ant_source *source, void *arg);

// One poll: tries, and joins the queue when it was in vain. -EAGAIN: the task
// has to return PENDING. `wanted` is how many bytes would fill the wish, 0 for
// what has no number.
ANT_MUST_USE static inline int64_t ant__source_poll(ant_source_op *op,
                                                    ant_try_fn attempt,
                                                    void *arg, size_t wanted,
                                                    ant_cx *cx);

// The try that is ops->take.
ANT_MUST_USE int64_t ant__source_take(ant_source *source, void *arg);

// The operation is over, or its future is dropped.
void ant__source_op_end(ant_source_op *op);

// For waits_on.
ANT_MUST_USE bool ant__source_op_describe(const ant_source_op *op,
                                          ant_wait *ret_wait);

// A try outside of any future: -EAGAIN when it would have to wait.
ANT_MUST_USE static inline int64_t ant__source_try(ant_source *source,
                                                   ant_side side,
                                                   ant_try_fn attempt,
                                                   void *arg, size_t wanted);

// ---- The way that every try goes ----
//
// It is here so that a compiler sees through it, to the read or write itself.

// Of these a try makes sense, if only to hear the error.
#define ANT_SIDE_WORTH_A_TRY                                                   \
    (ANT_SIDE_READY | ANT_SIDE_ENDS | ANT_SIDE_CLOSED | ANT_SIDE_SHUT)

static inline uint32_t ant__side_flags(uint64_t state, ant_side side)
{
    return state >> 4 * side & 15;
}

// The side is not ready, if no edge has come since its state was `seen`.
void ant__source_set_unready(ant_source *source, ant_side side, uint64_t seen);

// Joins the queue. False when another try is worth it instead.
ANT_MUST_USE bool ant__source_wait(ant_source_op *op, ant_cx *cx);

// A try, unless it is known to be in vain. Says "not ready" when it was, or
// when it used up all there is.
static inline int64_t ant__source_try(ant_source *source, ant_side side,
                                      ant_try_fn attempt, void *arg,
                                      size_t wanted)
{
    for (;;) { // ends when no edge came during the try
        // acquire: pairs with ant__source_edges() and end_side().
        const uint64_t seen = ant_atomic_load(&source->state, ANT_ACQUIRE);
        const uint32_t flags = ant__side_flags(seen, side);
        if (!(flags & ANT_SIDE_WORTH_A_TRY)) return -EAGAIN;
        if (ANT_UNLIKELY(flags & ANT_SIDE_CLOSED)) return -ECANCELED;
        if (ANT_UNLIKELY(flags & ANT_SIDE_SHUT)) return -ESHUTDOWN;
        const int64_t done = attempt(source, arg);
        const bool is_short = done > 0 && (uint64_t)done < wanted;
        const bool is_drained =
            is_short && source->is_stream && !(flags & ANT_SIDE_ENDS);
        if (done == -EAGAIN || is_drained)
            ant__source_set_unready(source, side, seen);
        if (done != -EAGAIN) return done;
    }
}

// What can be done at once is done with the reference of the handle, whose task
// is polling here; only who waits needs one of his own.
static inline int64_t ant__source_poll(ant_source_op *op, ant_try_fn attempt,
                                       void *arg, size_t wanted, ant_cx *cx)
{
    // Paid before it is done: what was done cannot be pending.
    if (!ant_coop_consume(cx)) return -EAGAIN;
    do { // ends when there is no edge between the try and the wait
        const int64_t done = ant__source_try(op->source, (ant_side)op->side,
                                             attempt, arg, wanted);
        if (done != -EAGAIN) return done;
    } while (!ant__source_wait(op, cx));
    cx->budget++; // to wait costs nothing
    return -EAGAIN;
}

#endif
