// SPDX-License-Identifier: MIT
//
// What both programs that test the wheel share: one wheel, and the list of
// what is due. Included once by each.

#ifndef TEST_WHEEL_H
#define TEST_WHEEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "time/wheel.h"

#define TICK_NS ANT_WHEEL_NS_PER_TICK

// 8 KiB each, so not on the stack.
static ant_wheel wheel;
static ant_list due;

// A wheel that starts at `start_ns` and has run for `uptime` ticks.
static void wheel_init(uint64_t start_ns, uint64_t uptime)
{
    ant_wheel_init(&wheel, start_ns);
    ant_list_init(&due);
    ant_wheel_advance(&wheel, start_ns + uptime * TICK_NS, &due);
    assert_true(ant_list_is_empty(&due));
}

static ant_timer *due_pop(void)
{
    ant_list *link = ant_list_pop_front(&due);
    if (link == NULL) return NULL;
    return ANT_CONTAINER_OF(link, ant_timer, link);
}

#endif
