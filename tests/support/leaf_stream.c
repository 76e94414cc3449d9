// SPDX-License-Identifier: MIT
//
// The next item of streams: what a receiver brings, through everything that can
// be put behind a stream and needs no memory to wait. Each is set so that the
// items come out as they went in: 1, 2, 3.

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "chan/mpsc.h"
#include "stream/channel.h"
#include "stream/merge.h"
#include "stream/pace.h"
#include "stream/source.h"
#include "stream/transform.h"

#define AGES_MS 3600000

static ant_mpsc_tx tx;
static ant_mpsc_rx rx;
static unsigned sent;
static unsigned received;

static struct ant_stream_from_mpsc from;
static ant_stream *stream; // what is read: `from`, or what is behind it
static struct ant_stream_next nexts[LEAF_PLACES];
static unsigned outs[LEAF_PLACES];

static void set_up_stream(unsigned waiters)
{
    (void)waiters;
    sent = received = 0;
    assert_int_equal(ant_mpsc_new(sizeof(unsigned), 20, &tx, &rx), 0);
    from = ant_stream_from_mpsc(&rx, unsigned);
    stream = &from.base;
}

static void supply_item(void)
{
    const unsigned value = sent + 1;
    if (ant_mpsc_try_send(&tx, &value) == 0) sent++;
}

static ant_future *start_next(unsigned i)
{
    nexts[i] = ant_stream_next(stream, &outs[i]);
    return &nexts[i].base;
}

static void receive(unsigned value)
{
    received++;
    assert_int_equal(value, received);
}

static void serve_next(unsigned i)
{
    assert_int_equal(nexts[i].base.result, 1);
    receive(outs[i]);
}

// What nobody has read is still there: in the stream first, then behind it.
static void tear_down_stream(void)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 99);
    task.clock = &leaf_clock;
    while (received < sent) {
        outs[0] = 0;
        nexts[0] = ant_stream_next(stream, &outs[0]);
        assert_int_equal(ant_mock_task_poll(&task, &nexts[0].base), ANT_READY);
        serve_next(0);
    }
    ant_stream_drop(stream);
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
}

// ---- What can stand behind a stream ----

static bool is_always(const void *item, void *arg)
{
    (void)item;
    (void)arg;
    return true;
}

static bool is_never(const void *item, void *arg)
{
    (void)item;
    (void)arg;
    return false;
}

static void copy(const void *item, void *mapped, void *arg)
{
    (void)arg;
    const unsigned *in = item;
    unsigned *out = mapped;
    *out = *in;
}

static bool copy_some(const void *item, void *mapped, void *arg)
{
    copy(item, mapped, arg);
    return true;
}

// A leaf that reads a stream of this type, made by the call behind it.
#define BEHIND(word, type, ...)                                                \
    static struct type word##_stream;                                          \
    static void set_up_##word(unsigned waiters)                                \
    {                                                                          \
        set_up_stream(waiters);                                                \
        word##_stream = __VA_ARGS__;                                           \
        stream = &word##_stream.base;                                          \
    }                                                                          \
    static const leaf leaf_stream_##word = LEAF("stream " #word, set_up_##word)

#define LEAF(name_, set_up_)                                                   \
    {                                                                          \
        .name = (name_), .waiters_max = 1, .keeps_waker = true,                \
        .set_up = (set_up_), .start = start_next, .supply = supply_item,       \
        .serve = serve_next, .tear_down = tear_down_stream,                    \
    }

static struct ant_stream_iter none;

static ant_stream *nothing(void)
{
    none = ant_stream_empty(unsigned);
    return &none.base;
}

static const leaf leaf_stream_next = LEAF("stream next", set_up_stream);

BEHIND(map, ant_stream_map, ant_stream_map(stream, unsigned, copy, NULL));
BEHIND(filter, ant_stream_filter, ant_stream_filter(stream, is_always, NULL));
BEHIND(filter_map, ant_stream_filter_map,
       ant_stream_filter_map(stream, unsigned, copy_some, NULL));
BEHIND(map_while, ant_stream_filter_map,
       ant_stream_map_while(stream, unsigned, copy_some, NULL));
BEHIND(take, ant_stream_take, ant_stream_take(stream, 1000));
BEHIND(take_while, ant_stream_take_while,
       ant_stream_take_while(stream, is_always, NULL));
BEHIND(skip, ant_stream_skip, ant_stream_skip(stream, 0));
BEHIND(skip_while, ant_stream_skip_while,
       ant_stream_skip_while(stream, is_never, NULL));
BEHIND(merge, ant_stream_merge, ant_stream_merge(nothing(), stream));
BEHIND(chain, ant_stream_chain, ant_stream_chain(nothing(), stream));
BEHIND(timeout, ant_stream_timeout, ant_stream_timeout(stream, AGES_MS));

const leaf *const leaf_stream[] = {
    &leaf_stream_next,
    &leaf_stream_map,
    &leaf_stream_filter,
    &leaf_stream_filter_map,
    &leaf_stream_map_while,
    &leaf_stream_take,
    &leaf_stream_take_while,
    &leaf_stream_skip,
    &leaf_stream_skip_while,
    &leaf_stream_merge,
    &leaf_stream_chain,
    &leaf_stream_timeout,
    NULL,
};
