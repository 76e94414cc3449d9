// SPDX-License-Identifier: MIT
//
// A future is a piece of work that can be polled: a struct whose first member
// is an ant_future, and a poll function that moves it on as far as it can go
// without waiting. Tokio: std::future::Future.
//
// The life of a future: a constructor returns it by value, and until its first
// poll it may be copied. From then on it must not move. It ends once, by
// returning READY or by being dropped. Dropping a future that is zeroed, new or
// finished does nothing (but see is_hot). A future belongs to whoever polls it;
// it is polled by one thread at a time.
//
// The poll contract: PENDING is a promise that somebody holds a clone of
// cx->waker and will use it. READY is said once, with `result` set: 0 or
// more, or a negative errno value when the work failed.
//
//   ANT_ASYNC(tea)
//   {
//       switch (self->state) {
//       case TEA_START:
//           self->nap = ant_sleep(300);
//           return ANT_NEXT(TEA_BREWING);
//       case TEA_BREWING:
//           ANT_AWAIT(self->nap);
//           return ANT_READY;
//       }
//       ANT_UNREACHABLE();
//   }
//
//   function               Tokio                cancel-safe   alloc  threads
//   ANT_AWAIT              .await               as the child  no     its task
//   ANT_ASYNC              async fn             -             no     -
//   ANT_FUTURE             calling an async fn  -             no     any
//   ant_future_poll        Future::poll         -             no     its task
//   ant_future_drop        drop(future)         -             no     its owner
//   ant_future_is_ready    FusedFuture          -             no     its owner
//   ant_future_state_name  -                    -             no     its owner
//   ant_coop_consume       coop::poll_proceed   -             no     its task

#ifndef ANT_CORE_FUTURE_H
#define ANT_CORE_FUTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/atomic.h"
#include "base/macros.h"
#include "core/waker.h"
#include "trace/trace.h"

typedef enum ant_poll {
    ANT_PENDING,
    ANT_READY,
    ANT_ITEM,  // of a stream: one item, more may come (stream/stream.h)
    ANT_AGAIN, // the state changed, call straight back; never leaves the loop
} ant_poll;

typedef struct ant_future ant_future;
typedef struct ant_cx ant_cx;
typedef struct ant_wait ant_wait; // core/resource.h

#define ANT_STATE_NAMES_MAX 32

// One table for each kind of future, made by ANT_ASYNC.
typedef struct ant_future_ops {
    // fixed
    const char *name;
    const char *file;
    uint32_t line;
    uint32_t size; // of the whole future
    ant_poll (*poll)(ant_future *self, ant_cx *cx);
    // Gives back what the future holds. NULL: drop the awaited child.
    void (*drop)(ant_future *self);
    // It holds something before its first poll: then too `drop` is called. A
    // join handle does, whose task runs whether it is awaited or not.
    bool is_hot;
    // The i-th child of a future with several, NULL at the end. May be NULL.
    ant_future *(*child)(const ant_future *self, unsigned i);
    // A future with several children needs one of them only, as a select does.
    bool needs_any;
    // What a leaf waits for now; false when for nothing. May be NULL.
    bool (*waits_on)(const ant_future *self, ant_wait *ret_wait);

    // any thread, atomic: names for the recorder and the debugger
    ant_atomic_u32 trace_id;
    ant_atomic_u64 states_known; // bit n: the recorder knows state n
    ant_atomic_ptr state_name[ANT_STATE_NAMES_MAX];
} ant_future_ops;

typedef enum ant_phase {
    ANT_PHASE_NEW,     // never polled: may be copied
    ANT_PHASE_STARTED, // never moves again
    ANT_PHASE_ENDED,   // was READY or dropped
} ant_phase;

struct ant_future {
    ant_future_ops *ops; // NULL: a zeroed future
    ant_future *awaited; // the child that is pending
    int32_t result;      // of a READY future: 0 or more, or -errno
    uint32_t id;         // the recorder's, 0 for none
    uint16_t line;       // of the last ANT_AWAIT, ANT_NEXT or ANT_FAIL
    uint8_t phase;       // ant_phase
    uint8_t state;       // the last ANT_NEXT; for messages
};

// What a poll is given. It lives for the time of one poll of a task.
struct ant_cx {
    ant_waker waker;         // borrowed: clone it to keep it
    ant_wakeable *yielder;   // the task when it yielded: it is queued when this
                             // poll ends
    struct ant_clock *clock; // time/clock.h; NULL: no timers here
    uint64_t seen_ns;        // what it said last in this poll; 0: nothing yet
    struct ant_rng *rng;     // base/rng.h, for select; NULL: always start at 0
    uint32_t task;           // id for the trace, 0 outside of a task
    uint32_t parent;         // the recorder's id of the future being polled
    int32_t budget;          // operations left in this poll
    int32_t again_left;      // state changes left in this poll
    bool has_yielded;        // the task goes behind everything else
    bool is_unconstrained;   // the budget stops nobody (task/coop.h)
};

// Operations a task may do in one poll before it has to yield, as in Tokio.
#define ANT_BUDGET 128
// State changes in one poll before a loop that never waits has to yield.
#define ANT_AGAIN_MAX 4096

// Polls `future` once: runs it until it is PENDING or READY. Polling a future
// that has ended is a programmer's error and traps. Tokio: Future::poll.
ANT_MUST_USE static inline ant_poll ant_future_poll(ant_future *future,
                                                    ant_cx *cx);

// Ends `future` early and gives back what it and its children hold.
// Tokio: drop(future).
void ant_future_drop(ant_future *future);

static inline bool ant_future_is_ready(const ant_future *future)
{
    return future->phase == ANT_PHASE_ENDED;
}

// Takes one operation from the task's budget. False when none is left: the
// task was then woken, to yield; return PENDING. Every leaf future calls this
// before it succeeds. Tokio: task::coop.
ANT_MUST_USE static inline bool ant_coop_consume(ant_cx *cx);

// Wakes the task being polled, behind everything that is runnable.
static inline void ant__cx_yield(ant_cx *cx, uint32_t via);

// The program's own future in which the task being polled stands, the innermost
// one: its line is where the program is. NULL for none.
const ant_future *ant__future_of_program(void);

// The name of the state that `future` is in, "?" when it has none.
const char *ant_future_state_name(const ant_future *future);

// ---- The form of an async function ----

// Opens the poll function of `struct name`. In the body, `self` is the struct
// and `cx` the context. Also makes name_ops, which ANT_INIT needs.
#define ANT_ASYNC(name) ANT_ASYNC_OPS(name, .drop = NULL)

// As ANT_ASYNC for a future that holds more than the child it awaits: the file
// defines `static void name_drop(struct name *self)`, which gives that back and
// then calls ant_future_drop on its children. As nothing of a function's body
// exists before its first poll, it is not called before.
#define ANT_ASYNC_WITH_DROP(name) ANT__ASYNC_DROPPED(name, false)

// The same for a future that is given something to own, a socket or a sender:
// it is called then too, as Rust drops the arguments of an async fn. What was
// not made yet is zeroed, and dropping that does nothing.
#define ANT_ASYNC_OWNING(name) ANT__ASYNC_DROPPED(name, true)

#define ANT__ASYNC_DROPPED(name, is_hot_)                                      \
    ANT__ON_DROP(name)                                                         \
    ANT_ASYNC_OPS(name, .drop = name##_on_drop, .is_hot = (is_hot_))

// name_on_drop, for ant_future_ops, of the file's own name_drop.
#define ANT__ON_DROP(name)                                                     \
    static void name##_drop(struct name *self);                                \
    static void name##_on_drop(ant_future *future)                             \
    {                                                                          \
        name##_drop((struct name *)(void *)future);                            \
    }

// As ANT_ASYNC, with further members of ant_future_ops: for leaf futures and
// combinators, which say what they wait for and which children they have. On
// one line: gcc and clang disagree about the line of a macro that takes
// several, and with it their traces.
#define ANT_ASYNC_OPS(name_, ...)                                              \
    ANT__OPS(name_, __VA_ARGS__)                                               \
    ANT__ASYNC_BODY(name_)

// Initialises the base of a new future, in a constructor:
//   return (struct tea){ ANT_INIT(tea), .cups = 2 };
#define ANT_INIT(name) .base = ANT__NEW_BASE(&name##_ops)

// What a new future's base is. All of it is said: of a struct whose members are
// all given, or are set one by one, gcc stores each in its place; of another
// one it clears the whole first, which costs more than most polls.
#define ANT__NEW_BASE(ops_)                                                    \
    {                                                                          \
        .ops = (ops_), .awaited = NULL, .result = 0, .id = 0, .line = 0,       \
        .phase = ANT_PHASE_NEW, .state = 0                                     \
    }

// A new future, its arguments by name: ant_spawn(ANT_FUTURE(tea, .cups = 2)).
#define ANT_FUTURE(name, ...) ((struct name){ ANT_INIT(name), __VA_ARGS__ })

// The constructor of a future without arguments: `struct tea tea(void)`.
#define ANT_CONSTRUCTOR(name)                                                  \
    ANT_MUST_USE ANT_UNUSED static struct name name(void)                      \
    {                                                                          \
        return (struct name){ ANT_INIT(name) };                                \
    }

// The short form of an async function that awaits in one place only, on one
// line: its arguments, what it keeps, and what it awaits. This is the struct,
// the constructor without arguments, and ANT_ASYNC. It needs no states: its one
// child is under way, or ANT_BEGINS.
//
//   ANT_ASYNC_FN(tea, int cups, struct ant_sleep kettle)
//   {
//       if (ANT_BEGINS(self->kettle)) self->kettle = ant_sleep(300);
//       ANT_AWAIT(self->kettle);
//       return --self->cups > 0 ? ANT_AGAIN : ANT_READY;
//   }
//
#define ANT_ASYNC_FN(name_, ...)                                               \
    struct name_ {                                                             \
        ant_future base;                                                       \
        ANT_FIELDS(__VA_ARGS__)                                                \
    };                                                                         \
    ANT__OPS(name_, .drop = NULL)                                              \
    ANT_CONSTRUCTOR(name_)                                                     \
    ANT__ASYNC_BODY(name_)

// Whether to make `child` now: it is zeroed, or over. False while it is under
// way. For the functions without states.
#define ANT_BEGINS(child_) ant__begins(ANT__SELF, &(child_).base, __LINE__)

// The future that `self` begins with; a stream begins with one too.
#define ANT__SELF ((ant_future *)(void *)&self->base)

// Polls a child that lives in `self` and returns PENDING while it is pending.
// The only macro that hides a return.
#define ANT_AWAIT(child_)                                                      \
    do {                                                                       \
        if (ant__await(ANT__SELF, &(child_).base, #child_, __LINE__, cx) ==    \
            ANT_PENDING)                                                       \
            return ANT_PENDING;                                                \
    } while (0)

// Goes to the state: `return ANT_NEXT(TEA_BREWING);`
#define ANT_NEXT(state_)                                                       \
    (self->state = (state_),                                                   \
     ant__next(ANT__SELF, (unsigned)(state_), #state_, __LINE__))

// Ends in failure: `return ANT_FAIL(-ETIMEDOUT);`
#define ANT_FAIL(error) ant__fail(ANT__SELF, (error), __LINE__)

// ---- What the macros call ----

#define ANT__OPS(name_, ...)                                                   \
    static ant_poll name_##_poll(struct name_ *self, ant_cx *cx);              \
    static ant_poll name_##_on_poll(ant_future *future, ant_cx *cx)            \
    {                                                                          \
        return name_##_poll((struct name_ *)(void *)future, cx);               \
    }                                                                          \
    static ant_future_ops name_##_ops = { .name = #name_,                      \
                                          .file = __FILE__,                    \
                                          .line = __LINE__,                    \
                                          .size = sizeof(struct name_),        \
                                          .poll = name_##_on_poll,             \
                                          __VA_ARGS__ };

#define ANT__ASYNC_BODY(name_)                                                 \
    static ant_poll name_##_poll(struct name_ *self, ANT_UNUSED ant_cx *cx)

ANT_MUST_USE bool ant__begins(const ant_future *self, const ant_future *child,
                              int line);
ANT_MUST_USE ant_poll ant__fail(ant_future *self, int error, unsigned line);

// ---- The ways that every poll goes ----
//
// They are here so that a compiler sees through them: an await of a child is
// then the call of its poll function, a few stores and two branches. Whatever
// is rare, and all that records, is behind a call.

// Polls a future that has ended or was never made, which traps, or one that is
// recorded.
ANT_MUST_USE ant_poll ant__future_poll_watched(ant_future *future,
                                               const char *name, unsigned line,
                                               ant_cx *cx);
// Traps when the child has ended; else as above.
ANT_MUST_USE ant_poll ant__await_watched(const ant_future *self,
                                         ant_future *child, const char *name,
                                         ant_cx *cx);
void ant__next_watched(const ant_future *self, const char *name);
// A loop that never waits gives the others a turn.
ANT_MUST_USE ant_poll ant__cx_give_way(ant_cx *cx);
// The budget is used up.
ANT_MUST_USE bool ant__coop_refuse(ant_cx *cx);
void ant__cx_yield_first(ant_cx *cx, uint32_t via);

static inline bool ant__future_is_watched(const ant_future *future)
{
    return ANT_UNLIKELY(future->phase == ANT_PHASE_ENDED) ||
           ANT_UNLIKELY(future->ops == NULL) || ant_trace_is_on(ANT_LEVEL_FULL);
}

// Runs a future's poll function until its state changes no more.
ANT_MUST_USE static inline ant_poll ant__future_run(ant_future *future,
                                                    ant_cx *cx)
{
    future->phase = ANT_PHASE_STARTED;
    ant_poll poll;
    do {
        poll = future->ops->poll(future, cx);
    } while (poll == ANT_AGAIN && --cx->again_left > 0);
    if (ANT_UNLIKELY(poll == ANT_AGAIN)) poll = ant__cx_give_way(cx);
    if (poll == ANT_READY) future->phase = ANT_PHASE_ENDED;
    return poll;
}

// Polls a child on behalf of a combinator: as ant_future_poll, and the trace
// shows the child under `name`.
ANT_MUST_USE static inline ant_poll ant__future_poll_as(ant_future *child,
                                                        const char *name,
                                                        unsigned line,
                                                        ant_cx *cx)
{
    if (ant__future_is_watched(child))
        return ant__future_poll_watched(child, name, line, cx);
    return ant__future_run(child, cx);
}

static inline ant_poll ant_future_poll(ant_future *future, ant_cx *cx)
{
    return ant__future_poll_as(future, NULL, 0, cx);
}

ANT_MUST_USE static inline ant_poll ant__await(ant_future *self,
                                               ant_future *child,
                                               const char *name, unsigned line,
                                               ant_cx *cx)
{
    self->line = (uint16_t)line;
    self->awaited = child;
    const ant_poll poll = ant__future_is_watched(child)
                              ? ant__await_watched(self, child, name, cx)
                              : ant__future_run(child, cx);
    if (poll == ANT_READY) self->awaited = NULL;
    return poll;
}

ANT_MUST_USE static inline ant_poll ant__next(ant_future *self, unsigned state,
                                              const char *name, unsigned line)
{
    self->line = (uint16_t)line;
    self->state = (uint8_t)state;
    // relaxed: the names are string literals. Each is written once; the test
    // keeps the line shared between workers.
    const bool is_named =
        state >= ANT_STATE_NAMES_MAX ||
        ant_atomic_load(&self->ops->state_name[state], ANT_RELAXED) != 0;
    if (ANT_UNLIKELY(!is_named) || ant_trace_is_on(ANT_LEVEL_FULL))
        ant__next_watched(self, name);
    return ANT_AGAIN;
}

// Of several children that yield in one poll the first does it for all, but for
// those that have a waker of their own.
static inline void ant__cx_yield(ant_cx *cx, uint32_t via)
{
    const bool is_done = cx->has_yielded && cx->yielder == cx->waker.target;
    if (!is_done) ant__cx_yield_first(cx, via);
}

static inline bool ant_coop_consume(ant_cx *cx)
{
    if (ANT_UNLIKELY(cx->budget <= 0)) return ant__coop_refuse(cx);
    cx->budget--;
    return true;
}

// The recorder's number for a kind of future.
uint32_t ant__future_type_id(ant_future_ops *ops);

// As ant_future_drop, with the reason for the trace (ANT_DROP_…).
void ant__future_drop_why(ant_future *future, uint32_t why);

#endif
