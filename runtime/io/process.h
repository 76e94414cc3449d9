// SPDX-License-Identifier: MIT
//
// Child processes: started, talked to through pipes, waited for, ended. Tokio:
// tokio::process.
//
//   const char *const argv[] = { "sort", NULL };
//   const ant_process_desc desc = { .argv = argv,
//                                   .in = ANT_STDIO_PIPE,
//                                   .out = ANT_STDIO_PIPE };
//   return ant_process_spawn(&desc, ret_child);
//
//   case SORT_WAITING:
//       ANT_AWAIT(self->wait);
//       if (self->wait.base.result != 0) return ANT_FAIL(-EPROTO);
//
// The handle belongs to one task, which closes it. A child lives on by itself
// when the handle is closed, and is cleared away when it ends, as long as the
// runtime lives; with `kills_on_close` it is killed. In a simulation there are
// no other processes: -ENOTSUP.
//
//   function           Tokio           cancel-safe  alloc  threads
//   ant_process_spawn  Command::spawn  -            yes    a runtime's
//   ant_child_wait     Child::wait     yes          no     owner
//   ant_child_kill     Child::kill     -            no     owner
//   ant_child_close    drop(child)     -            no     owner

#ifndef ANT_IO_PROCESS_H
#define ANT_IO_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "io/io.h"

typedef enum ant_stdio {
    ANT_STDIO_INHERIT, // this program's own
    ANT_STDIO_NULL,    // nothing
    ANT_STDIO_PIPE,    // the other end is in the handle
} ant_stdio;

// Zero means: this program's folder, environment and streams.
typedef struct ant_process_desc {
    const char *const *argv; // the program, looked for in PATH, and NULL last
    const char *const *env;  // "NAME=value", and NULL last
    const char *folder;
    ant_stdio in;
    ant_stdio out;
    ant_stdio err;
    bool kills_on_close;
} ant_process_desc;

// {0} is closed.
typedef struct ant_child {
    ant_source *source;
    ant_io in; // what is a pipe; to be closed one by one, or with the child
    ant_io out;
    ant_io err;
    int pid;
    bool kills_on_close;
} ant_child;

// Its result: the exit status, 128 and its number when a signal has ended it
// (as in a shell), or -errno.
struct ant_child_wait {
    ant_future base;
    ant_source_op op;
};

// Starts a program. 0, or -ENOENT, -EACCES, -ENOMEM, -EAGAIN, -EMFILE.
#define ant_process_spawn(desc, ret_child)                                     \
    ant__process_spawn((desc), (ret_child), __FILE__, __LINE__)

// Waits for its end; also when that has come, as often as one likes.
#define ant_child_wait(child) ant__child_wait((child), __LINE__)

// Sends it a signal. 0, -ESRCH when it has ended, -EINVAL.
int ant_child_kill(const ant_child *child, int signum);

// Closes the handle and its pipes.
void ant_child_close(ant_child *child);

ANT_MUST_USE int ant__process_spawn(const ant_process_desc *desc,
                                    ant_child *ret_child, const char *file,
                                    uint32_t line);
ANT_MUST_USE struct ant_child_wait ant__child_wait(const ant_child *child,
                                                   uint32_t line);

#endif
