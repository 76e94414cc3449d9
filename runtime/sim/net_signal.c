// SPDX-License-Identifier: MIT
//
// Signals of a simulation: they come from the program only, and at once.

#include <errno.h>
#include <signal.h>

#include "sim/net.h"

static const ant_source_ops listener_ops;

int ant__sim_listen_signal(ant_net *base, int signum, ant_source **ret_source)
{
    ant_sim_net *net = (ant_sim_net *)(void *)base;
    const bool can_listen =
        signum > 0 && signum < NSIG && signum != SIGKILL && signum != SIGSTOP;
    if (!can_listen) return -EINVAL;
    if (net->is_shut) return -ESHUTDOWN;
    ant_sim_socket *self =
        ant__sim_socket_new(net, &listener_ops, ANT_RES_SIGNAL);
    if (self == NULL) return -ENOMEM;
    self->signum = signum;
    *ret_source = &self->source;
    return 0;
}

int ant__sim_raise_signal(ant_net *base, int signum)
{
    ant_sim_net *net = (ant_sim_net *)(void *)base;
    if (signum <= 0 || signum >= NSIG) return -EINVAL;
    ant__sim_hold(net);
    ant_list *link = net->sockets.next;
    while (link != &net->sockets) {
        ant_sim_socket *one = ANT_CONTAINER_OF(link, ant_sim_socket, place);
        link = link->next;
        if (one->source.ops != &listener_ops || one->signum != signum) continue;
        one->waiting_count = 1;
        ant__sim_edge(one, ANT_SIDE_IN, ANT_SIDE_READY);
    }
    ant__sim_unhold(net);
    return 0;
}

static int64_t listener_take(ant_source *source)
{
    ant_sim_socket *self = (ant_sim_socket *)(void *)source;
    const bool has_come = self->waiting_count > 0;
    self->waiting_count = 0;
    return has_come ? 0 : -EAGAIN;
}

static void listener_close(ant_source *source)
{
    ant_sim_socket *self = (ant_sim_socket *)(void *)source;
    if (ant__sim_may_close(self)) ant__sim_socket_free(self);
}

static const ant_source_ops listener_ops = {
    .take = listener_take,
    .close = listener_close,
};
