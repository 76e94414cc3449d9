// SPDX-License-Identifier: MIT
//
// What locks and semaphores promise, in every flavour of the runtime: L3, L4,
// L7, L8. Polled by hand, and the others too: test_sync.c.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"

#define GUESTS 12
#define ROUNDS 50

static ant_semaphore stoves;
static ant_rwlock menu;
static ant_mutex printer;

// What the locks guard. Plain numbers: the thread sanitizer watches them.
static unsigned pages;       // under the printer
static unsigned left, right; // under the menu; the same but while it is written
static ant_atomic_u32 cooking;
static ant_atomic_u32 mistakes;

static void expect(bool is_so)
{
    if (!is_so) ant_atomic_add(&mistakes, 1, ANT_RELAXED);
}

static void cook(uint32_t count)
{
    expect(ant_atomic_add(&cooking, count, ANT_RELAXED) + count <= 3);
}

static void stop_cooking(uint32_t count)
{
    ant_atomic_sub(&cooking, count, ANT_RELAXED);
}

// ---- A guest uses everything, round after round ----

struct guest {
    ant_future base;
    enum {
        GUEST_START,
        GUEST_ROUND,
        GUEST_ACQUIRING,
        GUEST_COOKING,
        GUEST_LOCKING,
        GUEST_PRINTING,
        GUEST_READ_LOCKING,
        GUEST_READING,
        GUEST_WRITE_LOCKING,
        GUEST_WRITING,
    } state;
    unsigned number;
    unsigned round;
    uint32_t count; // of stoves
    struct ant_semaphore_acquire acquire;
    struct ant_mutex_lock lock;
    struct ant_rwlock_read read;
    struct ant_rwlock_write write;
    struct ant_yield_now pause;
};

ANT_ASYNC_WITH_DROP(guest)
{
    switch (self->state) {
    case GUEST_START:
        return ANT_NEXT(GUEST_ROUND);
    case GUEST_ROUND:
        if (self->round++ == ROUNDS) return ANT_READY;
        self->count = 1 + (self->number + self->round) % 3;
        self->acquire = ant_semaphore_acquire_many(&stoves, self->count);
        return ANT_NEXT(GUEST_ACQUIRING);
    case GUEST_ACQUIRING:
        ANT_AWAIT(self->acquire);
        cook(self->count);
        self->pause = ant_yield_now();
        return ANT_NEXT(GUEST_COOKING);
    case GUEST_COOKING:
        ANT_AWAIT(self->pause);
        stop_cooking(self->count);
        ant_semaphore_release(&stoves, self->count);
        self->lock = ant_mutex_lock(&printer);
        return ANT_NEXT(GUEST_LOCKING);
    case GUEST_LOCKING:
        ANT_AWAIT(self->lock);
        pages++;
        self->pause = ant_yield_now();
        return ANT_NEXT(GUEST_PRINTING);
    case GUEST_PRINTING:
        ANT_AWAIT(self->pause);
        pages++;
        ant_mutex_unlock(&printer);
        if (self->round % 4 == 0) {
            self->write = ant_rwlock_write(&menu);
            return ANT_NEXT(GUEST_WRITE_LOCKING);
        }
        self->read = ant_rwlock_read(&menu);
        return ANT_NEXT(GUEST_READ_LOCKING);
    case GUEST_READ_LOCKING:
        ANT_AWAIT(self->read);
        expect(left == right);
        self->pause = ant_yield_now();
        return ANT_NEXT(GUEST_READING);
    case GUEST_READING:
        ANT_AWAIT(self->pause);
        expect(left == right);
        ant_rwlock_read_unlock(&menu);
        return ANT_NEXT(GUEST_ROUND);
    case GUEST_WRITE_LOCKING:
        ANT_AWAIT(self->write);
        left++;
        self->pause = ant_yield_now();
        return ANT_NEXT(GUEST_WRITING);
    case GUEST_WRITING:
        ANT_AWAIT(self->pause);
        right++;
        ant_rwlock_downgrade(&menu);
        self->pause = ant_yield_now();
        return ANT_NEXT(GUEST_READING);
    }
    ANT_UNREACHABLE();
}

static void guest_drop(struct guest *self)
{
    ant_future_drop(&self->acquire.base);
    ant_future_drop(&self->lock.base);
    ant_future_drop(&self->read.base);
    ant_future_drop(&self->write.base);
    ant_future_drop(&self->pause.base);
    if (self->state == GUEST_COOKING) {
        stop_cooking(self->count);
        ant_semaphore_release(&stoves, self->count);
    }
    if (self->state == GUEST_PRINTING) ant_mutex_unlock(&printer);
    if (self->state == GUEST_READING) ant_rwlock_read_unlock(&menu);
    if (self->state != GUEST_WRITING) return;
    right = left;
    ant_rwlock_write_unlock(&menu);
}

static struct guest guest(unsigned number)
{
    return (struct guest){ ANT_INIT(guest), .number = number };
}

// ---- All of them ----

struct party {
    ant_future base;
    enum { PARTY_START, PARTY_ABORTING, PARTY_DINING } state;
    bool has_aborts;
    unsigned aborted; // the next one
    struct ant_yield_now pause;
    struct ant_join_handle guests[GUESTS];
    ant_future *all[GUESTS];
    struct ant_join dinner;
};

ANT_ASYNC(party)
{
    switch (self->state) {
    case PARTY_START:
        for (unsigned i = 0; i < GUESTS; i++) {
            self->guests[i] = ant_spawn(guest(i));
            self->all[i] = &self->guests[i].base;
        }
        self->dinner = ant_join_all(self->all, GUESTS);
        self->pause = ant_yield_now();
        return ANT_NEXT(self->has_aborts ? PARTY_ABORTING : PARTY_DINING);

    // One guest for each turn that the others have, until half are aborted.
    case PARTY_ABORTING:
        ANT_AWAIT(self->pause);
        ant_task_abort(&self->guests[self->aborted]);
        self->aborted += 2;
        self->pause = ant_yield_now();
        return ANT_NEXT(self->aborted < GUESTS ? PARTY_ABORTING : PARTY_DINING);

    case PARTY_DINING:
        ANT_AWAIT(self->dinner);
        for (unsigned i = 0; i < GUESTS; i++)
            ant_task_detach(&self->guests[i]);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct party party(bool has_aborts)
{
    return (struct party){ ANT_INIT(party), .has_aborts = has_aborts };
}

static void open_house(void)
{
    ant_semaphore_init(&stoves, "stoves", 3);
    ant_mutex_init(&printer, "printer");
    ant_rwlock_init(&menu, "menu");
    pages = left = right = 0;
    ant_atomic_store(&mistakes, 0, ANT_RELAXED);
}

// Everything is as it was in the beginning: nothing was lost on the way.
static void close_house(void)
{
    assert_int_equal(ant_atomic_load(&mistakes, ANT_RELAXED), 0);
    assert_int_equal(ant_semaphore_available_permits(&stoves), 3);
    assert_int_equal(left, right);
    ant_semaphore_deinit(&stoves);
    ant_mutex_deinit(&printer);
    ant_rwlock_deinit(&menu);
}

static void dine(void **state, bool has_aborts)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    open_house();
    (void)ant_runtime_block_on(rt, party(has_aborts));
    ant_runtime_free(rt);
    if (!has_aborts) assert_int_equal(pages, 2 * GUESTS * ROUNDS);
    close_house();
}

static void l7_holders_see_what_earlier_holders_did(void **state)
{
    dine(state, false);
    assert_int_equal(left, GUESTS * (ROUNDS / 4));
}

// Aborted anywhere: in a queue, granted and not polled, while they hold.
static void l3_aborted_tasks_lose_no_permit(void **state)
{
    dine(state, true);
}

// ---- Closing ----

struct hungry {
    ant_future base;
    enum { HUNGRY_START, HUNGRY_ACQUIRING } state;
    struct ant_semaphore_acquire acquire;
};

ANT_ASYNC(hungry)
{
    switch (self->state) {
    case HUNGRY_START:
        self->acquire = ant_semaphore_acquire_many(&stoves, 4);
        return ANT_NEXT(HUNGRY_ACQUIRING);
    case HUNGRY_ACQUIRING:
        ANT_AWAIT(self->acquire);
        expect(self->acquire.base.result == -EPIPE);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct hungry hungry(void)
{
    return (struct hungry){ ANT_INIT(hungry) };
}

struct closing {
    ant_future base;
    enum { CLOSING_START, CLOSING_PAUSING, CLOSING_JOINING } state;
    struct ant_join_handle first, second;
    struct ant_join both;
    struct ant_sleep pause;
};

ANT_ASYNC(closing)
{
    switch (self->state) {
    case CLOSING_START:
        self->first = ant_spawn(hungry());
        self->second = ant_spawn(hungry());
        self->pause = ant_sleep(1);
        return ANT_NEXT(CLOSING_PAUSING);
    case CLOSING_PAUSING:
        ANT_AWAIT(self->pause);
        ant_semaphore_close(&stoves);
        self->both = ant_join(&self->first.base, &self->second.base);
        return ANT_NEXT(CLOSING_JOINING);
    case CLOSING_JOINING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct closing closing(void)
{
    return (struct closing){ ANT_INIT(closing) };
}

static void l4_closing_ends_every_wait(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    open_house();
    assert_int_equal(ant_runtime_block_on(rt, closing()), 0);
    ant_runtime_free(rt);
    close_house();
}

// ---- Waiting with a thread ----

static int print_blocking(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        const int err = ant_mutex_blocking_lock(&printer);
        if (err < 0) return err;
        pages++;
        ant_mutex_unlock(&printer);
    }
    return 0;
}

static int read_and_write_blocking(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        int err = ant_rwlock_blocking_write(&menu);
        if (err < 0) return err;
        left++;
        right++;
        ant_rwlock_write_unlock(&menu);
        err = ant_rwlock_blocking_read(&menu);
        if (err < 0) return err;
        expect(left == right);
        ant_rwlock_read_unlock(&menu);
    }
    return 0;
}

struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_WORKING } state;
    struct party party;
    struct ant_join_handle printing, changing;
    struct ant_join all;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        expect(ant_mutex_blocking_lock(&printer) == -EDEADLK);
        expect(ant_rwlock_blocking_read(&menu) == -EDEADLK);
        self->party = party(false);
        self->printing = ant_spawn_blocking(print_blocking, NULL);
        self->changing = ant_spawn_blocking(read_and_write_blocking, NULL);
        self->all = ant_join(&self->party.base, &self->printing.base,
                             &self->changing.base);
        return ANT_NEXT(OFFICE_WORKING);
    case OFFICE_WORKING:
        ANT_AWAIT(self->all);
        expect(self->printing.base.result == 0);
        expect(self->changing.base.result == 0);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct office office(void)
{
    return (struct office){ ANT_INIT(office) };
}

static void l8_threads_queue_up_behind_tasks(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    open_house();
    assert_int_equal(ant_runtime_block_on(rt, office()), 0);
    ant_runtime_free(rt);
    assert_int_equal(pages, 2 * GUESTS * ROUNDS + ROUNDS);
    close_house();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(l3_aborted_tasks_lose_no_permit),
        EVERY_FLAVOR(l4_closing_ends_every_wait),
        EVERY_FLAVOR(l7_holders_see_what_earlier_holders_did),
        EVERY_FLAVOR(l8_threads_queue_up_behind_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
