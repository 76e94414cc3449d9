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
    struct ant_driver *driver; // whose they are
} ant_reactor_net;

void ant__reactor_net_init(ant_reactor_net *self, ant_poller *poller,
                           struct ant_driver *driver);

// The calling thread has libuv's loop from the first to the second call, and
// nobody else. Whoever waits in the poller is called out of it, so that is for
// what is rare. Not while wakers are used.
void ant__reactor_borrow(struct ant_driver *driver);
void ant__reactor_give_back(struct ant_driver *driver);

// The addresses of a name, without ports: how many, at most `max`, or -errno.
ANT_MUST_USE int ant__reactor_look_up(const char *host, ant_addr *ret_addr,
                                      unsigned max);

// The rest of the world's operations.
ANT_MUST_USE int ant__reactor_listen_signal(ant_net *net, int signum,
                                            ant_source **ret_source);
ANT_MUST_USE int ant__reactor_raise_signal(ant_net *net, int signum);
ANT_MUST_USE int ant__reactor_spawn(ant_net *net,
                                    const struct ant_process_desc *desc,
                                    struct ant_child *ret_child);

#endif
