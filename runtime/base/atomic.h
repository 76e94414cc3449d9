// SPDX-License-Identifier: MIT
//
// Atomics: the only user of <stdatomic.h>. Every operation names its memory
// order, and the caller's comment names the partner of that order. There are
// no standalone fences (the thread sanitizer does not understand them).
//
// Model builds replace this file by one that hands control to an explorer at
// each operation; that is why the operations are functions and not operators.

#ifndef ANT_BASE_ATOMIC_H
#define ANT_BASE_ATOMIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define ANT_RELAXED memory_order_relaxed
#define ANT_ACQUIRE memory_order_acquire
#define ANT_RELEASE memory_order_release
#define ANT_ACQ_REL memory_order_acq_rel
#define ANT_SEQ_CST memory_order_seq_cst

typedef _Atomic(uint8_t) ant_atomic_u8;
typedef _Atomic(uint32_t) ant_atomic_u32;
typedef _Atomic(uint64_t) ant_atomic_u64;
typedef _Atomic(uintptr_t) ant_atomic_ptr;

#define ant_atomic_load(at, order) atomic_load_explicit((at), (order))
#define ant_atomic_store(at, value, order)                                     \
    atomic_store_explicit((at), (value), (order))
#define ant_atomic_exchange(at, value, order)                                  \
    atomic_exchange_explicit((at), (value), (order))
#define ant_atomic_add(at, value, order)                                       \
    atomic_fetch_add_explicit((at), (value), (order))
#define ant_atomic_sub(at, value, order)                                       \
    atomic_fetch_sub_explicit((at), (value), (order))
#define ant_atomic_or(at, value, order)                                        \
    atomic_fetch_or_explicit((at), (value), (order))
#define ant_atomic_and(at, value, order)                                       \
    atomic_fetch_and_explicit((at), (value), (order))

// Compare and swap: on failure `*expected` holds what was found.
#define ant_atomic_cas(at, expected, value, on_success, on_failure)            \
    atomic_compare_exchange_strong_explicit((at), (expected), (value),         \
                                            (on_success), (on_failure))

// As ant_atomic_cas, but may fail for no reason: for use in loops.
#define ant_atomic_cas_weak(at, expected, value, on_success, on_failure)       \
    atomic_compare_exchange_weak_explicit((at), (expected), (value),           \
                                          (on_success), (on_failure))

#endif
