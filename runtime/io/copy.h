// SPDX-License-Identifier: MIT
//
// Copies all that comes out of one ant_io into another, to the end. Tokio:
// tokio::io::copy.
//
//   case PROXY_START:
//       self->copy = ant_copy(&self->from, &self->to);
//       return ANT_NEXT(PROXY_COPYING);
//   case PROXY_COPYING:
//       ANT_AWAIT(self->copy);
//       if (self->copy.base.result < 0)
//           return ANT_FAIL(self->copy.base.result);
//       self->total = self->copy.bytes;
//
// It borrows both handles, and closes none. Dropped in the middle, it may have
// read bytes that it has not written: what came in is lost.
//
//   function  Tokio     cancel-safe  alloc  threads
//   ant_copy  io::copy  no           no     owner

#ifndef ANT_IO_COPY_H
#define ANT_IO_COPY_H

#include <stdint.h>

#include "core/future.h"
#include "io/io.h"

#define ANT_COPY_BYTES 4096

// Its result: 0, or what reading or writing said.
struct ant_copy {
    ant_future base;
    enum { COPY_START, COPY_READING, COPY_WRITING } state;
    uint32_t line;
    const ant_io *from;
    const ant_io *to;
    uint64_t bytes; // an output: so many were copied so far
    struct ant_read read;
    struct ant_write_all write;
    char buf[ANT_COPY_BYTES];
};

// Copies until `from` ends.
#define ant_copy(from, to) ant__copy((from), (to), __LINE__)

ANT_MUST_USE struct ant_copy ant__copy(const ant_io *from, const ant_io *to,
                                       uint32_t line);

#endif
