// SPDX-License-Identifier: MIT

#include "support/flavors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "trace/check.h"

ant_flavor flavor_current = ANT_RUNTIME_CURRENT;
ant_flavor flavor_multi = ANT_RUNTIME_MULTI;
ant_flavor flavor_sim = ANT_RUNTIME_SIM;

static uint64_t blocks_before;

static bool is_recording_fine(void);

int flavor_set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    return 0;
}

int flavor_tear_down(void **state)
{
    (void)state;
    const bool is_fine = is_recording_fine();
    if (ant_mem_live_count() != blocks_before)
        print_error("%d blocks are lost\n",
                    (int)(ant_mem_live_count() - blocks_before));
    return is_fine && ant_mem_live_count() == blocks_before ? 0 : -1;
}

static void print_finding(const ant_finding *finding, void *arg)
{
    (void)arg;
    print_error("event %llu: %s [%s]\n", (unsigned long long)finding->index,
                finding->text, finding->rule);
}

// Judges what the test's last runtime recorded, when ANTFARM_TRACE had it
// record, and makes room for the next.
static bool is_recording_fine(void)
{
    const char *path = getenv("ANTFARM_TRACE");
    if (path == NULL || access(path, F_OK) != 0) return true;
    ant_reader_error error = { 0 };
    const int64_t count = ant_check_file(path, print_finding, NULL, &error);
    if (count < 0) print_error("%s: %s\n", path, error.text);
    unlink(path);
    return count == 0;
}

static void say_nothing(uint32_t task, const char *name,
                        const ant_failure *failure, void *arg)
{
    (void)task, (void)name, (void)failure, (void)arg;
}

ant_runtime *flavor_runtime(void **state, const ant_runtime_desc *desc)
{
    ant_runtime_desc full = desc != NULL ? *desc : (ant_runtime_desc){ 0 };
    full.flavor = *(const ant_flavor *)*state;
    if (full.worker_count == 0) full.worker_count = 2;
    if (full.on_panic == NULL) full.on_panic = say_nothing;
    ant_runtime *runtime;
    assert_int_equal(ant_runtime_new(&full, &runtime), 0);
    return runtime;
}
