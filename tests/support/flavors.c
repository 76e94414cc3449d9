// SPDX-License-Identifier: MIT

#include "support/flavors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

ant_flavor flavor_current = ANT_RUNTIME_CURRENT;
ant_flavor flavor_multi = ANT_RUNTIME_MULTI;
ant_flavor flavor_sim = ANT_RUNTIME_SIM;

static uint64_t blocks_before;

int flavor_set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    return 0;
}

int flavor_tear_down(void **state)
{
    (void)state;
    return ant_mem_live_count() == blocks_before ? 0 : -1;
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
