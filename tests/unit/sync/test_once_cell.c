// SPDX-License-Identifier: MIT
//
// Tests of sync/once_cell: who fills it, and what happens when that fails.

#include "sync/once_cell.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/hand.h"
#include "sync/semaphore.h"

static int menu;
static ant_once_cell cell;
static ant_semaphore steps; // that the future which fills the cell needs
static hand_task tasks[3];

// Waits for a step, and then has a menu, or has failed.
struct print {
    ant_future base;
    enum { PRINT_START, PRINT_STEPPING } state;
    int number;
    int err;
    int menu;
    struct ant_semaphore_acquire step;
};

static unsigned started; // by all prints together

ANT_ASYNC(print)
{
    switch (self->state) {
    case PRINT_START:
        started++;
        self->step = ant_semaphore_acquire(&steps);
        return ANT_NEXT(PRINT_STEPPING);
    case PRINT_STEPPING:
        ANT_AWAIT(self->step);
        if (self->err < 0) return ANT_FAIL(self->err);
        self->menu = self->number;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct print print(int number, int err)
{
    return (struct print){ ANT_INIT(print), .number = number, .err = err };
}

// A guest: a print, and the wait for the cell.
typedef struct guest {
    struct print print;
    struct ant_once_cell_get_or_init ready;
} guest;

static ant_poll come(unsigned i, guest *self, int err)
{
    self->print = print((int)i + 10, err);
    self->ready =
        ant_once_cell_get_or_init(&cell, &self->print.base, &self->print.menu);
    return hand_poll(&tasks[i], &self->ready.base);
}

static void expect_ready(unsigned i, guest *self, int result)
{
    assert_int_equal(hand_take_wakes(&tasks[i]), 1);
    assert_int_equal(hand_poll(&tasks[i], &self->ready.base), ANT_READY);
    assert_int_equal(self->ready.base.result, result);
}

static void expect_menu(int number)
{
    const int *found = ant_once_cell_get(&cell);
    assert_ptr_equal(found, &menu);
    assert_int_equal(*found, number);
    assert_true(ant_once_cell_is_initialized(&cell));
}

static int set_up(void **state)
{
    (void)state;
    menu = 0;
    started = 0;
    ant_once_cell_init(&cell, "menu", menu);
    ant_semaphore_init(&steps, "steps", 0);
    for (unsigned i = 0; i < 3; i++)
        hand_task_init(&tasks[i], i + 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(hand_refs(&tasks[i]), 0);
    ant_semaphore_deinit(&steps);
    ant_once_cell_deinit(&cell);
    return 0;
}

static void is_set_once(void **state)
{
    (void)state;
    assert_null(ant_once_cell_get(&cell));
    assert_false(ant_once_cell_is_initialized(&cell));
    assert_int_equal(ant_once_cell_set(&cell, &(int){ 5 }), 0);
    expect_menu(5);
    assert_int_equal(ant_once_cell_set(&cell, &(int){ 6 }), -EEXIST);
    expect_menu(5);
}

static int at_load_value = 3;
static ant_once_cell at_load = ANT_ONCE_CELL("at load", at_load_value);

static void may_begin_at_load_time_or_full(void **state)
{
    (void)state;
    assert_null(ant_once_cell_get(&at_load));
    assert_int_equal(ant_once_cell_set(&at_load, &(int){ 4 }), 0);
    assert_int_equal(at_load_value, 4);
    ant_once_cell_deinit(&at_load);
    ant_once_cell_init_with(&at_load, "full", at_load_value);
    assert_ptr_equal(ant_once_cell_get(&at_load), &at_load_value);
    ant_once_cell_deinit(&at_load);
}

static void only_the_first_runs_its_future(void **state)
{
    (void)state;
    guest guests[3];
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(come(i, &guests[i], 0), ANT_PENDING);
    assert_int_equal(started, 1);
    assert_int_equal(ant_once_cell_set(&cell, &(int){ 6 }), -EBUSY);
    assert_null(ant_once_cell_get(&cell));
    ant_semaphore_release(&steps, 1);
    expect_ready(0, &guests[0], 0);
    expect_menu(10);
    expect_ready(1, &guests[1], 0);
    expect_ready(2, &guests[2], 0);
    assert_int_equal(started, 1);
    assert_int_equal(guests[1].print.base.phase, ANT_PHASE_ENDED); // dropped
    assert_int_equal(come(1, &guests[1], 0), ANT_READY);
    assert_int_equal(started, 1);
}

static void runs_the_next_future_when_one_fails(void **state)
{
    (void)state;
    guest guests[2];
    assert_int_equal(come(0, &guests[0], -EIO), ANT_PENDING);
    assert_int_equal(come(1, &guests[1], 0), ANT_PENDING);
    ant_semaphore_release(&steps, 1);
    expect_ready(0, &guests[0], -EIO);
    assert_null(ant_once_cell_get(&cell));
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_poll(&tasks[1], &guests[1].ready.base), ANT_PENDING);
    assert_int_equal(started, 2);
    ant_semaphore_release(&steps, 1);
    expect_ready(1, &guests[1], 0);
    expect_menu(11);
}

// New, in the queue, granted its turn, in the middle of its future.
static void may_be_dropped_at_every_point(void **state)
{
    (void)state;
    guest guests[3];
    guests[0].print = print(1, 0);
    guests[0].ready = ant_once_cell_get_or_init(&cell, &guests[0].print.base,
                                                &guests[0].print.menu);
    ant_future_drop(&guests[0].ready.base);

    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(come(i, &guests[i], 0), ANT_PENDING);
    ant_future_drop(&guests[0].ready.base); // in the middle
    assert_int_equal(guests[0].print.base.phase, ANT_PHASE_ENDED);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    ant_future_drop(&guests[1].ready.base); // granted
    assert_int_equal(hand_take_wakes(&tasks[2]), 1);
    assert_int_equal(come(0, &guests[0], 0), ANT_PENDING);
    ant_future_drop(&guests[0].ready.base); // in the queue
    assert_int_equal(hand_poll(&tasks[2], &guests[2].ready.base), ANT_PENDING);
    assert_int_equal(started, 2);
    ant_semaphore_release(&steps, 1);
    expect_ready(2, &guests[2], 0);
    expect_menu(12);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    guest guests[2];
    ant_wait wait;
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(come(i, &guests[i], 0), ANT_PENDING);
    const ant_future *second = &guests[1].ready.base;
    assert_true(second->ops->waits_on(second, &wait));
    assert_int_equal(wait.kind, ANT_RES_ONCE);
    assert_int_equal(wait.holder, 1);
    const ant_future *first = &guests[0].ready.base;
    assert_false(first->ops->waits_on(first, &wait));
    assert_ptr_equal(first->awaited, &guests[0].print.base);
    ant_future_drop(&guests[1].ready.base);
    ant_future_drop(&guests[0].ready.base);
}

static void poke_cell(void *arg)
{
    guest evil;
    (void)arg;
    (void)come(2, &evil, 0);
    ant_future_drop(&evil.ready.base);
    (void)ant_once_cell_get(&cell);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    guest guests[2];
    ant_mock_task_set_evil(&tasks[1], ANT_MOCK_ON_ALL, poke_cell, NULL);
    assert_int_equal(come(0, &guests[0], 0), ANT_PENDING);
    assert_int_equal(come(1, &guests[1], 0), ANT_PENDING);
    ant_semaphore_release(&steps, 1);
    expect_ready(0, &guests[0], 0);
    expect_ready(1, &guests[1], 0);
    expect_menu(10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(is_set_once),
        TEST(may_begin_at_load_time_or_full),
        TEST(only_the_first_runs_its_future),
        TEST(runs_the_next_future_when_one_fails),
        TEST(may_be_dropped_at_every_point),
        TEST(says_what_it_waits_for),
        TEST(stands_an_evil_waker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
