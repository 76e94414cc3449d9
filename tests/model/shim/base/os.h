// SPDX-License-Identifier: MIT
//
// base/os.h for model builds: a lock that lets the explorer choose who gets it.

#ifndef ANT_BASE_OS_H
#define ANT_BASE_OS_H

#include <stdbool.h>
#include <stdint.h>

#define ANT_NS_PER_MS UINT64_C(1000000)
#define ANT_NS_NEVER  UINT64_MAX

typedef struct ant_os_mutex {
    bool is_locked;
} ant_os_mutex;

void ant_os_mutex_init(ant_os_mutex *mutex);
void ant_os_mutex_deinit(ant_os_mutex *mutex);
void ant_os_mutex_lock(ant_os_mutex *mutex);
void ant_os_mutex_unlock(ant_os_mutex *mutex);

uint64_t ant_os_now_ns(void);

// Another thread goes first.
void ant_os_cpu_relax(void);
void ant_os_yield(void);

#endif
