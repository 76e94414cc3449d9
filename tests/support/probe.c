// SPDX-License-Identifier: MIT

#include "support/probe.h"

#include <errno.h>

#include "core/panic.h"

static void keep(probe_watch *watch, const ant_cx *cx)
{
    ant_waker old = watch->kept;
    watch->kept = ant_waker_clone(&cx->waker);
    ant_waker_drop(&old);
}

ANT_ASYNC_WITH_DROP(probe)
{
    probe_watch *watch = self->watch;
    watch->poll_count++;
    for (;;) { // ends with the script
        const char letter = *watch->script;
        if (letter != '\0') watch->script++;
        switch (letter) {
        case 'w':
            ant_waker_wake_ref(&cx->waker);
            break;
        case 'k':
            keep(watch, cx);
            break;
        case 'y':
            ant__cx_yield(cx, ANT_VIA_YIELD);
            break;
        case 'a':
            ant_task_abort(watch->handle);
            break;
        case '.':
            return ANT_PENDING;
        case 'F':
            return ANT_FAIL(-EIO);
        case '!':
            ant_panic("boom");
        default:
            self->answer = 42;
            return ANT_READY;
        }
    }
}

static void probe_drop(struct probe *self)
{
    probe_watch *watch = self->watch;
    watch->drop_count++;
    if (watch->handle != NULL)
        watch->was_finished_on_drop = ant_task_is_finished(watch->handle);
    if (watch->panics_on_drop) ant_panic("boom on drop");
}

struct probe probe(probe_watch *watch)
{
    return (struct probe){ ANT_INIT(probe), .watch = watch };
}
