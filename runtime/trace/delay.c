// SPDX-License-Identifier: MIT

#include "trace/delay.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/os.h"

// Between two questions.
#define PAUSE_NS (1 * ANT_NS_PER_MS)

// Less than this is what a switch of threads takes anyway.
#define LOST_NS_MIN (100 * ANT_NS_PER_US)

// Who parks for less had been called before, and did not sleep.
#define REST_NS_MIN (3 * ANT_NS_PER_US)

// What is asked within so long is of one moment.
#define SAME_MOMENT_NS (50 * ANT_NS_PER_US)
#define TRIES_MAX      3

static uint64_t at_most(uint64_t ns, uint64_t max_ns);
static ant_delay_sum lost_so_far(ant_delay *delay);
static ant_delay_mark mark_queued(const ant_delay *delay,
                                  uint64_t *ret_queued_ns);
static uint64_t queued_so_far(const ant_delay *delay);
static ant_delay_mark mark_here(void);
static void begin_anew(ant_delay *delay, ant_delay_mark now);

void ant_delay_open(ant_delay *delay, uint64_t now_ns)
{
    ant_delay_none(delay);
    delay->fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    if (delay->fd < 0) return;
    delay->seen_ns = now_ns;
    delay->next_ns = now_ns + PAUSE_NS;
    delay->mark = mark_here();
    delay->told = lost_so_far(delay);
}

void ant_delay_none(ant_delay *delay)
{
    *delay = (ant_delay){ .fd = -1, .next_ns = ANT_NS_NEVER };
}

void ant_delay_close(ant_delay *delay)
{
    if (delay->fd >= 0) close(delay->fd);
    ant_delay_none(delay);
}

bool ant_delay_ask(ant_delay *delay, uint64_t now_ns, uint64_t *ret_since_ns,
                   ant_delay_sum *ret_lost)
{
    const ant_delay_sum lost = lost_so_far(delay);
    uint64_t room_ns = now_ns - delay->seen_ns;
    ret_lost->ready_ns = at_most(lost.ready_ns - delay->told.ready_ns, room_ns);
    room_ns -= ret_lost->ready_ns;
    ret_lost->locked_ns =
        at_most(lost.locked_ns - delay->told.locked_ns, room_ns);
    *ret_since_ns = delay->seen_ns;
    // What is more than there is room for came after `now_ns`: the thread lost
    // its processor here, and the next answer has it.
    delay->told.ready_ns += ret_lost->ready_ns;
    delay->told.locked_ns += ret_lost->locked_ns;
    delay->seen_ns = now_ns;
    delay->next_ns = now_ns + PAUSE_NS;
    return ret_lost->ready_ns + ret_lost->locked_ns >= LOST_NS_MIN;
}

void ant_delay_rested(ant_delay *delay, uint64_t ns)
{
    if (ns < REST_NS_MIN) return;
    delay->rests.count++;
    delay->rests.ns += ns;
}

uint64_t ant_delay_clock(void)
{
    return ant_os_now_ns() - ant_os_locked_out_ns();
}

void ant_delay_got_file(ant_delay *delay, uint64_t since_ns)
{
    if (delay->fd < 0) return;
    delay->file_ns += ant_delay_clock() - since_ns;
    begin_anew(delay, mark_here());
}

static void begin_anew(ant_delay *delay, ant_delay_mark now)
{
    delay->mark = now;
    delay->rests = (ant_delay_rests){ 0 };
}

static uint64_t at_most(uint64_t ns, uint64_t max_ns)
{
    return ns < max_ns ? ns : max_ns;
}

static ant_delay_sum lost_so_far(ant_delay *delay)
{
    const ant_delay_sum before = delay->lost;
    uint64_t queued_ns;
    const ant_delay_mark now = mark_queued(delay, &queued_ns);
    ant_delay_sum lost = {
        .ready_ns = queued_ns + delay->taken_ns,
        .locked_ns = ant_os_locked_out_ns() + delay->file_ns,
    };
    const uint64_t known_ns =
        lost.ready_ns - before.ready_ns + lost.locked_ns - before.locked_ns;
    const uint64_t taken_ns =
        ant__delay_taken_ns(&delay->mark, &now, delay->rests, known_ns);
    delay->taken_ns += taken_ns;
    lost.ready_ns += taken_ns;
    delay->lost = lost;
    begin_anew(delay, now);
    return lost;
}

// Here and now, with the time in the run queue of the same moment: what the
// thread loses between the two would be lost twice.
static ant_delay_mark mark_queued(const ant_delay *delay,
                                  uint64_t *ret_queued_ns)
{
    ant_delay_mark now;
    unsigned tries = 0;
    do {
        now = mark_here();
        *ret_queued_ns = queued_so_far(delay);
    } while (ant_os_now_ns() - now.wall_ns > SAME_MOMENT_NS &&
             ++tries < TRIES_MAX);
    return now;
}

static uint64_t queued_so_far(const ant_delay *delay)
{
    char text[96];
    const ssize_t len = pread(delay->fd, text, sizeof text - 1, 0);
    if (len <= 0) return delay->lost.ready_ns - delay->taken_ns;
    text[len] = '\0';
    // Of three numbers the second: nanoseconds in the system's run queue.
    char *second;
    (void)strtoull(text, &second, 10);
    return strtoull(second, NULL, 10);
}

uint64_t ant__delay_taken_ns(const ant_delay_mark *then,
                             const ant_delay_mark *now, ant_delay_rests rests,
                             uint64_t known_ns)
{
    const uint64_t wall_ns = now->wall_ns - then->wall_ns;
    const uint64_t used_ns = now->cpu_ns - then->cpu_ns + rests.ns + known_ns;
    const bool slept_more = now->sleeps - then->sleeps > rests.count;
    return slept_more || used_ns >= wall_ns ? 0 : wall_ns - used_ns;
}

static ant_delay_mark mark_here(void)
{
    struct rusage used = { 0 };
    (void)getrusage(RUSAGE_THREAD, &used);
    return (ant_delay_mark){
        .wall_ns = ant_os_now_ns(),
        .cpu_ns = ant_os_thread_cpu_ns(),
        .sleeps = used.ru_nvcsw,
    };
}
