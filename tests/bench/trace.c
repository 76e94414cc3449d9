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

#define ROUNDS 500000u
#define EVENTS (ROUNDS * 4)
#define TASKS  64u

static uint64_t record_mix(uint32_t lane)
{
    static uint32_t step[TASKS + 1];
    uint64_t begin_ns = ant_os_now_ns();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t task = i % TASKS + 1;
        uint32_t seq = step[task];
        step[task] += 3;
        ANT_TRACE(wake, .task = task, .seq = seq % 128,
                  .result = ANT_WAKE_QUEUED, .via = ANT_VIA_CHANNEL, .res = 7);
        ANT_TRACE(task_push, .task = task, .queue = ANT_QUEUE_LOCAL,
                  .owner = lane, .len = i % 32);
        ANT_TRACE(poll_begin, .task = task, .seq = (seq + 1) % 128,
                  .queue = ANT_QUEUE_LOCAL, .len = i % 32);
        ANT_TRACE(poll_end, .task = task, .seq = (seq + 2) % 128,
                  .result = ANT_RESULT_PENDING, .wakers = 1, .budget = 127);
    }
    return ant_os_now_ns() - begin_ns;
}

static double clock_cost_ns(void)
{
    uint64_t begin_ns = ant_os_now_ns();
    uint64_t sum = 0;
    for (uint32_t i = 0; i < EVENTS; i++)
        sum += ant_os_now_ns();
    uint64_t ns = ant_os_now_ns() - begin_ns;
    // The sum is used, so that the loop stays.
    return sum != 0 ? (double)ns / EVENTS : 0;
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

int main(void)
{
    char path[] = "/tmp/antfarm-bench-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0) return 1;
    close(fd);
    uint32_t lane = ant_trace_lane_new(ANT_LANE_WORKER, 0, "worker 0");
    ant_trace_lane_enter(lane);

    double off_ns = (double)record_mix(lane) / EVENTS;
    const ant_trace_desc desc = { .path = path };
    if (ant_trace_start(&desc) < 0) return 1;
    double on_ns = (double)record_mix(lane) / EVENTS;
    ant_trace_stop();

    ant_reader *reader;
    if (ant_reader_open(path, &reader, NULL) < 0) return 1;
    double bytes = (double)ant_reader_info(reader)->file_bytes / EVENTS;
    ant_reader_close(reader);
    printf("record  %6.1f ns an event, of which the clock is %.1f ns\n", on_ns,
           clock_cost_ns());
    printf("off     %6.1f ns\n", off_ns);
    printf("size    %6.1f bytes an event\n", bytes);
    printf("read    %6.1f ns an event, %.1f ns with judging\n",
           read_cost_ns(path, false), read_cost_ns(path, true));
    unlink(path);
    return 0;
}
