// SPDX-License-Identifier: MIT

#include "time/timers.h"

#include "core/waker_slot.h"
#include "trace/trace.h"

// Wakers that were taken out under the lock, to be used after it.
typedef struct waker_batch {
    ant_waker waker[ANT_TIMERS_BATCH];
    ant_why why[ANT_TIMERS_BATCH];
    unsigned count;
} waker_batch;

static uint64_t now_ns(ant_clock *clock);
static bool arm(ant_clock *clock, ant_alarm *alarm, const ant_cx *cx);
static void move(ant_clock *clock, ant_alarm *alarm, uint64_t deadline_ns);
static void disarm(ant_clock *clock, ant_alarm *alarm);
static bool arm_first(ant_timers *timers, ant_alarm *alarm, const ant_cx *cx);
static bool put(ant_timers *timers, ant_alarm *alarm);
static void take(ant_timers *timers, ant_alarm *alarm);
static void say_next(ant_timers *timers);
static void say_next_at(ant_timers *timers, uint64_t next_ns);
static size_t wake_due(ant_timers *timers);
static void end_first(ant_timers *timers, waker_batch *batch);
static void record_end(const ant_alarm *alarm, bool is_early);
static void wake_batch(waker_batch *batch);
static void set_state(ant_alarm *alarm, ant_alarm_state state);
static bool is_armed(const ant_alarm *alarm);

void ant_timers_init(ant_timers *timers, const ant_timers_desc *desc)
{
    static const ant_clock_ops ops = { now_ns, arm, move, disarm };
    *timers = (ant_timers){
        .clock = { .ops = &ops,
                   .slack_ns = desc->is_virtual ? 0 : ANT_TIMERS_SLACK_NS },
        .desc = *desc,
    };
    ant_os_mutex_init(&timers->lock);
    ant_wheel_init(&timers->wheel, now_ns(&timers->clock));
    ant_list_init(&timers->due);
    ant_atomic_store(&timers->next_ns, ANT_NS_NEVER, ANT_RELAXED);
}

void ant_timers_deinit(ant_timers *timers)
{
    ANT_ASSERT(timers->count == 0);
    ant_os_mutex_deinit(&timers->lock);
}

void ant_timers_close(ant_timers *timers)
{
    ant_os_mutex_lock(&timers->lock);
    timers->is_closed = true;
    ant_wheel_advance(&timers->wheel, ANT_NS_NEVER, &timers->due);
    say_next(timers);
    wake_due(timers);
    ant_os_mutex_unlock(&timers->lock);
}

size_t ant_timers_fire(ant_timers *timers)
{
    // acquire: pairs with the release in say_next_at(). When it is too early
    // this looks for nothing, and puts it right.
    const uint64_t next_ns = ant_atomic_load(&timers->next_ns, ANT_ACQUIRE);
    if (next_ns == ANT_NS_NEVER) return 0;
    const uint64_t now = now_ns(&timers->clock);
    if (now < next_ns) return 0;
    ant_os_mutex_lock(&timers->lock);
    ant_wheel_advance(&timers->wheel, now, &timers->due);
    say_next(timers);
    size_t count = wake_due(timers);
    ant_os_mutex_unlock(&timers->lock);
    return count;
}

uint64_t ant_timers_next_ns(ant_timers *timers)
{
    // relaxed: who misses it looks once too often.
    if (ant_atomic_load(&timers->is_early, ANT_RELAXED) != 0) {
        ant_os_mutex_lock(&timers->lock);
        say_next(timers);
        ant_os_mutex_unlock(&timers->lock);
    }
    // seq_cst: who is about to sleep says so, and then asks; who arms a timer
    // says so, and then asks who sleeps.
    return ant_atomic_load(&timers->next_ns, ANT_SEQ_CST);
}

size_t ant_timers_count(ant_timers *timers)
{
    ant_os_mutex_lock(&timers->lock);
    size_t count = timers->count;
    ant_os_mutex_unlock(&timers->lock);
    return count;
}

// ---- The clock's operations ----

static uint64_t now_ns(ant_clock *clock)
{
    const ant_timers *timers = ANT_CONTAINER_OF(clock, ant_timers, clock);
    return timers->desc.now_ns != NULL ? timers->desc.now_ns(timers->desc.arg)
                                       : ant_os_now_ns();
}

// To look at a clock takes longer than to arm an alarm. On one that runs what
// it said before in this poll will do: an alarm whose deadline has come since
// goes off at the next look.
static uint64_t now_here(ant_timers *timers, const ant_cx *cx)
{
    const bool runs = timers->clock.slack_ns > 0;
    return runs && cx->seen_ns != 0 ? cx->seen_ns : now_ns(&timers->clock);
}

static bool arm(ant_clock *clock, ant_alarm *alarm, const ant_cx *cx)
{
    ant_timers *timers = ANT_CONTAINER_OF(clock, ant_timers, clock);
    if (!is_armed(alarm)) return arm_first(timers, alarm, cx);

    ant__waker_slot_store(&timers->lock, &alarm->waker, &cx->waker);
    if (is_armed(alarm)) return true;
    // It went off before the waker was stored, so nobody will use that one.
    ant__waker_slot_clear(&timers->lock, &alarm->waker);
    return false;
}

static bool arm_first(ant_timers *timers, ant_alarm *alarm, const ant_cx *cx)
{
    if (alarm->deadline_ns <= now_here(timers, cx)) return false;

    alarm->task = cx->task;
    alarm->waker = ant_waker_clone(&cx->waker);
    ant_os_mutex_lock(&timers->lock);
    const bool is_open = !timers->is_closed;
    const bool is_earlier = is_open && put(timers, alarm);
    if (!is_open) set_state(alarm, ANT_ALARM_CLOSED);
    ant_os_mutex_unlock(&timers->lock);

    if (!is_open) ant_waker_drop(&alarm->waker);
    if (is_earlier && timers->desc.on_earlier != NULL)
        timers->desc.on_earlier(timers->desc.arg);
    return is_open;
}

static void move(ant_clock *clock, ant_alarm *alarm, uint64_t deadline_ns)
{
    ant_timers *timers = ANT_CONTAINER_OF(clock, ant_timers, clock);
    bool is_earlier = false;
    ant_os_mutex_lock(&timers->lock);
    if (is_armed(alarm)) {
        take(timers, alarm);
        alarm->deadline_ns = deadline_ns;
        is_earlier = put(timers, alarm);
    }
    ant_os_mutex_unlock(&timers->lock);
    if (is_earlier && timers->desc.on_earlier != NULL)
        timers->desc.on_earlier(timers->desc.arg);
}

static void disarm(ant_clock *clock, ant_alarm *alarm)
{
    ant_timers *timers = ANT_CONTAINER_OF(clock, ant_timers, clock);
    ant_waker waker = { 0 };
    ant_os_mutex_lock(&timers->lock);
    if (is_armed(alarm)) {
        take(timers, alarm);
        waker = ant_waker_take(&alarm->waker);
        set_state(alarm, ANT_ALARM_IDLE);
    }
    ant_os_mutex_unlock(&timers->lock);
    ant_waker_drop(&waker);
}

// ---- Under the lock, where the trace gets the true order ----

// Puts an alarm into the book. True when it is earlier than all others.
static bool put(ant_timers *timers, ant_alarm *alarm)
{
    // The last whole tick of time, so that every alarm has a time to go off.
    const uint64_t last_ns = ANT_NS_NEVER - ANT_WHEEL_NS_PER_TICK;
    if (alarm->deadline_ns > last_ns) alarm->deadline_ns = last_ns;

    alarm->id = ant_trace_is_on(ANT_LEVEL_SCHED) ? ant_trace_id_timer() : 0;
    ant_wheel_insert(&timers->wheel, &alarm->timer, alarm->deadline_ns);
    timers->count++;
    set_state(alarm, ANT_ALARM_ARMED);
    ANT_TRACE(timer_arm, .timer = alarm->id, .task = alarm->task,
              .deadline = alarm->deadline_ns);
    const uint64_t due_ns = ant_wheel_due_ns(&timers->wheel, &alarm->timer);
    if (due_ns >= ant_atomic_load(&timers->next_ns, ANT_RELAXED)) return false;
    say_next_at(timers, due_ns);
    return true;
}

// When somebody has to look, exactly. Alarms that another thread is just
// letting go off are overdue.
static void say_next(ant_timers *timers)
{
    const bool is_due = !ant_list_is_empty(&timers->due);
    say_next_at(timers, is_due ? 0 : ant_wheel_next_ns(&timers->wheel));
    ant_atomic_store(&timers->is_early, 0, ANT_RELAXED);
}

static void say_next_at(ant_timers *timers, uint64_t next_ns)
{
    // seq_cst: see ant_timers_next_ns().
    if (ant_atomic_load(&timers->next_ns, ANT_RELAXED) != next_ns)
        ant_atomic_store(&timers->next_ns, next_ns, ANT_SEQ_CST);
}

// Takes an alarm that is armed out of the book, or of the list of those due.
static void take(ant_timers *timers, ant_alarm *alarm)
{
    ant_wheel_remove(&timers->wheel, &alarm->timer);
    timers->count--;
    if (ant_atomic_load(&timers->is_early, ANT_RELAXED) == 0)
        ant_atomic_store(&timers->is_early, 1, ANT_RELAXED);
    if (alarm->id != 0)
        ANT_TRACE(timer_cancel, .timer = alarm->id, .task = alarm->task);
}

// Ends every alarm that is due; releases the lock around each batch of wakes.
// The list is the clock's and not ours: while the lock is open an alarm may be
// taken out of it, and another thread may help.
static size_t wake_due(ant_timers *timers)
{
    size_t count = 0;
    while (!ant_list_is_empty(&timers->due)) {
        waker_batch batch = { .count = 0 };
        while (batch.count < ANT_TIMERS_BATCH &&
               !ant_list_is_empty(&timers->due)) {
            end_first(timers, &batch);
        }
        count += batch.count;
        ant_os_mutex_unlock(&timers->lock);
        wake_batch(&batch);
        ant_os_mutex_lock(&timers->lock);
    }
    return count;
}

// Ends the alarm at the head of those that are due.
static void end_first(ant_timers *timers, waker_batch *batch)
{
    ant_list *link = ant_list_pop_front(&timers->due);
    ant_alarm *alarm = ANT_CONTAINER_OF(link, ant_alarm, timer.link);
    const bool is_early = timers->is_closed;

    timers->count--;
    if (ant_list_is_empty(&timers->due)) say_next(timers);
    if (alarm->id != 0) record_end(alarm, is_early);
    batch->waker[batch->count] = ant_waker_take(&alarm->waker);
    batch->why[batch->count] = (ant_why){
        .via = is_early ? ANT_VIA_SHUTDOWN : ANT_VIA_TIMER,
        .res = alarm->id,
    };
    batch->count++;
    // Last: from here on the owner may free it.
    set_state(alarm, is_early ? ANT_ALARM_CLOSED : ANT_ALARM_FIRED);
}

static void record_end(const ant_alarm *alarm, bool is_early)
{
    if (is_early)
        ANT_TRACE(timer_cancel, .timer = alarm->id, .task = alarm->task);
    else
        ANT_TRACE(timer_fire, .timer = alarm->id, .task = alarm->task,
                  .deadline = alarm->deadline_ns);
}

static void wake_batch(waker_batch *batch)
{
    for (unsigned i = 0; i < batch->count; i++) {
        ant__waker_wake_for(&batch->waker[i], batch->why[i]);
    }
}

static void set_state(ant_alarm *alarm, ant_alarm_state state)
{
    // release: pairs with the acquire in ant_alarm_get_state().
    ant_atomic_store(&alarm->state, (uint8_t)state, ANT_RELEASE);
}

static bool is_armed(const ant_alarm *alarm)
{
    return ant_alarm_get_state(alarm) == ANT_ALARM_ARMED;
}
