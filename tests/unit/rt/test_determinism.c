// SPDX-License-Identifier: MIT
//
// The same seed gives the same trace, byte for byte; another seed another one.
// The program has something of everything that is drawn by lot or by time:
// several workers, thieves, a select, timers, blocking jobs, locks.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "trace/check.h"

#define TASKS 12

static int think(void *arg)
{
    (void)arg;
    return 0;
}

static ant_mutex lock = ANT_MUTEX("lock");

// async fn busy(number): races two sleeps, has a job done, and takes the lock.
struct busy {
    ant_future base;
    enum { BUSY_START, BUSY_RACING, BUSY_JOINING, BUSY_LOCKING } state;
    uint32_t number;
    struct ant_sleep a;
    struct ant_sleep b;
    struct ant_select race;
    struct ant_join_handle job;
    struct ant_mutex_lock guard;
};

ANT_ASYNC(busy)
{
    switch (self->state) {
    case BUSY_START:
        self->a = ant_sleep(self->number % 3);
        self->b = ant_sleep(self->number % 2);
        self->race = ant_select(&self->a.base, &self->b.base);
        return ANT_NEXT(BUSY_RACING);

    case BUSY_RACING:
        ANT_AWAIT(self->race);
        self->job = ant_spawn_blocking(think, NULL);
        return ANT_NEXT(BUSY_JOINING);

    case BUSY_JOINING:
        ANT_AWAIT(self->job);
        self->guard = ant_mutex_lock(&lock);
        return ANT_NEXT(BUSY_LOCKING);

    case BUSY_LOCKING:
        ANT_AWAIT(self->guard);
        ant_mutex_unlock(&lock);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct busy busy(uint32_t number)
{
    return (struct busy){ ANT_INIT(busy), .number = number };
}

struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_JOINING } state;
    struct ant_join_handle desk[TASKS];
    ant_future *desks[TASKS];
    struct ant_join all;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        for (uint32_t i = 0; i < TASKS; i++) {
            self->desk[i] = ant_spawn(busy(i));
            self->desks[i] = &self->desk[i].base;
        }
        self->all = ant_join_all(self->desks, TASKS);
        return ANT_NEXT(OFFICE_JOINING);

    case OFFICE_JOINING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// ---- Recording ----

typedef struct recording {
    char *bytes;
    size_t len;
} recording;

static recording read_file(const char *path)
{
    recording file = { 0 };
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    const long len = ftell(stream);
    assert_true(len > 0);
    rewind(stream);
    file.len = (size_t)len;
    file.bytes = ant_mem_alloc(file.len);
    assert_non_null(file.bytes);
    assert_int_equal(fread(file.bytes, 1, file.len, stream), file.len);
    (void)fclose(stream);
    return file;
}

static void fail_finding(const ant_finding *finding, void *arg)
{
    (void)arg;
    fail_msg("%s: %s", finding->rule, finding->text);
}

static recording record(uint64_t seed)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/tmp/antfarm-same-%d.ant", getpid());
    (void)setenv("ANTFARM_TRACE", path, 1);
    ant_runtime *rt;
    const ant_runtime_desc desc = { .flavor = ANT_RUNTIME_SIM,
                                    .worker_count = 3,
                                    .seed = seed };
    assert_int_equal(ant_runtime_new(&desc, &rt), 0);
    const struct office all = { ANT_INIT(office) };
    assert_int_equal(ant_runtime_block_on(rt, all), 0);
    ant_runtime_free(rt);
    (void)unsetenv("ANTFARM_TRACE");

    ant_reader_error error;
    assert_int_equal(ant_check_file(path, fail_finding, NULL, &error), 0);
    recording file = read_file(path);
    (void)unlink(path);
    return file;
}

static bool are_same(recording a, recording b)
{
    return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        recording once = record(seed);
        recording twice = record(seed);
        if (!are_same(once, twice))
            fail_msg("seed %llu", (unsigned long long)seed);
        ant_mem_free(once.bytes);
        ant_mem_free(twice.bytes);
    }
}

static void another_seed_gives_another_run(void **state)
{
    (void)state;
    recording one = record(1);
    recording two = record(2);
    assert_false(are_same(one, two));
    ant_mem_free(one.bytes);
    ant_mem_free(two.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(another_seed_gives_another_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
