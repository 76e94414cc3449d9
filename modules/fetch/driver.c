// SPDX-License-Identifier: MIT

#include "fetch/driver.h"

#include <errno.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/waker_slot.h"

// Sockets that are looked at in one go. More have their turn in the next.
#define READY_MAX 64

static void begin(struct ant__fetch_driver *self);
static bool take_news(struct ant__fetch_driver *self);
static ant_fetch_exchange *next_news(ant_fetch_core *core);
static void look_at(struct ant__fetch_driver *self, ant_fetch_exchange *news);
static bool act_on_sockets(struct ant__fetch_driver *self, ant_cx *cx);
static void stop_running(struct ant__fetch_driver *self,
                         ant_fetch_exchange *exchange);
static bool act_on_timer(struct ant__fetch_driver *self, ant_cx *cx);
static bool take_ends(struct ant__fetch_driver *self);
static bool end_starved(struct ant__fetch_driver *self);
static void end_running(struct ant__fetch_driver *self,
                        ant_fetch_exchange *exchange, int err,
                        const char *words);
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
        is_moving |= end_starved(self);
        if (is_moving) cx->budget--;
    }
    if (is_done(self)) {
        ant__fetch_driver_drop(self);
        return ANT_READY;
    }
    // Others first: there is more to be done here.
    if (is_moving)
        ant_waker_wake_ref(&cx->waker);
    else
        ant__woken_wait_else_wake(self->woken, cx);
    return ANT_PENDING;
}

struct ant__fetch_driver ant__fetch_driver(ant_fetch_core *core, CURLM *multi,
                                           ant_woken *woken)
{
    return (struct ant__fetch_driver){ ANT_INIT(ant__fetch_driver),
                                       .core = core, .multi = multi,
                                       .woken = woken };
}

// ---- What libcurl asks for ----

static ant_fetch_exchange *exchange_of(CURL *easy)
{
    char *private = NULL;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    return (ant_fetch_exchange *)(void *)private;
}

// It cannot wait for its socket. Inside of a call of libcurl's it cannot be
// ended either: that comes later.
static void starve(struct ant__fetch_driver *self, ant_fetch_exchange *exchange,
                   int err)
{
    self->has_starved = true;
    if (exchange != NULL) exchange->starved_err = err;
}

static int on_socket(CURL *easy, curl_socket_t socket, int wanted, void *arg,
                     void *socket_arg)
{
    struct ant__fetch_driver *self = arg;
    ant__fetch_watch *watch = socket_arg;
    if (wanted == CURL_POLL_REMOVE) {
        if (watch != NULL) ant__fetch_watch_end(watch);
    } else if (watch != NULL) {
        ant__fetch_watch_want(watch, wanted);
    } else {
        const int err = ant__fetch_watch_new(self->woken, socket, &watch);
        if (err < 0) {
            starve(self, exchange_of(easy), err);
            return 0;
        }
        (void)curl_multi_assign(self->multi, socket, watch);
        ant__fetch_watch_want(watch, wanted);
    }
    return 0; // all else ends all exchanges, now and later
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
    if (self->running.next != NULL) return;
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
        end_running(self, news, -ECANCELED, "nobody wants it any more");
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
    ant__fetch_watch *watch;
    ant__woken_take(self->woken, &self->row);
    while (count < READY_MAX &&
           (watch = ant__fetch_watch_pop(&self->row)) != NULL) {
        // ends: what is woken meanwhile has its turn in the next round
        ready[count] = watch->socket;
        how[count] = ant__fetch_watch_look(watch, cx);
        count += how[count] != 0;
    }
    for (unsigned i = 0; i < count; i++)
        (void)curl_multi_socket_action(self->multi, ready[i], how[i], &running);
    return count > 0;
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
        const CURLcode code = message->data.result;
        ant_fetch_exchange *exchange = exchange_of(message->easy_handle);
        stop_running(self, exchange);
        ant__fetch_exchange_finish(exchange, code);
        ant__fetch_exchange_unref(exchange);
        is_any = true;
    }
    return is_any;
}

static bool end_starved(struct ant__fetch_driver *self)
{
    if (!self->has_starved) return false;
    self->has_starved = false;
    for (ant_list *link = self->running.next; link != &self->running;) {
        ant_fetch_exchange *exchange =
            ANT_CONTAINER_OF(link, ant_fetch_exchange, run_link);
        link = link->next;
        if (exchange->starved_err < 0)
            end_running(self, exchange, exchange->starved_err,
                        ant_err_text(exchange->starved_err));
    }
    return true;
}

// Ends what libcurl knows nothing of the end of.
static void end_running(struct ant__fetch_driver *self,
                        ant_fetch_exchange *exchange, int err,
                        const char *words)
{
    stop_running(self, exchange);
    ant__fetch_exchange_fail(exchange, err, words);
    ant__fetch_exchange_unref(exchange); // that of running
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
        end_running(self, last, -ESHUTDOWN, "the runtime has ended");
    }
    for (ant_fetch_exchange *news; (news = next_news(core)) != NULL;) {
        ant__fetch_exchange_fail(news, -ESHUTDOWN, "the runtime has ended");
        ant__fetch_exchange_unref(news);
    }
    (void)curl_multi_cleanup(self->multi); // gives back the watches
    ant__woken_close(self->woken, &self->row);
    const ant__fetch_watch *none = ant__fetch_watch_pop(&self->row);
    ANT_ASSERT(none == NULL); // all were over
    ant__woken_unref(self->woken);
    ant_future_drop(&self->timer.base);
    ant__fetch_core_unref(core);
}
