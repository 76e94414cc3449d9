// SPDX-License-Identifier: MIT
//
// Short names for the kit that polls by hand, which most unit tests use: see
// mock/mock_task.h and mock/manual_clock.h.

#ifndef ANT_TESTS_SUPPORT_HAND_H
#define ANT_TESTS_SUPPORT_HAND_H

#include <setjmp.h>

#include "mock/manual_clock.h"
#include "mock/mock_task.h"

#define hand_clock            ant_mock_clock
#define hand_clock_init       ant_mock_clock_init
#define hand_clock_deinit     ant_mock_clock_deinit
#define hand_clock_advance_ms ant_mock_clock_advance_ms
#define hand_clock_ms         ant_mock_clock_ms

#define hand_evil_fn    ant_mock_evil_fn
#define hand_task       ant_mock_task
#define hand_task_init  ant_mock_task_init
#define hand_poll       ant_mock_task_poll
#define hand_take_wakes ant_mock_task_take_wakes
#define hand_refs       ant_mock_task_waker_refs
#define hand_traps      ant_mock_traps
#define hand_trap_text  ant_mock_trap_text

#endif
