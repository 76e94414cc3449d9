// SPDX-License-Identifier: MIT
//
// Looks up the addresses of a name, as the system does it: a call that blocks,
// so it is a job for the blocking pool. Tokio: tokio::net::lookup_host.
//
//   case GREET_START:
//       self->look_up = ant_resolve("localhost:80");
//       return ANT_NEXT(GREET_LOOKING_UP);
//   case GREET_LOOKING_UP:
//       ANT_AWAIT(self->look_up);
//       if (self->look_up.base.result < 0)
//           return ANT_FAIL(self->look_up.base.result);
//       self->addr = self->look_up.addr[0];
//
// What is an address already costs no job. A name that is being looked up while
// the future is dropped is looked up to the end, and nobody hears of it. In a
// simulation there are no names but localhost: -ENOENT.
//
//   function     Tokio             cancel-safe  alloc  threads
//   ant_resolve  net::lookup_host  yes          yes    a runtime's

#ifndef ANT_IO_RESOLVE_H
#define ANT_IO_RESOLVE_H

#include <stdint.h>

#include "core/task.h"
#include "io/addr.h"

// So many addresses of a name are looked at.
#define ANT_RESOLVE_MAX 8

struct ant__lookup;

// Its result: how many addresses there are, at least 1, or -errno: -ENOENT (no
// such name), -EINVAL (no port, or no text), -EAGAIN (no answer: try later).
struct ant_resolve {
    ant_future base;
    enum { RESOLVE_START, RESOLVE_ASKING } state;
    const char *name;
    ant_addr addr[ANT_RESOLVE_MAX]; // an output
    struct ant__lookup *lookup;     // shared with the job
    struct ant_join_handle job;
};

// Looks up "host:port". `name` stays where it is until the future ends.
ANT_MUST_USE struct ant_resolve ant_resolve(const char *name);

#endif
