// SPDX-License-Identifier: MIT
//
// The sockets of the real world: what io/source.h asks of a world, done with
// system calls on descriptors that never block. Each call is made by the worker
// whose task wants it; the poller only says when it makes sense.

#ifndef ANT_REACTOR_NET_H
#define ANT_REACTOR_NET_H

#include "io/source.h"
#include "reactor/poller.h"

// The first member of whoever has the sockets of one poller.
typedef struct ant_reactor_net {
    ant_net net; // first
    ant_poller *poller;
} ant_reactor_net;

void ant__reactor_net_init(ant_reactor_net *self, ant_poller *poller);

// The addresses of a name, without ports: how many, at most `max`, or -errno.
ANT_MUST_USE int ant__reactor_look_up(const char *host, ant_addr *ret_addr,
                                      unsigned max);

#endif
