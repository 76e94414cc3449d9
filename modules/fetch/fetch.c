// SPDX-License-Identifier: MIT

#include "fetch/fetch.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/task.h"
#include "fetch/driver.h"
#include "fetch/exchange.h"

static int prepare_curl(void);
static int wait_for(ant_fetch_exchange *exchange, ant_waiter *waiter,
                    ant_fetch_phase phase, ant_cx *cx);
static void send_drop(ant_future *future);
static bool send_waits_on(const ant_future *future, ant_wait *ret_wait);
static void text_drop(ant_future *future);
static bool text_waits_on(const ant_future *future, ant_wait *ret_wait);

// ---- The client ----

int ant_fetch_client_new(ant_fetch_client *ret_client)
{
    ant_net *net = ant__net_here("ant_fetch_client_new");
    ant_source *none;
    // What is no descriptor is refused for another reason where there are some.
    if (net->ops->adopt(net, -1, &none) == -ENOTSUP) return -ENOTSUP;
    const int err = prepare_curl();
    if (err < 0) return err;
    ant_fetch_core *core = ant_mem_alloc(sizeof *core);
    ant_woken *woken = ant__woken_new();
    CURLM *multi = curl_multi_init();
    if (core == NULL || woken == NULL || multi == NULL) {
        (void)curl_multi_cleanup(multi);
        if (woken != NULL) ant__woken_unref(woken);
        ant_mem_free(core);
        return -ENOMEM;
    }
    ant_atomic_store(&core->refs, 2, ANT_RELAXED); // the task has one too
    ant_os_mutex_init(&core->lock);
    ant_list_init(&core->queue);
    const struct ant__fetch_driver driver =
        ant__fetch_driver(core, multi, woken);
    struct ant_join_handle handle = ant_spawn_named("fetch", driver);
    if (handle.task == NULL) {
        ant__fetch_core_unref(core);
        return handle.base.result;
    }
    ant_task_detach(&handle);
    *ret_client = (ant_fetch_client){ core };
    return 0;
}

// Once in a process, and never undone: others may use libcurl too.
static int prepare_curl(void)
{
    static ant_os_mutex lock = ANT_OS_MUTEX_INIT;
    static bool is_ready;
    ant_os_mutex_lock(&lock);
    if (!is_ready) is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == 0;
    const bool is_good = is_ready;
    ant_os_mutex_unlock(&lock);
    return is_good ? 0 : -ENOMEM;
}

void ant_fetch_client_drop(ant_fetch_client *client)
{
    ant_fetch_core *core = client->core;
    if (core == NULL) return;
    client->core = NULL;
    ant_os_mutex_lock(&core->lock);
    core->is_dropped = true;
    ant_waker task = core->task;
    core->task = (ant_waker){ 0 };
    ant_os_mutex_unlock(&core->lock);
    ant_waker_wake(&task);
    ant__fetch_core_unref(core);
}

void ant__fetch_core_ref(ant_fetch_core *core)
{
    ant_atomic_add(&core->refs, 1, ANT_RELAXED);
}

void ant__fetch_core_unref(ant_fetch_core *core)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&core->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_os_mutex_deinit(&core->lock);
    ant_mem_free(core);
}

int ant__fetch_core_tell(ant_fetch_core *core, ant_fetch_exchange *exchange)
{
    ant_waker task = { 0 };
    ant_os_mutex_lock(&core->lock);
    const bool is_over = core->is_over;
    if (!is_over && !ant_list_is_linked(&exchange->link)) {
        ant_atomic_add(&exchange->refs, 1, ANT_RELAXED);
        ant_list_push_back(&core->queue, &exchange->link);
        task = core->task;
        core->task = (ant_waker){ 0 };
    }
    ant_os_mutex_unlock(&core->lock);
    ant_waker_wake(&task);
    return is_over ? -ESHUTDOWN : 0;
}

// ---- Asking ----

#define SEND_OPS .drop = send_drop, .waits_on = send_waits_on, .is_hot = true
ANT_ASYNC_OPS(ant_fetch_send, SEND_OPS)
{
    ant_fetch_exchange *exchange = self->response.exchange;
    int err = self->err;
    if (exchange == NULL) return ANT_FAIL(err);
    if (err == 0 && !exchange->is_told) {
        exchange->is_told = true;
        err = ant__fetch_core_tell(exchange->core, exchange);
    }
    if (err < 0) {
        ant__fetch_exchange_fail(exchange, err, ant_err_text(err));
        return ANT_FAIL(err);
    }
    err = wait_for(exchange, &self->waiter, FETCH_HEAD, cx);
    if (err == -EAGAIN) return ANT_PENDING;
    self->response.status = exchange->status;
    self->base.result = err < 0 ? err : exchange->status;
    return ANT_READY;
}

struct ant_fetch_send ant__fetch_send(const ant_fetch_client *client,
                                      const ant_fetch_request *request,
                                      const char *file, uint32_t line)
{
    struct ant_fetch_send self = { ANT_INIT(ant_fetch_send),
                                   .waiter = ANT_WAITER(line) };
    ANT_ASSERT(client->core != NULL); // it was dropped before
    self.err = ant__fetch_exchange_new(request, &self.response.exchange);
    ant_fetch_exchange *exchange = self.response.exchange;
    if (exchange == NULL) return self;
    ant__fetch_core_ref(client->core);
    exchange->core = client->core;
    exchange->resource.file = file;
    exchange->resource.line = line;
    return self;
}

static void send_drop(ant_future *future)
{
    struct ant_fetch_send *self = (struct ant_fetch_send *)(void *)future;
    ant_fetch_exchange *exchange = self->response.exchange;
    if (exchange == NULL) return;
    ant_waitlist_leave(&exchange->waiters, &self->waiter, &exchange->resource);
    ant_fetch_response_drop(&self->response);
}

static bool send_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_fetch_send *self = (const void *)future;
    const ant_fetch_exchange *exchange = self->response.exchange;
    return exchange != NULL &&
           ant_waiter_describe(&self->waiter, &exchange->resource, ret_wait);
}

// Under the lock of the list: has it come so far?
typedef struct wish {
    const ant_fetch_exchange *exchange;
    ant_fetch_phase phase;
} wish;

static int look(void *arg)
{
    const wish *wanted = arg;
    return wanted->exchange->phase >= wanted->phase ? 0 : -EAGAIN;
}

// 0, how it has ended, or -EAGAIN.
static int wait_for(ant_fetch_exchange *exchange, ant_waiter *waiter,
                    ant_fetch_phase phase, ant_cx *cx)
{
    wish wanted = { exchange, phase };
    const ant_waiting w = { .list = &exchange->waiters,
                            .waiter = waiter,
                            .resource = &exchange->resource,
                            .look = look,
                            .arg = &wanted };
    if (!ant_coop_consume(cx)) return -EAGAIN;
    if (ant_waitlist_poll(&w, cx) == -EAGAIN) return -EAGAIN;
    ant_os_mutex_lock(&exchange->waiters.lock);
    const bool is_over = exchange->phase == FETCH_OVER;
    ant_os_mutex_unlock(&exchange->waiters.lock);
    return is_over ? exchange->result : 0;
}

// ---- The answer ----

#define TEXT_OPS .drop = text_drop, .waits_on = text_waits_on
ANT_ASYNC_OPS(ant_fetch_text, TEXT_OPS)
{
    const int err = wait_for(self->exchange, &self->waiter, FETCH_OVER, cx);
    if (err == -EAGAIN) return ANT_PENDING;
    if (err < 0) return ANT_FAIL(err);
    self->text = self->exchange->body.bytes;
    self->len = self->exchange->body.end - 1; // without the 0
    return ANT_READY;
}

struct ant_fetch_text ant__fetch_text(const ant_fetch_response *response,
                                      uint32_t line)
{
    ANT_ASSERT(response->exchange != NULL); // it was dropped before
    return (struct ant_fetch_text){ ANT_INIT(ant_fetch_text),
                                    .exchange = response->exchange,
                                    .waiter = ANT_WAITER(line) };
}

static void text_drop(ant_future *future)
{
    struct ant_fetch_text *self = (struct ant_fetch_text *)(void *)future;
    ant_waitlist_leave(&self->exchange->waiters, &self->waiter,
                       &self->exchange->resource);
}

static bool text_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_fetch_text *self = (const void *)future;
    return ant_waiter_describe(&self->waiter, &self->exchange->resource,
                               ret_wait);
}

const char *ant_fetch_header(const ant_fetch_response *response,
                             const char *name)
{
    const ant_http_buffer *head = &response->exchange->head;
    const char *end = head->bytes + head->end;
    for (const char *at = head->bytes; at < end;) { // ends: two texts a turn
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, name) == 0) return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}

json_t *ant_fetch_json(const ant_fetch_response *response)
{
    ant_fetch_exchange *exchange = response->exchange;
    json_error_t error;
    ANT_ASSERT(exchange->body.end > 0); // its text was read before
    struct json_t *json = json_loadb(
        exchange->body.bytes, exchange->body.end - 1, JSON_DECODE_ANY, &error);
    if (json == NULL)
        (void)snprintf(exchange->error, sizeof exchange->error,
                       "line %d, column %d: %s", error.line, error.column,
                       error.text);
    return json;
}

const char *ant_fetch_error(const ant_fetch_response *response)
{
    const ant_fetch_exchange *exchange = response->exchange;
    return exchange == NULL ? "no memory" : exchange->error;
}

void ant_fetch_response_drop(ant_fetch_response *response)
{
    ant_fetch_exchange *exchange = response->exchange;
    if (exchange == NULL) return;
    response->exchange = NULL;
    ant_os_mutex_lock(&exchange->waiters.lock);
    const bool is_over = exchange->phase == FETCH_OVER;
    ant_os_mutex_unlock(&exchange->waiters.lock);
    if (!is_over && exchange->is_told) {
        ant_os_mutex_lock(&exchange->core->lock);
        exchange->is_abandoned = true;
        ant_os_mutex_unlock(&exchange->core->lock);
        // When the task is over there is nothing left to break off.
        const int err = ant__fetch_core_tell(exchange->core, exchange);
        ANT_ASSERT(err == 0 || err == -ESHUTDOWN);
    }
    ant__fetch_exchange_unref(exchange);
}
