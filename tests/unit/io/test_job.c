// SPDX-License-Identifier: MIT
//
// Tests of io/job: where a job comes from.

#include "io/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"
#include "support/recording.h"

// async fn look(): at a folder, by way of a timeout.
struct look {
    ant_future base;
    ant_metadata about;
    struct ant_file_op op;
    struct ant_timeout limit;
};

static uint32_t look_line;

ANT_ASYNC(look)
{
    if (ANT_BEGINS(self->limit)) {
        self->op = ant_fs_metadata("/", &self->about);
        self->limit = ant_timeout(10000, &self->op.base);
    }
    look_line = __LINE__ + 1;
    ANT_AWAIT(self->limit);
    return self->about.is_dir ? ANT_READY : ANT_FAIL(-EIO);
}

ANT_CONSTRUCTOR(look)

static void comes_from_the_line_that_awaits_it(void **state)
{
    recording_setup(NULL);
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, look()), 0);
    ant_runtime_free(rt);
    ant_reader *reader = recording_open();
    ant_event event;
    int count = 0;
    while (ant_reader_next(reader, &event)) {
        if (event.kind != ANT_EV_task_spawn) continue;
        const ant_ev_task_spawn *ev = ANT_EVENT_AS(task_spawn, &event);
        if (strcmp(ant_reader_string(reader, ev->name), "metadata") != 0)
            continue;
        assert_non_null(
            strstr(ant_reader_string(reader, ev->file), "test_job.c"));
        assert_int_equal(ev->line, look_line);
        count++;
    }
    ant_reader_close(reader);
    assert_int_equal(recording_teardown(NULL), 0);
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(comes_from_the_line_that_awaits_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
