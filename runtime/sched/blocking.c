// SPDX-License-Identifier: MIT

#include "sched/blocking.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "core/here.h"
#include "core/task_block.h"
#include "time/clock.h"
#include "trace/trace.h"

// A thread of the pool, or the memory of one that has ended. It is never freed
// before the pool, so that an unpark that comes late still finds a parker.
typedef struct ant_blocking_thread {
    // fixed after it was made
    ant_blocking *pool;
    uint32_t lane;
    char name[16];
    ant_parker parker;
    ant_list all; // in pool->threads

    // whoever starts and joins the thread
    ant_thread thread;

    // the thread itself
    ant_here here;

    // under pool->lock
    ant_list place; // in pool->idle or pool->spare
    bool is_alive;
    struct ant_blocking_thread *predecessor; // to be joined by this one
} ant_blocking_thread;

static int have_thread(ant_blocking *pool);
static ant_blocking_thread *thread_new(ant_blocking *pool);
static void thread_main(void *arg);
static ant_task *next_job(ant_blocking_thread *self, uint32_t *ret_left);
static bool wait_for_job(ant_blocking_thread *self);
static void retire(ant_blocking_thread *self);
static void end(ant_blocking_thread *self);
static void push(ant_blocking *pool, ant_task *task);
static ant_task *pop(ant_blocking *pool);
static ant_task *take_optional(ant_blocking *pool, uint32_t *ret_count);
static ant_blocking_thread *claim_idle(ant_blocking *pool);
static void say(void (*hook)(void *arg), const ant_blocking *pool);
static void unpark(ant_blocking *pool, ant_parker *parker);
static void count_busy(ant_blocking *pool, int change);

bool ant_blocking_is_job(const ant_task *task)
{
    return task->kind == ANT_TASK_BLOCKING || task->kind == ANT_TASK_MANDATORY;
}

void ant_blocking_init(ant_blocking *pool, const ant_blocking_desc *desc)
{
    *pool = (ant_blocking){ .desc = *desc };
    if (pool->desc.thread_max == 0)
        pool->desc.thread_max = ANT_BLOCKING_THREAD_MAX;
    if (pool->desc.keep_alive_ns == 0)
        pool->desc.keep_alive_ns = ANT_BLOCKING_KEEP_ALIVE_NS;
    desc->driver->ops->parker_init(desc->driver, &pool->closer);
    ant_os_mutex_init(&pool->lock);
    ant_list_init(&pool->threads);
    ant_list_init(&pool->idle);
    ant_list_init(&pool->spare);
}

int ant_blocking_submit(ant_blocking *pool, ant_task *task)
{
    count_busy(pool, +1);
    ant_os_mutex_lock(&pool->lock);
    int err = pool->is_closed ? -ESHUTDOWN : 0;
    ant_blocking_thread *idle = err == 0 ? claim_idle(pool) : NULL;
    if (err == 0 && idle == NULL) err = have_thread(pool);
    if (err == 0) push(pool, task);
    ant_os_mutex_unlock(&pool->lock);

    if (idle != NULL) unpark(pool, &idle->parker);
    if (err < 0) count_busy(pool, -1);
    return err;
}

ant_task *ant_blocking_close(ant_blocking *pool)
{
    uint32_t left_count;
    ant_os_mutex_lock(&pool->lock);
    pool->is_closed = true;
    ant_task *left = take_optional(pool, &left_count);
    ant_os_mutex_unlock(&pool->lock);
    if (left_count > 0) count_busy(pool, -(int)left_count);

    for (;;) { // ends when nobody is idle; from now on nobody can become so
        ant_os_mutex_lock(&pool->lock);
        ant_blocking_thread *idle = claim_idle(pool);
        ant_os_mutex_unlock(&pool->lock);
        if (idle == NULL) return left;
        unpark(pool, &idle->parker);
    }
}

// Under the lock. Lets the threads that still run end by themselves.
static void abandon(ant_blocking *pool)
{
    ant_driver *driver = pool->desc.driver;
    pool->is_abandoned = true;
    ant_list *link = pool->threads.next;
    for (; link != &pool->threads; link = link->next) {
        ant_blocking_thread *thread =
            ANT_CONTAINER_OF(link, ant_blocking_thread, all);
        if (thread->is_alive)
            driver->ops->thread_detach(driver, &thread->thread);
    }
}

bool ant_blocking_shutdown(ant_blocking *pool, uint64_t deadline_ns)
{
    ant_driver *driver = pool->desc.driver;
    (void)ant_blocking_close(pool);

    bool in_time = true;
    ant_os_mutex_lock(&pool->lock);
    while (pool->alive > 0 && in_time) {
        ant_os_mutex_unlock(&pool->lock);
        in_time = driver->ops->park(driver, &pool->closer, deadline_ns) !=
                  ANT_UNPARKED_DEADLINE;
        ant_os_mutex_lock(&pool->lock);
    }
    const bool is_over = pool->alive == 0;
    if (!is_over) abandon(pool);
    ant_blocking_thread *ended = pool->ended;
    pool->ended = NULL;
    ant_os_mutex_unlock(&pool->lock);

    // Each thread that ends joins the one before; so the last stands for all.
    if (ended != NULL) driver->ops->thread_join(driver, &ended->thread);
    return is_over;
}

void ant_blocking_deinit(ant_blocking *pool)
{
    ANT_ASSERT(pool->alive == 0);
    ANT_ASSERT(pool->first == NULL);
    ant_driver *driver = pool->desc.driver;
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&pool->threads);
        if (link == NULL) break;
        ant_blocking_thread *thread =
            ANT_CONTAINER_OF(link, ant_blocking_thread, all);
        driver->ops->parker_deinit(driver, &thread->parker);
        ant_mem_free(thread);
    }
    driver->ops->parker_deinit(driver, &pool->closer);
    ant_os_mutex_deinit(&pool->lock);
}

// ---- A thread's life ----

// Under the lock. Starts a thread for one more job, unless there are as many as
// there may be. A failure matters only when nobody is alive to do the job.
static int have_thread(ant_blocking *pool)
{
    if (pool->alive == pool->desc.thread_max) return 0;
    ant_driver *driver = pool->desc.driver;
    int err = -ENOMEM;
    ant_blocking_thread *thread = thread_new(pool);
    if (thread != NULL) {
        const ant_thread_desc desc = { thread->name, thread->lane, thread_main,
                                       thread };
        err = driver->ops->thread_start(driver, &desc, &thread->thread);
    }
    if (err == 0) {
        thread->is_alive = true;
        pool->alive++;
    } else if (thread != NULL) {
        ant_list_push_front(&pool->spare, &thread->place);
    }
    return pool->alive > 0 ? 0 : err;
}

// Under the lock.
static ant_blocking_thread *thread_new(ant_blocking *pool)
{
    ant_list *spare = ant_list_pop_front(&pool->spare);
    if (spare != NULL)
        return ANT_CONTAINER_OF(spare, ant_blocking_thread, place);

    ant_driver *driver = pool->desc.driver;
    ant_blocking_thread *thread = ant_mem_alloc(sizeof *thread);
    if (thread == NULL) return NULL;
    thread->pool = pool;
    const uint32_t index = pool->made++;
    (void)snprintf(thread->name, sizeof thread->name, "blocking-%u", index);
    thread->lane = ant_trace_lane_new(ANT_LANE_BLOCKING, index, thread->name);
    driver->ops->parker_init(driver, &thread->parker);
    thread->here = (ant_here){
        .runtime = pool->desc.runtime,
        .driver = driver,
        .parker = &thread->parker,
        .lane = thread->lane,
    };
    ant_list_push_back(&pool->threads, &thread->all);
    return thread;
}

static void thread_main(void *arg)
{
    ant_blocking_thread *self = arg;
    ant_blocking *pool = self->pool;
    const ant_hooks none = { 0 };
    const ant_hooks *hooks = pool->desc.hooks;
    if (hooks == NULL) hooks = &none;
    ant__here_set(&self->here);
    say(hooks->on_thread_start, pool);
    for (;;) { // ends when the pool has no use for this thread
        uint32_t left;
        ant_task *task = next_job(self, &left);
        if (task == NULL) break;
        ant_task_run(task, ANT_QUEUE_BLOCKING, left);
        count_busy(pool, -1);
    }
    say(hooks->on_thread_stop, pool);
    ANT_TRACE(lane_leave, .lane = self->lane);
    ant__here_set(NULL);
    end(self);
}

// NULL when the thread shall end; it counts as ended from then on, so that
// nobody relies on it for a job.
static ant_task *next_job(ant_blocking_thread *self, uint32_t *ret_left)
{
    ant_blocking *pool = self->pool;
    ant_os_mutex_lock(&pool->lock);
    ant_task *task = pop(pool);
    while (task == NULL && !pool->is_closed && wait_for_job(self))
        task = pop(pool); // another thread may have been faster
    *ret_left = pool->queue_len;
    if (task == NULL) retire(self);
    ant_os_mutex_unlock(&pool->lock);
    return task;
}

// Sleeps without the lock, which the caller has. False when nobody claimed the
// thread for a long time.
static bool wait_for_job(ant_blocking_thread *self)
{
    ant_blocking *pool = self->pool;
    ant_driver *driver = pool->desc.driver;
    const uint64_t until_ns =
        ant_clock_add(driver->ops->now_ns(driver), pool->desc.keep_alive_ns);
    ANT_TRACE(park, .reason = ANT_PARK_IDLE, .until = until_ns);
    ant_list_push_front(&pool->idle, &self->place);
    pool->idle_len++;
    bool in_time = true;
    while (ant_list_is_linked(&self->place) && in_time) {
        ant_os_mutex_unlock(&pool->lock);
        in_time = driver->ops->park(driver, &self->parker, until_ns) !=
                  ANT_UNPARKED_DEADLINE;
        ant_os_mutex_lock(&pool->lock);
    }
    const bool is_claimed = !ant_list_is_linked(&self->place);
    if (!is_claimed) pool->idle_len--;
    ant_list_remove(&self->place);
    ANT_TRACE(unpark,
              .cause = is_claimed ? ANT_UNPARK_NOTIFIED : ANT_UNPARK_TIMER);
    return is_claimed;
}

// Under the lock.
static void retire(ant_blocking_thread *self)
{
    ant_blocking *pool = self->pool;
    self->is_alive = false;
    pool->alive--;
    if (pool->is_abandoned) return;
    self->predecessor = pool->ended;
    pool->ended = self;
}

// The last thing that a thread does. An abandoned pool's threads are nobody's.
static void end(ant_blocking_thread *self)
{
    ant_blocking *pool = self->pool;
    ant_driver *driver = pool->desc.driver;
    ant_blocking_thread *predecessor = self->predecessor;
    self->predecessor = NULL;
    if (predecessor != NULL) {
        driver->ops->thread_join(driver, &predecessor->thread);
        ant_os_mutex_lock(&pool->lock);
        ant_list_push_front(&pool->spare, &predecessor->place);
        ant_os_mutex_unlock(&pool->lock);
    }
    unpark(pool, &pool->closer);
}

const ant_here *ant_blocking_thread_of(ant_blocking *pool, const ant_task *task)
{
    const ant_here *found = NULL;
    ant_os_mutex_lock(&pool->lock);
    ant_list *link = pool->threads.next;
    for (; link != &pool->threads && found == NULL; link = link->next) {
        const ant_blocking_thread *thread =
            ANT_CONTAINER_OF(link, ant_blocking_thread, all);
        if (thread->here.task == task) found = &thread->here;
    }
    ant_os_mutex_unlock(&pool->lock);
    return found;
}

// ---- Small things ----

// Under the lock.
static void push(ant_blocking *pool, ant_task *task)
{
    ANT_TRACE(task_push, .task = task->id, .queue = ANT_QUEUE_BLOCKING,
              .len = pool->queue_len + 1);
    task->link.next = NULL;
    if (pool->first == NULL)
        pool->first = task;
    else
        pool->last->link.next = task;
    pool->last = task;
    pool->queue_len++;
}

// Under the lock. NULL when the queue is empty.
static ant_task *pop(ant_blocking *pool)
{
    ant_task *task = pool->first;
    if (task == NULL) return NULL;
    pool->first = task->link.next;
    task->link.next = NULL;
    pool->queue_len--;
    return task;
}

// Under the lock. Takes all jobs but the mandatory ones out of the queue.
static ant_task *take_optional(ant_blocking *pool, uint32_t *ret_count)
{
    ant_task *first = NULL;
    ant_task **left_end = &first;
    ant_task **kept_end = &pool->first;
    *ret_count = 0;
    for (ant_task *task = pool->first; task != NULL; task = task->link.next) {
        const bool is_kept = task->kind == ANT_TASK_MANDATORY;
        ant_task ***end = is_kept ? &kept_end : &left_end;
        **end = task;
        *end = &task->link.next;
        if (is_kept) pool->last = task;
        if (!is_kept) ++*ret_count;
    }
    *left_end = NULL;
    *kept_end = NULL;
    pool->queue_len -= *ret_count;
    return first;
}

// Under the lock. Takes an idle thread out of the list: it has a job now, and
// the caller unparks it. NULL when all are busy.
static ant_blocking_thread *claim_idle(ant_blocking *pool)
{
    ant_list *link = ant_list_pop_front(&pool->idle);
    if (link == NULL) return NULL;
    pool->idle_len--;
    return ANT_CONTAINER_OF(link, ant_blocking_thread, place);
}

static void unpark(ant_blocking *pool, ant_parker *parker)
{
    pool->desc.driver->ops->unpark(pool->desc.driver, parker);
}

static void count_busy(ant_blocking *pool, int change)
{
    if (pool->desc.on_busy != NULL) pool->desc.on_busy(pool->desc.arg, change);
}

static void say(void (*hook)(void *arg), const ant_blocking *pool)
{
    if (hook != NULL) hook(pool->desc.hooks->arg);
}
