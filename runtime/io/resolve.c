// SPDX-License-Identifier: MIT

#include "io/resolve.h"

#include <errno.h>
#include <string.h>

#include "io/job.h"
#include "io/source.h"

#define HOST_MAX 256

// What the job works on. The job and the future have it together.
typedef struct ant__lookup {
    ant_job job; // first
    char host[HOST_MAX];
    uint16_t port;
    ant_addr addr[ANT_RESOLVE_MAX];
} lookup;

static void resolve_drop(ant_future *future);
static int ask(struct ant_resolve *self);
static int look_up(ant_job *job);

ANT_ASYNC_OPS(ant_resolve, .drop = resolve_drop)
{
    int err;
    switch (self->state) {
    case RESOLVE_START:
        if (ant_addr_parse(self->name, &self->addr[0]) == 0) {
            self->base.result = 1;
            return ANT_READY;
        }
        err = ask(self);
        if (err < 0) return ANT_FAIL(err);
        return ANT_NEXT(RESOLVE_ASKING);

    case RESOLVE_ASKING:
        ANT_AWAIT(self->job);
        err = self->job.base.result;
        if (err > 0) memcpy(self->addr, self->lookup->addr, sizeof self->addr);
        resolve_drop(&self->base);
        self->base.result = err;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void resolve_drop(ant_future *future)
{
    struct ant_resolve *self = (struct ant_resolve *)(void *)future;
    if (self->lookup == NULL) return;
    ant__job_leave(&self->lookup->job, &self->job);
    self->lookup = NULL;
}

struct ant_resolve ant_resolve(const char *name)
{
    return (struct ant_resolve){ ANT_INIT(ant_resolve), .name = name };
}

static int ask(struct ant_resolve *self)
{
    char host[HOST_MAX];
    uint16_t port;
    const int err = ant__addr_split(self->name, host, sizeof host, &port);
    if (err < 0) return err;
    lookup *shared = ant__job_new(sizeof *shared);
    if (shared == NULL) return -ENOMEM;
    memcpy(shared->host, host, sizeof host);
    shared->port = port;
    self->lookup = shared;
    self->job = ant__job_start(&shared->job, look_up, "resolve");
    return 0;
}

// On a thread of the pool.
static int look_up(ant_job *job)
{
    lookup *self = (lookup *)(void *)job;
    ant_net *net = ant__net_here("ant_resolve");
    if (net->ops->look_up == NULL) return -ENOENT;
    const int count =
        net->ops->look_up(self->host, self->addr, ANT_RESOLVE_MAX);
    for (int i = 0; i < count; i++)
        ant_addr_set_port(&self->addr[i], self->port);
    return count;
}
