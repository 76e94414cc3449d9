// SPDX-License-Identifier: MIT
//
// The leaf operations of the watch channel.

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "chan/watch.h"

static unsigned sent; // the latest value

// ---- Watch: nobody misses the latest value ----

static ant_watch_tx watch_tx;
static ant_watch_rx watch_rx[LEAF_PLACES];
static struct ant_watch_changed changes[LEAF_PLACES];

static void set_up_watch(unsigned waiters)
{
    (void)waiters;
    sent = 0;
    assert_int_equal(ant_watch_new(&sent, &watch_tx, &watch_rx[0]), 0);
    for (unsigned i = 1; i < LEAF_PLACES; i++)
        watch_rx[i] = ant_watch_subscribe(&watch_tx);
}

static ant_future *start_changed(unsigned i)
{
    changes[i] = ant_watch_changed(&watch_rx[i]);
    return &changes[i].base;
}

static void supply_version(void)
{
    sent++;
    assert_int_equal(ant_watch_send(&watch_tx, &sent), 0);
}

static void serve_changed(unsigned i)
{
    unsigned value;
    assert_int_equal(changes[i].base.result, 0);
    ant_watch_borrow(&watch_rx[i], &value);
    assert_int_equal(value, sent);
    assert_int_equal(ant_watch_has_changed(&watch_rx[i]), 0);
}

static void tear_down_watch(void)
{
    for (unsigned i = 0; i < LEAF_PLACES; i++)
        ant_watch_rx_drop(&watch_rx[i]);
    ant_watch_tx_drop(&watch_tx);
}

static const leaf leaf_watch_changed = {
    .name = "watch changed",
    .set_up = set_up_watch,
    .start = start_changed,
    .supply = supply_version,
    .serve = serve_changed,
    .tear_down = tear_down_watch,
};

// ---- Watch: a value for which something is true, here every third ----

static struct ant_watch_wait_for wait_fors[LEAF_PLACES];
static unsigned outs[LEAF_PLACES];

static bool is_third(const void *value, void *arg)
{
    (void)arg;
    const unsigned *number = value;
    return *number > 0 && *number % 3 == 0;
}

static ant_future *start_wait_for(unsigned i)
{
    wait_fors[i] = ant_watch_wait_for(&watch_rx[i], &outs[i], is_third, NULL);
    return &wait_fors[i].base;
}

static void serve_wait_for(unsigned i)
{
    assert_int_equal(wait_fors[i].base.result, 0);
    assert_true(is_third(&outs[i], NULL));
    assert_true(outs[i] <= sent);
}

static const leaf leaf_watch_wait_for = {
    .name = "watch wait_for",
    .set_up = set_up_watch,
    .start = start_wait_for,
    .supply = supply_version,
    .serve = serve_wait_for,
    .tear_down = tear_down_watch,
};

// ---- Watch: the last receiver is gone ----

static struct ant_watch_closed closeds[LEAF_PLACES];

static ant_future *start_watch_closed(unsigned i)
{
    closeds[i] = ant_watch_closed(&watch_tx);
    return &closeds[i].base;
}

static void supply_drop(void)
{
    unsigned left = ant_watch_receiver_count(&watch_tx);
    if (left > 0) ant_watch_rx_drop(&watch_rx[left - 1]);
}

static void serve_watch_closed(unsigned i)
{
    assert_int_equal(closeds[i].base.result, 0);
    assert_true(ant_watch_is_closed(&watch_tx));
}

static void poke_watch(void)
{
    ant_watch_send_replace(&watch_tx, &sent, NULL);
}

static const leaf leaf_watch_closed = {
    .name = "watch closed",
    .set_up = set_up_watch,
    .start = start_watch_closed,
    .supply = supply_drop,
    .serve = serve_watch_closed,
    .poke = poke_watch,
    .tear_down = tear_down_watch,
};

const leaf *const leaf_watch[] = { &leaf_watch_changed, &leaf_watch_wait_for,
                                   &leaf_watch_closed, NULL };
