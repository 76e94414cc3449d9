// SPDX-License-Identifier: MIT
//
// The leaf operations of sync.

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "sync/barrier.h"
#include "sync/mutex.h"
#include "sync/notify.h"
#include "sync/once_cell.h"
#include "sync/rwlock.h"
#include "sync/semaphore.h"

// What was given to the waiters, and what they got.
static unsigned supplied;
static unsigned served;

// ---- Mutex ----

static ant_mutex mutex;
static struct ant_mutex_lock locks[LEAF_PLACES];
static bool is_locked; // by the test or by who was served last

static void set_up_mutex(unsigned waiters)
{
    (void)waiters;
    ant_mutex_init(&mutex, "leaf");
    is_locked = ant_mutex_try_lock(&mutex);
}

static ant_future *start_lock(unsigned i)
{
    locks[i] = ant_mutex_lock(&mutex);
    return &locks[i].base;
}

static void supply_lock(void)
{
    if (is_locked) ant_mutex_unlock(&mutex);
    is_locked = false;
}

static void serve_lock(unsigned i)
{
    (void)i;
    assert_false(is_locked); // nobody else has it
    is_locked = true;
}

static void poke_mutex(void)
{
    if (!ant_mutex_try_lock(&mutex)) return;
    assert_false(is_locked);
    ant_mutex_unlock(&mutex);
}

static void tear_down_mutex(void)
{
    supply_lock();
    assert_true(ant_mutex_try_lock(&mutex));
    ant_mutex_unlock(&mutex);
    ant_mutex_deinit(&mutex);
}

static const leaf leaf_lock = {
    .name = "mutex lock",
    .set_up = set_up_mutex,
    .start = start_lock,
    .supply = supply_lock,
    .serve = serve_lock,
    .poke = poke_mutex,
    .tear_down = tear_down_mutex,
};

// ---- Semaphore: permits one by one, for requests of one and of several ----

static ant_semaphore semaphore;
static struct ant_semaphore_acquire acquires[LEAF_PLACES];
static unsigned acquire_count; // permits that are asked for, each time

static void set_up_semaphore(unsigned waiters)
{
    (void)waiters;
    ant_semaphore_init(&semaphore, "leaf", 0);
    acquire_count = 1;
    supplied = served = 0;
}

static void set_up_semaphore_many(unsigned waiters)
{
    set_up_semaphore(waiters);
    acquire_count = 3;
}

static ant_future *start_acquire(unsigned i)
{
    acquires[i] = ant_semaphore_acquire_many(&semaphore, acquire_count);
    return &acquires[i].base;
}

static void supply_permit(void)
{
    assert_int_equal(ant_semaphore_add_permits(&semaphore, 1), 0);
    supplied++;
}

static void serve_permits(unsigned i)
{
    assert_int_equal(acquires[i].base.result, 0);
    served += acquire_count;
}

static void poke_semaphore(void)
{
    (void)ant_semaphore_available_permits(&semaphore);
    if (ant_semaphore_try_acquire(&semaphore) == 0) served++;
}

static void tear_down_semaphore(void)
{
    assert_int_equal(served + ant_semaphore_available_permits(&semaphore),
                     supplied);
    ant_semaphore_deinit(&semaphore);
}

static const leaf leaf_acquire = {
    .name = "semaphore acquire",
    .set_up = set_up_semaphore,
    .start = start_acquire,
    .supply = supply_permit,
    .serve = serve_permits,
    .poke = poke_semaphore,
    .tear_down = tear_down_semaphore,
};

static const leaf leaf_acquire_many = {
    .name = "semaphore acquire_many",
    .set_up = set_up_semaphore_many,
    .start = start_acquire,
    .supply = supply_permit,
    .serve = serve_permits,
    .poke = poke_semaphore,
    .tear_down = tear_down_semaphore,
};

// ---- Read-write lock: in even places readers, in odd ones writers ----

static ant_rwlock rwlock;
static struct ant_rwlock_read reads[LEAF_PLACES];
static struct ant_rwlock_write writes[LEAF_PLACES];
static unsigned readers;
static unsigned writers;

static void set_up_rwlock(unsigned waiters)
{
    (void)waiters;
    ant_rwlock_init(&rwlock, "leaf");
    assert_true(ant_rwlock_try_write(&rwlock));
    readers = 0;
    writers = 1;
}

static ant_future *start_read_or_write(unsigned i)
{
    if (i % 2 == 0) {
        reads[i] = ant_rwlock_read(&rwlock);
        return &reads[i].base;
    }
    writes[i] = ant_rwlock_write(&rwlock);
    return &writes[i].base;
}

static void supply_rwlock(void)
{
    if (writers > 0) {
        writers--;
        ant_rwlock_write_unlock(&rwlock);
    } else if (readers > 0) {
        readers--;
        ant_rwlock_read_unlock(&rwlock);
    }
}

static void serve_rwlock(unsigned i)
{
    assert_int_equal(writers, 0);
    if (i % 2 == 0) {
        readers++;
    } else {
        assert_int_equal(readers, 0);
        writers++;
    }
}

static void poke_rwlock(void)
{
    if (!ant_rwlock_try_read(&rwlock)) return;
    assert_int_equal(writers, 0);
    ant_rwlock_read_unlock(&rwlock);
}

static void tear_down_rwlock(void)
{
    while (readers + writers > 0)
        supply_rwlock();
    assert_true(ant_rwlock_try_write(&rwlock));
    ant_rwlock_write_unlock(&rwlock);
    ant_rwlock_deinit(&rwlock);
}

static const leaf leaf_rwlock = {
    .name = "rwlock read and write",
    .set_up = set_up_rwlock,
    .start = start_read_or_write,
    .supply = supply_rwlock,
    .serve = serve_rwlock,
    .poke = poke_rwlock,
    .tear_down = tear_down_rwlock,
};

// ---- Notify: a ring for one is for exactly one ----

static ant_notify bell;
static struct ant_notified rings[LEAF_PLACES];

static void set_up_notify(unsigned waiters)
{
    (void)waiters;
    ant_notify_init(&bell, "leaf");
    supplied = served = 0;
}

static ant_future *start_notified(unsigned i)
{
    rings[i] = ant_notified(&bell);
    return &rings[i].base;
}

static void supply_one(void)
{
    ant_notify_one(&bell);
    supplied++;
}

static void supply_last(void)
{
    ant_notify_last(&bell);
    supplied++;
}

static void supply_all(void)
{
    ant_notify_waiters(&bell);
}

static void serve_ring(unsigned i)
{
    (void)i;
    served++;
}

static void tear_down_notify(void)
{
    // One ring may be kept; take it if it is there.
    ant_mock_task task;
    ant_mock_task_init(&task, 99);
    struct ant_notified rest = ant_notified(&bell);
    if (ant_mock_task_poll(&task, &rest.base) == ANT_READY) served++;
    ant_future_drop(&rest.base);
    if (supplied > 0) assert_int_equal(served, supplied);
    ant_notify_deinit(&bell);
}

static const leaf leaf_notify_one = {
    .name = "notified, notify_one",
    .set_up = set_up_notify,
    .start = start_notified,
    .supply = supply_one,
    .serve = serve_ring,
    .tear_down = tear_down_notify,
};

static const leaf leaf_notify_last = {
    .name = "notified, notify_last",
    .set_up = set_up_notify,
    .start = start_notified,
    .supply = supply_last,
    .serve = serve_ring,
    .tear_down = tear_down_notify,
};

static const leaf leaf_notify_waiters = {
    .name = "notified, notify_waiters",
    .set_up = set_up_notify,
    .start = start_notified,
    .supply = supply_all,
    .tear_down = tear_down_notify,
};

// ---- Barrier: for one more than there are waiters ----

static ant_barrier barrier;
static struct ant_barrier_wait waits[LEAF_PLACES];
static struct ant_barrier_wait extras[LEAF_PLACES];
static ant_mock_task extra_task;
static unsigned extra_count;
static unsigned leaders;

static void set_up_barrier(unsigned waiters)
{
    ant_barrier_init(&barrier, "leaf", waiters + 1);
    ant_mock_task_init(&extra_task, 50);
    extra_count = leaders = served = 0;
}

static ant_future *start_wait(unsigned i)
{
    waits[i] = ant_barrier_wait(&barrier);
    return &waits[i].base;
}

static void supply_arrival(void)
{
    struct ant_barrier_wait *extra = &extras[extra_count++];
    *extra = ant_barrier_wait(&barrier);
    if (ant_mock_task_poll(&extra_task, &extra->base) == ANT_READY) leaders++;
}

static void serve_wait(unsigned i)
{
    leaders += waits[i].is_leader;
    served++;
}

static void tear_down_barrier(void)
{
    for (unsigned i = 0; i < extra_count; i++)
        ant_future_drop(&extras[i].base);
    assert_int_equal(barrier.arrived, 0);
    assert_true(leaders == 1 || (leaders == 0 && served == 0));
    assert_int_equal(ant_mock_task_waker_refs(&extra_task), 0);
    ant_barrier_deinit(&barrier);
}

static const leaf leaf_barrier = {
    .name = "barrier wait",
    .is_once = true,
    .set_up = set_up_barrier,
    .start = start_wait,
    .supply = supply_arrival,
    .serve = serve_wait,
    .tear_down = tear_down_barrier,
};

// ---- Once cell: the first fills it, by a future that waits for the bell ----

static ant_once_cell cell;
static unsigned cell_value;
static struct ant_notified fillers[LEAF_PLACES];
static unsigned filled[LEAF_PLACES];
static struct ant_once_cell_get_or_init gets[LEAF_PLACES];

static void set_up_cell(unsigned waiters)
{
    (void)waiters;
    leaf_bell_init();
    ant_once_cell_init(&cell, "leaf", cell_value);
    served = 0;
}

static ant_future *start_get(unsigned i)
{
    fillers[i] = ant_notified(&leaf_bell);
    filled[i] = i + 1;
    gets[i] = ant_once_cell_get_or_init(&cell, &fillers[i].base, &filled[i]);
    return &gets[i].base;
}

static void serve_get(unsigned i)
{
    assert_int_equal(gets[i].base.result, 0);
    assert_ptr_equal(ant_once_cell_get(&cell), &cell_value);
    // Who filled it took the ring, and is the only one who did.
    if (cell_value != i + 1) return;
    assert_int_equal(served++, 0);
    leaf_bell_taken();
}

static void poke_cell(void)
{
    const unsigned value = 77;
    const int err = ant_once_cell_set(&cell, &value);
    assert_true(err == -EBUSY || err == -EEXIST || cell_value == 77);
}

static void tear_down_cell(void)
{
    ant_once_cell_deinit(&cell);
    leaf_bell_deinit();
}

static const leaf leaf_once_cell = {
    .name = "once cell get_or_init",
    .set_up = set_up_cell,
    .start = start_get,
    .supply = leaf_bell_ring,
    .serve = serve_get,
    .poke = poke_cell,
    .tear_down = tear_down_cell,
};

const leaf *const leaf_sync[] = {
    &leaf_lock,           &leaf_acquire,
    &leaf_acquire_many,   &leaf_rwlock,
    &leaf_notify_one,     &leaf_notify_last,
    &leaf_notify_waiters, &leaf_barrier,
    &leaf_once_cell,      NULL,
};
