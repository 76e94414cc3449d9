// SPDX-License-Identifier: MIT
//
// The stall report: when nothing can ever wake again, who waits for whom. It is
// made while every thread of the runtime stands still, reads their futures from
// the root down to the leaves, and allocates nothing.

#ifndef ANT_RT_STALL_H
#define ANT_RT_STALL_H

#include <stddef.h>

#include "sched/sched.h"

// Writes the report, several lines, into `text`, and records it.
void ant__stall_report(ant_sched *sched, char *text, size_t size);

#endif
