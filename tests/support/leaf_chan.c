// SPDX-License-Identifier: MIT
//
// The leaf operations of channels.

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "support/leaf.h"

#include <cmocka.h>

#include "chan/broadcast.h"
#include "chan/mpsc.h"
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
    supply_oneshot();
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

// ---- mpsc, the receiver: every value once, in order ----

static ant_mpsc_tx mpsc_tx;
static ant_mpsc_rx mpsc_rx;
static struct ant_mpsc_recv mpsc_recvs[LEAF_PLACES];
static unsigned sent;

static void set_up_mpsc(unsigned capacity)
{
    sent = received = 0;
    assert_int_equal(
        ant_mpsc_new(sizeof(unsigned), capacity, &mpsc_tx, &mpsc_rx), 0);
}

static void set_up_mpsc_empty(unsigned waiters)
{
    (void)waiters;
    set_up_mpsc(20);
}

static ant_future *start_mpsc_recv(unsigned i)
{
    mpsc_recvs[i] = ant_mpsc_recv(&mpsc_rx, &outs[i]);
    return &mpsc_recvs[i].base;
}

static void supply_mpsc_value(void)
{
    const unsigned value = sent + 1;
    if (ant_mpsc_try_send(&mpsc_tx, &value) == 0) sent++;
}

static void receive(unsigned value)
{
    received++;
    assert_int_equal(value, received);
}

static void serve_mpsc_recv(unsigned i)
{
    assert_int_equal(mpsc_recvs[i].base.result, 0);
    receive(outs[i]);
}

static void poke_mpsc_rx(void)
{
    unsigned value;
    if (ant_mpsc_try_recv(&mpsc_rx, &value) == 0) receive(value);
}

static void tear_down_mpsc(void)
{
    for (unsigned i = 0; i < 40; i++)
        poke_mpsc_rx();
    assert_int_equal(received, sent);
    ant_mpsc_tx_drop(&mpsc_tx);
    ant_mpsc_rx_drop(&mpsc_rx);
}

static const leaf leaf_mpsc_recv = {
    .name = "mpsc recv",
    .waiters_max = 1,
    .set_up = set_up_mpsc_empty,
    .start = start_mpsc_recv,
    .supply = supply_mpsc_value,
    .serve = serve_mpsc_recv,
    .poke = poke_mpsc_rx,
    .tear_down = tear_down_mpsc,
};

// ---- mpsc, a receiver of several at once ----

static unsigned manys[LEAF_PLACES][3];

static ant_future *start_mpsc_recv_many(unsigned i)
{
    mpsc_recvs[i] = ant_mpsc_recv_many(&mpsc_rx, manys[i], 3);
    return &mpsc_recvs[i].base;
}

static void serve_mpsc_recv_many(unsigned i)
{
    assert_in_range(mpsc_recvs[i].base.result, 1, 3);
    for (int k = 0; k < mpsc_recvs[i].base.result; k++)
        receive(manys[i][k]);
}

static const leaf leaf_mpsc_recv_many = {
    .name = "mpsc recv_many",
    .waiters_max = 1,
    .set_up = set_up_mpsc_empty,
    .start = start_mpsc_recv_many,
    .supply = supply_mpsc_value,
    .serve = serve_mpsc_recv_many,
    .poke = poke_mpsc_rx,
    .tear_down = tear_down_mpsc,
};

// ---- mpsc, the senders of a full channel: what was sent arrives once ----

static struct ant_mpsc_send mpsc_sends[LEAF_PLACES];
static struct ant_mpsc_reserve mpsc_reserves[LEAF_PLACES];
static ant_mpsc_permit mpsc_permits[LEAF_PLACES];
static const unsigned one = 1;

static void fill_mpsc(unsigned capacity)
{
    set_up_mpsc(capacity);
    while (ant_mpsc_try_send(&mpsc_tx, &one) == 0)
        sent++;
    assert_int_equal(sent, capacity);
}

static void set_up_mpsc_full(unsigned waiters)
{
    (void)waiters;
    fill_mpsc(1);
}

static ant_future *start_mpsc_send(unsigned i)
{
    mpsc_sends[i] = ant_mpsc_send(&mpsc_tx, &one);
    return &mpsc_sends[i].base;
}

static void supply_mpsc_place(void)
{
    unsigned value;
    if (ant_mpsc_try_recv(&mpsc_rx, &value) == 0) received++;
}

static void serve_mpsc_send(unsigned i)
{
    assert_int_equal(mpsc_sends[i].base.result, 0);
    sent++;
}

static void poke_mpsc_tx(void)
{
    if (ant_mpsc_try_send(&mpsc_tx, &one) == 0) sent++;
}

// Everything that was sent can be received, and the channel is then free.
static void tear_down_mpsc_full(void)
{
    for (unsigned i = 0; i < 40; i++)
        supply_mpsc_place();
    assert_int_equal(received, sent);
    assert_int_equal(ant_mpsc_capacity(&mpsc_tx),
                     ant_mpsc_max_capacity(&mpsc_tx));
    ant_mpsc_tx_drop(&mpsc_tx);
    ant_mpsc_rx_drop(&mpsc_rx);
}

static const leaf leaf_mpsc_send = {
    .name = "mpsc send",
    .set_up = set_up_mpsc_full,
    .start = start_mpsc_send,
    .supply = supply_mpsc_place,
    .serve = serve_mpsc_send,
    .poke = poke_mpsc_tx,
    .tear_down = tear_down_mpsc_full,
};

static ant_future *start_mpsc_reserve(unsigned i)
{
    mpsc_permits[i] = (ant_mpsc_permit){ 0 };
    mpsc_reserves[i] = ant_mpsc_reserve(&mpsc_tx, &mpsc_permits[i]);
    return &mpsc_reserves[i].base;
}

static void serve_mpsc_reserve(unsigned i)
{
    assert_int_equal(mpsc_reserves[i].base.result, 0);
    assert_int_equal(ant_mpsc_permit_send(&mpsc_permits[i], &one), 0);
    sent++;
}

static const leaf leaf_mpsc_reserve = {
    .name = "mpsc reserve",
    .set_up = set_up_mpsc_full,
    .start = start_mpsc_reserve,
    .supply = supply_mpsc_place,
    .serve = serve_mpsc_reserve,
    .poke = poke_mpsc_tx,
    .tear_down = tear_down_mpsc_full,
};

// ---- mpsc, senders that want two places of three at once ----

static void set_up_mpsc_three(unsigned waiters)
{
    (void)waiters;
    fill_mpsc(3);
}

static ant_future *start_mpsc_reserve_many(unsigned i)
{
    mpsc_permits[i] = (ant_mpsc_permit){ 0 };
    mpsc_reserves[i] = ant_mpsc_reserve_many(&mpsc_tx, 2, &mpsc_permits[i]);
    return &mpsc_reserves[i].base;
}

static void serve_mpsc_reserve_many(unsigned i)
{
    serve_mpsc_reserve(i);
    assert_int_equal(ant_mpsc_permit_send(&mpsc_permits[i], &one), 0);
    sent++;
}

static const leaf leaf_mpsc_reserve_many = {
    .name = "mpsc reserve_many",
    .set_up = set_up_mpsc_three,
    .start = start_mpsc_reserve_many,
    .supply = supply_mpsc_place,
    .serve = serve_mpsc_reserve_many,
    .poke = poke_mpsc_tx,
    .tear_down = tear_down_mpsc_full,
};

// ---- Broadcast: every receiver gets every value ----

static ant_broadcast_tx broadcast_tx;
static ant_broadcast_rx broadcast_rx[LEAF_PLACES];
static struct ant_broadcast_recv broadcast_recvs[LEAF_PLACES];
static unsigned broadcast_got[LEAF_PLACES];

static void set_up_broadcast(unsigned waiters)
{
    (void)waiters;
    assert_int_equal(ant_broadcast_new(sizeof(unsigned), 64, &broadcast_tx,
                                       &broadcast_rx[0]),
                     0);
    for (unsigned i = 0; i < LEAF_PLACES; i++) {
        if (i > 0) broadcast_rx[i] = ant_broadcast_subscribe(&broadcast_tx);
        broadcast_got[i] = 0;
    }
    sent = 0;
}

static ant_future *start_broadcast_recv(unsigned i)
{
    broadcast_recvs[i] = ant_broadcast_recv(&broadcast_rx[i], &outs[i]);
    return &broadcast_recvs[i].base;
}

static void supply_broadcast(void)
{
    const unsigned value = ++sent;
    assert_int_equal(ant_broadcast_send(&broadcast_tx, &value), LEAF_PLACES);
}

static void serve_broadcast_recv(unsigned i)
{
    assert_int_equal(broadcast_recvs[i].base.result, 0);
    assert_int_equal(outs[i], ++broadcast_got[i]);
}

static void tear_down_broadcast(void)
{
    for (unsigned i = 0; i < LEAF_PLACES; i++) {
        unsigned value;
        while (ant_broadcast_try_recv(&broadcast_rx[i], &value) == 0)
            assert_int_equal(value, ++broadcast_got[i]);
        assert_int_equal(broadcast_got[i], sent);
        ant_broadcast_rx_drop(&broadcast_rx[i]);
    }
    ant_broadcast_tx_drop(&broadcast_tx);
}

static const leaf leaf_broadcast_recv = {
    .name = "broadcast recv",
    .set_up = set_up_broadcast,
    .start = start_broadcast_recv,
    .supply = supply_broadcast,
    .serve = serve_broadcast_recv,
    .tear_down = tear_down_broadcast,
};

// ---- mpsc, the end: the receiver takes nothing more ----

static struct ant_mpsc_closed mpsc_closeds[LEAF_PLACES];

static ant_future *start_mpsc_closed(unsigned i)
{
    mpsc_closeds[i] = ant_mpsc_closed(&mpsc_tx);
    return &mpsc_closeds[i].base;
}

static void supply_mpsc_close(void)
{
    ant_mpsc_close(&mpsc_rx);
}

static void serve_mpsc_closed(unsigned i)
{
    assert_int_equal(mpsc_closeds[i].base.result, 0);
    assert_true(ant_mpsc_is_closed(&mpsc_tx));
}

static const leaf leaf_mpsc_closed = {
    .name = "mpsc closed",
    .set_up = set_up_mpsc_empty,
    .start = start_mpsc_closed,
    .supply = supply_mpsc_close,
    .serve = serve_mpsc_closed,
    .poke = supply_mpsc_value,
    .tear_down = tear_down_mpsc,
};

// ---- Broadcast, the end: the last receiver is gone ----

static struct ant_broadcast_closed broadcast_closeds[LEAF_PLACES];

static ant_future *start_broadcast_closed(unsigned i)
{
    broadcast_closeds[i] = ant_broadcast_closed(&broadcast_tx);
    return &broadcast_closeds[i].base;
}

static void supply_broadcast_drop(void)
{
    const unsigned left = ant_broadcast_receiver_count(&broadcast_tx);
    if (left > 0) ant_broadcast_rx_drop(&broadcast_rx[left - 1]);
}

static void serve_broadcast_closed(unsigned i)
{
    assert_int_equal(broadcast_closeds[i].base.result, 0);
    assert_int_equal(ant_broadcast_receiver_count(&broadcast_tx), 0);
}

static void poke_broadcast(void)
{
    ant_broadcast_tx other;
    ant_broadcast_weak_tx weak = ant_broadcast_downgrade(&broadcast_tx);
    assert_int_equal(ant_broadcast_upgrade(&weak, &other), 0);
    ant_broadcast_tx_drop(&other);
    ant_broadcast_weak_drop(&weak);
}

static void tear_down_broadcast_closed(void)
{
    for (unsigned i = 0; i < LEAF_PLACES; i++)
        ant_broadcast_rx_drop(&broadcast_rx[i]);
    ant_broadcast_tx_drop(&broadcast_tx);
}

static const leaf leaf_broadcast_closed = {
    .name = "broadcast closed",
    .set_up = set_up_broadcast,
    .start = start_broadcast_closed,
    .supply = supply_broadcast_drop,
    .serve = serve_broadcast_closed,
    .poke = poke_broadcast,
    .tear_down = tear_down_broadcast_closed,
};

const leaf *const leaf_chan[] = {
    &leaf_oneshot_recv,
    &leaf_oneshot_closed,
    &leaf_mpsc_recv,
    &leaf_mpsc_recv_many,
    &leaf_mpsc_reserve_many,
    &leaf_mpsc_send,
    &leaf_mpsc_reserve,
    &leaf_mpsc_closed,
    &leaf_broadcast_recv,
    &leaf_broadcast_closed,
    NULL,
};
