// SPDX-License-Identifier: MIT
//
// Datagram sockets of a simulated network (sim/net.h). What is sent to an
// address where nobody is, or to one who does not read, is lost, as it is in
// the real world; and since each has its own delay, they may overtake each
// other.

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "sim/net.h"

// So many datagrams may wait to be read.
#define WAITING_MAX 64u
#define BYTES_MAX   65507u

static const ant_source_ops datagram_ops;

int ant__sim_bind_datagram(ant_net *base, const ant_addr *addr,
                           ant_source **ret_source)
{
    ant_sim_net *net = (ant_sim_net *)(void *)base;
    if (net->is_shut) return -ESHUTDOWN;
    ant_sim_socket *self =
        ant__sim_socket_new(net, &datagram_ops, ANT_RES_SOCKET);
    if (self == NULL) return -ENOMEM;
    const int err = ant__sim_socket_bind(self, addr);
    if (err < 0) {
        ant__sim_socket_free(self);
        return err;
    }
    char text[ANT_ADDR_TEXT_MAX];
    ant_addr_format(&self->local, text, sizeof text);
    ant__source_name(&self->source, text);
    *ret_source = &self->source;
    return 0;
}

static void on_datagram(ant_sim_packet *packet, bool is_lost)
{
    ant_sim_socket *to =
        is_lost ? NULL : ant__sim_find(packet->net, &datagram_ops, &packet->to);
    if (to == NULL || to->waiting_count == WAITING_MAX) {
        ant_mem_free(packet);
        return;
    }
    ant_list_push_back(&to->waiting, &packet->place);
    to->waiting_count++;
    ant__sim_edge(to, ANT_SIDE_IN, ANT_SIDE_READY);
}

static ant_sim_packet *take_first(ant_sim_socket *self)
{
    ant_list *link = ant_list_pop_front(&self->waiting);
    if (link == NULL) return NULL;
    self->waiting_count--;
    return ANT_CONTAINER_OF(link, ant_sim_packet, place);
}

// What does not fit is cut off.
static int64_t datagram_recv(ant_source *source, void *to, size_t len,
                             ant_addr *ret_from)
{
    ant_sim_packet *packet = take_first((ant_sim_socket *)(void *)source);
    if (packet == NULL) return -EAGAIN;
    const size_t n = packet->len < len ? packet->len : len;
    memcpy(to, packet->bytes, n);
    *ret_from = packet->from;
    ant_mem_free(packet);
    return (int64_t)n;
}

static int64_t datagram_send(ant_source *source, const void *from, size_t len,
                             const ant_addr *to)
{
    ant_sim_socket *self = (ant_sim_socket *)(void *)source;
    if (len > BYTES_MAX) return -EMSGSIZE;
    ant_sim_packet *packet = ant__sim_packet_new(self->net, len);
    if (packet == NULL) return -ENOMEM;
    memcpy(packet->bytes, from, len);
    packet->from = self->local;
    packet->to = *to;
    packet->arrive = on_datagram;
    ant__sim_send(packet, 0);
    return (int64_t)len;
}

static int datagram_local(ant_source *source, ant_addr *ret_addr)
{
    *ret_addr = ((ant_sim_socket *)(void *)source)->local;
    return 0;
}

static void datagram_close(ant_source *source)
{
    ant_sim_socket *self = (ant_sim_socket *)(void *)source;
    ant_sim_packet *packet;
    if (!ant__sim_may_close(self)) return;
    while ((packet = take_first(self)) != NULL)
        ant_mem_free(packet);
    ant__sim_socket_free(self);
}

static const ant_source_ops datagram_ops = {
    .recv_from = datagram_recv,
    .send_to = datagram_send,
    .local = datagram_local,
    .close = datagram_close,
};
