// SPDX-License-Identifier: MIT
//
// What it costs to wait for n futures that become ready one after the other, in
// nanoseconds for each: a join, which polls all of them after each wake, beside
// a future set, which polls only the one that was woken but needs a block, a
// counted waker and a queue for each. Where the lines cross says what a join
// should do (docs/decisions).

#include <stdio.h>
#include <stdlib.h>

#include "antfarm.h"
#include "base/os.h"
#include "mock/mock_task.h"

enum { COUNT_MAX = 1024, WORK = 1 << 19 };

static ant_mock_task task;

// A leaf future such as a receive: it keeps a waker until it is open.
typedef struct gate_state {
    ant_waker waker;
    bool is_open;
} gate_state;

static gate_state gates[COUNT_MAX];

struct pass {
    ant_future base;
    gate_state *gate;
};

ANT_ASYNC(pass)
{
    gate_state *gate = self->gate;
    if (gate->is_open) return ANT_READY;
    if (!ant_waker_same(&gate->waker, &cx->waker)) {
        ant_waker_drop(&gate->waker);
        gate->waker = ant_waker_clone(&cx->waker);
    }
    return ANT_PENDING;
}

static struct pass pass(unsigned i)
{
    gates[i] = (gate_state){ .is_open = false };
    return (struct pass){ ANT_INIT(pass), .gate = &gates[i] };
}

// From the last to the first, so that a join has to look at all before it.
static void open_gate(unsigned i)
{
    gates[i].is_open = true;
    ant_waker_wake(&gates[i].waker);
}

static void expect(bool is_so)
{
    if (!is_so) exit(1);
}

static void join_all(unsigned count)
{
    static struct pass passes[COUNT_MAX];
    static ant_future *list[COUNT_MAX];
    for (unsigned i = 0; i < count; i++) {
        passes[i] = pass(i);
        list[i] = &passes[i].base;
    }
    struct ant_join join = ant_join_all(list, count);
    ant_poll poll = ant_mock_task_poll(&task, &join.base);
    for (unsigned i = count; i-- > 0;) {
        expect(poll == ANT_PENDING);
        open_gate(i);
        poll = ant_mock_task_poll(&task, &join.base);
    }
    expect(poll == ANT_READY);
}

static void drain_set(unsigned count)
{
    ant_future_set set = { 0 };
    for (unsigned i = 0; i < count; i++)
        expect(ant_future_set_push(&set, pass(i)) == 0);
    struct ant_future_set_next next = ant_future_set_next(&set);
    expect(ant_mock_task_poll(&task, &next.base) == ANT_PENDING);
    for (unsigned i = count; i-- > 0;) {
        open_gate(i);
        expect(ant_mock_task_poll(&task, &next.base) == ANT_READY);
        next = ant_future_set_next(&set);
        const ant_poll poll = ant_mock_task_poll(&task, &next.base);
        expect(poll == (i > 0 ? ANT_PENDING : ANT_READY));
    }
}

// Nanoseconds for each future, the best of three.
static double cost_ns(void (*wait_for)(unsigned count), unsigned count)
{
    double best_ns = 0;
    const unsigned rounds = 1 + WORK / (count * count + 16 * count);
    for (int i = 0; i < 3; i++) {
        const uint64_t begin_ns = ant_os_now_ns();
        for (unsigned n = 0; n < rounds; n++)
            wait_for(count);
        const double ns = (double)(ant_os_now_ns() - begin_ns) / rounds / count;
        if (i == 0 || ns < best_ns) best_ns = ns;
    }
    return best_ns;
}

int main(void)
{
    ant_mock_task_init(&task, 1);
    printf("futures  join ns  set ns  for each future\n");
    for (unsigned count = 2; count <= COUNT_MAX; count *= 2) {
        printf("%7u  %7.0f  %6.0f\n", count, cost_ns(join_all, count),
               cost_ns(drain_set, count));
    }
    return 0;
}
