// SPDX-License-Identifier: MIT
//
// Mpsc channels between real threads: three senders, of whom each uses sends
// that it gives up now and then, permits and tries, and one receiver. Each
// value comes once and in the order of its sender, and no block is lost.
//
//   mpsc_threads [PERCENT]     of the full size; 100 unless said otherwise

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/os.h"
#include "base/rng.h"
#include "chan/mpsc.h"
#include "support/hand.h"
#include "support/stress.h"

#define VALUES_FULL 100000
#define SENDERS     3

static uint64_t each;

// What is sent.
typedef struct letter {
    uint64_t from;
    uint64_t number;
} letter;

typedef struct sender {
    ant_os_thread thread;
    ant_mpsc_tx tx;
    hand_task task;
    uint64_t seed;
} sender;

// Polls to the end, or gives up early. 0 when it has sent.
static int send_by_hand(sender *self, const letter *value, bool may_give_up)
{
    struct ant_mpsc_send send = ant_mpsc_send(&self->tx, value);
    ant_poll poll = hand_poll(&self->task, &send.base);
    while (poll == ANT_PENDING && !may_give_up) {
        ant_os_yield();
        poll = hand_poll(&self->task, &send.base);
    }
    ant_future_drop(&send.base);
    return poll == ANT_READY ? send.base.result : -EAGAIN;
}

static int send_with_permit(sender *self, const letter *value, bool is_kept)
{
    ant_mpsc_permit permit;
    const int err = ant_mpsc_try_reserve_many(&self->tx, 1, &permit);
    if (err < 0) return err;
    if (is_kept) return ant_mpsc_permit_send(&permit, value);
    ant_mpsc_permit_drop(&permit);
    return -EAGAIN;
}

static void send_all(void *arg)
{
    sender *self = arg;
    ant_rng rng = ant_rng_init(self->seed);
    const bool has_places =
        ant_mpsc_max_capacity(&self->tx) != ANT_MPSC_UNBOUNDED;
    letter next = { .from = self->seed };
    while (next.number < each) {
        const uint64_t way = ant_rng_below(&rng, has_places ? 8 : 4);
        int err;
        if (way == 0)
            err = ant_mpsc_try_send(&self->tx, &next);
        else if (way < 4)
            err = send_by_hand(self, &next, way == 1);
        else if (way < 7)
            err = send_with_permit(self, &next, way < 6);
        else
            err = ant_mpsc_blocking_send(&self->tx, &next);
        ANT_ASSERT(err == 0 || err == -EAGAIN);
        if (err == 0) next.number++;
    }
    ant_mpsc_tx_drop(&self->tx);
}

// Receives everything; how many came out of order.
static uint64_t receive_all(ant_mpsc_rx *rx)
{
    uint64_t next[SENDERS] = { 0 };
    uint64_t wrong = 0;
    letter value;
    while (ant_mpsc_blocking_recv(rx, &value) == 0) {
        wrong += value.number != next[value.from];
        next[value.from] = value.number + 1;
    }
    for (unsigned i = 0; i < SENDERS; i++)
        wrong += next[i] != each;
    return wrong;
}

static int run(size_t capacity, const char *name)
{
    const uint64_t blocks_before = ant_mem_live_count();
    const uint64_t begin_ns = ant_os_now_ns();
    static sender senders[SENDERS];
    ant_mpsc_tx tx;
    ant_mpsc_rx rx;
    if (ant_mpsc_new(sizeof(letter), capacity, &tx, &rx) < 0) return 1;
    for (unsigned i = 0; i < SENDERS; i++) {
        senders[i] = (sender){ .seed = i, .tx = ant_mpsc_tx_clone(&tx) };
        hand_task_init(&senders[i].task, i + 1);
        if (ant_os_thread_start(&senders[i].thread, "sender", send_all,
                                &senders[i]) < 0)
            return 1;
    }
    ant_mpsc_tx_drop(&tx);
    const uint64_t wrong = receive_all(&rx);
    uint64_t wakers = 0;
    for (unsigned i = 0; i < SENDERS; i++) {
        ant_os_thread_join(&senders[i].thread);
        wakers += hand_refs(&senders[i].task);
    }
    ant_mpsc_rx_drop(&rx);
    const uint64_t lost = ant_mem_live_count() - blocks_before;
    printf("%-10s %llu values: %llu wrong, %llu wakers and %llu blocks lost, "
           "%.1f s\n",
           name, (unsigned long long)(each * SENDERS),
           (unsigned long long)wrong, (unsigned long long)wakers,
           (unsigned long long)lost,
           (double)(ant_os_now_ns() - begin_ns) / 1e9);
    return wrong != 0 || wakers != 0 || lost != 0;
}

int main(int argc, char **argv)
{
    each = stress_size(VALUES_FULL, argc, argv);
    return run(1, "1 place") | run(3, "3 places") | run(100, "100 places") |
           run(ANT_MPSC_UNBOUNDED, "unbounded");
}
