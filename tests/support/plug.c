// SPDX-License-Identifier: MIT

#include "support/plug.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

ant_io plug_end[2];

static uint64_t stuffing; // that has not come out yet
static char heard[1024];
static size_t heard_len;

int plug_open(void)
{
    stuffing = 0;
    heard_len = 0;
    return ant_io_pair(plug_end);
}

// Until it is full, or has got so many bytes.
static int stuff(uint64_t max)
{
    static const char fluff[65536];
    while (stuffing < max) {
        const uint64_t left = max - stuffing;
        const size_t len = left < sizeof fluff ? (size_t)left : sizeof fluff;
        const int n = ant_try_write(&plug_end[0], fluff, len);
        if (n == -EAGAIN) return 0;
        if (n < 0) return n;
        stuffing += (unsigned)n;
    }
    return 0;
}

int plug_open_stuffed(void)
{
    const int err = plug_open();
    return err < 0 ? err : stuff(UINT64_MAX);
}

int plug_open_with_room(size_t room)
{
    int err = plug_open_stuffed();
    const uint64_t all = stuffing;
    plug_close();
    if (err == 0) err = plug_open();
    return err < 0 ? err : stuff(all - room);
}

// The system is asked itself: where there is no epoll, who does not wait is not
// told that there is something again.
static int read_now(char *buf, size_t len)
{
    const int fd = ant_io_fd(&plug_end[1]);
    if (fd < 0) return ant_try_read(&plug_end[1], buf, len);
    const ssize_t n = read(fd, buf, len);
    return n < 0 ? -errno : (int)n;
}

int plug_drain(void)
{
    char buf[4096];
    for (;;) { // ends when it is empty
        const int n = read_now(buf, sizeof buf);
        if (n <= 0) return n == -EAGAIN ? 0 : n;
        const size_t len = (size_t)n;
        const size_t skipped = stuffing < len ? (size_t)stuffing : len;
        stuffing -= skipped;
        assert_in_range(heard_len + len - skipped, 0, sizeof heard - 1);
        memcpy(heard + heard_len, buf + skipped, len - skipped);
        heard_len += len - skipped;
    }
}

int plug_say(const char *bytes, size_t len)
{
    const int n = ant_try_write(&plug_end[1], bytes, len);
    return n < 0 ? n : 0;
}

const char *plug_heard(size_t *ret_len)
{
    assert_int_equal(plug_drain(), 0);
    assert_int_equal(stuffing, 0);
    heard[heard_len] = '\0';
    *ret_len = heard_len;
    return heard;
}

void plug_close(void)
{
    ant_io_close(&plug_end[0]);
    ant_io_close(&plug_end[1]);
}
