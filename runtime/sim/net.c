// SPDX-License-Identifier: MIT

#include "sim/net.h"

#include <errno.h>

#include "base/mem.h"
#include "base/os.h"
#include "io/sockaddr.h"

// The first of the ports that are given to who asks for none.
#define FREE_PORT_FIRST 49152

static void unref(ant_sim_net *net);
static bool is_here(const ant_addr *bound, const ant_addr *asked);
static int sim_adopt(ant_net *net, int fd, ant_source **ret_source);

int ant__sim_net_new(uint64_t seed, ant_sim_net **ret_net)
{
    static const ant_net_ops ops = {
        .listen = ant__sim_listen,
        .connect = ant__sim_connect,
        .bind_datagram = ant__sim_bind_datagram,
        .pair = ant__sim_pair,
        .adopt = sim_adopt,
        .listen_signal = ant__sim_listen_signal,
        .raise_signal = ant__sim_raise_signal,
    };
    ant_sim_net *net = ant_mem_alloc(sizeof *net);
    if (net == NULL) return -ENOMEM;
    net->net.ops = &ops;
    net->refs = 1;
    // Its own chance: what is sent changes nothing of who runs when.
    net->rng = ant_rng_init(~seed);
    net->next_port = FREE_PORT_FIRST;
    ant_list_init(&net->packets);
    ant_list_init(&net->sockets);
    ant_list_init(&net->unused);
    *ret_net = net;
    return 0;
}

void ant__sim_net_free(ant_sim_net *net)
{
    net->is_shut = true;
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&net->packets);
        if (link == NULL) break;
        ant_sim_packet *packet = ANT_CONTAINER_OF(link, ant_sim_packet, place);
        packet->arrive(packet, true);
    }
    unref(net);
}

static void unref(ant_sim_net *net)
{
    if (--net->refs == 0) ant_mem_free(net);
}

// A descriptor is of the real world.
static int sim_adopt(ant_net *net, int fd, ant_source **ret_source)
{
    (void)net, (void)fd, (void)ret_source;
    return -ENOTSUP;
}

void ant__sim_net_shut(ant_sim_net *net)
{
    net->is_shut = true;
    ant__sim_hold(net);
    ant_list *link = net->sockets.next;
    while (link != &net->sockets) {
        ant_sim_socket *socket = ANT_CONTAINER_OF(link, ant_sim_socket, place);
        link = link->next;
        ant__source_shut(&socket->source);
    }
    ant__sim_unhold(net);
}

// ---- Packets ----

ant_sim_packet *ant__sim_packet_new(ant_sim_net *net, size_t len)
{
    ant_sim_packet *packet = ant_mem_alloc(sizeof *packet + len);
    if (packet == NULL) return NULL;
    packet->net = net;
    packet->len = len;
    return packet;
}

void ant__sim_send(ant_sim_packet *packet, uint64_t after_ns)
{
    ant_sim_net *net = packet->net;
    const uint64_t delay_ns =
        ANT_SIM_DELAY_MIN_NS +
        ant_rng_below(&net->rng, (uint32_t)ANT_SIM_DELAY_VAR_NS);
    packet->at_ns = net->now_ns + delay_ns;
    if (packet->at_ns < after_ns) packet->at_ns = after_ns;
    // Before the first that comes later; mostly that is the end of the list.
    ant_list *link = net->packets.prev;
    while (link != &net->packets &&
           ANT_CONTAINER_OF(link, ant_sim_packet, place)->at_ns > packet->at_ns)
        link = link->prev;
    ant_list_push_front(link, &packet->place);
}

uint64_t ant__sim_net_next_ns(const ant_sim_net *net)
{
    if (net->packets.next == &net->packets) return ANT_NS_NEVER;
    return ANT_CONTAINER_OF(net->packets.next, ant_sim_packet, place)->at_ns;
}

void ant__sim_net_deliver(ant_sim_net *net)
{
    while (ant__sim_net_next_ns(net) <= net->now_ns) {
        ant_sim_packet *packet =
            ANT_CONTAINER_OF(net->packets.next, ant_sim_packet, place);
        ant_list_remove(&packet->place);
        ant__sim_hold(net);
        packet->arrive(packet, false);
        ant__sim_unhold(net);
    }
}

// ---- Sockets ----

ant_sim_socket *ant__sim_socket_new(ant_sim_net *net, const ant_source_ops *ops,
                                    uint32_t kind)
{
    ant_sim_socket *socket = ant_mem_alloc(sizeof *socket);
    if (socket == NULL) return NULL;
    ant__source_init(&socket->source, ops, kind);
    socket->net = net;
    net->refs++;
    ant_list_init(&socket->waiting);
    ant_list_push_back(&net->sockets, &socket->place);
    return socket;
}

void ant__sim_socket_free(ant_sim_socket *socket)
{
    ant_sim_net *net = socket->net;
    ant_list_remove(&socket->place);
    ant__source_deinit(&socket->source);
    ant_mem_free(socket);
    unref(net);
}

void ant__sim_edge(ant_sim_socket *socket, ant_side side, uint32_t flags)
{
    ant_sim_net *net = socket->net;
    ant__sim_hold(net);
    ant__source_edge(&socket->source, side, flags);
    ant__sim_unhold(net);
}

void ant__sim_hold(ant_sim_net *net)
{
    net->holds++;
    net->refs++;
}

void ant__sim_unhold(ant_sim_net *net)
{
    net->holds--;
    while (net->holds == 0) { // ends with the list
        ant_list *link = ant_list_pop_front(&net->unused);
        if (link == NULL) break;
        ant_source *source =
            &ANT_CONTAINER_OF(link, ant_sim_socket, place_waiting)->source;
        source->ops->close(source);
    }
    unref(net);
}

bool ant__sim_may_close(ant_sim_socket *socket)
{
    ant_sim_net *net = socket->net;
    if (net->holds == 0) return true;
    ant_list_push_back(&net->unused, &socket->place_waiting);
    return false;
}

int ant__sim_socket_bind(ant_sim_socket *socket, const ant_addr *addr)
{
    ant_sim_net *net = socket->net;
    const bool has_port = ant__sockaddr_in(addr)->any.sa_family != AF_UNIX;
    const ant_source_ops *ops = socket->source.ops;
    ant_addr wanted = *addr;
    if (has_port && ant_addr_port(addr) == 0) {
        do { // ends at a port that is free, and 16,384 sockets are too many
            ant_addr_set_port(&wanted, net->next_port++);
            if (net->next_port == 0) net->next_port = FREE_PORT_FIRST;
        } while (ant__sim_find(net, ops, &wanted) != NULL);
    } else if (ant__sim_find(net, ops, &wanted) != NULL) {
        return -EADDRINUSE;
    }
    socket->local = wanted;
    return 0;
}

ant_sim_socket *ant__sim_find(const ant_sim_net *net, const ant_source_ops *ops,
                              const ant_addr *addr)
{
    ant_list *link = net->sockets.next;
    for (; link != &net->sockets; link = link->next) {
        ant_sim_socket *socket = ANT_CONTAINER_OF(link, ant_sim_socket, place);
        if (socket->source.ops == ops && is_here(&socket->local, addr))
            return socket;
    }
    return NULL;
}

// The address that means all of this machine's is anybody's.
static bool is_here(const ant_addr *bound, const ant_addr *asked)
{
    const ant__sockaddr *at = ant__sockaddr_in(bound);
    const bool is_any =
        at->any.sa_family == AF_INET && at->ip4.sin_addr.s_addr == INADDR_ANY;
    if (is_any && ant__sockaddr_in(asked)->any.sa_family == AF_INET)
        return ant_addr_port(bound) == ant_addr_port(asked);
    return bound->len > 0 && ant_addr_equal(bound, asked);
}
