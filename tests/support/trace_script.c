// SPDX-License-Identifier: MIT

#include "support/trace_script.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/os.h"

#define SCRIPT_FILE "script.c"

static char path[64];
static uint64_t now_ns;
static uint32_t lanes[SCRIPT_WORKERS];
static uint32_t seq[SCRIPT_TASK_MAX];
static uint64_t type_count;

static uint64_t virtual_now(void *arg)
{
    (void)arg;
    return now_ns;
}

static uint64_t text(const char *string)
{
    return ant_trace_string(string);
}

static uint64_t next_seq(uint32_t task)
{
    ANT_ASSERT(task < SCRIPT_TASK_MAX);
    return ++seq[task] & 127;
}

const char *script_begin(ant_trace_level level)
{
    return script_begin_at(level, 0);
}

const char *script_begin_at(ant_trace_level level, uint64_t us)
{
    snprintf(path, sizeof path, "/tmp/antfarm-script-XXXXXX");
    int fd = mkstemp(path);
    ANT_ASSERT(fd >= 0);
    close(fd);

    now_ns = 0;
    type_count = 0;
    memset(seq, 0, sizeof seq);
    ant_trace_ids_reset();
    const ant_trace_desc desc = {
        .path = path, .level = level, .now_ns = virtual_now, .is_virtual = true
    };
    int err = ant_trace_start(&desc);
    ANT_ASSERT(err == 0);
    for (unsigned i = 0; i < SCRIPT_WORKERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "worker %u", i);
        lanes[i] = ant_trace_lane_new(ANT_LANE_WORKER, i, name);
    }
    script_at(us);
    script_on(0);
    ANT_TRACE(runtime_start, .flavor = ANT_FLAVOR_SIM,
              .workers = SCRIPT_WORKERS, .seed = 7);
    return path;
}

const char *script_path(void)
{
    return path;
}

void script_end(void)
{
    ant_trace_stop();
}

void script_remove(void)
{
    unlink(path);
}

void script_at(uint64_t us)
{
    now_ns = us * ANT_NS_PER_US;
}

void script_pass(uint64_t us)
{
    now_ns += us * ANT_NS_PER_US;
}

void script_on(unsigned worker)
{
    ant_trace_lane_enter(lanes[worker]);
}

uint32_t script_lane(unsigned worker)
{
    return lanes[worker];
}

void script_spawn(uint32_t task, uint32_t parent, const char *name,
                  unsigned line)
{
    ANT_TRACE(task_spawn, .task = task, .seq = next_seq(task),
              .kind = ANT_TASK_ASYNC, .parent = parent, .name = text(name),
              .file = text(SCRIPT_FILE), .line = line);
}

void script_push(uint32_t task, enum ant_trace_QUEUE queue)
{
    uint32_t owner = ant_trace_lane_here();
    bool is_own = queue == ANT_QUEUE_LOCAL || queue == ANT_QUEUE_LIFO;
    ANT_TRACE(task_push, .task = task, .queue = (uint64_t)queue,
              .owner = is_own ? owner : 0);
}

void script_wake(uint32_t task, enum ant_trace_VIA via, uint32_t by)
{
    bool is_res = via != ANT_VIA_TIMER && via != ANT_VIA_JOIN;
    ANT_TRACE(wake, .task = task, .seq = next_seq(task),
              .result = ANT_WAKE_QUEUED, .via = (uint64_t)via,
              .res = is_res ? by : 0, .timer = via == ANT_VIA_TIMER ? by : 0,
              .ended = via == ANT_VIA_JOIN ? by : 0);
}

void script_join(uint32_t task, uint32_t on)
{
    ANT_TRACE(join_wait, .task = task, .on = on);
}

void script_poll(uint32_t task, enum ant_trace_QUEUE queue)
{
    ANT_TRACE(poll_begin, .task = task, .seq = next_seq(task),
              .queue = (uint64_t)queue);
}

void script_poll_end(uint32_t task, enum ant_trace_RESULT result)
{
    ANT_TRACE(poll_end, .task = task, .seq = next_seq(task),
              .result = (uint64_t)result, .wakers = 1, .budget = 128);
}

void script_task_end(uint32_t task, enum ant_trace_RESULT outcome)
{
    ANT_TRACE(task_end, .task = task, .seq = next_seq(task),
              .outcome = (uint64_t)outcome);
}

void script_poll_pending(uint32_t task, enum ant_trace_QUEUE queue)
{
    script_poll(task, queue);
    script_pass(5);
    script_poll_end(task, ANT_RESULT_PENDING);
}

void script_poll_ready(uint32_t task, enum ant_trace_QUEUE queue)
{
    script_poll(task, queue);
    script_pass(5);
    script_poll_end(task, ANT_RESULT_READY);
    script_task_end(task, ANT_RESULT_READY);
}

uint64_t script_type(const char *name, const char *const *states,
                     unsigned state_count)
{
    uint64_t type = ++type_count;
    ANT_TRACE(type, .type = type, .name = text(name), .file = text(SCRIPT_FILE),
              .line = 10 * type, .bytes = 64);
    for (unsigned i = 0; i < state_count; i++) {
        ANT_TRACE(state, .type = type, .state = i, .name = text(states[i]),
                  .line = 10 * type + i);
    }
    return type;
}

void script_future(uint32_t fut, uint32_t parent, uint64_t type,
                   const char *name, unsigned line)
{
    ANT_TRACE(future_start, .fut = fut, .parent = parent, .type = type,
              .name = text(name), .line = line);
    script_future_poll(fut);
}

void script_future_poll(uint32_t fut)
{
    ANT_TRACE(future_poll, .fut = fut);
}

void script_future_end(uint32_t fut, enum ant_trace_RESULT result,
                       unsigned line)
{
    ANT_TRACE(future_result, .fut = fut, .result = (uint64_t)result,
              .line = line);
}

void script_res(uint32_t res, enum ant_trace_RES kind, const char *name,
                unsigned line)
{
    ANT_TRACE(res_new, .res = res, .kind = (uint64_t)kind, .name = text(name),
              .file = text(SCRIPT_FILE), .line = line, .capacity = 1);
}

void script_wait(uint32_t res, uint32_t task, unsigned waiters)
{
    ANT_TRACE(wait_begin, .res = res, .task = task, .amount = 1,
              .waiters = waiters, .line = 30);
}

void script_grant(uint32_t res, uint32_t task, unsigned waiters)
{
    ANT_TRACE(wait_end, .res = res, .task = task, .why = ANT_WAIT_GRANTED,
              .waiters = waiters);
}

void script_acquire(uint32_t res, uint32_t task, unsigned line)
{
    ANT_TRACE(acquire, .res = res, .task = task, .amount = 1, .line = line);
}

void script_release(uint32_t res, uint32_t task)
{
    ANT_TRACE(release, .res = res, .task = task, .amount = 1);
}

void script_sleep(uint32_t timer, uint32_t task, uint64_t us)
{
    ANT_TRACE(timer_arm, .timer = timer, .task = task,
              .deadline = now_ns + us * ANT_NS_PER_US);
}

void script_fire(uint32_t timer, uint32_t task)
{
    ANT_TRACE(timer_fire, .timer = timer, .task = task, .deadline = now_ns);
}

// --- Stories ---

// A timer comes due, its task is woken, polled and still pending or done.
static void sleep_is_over(uint32_t timer, uint32_t task)
{
    ANT_TRACE(unpark, .cause = ANT_UNPARK_TIMER);
    script_fire(timer, task);
    script_wake(task, ANT_VIA_TIMER, timer);
    script_push(task, ANT_QUEUE_LOCAL);
}

static void park_until(uint64_t us)
{
    ANT_TRACE(park, .reason = ANT_PARK_DRIVER, .until = us * ANT_NS_PER_US);
    script_at(us);
}

const char *script_story_join(void)
{
    static const char *const states[] = { "ALL_START", "ALL_JOINING" };
    static const uint64_t sleep_us[] = { 30000, 10000, 20000 };
    static const char *const names[] = { "nap_a", "nap_b", "nap_c" };
    const char *file = script_begin(ANT_LEVEL_FULL);
    uint64_t all = script_type("all", states, 2);
    uint64_t nap = script_type("ant_sleep", NULL, 0);

    script_spawn(1, 0, "all", 5);
    script_push(1, ANT_QUEUE_INJECT);
    script_poll(1, ANT_QUEUE_INJECT);
    script_future(1, 0, all, "", 5);
    ANT_TRACE(future_state, .fut = 1, .state = 1, .line = 12);
    for (uint32_t i = 0; i < 3; i++) {
        script_future(2 + i, 1, nap, names[i], 13 + i);
        script_sleep(1 + i, 1, sleep_us[i]);
        script_future_end(2 + i, ANT_RESULT_PENDING, 0);
    }
    script_future_end(1, ANT_RESULT_PENDING, 13);
    script_poll_end(1, ANT_RESULT_PENDING);

    static const uint32_t order[] = { 1, 2, 0 };
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t child = order[i];
        bool is_last = i == 2;
        park_until(sleep_us[child]);
        sleep_is_over(1 + child, 1);
        script_poll(1, ANT_QUEUE_LOCAL);
        script_future_poll(1);
        script_future_poll(2 + child);
        script_future_end(2 + child, ANT_RESULT_READY, 0);
        script_future_end(1, is_last ? ANT_RESULT_READY : ANT_RESULT_PENDING,
                          13);
        script_poll_end(1, is_last ? ANT_RESULT_READY : ANT_RESULT_PENDING);
    }
    script_task_end(1, ANT_RESULT_READY);
    script_end();
    return file;
}

const char *script_story_mutex(void)
{
    const char *file = script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_MUTEX, "db", 3);
    for (uint32_t task = 1; task <= 3; task++) {
        script_spawn(task, 0, task == 1 ? "writer" : "reader", 20 + task);
        script_push(task, ANT_QUEUE_LOCAL);
    }
    script_poll(1, ANT_QUEUE_LOCAL);
    script_pass(2);
    script_acquire(1, 1, 31);
    script_sleep(1, 1, 10000);
    script_poll_end(1, ANT_RESULT_PENDING);
    for (uint32_t task = 2; task <= 3; task++) {
        script_poll(task, ANT_QUEUE_LOCAL);
        script_pass(1);
        script_wait(1, task, task - 1);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    park_until(10002);
    sleep_is_over(1, 1);
    for (uint32_t task = 1; task <= 3; task++) {
        script_poll(task, ANT_QUEUE_LOCAL);
        script_pass(3);
        script_release(1, task);
        if (task < 3) {
            script_grant(1, task + 1, 2 - task);
            script_acquire(1, task + 1, 31);
            script_wake(task + 1, ANT_VIA_LOCK, 1);
            script_push(task + 1, ANT_QUEUE_LOCAL);
        }
        script_poll_end(task, ANT_RESULT_READY);
        script_task_end(task, ANT_RESULT_READY);
    }
    script_end();
    return file;
}

const char *script_story_steal(void)
{
    const char *file = script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "boss", 5);
    script_push(1, ANT_QUEUE_INJECT);
    script_poll(1, ANT_QUEUE_INJECT);
    for (uint32_t task = 2; task <= 7; task++) {
        script_pass(1);
        script_spawn(task, 1, "ant", 8);
        script_push(task, ANT_QUEUE_LIFO);
        // The task in the slot goes to the ring.
        if (task > 2) script_push(task - 1, ANT_QUEUE_LOCAL);
    }
    ANT_TRACE(worker_notify, .target = script_lane(1));
    script_on(1);
    script_pass(10);
    ANT_TRACE(unpark, .cause = ANT_UNPARK_NOTIFIED);
    ANT_TRACE(search_begin, .searching = 1);
    ANT_TRACE(steal, .victim = script_lane(0), .count = 3, .left = 2,
              .first = 2);
    for (uint32_t task = 2; task <= 4; task++) {
        ANT_TRACE(steal_task, .task = task, .victim = script_lane(0));
    }
    ANT_TRACE(search_end, .searching = 0);
    for (uint32_t task = 2; task <= 4; task++) {
        script_poll_ready(task, ANT_QUEUE_STOLEN);
    }
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    script_on(0);
    script_poll_end(1, ANT_RESULT_READY);
    script_task_end(1, ANT_RESULT_READY);
    script_poll_ready(7, ANT_QUEUE_LIFO);
    script_poll_ready(5, ANT_QUEUE_LOCAL);
    script_poll_ready(6, ANT_QUEUE_LOCAL);
    script_end();
    return file;
}

const char *script_story_deadlock(void)
{
    const char *file = script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_MUTEX, "a", 3);
    script_res(2, ANT_RES_MUTEX, "b", 4);
    for (uint32_t task = 1; task <= 2; task++) {
        script_spawn(task, 0, task == 1 ? "left" : "right", 20 + task);
        script_push(task, ANT_QUEUE_LOCAL);
    }
    for (uint32_t task = 1; task <= 2; task++) {
        script_poll(task, ANT_QUEUE_LOCAL);
        script_acquire(task, task, 30 + task);
        script_sleep(task, task, 1000);
        script_pass(5);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    park_until(1010);
    for (uint32_t task = 1; task <= 2; task++) {
        script_fire(task, task);
        script_wake(task, ANT_VIA_TIMER, task);
        script_push(task, ANT_QUEUE_LOCAL);
    }
    for (uint32_t task = 1; task <= 2; task++) {
        script_poll(task, ANT_QUEUE_LOCAL);
        script_pass(5);
        script_wait(3 - task, task, 1);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    script_pass(100);
    ANT_TRACE(stall, .waiting = 2);
    ANT_TRACE(stall_edge, .task = 1, .holder = 2, .res = 2, .line = 41);
    ANT_TRACE(stall_edge, .task = 2, .holder = 1, .res = 1, .line = 42);
    script_end();
    return file;
}

const char *script_story_busy(uint32_t polls)
{
    const uint32_t tasks = 16;
    const char *file = script_begin(ANT_LEVEL_FULL);
    for (uint32_t task = 1; task <= tasks; task++) {
        script_spawn(task, 0, "ant", 8);
        script_push(task, ANT_QUEUE_LOCAL);
    }
    for (uint32_t i = 0; i < polls; i++) {
        uint32_t task = 1 + i % tasks;
        // Worker 1 takes every other round of all tasks.
        if (i % tasks == 0) script_on(i / tasks % SCRIPT_WORKERS);
        script_poll(task, ANT_QUEUE_LOCAL);
        now_ns += 300 + i * 7919 % 1000;
        script_poll_end(task, ANT_RESULT_PENDING);
        script_wake(task, ANT_VIA_YIELD, 0);
        script_push(task, ANT_QUEUE_LOCAL);
        if (i % 5000 == 4999) script_pass(2000);
    }
    script_end();
    return file;
}
