// SPDX-License-Identifier: MIT

#include "base/assert.h"

#include <stdlib.h>

#include "base/atomic.h"

static ant_atomic_ptr crash_hook;

void ant__crash_hook_set(ant_crash_fn hook)
{
    // release: pairs with the acquire in ant__crash().
    ant_atomic_store(&crash_hook, (uintptr_t)hook, ANT_RELEASE);
}

void ant__crash(const char *file, int line, const char *what)
{
    // The hook is taken out first, so that a crash inside it aborts at once.
    uintptr_t hook = ant_atomic_exchange(&crash_hook, 0, ANT_ACQ_REL);
    if (hook != 0) ((ant_crash_fn)hook)(file, line, what);
    abort();
}
