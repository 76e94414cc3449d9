// SPDX-License-Identifier: MIT
//
// Every order of senders and the receiver in the queue of an mpsc channel:
// values come once and in the order of their places, whoever sleeps is woken,
// there are never more values than places, and a sender that wakes finds who
// listened and nobody else. Sleeping is a flag here; what the channel does with
// wakers of senders is under a lock.

#include "base/assert.h"
#include "base/atomic.h"
#include "chan/mpsc_queue.h"
#include "model/explore.h"

#define VALUES_MAX 8

static ant__mpsc_queue queue;
static ant_os_mutex senders_lock;
static unsigned granted;  // places for senders that sleep
static unsigned sleepers; // under senders_lock
static unsigned receiver_woken;
static uintptr_t listener; // the receiver's name, another one in each wait
static unsigned received[VALUES_MAX];
static unsigned received_count;

static bool is_receiver_woken(const void *arg)
{
    (void)arg;
    return receiver_woken > 0;
}

static bool is_granted(const void *arg)
{
    (void)arg;
    return granted > 0;
}

// ---- As runtime/chan/mpsc.c does ----

static void wake_listener(void)
{
    EXPLORE_EXPECT(ant__mpsc_listener(&queue) == listener);
    ant__mpsc_listener_done(&queue);
    receiver_woken++;
}

static void end_receiver(void)
{
    if (ant__mpsc_unlisten(&queue)) wake_listener();
}

// ---- As runtime/chan/mpsc_send.c does ----

static void put(const ant__mpsc_place *place, uint64_t value)
{
    ant__mpsc_copy(&queue, ant__mpsc_value(&queue, place->slot), &value);
    ant__mpsc_publish(place);
    if (place->must_wake) wake_listener();
}

// Gives the places that are free to those who sleep.
static void hand_out(void)
{
    ant_os_mutex_lock(&senders_lock);
    while (sleepers > 0 && ant__mpsc_grant(&queue, 1)) {
        sleepers--;
        granted++;
    }
    if (sleepers == 0) ant__mpsc_unmark_waited(&queue);
    ant_os_mutex_unlock(&senders_lock);
}

// True when the place was there after all.
static bool hold_else_sleep(void)
{
    ant_os_mutex_lock(&senders_lock);
    const bool is_first = sleepers == 0;
    if (is_first) ant__mpsc_mark_waited(&queue);
    const bool is_held = is_first && ant__mpsc_grant(&queue, 1);
    if (is_held)
        ant__mpsc_unmark_waited(&queue);
    else
        sleepers++;
    ant_os_mutex_unlock(&senders_lock);
    return is_held;
}

static void send(uint64_t value)
{
    ant__mpsc_place place;
    int err = ant__mpsc_claim(&queue, &place);
    if (err == -EAGAIN) {
        if (!hold_else_sleep()) {
            explore_wait(is_granted, NULL);
            granted--;
        }
        err = ant__mpsc_claim_held(&queue, &place);
    }
    EXPLORE_EXPECT(err == 0);
    put(&place, value);
}

// ---- As runtime/chan/mpsc_recv.c does ----

static int get(void)
{
    ant__mpsc_slot *slot;
    const int err = ant__mpsc_look(&queue, &slot);
    if (err < 0) return err;
    uint64_t value;
    ant__mpsc_copy(&queue, &value, ant__mpsc_value(&queue, slot));
    ant__mpsc_pop(&queue);
    EXPLORE_EXPECT(received_count < VALUES_MAX);
    received[received_count++] = (unsigned)value;
    if (ant__mpsc_release(&queue)) hand_out();
    return 0;
}

static bool listen(void)
{
    return ant__mpsc_listen(&queue, ++listener);
}

static void end_wait(void)
{
    if (ant__mpsc_unlisten(&queue))
        ant__mpsc_listener_done(&queue);
    else
        ant__mpsc_listener_await(&queue);
}

static int get_else_sleep(void)
{
    for (;;) { // until a value comes, or the end
        const int err = get();
        if (err != -EAGAIN) return err;
        if (listen()) {
            end_wait();
            continue;
        }
        explore_wait(is_receiver_woken, NULL);
        receiver_woken--;
        end_wait();
    }
}

static void get_one(void)
{
    EXPLORE_EXPECT(get_else_sleep() == 0);
}

static void get_two(void)
{
    get_one();
    get_one();
}

// As a select does whose other branch wins: the first wait is given up.
static void give_up_and_get_two(void)
{
    (void)listen();
    end_wait();
    get_two();
}

static void get_three(void)
{
    get_two();
    get_one();
}

static void get_until_the_end(void)
{
    while (get_else_sleep() == 0) {
        // get() writes down what has come.
    }
}

// ---- The threads ----

static void set_up(uint64_t capacity)
{
    if (queue.head != NULL) ant__mpsc_queue_deinit(&queue);
    if (ant__mpsc_queue_init(&queue, sizeof(uint64_t), capacity) < 0)
        explore_fail("no memory");
    ant_os_mutex_init(&senders_lock);
    granted = sleepers = receiver_woken = received_count = 0;
    listener = 0;
}

static void set_up_one(void)
{
    set_up(1);
}

static void set_up_two(void)
{
    set_up(2);
}

static void set_up_unbounded(void)
{
    set_up(UINT64_MAX);
}

// One place, and it is held.
static void set_up_held(void)
{
    set_up(1);
    EXPLORE_EXPECT(ant__mpsc_hold(&queue, 1) == 0);
}

static void send_1_2(void)
{
    send(1);
    send(2);
}

static void send_1(void)
{
    send(1);
}

static void send_3(void)
{
    send(3);
}

// The last sender goes, as ant_mpsc_tx_drop does.
static void send_1_and_go(void)
{
    send(1);
    (void)ant__mpsc_set(&queue, ANT_MPSC_TX_GONE);
    end_receiver();
}

// Gives a place back, as ant__mpsc_give_back does.
static void unhold(void)
{
    const uint64_t word = ant__mpsc_unhold(&queue, 1);
    if (word & ANT_MPSC_WAITED) hand_out();
    if (word & ANT_MPSC_TX_GONE) end_receiver();
}

static void go(void)
{
    const uint64_t old = ant__mpsc_set(&queue, ANT_MPSC_TX_GONE);
    if (ant__mpsc_held(old) == 0) end_receiver();
}

// Each value once, and those of one sender in their order.
static void check(void)
{
    unsigned seen = 0;
    for (unsigned i = 0; i < received_count; i++) {
        const unsigned bit = 1u << received[i];
        EXPLORE_EXPECT((seen & bit) == 0);
        EXPLORE_EXPECT(received[i] != 1 || (seen & 1u << 2) == 0);
        seen |= bit;
    }
    EXPLORE_EXPECT(ant__mpsc_queue_len(&queue) == 0);
    EXPLORE_EXPECT(sleepers == 0);
    EXPLORE_EXPECT(granted == 0);
    const uint64_t word = ant_atomic_load(&queue.word, ANT_ACQUIRE);
    EXPLORE_EXPECT(ant__mpsc_held(word) == 0);
    EXPLORE_EXPECT(ant__mpsc_listener(&queue) == 0);
}

int main(int argc, char **argv)
{
    const explore_scenario scenarios[] = {
        { .name = "mpsc: one sender, one place",
          .set_up = set_up_one,
          .check = check,
          .threads = { send_1_2, get_two },
          .preemptions_max = 4 },
        { .name = "mpsc: two senders, one place",
          .set_up = set_up_one,
          .check = check,
          .threads = { send_1_2, send_3, get_three },
          .preemptions_max = 3 },
        { .name = "mpsc: two senders, two places",
          .set_up = set_up_two,
          .check = check,
          .threads = { send_1_2, send_3, get_three },
          .preemptions_max = 3 },
        { .name = "mpsc: a place is given back",
          .set_up = set_up_held,
          .check = check,
          .threads = { send_1, unhold, get_one },
          .preemptions_max = 3 },
        { .name = "mpsc: the last sender goes",
          .set_up = set_up_two,
          .check = check,
          .threads = { send_1_and_go, get_until_the_end },
          .preemptions_max = 5 },
        { .name = "mpsc: the last permit goes",
          .set_up = set_up_held,
          .check = check,
          .threads = { go, unhold, get_until_the_end },
          .preemptions_max = 4 },
        { .name = "mpsc: a receive is dropped",
          .set_up = set_up_two,
          .check = check,
          .threads = { send_1_2, give_up_and_get_two },
          .preemptions_max = 5 },
        { .name = "mpsc: unbounded, blocks of one value",
          .set_up = set_up_unbounded,
          .check = check,
          .threads = { send_1_2, send_3, get_three },
          .preemptions_max = 3 },
    };
    return explore_main(scenarios, ANT_ARRAY_LEN(scenarios), argc, argv);
}
