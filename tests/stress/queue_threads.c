// SPDX-License-Identifier: MIT
//
// One run queue, its owner and three thieves on real threads: every task that
// was pushed comes out once, at the owner, at a thief, or by overflow.
//
//   queue_threads [PERCENT]     of the full size; 100 unless said otherwise

#include <stdio.h>

#include "base/mem.h"
#include "base/os.h"
#include "core/task_block.h"
#include "sched/local_queue.h"
#include "support/stress.h"

#define TASKS_FULL 4000000
#define THIEVES    3

static unsigned task_count;
static ant_task *tasks;
static ant_atomic_u8 *taken; // how often, by the number of the task
static ant_atomic_u8 is_over;
static ant_local_queue owned;

static void take(ant_task *task)
{
    if (task != NULL) ant_atomic_add(&taken[task - tasks], 1, ANT_RELAXED);
}

static void on_overflow(ant_task *first, ant_task *last, uint32_t count,
                        void *arg)
{
    (void)last;
    *(unsigned *)arg += count;
    while (first != NULL) {
        ant_task *next = first->link.next;
        take(first);
        first = next;
    }
}

static void on_moved(ant_task *task, void *arg)
{
    (void)task;
    ++*(unsigned *)arg;
}

typedef struct thief {
    ant_os_thread thread;
    ant_local_queue queue;
    unsigned stolen;
} thief;

static void steal(void *arg)
{
    thief *self = arg;
    ant_local_queue_init(&self->queue, true);
    while (ant_atomic_load(&is_over, ANT_ACQUIRE) == 0) {
        ant_task *task = ant_local_queue_steal(&owned, &self->queue, on_moved,
                                               &self->stolen);
        for (; task != NULL; task = ant_local_queue_pop(&self->queue))
            take(task);
    }
}

// Bursts of different lengths, with pops in between.
static unsigned push_all(void)
{
    unsigned overflowed = 0;
    unsigned burst = 1;
    for (unsigned i = 0; i < task_count; i++) {
        ant_local_queue_push(&owned, &tasks[i], on_overflow, &overflowed);
        if (i % burst != 0) continue;
        burst = burst % 300 + 7;
        for (unsigned k = 0; k < burst / 2; k++)
            take(ant_local_queue_pop(&owned));
    }
    ant_task *task;
    while ((task = ant_local_queue_pop(&owned)) != NULL)
        take(task);
    return overflowed;
}

int main(int argc, char **argv)
{
    task_count = (unsigned)stress_size(TASKS_FULL, argc, argv);
    tasks = ant_mem_alloc(task_count * sizeof *tasks);
    taken = ant_mem_alloc(task_count * sizeof *taken);
    if (tasks == NULL || taken == NULL) return 2;
    ant_local_queue_init(&owned, true);

    static thief thieves[THIEVES];
    for (int i = 0; i < THIEVES; i++) {
        if (ant_os_thread_start(&thieves[i].thread, "thief", steal,
                                &thieves[i]) < 0)
            return 2;
    }
    const unsigned overflowed = push_all();
    ant_atomic_store(&is_over, 1, ANT_RELEASE);
    unsigned stolen = 0;
    for (int i = 0; i < THIEVES; i++) {
        ant_os_thread_join(&thieves[i].thread);
        stolen += thieves[i].stolen;
    }

    unsigned wrong = 0;
    for (unsigned i = 0; i < task_count; i++)
        wrong += ant_atomic_load(&taken[i], ANT_RELAXED) != 1;
    printf("%u tasks: %u stolen, %u overflowed, %u not taken once\n",
           task_count, stolen, overflowed, wrong);
    ant_mem_free(tasks);
    ant_mem_free(taken);
    return wrong != 0;
}
