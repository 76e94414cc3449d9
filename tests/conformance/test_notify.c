// SPDX-License-Identifier: MIT
//
// What a notify and a barrier promise: N1 to N6, B1, B2.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"
#include "support/hand.h"

static ant_notify bell;
static ant_barrier line;
static hand_task tasks[4];

static int set_up(void **state)
{
    (void)state;
    ant_notify_init(&bell, "bell");
    ant_barrier_init(&line, "line", 3);
    for (unsigned i = 0; i < 4; i++) {
        hand_task_init(&tasks[i], i + 1);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(hand_refs(&tasks[i]), 0);
    }
    ant_notify_deinit(&bell);
    ant_barrier_deinit(&line);
    return 0;
}

// ---- By hand ----

static void queue_up(struct ant_notified *rings, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        rings[i] = ant_notified(&bell);
        assert_int_equal(hand_poll(&tasks[i], &rings[i].base), ANT_PENDING);
    }
}

// Drops the futures and tells how many rings are left for others.
static unsigned rings_kept(struct ant_notified *rings, unsigned n)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < n; i++) {
        ant_future_drop(&rings[i].base);
    }
    for (;;) {
        struct ant_notified ring = ant_notified(&bell);
        const ant_poll poll = hand_poll(&tasks[0], &ring.base);
        ant_future_drop(&ring.base);
        if (poll == ANT_PENDING) return kept;
        kept++;
    }
}

static void n1_many_rings_are_kept_as_one(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 4; n++) {
        for (unsigned i = 0; i < n; i++) {
            ant_notify_one(&bell);
        }
        assert_int_equal(rings_kept(NULL, 0), 1);
    }
}

static void n2_one_is_first_in_and_last_is_last_in(void **state)
{
    (void)state;
    struct ant_notified rings[4];
    queue_up(rings, 4);
    ant_notify_one(&bell);
    ant_notify_last(&bell);
    for (unsigned i = 0; i < 4; i++) {
        const ant_poll poll = hand_poll(&tasks[i], &rings[i].base);
        assert_int_equal(poll, i == 0 || i == 3 ? ANT_READY : ANT_PENDING);
    }
    assert_int_equal(rings_kept(rings, 4), 0);
}

static void n2_a_ring_not_used_goes_on_in_its_direction(void **state)
{
    (void)state;
    struct ant_notified rings[4];
    queue_up(rings, 4);
    ant_notify_one(&bell);
    ant_future_drop(&rings[0].base); // to 1
    ant_notify_last(&bell);
    ant_future_drop(&rings[3].base); // to 2
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_take_wakes(&tasks[2]), 1);
    assert_int_equal(rings_kept(rings, 4), 1);
}

static void n3_all_that_were_made_before_and_nobody_else(void **state)
{
    (void)state;
    struct ant_notified rings[2];
    queue_up(rings, 1);
    rings[1] = ant_notified(&bell);
    ant_notify_waiters(&bell);
    struct ant_notified late = ant_notified(&bell);
    assert_int_equal(hand_poll(&tasks[0], &rings[0].base), ANT_READY);
    assert_int_equal(hand_poll(&tasks[1], &rings[1].base), ANT_READY);
    assert_int_equal(hand_poll(&tasks[2], &late.base), ANT_PENDING);
    assert_int_equal(rings_kept(&late, 1), 0);
}

static struct ant_notified again;

static void wait_again(void *arg)
{
    again = ant_notified(&bell);
    assert_int_equal(hand_poll(arg, &again.base), ANT_PENDING);
}

// A future made during the call is not reached by it.
static void n3_one_call_does_not_end_two_waits(void **state)
{
    (void)state;
    struct ant_notified rings[2];
    queue_up(rings, 2);
    ant_mock_task_set_evil(&tasks[0], ANT_MOCK_ON_WAKE, wait_again, &tasks[3]);
    ant_notify_waiters(&bell);
    assert_int_equal(hand_take_wakes(&tasks[3]), 0);
    assert_int_equal(hand_poll(&tasks[3], &again.base), ANT_PENDING);
    ant_future_drop(&again.base);
    assert_int_equal(rings_kept(rings, 2), 0);
}

static void n4_waiting_begins_with_a_poll_or_with_enable(void **state)
{
    (void)state;
    struct ant_notified unpolled = ant_notified(&bell);
    struct ant_notified enabled = ant_notified(&bell);
    assert_false(ant_notified_enable(&enabled));
    ant_notify_one(&bell);
    assert_int_equal(hand_poll(&tasks[0], &unpolled.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &enabled.base), ANT_READY);
    assert_int_equal(rings_kept(&unpolled, 1), 0);
}

static void n5_who_was_called_leaves_the_ring_to_others(void **state)
{
    (void)state;
    struct ant_notified rings[2];
    queue_up(rings, 1);
    rings[1] = ant_notified(&bell);
    ant_notify_waiters(&bell);
    ant_notify_one(&bell);
    assert_int_equal(hand_poll(&tasks[0], &rings[0].base), ANT_READY);
    assert_int_equal(hand_poll(&tasks[1], &rings[1].base), ANT_READY);
    assert_int_equal(rings_kept(NULL, 0), 1);
}

static void n6_a_dropped_wait_loses_its_place_only(void **state)
{
    (void)state;
    struct ant_notified rings[3];
    queue_up(rings, 3);
    ant_future_drop(&rings[1].base);
    rings[1] = ant_notified(&bell);
    assert_int_equal(hand_poll(&tasks[1], &rings[1].base), ANT_PENDING);
    static const unsigned order[] = { 0, 2, 1 };
    for (unsigned i = 0; i < 3; i++) {
        ant_notify_one(&bell);
        assert_int_equal(hand_take_wakes(&tasks[order[i]]), 1);
    }
    assert_int_equal(rings_kept(rings, 3), 1);
}

static void b1_the_last_one_leads_in_each_round(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3; round++) {
        struct ant_barrier_wait waits[3];
        for (unsigned i = 0; i < 3; i++) {
            waits[i] = ant_barrier_wait(&line);
            assert_int_equal(hand_poll(&tasks[i], &waits[i].base),
                             i == 2 ? ANT_READY : ANT_PENDING);
        }
        for (unsigned i = 0; i < 2; i++) {
            assert_int_equal(hand_take_wakes(&tasks[i]), 1);
            assert_int_equal(hand_poll(&tasks[i], &waits[i].base), ANT_READY);
            assert_false(waits[i].is_leader);
        }
        assert_true(waits[2].is_leader);
    }
}

static void b2_a_dropped_arrival_does_not_count(void **state)
{
    (void)state;
    struct ant_barrier_wait waits[4];
    for (unsigned i = 0; i < 4; i++) {
        waits[i] = ant_barrier_wait(&line);
        assert_int_equal(hand_poll(&tasks[i], &waits[i].base),
                         i == 3 ? ANT_READY : ANT_PENDING);
        if (i == 0) ant_future_drop(&waits[0].base);
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(hand_take_wakes(&tasks[i]), i == 1 || i == 2);
        ant_future_drop(&waits[i].base);
    }
}

// ---- In a runtime ----

#define GUESTS 40 // more than a batch of wakers

// Makes its future, meets the others, and only then waits for the ring.
struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_MEETING, GUEST_WAITING } state;
    bool is_enabled;
    struct ant_barrier_wait meeting;
    struct ant_notified ring;
};

static ant_atomic_u32 leaders;

ANT_ASYNC_WITH_DROP(guest)
{
    switch (self->state) {
    case GUEST_START:
        self->ring = ant_notified(&bell);
        if (self->is_enabled) (void)ant_notified_enable(&self->ring);
        self->meeting = ant_barrier_wait(&line);
        return ANT_NEXT(GUEST_MEETING);

    case GUEST_MEETING:
        ANT_AWAIT(self->meeting);
        ant_atomic_add(&leaders, self->meeting.is_leader, ANT_RELAXED);
        return ANT_NEXT(GUEST_WAITING);

    case GUEST_WAITING:
        ANT_AWAIT(self->ring);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void guest_drop(struct guest *self)
{
    ant_future_drop(&self->meeting.base);
    ant_future_drop(&self->ring.base);
}

ANT_MUST_USE static struct guest guest(bool is_enabled)
{
    return (struct guest){ ANT_INIT(guest), .is_enabled = is_enabled };
}

// Meets the guests, then rings: for each one, or once for all.
struct host {
    ant_future base;
    enum { HOST_START, HOST_MEETING, HOST_JOINING } state;
    bool rings_for_each;
    unsigned joined;
    struct ant_barrier_wait meeting;
    struct ant_join_handle guests[GUESTS];
};

ANT_ASYNC(host)
{
    switch (self->state) {
    case HOST_START:
        for (unsigned i = 0; i < GUESTS; i++) {
            self->guests[i] = ant_spawn(guest(self->rings_for_each));
        }
        self->meeting = ant_barrier_wait(&line);
        return ANT_NEXT(HOST_MEETING);

    case HOST_MEETING:
        ANT_AWAIT(self->meeting);
        ant_atomic_add(&leaders, self->meeting.is_leader, ANT_RELAXED);
        if (!self->rings_for_each) ant_notify_waiters(&bell);
        for (unsigned i = 0; i < GUESTS && self->rings_for_each; i++) {
            ant_notify_one(&bell);
        }
        return ANT_NEXT(HOST_JOINING);

    case HOST_JOINING:
        ANT_AWAIT(self->guests[self->joined]);
        if (++self->joined < GUESTS) return ANT_NEXT(HOST_JOINING);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct host host(bool rings_for_each)
{
    return (struct host){ ANT_INIT(host), .rings_for_each = rings_for_each };
}

static void run_host(void **state, bool rings_for_each)
{
    ant_notify_init(&bell, "bell");
    ant_barrier_init(&line, "line", GUESTS + 1);
    ant_atomic_store(&leaders, 0, ANT_RELAXED);
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, host(rings_for_each)), 0);
    ant_runtime_free(rt);
    assert_int_equal(ant_atomic_load(&leaders, ANT_RELAXED), 1);
    ant_notify_deinit(&bell);
    ant_barrier_deinit(&line);
}

static void n3_one_call_frees_all_guests(void **state)
{
    run_host(state, false);
}

static void n4_each_ring_frees_one_enabled_guest(void **state)
{
    run_host(state, true);
}

static void b1_one_of_all_leads(void **state)
{
    run_host(state, false);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(n1_many_rings_are_kept_as_one),
        TEST(n2_one_is_first_in_and_last_is_last_in),
        TEST(n2_a_ring_not_used_goes_on_in_its_direction),
        TEST(n3_all_that_were_made_before_and_nobody_else),
        TEST(n3_one_call_does_not_end_two_waits),
        TEST(n4_waiting_begins_with_a_poll_or_with_enable),
        TEST(n5_who_was_called_leaves_the_ring_to_others),
        TEST(n6_a_dropped_wait_loses_its_place_only),
        TEST(b1_the_last_one_leads_in_each_round),
        TEST(b2_a_dropped_arrival_does_not_count),
        EVERY_FLAVOR(n3_one_call_frees_all_guests),
        EVERY_FLAVOR(n4_each_ring_frees_one_enabled_guest),
        EVERY_FLAVOR(b1_one_of_all_leads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
