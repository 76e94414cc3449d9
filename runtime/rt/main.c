// SPDX-License-Identifier: MIT
//
// What ANT_MAIN does: one runtime, one async function, one exit status.

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "rt/runtime_impl.h"

static int say_bad_start(int err)
{
    (void)fprintf(stderr,
                  "antfarm: the runtime did not start: %s (%s); check "
                  "ANTFARM_FLAVOR (current, multi, sim), ANTFARM_WORKERS, "
                  "ANTFARM_SEED, ANTFARM_TRACE, ANTFARM_TRACE_LEVEL (sched, "
                  "full) and ANTFARM_TRACE_MAX\n",
                  ant_err_text(err), ant_err_name(err));
    return 2;
}

int ant__main(const ant_future *future, const char *name, const char *file,
              int line)
{
    ant__runtime_note_threads();
    ant_runtime *runtime;
    int err = ant_runtime_new(NULL, &runtime);
    if (err < 0) return say_bad_start(err);

    err = ant__runtime_block_on(runtime, future, name, file, line);
    ant_runtime_free(runtime);
    if (err < 0)
        (void)fprintf(stderr, "antfarm: %s failed: %s (%s)\n", name,
                      ant_err_text(err), ant_err_name(err));
    return err < 0 ? 1 : 0;
}
