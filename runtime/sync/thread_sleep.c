// SPDX-License-Identifier: MIT

#include "sync/thread_sleep.h"

#include <stddef.h>

#include "core/driver.h"
#include "core/here.h"
#include "trace/trace.h"

void ant__thread_sleep(uint64_t ms, const char *file, uint32_t line)
{
    const uint64_t ms_max = ANT_NS_NEVER / ANT_NS_PER_MS;
    const uint64_t ns = ms < ms_max ? ms * ANT_NS_PER_MS : ANT_NS_NEVER;
    const uint32_t task = ant_task_id_here();
    ANT_TRACE(block_begin, .task = task, .what = ANT_BLOCK_SLEEP,
              .file = ant_trace_string(file), .line = line);
    ant_driver *driver = ant__driver_here();
    if (driver != NULL)
        driver->ops->sleep(driver, ns);
    else
        ant_os_sleep_ns(ns);
    ANT_TRACE(block_end, .task = task, .what = ANT_BLOCK_SLEEP);
}
