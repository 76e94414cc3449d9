// SPDX-License-Identifier: MIT
//
// The example of task/task_local.h.

#include <antfarm.h>
#include <errno.h>

static ant_task_local request_id = ANT_TASK_LOCAL("request_id");

struct answer {
    ant_future base;
};

ANT_ASYNC(answer)
{
    const int *id = ant_task_local_get(&request_id);
    self->base.result = id != NULL && *id == 7 ? 0 : -EINVAL;
    return ANT_READY;
}

static struct answer answer(void)
{
    return (struct answer){ ANT_INIT(answer) };
}

struct server {
    ant_future base;
    enum { SERVER_START, SERVER_ANSWERING } state;
    int id;
    struct answer answer;
    struct ant_task_local_scope scope;
};

ANT_ASYNC(server)
{
    switch (self->state) {
    case SERVER_START:
        self->id = 7;
        self->answer = answer();
        self->scope =
            ant_task_local_scope(&request_id, &self->id, &self->answer.base);
        return ANT_NEXT(SERVER_ANSWERING);
    case SERVER_ANSWERING:
        ANT_AWAIT(self->scope);
        return ant_task_local_get(&request_id) == NULL && // here it is gone
                       self->scope.base.result == 0
                   ? ANT_READY
                   : ANT_FAIL(-EINVAL);
    }
    ANT_UNREACHABLE();
}

static struct server server(void)
{
    return (struct server){ ANT_INIT(server) };
}

ANT_MAIN(server)
