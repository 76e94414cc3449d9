// SPDX-License-Identifier: MIT
//
// Under load nobody is served twice before all others are served once: what the
// system says first is done first, also when there is more at once than a run
// queue has room for.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/files.h"
#include "support/flavors.h"

// A run queue has 256 places.
enum { READERS = 600, ROUNDS = 3 };

static unsigned order[READERS * ROUNDS]; // who read, in this order
static unsigned order_count;
static unsigned asked_count; // how often one of them began to wait

// Reads a byte so many times, and says that it did.
struct reader {
    ant_future base;
    enum { READER_START, READER_READING } state;
    unsigned number;
    int left;
    ant_io io;
    char byte;
    struct ant_read read;
};

ANT_ASYNC(reader)
{
    switch (self->state) {
    case READER_START:
        if (self->left-- == 0) {
            ant_io_close(&self->io);
            return ANT_READY;
        }
        asked_count++;
        self->read = ant_read(&self->io, &self->byte, 1);
        return ANT_NEXT(READER_READING);

    case READER_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result != 1) return ANT_FAIL(-EPROTO);
        order[order_count++] = self->number;
        return ANT_NEXT(READER_START);
    }
    ANT_UNREACHABLE();
}

// Writes to all of them in one go, and again when all have read.
struct crier {
    ant_future base;
    enum { CRIER_START, CRIER_SETTLING, CRIER_JOINING } state;
    unsigned round;
    ant_io io[READERS];
    ant_join_set set;
    struct ant_sleep rest;
    struct ant_join_set_join_all all;
};

static int open_all(struct crier *self)
{
    ant_join_set_init(&self->set, "readers");
    for (unsigned i = 0; i < READERS; i++) {
        ant_io ends[2];
        int err = ant_io_pair(ends);
        if (err < 0) return err;
        self->io[i] = ends[0];
        const struct reader one = { ANT_INIT(reader), .number = i,
                                    .left = ROUNDS, .io = ends[1] };
        err = ant_join_set_spawn(&self->set, one);
        if (err < 0) return err;
    }
    return 0;
}

static int write_all(struct crier *self)
{
    for (unsigned i = 0; i < READERS; i++) {
        const int err = ant_try_write(&self->io[i], "x", 1);
        if (err != 1) return err < 0 ? err : -EPROTO;
    }
    return 0;
}

ANT_ASYNC(crier)
{
    int err;
    switch (self->state) {
    case CRIER_START:
        err = open_all(self);
        if (err < 0) return ANT_FAIL(err);
        self->rest = ant_sleep(1);
        return ANT_NEXT(CRIER_SETTLING);

    case CRIER_SETTLING:
        ANT_AWAIT(self->rest);
        if (order_count < READERS * ROUNDS) {
            if (asked_count == READERS * (self->round + 1)) {
                self->round++;
                err = write_all(self);
                if (err < 0) return ANT_FAIL(err);
            }
            self->rest = ant_sleep(1);
            return ANT_NEXT(CRIER_SETTLING);
        }
        self->all = ant_join_set_join_all(&self->set);
        return ANT_NEXT(CRIER_JOINING);

    case CRIER_JOINING:
        ANT_AWAIT(self->all);
        for (unsigned i = 0; i < READERS; i++)
            ant_io_close(&self->io[i]);
        ant_join_set_deinit(&self->set);
        self->base.result = self->all.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void who_can_read_first_reads_first(void **state)
{
    struct rlimit files;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);

    const int fds_before = fd_count();
    ant_runtime *rt = flavor_runtime(state, NULL);
    static const struct crier one = { ANT_INIT(crier) };
    assert_int_equal(ant_runtime_block_on(rt, one), 0);
    ant_runtime_free(rt);
    assert_int_equal(fd_count(), fds_before);
    // In the first round the system still has something to say of new sockets.
    for (unsigned i = READERS; i < READERS * ROUNDS; i++)
        assert_int_equal(order[i], i % READERS);
}

int main(void)
{
    // Only one worker has one order.
    const struct CMUnitTest tests[] = {
        FLAVOR(who_can_read_first_reads_first, current),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
