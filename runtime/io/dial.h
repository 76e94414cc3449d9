// SPDX-License-Identifier: MIT
//
// A dial connects to one address: what connecting to a name (io/tcp.h) and to a
// path (io/unix.h) have in common. A connection that is being made is a source
// that is ready for writing when it is made, or has failed.

#ifndef ANT_IO_DIAL_H
#define ANT_IO_DIAL_H

#include <stdint.h>

#include "core/future.h"
#include "io/io.h"

// READY when *conn is connected, or with -errno.
struct ant_dial {
    ant_future base;
    ant_net *net;
    const ant_addr *to;
    ant_io *conn;
    const char *file;
    uint32_t line;
    ant_source *source; // being connected
    ant_source_op op;
};

// Where a connection was asked for, and what gets it.
typedef struct ant_dial_desc {
    ant_net *net;
    const ant_addr *to;
    ant_io *conn;
    const char *file;
    uint32_t line;
} ant_dial_desc;

ANT_MUST_USE struct ant_dial ant__dial(const ant_dial_desc *desc);

#endif
