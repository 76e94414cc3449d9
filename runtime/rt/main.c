// SPDX-License-Identifier: MIT
//
// What ANT_MAIN does: one runtime, one async function, one exit status.

#include "rt/runtime_impl.h"

int ant__main(const ant_future *future, const char *name, const char *file,
              int line)
{
    ant_runtime *runtime;
    int err = ant_runtime_new(NULL, &runtime);
    if (err < 0) {
        ant__main_unstarted_print(err);
        return 2;
    }
    ant_runtime_ignore_threads(runtime);
    err = ant__runtime_block_on(runtime, future, name, file, line);
    ant_runtime_free(runtime);
    if (err < 0) ant__main_failed_print(name, err);
    return err < 0 ? 1 : 0;
}
