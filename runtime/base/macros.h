// SPDX-License-Identifier: MIT
//
// The few macros that every other file may use. Nothing here has state.

#ifndef ANT_BASE_MACROS_H
#define ANT_BASE_MACROS_H

#include <stddef.h>

// The caller has to look at the value. On a future's constructor this turns
// "future never awaited" into a compiler warning, as in Rust.
#define ANT_MUST_USE __attribute__((warn_unused_result))

#define ANT_NORETURN __attribute__((noreturn))
#define ANT_UNUSED   __attribute__((unused))
// Keeps what is rare out of the way of what is not.
#define ANT_NOINLINE __attribute__((noinline))
#define ANT_PRINTF(format_at, first_at)                                        \
    __attribute__((format(printf, format_at, first_at)))

#define ANT_LIKELY(x)   __builtin_expect(!!(x), 1)
#define ANT_UNLIKELY(x) __builtin_expect(!!(x), 0)

// Has the processor fetch the 64 bytes around `p`, which are needed soon. Any
// address will do: it is not looked at.
#define ANT_PREFETCH(p) __builtin_prefetch(p)

#define ANT_ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

// From a pointer to a member back to the struct that embeds it.
#define ANT_CONTAINER_OF(pointer, type, member)                                \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

// Declares what is listed: `int a, char b` becomes `int a; char b;`. Up to 8.
#define ANT_FIELDS(...)                                                        \
    ANT__NINTH(__VA_ARGS__, ANT__8_FIELDS, ANT__7_FIELDS, ANT__6_FIELDS,       \
               ANT__5_FIELDS, ANT__4_FIELDS, ANT__3_FIELDS, ANT__2_FIELDS,     \
               ANT__1_FIELD, )                                                 \
    (__VA_ARGS__)
// clang-format off
#define ANT__NINTH(a, b, c, d, e, f, g, h, ninth, ...) ninth
#define ANT__1_FIELD(first)       first;
#define ANT__2_FIELDS(first, ...) first; ANT__1_FIELD(__VA_ARGS__)
#define ANT__3_FIELDS(first, ...) first; ANT__2_FIELDS(__VA_ARGS__)
#define ANT__4_FIELDS(first, ...) first; ANT__3_FIELDS(__VA_ARGS__)
#define ANT__5_FIELDS(first, ...) first; ANT__4_FIELDS(__VA_ARGS__)
#define ANT__6_FIELDS(first, ...) first; ANT__5_FIELDS(__VA_ARGS__)
#define ANT__7_FIELDS(first, ...) first; ANT__6_FIELDS(__VA_ARGS__)
#define ANT__8_FIELDS(first, ...) first; ANT__7_FIELDS(__VA_ARGS__)
// clang-format on

// A thread-local variable of a few bytes that is read all the time. It takes of
// the little room that a program keeps for libraries it loads later.
#define ANT_TLS_FAST __attribute__((tls_model("initial-exec")))

// Fields that different threads write stand on different cache lines.
#define ANT_CACHE_LINE    64
#define ANT_CACHE_ALIGNED __attribute__((aligned(ANT_CACHE_LINE)))

#endif
