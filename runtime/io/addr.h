// SPDX-License-Identifier: MIT
//
// A socket address: where a peer is or a listener listens. A plain value, to be
// copied as one likes. Tokio: std::net::SocketAddr, tokio::net::unix.
//
//   ant_addr addr;
//   int err = ant_addr_parse("127.0.0.1:8080", &addr);
//   if (err < 0) return err;
//   char text[ANT_ADDR_TEXT_MAX];
//   ant_addr_format(&addr, text, sizeof text);
//
// What can be parsed: "127.0.0.1:80", "[::1]:80" and "localhost:80", which is
// 127.0.0.1. Port 0 is one that the system chooses. Other names have to be
// looked up first, which may take long: io/resolve.h.
//
//   function           Tokio                 cancel-safe  alloc  threads
//   ant_addr_parse     SocketAddr::parse     -            no     any
//   ant_addr_unix      -                     -            no     any
//   ant_addr_format    Display               -            no     any
//   ant_addr_port      SocketAddr::port      -            no     any
//   ant_addr_set_port  SocketAddr::set_port  -            no     owner
//   ant_addr_equal     ==                    -            no     any

#ifndef ANT_IO_ADDR_H
#define ANT_IO_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

// Enough for every address, with the 0 at its end.
#define ANT_ADDR_TEXT_MAX 128

#define ANT_ADDR_BYTES_MAX 112

// {0} is no address.
typedef struct ant_addr {
    _Alignas(8) unsigned char bytes[ANT_ADDR_BYTES_MAX]; // io/sockaddr.h
    uint32_t len; // of what is used of them
} ant_addr;

// 0, or -EINVAL when the text is no address (a name, a missing port).
ANT_MUST_USE int ant_addr_parse(const char *text, ant_addr *ret_addr);

// The address of a Unix socket. 0, or -ENAMETOOLONG.
ANT_MUST_USE int ant_addr_unix(const char *path, ant_addr *ret_addr);

// Writes it as ant_addr_parse reads it, a Unix address as its path ("(unnamed)"
// when it has none), {0} as "?".
void ant_addr_format(const ant_addr *addr, char *ret_text, size_t size);

// The port, 0 when it has none.
uint16_t ant_addr_port(const ant_addr *addr);
void ant_addr_set_port(ant_addr *addr, uint16_t port);

// Whether both are the same place.
bool ant_addr_equal(const ant_addr *a, const ant_addr *b);

// Cuts "host:port" or "[host]:port" in two. 0, or -EINVAL. `ret_host` has place
// for `size` bytes.
ANT_MUST_USE int ant__addr_split(const char *text, char *ret_host, size_t size,
                                 uint16_t *ret_port);

#endif
