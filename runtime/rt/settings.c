// SPDX-License-Identifier: MIT
//
// What a runtime takes from the environment, so that a program does not change
// to run in another flavour or to be recorded.

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "rt/runtime_impl.h"
#include "trace/trace.h"

#define WORKERS_MAX 1024

// What a variable may say, for people.
static const struct {
    const char *name;
    const char *allowed;
} variables[] = {
    { "ANTFARM_FLAVOR", "current, multi or sim" },
    { "ANTFARM_WORKERS", "a number from 1 to 1024" },
    { "ANTFARM_SEED", "a number" },
    { "ANTFARM_SCHEDULE", "places from 1 on, as in 2.1.3, and then ? or *; it "
                          "needs ANTFARM_FLAVOR=sim" },
    { "ANTFARM_SPURIOUS", "a number from 2 on; it needs ANTFARM_FLAVOR=sim" },
    { "ANTFARM_TRACE", "a file that can be written" },
    { "ANTFARM_TRACE_LEVEL", "sched or full" },
    { "ANTFARM_TRACE_MAX", "a number of bytes" },
};

// The variable that was refused last on this thread, NULL for none.
static _Thread_local const char *refused;

static int refuse(const char *name, int err)
{
    refused = name;
    return err;
}

const char *ant__settings_refused(const char **ret_allowed)
{
    for (size_t i = 0; i < ANT_ARRAY_LEN(variables); i++) {
        if (refused != NULL && strcmp(variables[i].name, refused) == 0)
            *ret_allowed = variables[i].allowed;
    }
    return refused;
}

// A number from the environment; *ret_value stays when the variable is not set.
static int env_number(const char *name, uint64_t max, uint64_t *ret_value)
{
    const char *text = getenv(name);
    if (text == NULL || *text == '\0') return 0;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || *text == '-' || value > max)
        return refuse(name, -EINVAL);
    *ret_value = value;
    return 0;
}

static int flavor_default(ant_flavor *flavor)
{
    if (*flavor != ANT_RUNTIME_DEFAULT) return 0;
    const char *text = getenv("ANTFARM_FLAVOR");
    *flavor = ANT_RUNTIME_MULTI;
    if (text == NULL || *text == '\0' || strcmp(text, "multi") == 0) return 0;
    if (strcmp(text, "current") == 0)
        *flavor = ANT_RUNTIME_CURRENT;
    else if (strcmp(text, "sim") == 0)
        *flavor = ANT_RUNTIME_SIM;
    else
        return refuse("ANTFARM_FLAVOR", -EINVAL);
    return 0;
}

static int workers_default(ant_runtime_desc *desc)
{
    uint64_t count = desc->worker_count;
    if (count == 0) {
        int err = env_number("ANTFARM_WORKERS", WORKERS_MAX, &count);
        if (err < 0) return err;
    }
    if (count > WORKERS_MAX) return -EINVAL;
    if (desc->flavor == ANT_RUNTIME_CURRENT) count = 1;
    if (count == 0)
        count = desc->flavor == ANT_RUNTIME_SIM ? 1 : ant_os_cpu_count();
    desc->worker_count = (uint32_t)count;
    return 0;
}

static int schedule_default(ant_runtime_desc *desc)
{
    if (desc->schedule != NULL)
        return ant__choices_are_valid(desc->schedule) ? 0 : -EINVAL;
    desc->schedule = getenv("ANTFARM_SCHEDULE");
    if (desc->schedule == NULL) return 0;
    const bool is_good = desc->flavor == ANT_RUNTIME_SIM &&
                         ant__choices_are_valid(desc->schedule);
    return is_good ? 0 : refuse("ANTFARM_SCHEDULE", -EINVAL);
}

// With 1, each poll for no reason would be followed by the next.
static int spurious_default(ant_runtime_desc *desc)
{
    if (desc->spurious_interval != 0)
        return desc->spurious_interval > 1 ? 0 : -EINVAL;
    uint64_t interval = 0;
    int err = env_number("ANTFARM_SPURIOUS", UINT32_MAX, &interval);
    if (err < 0) return err;
    if (interval == 1 || (interval != 0 && desc->flavor != ANT_RUNTIME_SIM))
        return refuse("ANTFARM_SPURIOUS", -EINVAL);
    desc->spurious_interval = (uint32_t)interval;
    return 0;
}

int ant__runtime_defaults(ant_runtime_desc *desc)
{
    refused = NULL;
    int err = flavor_default(&desc->flavor);
    if (err < 0) return err;
    err = workers_default(desc);
    if (err < 0) return err;
    if (desc->seed == 0) {
        err = env_number("ANTFARM_SEED", UINT64_MAX, &desc->seed);
        if (err < 0) return err;
    }
    err = schedule_default(desc);
    if (err < 0) return err;
    err = spurious_default(desc);
    if (err < 0) return err;
    if (desc->lifo == ANT_LIFO_DEFAULT)
        desc->lifo =
            desc->flavor == ANT_RUNTIME_MULTI ? ANT_LIFO_ON : ANT_LIFO_OFF;
    const bool is_current = desc->flavor == ANT_RUNTIME_CURRENT;
    if (desc->inject_interval == 0)
        desc->inject_interval = is_current ? 31 : 61;
    if (desc->event_interval == 0) desc->event_interval = 61;
    if (desc->thread_name == NULL) desc->thread_name = "ant-worker";
    return 0;
}

static uint64_t timebase_now(void *arg)
{
    return ant_timebase_now_recorded(arg);
}

int ant__runtime_record(ant_runtime *runtime)
{
    const char *path = getenv("ANTFARM_TRACE");
    if (path == NULL || *path == '\0' || ant_trace_path() != NULL) return 0;

    const bool is_sim = runtime->desc.flavor == ANT_RUNTIME_SIM;
    ant_trace_desc desc = { .path = path, .level = ANT_LEVEL_FULL };
    const char *level = getenv("ANTFARM_TRACE_LEVEL");
    if (level != NULL && strcmp(level, "sched") == 0) {
        desc.level = ANT_LEVEL_SCHED;
    } else if (level != NULL && *level != '\0' && strcmp(level, "full") != 0) {
        return refuse("ANTFARM_TRACE_LEVEL", -EINVAL);
    }
    int err = env_number("ANTFARM_TRACE_MAX", UINT64_MAX, &desc.bytes_max);
    if (err < 0) return err;
    if (runtime->desc.flavor != ANT_RUNTIME_MULTI) {
        // It may stand still; timers are on time by this clock.
        desc.now_ns = timebase_now;
        desc.arg = &runtime->timebase;
    }
    if (is_sim) {
        // The same seed gives the same bytes: ids start again, time is virtual.
        ant_trace_ids_reset();
        desc.is_virtual = true;
    }
    err = ant_trace_start(&desc);
    runtime->owns_recording = err == 0;
    return err < 0 ? refuse("ANTFARM_TRACE", err) : 0;
}
