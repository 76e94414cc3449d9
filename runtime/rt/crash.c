// SPDX-License-Identifier: MIT
//
// The only place where the runtime speaks: when a program traps, stalls or
// panics and has set no hook of its own. All of it goes to stderr.

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/err.h"
#include "core/here.h"
#include "core/task_block.h"
#include "rt/runtime_impl.h"
#include "trace/trace.h"

static void say_where_the_trace_is(void)
{
    const char *path = ant_trace_path();
    if (path == NULL) return;
    (void)fprintf(stderr, "antfarm: recorded in %s; see: antfarm view %s\n",
                  path, path);
}

// A programmer's error. What was recorded is in the file already.
static void on_crash(const char *file, int line, const char *what)
{
    (void)fprintf(stderr, "antfarm: %s:%d: %s\n", file, line, what);
    const ant_task *task = ant__here()->task;
    ANT_TRACE(crash, .task = task != NULL ? task->id : 0,
              .text = ant_trace_string(what), .file = ant_trace_string(file),
              .line = (uint64_t)line);
    if (task != NULL)
        (void)fprintf(stderr, "antfarm: while task %u `%.*s` was polled\n",
                      task->id, ant_task_name_len(task), task->name);
    say_where_the_trace_is();
}

void ant__crash_install(void)
{
    ant__crash_hook_set(on_crash);
}

void ant__stall_exit(const char *report)
{
    (void)fflush(stdout);
    (void)fputs(report, stderr);
    // The threads that stand still cannot be freed: nothing is cleaned up.
    _exit(ANT_EXIT_STALLED);
}

void ant__schedule_exit(const ant_choices *choices, uint32_t ready)
{
    (void)fflush(stdout);
    if (choices->misfit == 0) _exit(ANT_EXIT_CHOICE);
    (void)fprintf(stderr,
                  "antfarm: choice %u of the schedule is %llu, but only %u "
                  "tasks are ready there\n",
                  choices->made, (unsigned long long)choices->misfit, ready);
    _exit(ANT_EXIT_MISFIT);
}

void ant__panic_print(uint32_t task, const char *name,
                      const ant_failure *failure)
{
    (void)fprintf(stderr, "antfarm: task %u `%s` panicked at %s:%u: %s\n", task,
                  name, failure->file, failure->line, failure->text);
}

void ant__main_unstarted_print(int err)
{
    const char *allowed = "";
    const char *name = ant__settings_refused(&allowed);
    (void)fprintf(stderr, "antfarm: the runtime did not start: %s (%s)\n",
                  ant_err_text(err), ant_err_name(err));
    if (name != NULL)
        (void)fprintf(stderr, "antfarm: %s is `%s`; it should be %s\n", name,
                      getenv(name), allowed);
}

void ant__main_failed_print(const char *name, int err)
{
    (void)fprintf(stderr, "antfarm: %s failed: %s (%s)\n", name,
                  ant_err_text(err), ant_err_name(err));
}
