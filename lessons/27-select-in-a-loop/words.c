// SPDX-License-Identifier: MIT
//
// A lighthouse gets three words by wire, four letters each, one letter every
// 10 ms. Its lamp blinks every 34 ms. A loop selects between the next word and
// the next blink. Which words arrive?

#include <antfarm.h>

#define LETTERS 4

// async fn telegraph(wire): sends letter by letter, and hangs up.
struct telegraph {
    ant_future base;
    ant_mpsc_tx wire;
    const char *at;
    struct ant_sleep press;
};

ANT_ASYNC_OWNING(telegraph)
{
    if (ANT_BEGINS(self->press)) self->press = ant_sleep(10);
    ANT_AWAIT(self->press);
    int err = ant_mpsc_try_send(&self->wire, self->at);
    if (err == 0 && *++self->at != '\0') return ANT_AGAIN;
    ant_mpsc_tx_drop(&self->wire);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static void telegraph_drop(struct telegraph *self)
{
    ant_future_drop(&self->press.base);
    ant_mpsc_tx_drop(&self->wire);
}

// async fn read_word(wire): the letters that it has are its own.
struct read_word {
    ant_future base;
    ant_mpsc_rx *wire;
    struct ant_mpsc_recv letter;
    char next;
    unsigned count;
    char word[LETTERS + 1];
};

ANT_ASYNC(read_word)
{
    if (ANT_BEGINS(self->letter))
        self->letter = ant_mpsc_recv(self->wire, &self->word[self->count]);
    ANT_AWAIT(self->letter);
    if (self->letter.base.result < 0) return ANT_FAIL(self->letter.base.result);
    return ++self->count < LETTERS ? ANT_AGAIN : ANT_READY;
}

// async fn keeper(): the branches in the order of the select.
enum { WORD, BLINK };

struct keeper {
    ant_future base;
    enum { KEEPER_START, KEEPER_TURN, KEEPER_WATCHING } state;
    ant_mpsc_rx wire;
    struct ant_interval lamp;
    struct read_word word;
    struct ant_interval_tick blink;
    struct ant_select first;
};

// Opens the wire, and sets the lamp going.
static int open_up(struct keeper *self)
{
    struct ant_join_handle task;
    ant_mpsc_tx tx;
    int err = ant_mpsc_new(sizeof(char), 32, &tx, &self->wire);
    if (err < 0) return err;
    ant_mpsc_set_name(&self->wire, "wire");
    task = ant_spawn(ANT_FUTURE(telegraph, .wire = tx, .at = "TIDEWINDRAIN"));
    ant_task_detach(&task);
    self->lamp = ant_interval_at(ant_now_ns() + 34000000, 34);
    return 0;
}

ANT_ASYNC_WITH_DROP(keeper)
{
    int err;
    switch (self->state) {
    case KEEPER_START:
        err = open_up(self);
        return err < 0 ? ANT_FAIL(err) : ANT_NEXT(KEEPER_TURN);

        //@ begin loop
    case KEEPER_TURN:
        self->word = ANT_FUTURE(read_word, .wire = &self->wire);
        self->blink = ant_interval_tick(&self->lamp);
        self->first = ant_select(&self->word.base, &self->blink.base);
        return ANT_NEXT(KEEPER_WATCHING);

    case KEEPER_WATCHING:
        ANT_AWAIT(self->first);
        if (self->first.winner == WORD && self->word.base.result < 0) {
            ant_mpsc_rx_drop(&self->wire); // nobody sends any more
            return ANT_READY;
        }
        ant_note("%s", self->first.winner == WORD ? self->word.word : "blink");
        return ANT_NEXT(KEEPER_TURN);
        //@ end loop
    }
    ANT_UNREACHABLE();
}

static void keeper_drop(struct keeper *self)
{
    ant_future_drop(&self->first.base);
    ant_mpsc_rx_drop(&self->wire);
}

ANT_CONSTRUCTOR(keeper)
ANT_MAIN(keeper)
