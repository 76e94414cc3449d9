// SPDX-License-Identifier: MIT
//
// What recording costs: nanoseconds and bytes for each event of a mix like that
// of a busy scheduler, with the clock alone beside it; and how fast such a
// trace is read and judged.

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/os.h"
#include "trace/check.h"
#include "trace/trace.h"

// The least of so many slices counts: other programs take the CPU meanwhile.
#define SLICES       400u
#define SLICE_ROUNDS 1250u
#define EVENTS       (SLICES * SLICE_ROUNDS * 4)
#define TASKS        64u

static uint32_t lane;
static uint32_t step[TASKS + 1];

static void put_wake(uint32_t task)
{
    ANT_TRACE(wake, .task = task, .seq = step[task] % 128,
              .result = ANT_WAKE_QUEUED, .via = ANT_VIA_CHANNEL, .res = 7);
}

static void put_push(uint32_t task)
{
    ANT_TRACE_TOO(task_push, .task = task, .queue = ANT_QUEUE_LOCAL,
                  .owner = lane, .len = task % 32);
}

static void put_begin(uint32_t task)
{
    ANT_TRACE(poll_begin, .task = task, .seq = (step[task] + 1) % 128,
              .queue = ANT_QUEUE_LOCAL, .len = task % 32);
}

static void put_end(uint32_t task)
{
    ANT_TRACE(poll_end, .task = task, .seq = (step[task] + 2) % 128,
              .result = ANT_RESULT_PENDING, .wakers = 1, .budget = 127);
    step[task] += 3;
}

// What a busy scheduler records: the four in turns.
static void put_mix(uint32_t task)
{
    put_wake(task);
    put_push(task);
    put_begin(task);
    put_end(task);
}

static void put_spawn(uint32_t task)
{
    ANT_TRACE(task_spawn, .task = task, .seq = 1, .kind = ANT_TASK_ASYNC,
              .parent = 1, .type = 1, .name = ant_trace_string_n("fetch", 5),
              .file = ant_trace_string(__FILE__), .line = 7);
}

static void put_poll(uint32_t task)
{
    ANT_TRACE(future_poll, .fut = task);
}

static void put_send(uint32_t task)
{
    ANT_TRACE(chan_send, .res = 7, .task = task, .len = task % 32);
}

static void read_clock(uint32_t task)
{
    static volatile uint64_t last_ns;
    last_ns = ant_os_now_ns() + task;
    (void)last_ns;
}

// Nanoseconds of one call, in the slice that took least.
static double cost_ns(void (*put)(uint32_t task))
{
    uint64_t least_ns = UINT64_MAX;
    for (uint32_t slice = 0; slice < SLICES; slice++) {
        const uint64_t begin_ns = ant_os_now_ns();
        for (uint32_t i = 0; i < SLICE_ROUNDS; i++)
            put(i % TASKS + 1);
        const uint64_t ns = ant_os_now_ns() - begin_ns;
        if (ns < least_ns) least_ns = ns;
    }
    return (double)least_ns / SLICE_ROUNDS;
}

static double read_cost_ns(const char *path, bool is_judged)
{
    ant_reader *reader;
    if (ant_reader_open(path, &reader, NULL) < 0) exit(1);
    ant_check *check = ant_check_new(reader, NULL, NULL);
    if (check == NULL) exit(1);
    ant_event event;
    uint64_t count = 0;
    uint64_t begin_ns = ant_os_now_ns();
    for (; ant_reader_next(reader, &event); count++) {
        if (is_judged) ant_check_event(check, &event);
    }
    uint64_t ns = ant_os_now_ns() - begin_ns;
    ant_check_free(check);
    ant_reader_close(reader);
    return (double)ns / (double)count;
}

// Of single kinds, by a recording of its own that is then thrown away.
static void print_kinds(const char *path)
{
    static const struct {
        const char *name;
        void (*put)(uint32_t task);
    } kinds[] = {
        { "wake", put_wake },        { "task_push", put_push },
        { "poll_begin", put_begin }, { "poll_end", put_end },
        { "task_spawn", put_spawn }, { "future_poll", put_poll },
        { "chan_send", put_send },
    };
    char other[64];
    (void)snprintf(other, sizeof other, "%s-kinds", path);
    const ant_trace_desc desc = { .path = other };
    if (ant_trace_start(&desc) < 0) exit(1);
    printf("kinds  ");
    for (size_t i = 0; i < ANT_ARRAY_LEN(kinds); i++)
        printf(" %s %.1f", kinds[i].name, cost_ns(kinds[i].put));
    printf(" ns\n");
    ant_trace_stop();
    unlink(other);
}

int main(void)
{
    char path[] = "/tmp/antfarm-bench-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0) return 1;
    close(fd);
    lane = ant_trace_lane_new(ANT_LANE_WORKER, 0, "worker 0");
    ant_trace_lane_enter(lane);

    const double off_ns = cost_ns(put_mix) / 4;
    const ant_trace_desc desc = { .path = path };
    if (ant_trace_start(&desc) < 0) return 1;
    const double on_ns = cost_ns(put_mix) / 4;
    ant_trace_stop();

    ant_reader *reader;
    if (ant_reader_open(path, &reader, NULL) < 0) return 1;
    double bytes = (double)ant_reader_info(reader)->file_bytes / EVENTS;
    ant_reader_close(reader);
    printf("record  %6.1f ns an event, of which the clock is %.1f ns\n", on_ns,
           cost_ns(read_clock));
    printf("off     %6.1f ns\n", off_ns);
    printf("size    %6.1f bytes an event\n", bytes);
    print_kinds(path);
    printf("read    %6.1f ns an event, %.1f ns with judging\n",
           read_cost_ns(path, false), read_cost_ns(path, true));
    unlink(path);
    return 0;
}
