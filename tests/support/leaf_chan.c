// SPDX-License-Identifier: MIT
//
// The leaf operations of channels.

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "chan/oneshot.h"

// What was sent, and what was received: the numbers 1, 2, 3 in their order.
static unsigned received;

// ---- Oneshot: the value arrives once, whoever waits for it ----

static ant_oneshot_tx oneshot_tx;
static ant_oneshot_rx oneshot_rx;
static struct ant_oneshot_recv oneshot_recvs[LEAF_PLACES];
static struct ant_oneshot_closed oneshot_closeds[LEAF_PLACES];
static unsigned outs[LEAF_PLACES];

static void set_up_oneshot(unsigned waiters)
{
    (void)waiters;
    received = 0;
    assert_int_equal(
        ant_oneshot_new(sizeof(unsigned), &oneshot_tx, &oneshot_rx), 0);
}

static ant_future *start_oneshot_recv(unsigned i)
{
    oneshot_recvs[i] = ant_oneshot_recv(&oneshot_rx, &outs[i]);
    return &oneshot_recvs[i].base;
}

static void supply_oneshot(void)
{
    const unsigned value = 1;
    if (oneshot_tx.channel == NULL) return;
    assert_int_equal(ant_oneshot_send(&oneshot_tx, &value), 0);
}

static void serve_oneshot_recv(unsigned i)
{
    if (oneshot_recvs[i].base.result == -EPIPE) return;
    assert_int_equal(oneshot_recvs[i].base.result, 0);
    assert_int_equal(outs[i], 1);
    received++;
}

static void poke_oneshot_rx(void)
{
    unsigned value;
    if (ant_oneshot_try_recv(&oneshot_rx, &value) == 0) received++;
}

static void tear_down_oneshot(void)
{
    poke_oneshot_rx();
    assert_int_equal(received, 1);
    ant_oneshot_rx_drop(&oneshot_rx);
}

static const leaf leaf_oneshot_recv = {
    .name = "oneshot recv",
    .waiters_max = 1,
    .set_up = set_up_oneshot,
    .start = start_oneshot_recv,
    .supply = supply_oneshot,
    .serve = serve_oneshot_recv,
    .poke = poke_oneshot_rx,
    .tear_down = tear_down_oneshot,
};

static ant_future *start_oneshot_closed(unsigned i)
{
    oneshot_closeds[i] = ant_oneshot_closed(&oneshot_tx);
    return &oneshot_closeds[i].base;
}

static void supply_close(void)
{
    ant_oneshot_close(&oneshot_rx);
}

static void poke_oneshot_tx(void)
{
    if (ant_oneshot_is_closed(&oneshot_tx)) received = 0;
}

static void tear_down_closed(void)
{
    ant_oneshot_close(&oneshot_rx);
    assert_true(ant_oneshot_is_closed(&oneshot_tx));
    ant_oneshot_tx_drop(&oneshot_tx);
    ant_oneshot_rx_drop(&oneshot_rx);
}

static const leaf leaf_oneshot_closed = {
    .name = "oneshot closed",
    .waiters_max = 1,
    .set_up = set_up_oneshot,
    .start = start_oneshot_closed,
    .supply = supply_close,
    .poke = poke_oneshot_tx,
    .tear_down = tear_down_closed,
};

const leaf *const leaf_chan[] = { &leaf_oneshot_recv, &leaf_oneshot_closed };
const unsigned leaf_chan_count = ANT_ARRAY_LEN(leaf_chan);
