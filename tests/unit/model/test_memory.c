// SPDX-License-Identifier: MIT
//
// What an open trace takes of the memory: so many bytes for each event, as the
// allocator counts them, and as the system does.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

// The first is counted; the second is what is promised, for systems differ in
// the size of their pages.
#define LIVE_PER_EVENT_MAX     57u
#define RESIDENT_PER_EVENT_MAX 64u

// A trace of half a million events.
#define POLLS 125000u

// Bytes that somebody has and did not give back; 0 under a sanitizer, which has
// an allocator of its own.
static size_t live_bytes(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

// Bytes of this process that are in memory.
static size_t resident_bytes(void)
{
    unsigned long all;
    unsigned long here;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &all, &here), 2);
    fclose(file);
    return here * (size_t)sysconf(_SC_PAGESIZE);
}

static void an_event_has_few_bytes_and_the_model_no_holes(void **state)
{
    (void)state;
    if (live_bytes() == 0) skip();
    // The code that opens a trace comes into memory with the first one.
    story_close(story_open(script_story_mutex()));
    const char *path = script_story_busy(POLLS);
    ant_mem_trim();
    size_t live_before = live_bytes();
    size_t resident_before = resident_bytes();

    ant_model *model = story_open(path);
    size_t live = live_bytes() - live_before;
    size_t resident = resident_bytes() - resident_before;
    size_t events = model->event_count;
    story_close(model);
    assert_in_range(live, 30 * events, LIVE_PER_EVENT_MAX * events);
    assert_in_range(resident, 30 * events, RESIDENT_PER_EVENT_MAX * events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_has_few_bytes_and_the_model_no_holes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
