// SPDX-License-Identifier: MIT
//
// Workers of a task queue, as with RabbitMQ. The broker is an actor: it alone
// owns the queues, and all others send it requests. A worker has at most
// PREFETCH messages that it did not acknowledge. What it refuses is delivered
// again, up to DELIVERIES_MAX times, and then is a dead letter; what it leaves
// when its connection is lost goes to another.
//
// The hard thing is that a worker may be lost between its work and its ack: so
// each message is delivered at least once, and not exactly once. A job that was
// done before is seen by its number, and not done again.

#include <antfarm.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define JOBS           8
#define WORKERS        2
#define PREFETCH       2
#define DELIVERIES_MAX 3
#define READY_MAX      4 // in a queue; a publisher has to come again later
#define ROOM           (READY_MAX + WORKERS * PREFETCH)

#define BAD_JOB  3 // that nobody can do
#define LOST_JOB 4 // whose worker is lost when it has done it

typedef struct message {
    int job;
    unsigned deliveries;
} message;

typedef enum verb { PUBLISH, CONSUME, ACK, NACK, GONE, DRAIN } verb;

typedef struct request {
    verb kind;
    const char *queue;      // of PUBLISH and CONSUME
    int job;                // of PUBLISH, ACK and NACK
    int worker;             // of all that workers send
    ant_mpsc_tx deliveries; // of CONSUME
    ant_oneshot_tx confirm; // of PUBLISH: an int, 0 when the broker has it
} request;

static const char *const names[WORKERS] = { "anna", "ben" };

// A request that nobody reads gives back what it carries.
static void discard(void *value)
{
    request *unread = value;
    ant_mpsc_tx_drop(&unread->deliveries);
    ant_oneshot_tx_drop(&unread->confirm);
}

// ---- The broker's tables ----

// A ring of messages that are ready.
typedef struct queue {
    const char *name;
    message messages[ROOM];
    unsigned first, len;
} queue;

// A worker as the broker knows it; `from` is NULL when it is not there.
typedef struct consumer {
    queue *from;
    ant_mpsc_tx deliveries;
    message unacked[PREFETCH];
    unsigned unacked_count;
} consumer;

static void push_back(queue *to, message it)
{
    ANT_ASSERT(to->len < ROOM);
    to->messages[(to->first + to->len++) % ROOM] = it;
}

static void push_front(queue *to, message it)
{
    ANT_ASSERT(to->len < ROOM);
    to->first = (to->first + ROOM - 1) % ROOM;
    to->messages[to->first] = it;
    to->len++;
}

static message pop(queue *from)
{
    ANT_ASSERT(from->len > 0);
    message it = from->messages[from->first];
    from->first = (from->first + 1) % ROOM;
    from->len--;
    return it;
}

// Takes a message out of those that the worker has. False when it has none.
static bool take_unacked(consumer *of, int job, message *ret_message)
{
    for (unsigned i = 0; i < of->unacked_count; i++) {
        if (of->unacked[i].job != job) continue;
        *ret_message = of->unacked[i];
        of->unacked_count--;
        memmove(&of->unacked[i], &of->unacked[i + 1],
                (of->unacked_count - i) * sizeof(message));
        return true;
    }
    return false;
}

// ---- The broker ----

struct broker {
    ant_future base;
    ant_mpsc_rx mailbox;
    request request;
    struct ant_mpsc_recv recv;
    queue jobs, dead;
    consumer consumers[WORKERS];
    bool is_draining;
    unsigned acks, repeats;
};

static queue *find_queue(struct broker *self, const char *name)
{
    if (strcmp(name, self->jobs.name) == 0) return &self->jobs;
    return strcmp(name, self->dead.name) == 0 ? &self->dead : NULL;
}

static void publish(struct broker *self, request *wanted)
{
    queue *to = find_queue(self, wanted->queue);
    int answer = to == NULL ? -ENOENT : to->len >= READY_MAX ? -EAGAIN : 0;
    if (answer == 0) push_back(to, (message){ .job = wanted->job });
    if (ant_oneshot_send(&wanted->confirm, &answer) < 0) discard(wanted);
}

static void consume(struct broker *self, request *wanted)
{
    consumer *by = &self->consumers[wanted->worker];
    queue *from = find_queue(self, wanted->queue);
    if (from == NULL || by->from != NULL) {
        discard(wanted); // its deliveries end before they have begun
        return;
    }
    *by = (consumer){ .from = from, .deliveries = wanted->deliveries };
}

// In front of the others, where it has been; or to the dead, the last ROOM.
static void deliver_again(struct broker *self, queue *to, message it)
{
    if (it.deliveries < DELIVERIES_MAX) {
        self->repeats++;
        push_front(to, it);
        return;
    }
    if (self->dead.len == ROOM) (void)pop(&self->dead);
    push_back(&self->dead, it);
}

// Ends the worker's deliveries. What it has, goes to others in the old order.
static void forget(struct broker *self, consumer *who)
{
    while (who->unacked_count > 0)
        deliver_again(self, who->from, who->unacked[--who->unacked_count]);
    ant_mpsc_tx_drop(&who->deliveries);
    who->from = NULL;
}

static void handle(struct broker *self, request *wanted)
{
    consumer *by = &self->consumers[wanted->worker];
    message it;
    if (wanted->kind == PUBLISH) publish(self, wanted);
    if (wanted->kind == CONSUME) consume(self, wanted);
    if (wanted->kind == ACK && take_unacked(by, wanted->job, &it)) self->acks++;
    if (wanted->kind == NACK && take_unacked(by, wanted->job, &it))
        deliver_again(self, by->from, it);
    if (wanted->kind == GONE) forget(self, by);
    if (wanted->kind == DRAIN) self->is_draining = true;
}

// The worker with the fewest messages that may have one more, NULL for none.
static consumer *least_busy(struct broker *self)
{
    consumer *best = NULL;
    for (int i = 0; i < WORKERS; i++) {
        consumer *one = &self->consumers[i];
        if (one->from == NULL || one->from->len == 0) continue;
        if (one->unacked_count == PREFETCH) continue;
        if (best == NULL || one->unacked_count < best->unacked_count)
            best = one;
    }
    return best;
}

static void deliver(struct broker *self)
{
    consumer *to;
    while ((to = least_busy(self)) != NULL) {
        message it = pop(to->from);
        it.deliveries++;
        to->unacked[to->unacked_count++] = it;
        // There is a place for each that is not acknowledged. If the worker is
        // gone, GONE is on its way, and then this one is taken back.
        int err = ant_mpsc_try_send(&to->deliveries, &it);
        ANT_ASSERT(err == 0 || err == -EPIPE);
    }
}

// Lets the workers go when nothing is left for them to do.
static void drain(struct broker *self)
{
    unsigned left = self->jobs.len;
    for (int i = 0; i < WORKERS; i++)
        left += self->consumers[i].unacked_count;
    for (int i = 0; i < WORKERS && left == 0; i++)
        forget(self, &self->consumers[i]);
}

static void report(struct broker *self)
{
    printf("%u done, %u to do, %u deliveries repeated\n", self->acks,
           self->jobs.len, self->repeats);
    while (self->dead.len > 0)
        printf("dead letter: job %d\n", pop(&self->dead).job);
}

ANT_ASYNC_OWNING(broker)
{
    if (ANT_BEGINS(self->recv))
        self->recv = ant_mpsc_recv(&self->mailbox, &self->request);
    ANT_AWAIT(self->recv);
    if (self->recv.base.result < 0) { // nobody is left who could ask
        ant_mpsc_rx_drop(&self->mailbox);
        report(self);
        return ANT_READY;
    }
    handle(self, &self->request);
    deliver(self);
    if (self->is_draining) drain(self);
    return ANT_AGAIN;
}

static void broker_drop(struct broker *self)
{
    ant_future_drop(&self->recv.base);
    ant_mpsc_rx_drop(&self->mailbox);
    for (int i = 0; i < WORKERS; i++)
        ant_mpsc_tx_drop(&self->consumers[i].deliveries);
}

// ---- A worker ----

// The jobs that were done: what a database would know.
static ant_atomic_u32 is_done[JOBS + 1];

struct worker {
    ant_future base;
    enum {
        WORKER_START,
        WORKER_SUBSCRIBING,
        WORKER_RECEIVING,
        WORKER_WORKING,
        WORKER_ANSWERING
    } state;
    int worker;
    ant_mpsc_tx broker;
    ant_mpsc_rx deliveries;
    message message;
    request request;
    struct ant_mpsc_send send;
    struct ant_mpsc_recv recv;
    struct ant_sleep work;
};

static void let_go(struct worker *self)
{
    discard(&self->request);
    ant_mpsc_rx_drop(&self->deliveries);
    ant_mpsc_tx_drop(&self->broker);
}

// Does the job, or sees that this was done. What the broker is told.
static verb do_job(const struct worker *self)
{
    const char *name = names[self->worker];
    int job = self->message.job;
    if (job == BAD_JOB) {
        printf("%s cannot do job %d\n", name, job);
        return NACK;
    }
    // relaxed: nothing else goes with it.
    bool was_done = ant_atomic_exchange(&is_done[job], 1, ANT_RELAXED) != 0;
    printf("%s %s job %d\n", name, was_done ? "need not repeat" : "does", job);
    return ACK;
}

ANT_ASYNC_OWNING(worker)
{
    int err;
    switch (self->state) {
    case WORKER_START:
        self->request =
            (request){ CONSUME, .queue = "jobs", .worker = self->worker };
        err = ant_mpsc_new(sizeof(message), PREFETCH, &self->request.deliveries,
                           &self->deliveries);
        if (err < 0) {
            let_go(self);
            return ANT_FAIL(err);
        }
        self->send = ant_mpsc_send(&self->broker, &self->request);
        return ANT_NEXT(WORKER_SUBSCRIBING);
    case WORKER_SUBSCRIBING:
        ANT_AWAIT(self->send);
        if (self->send.base.result == 0) // it is the broker's now
            self->request.deliveries = (ant_mpsc_tx){ 0 };
        self->recv = ant_mpsc_recv(&self->deliveries, &self->message);
        return ANT_NEXT(WORKER_RECEIVING);
    case WORKER_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // there will be no more
            let_go(self);
            return ANT_READY;
        }
        self->work = ant_sleep(30);
        return ANT_NEXT(WORKER_WORKING);
    case WORKER_WORKING:
        ANT_AWAIT(self->work);
        self->request = (request){ .kind = do_job(self),
                                   .job = self->message.job,
                                   .worker = self->worker };
        if (self->message.job == LOST_JOB && self->message.deliveries == 1) {
            let_go(self); // and no ack
            return ANT_FAIL(-ECONNRESET);
        }
        self->send = ant_mpsc_send(&self->broker, &self->request);
        return ANT_NEXT(WORKER_ANSWERING);
    case WORKER_ANSWERING:
        ANT_AWAIT(self->send);
        self->recv = ant_mpsc_recv(&self->deliveries, &self->message);
        return ANT_NEXT(WORKER_RECEIVING);
    }
    ANT_UNREACHABLE();
}

static void worker_drop(struct worker *self)
{
    ant_future_drop(&self->send.base);
    ant_future_drop(&self->recv.base);
    ant_future_drop(&self->work.base);
    let_go(self);
}

// A worker's connection: whatever the worker's end was, the broker hears of it.
struct connection {
    ant_future base;
    enum { CONNECTION_START, CONNECTION_OPEN, CONNECTION_CLOSING } state;
    int worker;
    ant_mpsc_tx broker;
    request gone;
    struct ant_join_handle task;
    struct ant_mpsc_send send;
};

ANT_ASYNC_OWNING(connection)
{
    switch (self->state) {
    case CONNECTION_START:
        self->task = ant_spawn_named(
            names[self->worker],
            ANT_FUTURE(worker, .worker = self->worker,
                       .broker = ant_mpsc_tx_clone(&self->broker)));
        return ANT_NEXT(CONNECTION_OPEN);
    case CONNECTION_OPEN:
        ANT_AWAIT(self->task);
        printf("%s ends: %s\n", names[self->worker],
               ant_err_text(self->task.base.result));
        self->gone = (request){ .kind = GONE, .worker = self->worker };
        self->send = ant_mpsc_send(&self->broker, &self->gone);
        return ANT_NEXT(CONNECTION_CLOSING);
    case CONNECTION_CLOSING:
        ANT_AWAIT(self->send);
        ant_mpsc_tx_drop(&self->broker);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void connection_drop(struct connection *self)
{
    ant_future_drop(&self->task.base);
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->broker);
}

// ---- The publisher ----

struct app {
    ant_future base;
    enum {
        APP_START,
        APP_PUBLISHING,
        APP_CONFIRMING,
        APP_RESTING,
        APP_DRAINING,
        APP_JOINING
    } state;
    int job, confirmed;
    ant_mpsc_tx broker;
    ant_oneshot_rx confirm;
    request request;
    struct ant_mpsc_send send;
    struct ant_oneshot_recv recv;
    struct ant_sleep rest;
    struct ant_join_handle tasks[1 + WORKERS];
    struct ant_join all;
};

static int open_broker(struct app *self)
{
    ant_mpsc_rx mailbox;
    int err = ant_mpsc_new(sizeof(request), 4, &self->broker, &mailbox);
    if (err < 0) return err;
    ant_mpsc_set_name(&mailbox, "broker");
    ant_mpsc_set_discard(&mailbox, discard);
    self->tasks[0] = ant_spawn(ANT_FUTURE(
        broker, .mailbox = mailbox, .jobs.name = "jobs", .dead.name = "dead"));
    for (int i = 0; i < WORKERS; i++)
        self->tasks[1 + i] =
            ant_spawn(ANT_FUTURE(connection, .worker = i,
                                 .broker = ant_mpsc_tx_clone(&self->broker)));
    return 0;
}

// Publishes the job, to be confirmed.
static int begin_publish(struct app *self)
{
    self->request = (request){ PUBLISH, .queue = "jobs", .job = self->job };
    int err =
        ant_oneshot_new(sizeof(int), &self->request.confirm, &self->confirm);
    self->send = ant_mpsc_send(&self->broker, &self->request);
    return err;
}

static ant_poll fail(struct app *self, int err)
{
    discard(&self->request);
    ant_oneshot_rx_drop(&self->confirm);
    ant_mpsc_tx_drop(&self->broker);
    return ANT_FAIL(err);
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        self->job = 1;
        err = open_broker(self);
        if (err == 0) err = begin_publish(self);
        return err < 0 ? fail(self, err) : ANT_NEXT(APP_PUBLISHING);
    case APP_PUBLISHING:
        ANT_AWAIT(self->send);
        if (self->send.base.result < 0)
            return fail(self, self->send.base.result);
        self->request = (request){ 0 }; // it is the broker's now
        self->recv = ant_oneshot_recv(&self->confirm, &self->confirmed);
        return ANT_NEXT(APP_CONFIRMING);
    case APP_CONFIRMING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0)
            return fail(self, self->recv.base.result);
        ant_oneshot_rx_drop(&self->confirm);
        if (self->confirmed < 0 && self->confirmed != -EAGAIN)
            return fail(self, self->confirmed);
        if (self->confirmed == 0) self->job++;
        self->rest = ant_sleep(self->confirmed == 0 ? 1 : 20);
        return ANT_NEXT(APP_RESTING);
    case APP_RESTING:
        ANT_AWAIT(self->rest);
        if (self->job <= JOBS) {
            err = begin_publish(self);
            return err < 0 ? fail(self, err) : ANT_NEXT(APP_PUBLISHING);
        }
        self->request = (request){ .kind = DRAIN };
        self->send = ant_mpsc_send(&self->broker, &self->request);
        return ANT_NEXT(APP_DRAINING);
    case APP_DRAINING:
        ANT_AWAIT(self->send);
        ant_mpsc_tx_drop(&self->broker);
        self->all = ant_join(&self->tasks[0].base, &self->tasks[1].base,
                             &self->tasks[2].base);
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
