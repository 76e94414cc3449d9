// SPDX-License-Identifier: MIT

#include "trace/delay.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/os.h"

// Between two questions.
#define PAUSE_NS (1 * ANT_NS_PER_MS)

// Less than this is what a switch of threads takes anyway.
#define LOST_NS_MIN (100 * ANT_NS_PER_US)

static ant_delay_sum lost_so_far(const ant_delay *delay);

void ant_delay_open(ant_delay *delay, uint64_t now_ns)
{
    ant_delay_none(delay);
    delay->fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    if (delay->fd < 0) return;
    delay->seen_ns = now_ns;
    delay->next_ns = now_ns + PAUSE_NS;
    delay->lost = lost_so_far(delay);
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
    const ant_delay_sum before = delay->lost;
    const ant_delay_sum after = lost_so_far(delay);
    *ret_since_ns = delay->seen_ns;
    *ret_lost = (ant_delay_sum){
        .ready_ns = after.ready_ns - before.ready_ns,
        .locked_ns = after.locked_ns - before.locked_ns,
    };
    delay->lost = after;
    delay->seen_ns = now_ns;
    delay->next_ns = now_ns + PAUSE_NS;
    return ret_lost->ready_ns + ret_lost->locked_ns >= LOST_NS_MIN;
}

static ant_delay_sum lost_so_far(const ant_delay *delay)
{
    ant_delay_sum lost = { delay->lost.ready_ns, ant_os_locked_out_ns() };
    char text[96];
    const ssize_t len = pread(delay->fd, text, sizeof text - 1, 0);
    if (len <= 0) return lost;
    text[len] = '\0';
    // Of three numbers the second: nanoseconds in the system's run queue.
    char *second;
    (void)strtoull(text, &second, 10);
    lost.ready_ns = strtoull(second, NULL, 10);
    return lost;
}
