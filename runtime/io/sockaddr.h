// SPDX-License-Identifier: MIT
//
// What is inside of an ant_addr: the system's own form of an address. Apart
// from io/addr.h, since <sys/socket.h> takes names like `send`, `bind` and
// `listen` away from programs that include it.

#ifndef ANT_IO_SOCKADDR_H
#define ANT_IO_SOCKADDR_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "io/addr.h"

// It may look at bytes that were declared as such.
typedef union __attribute__((may_alias)) ant__sockaddr {
    struct sockaddr any;
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
    struct sockaddr_un local;
} ant__sockaddr;

_Static_assert(sizeof(ant__sockaddr) <= ANT_ADDR_BYTES_MAX, "it has no room");

static inline ant__sockaddr *ant__sockaddr_of(ant_addr *addr)
{
    return (ant__sockaddr *)(void *)addr->bytes;
}

static inline const ant__sockaddr *ant__sockaddr_in(const ant_addr *addr)
{
    return (const ant__sockaddr *)(const void *)addr->bytes;
}

#endif
