// SPDX-License-Identifier: MIT

#include "fetch/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/waker_slot.h"
#include "io/pipe.h"

// Sockets that are looked at in one go. More have their turn in the next.
#define READY_MAX 64

static void begin(struct ant__fetch_driver *self);
static bool take_news(struct ant__fetch_driver *self);
static ant_fetch_exchange *next_news(ant_fetch_core *core);
static void look_at(struct ant__fetch_driver *self, ant_fetch_exchange *news);
static bool act_on_sockets(struct ant__fetch_driver *self, ant_cx *cx);
static int look_at_socket(ant__fetch_watch *watch, ant_cx *cx);
static int64_t try_in(ant_source *source, void *arg);
static int64_t try_out(ant_source *source, void *arg);
static void stop_running(struct ant__fetch_driver *self,
                         ant_fetch_exchange *exchange);
static bool act_on_timer(struct ant__fetch_driver *self, ant_cx *cx);
static bool take_ends(struct ant__fetch_driver *self);
static bool is_done(struct ant__fetch_driver *self);

ANT_ASYNC_OWNING(ant__fetch_driver)
{
    begin(self);
    bool is_moving = true;
    while (is_moving && cx->budget > 0) { // ends: the budget is used up
        ant__waker_slot_store(&self->core->lock, &self->core->task, &cx->waker);
        is_moving = take_news(self);
        is_moving |= act_on_sockets(self, cx);
        is_moving |= act_on_timer(self, cx);
        is_moving |= take_ends(self);
        if (is_moving) cx->budget--;
    }
    if (is_done(self)) {
        ant__fetch_driver_drop(self);
        return ANT_READY;
    }
    // Others first: there is more to be done here.
    if (is_moving) ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

struct ant__fetch_driver ant__fetch_driver(ant_fetch_core *core, CURLM *multi)
{
    return (struct ant__fetch_driver){ ANT_INIT(ant__fetch_driver),
                                       .core = core, .multi = multi };
}

// ---- What libcurl asks for ----

static ant__fetch_watch *watch_new(struct ant__fetch_driver *self,
                                   curl_socket_t socket)
{
    ant__fetch_watch *watch = ant_mem_alloc(sizeof *watch);
    const int fd = watch == NULL ? -1 : fcntl(socket, F_DUPFD_CLOEXEC, 3);
    if (fd < 0 || ant_io_adopt(fd, &watch->io) < 0) {
        if (fd >= 0) (void)close(fd);
        ant_mem_free(watch);
        return NULL;
    }
    ant_io_name(&watch->io, "fetch");
    watch->socket = socket;
    watch->in = ant__source_op(watch->io.source, ANT_SIDE_IN, 0);
    watch->out = ant__source_op(watch->io.source, ANT_SIDE_OUT, 0);
    ant_list_push_back(&self->watches, &watch->link);
    return watch;
}

static void watch_free(ant__fetch_watch *watch)
{
    ant_list_remove(&watch->link);
    ant__source_op_end(&watch->in);
    ant__source_op_end(&watch->out);
    ant_io_close(&watch->io);
    ant_mem_free(watch);
}

static int on_socket(CURL *easy, curl_socket_t socket, int wanted, void *arg,
                     void *socket_arg)
{
    (void)easy;
    struct ant__fetch_driver *self = arg;
    ant__fetch_watch *watch = socket_arg;
    if (wanted == CURL_POLL_REMOVE) {
        if (watch != NULL) watch_free(watch);
        return 0;
    }
    if (watch == NULL) {
        watch = watch_new(self, socket);
        if (watch == NULL) return -1; // libcurl ends what needs it
        (void)curl_multi_assign(self->multi, socket, watch);
    }
    watch->wanted = wanted;
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
    (void)multi;
    struct ant__fetch_driver *self = arg;
    ant_future_drop(&self->timer.base);
    self->is_timed = ms >= 0;
    if (ms >= 0) self->timer = ant_sleep((uint64_t)ms);
    return 0;
}

// ---- Its work ----

// In its first poll: from here on it stays where it is.
static void begin(struct ant__fetch_driver *self)
{
    if (self->watches.next != NULL) return;
    ant_list_init(&self->watches);
    ant_list_init(&self->running);
    (void)curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    (void)curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    (void)curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
}

static bool take_news(struct ant__fetch_driver *self)
{
    bool is_any = false;
    for (;;) { // ends: those that come in meanwhile wait for another poll
        ant_fetch_exchange *news = next_news(self->core);
        if (news == NULL) return is_any;
        look_at(self, news);
        is_any = true;
    }
}

static ant_fetch_exchange *next_news(ant_fetch_core *core)
{
    ant_os_mutex_lock(&core->lock);
    ant_list *first = ant_list_pop_front(&core->queue);
    ant_os_mutex_unlock(&core->lock);
    return first == NULL ? NULL
                         : ANT_CONTAINER_OF(first, ant_fetch_exchange, link);
}

// It is new, or not wanted any more. What it is told with is a reference.
static void look_at(struct ant__fetch_driver *self, ant_fetch_exchange *news)
{
    ant_os_mutex_lock(&self->core->lock);
    const bool is_abandoned = news->is_abandoned;
    ant_os_mutex_unlock(&self->core->lock);
    if (is_abandoned && news->is_running) {
        stop_running(self, news);
        ant__fetch_exchange_fail(news, -ECANCELED, "nobody wants it any more");
        ant__fetch_exchange_unref(news); // that of running
    } else if (!is_abandoned && !news->is_running) {
        if (curl_multi_add_handle(self->multi, news->easy) == CURLM_OK) {
            news->is_running = true;
            ant_list_push_back(&self->running, &news->run_link);
            return; // its reference is that of running
        }
        ant__fetch_exchange_fail(news, -ENOMEM, "no memory");
    }
    ant__fetch_exchange_unref(news);
}

// All that are ready are found before any is acted on: then they come and go.
static bool act_on_sockets(struct ant__fetch_driver *self, ant_cx *cx)
{
    curl_socket_t ready[READY_MAX];
    int how[READY_MAX];
    unsigned count = 0;
    int running;
    for (ant_list *link = self->watches.next;
         link != &self->watches && count < READY_MAX; link = link->next) {
        ant__fetch_watch *watch =
            ANT_CONTAINER_OF(link, ant__fetch_watch, link);
        how[count] = look_at_socket(watch, cx);
        ready[count] = watch->socket;
        count += how[count] != 0;
    }
    for (unsigned i = 0; i < count; i++)
        (void)curl_multi_socket_action(self->multi, ready[i], how[i], &running);
    return count > 0;
}

static int look_at_socket(ant__fetch_watch *watch, ant_cx *cx)
{
    int how = 0;
    if (watch->wanted & CURL_POLL_IN) {
        const int64_t n = ant__source_poll(&watch->in, try_in, NULL, 0, cx);
        if (n != -EAGAIN) how |= n > 0 ? CURL_CSELECT_IN : CURL_CSELECT_ERR;
    }
    if (watch->wanted & CURL_POLL_OUT) {
        const int64_t n = ant__source_poll(&watch->out, try_out, NULL, 0, cx);
        if (n != -EAGAIN) how |= n > 0 ? CURL_CSELECT_OUT : CURL_CSELECT_ERR;
    }
    return how;
}

// Is it ready still?
static int64_t try_in(ant_source *source, void *arg)
{
    struct pollfd fd = { .fd = source->ops->descriptor(source),
                         .events = POLLIN };
    (void)arg;
    return poll(&fd, 1, 0) > 0 ? 1 : -EAGAIN;
}

static int64_t try_out(ant_source *source, void *arg)
{
    struct pollfd fd = { .fd = source->ops->descriptor(source),
                         .events = POLLOUT };
    (void)arg;
    return poll(&fd, 1, 0) > 0 ? 1 : -EAGAIN;
}

static bool act_on_timer(struct ant__fetch_driver *self, ant_cx *cx)
{
    int running;
    if (!self->is_timed) return false;
    if (ant_future_poll(&self->timer.base, cx) == ANT_PENDING) return false;
    self->is_timed = false;
    (void)curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0,
                                   &running);
    return true;
}

static bool take_ends(struct ant__fetch_driver *self)
{
    CURLMsg *message;
    int left;
    bool is_any = false;
    while ((message = curl_multi_info_read(self->multi, &left)) != NULL) {
        // ends: each turn takes one away
        ant_fetch_exchange *exchange;
        char *private = NULL;
        const CURLcode code = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
                                &private);
        exchange = (ant_fetch_exchange *)(void *)private;
        stop_running(self, exchange);
        ant__fetch_exchange_finish(exchange, code);
        ant__fetch_exchange_unref(exchange);
        is_any = true;
    }
    return is_any;
}

static void stop_running(struct ant__fetch_driver *self,
                         ant_fetch_exchange *exchange)
{
    (void)curl_multi_remove_handle(self->multi, exchange->easy);
    exchange->is_running = false;
    ant_list_remove(&exchange->run_link);
}

// ---- Its end ----

static bool is_done(struct ant__fetch_driver *self)
{
    ant_fetch_core *core = self->core;
    ant_os_mutex_lock(&core->lock);
    const bool is_done = core->is_dropped &&
                         ant_list_is_empty(&self->running) &&
                         ant_list_is_empty(&core->queue);
    if (is_done) core->is_over = true;
    ant_os_mutex_unlock(&core->lock);
    return is_done;
}

// The runtime may end while something is under way: that ends too.
static void ant__fetch_driver_drop(struct ant__fetch_driver *self)
{
    ant_fetch_core *core = self->core;
    begin(self);
    ant_os_mutex_lock(&core->lock);
    core->is_over = true; // nothing is queued any more
    ant_os_mutex_unlock(&core->lock);
    ant__waker_slot_clear(&core->lock, &core->task);
    while (!ant_list_is_empty(&self->running)) { // ends: each is taken out
        ant_fetch_exchange *last =
            ANT_CONTAINER_OF(self->running.next, ant_fetch_exchange, run_link);
        stop_running(self, last);
        ant__fetch_exchange_fail(last, -ESHUTDOWN, "the runtime has ended");
        ant__fetch_exchange_unref(last);
    }
    for (ant_fetch_exchange *news; (news = next_news(core)) != NULL;) {
        ant__fetch_exchange_fail(news, -ESHUTDOWN, "the runtime has ended");
        ant__fetch_exchange_unref(news);
    }
    (void)curl_multi_cleanup(self->multi); // gives back the watches
    ant_future_drop(&self->timer.base);
    ant__fetch_core_unref(core);
}
