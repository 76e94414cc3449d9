// SPDX-License-Identifier: MIT
//
// TCP: a listener accepts connections, a connect makes one; either way the
// program gets an ant_io (io/io.h) to read and write. Tokio: tokio::net.
//
//   case SERVER_START:
//       self->accept = ant_tcp_accept(&self->listener, &self->conn);
//       return ANT_NEXT(SERVER_ACCEPTING);
//   case SERVER_ACCEPTING:
//       ANT_AWAIT(self->accept);
//       if (self->accept.base.result < 0)
//           return ANT_FAIL(self->accept.base.result);
//       self->write = ant_write_all(&self->conn, "hello", 5);
//       return ANT_NEXT(SERVER_GREETING);
//
//   err = ant_tcp_listener_bind("127.0.0.1:0", &self->listener);
//   if (err < 0) return ANT_FAIL(err);
//
// A listener belongs to one task, which closes it; several futures may accept
// from it at once. An error of accept that is about one connection (its peer
// gave up) is not told: the next one is waited for. -EMFILE is told: the
// program has too many descriptors open, and should wait before it goes on.
//
// A connect takes "127.0.0.1:80", "[::1]:80" or "example.org:80"; a name is
// looked up on the blocking pool, and its addresses are tried in their order.
//
//   function                Tokio                    cancel  alloc  threads
//   ant_tcp_listener_bind   TcpListener::bind        -       yes    inside
//   ant_tcp_accept          TcpListener::accept      yes     yes    owner
//   ant_tcp_listener_addr   TcpListener::local_addr  -       no     owner
//   ant_tcp_listener_close  drop(listener)           -       no     owner
//   ant_tcp_connect         TcpStream::connect       yes     yes    inside
//   ant_tcp_set_nodelay     TcpStream::set_nodelay   -       no     owner
//
// Inside is a thread that runs a runtime's tasks, or has entered it.

#ifndef ANT_IO_TCP_H
#define ANT_IO_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "io/dial.h"
#include "io/io.h"
#include "io/resolve.h"

// {0} is closed.
typedef struct ant_tcp_listener {
    ant_source *source;
} ant_tcp_listener;

// How many connections may wait to be accepted; the system may allow fewer.
#define ANT_TCP_BACKLOG 1024

// READY when *conn is a connection, or with -errno.
struct ant_accept {
    ant_future base;
    ant_source_op op;
    ant_io *conn;
    const char *file;
};

// READY when *conn is connected, or with the error of the last address tried:
// -ECONNREFUSED, -ETIMEDOUT, -ENETUNREACH, -ENOENT (no such name), -EINVAL.
struct ant_tcp_connect {
    ant_future base;
    enum { CONNECT_START, CONNECT_LOOKING_UP, CONNECT_DIALING } state;
    const char *to;
    ant_io *conn;
    const char *file;
    uint32_t line;
    struct ant_resolve look_up;
    unsigned next; // of its addresses
    struct ant_dial dial;
};

// Listens on an address, of which 0 as the port is one that is free. 0, or
// -EADDRINUSE, -EADDRNOTAVAIL, -EACCES, -EINVAL (not an address), -EMFILE.
#define ant_tcp_listener_bind(addr, ret_listener)                              \
    ant__tcp_listener_bind((addr), (ret_listener), __FILE__, __LINE__)

// Waits for a connection, which goes to *conn. `conn` stays where it is until
// then.
#define ant_tcp_accept(listener, conn)                                         \
    ant__accept((listener)->source, (conn), __FILE__, __LINE__)

// Where it listens, with the port that it got.
int ant_tcp_listener_addr(const ant_tcp_listener *listener, ant_addr *ret_addr);

// Ends what waits on it with -ECANCELED. Who is connected stays so.
void ant_tcp_listener_close(ant_tcp_listener *listener);

// Connects to "host:port". Both stay where they are until then.
#define ant_tcp_connect(to, conn)                                              \
    ant__tcp_connect((to), (conn), __FILE__, __LINE__)

// Small writes go out at once instead of waiting for more. 0 or -errno.
int ant_tcp_set_nodelay(const ant_io *conn, bool is_on);

ANT_MUST_USE int ant__tcp_listener_bind(const char *addr,
                                        ant_tcp_listener *ret_listener,
                                        const char *file, uint32_t line);
ANT_MUST_USE struct ant_accept ant__accept(ant_source *listener, ant_io *conn,
                                           const char *file, uint32_t line);
ANT_MUST_USE struct ant_tcp_connect
ant__tcp_connect(const char *to, ant_io *conn, const char *file, uint32_t line);

#endif
