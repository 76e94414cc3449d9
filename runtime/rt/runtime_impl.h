// SPDX-License-Identifier: MIT
//
// What a runtime is made of, for the files of rt.

#ifndef ANT_RT_RUNTIME_IMPL_H
#define ANT_RT_RUNTIME_IMPL_H

#include "rt/choices.h"
#include "rt/runtime.h"
#include "sched/sched.h"

struct ant_runtime {
    // fixed after it was made
    ant_runtime_desc desc; // with all defaults filled in
    ant_driver *driver;
    ant_choices choices; // the worker's
    bool owns_recording; // it started the recorder and will stop it
    ant_list place;      // among all runtimes, under their lock
    // current-thread: who may be the worker; under lock
    ant_os_mutex lock;
    ant_list waiting; // threads in block_on that are not the worker
    bool has_worker;
    // any thread
    ant_timebase timebase;
    ant_timers timers;
    ant_sched sched;
};

// Fills in what is left 0 in *desc, from the environment and from defaults. 0,
// or -EINVAL when a variable says nothing that makes sense.
int ant__runtime_defaults(ant_runtime_desc *desc);

// Starts the recorder when the environment asks for it and nothing is being
// recorded. 0 or -errno.
int ant__runtime_record(ant_runtime *runtime);

// The environment variable that kept the last runtime of this thread from
// starting, and what it may say; NULL when it was none.
const char *ant__settings_refused(const char **ret_allowed);

// Stops its time, unless it stands still anyway. On the worker, or before there
// is one.
void ant__runtime_pause(ant_runtime *runtime);

// Runtimes that live now.
uint32_t ant__runtime_count(void);

// The runtime that the calling thread is inside of; a trap when there is none,
// since `what` (the name of a function) needs one.
ant_runtime *ant__runtime_here(const char *what);

// Is the calling thread in the middle of a poll of an async task?
bool ant__is_async_here(void);

// What is said when the program set no hooks of its own. rt/crash.c.
void ant__crash_install(void);
ANT_NORETURN void ant__stall_exit(const char *report);
ANT_NORETURN void ant__schedule_exit(const ant_choices *choices,
                                     uint32_t ready);
void ant__panic_print(uint32_t task, const char *name,
                      const ant_failure *failure);
void ant__main_unstarted_print(int err);
void ant__main_failed_print(const char *name, int err);

#endif
