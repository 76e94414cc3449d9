// SPDX-License-Identifier: MIT
//
// The next item of streams: what a source brings, through everything that can
// be put behind a stream. Each is set so that the items come out as they went
// in: 1, 2, 3. What packs them, or works on them, is taken apart again.

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "chan/mpsc.h"
#include "core/future.h"
#include "stream/buffer.h"
#include "stream/channel.h"
#include "stream/chunk.h"
#include "stream/merge.h"
#include "stream/pace.h"
#include "stream/source.h"
#include "stream/transform.h"

#define AGES_MS  3600000
#define PACK_MAX 2

// Where the items come from.
typedef struct source {
    bool (*send)(unsigned number);
    void (*end)(void); // what was sent can still be read
    void (*drop)(void);
} source;

static const source *from;
static unsigned sent;
static unsigned received;
static unsigned pack_max; // items that come out as one

static ant_stream *stream; // what is read
static struct ant_stream_next nexts[LEAF_PLACES];
static unsigned outs[LEAF_PLACES];

static void begin(const source *with, ant_stream *first)
{
    from = with;
    stream = first;
    sent = received = 0;
    pack_max = 1;
}

// An item, and a millisecond for those that work with a clock.
static void supply_item(void)
{
    const unsigned value = sent + 1;
    if (from->send(value)) sent++;
    ant_mock_clock_advance_ms(&leaf_clock, 1);
}

static ant_future *start_next(unsigned i)
{
    nexts[i] = ant_stream_next(stream, &outs[i]);
    return &nexts[i].base;
}

// What came out is the number of the item, or of the last one of a pack.
static void serve_next(unsigned i)
{
    assert_int_equal(nexts[i].base.result, 1);
    assert_in_range(outs[i], received + 1, received + pack_max);
    received = outs[i];
}

// Reads one more; time passes while it has to wait.
static void read_next(ant_mock_task *task)
{
    outs[0] = 0;
    nexts[0] = ant_stream_next(stream, &outs[0]);
    for (unsigned ms = 0; ms < 10; ms++) {
        if (ant_mock_task_poll(task, &nexts[0].base) == ANT_READY) break;
        ant_mock_clock_advance_ms(&leaf_clock, 1);
    }
    serve_next(0);
}

// What nobody has read is still there: in the stream first, then behind it.
static void tear_down_stream(void)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 99);
    task.clock = &leaf_clock;
    from->end(); // a pack comes out though it is not full
    while (received < sent)
        read_next(&task);
    ant_stream_drop(stream);
    from->drop();
}

// ---- The source of most ----

static ant_mpsc_tx tx;
static ant_mpsc_rx rx;
static struct ant_stream_from_mpsc mails;

static bool send_mail(unsigned number)
{
    return ant_mpsc_try_send(&tx, &number) == 0;
}

static void end_mail(void)
{
    ant_mpsc_tx_drop(&tx);
}

static void drop_mail(void)
{
    ant_mpsc_rx_drop(&rx);
}

static void set_up_stream(unsigned waiters)
{
    static const source mail = { send_mail, end_mail, drop_mail };
    (void)waiters;
    assert_int_equal(ant_mpsc_new(sizeof(unsigned), 20, &tx, &rx), 0);
    mails = ant_stream_from_mpsc(&rx, unsigned);
    begin(&mail, &mails.base);
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
#define BEHIND(...) STREAM(false, __VA_ARGS__)
// The same for one that needs memory for each item.
#define WORKED(...) STREAM(true, __VA_ARGS__)

#define STREAM(needs_memory, word, type, ...)                                  \
    static struct type word##_stream;                                          \
    static void set_up_##word(unsigned waiters)                                \
    {                                                                          \
        set_up_stream(waiters);                                                \
        word##_stream = __VA_ARGS__;                                           \
        stream = &word##_stream.base;                                          \
    }                                                                          \
    static const leaf leaf_stream_##word =                                     \
        LEAF("stream " #word, set_up_##word, needs_memory)

#define LEAF(name_, set_up_, memory)                                           \
    {                                                                          \
        .name = (name_), .waiters_max = 1, .keeps_waker = true,                \
        .needs_memory = (memory), .set_up = (set_up_), .start = start_next,    \
        .supply = supply_item, .serve = serve_next,                            \
        .tear_down = tear_down_stream,                                         \
    }

static struct ant_stream_iter none;

static ant_stream *nothing(void)
{
    none = ant_stream_empty(unsigned);
    return &none.base;
}

static ant_stream *both[2];

static struct ant_stream_merge all_merged(void)
{
    both[0] = nothing();
    both[1] = stream;
    return ant_stream_merge_all(both, 2, unsigned);
}

static const leaf leaf_stream_next = LEAF("stream next", set_up_stream, false);

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
BEHIND(merge_all, ant_stream_merge, all_merged());
BEHIND(merge, ant_stream_merge, ant_stream_merge(nothing(), stream));
BEHIND(chain, ant_stream_chain, ant_stream_chain(nothing(), stream));
BEHIND(timeout, ant_stream_timeout, ant_stream_timeout(stream, AGES_MS));

// ---- What packs items: what comes out is the number of the last ----

static unsigned pack[PACK_MAX];
static struct ant_stream_chunks chunks;

static void last_of_chunk(const void *item, void *mapped, void *arg)
{
    (void)arg;
    const ant_chunk *chunk = item;
    const unsigned *numbers = chunk->items;
    unsigned *last = mapped;
    for (size_t i = 0; i < chunk->count; i++)
        assert_int_equal(numbers[i], received + 1 + i);
    *last = numbers[chunk->count - 1];
}

static struct ant_stream_map unpacked(struct ant_stream_chunks made)
{
    pack_max = PACK_MAX;
    chunks = made;
    return ant_stream_map(&chunks.base, unsigned, last_of_chunk, NULL);
}

BEHIND(chunks, ant_stream_map, unpacked(ant_stream_chunks(stream, pack)));
BEHIND(ready_chunks, ant_stream_map,
       unpacked(ant_stream_ready_chunks(stream, pack)));
BEHIND(chunks_timeout, ant_stream_map,
       unpacked(ant_stream_chunks_timeout(stream, pack, 3)));

// ---- Pairs of a number that is counted, and one that is received ----

typedef struct counted {
    int64_t count;
    unsigned number;
} counted;

static struct ant_stream_range range;
static struct ant_stream_zip pairs;

static void number_of_pair(const void *item, void *mapped, void *arg)
{
    const counted *pair = item;
    assert_int_equal(pair->count, pair->number);
    copy(&pair->number, mapped, arg);
}

static struct ant_stream_map numbered(void)
{
    range = ant_stream_range(1, INT64_MAX);
    pairs = ant_stream_zip(&range.base, stream, counted, count, number);
    return ant_stream_map(&pairs.base, unsigned, number_of_pair, NULL);
}

BEHIND(zip, ant_stream_map, numbered());

// ---- What works on items: the first is being worked on ----

// async fn worker(number): takes a millisecond.
struct worker {
    ant_future base;
    enum { WORKER_START, WORKER_WORKING } state;
    unsigned number;
    struct ant_sleep work;
};

ANT_ASYNC(worker)
{
    switch (self->state) {
    case WORKER_START:
        self->work = ant_sleep(1);
        return ANT_NEXT(WORKER_WORKING);

    case WORKER_WORKING:
        ANT_AWAIT(self->work);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static int start_worker(const void *item, ant_future_set *set, void *arg)
{
    (void)arg;
    const unsigned *number = item;
    return ant_future_set_push(
        set, (struct worker){ ANT_INIT(worker), .number = *number });
}

static struct ant_stream_buffered workers;

static void number_of_worker(const void *item, void *mapped, void *arg)
{
    struct worker *const *ended = item;
    assert_int_equal((*ended)->base.result, 0);
    copy(&(*ended)->number, mapped, arg);
}

static struct ant_stream_map worked(struct ant_stream_buffered made)
{
    supply_item();
    workers = made;
    return ant_stream_map(&workers.base, unsigned, number_of_worker, NULL);
}

WORKED(then, ant_stream_map,
       worked(ant_stream_then(stream, start_worker, NULL)));
WORKED(buffered, ant_stream_map,
       worked(ant_stream_buffered(stream, 2, start_worker, NULL)));
WORKED(buffer_unordered, ant_stream_map,
       worked(ant_stream_buffer_unordered(stream, 2, start_worker, NULL)));

// ---- A clock that holds back: the first was read a moment ago ----

static struct ant_stream_throttle throttled;

static void set_up_throttle(unsigned waiters)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 99);
    task.clock = &leaf_clock;
    set_up_stream(waiters);
    throttled = ant_stream_throttle(stream, 2);
    stream = &throttled.base;
    supply_item();
    read_next(&task);
}

static const leaf leaf_stream_throttle =
    LEAF("stream throttle", set_up_throttle, false);

// ---- Other sources ----

static ant_broadcast_tx speaker;
static ant_broadcast_rx listener;
static struct ant_stream_from_broadcast heard;

static bool send_broadcast(unsigned number)
{
    return ant_broadcast_send(&speaker, &number) == 1;
}

static void end_broadcast(void)
{
    ant_broadcast_tx_drop(&speaker);
}

static void drop_broadcast(void)
{
    ant_broadcast_rx_drop(&listener);
}

static void set_up_broadcast(unsigned waiters)
{
    static const source broadcast = { send_broadcast, end_broadcast,
                                      drop_broadcast };
    (void)waiters;
    assert_int_equal(
        ant_broadcast_new(sizeof(unsigned), 64, &speaker, &listener), 0);
    heard = ant_stream_from_broadcast(&listener, unsigned);
    begin(&broadcast, &heard.base);
}

static const leaf leaf_stream_from_broadcast =
    LEAF("stream from_broadcast", set_up_broadcast, false);

// Only the latest value counts. The first is there at once, and is read.
static ant_watch_tx sign;
static ant_watch_rx reader;
static struct ant_stream_from_watch seen;

static bool send_watch(unsigned number)
{
    return ant_watch_send(&sign, &number) == 0;
}

static void end_watch(void)
{
    ant_watch_tx_drop(&sign);
}

static void drop_watch(void)
{
    ant_watch_rx_drop(&reader);
}

static void set_up_watch(unsigned waiters)
{
    static const source watch = { send_watch, end_watch, drop_watch };
    const unsigned first = 1;
    ant_mock_task task;
    ant_mock_task_init(&task, 99);
    (void)waiters;
    assert_int_equal(ant_watch_new(&first, &sign, &reader), 0);
    seen = ant_stream_from_watch(&reader, unsigned);
    begin(&watch, &seen.base);
    sent = 1;
    read_next(&task);
    pack_max = UINT32_MAX / 2;
}

static const leaf leaf_stream_from_watch =
    LEAF("stream from_watch", set_up_watch, false);

// One tick in each millisecond.
static struct ant_stream_from_interval ticks;
static struct ant_stream_map tick_numbers;

static void number_of_tick(const void *item, void *mapped, void *arg)
{
    const uint64_t *at_ns = item;
    const unsigned number = (unsigned)(*at_ns / ANT_NS_PER_MS);
    copy(&number, mapped, arg);
}

static bool send_tick(unsigned number)
{
    (void)number;
    return true;
}

static void nothing_to_do(void)
{
}

static void set_up_interval(unsigned waiters)
{
    static const source interval = { send_tick, nothing_to_do, nothing_to_do };
    (void)waiters;
    ticks = ant_stream_from_interval(ant_interval_at(ANT_NS_PER_MS, 1));
    tick_numbers = ant_stream_map(&ticks.base, unsigned, number_of_tick, NULL);
    begin(&interval, &tick_numbers.base);
}

static const leaf leaf_stream_from_interval =
    LEAF("stream from_interval", set_up_interval, false);

const leaf *const leaf_stream[] = {
    &leaf_stream_from_broadcast,
    &leaf_stream_from_watch,
    &leaf_stream_from_interval,
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
    &leaf_stream_merge_all,
    &leaf_stream_chunks,
    &leaf_stream_ready_chunks,
    &leaf_stream_chunks_timeout,
    &leaf_stream_zip,
    &leaf_stream_then,
    &leaf_stream_buffered,
    &leaf_stream_buffer_unordered,
    &leaf_stream_throttle,
    NULL,
};
