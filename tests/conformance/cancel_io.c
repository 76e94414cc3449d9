// SPDX-License-Identifier: MIT
//
// The cancellation matrix of the outside world: what waits for a socket or a
// signal is dropped at every point of its life (support/trial.h). cancel_work.c
// does it to what is begun somewhere else, cancel.c to what waits for tasks.

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "mock/mock_task.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/plug.h"
#include "support/trial.h"

static char buf[64];

static int supply_line(void)
{
    return plug_say("tea\n", 4);
}

// ---- Reads ----

static struct ant_read reads[2];

static ant_future *start_read(unsigned i)
{
    reads[i] = ant_read(&plug_end[0], buf, sizeof buf);
    return &reads[i].base;
}

static bool is_read(void)
{
    return reads[1].base.result == 4 && memcmp(buf, "tea\n", 4) == 0;
}

// ---- Reads of so much: half of it has come, and `done` says how far ----

static struct ant_read_exact exacts[2];

static int set_up_half(void)
{
    const int err = plug_open();
    return err < 0 ? err : plug_say("te", 2);
}

static ant_future *start_exact(unsigned i)
{
    const size_t done = i == 0 ? 0 : (size_t)exacts[0].move.done;
    exacts[i] = ant_read_exact(&plug_end[0], buf + done, 4 - done);
    return &exacts[i].base;
}

static int supply_rest(void)
{
    return plug_say("a\n", 2);
}

static bool is_exact(void)
{
    return exacts[1].base.result >= 0 && memcmp(buf, "tea\n", 4) == 0;
}

// ---- Writes: the pipe is full, and every byte comes out once ----

static struct ant_write writes[2];

static ant_future *start_write(unsigned i)
{
    writes[i] = ant_write(&plug_end[0], "x", 1);
    return &writes[i].base;
}

static bool is_written(void)
{
    return writes[1].base.result == 1;
}

static void tear_down_full(void)
{
    size_t len;
    assert_string_equal(plug_heard(&len), "x");
    plug_close();
}

static struct ant_write_all alls[2];

static ant_future *start_all(unsigned i)
{
    alls[i] = ant_write_all(&plug_end[0], "x", 1);
    return &alls[i].base;
}

static bool is_all_written(void)
{
    return alls[1].base.result >= 0;
}

// ---- Lines: half of one has come, and stays ----

static ant_lines lines;
static struct ant_lines_next nexts[2];
static char line_buf[32];

static int set_up_lines(void)
{
    const int err = set_up_half();
    lines = ant_lines_of(&plug_end[0], line_buf, sizeof line_buf);
    return err;
}

static ant_future *start_line(unsigned i)
{
    nexts[i] = ant_lines_next(&lines);
    return &nexts[i].base;
}

static bool is_line(void)
{
    return nexts[1].base.result == 1 && strcmp(nexts[1].text, "tea") == 0;
}

// ---- Accept: the guest is not turned away ----

static ant_tcp_listener listener;
static struct ant_accept accepts[2];
static ant_io guest;
static ant_io host;
static char address[ANT_ADDR_TEXT_MAX];

static int set_up_listener(void)
{
    ant_addr at;
    int err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
    if (err == 0) err = ant_tcp_listener_addr(&listener, &at);
    if (err == 0) ant_addr_format(&at, address, sizeof address);
    return err;
}

static ant_future *start_accept(unsigned i)
{
    accepts[i] = ant_tcp_accept(&listener, &host);
    return &accepts[i].base;
}

static int supply_guest(void)
{
    struct ant_join_handle task = ant_spawn(ant_tcp_connect(address, &guest));
    ant_task_detach(&task);
    return 0;
}

static bool is_accepted(void)
{
    return accepts[1].base.result == 0;
}

static void tear_down_listener(void)
{
    ant_tcp_listener_close(&listener);
    ant_io_close(&guest);
    ant_io_close(&host);
}

// ---- The same at a path ----

static ant_unix_listener local;

static int set_up_local(void)
{
    (void)snprintf(address, sizeof address, "/tmp/antfarm-cancel-%d",
                   (int)getpid());
    (void)unlink(address);
    return ant_unix_listener_bind(address, &local);
}

static ant_future *start_local_accept(unsigned i)
{
    accepts[i] = ant_unix_accept(&local, &host);
    return &accepts[i].base;
}

static int supply_local_guest(void)
{
    struct ant_join_handle task = ant_spawn(ant_unix_connect(address, &guest));
    ant_task_detach(&task);
    return 0;
}

static void tear_down_local(void)
{
    ant_unix_listener_close(&local);
    ant_io_close(&guest);
    ant_io_close(&host);
    (void)unlink(address);
}

// ---- Datagrams ----

static ant_udp sockets[2];
static struct ant_udp_recv_from recvs[2];
static struct ant_udp_send_to sending;
static struct ant_udp_send_to sends[2];
static ant_addr home;
static ant_addr sender;

static int set_up_udp(void)
{
    int err = ant_udp_bind("127.0.0.1:0", &sockets[0]);
    if (err == 0) err = ant_udp_bind("127.0.0.1:0", &sockets[1]);
    if (err == 0) err = ant_udp_addr(&sockets[0], &home);
    return err;
}

static ant_future *start_recv(unsigned i)
{
    recvs[i] = ant_udp_recv_from(&sockets[0], buf, sizeof buf, &sender);
    return &recvs[i].base;
}

static int supply_datagram(void)
{
    ant_mock_task hand;
    ant_mock_task_init(&hand, 2);
    sending = ant_udp_send_to(&sockets[1], "tea", 3, &home);
    if (ant_mock_task_poll(&hand, &sending.base) != ANT_READY) return -EIO;
    return sending.base.result;
}

static bool is_received(void)
{
    return recvs[1].base.result == 3 && memcmp(buf, "tea", 3) == 0;
}

static void tear_down_udp(void)
{
    ant_udp_close(&sockets[0]);
    ant_udp_close(&sockets[1]);
}

// ---- Datagrams that cannot go yet ----
//
// No socket is ever too full for one on the way to its own machine, nor in the
// simulation. So this one says that it is, until the system has news of it.

static ant_source_ops stuffed_ops; // of a socket that may be full
static const ant_source_ops *usual_ops;
static bool is_full;
static unsigned sent_count;

static int64_t send_unless_full(ant_source *source, const void *from,
                                size_t len, const ant_addr *to)
{
    if (is_full) return -EAGAIN;
    sent_count++;
    return usual_ops->send_to(source, from, len, to);
}

static int set_up_stuffed(void)
{
    const int err = set_up_udp();
    if (err < 0) return err;
    ant_source *source = sockets[1].source;
    usual_ops = source->ops;
    stuffed_ops = *usual_ops;
    stuffed_ops.send_to = send_unless_full;
    source->ops = &stuffed_ops;
    is_full = true;
    sent_count = 0;
    return 0;
}

static ant_future *start_send(unsigned i)
{
    sends[i] = ant_udp_send_to(&sockets[1], "tea", 3, &home);
    return &sends[i].base;
}

// Of a socket that gets something the system says, too, that it is writable.
static int supply_room(void)
{
    ant_source *source = sockets[1].source;
    ant_addr it;
    is_full = false;
    if (usual_ops->descriptor == NULL) { // the simulation says less
        ant__source_edge(source, ANT_SIDE_OUT, ANT_SIDE_READY);
        return 0;
    }
    const int err = ant_udp_addr(&sockets[1], &it);
    if (err < 0) return err;
    return (int)usual_ops->send_to(sockets[0].source, "room", 4, &it);
}

static bool is_sent(void)
{
    return sends[1].base.result == 3 && sent_count == 1;
}

// ---- Signals ----

static ant_signal bell;
static struct ant_signal_recv rings[2];

static int set_up_signal(void)
{
    return ant_signal_open(SIGUSR1, &bell);
}

static ant_future *start_ring(unsigned i)
{
    rings[i] = ant_signal_recv(&bell);
    return &rings[i].base;
}

static int supply_signal(void)
{
    return ant_signal_raise(SIGUSR1);
}

static bool is_rung(void)
{
    return rings[1].base.result == 0;
}

static void tear_down_signal(void)
{
    ant_signal_close(&bell);
}

// ---- One who listens for himself, beside one who always does ----

static struct ant_ctrl_c press;

static int set_up_interrupt(void)
{
    return ant_signal_open(SIGINT, &bell);
}

static ant_future *start_press(unsigned i)
{
    if (i == 1) return start_ring(1);
    press = ant_ctrl_c();
    return &press.base;
}

static int supply_interrupt(void)
{
    return ant_signal_raise(SIGINT);
}

static const operation operations[] = {
    { "read", plug_open, start_read, supply_line, is_read,
      .tear_down = plug_close },
    { "read exact", set_up_half, start_exact, supply_rest, is_exact,
      .tear_down = plug_close },
    { "write all", plug_open_stuffed, start_all, plug_drain, is_all_written,
      .tear_down = tear_down_full },
    { "write", plug_open_stuffed, start_write, plug_drain, is_written,
      .tear_down = tear_down_full },
    { "line", set_up_lines, start_line, supply_rest, is_line,
      .tear_down = plug_close },
    { "accept", set_up_listener, start_accept, supply_guest, is_accepted,
      .tear_down = tear_down_listener },
    { "accept at a path", set_up_local, start_local_accept, supply_local_guest,
      is_accepted, .tear_down = tear_down_local },
    { "datagram", set_up_udp, start_recv, supply_datagram, is_received,
      .tear_down = tear_down_udp },
    { "datagram to send", set_up_stuffed, start_send, supply_room, is_sent,
      .tear_down = tear_down_udp },
    { "signal", set_up_signal, start_ring, supply_signal, is_rung,
      .tear_down = tear_down_signal },
    { "ctrl-c", set_up_interrupt, start_press, supply_interrupt, is_rung,
      .tear_down = tear_down_signal },
};

static void m5_what_waits_for_the_world_loses_nothing(void **state)
{
    trial_run(state, operations, ANT_ARRAY_LEN(operations));
}

int main(void)
{
    // The recorder keeps texts while it records; they are not the tests' own.
    unsetenv("ANTFARM_TRACE");
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(m5_what_waits_for_the_world_loses_nothing),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
