// SPDX-License-Identifier: MIT
//
// The recorder. One at a time in a process: its state is this file's. A thread
// finds its stream through thread-local variables that say for which recording
// (epoch) they hold; so nothing has to be reset in threads when one ends.

#include "trace/trace.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/os.h"
#include "trace/intern.h"
#include "trace/lanes.h"
#include "trace/schema.h"
#include "trace/sink.h"
#include "trace/stream.h"

// Chunk headers and ant_event keep a stream's number in 16 bits.
#define STREAMS_MAX 65536u

// Two clocks that are further apart than this do not show the same time.
#define CLOCKS_APART_NS (1 * ANT_NS_PER_MS)

// Texts that a thread remembers.
#define RECENT_MAX 64u

typedef struct recorder {
    // Fixed while recording.
    bool is_on;
    bool is_virtual;
    char path[PATH_MAX];
    ant_sink sink;
    // Changed only while no other thread records.
    uint64_t (*now_ns)(void *arg); // NULL: time stands still
    void *arg;
    uint64_t origin_ns; // what the clock said at time 0
    uint64_t still_ns;  // the time while it stands still
    // Under the lock.
    uint32_t stream_count;
    ant_list streams;
    ant_trace_stream names;
    ant_intern strings;
} recorder;

// A text that a thread has asked for lately, found again by its address.
typedef struct recent_text {
    const char *at;
    const char *known; // the recorder's copy
    uint32_t number;
    uint32_t epoch;
} recent_text;

// What a thread knows of itself.
typedef struct recording_thread {
    ant_trace_stream *stream; // valid in `epoch`; NULL: it could not have one
    uint32_t epoch;
    uint32_t lane; // valid in `generation` of the lanes; 0: none yet
    uint32_t generation;
    recent_text recent[RECENT_MAX];
} recording_thread;

ant_atomic_u8 ant__trace_level;

static ant_os_mutex lock = ANT_OS_MUTEX_INIT;
static recorder rec;
// Counts recordings; 0 before the first. Relaxed everywhere: a recording is
// started before the threads that record into it.
static ant_atomic_u32 epoch_now;
static _Thread_local recording_thread self;

static void begin(const ant_trace_desc *desc);
static void end(void);
static void after_fork(void);
static uint64_t now(void);
static uint64_t real_now_ns(void *arg);
static ant_trace_stream *stream_of_thread(uint64_t now_ns);
static void put_delay(ant_trace_stream *stream, uint64_t now_ns);
static ant_trace_stream *stream_new(uint64_t now_ns);
static void stream_free(ant_trace_stream *stream);
static uint32_t lane_of_thread(void);
static void lane_describe(uint32_t lane);
static void put_name(ant_event_kind kind, const uint64_t *field, unsigned n);
static uint32_t text_len(const char *text, unsigned len);
static uint32_t intern(const char *text, uint32_t len, const char **ret_known);

int ant_trace_start(const ant_trace_desc *desc)
{
    ant_os_mutex_lock(&lock);
    int err = -EBUSY;
    if (!rec.is_on) {
        rec.now_ns = desc->now_ns;
        rec.arg = desc->arg;
        if (rec.now_ns == NULL && !desc->is_virtual) rec.now_ns = real_now_ns;
        rec.origin_ns = rec.now_ns != NULL ? rec.now_ns(rec.arg) : 0;
        err = ant_sink_open(&rec.sink, desc, rec.origin_ns);
        if (err == 0) begin(desc);
    }
    ant_os_mutex_unlock(&lock);
    return err;
}

int ant_trace_stop(void)
{
    ant_os_mutex_lock(&lock);
    if (rec.is_on) end();
    ant_os_mutex_unlock(&lock);
    return 0;
}

void ant_trace_flush(void)
{
    uint32_t epoch = ant_trace_epoch();
    if (epoch == 0 || self.epoch != epoch || self.stream == NULL) return;
    ant_trace_stream_seal(self.stream);
}

const char *ant_trace_path(void)
{
    return rec.is_on ? rec.path : NULL;
}

uint32_t ant_trace_epoch(void)
{
    if (!ant_trace_is_on(ANT_LEVEL_NAMES)) return 0;
    return ant_atomic_load(&epoch_now, ANT_RELAXED);
}

void ant_trace_clock_set(uint64_t (*now_ns)(void *arg), void *arg)
{
    if (!rec.is_on) return;
    // Time goes on from where it is, whatever the new clock says.
    rec.still_ns = now();
    rec.now_ns = now_ns;
    rec.arg = arg;
    if (now_ns == NULL && !rec.is_virtual) rec.now_ns = real_now_ns;
    if (rec.now_ns != NULL) rec.origin_ns = rec.now_ns(arg) - rec.still_ns;
}

void ant__trace_put(ant_event_kind kind, const uint64_t *field, unsigned n)
{
    if (ANT_UNLIKELY(ant__schema_row_is[kind] & ANT_ROW_IS_NAME)) {
        put_name(kind, field, n);
        return;
    }
    uint64_t now_ns = now();
    ant_trace_stream *stream = stream_of_thread(now_ns);
    if (ANT_UNLIKELY(stream == NULL)) return;
    // Since the event before, which is the park, or said while it began.
    if (ANT_UNLIKELY(kind == ANT_EV_unpark))
        ant_delay_rested(&stream->delay, now_ns - stream->last_ns);
    if (ANT_UNLIKELY(now_ns >= stream->delay.next_ns))
        put_delay(stream, now_ns);
    (void)ant_trace_stream_put(stream, now_ns, kind, field, n);
}

void ant__trace_put_too(ant_event_kind kind, const uint64_t *field, unsigned n)
{
    ant_trace_stream *stream = self.stream;
    // relaxed: as in stream_of_thread().
    if (self.epoch != ant_atomic_load(&epoch_now, ANT_RELAXED) ||
        stream == NULL || rec.now_ns == NULL)
        ant__trace_put(kind, field, n);
    else
        (void)ant_trace_stream_put(stream, stream->last_ns, kind, field, n);
}

uint64_t ant_trace_string(const char *text)
{
    return ant_trace_string_n(text, ANT_TEXT_BYTES_MAX + 1);
}

uint64_t ant_trace_string_n(const char *text, unsigned len)
{
    const uint32_t epoch = ant_trace_epoch();
    if (text == NULL || epoch == 0) return 0;
    const uint32_t n = text_len(text, len);
    recent_text *recent = &self.recent[((uintptr_t)text >> 3) % RECENT_MAX];
    const bool is_known = recent->epoch == epoch && recent->at == text;
    // The same place may hold another text by now.
    if (is_known && strncmp(recent->known, text, n) == 0 &&
        recent->known[n] == '\0')
        return recent->number;

    const char *known;
    const uint32_t number = intern(text, n, &known);
    if (number == 0) return 0;
    *recent = (recent_text){ text, known, number, epoch };
    return number;
}

uint32_t ant_trace_lane_new(enum ant_trace_LANE kind, uint32_t index,
                            const char *name)
{
    uint32_t lane = ant_lanes_add(kind, index, name);
    if (ant_trace_epoch() != 0) lane_describe(lane);
    return lane;
}

void ant_trace_lane_enter(uint32_t lane)
{
    uint32_t generation = ant_lanes_generation();
    bool is_new = self.lane != lane || self.generation != generation;
    self.lane = lane;
    self.generation = generation;
    if (!is_new || !ant_trace_is_on(ANT_LEVEL_SCHED)) return;

    uint64_t now_ns = now();
    ant_trace_stream *stream = stream_of_thread(now_ns);
    if (stream == NULL || stream->lane == lane) return;
    lane_describe(lane);
    const ant_ev_lane_enter enter = { .lane = lane };
    (void)ant_trace_stream_put(stream, now_ns, ANT_EV_lane_enter, &enter.lane,
                               1);
    ant_trace_stream_lane_set(stream, lane);
}

uint32_t ant_trace_lane_here(void)
{
    return lane_of_thread();
}

void ant_trace_thread_end(void)
{
    ant_os_mutex_lock(&lock);
    uint32_t epoch = ant_atomic_load(&epoch_now, ANT_RELAXED);
    if (rec.is_on && self.epoch == epoch && self.stream != NULL) {
        ant_list_remove(&self.stream->link);
        stream_free(self.stream);
    }
    self = (recording_thread){ 0 };
    ant_os_mutex_unlock(&lock);
}

static void begin(const ant_trace_desc *desc)
{
    static bool watches_fork;
    if (!watches_fork) ant_os_on_fork_child(after_fork);
    watches_fork = true;

    snprintf(rec.path, sizeof rec.path, "%s", desc->path);
    rec.is_virtual = desc->is_virtual;
    rec.still_ns = 0;
    rec.stream_count = 1;
    ant_list_init(&rec.streams);
    ant__trace_id_type_reset();
    ant_trace_stream_init(&rec.names, &rec.sink, ANT_STREAM_NAMES,
                          &rec.origin_ns, true);
    rec.is_on = true;
    ant_atomic_add(&epoch_now, 1, ANT_RELAXED);
    bool is_unset = desc->level == ANT_LEVEL_OFF;
    ant_trace_level level = is_unset ? ANT_LEVEL_FULL : desc->level;
    ant_atomic_store(&ant__trace_level, (uint8_t)level, ANT_RELAXED);
}

static void end(void)
{
    ant_atomic_store(&ant__trace_level, ANT_LEVEL_OFF, ANT_RELAXED);
    for (;;) {
        ant_list *link = ant_list_pop_front(&rec.streams);
        if (link == NULL) break;
        stream_free(ANT_CONTAINER_OF(link, ant_trace_stream, link));
    }
    ant_trace_stream_seal(&rec.names);
    ant_sink_close(&rec.sink);
    ant_intern_deinit(&rec.strings);
    rec.is_on = false;
}

// The file is the parent's. The child's copies of the streams are left alone:
// their mappings are the parent's chunks.
static void after_fork(void)
{
    if (!rec.is_on) return;
    ant_atomic_store(&ant__trace_level, ANT_LEVEL_OFF, ANT_RELAXED);
    ant_sink_abandon(&rec.sink);
    ant_os_mutex_init(&lock);
    rec.is_on = false;
}

static uint64_t now(void)
{
    if (rec.now_ns == NULL) return rec.still_ns;
    return rec.now_ns(rec.arg) - rec.origin_ns;
}

static uint64_t real_now_ns(void *arg)
{
    (void)arg;
    return ant_os_now_ns();
}

static ant_trace_stream *stream_of_thread(uint64_t now_ns)
{
    uint32_t epoch = ant_atomic_load(&epoch_now, ANT_RELAXED);
    if (ANT_LIKELY(self.epoch == epoch)) return self.stream;

    // The thread's first event in this recording. Saying the lane comes first,
    // so that nobody has to guess where the thread was.
    self.epoch = epoch;
    self.stream = stream_new(now_ns);
    if (self.stream == NULL) return NULL;
    const ant_ev_lane_enter enter = { .lane = lane_of_thread() };
    lane_describe((uint32_t)enter.lane);
    ant_trace_stream_lane_set(self.stream, (uint32_t)enter.lane);
    (void)ant_trace_stream_put(self.stream, now_ns, ANT_EV_lane_enter,
                               &enter.lane, 1);
    return self.stream;
}

// What the thread lost is said before the event at which that is noticed. Only
// where the recording's clock is the machine's: in a time that stands still, or
// jumps, nothing is lost.
static void put_delay(ant_trace_stream *stream, uint64_t now_ns)
{
    const uint64_t ahead_ns = ant_os_now_ns() - rec.origin_ns - now_ns;
    if (ahead_ns > CLOCKS_APART_NS) return;
    uint64_t since_ns;
    ant_delay_sum lost;
    if (!ant_delay_ask(&stream->delay, now_ns, &since_ns, &lost)) return;
    const ant_ev_lane_late late = { .since = since_ns + rec.origin_ns,
                                    .ns = lost.ready_ns,
                                    .locked = lost.locked_ns };
    (void)ant_trace_stream_put(stream, now_ns, ANT_EV_lane_late, &late.since,
                               sizeof late / sizeof(uint64_t));
}

static ant_trace_stream *stream_new(uint64_t now_ns)
{
    ant_trace_stream *stream = NULL;
    ant_os_mutex_lock(&lock);
    if (rec.stream_count < STREAMS_MAX) stream = ant_mem_alloc(sizeof *stream);
    if (stream != NULL) {
        ant_trace_stream_init(stream, &rec.sink, rec.stream_count++,
                              &rec.origin_ns, rec.is_virtual);
        if (!rec.is_virtual) ant_delay_open(&stream->delay, now_ns);
        ant_list_push_back(&rec.streams, &stream->link);
    } else {
        ant_sink_lose(&rec.sink);
    }
    ant_os_mutex_unlock(&lock);
    return stream;
}

static void stream_free(ant_trace_stream *stream)
{
    ant_trace_stream_seal(stream);
    ant_delay_close(&stream->delay);
    ant_mem_free(stream);
}

static uint32_t lane_of_thread(void)
{
    uint32_t generation = ant_lanes_generation();
    if (self.lane != 0 && self.generation == generation) return self.lane;
    const char *name = gettid() == getpid() ? "main" : "thread";
    self.lane = ant_lanes_add(ANT_LANE_THREAD, 0, name);
    self.generation = generation;
    return self.lane;
}

static void lane_describe(uint32_t lane)
{
    ant_lane_row row;
    uint32_t epoch = ant_atomic_load(&epoch_now, ANT_RELAXED);
    if (!ant_lanes_take(lane, epoch, &row)) return;
    const ant_ev_lane event = {
        .lane = lane,
        .kind = row.kind,
        .index = row.index,
        .name = ant_trace_string_n(row.name, ANT_LANE_NAME_MAX),
    };
    put_name(ANT_EV_lane, &event.lane, sizeof event / sizeof(uint64_t));
}

static void put_name(ant_event_kind kind, const uint64_t *field, unsigned n)
{
    ant_os_mutex_lock(&lock);
    // Names have no time; they hold for the whole file.
    if (rec.is_on) (void)ant_trace_stream_put(&rec.names, 0, kind, field, n);
    ant_os_mutex_unlock(&lock);
}

// At most `len` bytes and what the file takes, without half a character.
static uint32_t text_len(const char *text, unsigned len)
{
    uint32_t n = (uint32_t)strnlen(text, len);
    if (n <= ANT_TEXT_BYTES_MAX) return n;
    n = ANT_TEXT_BYTES_MAX;
    while (n > 0 && ((uint8_t)text[n] & 0xC0) == 0x80)
        n--;
    return n;
}

// The number of a text, and the recorder's own copy of it.
static uint32_t intern(const char *text, uint32_t len, const char **ret_known)
{
    bool is_new;
    ant_os_mutex_lock(&lock);
    uint32_t number = ant_intern_add(&rec.strings, text, len, &is_new);
    if (is_new && !ant_trace_stream_put_string(&rec.names, number, text, len)) {
        ant_intern_undo(&rec.strings);
        number = 0;
    }
    if (number != 0) *ret_known = ant_intern_text(&rec.strings, number);
    ant_os_mutex_unlock(&lock);
    return number;
}
