// SPDX-License-Identifier: MIT
//
// UDP: datagrams, each of which arrives whole, or not at all, and maybe after
// the next one. Tokio: tokio::net::UdpSocket.
//
//       err = ant_udp_bind("127.0.0.1:0", &self->socket);
//       if (err < 0) return ANT_FAIL(err);
//       self->send = ant_udp_send_to(&self->socket, "ping", 4, &self->to);
//       return ANT_NEXT(PING_SENDING);
//
//   case PING_WAITING:
//       ANT_AWAIT(self->send);
//       self->recv = ant_udp_recv_from(&self->socket, self->buf,
//                                      sizeof self->buf, &self->from);
//       return ANT_NEXT(PING_ANSWERED);
//
// A socket belongs to one task, which closes it. Several futures may wait on it
// at once; each datagram goes to one of them.
//
//   function           Tokio                  cancel-safe  alloc  threads
//   ant_udp_bind       UdpSocket::bind        -            yes    a runtime's
//   ant_udp_recv_from  UdpSocket::recv_from   yes          no     owner
//   ant_udp_send_to    UdpSocket::send_to     yes          no     owner
//   ant_udp_addr       UdpSocket::local_addr  -            no     owner
//   ant_udp_close      drop(socket)           -            no     owner

#ifndef ANT_IO_UDP_H
#define ANT_IO_UDP_H

#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "io/addr.h"
#include "io/source.h"

// {0} is closed.
typedef struct ant_udp {
    ant_source *source;
} ant_udp;

// Its result: the length of the datagram, of which what fits is in the buffer,
// or -errno.
struct ant_udp_recv_from {
    ant_future base;
    ant_source_op op;
    void *buf;
    size_t len;
    ant_addr *from; // an output
};

// Its result: the length, or -errno; -EMSGSIZE when it is too long for one.
struct ant_udp_send_to {
    ant_future base;
    ant_source_op op;
    const void *buf;
    size_t len;
    ant_addr to;
};

// Takes a port, 0 for one that is free. 0, or -EADDRINUSE, -EINVAL, -EMFILE.
#define ant_udp_bind(addr, ret_socket)                                         \
    ant__udp_bind((addr), (ret_socket), __FILE__, __LINE__)

// Waits for a datagram, and says in *from who sent it.
#define ant_udp_recv_from(socket, buf, len, from)                              \
    ant__udp_recv_from((socket), (buf), (len), (from), __LINE__)

// Sends a datagram. `buf` stays where it is until then.
#define ant_udp_send_to(socket, buf, len, to)                                  \
    ant__udp_send_to((socket), (buf), (len), (to), __LINE__)

// Where it is, with the port that it got.
int ant_udp_addr(const ant_udp *socket, ant_addr *ret_addr);

// Ends what waits on it with -ECANCELED.
void ant_udp_close(ant_udp *socket);

ANT_MUST_USE int ant__udp_bind(const char *addr, ant_udp *ret_socket,
                               const char *file, uint32_t line);
ANT_MUST_USE struct ant_udp_recv_from ant__udp_recv_from(const ant_udp *socket,
                                                         void *buf, size_t len,
                                                         ant_addr *from,
                                                         uint32_t line);
ANT_MUST_USE struct ant_udp_send_to
ant__udp_send_to(const ant_udp *socket, const void *buf, size_t len,
                 const ant_addr *to, uint32_t line);

#endif
