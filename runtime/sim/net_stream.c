// SPDX-License-Identifier: MIT
//
// Connections and listeners of a simulated network (sim/net.h).

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "io/sockaddr.h"
#include "sim/net.h"

// One direction of a connection.
struct ant_sim_link {
    uint32_t refs;          // its two ends, and packets
    ant_sim_socket *reader; // NULL when it has closed
    ant_sim_socket *writer;
    ant_list arrived; // packets that can be read
    size_t bytes;     // in them, and on their way
    uint64_t last_ns; // when the last packet sent will arrive
    bool has_ended;   // nothing more will arrive
    bool is_ending;   // nothing more may be sent
    bool is_reset;
    bool is_local; // no network in between: an end that closes is seen at once
};

static int dial(ant_sim_socket *client, const ant_addr *to);
static int answer(ant_sim_packet *syn, int err);
static int open_both(ant_sim_socket *a, ant_sim_socket *b);
static ant_sim_link *link_new(ant_sim_socket *writer, ant_sim_socket *reader);
static void link_unref(ant_sim_link *link);
static int send_on(ant_sim_link *link, const void *bytes, size_t len,
                   void (*arrive)(ant_sim_packet *packet, bool is_lost));
static void reset(ant_sim_link *link);
static void tell_client(ant_sim_socket *client, int err);
static void close_writer(ant_sim_socket *socket);
static void close_reader(ant_sim_socket *socket);
static void packet_end(ant_sim_packet *packet);

static const ant_source_ops listener_ops;
static const ant_source_ops stream_ops;

static ant_sim_socket *socket_of(ant_source *source)
{
    return (ant_sim_socket *)(void *)source;
}

static void name_after(ant_sim_socket *socket, const ant_addr *addr)
{
    char text[ANT_ADDR_TEXT_MAX];
    ant_addr_format(addr, text, sizeof text);
    ant__source_name(&socket->source, text);
}

// ---- Listening ----

int ant__sim_listen(ant_net *base, const ant_addr *addr, uint32_t backlog,
                    ant_source **ret_source)
{
    ant_sim_net *net = (ant_sim_net *)(void *)base;
    if (net->is_shut) return -ESHUTDOWN;
    ant_sim_socket *socket =
        ant__sim_socket_new(net, &listener_ops, ANT_RES_LISTENER);
    if (socket == NULL) return -ENOMEM;
    const int err = ant__sim_socket_bind(socket, addr);
    if (err < 0) {
        ant__sim_socket_free(socket);
        return err;
    }
    socket->waiting_max = backlog;
    name_after(socket, &socket->local);
    *ret_source = &socket->source;
    return 0;
}

static int listener_accept(ant_source *source, ant_source **ret_source)
{
    ant_sim_socket *self = socket_of(source);
    ant_list *link = ant_list_pop_front(&self->waiting);
    if (link == NULL) return -EAGAIN;
    self->waiting_count--;
    *ret_source =
        &ANT_CONTAINER_OF(link, ant_sim_socket, place_waiting)->source;
    return 0;
}

static void listener_close(ant_source *source)
{
    ant_sim_socket *self = socket_of(source);
    if (!ant__sim_may_close(self)) return;
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&self->waiting);
        if (link == NULL) break;
        ant_sim_socket *unseen =
            ANT_CONTAINER_OF(link, ant_sim_socket, place_waiting);
        reset(unseen->out);
        ant__source_unref(&unseen->source);
    }
    ant__sim_socket_free(self);
}

static int socket_local(ant_source *source, ant_addr *ret_addr)
{
    *ret_addr = socket_of(source)->local;
    return 0;
}

// ---- Connecting ----

int ant__sim_connect(ant_net *base, const ant_addr *addr,
                     ant_source **ret_source)
{
    ant_sim_net *net = (ant_sim_net *)(void *)base;
    if (net->is_shut) return -ESHUTDOWN;
    ant_sim_socket *self =
        ant__sim_socket_new(net, &stream_ops, ANT_RES_SOCKET);
    if (self == NULL) return -ENOMEM;
    self->err = -EAGAIN;
    const int err = dial(self, addr);
    if (err < 0) {
        ant__source_unref(&self->source);
        return err;
    }
    name_after(self, addr);
    *ret_source = &self->source;
    return 0;
}

// At the listener, if there is one.
static void on_syn(ant_sim_packet *syn, bool is_lost)
{
    ant_sim_socket *client = syn->link->writer;
    if (!is_lost && client != NULL && answer(syn, 0) < 0) {
        // No memory to say so: then the client hears it at once, and whoever
        // accepts it that it has gone.
        reset(syn->link);
        tell_client(client, -ECONNREFUSED);
    }
    packet_end(syn);
}

// At the client: it is connected, or was refused.
static void on_answer(ant_sim_packet *packet, bool is_lost)
{
    ant_sim_socket *client = packet->link->reader;
    if (!is_lost && client != NULL)
        tell_client(client, packet->len == 0 ? 0 : -ECONNREFUSED);
    packet_end(packet);
}

static void tell_client(ant_sim_socket *client, int err)
{
    client->err = err;
    ant__sim_edge(client, ANT_SIDE_OUT, ANT_SIDE_READY);
}

// The client has both links from the beginning; whoever accepts gets their
// other ends.
static int dial(ant_sim_socket *client, const ant_addr *to)
{
    client->peer = *to;
    client->local = *to;
    ant_addr_set_port(&client->local, client->net->next_port++);
    client->out = link_new(client, NULL);
    client->in = link_new(NULL, client);
    if (client->out == NULL || client->in == NULL) return -ENOMEM;
    const bool is_local = ant__sockaddr_in(to)->any.sa_family == AF_UNIX;
    client->out->is_local = client->in->is_local = is_local;
    return send_on(client->out, NULL, 0, on_syn);
}

static ant_sim_socket *admit(ant_sim_net *net, const ant_sim_socket *client)
{
    ant_sim_socket *listener = ant__sim_find(net, &listener_ops, &client->peer);
    if (listener == NULL || listener->waiting_count == listener->waiting_max)
        return NULL;
    ant_sim_socket *server =
        ant__sim_socket_new(net, &stream_ops, ANT_RES_SOCKET);
    if (server == NULL) return NULL;
    server->local = client->peer;
    server->peer = client->local;
    name_after(server, &client->local);
    ant_list_push_back(&listener->waiting, &server->place_waiting);
    listener->waiting_count++;
    ant__sim_edge(listener, ANT_SIDE_IN, ANT_SIDE_READY);
    return server;
}

static int answer(ant_sim_packet *syn, int err)
{
    ant_sim_socket *client = syn->link->writer;
    ant_sim_socket *server = err == 0 ? admit(syn->net, client) : NULL;
    if (server != NULL) {
        server->in = client->out;
        server->in->reader = server;
        server->in->refs++;
        server->out = client->in;
        server->out->writer = server;
        server->out->refs++;
    }
    // A refusal has something to say, a welcome has not.
    return send_on(client->in, "no", server == NULL ? 2 : 0, on_answer);
}

int ant__sim_pair(ant_net *base, ant_source *ret_source[2])
{
    ant_sim_net *net = (ant_sim_net *)(void *)base;
    if (net->is_shut) return -ESHUTDOWN;
    ant_sim_socket *end[2] = { NULL, NULL };
    int err = 0;
    for (int i = 0; i < 2 && err == 0; i++) {
        end[i] = ant__sim_socket_new(net, &stream_ops, ANT_RES_SOCKET);
        if (end[i] == NULL) err = -ENOMEM;
    }
    if (err == 0) err = open_both(end[0], end[1]);
    for (int i = 0; i < 2; i++) {
        if (err == 0) ret_source[i] = &end[i]->source;
        if (err < 0 && end[i] != NULL) ant__source_unref(&end[i]->source);
    }
    return err;
}

static int open_both(ant_sim_socket *a, ant_sim_socket *b)
{
    a->out = link_new(a, b);
    b->out = link_new(b, a);
    // Each link has the reference of its writer so far.
    if (a->out != NULL) b->in = a->out, b->in->refs++;
    if (b->out != NULL) a->in = b->out, a->in->refs++;
    if (a->out == NULL || b->out == NULL) return -ENOMEM;
    a->out->is_local = b->out->is_local = true;
    return 0;
}

static int stream_connected(ant_source *source)
{
    return socket_of(source)->err;
}

// ---- Bytes ----

static void on_bytes(ant_sim_packet *packet, bool is_lost)
{
    ant_sim_link *link = packet->link;
    if (!is_lost && link->reader == NULL) reset(link);
    if (is_lost || link->reader == NULL) {
        packet_end(packet);
        return;
    }
    ant_list_push_back(&link->arrived, &packet->place);
    ant__sim_edge(link->reader, ANT_SIDE_IN, ANT_SIDE_READY);
}

static void on_end(ant_sim_packet *packet, bool is_lost)
{
    ant_sim_link *link = packet->link;
    link->has_ended = true;
    if (!is_lost && link->reader != NULL)
        ant__sim_edge(link->reader, ANT_SIDE_IN,
                      ANT_SIDE_READY | ANT_SIDE_ENDS);
    packet_end(packet);
}

static int64_t stream_read(ant_source *source, void *to, size_t len)
{
    ant_sim_link *link = socket_of(source)->in;
    unsigned char *at = to;
    size_t left = len;
    if (link->is_reset) return -ECONNRESET;
    while (left > 0 && !ant_list_is_empty(&link->arrived)) {
        ant_sim_packet *packet =
            ANT_CONTAINER_OF(link->arrived.next, ant_sim_packet, place);
        const size_t rest = packet->len - packet->read;
        const size_t n = rest < left ? rest : left;
        memcpy(at, packet->bytes + packet->read, n);
        packet->read += n;
        at += n;
        left -= n;
        if (packet->read < packet->len) break;
        ant_list_remove(&packet->place);
        packet_end(packet);
    }
    const size_t done = len - left;
    if (done == 0) return link->has_ended ? 0 : -EAGAIN;
    link->bytes -= done;
    // There is room again.
    if (link->writer != NULL)
        ant__sim_edge(link->writer, ANT_SIDE_OUT, ANT_SIDE_READY);
    return (int64_t)done;
}

static int64_t stream_write(ant_source *source, const void *from, size_t len)
{
    ant_sim_link *link = socket_of(source)->out;
    if (link->is_ending || link->is_reset) return -EPIPE;
    const size_t room = ANT_SIM_LINK_BYTES - link->bytes;
    const size_t n = len < room ? len : room;
    if (n == 0) return -EAGAIN;
    const int err = send_on(link, from, n, on_bytes);
    if (err < 0) return err;
    link->bytes += n;
    return (int64_t)n;
}

static int stream_shutdown(ant_source *source)
{
    ant_sim_link *link = socket_of(source)->out;
    if (link->is_ending) return 0;
    link->is_ending = true;
    return send_on(link, NULL, 0, on_end);
}

static int stream_peer(ant_source *source, ant_addr *ret_addr)
{
    *ret_addr = socket_of(source)->peer;
    return 0;
}

// All go out at once.
static int stream_set_nodelay(ant_source *source, bool is_on)
{
    (void)source, (void)is_on;
    return 0;
}

// ---- Ends ----

static void stream_close(ant_source *source)
{
    ant_sim_socket *self = socket_of(source);
    if (!ant__sim_may_close(self)) return;
    // Who has not read all that came, says so.
    const bool has_unread =
        self->in != NULL && !ant_list_is_empty(&self->in->arrived);
    if (has_unread && self->out != NULL) reset(self->out);
    if (has_unread) reset(self->in);
    if (self->in != NULL) close_reader(self);
    if (self->out != NULL) close_writer(self);
    ant__sim_socket_free(self);
}

static void close_reader(ant_sim_socket *self)
{
    ant_sim_link *link = self->in;
    link->reader = NULL;
    // Over a network the writer hears of it when the next bytes arrive.
    if (link->is_local) reset(link);
    for (;;) { // ends with the list
        ant_list *first = ant_list_pop_front(&link->arrived);
        if (first == NULL) break;
        packet_end(ANT_CONTAINER_OF(first, ant_sim_packet, place));
    }
    link_unref(link);
}

static void close_writer(ant_sim_socket *self)
{
    ant_sim_link *link = self->out;
    const bool can_end = !link->is_reset && !self->net->is_shut;
    // Without memory to say so the reader hears of a reset.
    if (can_end && stream_shutdown(&self->source) < 0) reset(link);
    link->writer = NULL;
    link_unref(link);
}

// Both ends hear of it, and what is on its way is worth nothing.
static void reset(ant_sim_link *link)
{
    if (link->is_reset) return;
    link->is_reset = true;
    const uint32_t flags = ANT_SIDE_READY | ANT_SIDE_ENDS;
    if (link->reader != NULL) ant__sim_edge(link->reader, ANT_SIDE_IN, flags);
    if (link->writer != NULL) ant__sim_edge(link->writer, ANT_SIDE_OUT, flags);
}

static ant_sim_link *link_new(ant_sim_socket *writer, ant_sim_socket *reader)
{
    ant_sim_link *link = ant_mem_alloc(sizeof *link);
    if (link == NULL) return NULL;
    link->refs = 1;
    link->writer = writer;
    link->reader = reader;
    ant_list_init(&link->arrived);
    return link;
}

static void link_unref(ant_sim_link *link)
{
    if (--link->refs == 0) ant_mem_free(link);
}

static int send_on(ant_sim_link *link, const void *bytes, size_t len,
                   void (*arrive)(ant_sim_packet *packet, bool is_lost))
{
    const ant_sim_socket *end =
        link->writer != NULL ? link->writer : link->reader;
    ant_sim_packet *packet = ant__sim_packet_new(end->net, len);
    if (packet == NULL) return -ENOMEM;
    if (len > 0) memcpy(packet->bytes, bytes, len);
    packet->arrive = arrive;
    packet->link = link;
    link->refs++;
    ant__sim_send(packet, link->last_ns);
    link->last_ns = packet->at_ns;
    return 0;
}

static void packet_end(ant_sim_packet *packet)
{
    link_unref(packet->link);
    ant_mem_free(packet);
}

static const ant_source_ops listener_ops = {
    .accept = listener_accept,
    .local = socket_local,
    .close = listener_close,
};

static const ant_source_ops stream_ops = {
    .read = stream_read,
    .write = stream_write,
    .connected = stream_connected,
    .shutdown = stream_shutdown,
    .local = socket_local,
    .peer = stream_peer,
    .set_nodelay = stream_set_nodelay,
    .close = stream_close,
};
