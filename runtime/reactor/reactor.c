// SPDX-License-Identifier: MIT

#include "reactor/reactor.h"

#include <errno.h>

#include "base/mem.h"
#include "core/parker.h"
#include "reactor/net.h"
#include "reactor/poller.h"
#include "time/clock.h"
#include "trace/trace.h"

typedef struct reactor {
    ant_driver driver; // first

    ant_poller *poller; // waited in by whoever set is_driven
    ant_reactor_net net;

    // under lock, which comes before any parker's lock
    ant_os_mutex lock;
    bool is_driven;       // somebody has the poller
    uint32_t borrowers;   // threads that wait for it
    ant_os_cond is_free;  // for these
    ant_list idle;        // parkers of who found it driven; the first is backup
    uint64_t backup_ns;   // until when the backup sleeps
    uint64_t leaves;      // how often the poller was left
    uint64_t leaves_seen; // of them when the backup went to sleep
} reactor;

// What a new thread has to know. The starter allocates it, the thread frees it.
typedef struct thread_start {
    uint32_t lane;
    ant_os_thread_fn fn;
    void *arg;
} thread_start;

static void thread_main(void *arg);
static bool drive(reactor *self, ant_parker *parker, ant_unparked *ret_why);
static bool take_loop(reactor *self, ant_parker *parker,
                      uint64_t *ret_until_ns);
static void release_loop(reactor *self);
static void leave_idle(reactor *self, ant_parker *parker);
static uint64_t add_idle(reactor *self, ant_parker *parker);
static void remove_idle(reactor *self, ant_parker *parker);
static void hurry_backup(reactor *self);

static bool is_wanted(reactor *self);

static const ant_driver_ops reactor_ops;

int ant_reactor_driver_new(ant_driver **ret_driver)
{
    reactor *self = ant_mem_alloc(sizeof *self);
    if (self == NULL) return -ENOMEM;
    const int err = ant__poller_new(&self->poller);
    if (err < 0) {
        ant_mem_free(self);
        return err;
    }
    ant__reactor_net_init(&self->net, self->poller, &self->driver);
    self->driver.ops = &reactor_ops;
    self->driver.net = &self->net.net;
    ant_os_mutex_init(&self->lock);
    ant_os_cond_init(&self->is_free);
    ant_list_init(&self->idle);
    *ret_driver = &self->driver;
    return 0;
}

static void reactor_free(ant_driver *driver)
{
    reactor *self = (reactor *)(void *)driver;
    ANT_ASSERT(!self->is_driven);
    ANT_ASSERT(ant_list_is_empty(&self->idle));
    ant__poller_close(self->poller);
    ant__poller_unref(self->poller);
    ant_os_cond_deinit(&self->is_free);
    ant_os_mutex_deinit(&self->lock);
    ant_mem_free(self);
}

// ---- Threads ----

static int reactor_thread_start(ant_driver *driver, const ant_thread_desc *desc,
                                ant_thread *ret_thread)
{
    (void)driver;
    thread_start *start = ant_mem_alloc(sizeof *start);
    if (start == NULL) return -ENOMEM;
    *start = (thread_start){ desc->lane, desc->fn, desc->arg };
    int err =
        ant_os_thread_start(&ret_thread->os, desc->name, thread_main, start);
    if (err < 0) ant_mem_free(start);
    return err;
}

static void thread_main(void *arg)
{
    const thread_start start = *(thread_start *)arg;
    ant_mem_free(arg);
    if (start.lane != 0) ant_trace_lane_enter(start.lane);
    start.fn(start.arg);
    ant_trace_thread_end();
}

static void reactor_thread_join(ant_driver *driver, ant_thread *thread)
{
    (void)driver;
    ant_os_thread_join(&thread->os);
}

static void reactor_thread_detach(ant_driver *driver, ant_thread *thread)
{
    (void)driver;
    ant_os_thread_detach(&thread->os);
}

static void reactor_sleep(ant_driver *driver, uint64_t ns)
{
    (void)driver;
    ant_os_sleep_ns(ns);
}

// ---- Parking ----

static void reactor_parker_init(ant_driver *driver, ant_parker *parker)
{
    (void)driver;
    ant__parker_init(parker);
}

static void reactor_parker_deinit(ant_driver *driver, ant_parker *parker)
{
    (void)driver;
    ant__parker_deinit(parker);
}

static ant_unparked reactor_park(ant_driver *driver, ant_parker *parker,
                                 uint64_t deadline_ns)
{
    (void)driver;
    do { // a nudge of before may come now
        if (ant__parker_park(parker, deadline_ns)) return ANT_UNPARKED_PERMIT;
    } while (ant_os_now_ns() < deadline_ns);
    return ANT_UNPARKED_DEADLINE;
}

static ant_unparked reactor_park_idle(ant_driver *driver, ant_parker *parker)
{
    reactor *self = (reactor *)(void *)driver;
    uint64_t until_ns;
    ant_unparked why;
    bool is_over;
    do { // again when another thread borrowed the loop
        while (!take_loop(self, parker, &until_ns)) {
            if (!ant__parker_park(parker, until_ns)) continue;
            leave_idle(self, parker);
            return ANT_UNPARKED_PERMIT;
        }
        is_over = drive(self, parker, &why);
        if (!parker->has_events) release_loop(self);
    } while (!is_over);
    return why;
}

// The poller stays the thread's own until its events are handled.
static void reactor_handle_events(ant_driver *driver, ant_parker *parker)
{
    reactor *self = (reactor *)(void *)driver;
    if (!parker->has_events) return;
    parker->has_events = false;
    ant__poller_handle(self->poller);
    release_loop(self);
}

// A thread inside of the poller can only leave it after it has taken its
// parker's lock, so that is open while the interrupt is sent.
static void reactor_unpark(ant_driver *driver, ant_parker *parker)
{
    reactor *self = (reactor *)(void *)driver;
    ant_os_mutex_lock(&parker->lock);
    parker->has_permit = true;
    if (parker->is_driving) {
        ant__poller_interrupt(self->poller);
        ant_os_mutex_unlock(&parker->lock);
    } else {
        ant_os_cond_signal_unlock(&parker->cond, &parker->lock);
    }
}

// ---- Driving ----

// Says that the thread is inside of the loop, or no longer. True when it has a
// permit, which it takes; then it is not inside.
static bool set_driving(ant_parker *parker, bool is_driving)
{
    ant_os_mutex_lock(&parker->lock);
    const bool had_permit = parker->has_permit;
    parker->has_permit = false;
    parker->is_driving = is_driving && !had_permit;
    ant_os_mutex_unlock(&parker->lock);
    return had_permit;
}

// Waits in the poller for a permit, for I/O, or for the next timer, which may
// change meanwhile: timer_changed interrupts. False when another thread wants
// the loop.
static bool drive(reactor *self, ant_parker *parker, ant_unparked *ret_why)
{
    bool is_over = true;
    *ret_why = ANT_UNPARKED_PERMIT;
    while (!set_driving(parker, true)) {
        const uint64_t next_ns = self->driver.next_ns(self->driver.arg);
        const uint64_t now_ns = ant_os_now_ns();
        if (next_ns <= now_ns) {
            // Time that stands still jumps only when nothing has come either.
            parker->has_events =
                next_ns == 0 &&
                ant__poller_wait(self->poller, 0, ANT_POLLER_EVENTS_MAX);
            *ret_why = parker->has_events ? ANT_UNPARKED_EVENTS
                                          : ANT_UNPARKED_DEADLINE;
            break;
        }
        parker->has_events = ant__poller_wait(
            self->poller, next_ns == ANT_NS_NEVER ? next_ns : next_ns - now_ns,
            ANT_POLLER_EVENTS_MAX);
        if (parker->has_events) {
            *ret_why = ANT_UNPARKED_EVENTS;
            break;
        }
        is_over = !is_wanted(self);
        if (!is_over) break;
    }
    if (*ret_why == ANT_UNPARKED_PERMIT && is_over) return true;
    if (!set_driving(parker, false)) return is_over;
    *ret_why = ANT_UNPARKED_PERMIT;
    return true;
}

static void reactor_timer_changed(ant_driver *driver)
{
    reactor *self = (reactor *)(void *)driver;
    ant_os_mutex_lock(&self->lock);
    if (self->is_driven) ant__poller_interrupt(self->poller);
    hurry_backup(self);
    ant_os_mutex_unlock(&self->lock);
}

static void reactor_poll_events(ant_driver *driver)
{
    reactor *self = (reactor *)(void *)driver;
    ant_os_mutex_lock(&self->lock);
    const bool is_free = !self->is_driven;
    self->is_driven = true;
    ant_os_mutex_unlock(&self->lock);
    if (!is_free) return;
    if (ant__poller_wait(self->poller, 0, ANT_POLLER_EVENTS_BUSY_MAX))
        ant__poller_handle(self->poller);
    release_loop(self);
}

static bool reactor_has_events(ant_driver *driver)
{
    return ant__poller_is_awaited(((reactor *)(void *)driver)->poller);
}

static void reactor_shut_events(ant_driver *driver)
{
    ant__poller_shut(((reactor *)(void *)driver)->poller);
}

static uint64_t reactor_now_ns(ant_driver *driver)
{
    (void)driver;
    return ant_os_now_ns();
}

// ---- Whose the loop is ----

// Takes the loop when nobody has it. Else the caller is one of the idle, and
// may sleep until *ret_until_ns.
static bool take_loop(reactor *self, ant_parker *parker, uint64_t *ret_until_ns)
{
    ant_os_mutex_lock(&self->lock);
    const bool is_free = !self->is_driven && self->borrowers == 0;
    if (is_free) {
        self->is_driven = true;
        remove_idle(self, parker);
    } else {
        *ret_until_ns = add_idle(self, parker);
    }
    ant_os_mutex_unlock(&self->lock);
    return is_free;
}

static void release_loop(reactor *self)
{
    ant_os_mutex_lock(&self->lock);
    self->is_driven = false;
    // The backup knew of nobody leaving, and sleeps without a look at that.
    if (self->leaves++ == self->leaves_seen) hurry_backup(self);
    if (self->borrowers > 0) ant_os_cond_signal(&self->is_free);
    ant_os_mutex_unlock(&self->lock);
}

static bool is_wanted(reactor *self)
{
    ant_os_mutex_lock(&self->lock);
    const bool is_wanted = self->borrowers > 0;
    ant_os_mutex_unlock(&self->lock);
    return is_wanted;
}

void ant__reactor_borrow(ant_driver *driver)
{
    reactor *self = (reactor *)(void *)driver;
    ant_os_mutex_lock(&self->lock);
    self->borrowers++;
    while (self->is_driven) { // ends: whoever has it is called out of it
        ant__poller_interrupt(self->poller);
        ant_os_cond_wait(&self->is_free, &self->lock);
    }
    self->borrowers--;
    self->is_driven = true;
    ant_os_mutex_unlock(&self->lock);
}

// Who waited in the poller before is now the first of the idle.
void ant__reactor_give_back(ant_driver *driver)
{
    reactor *self = (reactor *)(void *)driver;
    release_loop(self);
    ant_os_mutex_lock(&self->lock);
    if (!ant_list_is_empty(&self->idle))
        ant__parker_nudge(ANT_CONTAINER_OF(self->idle.next, ant_parker, idle));
    ant_os_mutex_unlock(&self->lock);
}

static void leave_idle(reactor *self, ant_parker *parker)
{
    ant_os_mutex_lock(&self->lock);
    remove_idle(self, parker);
    ant_os_mutex_unlock(&self->lock);
}

// The rest is called under the lock.

static uint64_t backup_until_ns(const reactor *self)
{
    const uint64_t next_ns = self->driver.next_ns(self->driver.arg);
    const uint64_t now_ns = ant_os_now_ns();
    // A timer that is due is about to be fired: that gets its time as well.
    uint64_t due_ns = next_ns > now_ns ? next_ns : now_ns;
    // So is I/O, while the poller is left now and then.
    if (self->leaves != self->leaves_seen) due_ns = now_ns;
    return ant_clock_add(due_ns, ANT_REACTOR_BACKUP_NS);
}

// Returns how long the thread may sleep.
static uint64_t add_idle(reactor *self, ant_parker *parker)
{
    if (!ant_list_is_linked(&parker->idle))
        ant_list_push_back(&self->idle, &parker->idle);
    if (self->idle.next != &parker->idle) return ANT_NS_NEVER;
    self->backup_ns = backup_until_ns(self);
    self->leaves_seen = self->leaves;
    return self->backup_ns;
}

static void remove_idle(reactor *self, ant_parker *parker)
{
    const bool was_backup = self->idle.next == &parker->idle;
    ant_list_remove(&parker->idle);
    if (!was_backup) return;
    // The next one in the list is it now; it sleeps without an end.
    self->backup_ns = ANT_NS_NEVER;
    hurry_backup(self);
}

// Has the backup sleep no longer than it may. When it may sleep longer than it
// thinks, it finds out by itself.
static void hurry_backup(reactor *self)
{
    if (ant_list_is_empty(&self->idle)) return;
    const uint64_t until_ns = backup_until_ns(self);
    if (until_ns >= self->backup_ns) return;
    self->backup_ns = until_ns;
    ant__parker_nudge(ANT_CONTAINER_OF(self->idle.next, ant_parker, idle));
}

static const ant_driver_ops reactor_ops = {
    .now_ns = reactor_now_ns,
    .parker_init = reactor_parker_init,
    .parker_deinit = reactor_parker_deinit,
    .park = reactor_park,
    .park_idle = reactor_park_idle,
    .handle_events = reactor_handle_events,
    .unpark = reactor_unpark,
    .timer_changed = reactor_timer_changed,
    .poll_events = reactor_poll_events,
    .has_events = reactor_has_events,
    .shut_events = reactor_shut_events,
    .thread_start = reactor_thread_start,
    .thread_join = reactor_thread_join,
    .thread_detach = reactor_thread_detach,
    .sleep = reactor_sleep,
    .free = reactor_free,
};
