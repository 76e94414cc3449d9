// SPDX-License-Identifier: MIT

#include "support/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "trace/check.h"
#include "trace/trace.h"

uint64_t recording_ns;

static char path[] = "/tmp/antfarm-test-XXXXXX";

uint64_t recording_now(void *arg)
{
    (void)arg;
    return recording_ns;
}

const char *recording_path(void)
{
    return path;
}

int recording_setup_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/antfarm-test-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0) return -1;
    close(fd);
    ant_trace_ids_reset();
    return 0;
}

int recording_setup(void **state)
{
    if (recording_setup_path(state) < 0) return -1;
    recording_start(0);
    return 0;
}

void recording_start(uint64_t ns)
{
    recording_ns = ns;
    const ant_trace_desc desc = {
        .path = path,
        .now_ns = recording_now,
        .is_virtual = true,
    };
    assert_int_equal(ant_trace_start(&desc), 0);
}

int recording_teardown(void **state)
{
    (void)state;
    ant_trace_stop();
    unlink(path);
    return ant_mem_live_count() == 0 ? 0 : -1;
}

ant_reader *recording_open(void)
{
    ant_trace_stop();
    ant_reader *reader = NULL;
    ant_reader_error error = { 0 };
    if (ant_reader_open(path, &reader, &error) < 0) {
        fail_msg("%s: at byte %llu: %s", path, (unsigned long long)error.offset,
                 error.text);
    }
    return reader;
}

static void keep_last(const ant_finding *finding, void *arg)
{
    *(ant_finding *)arg = *finding;
}

void recording_expect_fine(void)
{
    ant_finding last;
    ant_trace_stop();
    int64_t count = ant_check_file(path, keep_last, &last, NULL);
    if (count != 0) fail_msg("%s [%s]", last.text, last.rule);
}

void recording_expect_finding(const char *rule, const char *text)
{
    ant_finding last;
    ant_trace_stop();
    int64_t count = ant_check_file(path, keep_last, &last, NULL);
    assert_int_equal(count, 1);
    assert_string_equal(last.text, text);
    assert_string_equal(last.rule, rule);
}
