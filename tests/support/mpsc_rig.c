// SPDX-License-Identifier: MIT

#include "support/mpsc_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

ant_mpsc_tx tx;
ant_mpsc_rx rx;
hand_task tasks[4];
hand_task eater;
static uint64_t blocks_before;

int mpsc_rig_set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    for (unsigned i = 0; i < 4; i++)
        hand_task_init(&tasks[i], i + 1);
    hand_task_init(&eater, 9);
    return 0;
}

static void end(void)
{
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
    assert_int_equal(ant_mem_live_count(), blocks_before);
}

int mpsc_rig_tear_down(void **state)
{
    (void)state;
    end();
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(hand_refs(&tasks[i]), 0);
    assert_int_equal(hand_refs(&eater), 0);
    return 0;
}

void make(size_t capacity)
{
    end();
    assert_int_equal(ant_mpsc_new(sizeof(int), capacity, &tx, &rx), 0);
}

int try_send(int value)
{
    return ant_mpsc_try_send(&tx, &value);
}

int try_recv(void)
{
    int value = 0;
    const int err = ant_mpsc_try_recv(&rx, &value);
    return err < 0 ? err : value;
}
