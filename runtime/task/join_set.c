// SPDX-License-Identifier: MIT

#include "task/join_set.h"

#include <errno.h>

#include "base/list.h"
#include "base/mem.h"
#include "core/here.h"
#include "core/resource.h"
#include "trace/trace.h"

// What ending tasks share with the set: it stays until the last of them knows.
struct ant_join_set_core {
    ant_resource resource;
    ant_atomic_u32 refs; // the set, and each entry
    // the owner's
    ant_list entries; // all whose end was not handed out, the oldest first
    uint32_t len;     // of entries
    // under the lock of waiters
    ant_waitlist waiters;
    ant_list ended; // entries, by their `place`, in the order of their ends
    uint32_t ended_count;
};

// One task in the set: what the end of the task wakes.
struct ant_join_set_entry {
    ant_wakeable wakeable; // first
    ant_atomic_u32 refs;   // the set, and the task's waker
    // fixed once it is in the set
    ant_join_set_core *core;
    void *key;
    uint32_t task;
    // the owner's
    struct ant_join_handle handle;
    ant_list all; // in core->entries
    // under the core's lock
    ant_list place;    // in core->ended
    bool is_forgotten; // nobody wants to hear of the end
};

static int make_core(ant_join_set *set);
static void core_unref(ant_join_set_core *core);
static ant_join_set_entry *entry_new(ant_join_set *set, void *key);
static void entry_unref(ant_join_set_entry *entry);
static void on_clone(ant_wakeable *self);
static void on_wake(ant_wakeable *self, ant_why why);
static void on_drop(ant_wakeable *self);
static int adopt(ant_join_set_entry *entry, struct ant_join_handle handle);
static ant_join_set_entry *entry_after(const ant_join_set *set,
                                       const ant_join_set_entry *entry);
static int look_for_end(void *arg);
static int take_end(ant_join_set_core *core, ant_join_set_entry **ret_entry,
                    uint32_t task);
static void hand_out(ant_join_set *set, ant_join_set_entry *entry,
                     ant_joined *ret_joined);
static ant_waker wake_first(ant_join_set_core *core);
static void next_drop(ant_future *future);
static bool next_waits_on(const ant_future *future, ant_wait *ret_wait);

void ant__join_set_init(ant_join_set *set, const char *name, const char *file,
                        uint32_t line)
{
    *set = (ant_join_set){ .name = name, .file = file, .line = line };
}

void ant_join_set_deinit(ant_join_set *set)
{
    ant_join_set_core *core = set->core;
    if (core == NULL) return;
    ant_join_set_abort_all(set);
    ant_join_set_detach_all(set);
    set->core = NULL;
    ant_resource_end(&core->resource);
    core_unref(core);
}

static int make_core(ant_join_set *set)
{
    if (set->core != NULL) return 0;
    ant_join_set_core *core = ant_mem_alloc(sizeof *core);
    if (core == NULL) return -ENOMEM;
    core->resource = (ant_resource)ANT_RESOURCE(ANT_RES_JOIN_SET, set->name, 0);
    core->resource.file = set->file;
    core->resource.line = set->line;
    ant_atomic_store(&core->refs, 1, ANT_RELAXED);
    ant_waitlist_init(&core->waiters);
    ant_list_init(&core->entries);
    ant_list_init(&core->ended);
    set->core = core;
    return 0;
}

static void core_unref(ant_join_set_core *core)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&core->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_waitlist_deinit(&core->waiters);
    ant_mem_free(core);
}

// ---- Tasks come in ----

int ant__join_set_spawn(ant_join_set *set, void *key, void *dest,
                        const ant_future *future, const char *name,
                        const char *file, int line)
{
    // First what can fail: a task that was spawned cannot be taken back.
    ant_join_set_entry *entry = entry_new(set, key);
    if (entry == NULL) {
        ant_future_drop((ant_future *)(uintptr_t)future); // as a spawn does
        return -ENOMEM;
    }
    return adopt(entry, ant__spawn_into(dest, future, name, file, line));
}

int ant_join_set_add(ant_join_set *set, void *key,
                     struct ant_join_handle handle)
{
    ant_join_set_entry *entry = entry_new(set, key);
    if (entry != NULL) return adopt(entry, handle);
    ant_task_abort(&handle);
    ant_task_detach(&handle);
    return -ENOMEM;
}

static ant_join_set_entry *entry_new(ant_join_set *set, void *key)
{
    static const ant_waker_ops ops = { on_clone, on_wake, on_drop, NULL };
    if (make_core(set) < 0) return NULL;
    ant_join_set_entry *entry = ant_mem_alloc(sizeof *entry);
    if (entry == NULL) return NULL;
    entry->wakeable.ops = &ops;
    entry->core = set->core;
    entry->key = key;
    ant_atomic_store(&entry->refs, 1, ANT_RELAXED);
    // relaxed: the set has a reference.
    ant_atomic_add(&set->core->refs, 1, ANT_RELAXED);
    return entry;
}

static void entry_unref(ant_join_set_entry *entry)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&entry->refs, 1, ANT_ACQ_REL) != 1) return;
    core_unref(entry->core);
    ant_mem_free(entry);
}

static int adopt(ant_join_set_entry *entry, struct ant_join_handle handle)
{
    if (handle.task == NULL) {
        entry_unref(entry);
        return handle.base.result;
    }
    ant_join_set_core *core = entry->core;
    entry->handle = handle;
    entry->task = ant_task_id(&handle);
    ant_list_push_back(&core->entries, &entry->all);
    core->len++;
    ant_waker waker = { &entry->wakeable };
    if (ant__join_handle_wait(&entry->handle, &waker))
        on_wake(&entry->wakeable, (ant_why){ ANT_VIA_JOIN, entry->task });
    return 0;
}

// ---- Tasks end ----

static void on_clone(ant_wakeable *self)
{
    ant_join_set_entry *entry = (ant_join_set_entry *)(void *)self;
    // relaxed: whoever clones a reference has one already.
    ant_atomic_add(&entry->refs, 1, ANT_RELAXED);
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    ant_join_set_entry *entry = (ant_join_set_entry *)(void *)self;
    ant_join_set_core *core = entry->core;
    ant_waker waker = { 0 };
    ant_os_mutex_lock(&core->waiters.lock);
    if (!entry->is_forgotten) {
        ant_list_push_back(&core->ended, &entry->place);
        core->ended_count++;
        ANT_TRACE(chan_send, .res = ant_resource_id(&core->resource),
                  .task = entry->task, .len = core->ended_count);
        waker = wake_first(core);
    }
    ant_os_mutex_unlock(&core->waiters.lock);
    ant__waker_wake_for(&waker, why);
}

static void on_drop(ant_wakeable *self)
{
    entry_unref((ant_join_set_entry *)(void *)self);
}

// Under the lock: lets the first who waits look for himself.
static ant_waker wake_first(ant_join_set_core *core)
{
    ant_waiter *first = ant_waitlist_first(&core->waiters);
    if (first == NULL) return (ant_waker){ 0 };
    ant_waker waker = ant_waitlist_take(&core->waiters, first, &core->resource);
    ant_waiter_grant(first);
    return waker;
}

// ---- Ends are handed out ----

#define NEXT_OPS .drop = next_drop, .waits_on = next_waits_on

ANT_ASYNC_OPS(ant_join_set_next, NEXT_OPS)
{
    ant_join_set_core *core = self->set->core;
    self->is_empty = ant_join_set_is_empty(self->set);
    if (self->is_empty) return ANT_READY;
    // Paid before it is taken: what is taken cannot be pending.
    if (!ant_coop_consume(cx)) return ANT_PENDING;

    self->task = cx->task;
    const ant_waiting waiting = {
        .list = &core->waiters,
        .waiter = &self->waiter,
        .resource = &core->resource,
        .look = look_for_end,
        .arg = self,
    };
    if (ant_waitlist_poll(&waiting, cx) == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    hand_out(self->set, self->entry, &self->joined);
    self->base.result = self->joined.result;
    return ANT_READY;
}

struct ant_join_set_next ant__join_set_next(ant_join_set *set, uint32_t line)
{
    return (struct ant_join_set_next){
        ANT_INIT(ant_join_set_next),
        .set = set,
        .waiter = ANT_WAITER(line),
    };
}

int ant_join_set_try_next(ant_join_set *set, ant_joined *ret_joined)
{
    if (ant_join_set_is_empty(set)) return -EPIPE;
    ant_join_set_entry *entry;
    ant_os_mutex_lock(&set->core->waiters.lock);
    const int err = take_end(set->core, &entry, ant_task_id_here());
    ant_os_mutex_unlock(&set->core->waiters.lock);
    if (err == 0) hand_out(set, entry, ret_joined);
    return err;
}

static int look_for_end(void *arg)
{
    struct ant_join_set_next *self = arg;
    return take_end(self->set->core, &self->entry, self->task);
}

// Under the lock: the oldest end, or -EAGAIN.
static int take_end(ant_join_set_core *core, ant_join_set_entry **ret_entry,
                    uint32_t task)
{
    ant_list *link = ant_list_pop_front(&core->ended);
    if (link == NULL) return -EAGAIN;
    core->ended_count--;
    ANT_TRACE(chan_recv, .res = ant_resource_id(&core->resource), .task = task,
              .len = core->ended_count);
    (void)task;
    *ret_entry = ANT_CONTAINER_OF(link, ant_join_set_entry, place);
    return 0;
}

static void hand_out(ant_join_set *set, ant_join_set_entry *entry,
                     ant_joined *ret_joined)
{
    const ant_waker nobody = ant_waker_noop();
    const bool is_over = ant__join_handle_wait(&entry->handle, &nobody);
    ANT_ASSERT(is_over);
    ant_list_remove(&entry->all);
    set->core->len--;
    *ret_joined = (ant_joined){
        .task = entry->task,
        .result = entry->handle.base.result,
        .key = entry->key,
        .failure = ant_task_failure(&entry->handle),
    };
    entry_unref(entry);
}

static void next_drop(ant_future *future)
{
    struct ant_join_set_next *self = (void *)future;
    ant_join_set_core *core = self->set->core;
    if (core == NULL) return;
    ant_waitlist_leave(&core->waiters, &self->waiter, &core->resource);
    if (ant_waiter_get_state(&self->waiter) != ANT_WAITER_GRANTED) return;

    // It was woken for an end that it will not take: somebody else shall.
    ant_waker waker = { 0 };
    ant_os_mutex_lock(&core->waiters.lock);
    if (!ant_list_is_empty(&core->ended)) waker = wake_first(core);
    ant_os_mutex_unlock(&core->waiters.lock);
    ant_waker_wake(&waker);
}

static bool next_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_join_set_next *self = (const void *)future;
    const ant_join_set_core *core = self->set->core;
    if (core == NULL ||
        !ant_waiter_describe(&self->waiter, &core->resource, ret_wait))
        return false;
    // Any of those that run could end the wait: the oldest stands for all.
    const ant_join_set_entry *entry = entry_after(self->set, NULL);
    while (entry != NULL && ant_task_is_finished(&entry->handle)) {
        entry = entry_after(self->set, entry);
    }
    if (entry != NULL) ret_wait->holder = entry->task;
    return true;
}

// ---- All of them ----

ANT_ASYNC(ant_join_set_join_all)
{
    switch (self->state) {
    case ANT_JOIN_ALL_START:
        self->next = ant__join_set_next(self->set, self->line);
        return ANT_NEXT(ANT_JOIN_ALL_JOINING);

    case ANT_JOIN_ALL_JOINING:
        ANT_AWAIT(self->next);
        if (self->next.is_empty) return ANT_READY;
        if (self->next.base.result < 0) {
            ant_join_set_abort_all(self->set);
            return ANT_FAIL(self->next.base.result);
        }
        self->next = ant__join_set_next(self->set, self->line);
        return ANT_NEXT(ANT_JOIN_ALL_JOINING);
    }
    ANT_UNREACHABLE();
}

struct ant_join_set_join_all ant__join_set_join_all(ant_join_set *set,
                                                    uint32_t line)
{
    return (struct ant_join_set_join_all){
        ANT_INIT(ant_join_set_join_all),
        .set = set,
        .line = line,
    };
}

ANT_ASYNC(ant_join_set_shutdown)
{
    switch (self->state) {
    case ANT_SHUTDOWN_START:
        ant_join_set_abort_all(self->set);
        self->next = ant__join_set_next(self->set, self->line);
        return ANT_NEXT(ANT_SHUTDOWN_JOINING);

    case ANT_SHUTDOWN_JOINING:
        ANT_AWAIT(self->next);
        if (self->next.is_empty) return ANT_READY;
        self->next = ant__join_set_next(self->set, self->line);
        return ANT_NEXT(ANT_SHUTDOWN_JOINING);
    }
    ANT_UNREACHABLE();
}

struct ant_join_set_shutdown ant__join_set_shutdown(ant_join_set *set,
                                                    uint32_t line)
{
    return (struct ant_join_set_shutdown){
        ANT_INIT(ant_join_set_shutdown),
        .set = set,
        .line = line,
    };
}

// ---- Stopping and forgetting ----

void ant_join_set_abort(ant_join_set *set, const void *key)
{
    ant_join_set_entry *entry = entry_after(set, NULL);
    for (; entry != NULL; entry = entry_after(set, entry)) {
        if (entry->key == key) ant_task_abort(&entry->handle);
    }
}

void ant_join_set_abort_all(ant_join_set *set)
{
    ant_join_set_entry *entry = entry_after(set, NULL);
    for (; entry != NULL; entry = entry_after(set, entry)) {
        ant_task_abort(&entry->handle);
    }
}

void ant_join_set_detach_all(ant_join_set *set)
{
    for (;;) { // ends when the set is empty
        ant_join_set_entry *entry = entry_after(set, NULL);
        if (entry == NULL) return;
        ant_list_remove(&entry->all);
        set->core->len--;
        ant_os_mutex_lock(&set->core->waiters.lock);
        entry->is_forgotten = true;
        if (ant_list_is_linked(&entry->place)) set->core->ended_count--;
        ant_list_remove(&entry->place);
        ant_os_mutex_unlock(&set->core->waiters.lock);
        ant_task_detach(&entry->handle);
        entry_unref(entry);
    }
}

uint32_t ant_join_set_len(const ant_join_set *set)
{
    return set->core != NULL ? set->core->len : 0;
}

// The next younger one in the set, the oldest after NULL; NULL at the end.
static ant_join_set_entry *entry_after(const ant_join_set *set,
                                       const ant_join_set_entry *entry)
{
    const ant_join_set_core *core = set->core;
    if (core == NULL) return NULL;
    ant_list *link = entry != NULL ? entry->all.next : core->entries.next;
    if (link == &core->entries) return NULL;
    return ANT_CONTAINER_OF(link, ant_join_set_entry, all);
}
