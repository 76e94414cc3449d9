// SPDX-License-Identifier: MIT
//
// The operations of combine, whose children wait for the bell of leaf.h: what
// is dropped hands its rings on.

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "combine/borrow.h"
#include "combine/future_set.h"
#include "combine/join.h"
#include "combine/select.h"

static struct ant_notified children[LEAF_PLACES][2];

static void set_up_bell(unsigned waiters)
{
    (void)waiters;
    leaf_bell_init();
}

// ---- Select: takes one ring; the loser takes none ----

static struct ant_select selects[LEAF_PLACES];

static ant_future *start_select(unsigned i)
{
    children[i][0] = ant_notified(&leaf_bell);
    children[i][1] = ant_notified(&leaf_bell);
    selects[i] = ant_select(&children[i][0].base, &children[i][1].base);
    return &selects[i].base;
}

static void serve_select(unsigned i)
{
    assert_true(selects[i].winner == 0 || selects[i].winner == 1);
    assert_true(ant_future_is_ready(&children[i][0].base));
    assert_true(ant_future_is_ready(&children[i][1].base));
    leaf_bell_taken();
}

static const leaf leaf_select = {
    .name = "select",
    .set_up = set_up_bell,
    .start = start_select,
    .supply = leaf_bell_ring,
    .serve = serve_select,
    .tear_down = leaf_bell_deinit,
};

// ---- Borrow: what is lent goes on with the next who borrows it ----

static struct ant_notified lent;
static struct ant_borrow borrows[LEAF_PLACES];

static void set_up_lent(unsigned waiters)
{
    set_up_bell(waiters);
    lent = ant_notified(&leaf_bell);
}

static ant_future *start_borrow(unsigned i)
{
    if (ant_future_is_ready(&lent.base)) lent = ant_notified(&leaf_bell);
    borrows[i] = ant_borrow(&lent.base);
    return &borrows[i].base;
}

static void serve_borrow(unsigned i)
{
    assert_int_equal(borrows[i].base.result, 0);
    assert_true(ant_future_is_ready(&lent.base));
    leaf_bell_taken();
}

static void tear_down_lent(void)
{
    ant_future_drop(&lent.base);
    leaf_bell_deinit();
}

static const leaf leaf_borrow = {
    .name = "borrow",
    .waiters_max = 1,
    .keeps_waker = true,
    .set_up = set_up_lent,
    .start = start_borrow,
    .supply = leaf_bell_ring,
    .serve = serve_borrow,
    .tear_down = tear_down_lent,
};

// ---- Join: a ring for each child. What a child has taken is gone with the
// join, so these have a bell of their own, which is not counted. ----

static ant_notify gong;
static struct ant_join joins[LEAF_PLACES];

static void set_up_gong(unsigned waiters)
{
    (void)waiters;
    ant_notify_init(&gong, "leaf gong");
}

static ant_future *start_join(unsigned i)
{
    children[i][0] = ant_notified(&gong);
    children[i][1] = ant_notified(&gong);
    joins[i] = ant_join(&children[i][0].base, &children[i][1].base);
    return &joins[i].base;
}

static void supply_gong(void)
{
    ant_notify_one(&gong);
}

static void serve_join(unsigned i)
{
    assert_int_equal(joins[i].base.result, 0);
    assert_true(ant_future_is_ready(&children[i][0].base));
    assert_true(ant_future_is_ready(&children[i][1].base));
}

static void tear_down_gong(void)
{
    ant_notify_deinit(&gong);
}

static const leaf leaf_join = {
    .name = "join",
    .set_up = set_up_gong,
    .start = start_join,
    .supply = supply_gong,
    .serve = serve_join,
    .tear_down = tear_down_gong,
};

// ---- A future set: every child is given out once ----

static ant_future_set set;
static struct ant_future_set_next nexts[LEAF_PLACES];
static unsigned given;

static void set_up_set(unsigned waiters)
{
    set_up_bell(waiters);
    set = (ant_future_set){ 0 };
    given = 0;
    for (unsigned i = 0; i < LEAF_PLACES; i++)
        assert_int_equal(ant_future_set_push(&set, ant_notified(&leaf_bell)),
                         0);
}

static ant_future *start_next(unsigned i)
{
    nexts[i] = ant_future_set_next(&set);
    return &nexts[i].base;
}

static void serve_next(unsigned i)
{
    assert_non_null(nexts[i].finished);
    assert_int_equal(nexts[i].base.result, 0);
    given++;
    leaf_bell_taken();
}

static void tear_down_set(void)
{
    assert_int_equal(given + ant_future_set_len(&set), LEAF_PLACES);
    ant_future_set_clear(&set);
    leaf_bell_deinit();
}

static const leaf leaf_future_set = {
    .name = "future set next",
    .waiters_max = 1,
    .keeps_waker = true,
    .set_up = set_up_set,
    .start = start_next,
    .supply = leaf_bell_ring,
    .serve = serve_next,
    .tear_down = tear_down_set,
};

const leaf *const leaf_combine[] = { &leaf_select, &leaf_borrow, &leaf_join,
                                     &leaf_future_set, NULL };
