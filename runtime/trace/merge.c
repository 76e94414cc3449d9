// SPDX-License-Identifier: MIT

#include "trace/merge.h"

#include <errno.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "trace/schema.h"

// How far to look into a stream for an earlier step of a task. A thread's late
// event is the next one it records, or nearly so.
#define LOOK_AHEAD_MAX 16u

#define STEPS 128u

typedef ant_merge_stream stream_state;

static void find_streams(ant_merge *merge, uint32_t skip);
static bool load(ant_merge *merge, stream_state *stream);
static bool open_chunk(ant_merge *merge, stream_state *stream);
static void report(ant_merge *merge, const stream_state *stream);
static void deliver(ant_merge *merge, stream_state *stream,
                    ant_event *ret_event);
static void track_task(ant_merge *merge, const stream_state *stream,
                       ant_event *event);
static uint32_t *task_on(ant_merge *merge, uint32_t lane);
static void forget_steps(ant_merge *merge);
static uint32_t next_stream(const ant_merge *merge);
static uint32_t stream_before(const ant_merge *merge, uint32_t number);
static uint64_t earlier_at(const ant_merge *merge, const stream_state *stream,
                           uint64_t task, uint64_t last, uint64_t behind);
static bool step_of(const ant_event *event, uint64_t *ret_task,
                    uint64_t *ret_step);
static uint8_t *step_entry(ant_merge *merge, uint64_t task);
static uint64_t last_step(const ant_merge *merge, uint64_t task);
static bool is_before(const ant_merge *merge, uint32_t a, uint32_t b);
static uint32_t heap_find(const ant_merge *merge, uint32_t number);
static void heap_push(ant_merge *merge, uint32_t number);
static void heap_remove(ant_merge *merge, uint32_t at);
static void heap_move(ant_merge *merge, uint32_t at);
static void heap_rise(ant_merge *merge, uint32_t at);
static void heap_sink(ant_merge *merge, uint32_t at);

int ant_merge_init(ant_merge *merge, ant_chunks *chunks, uint32_t skip,
                   const ant_decode_schema *schema, ant_damage *damage)
{
    *merge = (ant_merge){
        .chunks = chunks,
        .schema = schema,
        .damage = damage,
    };
    for (uint32_t i = skip; i < chunks->count; i++) {
        const ant_chunk *chunk = &chunks->chunk[i];
        bool is_first = i == skip || chunk->stream != chunk[-1].stream;
        if (is_first) merge->stream_count++;
    }
    uint32_t n = merge->stream_count;
    merge->stream = ant_mem_alloc(n * sizeof *merge->stream);
    merge->heap = ant_mem_alloc(n * sizeof *merge->heap);
    merge->lane_task = ant_mem_alloc(ANT_LANES_MAX * sizeof(uint32_t));
    bool has_all = merge->stream != NULL && merge->heap != NULL &&
                   merge->lane_task != NULL;
    if (!has_all) return -ENOMEM;
    find_streams(merge, skip);
    ant_merge_rewind(merge);
    return 0;
}

void ant_merge_deinit(ant_merge *merge)
{
    forget_steps(merge);
    ant_mem_free(merge->stream);
    ant_mem_free(merge->heap);
    ant_mem_free(merge->lane_task);
}

bool ant_merge_next(ant_merge *merge, ant_event *ret_event)
{
    if (merge->heap_count == 0) return false;

    const uint64_t now_ns = merge->stream[merge->heap[0]].event.t_ns;
    const uint32_t number = next_stream(merge);
    stream_state *stream = &merge->stream[number];
    if (stream->event.t_ns > now_ns) stream->event.t_ns = now_ns;
    deliver(merge, stream, ret_event);

    const uint32_t at = heap_find(merge, number);
    if (load(merge, stream)) {
        heap_move(merge, at);
    } else {
        heap_remove(merge, at);
    }
    return true;
}

void ant_merge_rewind(ant_merge *merge)
{
    merge->heap_count = 0;
    merge->last_ns = 0;
    merge->unknown_count = 0;
    // There is room for many lanes; what is not touched needs no memory.
    memset(merge->lane_task, 0, merge->lane_count * sizeof(uint32_t));
    merge->lane_count = 0;
    forget_steps(merge);
    for (uint32_t i = 0; i < merge->stream_count; i++) {
        stream_state *stream = &merge->stream[i];
        *stream = (stream_state){
            .id = stream->id,
            .first = stream->first,
            .count = stream->count,
        };
        if (load(merge, stream)) heap_push(merge, i);
    }
}

void ant_merge_rest(ant_merge *merge)
{
    if (merge->heap_count == 0) forget_steps(merge);
}

static void forget_steps(ant_merge *merge)
{
    for (unsigned i = 0; i < ANT_STEPS_PAGES_MAX; i++) {
        ant_mem_free(merge->steps[i]);
        merge->steps[i] = NULL;
    }
}

static void find_streams(ant_merge *merge, uint32_t skip)
{
    const ant_chunk *chunk = merge->chunks->chunk;
    stream_state *stream = merge->stream;
    for (uint32_t i = skip; i < merge->chunks->count; i++) {
        bool is_first = i == skip || chunk[i].stream != chunk[i - 1].stream;
        if (is_first && i != skip) stream++;
        if (is_first) *stream = (stream_state){ chunk[i].stream, .first = i };
        stream->count++;
    }
}

// Reads the stream's next event. False at its end.
static bool load(ant_merge *merge, stream_state *stream)
{
    ant_event *event = &stream->event;
    for (;;) {
        if (stream->cursor.at == NULL && !open_chunk(merge, stream)) {
            return false;
        }
        ant_decode_result result =
            ant_decode_next(merge->schema, &stream->cursor, event);
        if (result == ANT_DECODE_EVENT) {
            ant_event_kind kind = (ant_event_kind)event->kind;
            bool is_name = ant_schema_event_of(kind)->level == ANT_LEVEL_NAMES;
            if (!is_name) break;
        } else if (result == ANT_DECODE_UNKNOWN) {
            merge->unknown_count++;
        } else {
            if (result == ANT_DECODE_BAD) {
                report(merge, stream);
                stream->lost++;
            }
            stream->cursor.at = NULL;
        }
    }
    if (event->kind == ANT_EV_lane_enter) {
        stream->lane = (uint32_t)event->field[0];
    }
    event->lane = stream->lane;
    event->stream = (uint16_t)stream->id;
    event->lost = stream->lost;
    stream->lost = 0;
    return true;
}

static bool open_chunk(ant_merge *merge, stream_state *stream)
{
    if (stream->next == stream->count) return false;
    ant_chunk *chunk = &merge->chunks->chunk[stream->first + stream->next++];
    ant_chunk_header header = ant_chunks_header(merge->chunks, chunk);
    // A chunk that is not there counts as one lost event: nobody knows.
    stream->lost += header.lost_before + (chunk->seq != stream->seq ? 1 : 0);
    stream->seq = chunk->seq + 1;
    stream->lane = header.lane;
    stream->chunk_lane = header.lane;
    stream->chunk_task = header.task;
    stream->cursor = ant_chunks_cursor(merge->chunks, chunk);
    return true;
}

// A chunk may be damaged although its checksum is right, or have none.
static void report(ant_merge *merge, const stream_state *stream)
{
    ant_chunk *chunk = &merge->chunks->chunk[stream->first + stream->next - 1];
    if (chunk->is_reported) return;
    chunk->is_reported = true;
    uint64_t at = (uint64_t)(stream->cursor.at - stream->cursor.file);
    ant_damage_add(merge->damage, at, "an event that cannot be read");
}

static void deliver(ant_merge *merge, stream_state *stream,
                    ant_event *ret_event)
{
    ant_event *event = &stream->event;
    if (event->t_ns < merge->last_ns) event->t_ns = merge->last_ns;
    merge->last_ns = event->t_ns;
    track_task(merge, stream, event);
    uint64_t task, step;
    if (step_of(event, &task, &step)) {
        uint8_t *entry = step_entry(merge, task);
        if (entry != NULL) *entry = (uint8_t)(step % STEPS + 1);
    }
    *ret_event = *event;
}

// Says which task was being polled on the event's lane.
static void track_task(ant_merge *merge, const stream_state *stream,
                       ant_event *event)
{
    // After a loss the chunk's header knows better than what was seen.
    if (event->lost > 0 && stream->chunk_lane < ANT_LANES_MAX) {
        *task_on(merge, stream->chunk_lane) = stream->chunk_task;
    }
    event->task = 0;
    if (event->lane >= ANT_LANES_MAX) return;
    uint32_t *task = task_on(merge, event->lane);
    if (event->kind == ANT_EV_poll_begin) *task = (uint32_t)event->field[0];
    event->task = *task;
    if (event->kind == ANT_EV_poll_end) {
        event->task = (uint32_t)event->field[0];
        *task = 0;
    }
    if (event->kind == ANT_EV_lane_leave) *task = 0;
}

static uint32_t *task_on(ant_merge *merge, uint32_t lane)
{
    if (lane >= merge->lane_count) merge->lane_count = lane + 1;
    return &merge->lane_task[lane];
}

// The stream whose event comes next: the earliest, unless others have to go
// before it.
static uint32_t next_stream(const ant_merge *merge)
{
    uint32_t number = merge->heap[0];
    for (uint32_t i = 0; i < merge->stream_count; i++) {
        const uint32_t before = stream_before(merge, number);
        if (before == number) return number;
        number = before;
    }
    // They go before each other, against all reason: clocks decide.
    return merge->heap[0];
}

// The stream that has to go before stream `number`, whose event is a later step
// of its task than the next: one that has the steps between. Itself when none.
static uint32_t stream_before(const ant_merge *merge, uint32_t number)
{
    uint64_t task, step;
    if (!step_of(&merge->stream[number].event, &task, &step)) return number;
    const uint64_t last = last_step(merge, task);
    if (last == STEPS) return number;
    const uint64_t behind = (step - last - 1) % STEPS;
    if (behind == 0 || behind >= STEPS / 2) return number;

    // Of several that seem to have one, the first: the others are a whole round
    // of steps later.
    uint32_t before = number;
    uint64_t before_ns = UINT64_MAX;
    for (uint32_t i = 0; i < merge->stream_count; i++) {
        if (i == number) continue;
        const uint64_t at_ns =
            earlier_at(merge, &merge->stream[i], task, last, behind);
        if (at_ns >= before_ns) continue;
        before = i;
        before_ns = at_ns;
    }
    return before;
}

// When the stream's next event of the task happened, if it is of the `behind`
// steps that come after step `last`; else UINT64_MAX.
static uint64_t earlier_at(const ant_merge *merge, const stream_state *stream,
                           uint64_t task, uint64_t last, uint64_t behind)
{
    if (stream->cursor.at == NULL) return UINT64_MAX;
    ant_cursor cursor = stream->cursor;
    ant_event event = stream->event;
    for (unsigned i = 0; i < LOOK_AHEAD_MAX; i++) {
        uint64_t other, step;
        if (step_of(&event, &other, &step) && other == task) {
            const bool is_earlier = (step - last - 1) % STEPS < behind;
            return is_earlier ? event.t_ns : UINT64_MAX;
        }
        ant_decode_result result =
            ant_decode_next(merge->schema, &cursor, &event);
        if (result == ANT_DECODE_END || result == ANT_DECODE_BAD) break;
    }
    return UINT64_MAX;
}

// The task and its step, if the event carries one.
static bool step_of(const ant_event *event, uint64_t *ret_task,
                    uint64_t *ret_step)
{
    if (event->kind == ANT_EV_none) return false;
    ant_event_kind kind = (ant_event_kind)event->kind;
    const ant_schema_event *row = ant_schema_event_of(kind);
    // The table has the step right after its task (see the static assert).
    if (row->field[1].type != ANT_FIELD_SEQ) return false;
    *ret_task = event->field[0];
    *ret_step = event->field[1];
    return true;
}

#define STEP_IS_SECOND(kind)                                                   \
    _Static_assert(offsetof(ant_ev_##kind, seq) == sizeof(uint64_t) &&         \
                       offsetof(ant_ev_##kind, task) == 0,                     \
                   "a task's step stands right after the task")
STEP_IS_SECOND(task_spawn);
STEP_IS_SECOND(poll_begin);
STEP_IS_SECOND(poll_end);
STEP_IS_SECOND(task_end);
STEP_IS_SECOND(task_abort);
STEP_IS_SECOND(wake);

// NULL when the id is impossible or memory has run out: then clocks decide.
static uint8_t *step_entry(ant_merge *merge, uint64_t task)
{
    uint64_t page = task / ANT_STEPS_PAGE;
    if (page >= ANT_STEPS_PAGES_MAX) return NULL;
    if (merge->steps[page] == NULL) {
        merge->steps[page] = ant_mem_alloc(ANT_STEPS_PAGE);
        if (merge->steps[page] == NULL) return NULL;
    }
    return &merge->steps[page][task % ANT_STEPS_PAGE];
}

// The last step seen of the task, STEPS when none was.
static uint64_t last_step(const ant_merge *merge, uint64_t task)
{
    const uint64_t page = task / ANT_STEPS_PAGE;
    if (page >= ANT_STEPS_PAGES_MAX || merge->steps[page] == NULL) return STEPS;
    const uint8_t entry = merge->steps[page][task % ANT_STEPS_PAGE];
    return entry != 0 ? entry - 1u : STEPS;
}

static bool is_before(const ant_merge *merge, uint32_t a, uint32_t b)
{
    uint64_t a_ns = merge->stream[a].event.t_ns;
    uint64_t b_ns = merge->stream[b].event.t_ns;
    return a_ns != b_ns ? a_ns < b_ns : a < b;
}

static uint32_t heap_find(const ant_merge *merge, uint32_t number)
{
    uint32_t at = 0;
    while (merge->heap[at] != number) {
        at++;
        ANT_ASSERT(at < merge->heap_count);
    }
    return at;
}

static void heap_push(ant_merge *merge, uint32_t number)
{
    merge->heap[merge->heap_count++] = number;
    heap_rise(merge, merge->heap_count - 1);
}

static void heap_remove(ant_merge *merge, uint32_t at)
{
    ANT_ASSERT(at < merge->heap_count);
    merge->heap_count--;
    if (at == merge->heap_count) return;
    merge->heap[at] = merge->heap[merge->heap_count];
    heap_move(merge, at);
}

// Brings a stream whose time has changed to its place.
static void heap_move(ant_merge *merge, uint32_t at)
{
    heap_rise(merge, at);
    heap_sink(merge, at);
}

static void heap_rise(ant_merge *merge, uint32_t at)
{
    const uint32_t number = merge->heap[at];
    while (at > 0) {
        uint32_t above = (at - 1) / 2;
        if (!is_before(merge, number, merge->heap[above])) break;
        merge->heap[at] = merge->heap[above];
        at = above;
    }
    merge->heap[at] = number;
}

static void heap_sink(ant_merge *merge, uint32_t at)
{
    uint32_t number = merge->heap[at];
    for (;;) {
        uint32_t below = at * 2 + 1;
        if (below >= merge->heap_count) break;
        bool has_other = below + 1 < merge->heap_count;
        if (has_other &&
            is_before(merge, merge->heap[below + 1], merge->heap[below])) {
            below++;
        }
        if (!is_before(merge, merge->heap[below], number)) break;
        merge->heap[at] = merge->heap[below];
        at = below;
    }
    merge->heap[at] = number;
}
