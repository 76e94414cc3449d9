// SPDX-License-Identifier: MIT
//
// Looking up names, as the C library does it: it blocks, and so it happens on a
// thread of the blocking pool (io/resolve.h).

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "io/sockaddr.h"
#include "reactor/net.h"

static int error_of(int code);

int ant__reactor_look_up(const char *host, ant_addr *ret_addr, unsigned max)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found;
    const int code = getaddrinfo(host, NULL, &hints, &found);
    if (code != 0) return error_of(code);
    unsigned count = 0;
    for (const struct addrinfo *at = found; at != NULL; at = at->ai_next) {
        ant_addr addr = { .len = at->ai_addrlen };
        if (count == max || at->ai_addrlen > sizeof addr.bytes) continue;
        memcpy(addr.bytes, at->ai_addr, at->ai_addrlen);
        ret_addr[count++] = addr;
    }
    freeaddrinfo(found);
    return count > 0 ? (int)count : -ENOENT;
}

static int error_of(int code)
{
    switch (code) {
    case EAI_AGAIN:
        return -EAGAIN;
    case EAI_MEMORY:
        return -ENOMEM;
    case EAI_SYSTEM:
        return -errno;
    default:
        return -ENOENT;
    }
}
