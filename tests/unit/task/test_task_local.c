// SPDX-License-Identifier: MIT
//
// Tests of task/task_local.

#include "task/task_local.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/panic.h"
#include "support/executor.h"
#include "support/hand.h"

static ant_task_local user = ANT_TASK_LOCAL("user");
static ant_task_local trace = ANT_TASK_LOCAL("trace");
static int anna = 1, ben = 2;

// Writes down what it sees in each poll and in its drop; pending once.
struct look {
    ant_future base;
    bool has_waited;
    bool panics;
    void **seen; // a place for each poll, then one for the drop
};

ANT_ASYNC_WITH_DROP(look)
{
    self->seen[self->has_waited] = ant_task_local_get(&user);
    if (self->panics) ant_panic("seen enough");
    if (self->has_waited) return ANT_READY;
    self->has_waited = true;
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

static void look_drop(struct look *self)
{
    self->seen[2] = ant_task_local_get(&user);
}

static struct look look(void **seen)
{
    return (struct look){ ANT_INIT(look), .seen = seen };
}

static void holds_in_each_poll_and_not_between(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    void *seen[3] = { NULL };
    struct look inner = look(seen);
    struct ant_task_local_scope scope =
        ant_task_local_scope(&user, &anna, &inner.base);
    assert_null(ant_task_local_get(&user));
    assert_int_equal(hand_poll(&task, &scope.base), ANT_PENDING);
    assert_null(ant_task_local_get(&user));
    assert_int_equal(hand_poll(&task, &scope.base), ANT_READY);
    assert_ptr_equal(seen[0], &anna);
    assert_ptr_equal(seen[1], &anna);
    assert_null(ant_task_local_get(&user));
}

static void holds_in_the_drop(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    void *seen[3] = { NULL };
    struct look inner = look(seen);
    struct ant_task_local_scope scope =
        ant_task_local_scope(&user, &anna, &inner.base);
    assert_int_equal(hand_poll(&task, &scope.base), ANT_PENDING);
    ant_future_drop(&scope.base);
    assert_ptr_equal(seen[2], &anna);
    assert_null(ant_task_local_get(&user));
}

static void the_innermost_scope_counts(void **state)
{
    (void)state;
    hand_task task;
    hand_task_init(&task, 1);
    void *seen[3] = { NULL };
    struct look inner = look(seen);
    struct ant_task_local_scope near =
        ant_task_local_scope(&user, &ben, &inner.base);
    struct ant_task_local_scope other =
        ant_task_local_scope(&trace, &anna, &near.base);
    struct ant_task_local_scope far =
        ant_task_local_scope(&user, &anna, &other.base);
    assert_int_equal(hand_poll(&task, &far.base), ANT_PENDING);
    assert_ptr_equal(seen[0], &ben);
    ant_future_drop(&far.base);
    assert_ptr_equal(seen[2], &ben);
}

static void see_both(void *arg)
{
    void **seen = arg;
    seen[0] = ant_task_local_get(&user);
    seen[1] = ant_task_local_get(&trace);
}

static void a_plain_function_can_have_a_scope(void **state)
{
    (void)state;
    void *seen[2] = { NULL, &ben };
    ant_task_local_sync_scope(&user, &anna, see_both, seen);
    assert_ptr_equal(seen[0], &anna);
    assert_null(seen[1]);
    assert_null(ant_task_local_get(&user));
}

// ---- Tasks ----

struct scoped {
    ant_future base;
    enum { SCOPED_START, SCOPED_LOOKING } state;
    struct look inner;
    struct ant_task_local_scope scope;
};

ANT_ASYNC(scoped)
{
    switch (self->state) {
    case SCOPED_START:
        self->scope = ant_task_local_scope(&user, &anna, &self->inner.base);
        return ANT_NEXT(SCOPED_LOOKING);

    case SCOPED_LOOKING:
        ANT_AWAIT(self->scope);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct scoped scoped(void **seen, bool panics)
{
    struct look inner = look(seen);
    inner.panics = panics;
    return (struct scoped){ ANT_INIT(scoped), .inner = inner };
}

// Also the other task, which runs between two polls of the first.
static void another_task_does_not_see_it(void **state)
{
    (void)state;
    executor ex;
    executor_init(&ex);
    void *seen[3] = { NULL };
    void *others[3] = { &ben, &ben, &ben };
    struct ant_join_handle a = executor_spawn(&ex, scoped(seen, false));
    struct ant_join_handle b = executor_spawn(&ex, look(others));
    executor_run(&ex);
    assert_ptr_equal(seen[1], &anna);
    assert_null(others[0]);
    assert_null(others[1]);
    ant_task_detach(&a);
    ant_task_detach(&b);
}

static void a_panic_leaves_the_scope(void **state)
{
    (void)state;
    executor ex;
    executor_init(&ex);
    void *seen[3] = { NULL };
    struct ant_join_handle handle = executor_spawn(&ex, scoped(seen, true));
    executor_run(&ex);
    assert_ptr_equal(seen[0], &anna);
    assert_ptr_equal(seen[2], &anna); // in the drop, again
    assert_null(ant__here()->locals);
    ant_task_detach(&handle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_in_each_poll_and_not_between),
        cmocka_unit_test(holds_in_the_drop),
        cmocka_unit_test(the_innermost_scope_counts),
        cmocka_unit_test(a_plain_function_can_have_a_scope),
        cmocka_unit_test(another_task_does_not_see_it),
        cmocka_unit_test(a_panic_leaves_the_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
