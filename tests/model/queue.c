// SPDX-License-Identifier: MIT
//
// Every order of an owner and thieves at a ring of 4: each task is taken once,
// whatever happens. With a cursor that turns over on the way.

#include "base/atomic.h"
#include "core/task_block.h"
#include "model/explore.h"
#include "sched/local_queue.h"

#define TASKS 8

static ant_task tasks[TASKS];
static ant_local_queue ring[3]; // 0 is the owner's, the others are thieves'
static unsigned taken[TASKS];
static unsigned pushed;

static void take(ant_task *task)
{
    if (task != NULL) taken[task - tasks]++;
}

static void on_overflow(ant_task *first, ant_task *last, uint32_t count,
                        void *arg)
{
    (void)last, (void)arg;
    for (ant_task *task = first; count > 0; count--) {
        take(task);
        task = task->link.next;
    }
}

static void on_moved(ant_task *task, void *arg)
{
    (void)task, (void)arg;
}

static void push(void)
{
    ant_local_queue_push(&ring[0], &tasks[pushed++], on_overflow, NULL);
}

static void set_up_with(unsigned count)
{
    const uint32_t at = UINT32_MAX - 1;
    for (int i = 0; i < 3; i++) {
        ring[i] = (ant_local_queue){ .head = 0 };
        ant_local_queue_init(&ring[i], true);
        ant_atomic_store(&ring[i].head, (uint64_t)at << 32 | at, ANT_RELAXED);
        ant_atomic_store(&ring[i].tail, at, ANT_RELAXED);
    }
    for (unsigned i = 0; i < TASKS; i++)
        taken[i] = 0;
    pushed = 0;
    while (pushed < count)
        push();
}

static void set_up_none(void)
{
    set_up_with(0);
}

static void set_up_two(void)
{
    set_up_with(2);
}

static void set_up_full(void)
{
    set_up_with(ANT_LOCAL_QUEUE_MAX);
}

static void check(void)
{
    for (int i = 0; i < 3; i++) {
        ant_task *task;
        while ((task = ant_local_queue_pop(&ring[i])) != NULL)
            take(task);
    }
    for (unsigned i = 0; i < TASKS; i++)
        EXPLORE_EXPECT(taken[i] == (i < pushed ? 1 : 0));
}

static void push_and_pop(void)
{
    take(ant_local_queue_pop(&ring[0]));
    push();
    push();
    take(ant_local_queue_pop(&ring[0]));
    take(ant_local_queue_pop(&ring[0]));
}

// Of these the ring may have room for one.
static void push_three(void)
{
    for (unsigned i = 0; i < 3; i++)
        tasks[pushed + i].link.next = i < 2 ? &tasks[pushed + i + 1] : NULL;
    ant_task *task = ant_local_queue_push_chain(&ring[0], &tasks[pushed]);
    pushed += 3;
    for (; task != NULL; task = task->link.next)
        take(task);
    take(ant_local_queue_pop(&ring[0]));
}

static void overflow(void)
{
    push();
    take(ant_local_queue_pop(&ring[0]));
    push();
}

static void steal_1(void)
{
    take(ant_local_queue_steal(&ring[0], &ring[1], on_moved, NULL));
    take(ant_local_queue_pop(&ring[1]));
}

static void steal_2(void)
{
    take(ant_local_queue_steal(&ring[0], &ring[2], on_moved, NULL));
}

// From a thief that is stealing.
static void steal_on(void)
{
    take(ant_local_queue_steal(&ring[1], &ring[2], on_moved, NULL));
    take(ant_local_queue_pop(&ring[2]));
}

int main(int argc, char **argv)
{
    const explore_scenario scenarios[] = {
        { .name = "queue: push and steal",
          .set_up = set_up_none,
          .check = check,
          .threads = { push_and_pop, steal_1 },
          .preemptions_max = 6 },
        { .name = "queue: pop and steal",
          .set_up = set_up_two,
          .check = check,
          .threads = { push_and_pop, steal_1 },
          .preemptions_max = 6 },
        { .name = "queue: push a chain and steal",
          .set_up = set_up_two,
          .check = check,
          .threads = { push_three, steal_1 },
          .preemptions_max = 6 },
        { .name = "queue: overflow and steal",
          .set_up = set_up_full,
          .check = check,
          .threads = { overflow, steal_1 },
          .preemptions_max = 6 },
        { .name = "queue: two thieves",
          .set_up = set_up_full,
          .check = check,
          .threads = { push_and_pop, steal_1, steal_2 },
          .preemptions_max = 4 },
        { .name = "queue: steal from a thief",
          .set_up = set_up_full,
          .check = check,
          .threads = { push_and_pop, steal_1, steal_on },
          .preemptions_max = 4 },
    };
    return explore_main(scenarios, ANT_ARRAY_LEN(scenarios), argc, argv);
}
