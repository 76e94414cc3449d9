// SPDX-License-Identifier: MIT

#include "core/here.h"

#include <stdio.h>

#include "core/driver.h"
#include "core/task_block.h"

static _Thread_local ant_here thread_here;
_Thread_local ant_here *ant__here_current;

ant_here *ant__here_first(void)
{
    return ant__here_current = &thread_here;
}

void ant__here_set(ant_here *here)
{
    ant__here_current = here != NULL ? here : &thread_here;
}

void ant__no_runtime_here(const char *what)
{
    char text[160];
    (void)snprintf(text, sizeof text,
                   "%s needs a runtime: call it inside of a task, or after "
                   "ant_runtime_enter",
                   what);
    ant__crash(__FILE__, __LINE__, text);
}

uint32_t ant_task_id_here(void)
{
    const ant_here *here = ant__here();
    return here->task != NULL ? here->task->id : 0;
}

void ant_task_name_here(char *ret_name, size_t size)
{
    ant__task_copy_name(ant__here()->task, ret_name, size);
}

ant_driver *ant__driver_here(void)
{
    return ant__here()->driver;
}

ant_parker *ant__parker_here(void)
{
    return ant__here()->parker;
}
