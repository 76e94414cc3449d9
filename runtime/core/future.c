// SPDX-License-Identifier: MIT

#include "core/future.h"

#include <stdio.h>
#include <string.h>

#include "core/here.h"
#include "core/task_block.h"
#include "trace/trace.h"

static void record_start(ant_future *future, const char *name, unsigned line,
                         const ant_cx *cx);
static void record_state(const ant_future *future, const char *name);
static uint32_t result_of(const ant_future *future, ant_poll poll);
static void force_yield(ant_cx *cx);
ANT_NORETURN static void trap(const ant_future *future, const char *what);
ANT_NORETURN static void trap_await(const ant_future *self,
                                    const ant_future *child);
ANT_NORETURN static void trap_begins(const ant_future *self,
                                     const ant_future *child, int line);

ant_poll ant__future_poll_watched(ant_future *future, const char *name,
                                  unsigned line, ant_cx *cx)
{
    if (ANT_UNLIKELY(future->ops == NULL))
        ant__crash(__FILE__, __LINE__, "polled a future that was never made");
    if (ANT_UNLIKELY(future->phase == ANT_PHASE_ENDED))
        trap(future, "polled after it was ready");

    const bool full = ant_trace_is_on(ANT_LEVEL_FULL);
    const uint32_t parent = cx->parent;
    if (full) {
        if (future->id == 0) record_start(future, name, line, cx);
        ANT_TRACE(future_poll, .fut = future->id);
        cx->parent = future->id;
    }
    const ant_poll poll = ant__future_run(future, cx);
    if (full) {
        cx->parent = parent;
        ANT_TRACE(future_result, .fut = future->id,
                  .result = result_of(future, poll), .line = future->line);
    }
    return poll;
}

void ant_future_drop(ant_future *future)
{
    uint32_t why = ant__here()->drop_why;
    ant__future_drop_why(future, why != 0 ? why : ANT_DROP_CANCELLED);
}

void ant__future_drop_why(ant_future *future, uint32_t why)
{
    if (future->ops == NULL || future->phase == ANT_PHASE_ENDED) return;

    const bool was_polled = future->phase == ANT_PHASE_STARTED;
    future->phase = ANT_PHASE_ENDED;
    if (ant_trace_is_on(ANT_LEVEL_FULL)) {
        // A future that was never polled is heard of only now.
        const ant_cx *cx = ant__here()->cx;
        if (future->id == 0) record_start(future, NULL, 0, cx);
        ANT_TRACE(future_drop, .fut = future->id,
                  .why = was_polled ? why : ANT_DROP_UNPOLLED);
    }
    if (!was_polled && !future->ops->is_hot) return;

    if (future->ops->drop != NULL) {
        future->ops->drop(future);
    } else if (future->awaited != NULL) {
        ant_future_drop(future->awaited);
    }
    future->awaited = NULL;
}

bool ant__coop_refuse(ant_cx *cx)
{
    if (cx->is_unconstrained) return true;
    force_yield(cx);
    return false;
}

void ant__cx_yield_first(ant_cx *cx, uint32_t via)
{
    cx->has_yielded = true;
    // A task that is being polled here, and not watched, only has to be queued
    // when its poll ends: nobody could tell the difference.
    const ant_here *here = ant__here_current;
    const bool is_itself = here != NULL && here->task != NULL &&
                           here->cx == cx &&
                           cx->waker.target == &here->task->wakeable;
    if (is_itself && !ant_trace_is_on(ANT_LEVEL_SCHED)) {
        cx->yielder = cx->waker.target;
        return;
    }
    ant__waker_wake_ref_for(&cx->waker, (ant_why){ .via = via });
}

const char *ant_future_state_name(const ant_future *future)
{
    if (future->ops == NULL || future->state >= ANT_STATE_NAMES_MAX) return "?";
    // relaxed: the names are string literals.
    uintptr_t name =
        ant_atomic_load(&future->ops->state_name[future->state], ANT_RELAXED);
    return name != 0 ? (const char *)name : "start";
}

ant_poll ant__await_watched(const ant_future *self, ant_future *child,
                            const char *name, ant_cx *cx)
{
    if (ANT_UNLIKELY(child->phase == ANT_PHASE_ENDED)) trap_await(self, child);
    return ant__future_poll_watched(child, name, self->line, cx);
}

bool ant__begins(const ant_future *self, const ant_future *child, int line)
{
    if (child->ops != NULL && child->phase != ANT_PHASE_ENDED) return false;
    // It would be made again and again while another one is awaited.
    if (ANT_UNLIKELY(self->awaited != NULL)) trap_begins(self, child, line);
    return true;
}

void ant__next_watched(const ant_future *self, const char *name)
{
    if (self->state < ANT_STATE_NAMES_MAX)
        ant_atomic_store(&self->ops->state_name[self->state], (uintptr_t)name,
                         ANT_RELAXED);
    if (ant_trace_is_on(ANT_LEVEL_FULL)) record_state(self, name);
}

ant_poll ant__fail(ant_future *self, int error, unsigned line)
{
    ANT_ASSERT(error < 0);
    self->line = (uint16_t)line;
    self->result = error;
    return ANT_READY;
}

// It comes back to its state.
ant_poll ant__cx_give_way(ant_cx *cx)
{
    cx->again_left = 1;
    force_yield(cx);
    return ANT_PENDING;
}

// The task has done enough in this poll.
static void force_yield(ant_cx *cx)
{
    ant_atomic_u64 *count = &ant__here()->forced_yields;
    // relaxed, and no read-modify-write: nobody else writes.
    ant_atomic_store(count, ant_atomic_load(count, ANT_RELAXED) + 1,
                     ANT_RELAXED);
    ANT_TRACE(budget_out, .task = cx->task);
    ant__cx_yield(cx, ANT_VIA_BUDGET);
}

const ant_future *ant__future_of_program(void)
{
    const ant_task *task = ant__here()->task;
    const ant_future *found = NULL;
    const ant_future *future = task != NULL ? &task->future : NULL;
    for (; future != NULL && future->ops != NULL; future = future->awaited) {
        const bool is_ours = strncmp(future->ops->name, "ant_", 4) == 0;
        if (!is_ours && future->line != 0) found = future;
    }
    return found;
}

static void trap(const ant_future *future, const char *what)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "future `%s` (%s:%u) of task %u was %s; it was last at "
                   "line %u, state %s",
                   future->ops->name, future->ops->file, future->ops->line,
                   ant_task_id_here(), what, future->line,
                   ant_future_state_name(future));
    // A mistake is made there, also when a future of the library notices it.
    const ant_future *at = ant__future_of_program();
    if (at == NULL) at = future;
    ant__crash(at->ops->file, at->line, text);
}

// As trap, for a mistake whose place is known. A resumed case begins from its
// top, so that an await behind another one would await the first one again.
static void trap_await(const ant_future *self, const ant_future *child)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "`%s` of task %u awaits a `%s` that was ready or dropped "
                   "before, in state %s: each case may have one await, at its "
                   "top",
                   self->ops->name, ant_task_id_here(), child->ops->name,
                   ant_future_state_name(self));
    ant__crash(self->ops->file, self->line, text);
}

// As trap, for a function without states that awaits in a second place.
static void trap_begins(const ant_future *self, const ant_future *child,
                        int line)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "`%s` of task %u would begin a `%s` while it awaits a `%s`: "
                   "a function without states may have one await",
                   self->ops->name, ant_task_id_here(),
                   child->ops != NULL ? child->ops->name : "future",
                   self->awaited->ops->name);
    ant__crash(self->ops->file, line, text);
}

// The name of a child as the source has it: "self->nap", "*self->nap" and
// "&self->nap.base" are all "nap".
static uint64_t child_name(const char *name)
{
    if (name == NULL) return 0;
    if (*name == '&' || *name == '*') name++;
    if (strncmp(name, "self->", 6) == 0) name += 6;
    size_t len = strlen(name);
    if (len > 5 && strcmp(name + len - 5, ".base") == 0) len -= 5;
    return ant_trace_string_n(name, (unsigned)len);
}

static void record_start(ant_future *future, const char *name, unsigned line,
                         const ant_cx *cx)
{
    future->id = ant_trace_id_fut();
    ANT_TRACE(future_start, .fut = future->id,
              .parent = cx != NULL ? cx->parent : 0,
              .type = ant__future_type_id(future->ops),
              .name = child_name(name), .line = line);
}

// What a poll returned, for the recorder.
static uint32_t result_of(const ant_future *future, ant_poll poll)
{
    if (poll == ANT_PENDING) return ANT_RESULT_PENDING;
    if (poll == ANT_ITEM) return ANT_RESULT_ITEM;
    return future->result < 0 ? ANT_RESULT_FAILED : ANT_RESULT_READY;
}

// The number of a kind of future in this recording. The upper byte of trace_id
// is the recording that gave it, so that a second one asks again.
uint32_t ant__future_type_id(ant_future_ops *ops)
{
    // relaxed throughout: the id is a label and orders nothing.
    const uint32_t epoch = ant_trace_epoch() << 24;
    uint32_t id = ant_atomic_load(&ops->trace_id, ANT_RELAXED);
    if (ANT_LIKELY(id != 0 && (id & 0xFF000000u) == epoch))
        return id & 0x00FFFFFFu;

    uint32_t fresh = ant_trace_id_type();
    if (!ant_atomic_cas(&ops->trace_id, &id, epoch | fresh, ANT_RELAXED,
                        ANT_RELAXED))
        return id & 0x00FFFFFFu; // another thread was first
    ant_atomic_store(&ops->states_known, 0, ANT_RELAXED);
    ANT_TRACE(type, .type = fresh, .name = ant_trace_string(ops->name),
              .file = ant_trace_string(ops->file), .line = ops->line,
              .bytes = ops->size);
    if (ops->child != NULL) {
        ANT_TRACE(type_needs, .type = fresh,
                  .needs = ops->needs_any ? ANT_NEEDS_ANY : ANT_NEEDS_ALL);
    }
    return fresh;
}

static void record_state(const ant_future *future, const char *name)
{
    ant_future_ops *ops = future->ops;
    const uint64_t bit = UINT64_C(1) << (future->state & 63);
    if (!(ant_atomic_load(&ops->states_known, ANT_RELAXED) & bit)) {
        ANT_TRACE(state, .type = ant__future_type_id(ops),
                  .state = future->state, .name = ant_trace_string(name),
                  .line = future->line);
        ant_atomic_or(&ops->states_known, bit, ANT_RELAXED);
    }
    ANT_TRACE(future_state, .fut = future->id, .state = future->state,
              .line = future->line);
}
