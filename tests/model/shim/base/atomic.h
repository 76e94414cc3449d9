// SPDX-License-Identifier: MIT
//
// base/atomic.h for model builds: each operation is a step at which the
// explorer (tests/model/explore.h) may let another thread go on. All "threads"
// are fibers of one real thread, so the operations themselves are plain, and
// every execution is one order of whole operations: weak memory is not seen
// here (the thread sanitizer looks for that).

#ifndef ANT_BASE_ATOMIC_H
#define ANT_BASE_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

// The next operation may be another thread's.
void explore_step(void);

// The order is for real builds.
#define ANT_RELAXED 0
#define ANT_ACQUIRE 0
#define ANT_RELEASE 0
#define ANT_ACQ_REL 0
#define ANT_SEQ_CST 0

typedef uint8_t ant_atomic_u8;
typedef uint32_t ant_atomic_u32;
typedef uint64_t ant_atomic_u64;
typedef uintptr_t ant_atomic_ptr;

#define ant_atomic_load(at, order) (explore_step(), (void)(order), *(at))
#define ant_atomic_store(at, value, order)                                     \
    (explore_step(), (void)(order), (void)(*(at) = (value)))
#define ant_atomic_exchange(at, value, order)                                  \
    (explore_step(), (void)(order), EXPLORE_SWAP((at), (value)))
#define ant_atomic_add(at, value, order)                                       \
    EXPLORE_CHANGE((at), +, (value), (order))
#define ant_atomic_sub(at, value, order)                                       \
    EXPLORE_CHANGE((at), -, (value), (order))
#define ant_atomic_or(at, value, order)                                        \
    EXPLORE_CHANGE((at), |, (value), (order))
#define ant_atomic_and(at, value, order)                                       \
    EXPLORE_CHANGE((at), &, (value), (order))
#define ant_atomic_cas(at, expected, value, on_success, on_failure)            \
    EXPLORE_CAS((at), (expected), (value), (on_success), (on_failure))
// It never fails for no reason: a loop then only goes round once more.
#define ant_atomic_cas_weak(at, expected, value, on_success, on_failure)       \
    EXPLORE_CAS((at), (expected), (value), (on_success), (on_failure))

// The value before the change. (Expressions with statements are gcc's and
// clang's own; no other compiler builds models.)
#define EXPLORE_SWAP(at, value)                                                \
    __extension__({                                                            \
        __typeof__(*(at)) before_ = *(at);                                     \
        *(at) = (value);                                                       \
        before_;                                                               \
    })
#define EXPLORE_CHANGE(at, op, value, order)                                   \
    __extension__({                                                            \
        explore_step();                                                        \
        (void)(order);                                                         \
        __typeof__(*(at)) before_ = *(at);                                     \
        *(at) = (__typeof__(*(at)))(before_ op(value));                        \
        before_;                                                               \
    })
#define EXPLORE_CAS(at, expected, value, on_success, on_failure)               \
    __extension__({                                                            \
        explore_step();                                                        \
        (void)(on_success), (void)(on_failure);                                \
        bool same_ = *(at) == *(expected);                                     \
        if (same_)                                                             \
            *(at) = (value);                                                   \
        else                                                                   \
            *(expected) = *(at);                                               \
        same_;                                                                 \
    })

#endif
