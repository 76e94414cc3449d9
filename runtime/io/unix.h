// SPDX-License-Identifier: MIT
//
// Unix sockets: as TCP (io/tcp.h), within one machine, and a path is the
// address. Tokio: tokio::net::UnixListener, UnixStream.
//
//   case CHAT_START:
//       err = ant_unix_listener_bind(self->path, &self->listener);
//       if (err < 0) return ANT_FAIL(err);
//       self->connect = ant_unix_connect(self->path, &self->client);
//       return ANT_NEXT(CHAT_CONNECTING);
//   case CHAT_CONNECTING:
//       ANT_AWAIT(self->connect);
//       self->accept = ant_unix_accept(&self->listener, &self->server);
//       return ANT_NEXT(CHAT_ACCEPTING);
//
// The listener makes the file and leaves it there, as in Tokio: a bind to a
// path that exists is -EADDRINUSE, and whoever made it unlinks it.
//
//   function                 Tokio                 cancel-safe  alloc  threads
//   ant_unix_listener_bind   UnixListener::bind    -            yes    inside
//   ant_unix_accept          UnixListener::accept  yes          yes    owner
//   ant_unix_listener_close  drop(listener)        -            no     owner
//   ant_unix_connect         UnixStream::connect   yes          yes    inside
//
// Inside is a thread that runs a runtime's tasks, or has entered it.

#ifndef ANT_IO_UNIX_H
#define ANT_IO_UNIX_H

#include <stdint.h>

#include "core/future.h"
#include "io/dial.h"
#include "io/io.h"
#include "io/tcp.h"

// {0} is closed.
typedef struct ant_unix_listener {
    ant_source *source;
} ant_unix_listener;

// READY when *conn is connected, or with -errno: -ENOENT (no such file),
// -ECONNREFUSED (nobody listens), -EACCES, -EAGAIN (too many are waiting).
struct ant_unix_connect {
    ant_future base;
    enum { UNIX_START, UNIX_DIALING } state;
    ant_addr to;
    int err; // of the path
    struct ant_dial dial;
};

// Listens at a path that does not exist yet. 0, or -EADDRINUSE, -EACCES,
// -ENOENT (no such folder), -ENAMETOOLONG (107 bytes fit).
#define ant_unix_listener_bind(path, ret_listener)                             \
    ant__unix_listener_bind((path), (ret_listener), __FILE__, __LINE__)

// Waits for a connection, which goes to *conn.
#define ant_unix_accept(listener, conn)                                        \
    ant__accept((listener)->source, (conn), __FILE__, __LINE__)

// Ends what waits on it with -ECANCELED.
void ant_unix_listener_close(ant_unix_listener *listener);

// Connects to the listener at a path.
#define ant_unix_connect(path, conn)                                           \
    ant__unix_connect((path), (conn), __FILE__, __LINE__)

ANT_MUST_USE int ant__unix_listener_bind(const char *path,
                                         ant_unix_listener *ret_listener,
                                         const char *file, uint32_t line);
ANT_MUST_USE struct ant_unix_connect ant__unix_connect(const char *path,
                                                       ant_io *conn,
                                                       const char *file,
                                                       uint32_t line);

#endif
