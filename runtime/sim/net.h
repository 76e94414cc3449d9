// SPDX-License-Identifier: MIT
//
// The network of a simulation: sockets made of memory, within the one process.
// What is sent arrives after a delay that the seed draws, in virtual time, and
// in order; so a program with clients and servers does the same with the same
// seed, and an hour of talk takes no time. Connections, listeners and datagrams
// behave as those of the system: a backlog, a buffer that fills up, an end, a
// reset, a refusal.
//
// It belongs to the simulator, and all of it to its one OS thread. A socket
// that outlives its runtime keeps it in memory, so it is counted.
//
// The hard thing is that of all networks: both ends of a connection, and what
// is on its way between them, end in any order. So a connection is two links,
// one for each direction, and a link is counted by its reader, its writer, and
// everything that is on its way in it.

#ifndef ANT_SIM_NET_H
#define ANT_SIM_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/rng.h"
#include "io/source.h"

// A way takes from the first to less than the sum of both.
#define ANT_SIM_DELAY_MIN_NS (200 * ANT_NS_PER_US)
#define ANT_SIM_DELAY_VAR_NS (800 * ANT_NS_PER_US)

// What fits into one direction of a connection, on its way or arrived.
#define ANT_SIM_LINK_BYTES 65536u

typedef struct ant_sim_net ant_sim_net;
typedef struct ant_sim_link ant_sim_link;
typedef struct ant_sim_packet ant_sim_packet;

// A socket of any kind.
typedef struct ant_sim_socket {
    ant_source source; // first
    ant_sim_net *net;
    ant_list place; // in net->sockets
    ant_addr local;
    ant_addr peer;
    // of a connection
    ant_sim_link *in;
    ant_sim_link *out;
    int err;    // how connecting went; -EAGAIN as long as it is not known
    int signum; // of a listener for signals
    // of a listener: connections not yet accepted; of a datagram socket: what
    // has arrived
    ant_list waiting;
    uint32_t waiting_count;
    uint32_t waiting_max;
    ant_list place_waiting; // in a listener's, or in net->unused
} ant_sim_socket;

// Something on its way. What it does when it arrives says `arrive`, which also
// frees what it refers to; `is_lost` when it will never arrive.
struct ant_sim_packet {
    ant_list place; // in net->packets, or where it has arrived
    uint64_t at_ns;
    void (*arrive)(ant_sim_packet *packet, bool is_lost);
    ant_sim_net *net;
    ant_sim_link *link;
    ant_addr from;
    ant_addr to;
    size_t len;
    size_t read; // of them
    unsigned char bytes[];
};

struct ant_sim_net {
    ant_net net; // first
    uint32_t refs;
    uint64_t now_ns; // the simulator's
    ant_rng rng;
    ant_list packets; // by time, and then in the order of sending
    ant_list sockets; // the oldest first
    uint32_t holds;   // while there are any, no socket is closed
    ant_list unused;  // those that will be, then
    uint16_t next_port;
    bool is_shut;
};

// A network. 0 or -ENOMEM.
ANT_MUST_USE int ant__sim_net_new(uint64_t seed, ant_sim_net **ret_net);

// The simulator goes: what is on its way is lost.
void ant__sim_net_free(ant_sim_net *net);

// When the next packet arrives, ANT_NS_NEVER when none is on its way.
uint64_t ant__sim_net_next_ns(const ant_sim_net *net);

// Lets all arrive that should have by now.
void ant__sim_net_deliver(ant_sim_net *net);

// Every operation fails with -ESHUTDOWN from now on.
void ant__sim_net_shut(ant_sim_net *net);

// ---- For the kinds of sockets ----

// A socket with one reference, which `ops` says the kind of. NULL: no memory.
ANT_MUST_USE ant_sim_socket *
ant__sim_socket_new(ant_sim_net *net, const ant_source_ops *ops, uint32_t kind);
void ant__sim_socket_free(ant_sim_socket *socket);

// Gives a socket its own address, with a free port when it has none.
// 0, -EADDRINUSE.
ANT_MUST_USE int ant__sim_socket_bind(ant_sim_socket *socket,
                                      const ant_addr *addr);

// Wakes who waits on a side. What its waker closes stays until that is over.
void ant__sim_edge(ant_sim_socket *socket, ant_side side, uint32_t flags);

// Between these two no socket is closed, whatever wakers do; they may be
// nested.
void ant__sim_hold(ant_sim_net *net);
void ant__sim_unhold(ant_sim_net *net);

// The first thing in ops->close: false when that will be called once more.
ANT_MUST_USE bool ant__sim_may_close(ant_sim_socket *socket);

// The socket of that kind whose address this is, or NULL.
ant_sim_socket *ant__sim_find(const ant_sim_net *net, const ant_source_ops *ops,
                              const ant_addr *addr);

// A packet of `len` bytes, of which none is filled in. NULL: no memory.
ANT_MUST_USE ant_sim_packet *ant__sim_packet_new(ant_sim_net *net, size_t len);

// Sends it: it arrives after a delay, and not before `after_ns`.
void ant__sim_send(ant_sim_packet *packet, uint64_t after_ns);

// The operations of the world, by kind of socket.
ANT_MUST_USE int ant__sim_listen(ant_net *net, const ant_addr *addr,
                                 uint32_t backlog, ant_source **ret_source);
ANT_MUST_USE int ant__sim_connect(ant_net *net, const ant_addr *addr,
                                  ant_source **ret_source);
ANT_MUST_USE int ant__sim_pair(ant_net *net, ant_source *ret_source[2]);
ANT_MUST_USE int ant__sim_bind_datagram(ant_net *net, const ant_addr *addr,
                                        ant_source **ret_source);
ANT_MUST_USE int ant__sim_listen_signal(ant_net *net, int signum,
                                        ant_source **ret_source);
ANT_MUST_USE int ant__sim_raise_signal(ant_net *net, int signum);

#endif
