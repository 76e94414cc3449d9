// SPDX-License-Identifier: MIT
//
// A service that ends well. An actor owns the database: orders come through a
// channel, each with a oneshot for its answer, and are written in a
// transaction. On SIGTERM nobody may order any more; what was accepted is
// written, the database closed, and the last line says how much of it there is.

#include <antfarm.h>
#include <sqlite/pool.h>
#include <stdio.h>

typedef struct order {
    char what[16];
    int count;
    ant_oneshot_tx reply; // the order's number, or -errno
} order;

static void discard_order(void *value)
{
    ant_oneshot_tx_drop(&((order *)value)->reply);
}

// ---- async fn shop(orders): the actor ----

struct shop {
    ant_future base;
    enum {
        SHOP_START,
        SHOP_CONNECTING,
        SHOP_CREATING,
        SHOP_WAITING,
        SHOP_BEGINNING,
        SHOP_WRITING,
        SHOP_COMMITTING,
        SHOP_CLOSING,
    } state;
    int written;
    int number; // of the order, or -errno
    order now;
    ant_mpsc_rx orders;
    ant_sqlite_pool pool;
    ant_sqlite_tx tx;
    struct ant_sqlite_op op;
    struct ant_mpsc_recv recv;
};

static void shop_end(struct shop *self)
{
    ant_oneshot_tx_drop(&self->now.reply);
    ant_mpsc_rx_drop(&self->orders);
    ant_sqlite_tx_drop(&self->tx);
    ant_sqlite_pool_drop(&self->pool);
}

static ant_poll fail(struct shop *self, int err)
{
    printf("shop: %s\n", ant_sqlite_error(&self->op));
    shop_end(self);
    return ANT_FAIL(err);
}

static struct ant_sqlite_op write_order(struct shop *self)
{
    struct ant_sqlite_query insert =
        ant_sqlite_query("INSERT INTO orders (what, count) VALUES (?, ?)");
    ant_sqlite_bind(&insert, self->now.what);
    ant_sqlite_bind(&insert, self->now.count);
    return ant_sqlite_execute(&self->tx, insert);
}

// A wrong order is the customer's affair.
static void note_outcome(struct shop *self)
{
    const bool is_fine = self->op.base.result >= 0;
    if (!is_fine) printf("shop: %s\n", ant_sqlite_error(&self->op));
    self->number =
        is_fine ? (int)self->op.last_insert_rowid : self->op.base.result;
    self->written += is_fine;
}

static void answer(struct shop *self)
{
    const int err = ant_oneshot_send(&self->now.reply, &self->number);
    if (err < 0) puts("shop: the customer has gone");
}

ANT_ASYNC_WITH_DROP(shop)
{
    switch (self->state) {
    case SHOP_START:
        self->op = ant_sqlite_pool_connect(":memory:", &self->pool);
        return ANT_NEXT(SHOP_CONNECTING);

    case SHOP_CONNECTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return fail(self, self->op.base.result);
        self->op = ant_sqlite_execute(
            &self->pool,
            ant_sqlite_query("CREATE TABLE orders (id INTEGER PRIMARY KEY, "
                             "what TEXT NOT NULL, "
                             "count INTEGER CHECK (count > 0))"));
        return ANT_NEXT(SHOP_CREATING);

    case SHOP_CREATING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return fail(self, self->op.base.result);
        self->recv = ant_mpsc_recv(&self->orders, &self->now);
        return ANT_NEXT(SHOP_WAITING);

    case SHOP_WAITING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // closed, and all are written
            self->op = ant_sqlite_pool_close(&self->pool);
            return ANT_NEXT(SHOP_CLOSING);
        }
        self->op = ant_sqlite_begin(&self->pool, &self->tx);
        return ANT_NEXT(SHOP_BEGINNING);

    case SHOP_BEGINNING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return fail(self, self->op.base.result);
        self->op = write_order(self);
        return ANT_NEXT(SHOP_WRITING);

    case SHOP_WRITING:
        ANT_AWAIT(self->op);
        note_outcome(self);
        self->op = ant_sqlite_commit(&self->tx);
        return ANT_NEXT(SHOP_COMMITTING);

    case SHOP_COMMITTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) self->number = self->op.base.result;
        answer(self);
        self->recv = ant_mpsc_recv(&self->orders, &self->now);
        return ANT_NEXT(SHOP_WAITING);

    case SHOP_CLOSING:
        ANT_AWAIT(self->op);
        printf("shop: closed, %d orders written\n", self->written);
        shop_end(self);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void shop_drop(struct shop *self)
{
    ant_future_drop(&self->op.base);
    ant_future_drop(&self->recv.base);
    shop_end(self);
}

// ---- async fn customer(what, count): orders, and hears the number ----

struct customer {
    ant_future base;
    enum {
        CUSTOMER_START,
        CUSTOMER_COMING,
        CUSTOMER_ORDERING,
        CUSTOMER_HEARING,
    } state;
    uint64_t after_ms;
    order wish;
    int number;
    ant_mpsc_weak_tx door; // to the shop, as long as it is open
    ant_mpsc_tx shop;
    ant_oneshot_rx reply;
    struct ant_sleep way;
    struct ant_mpsc_send send;
    struct ant_oneshot_recv hear;
};

static void customer_end(struct customer *self)
{
    ant_mpsc_weak_drop(&self->door);
    ant_mpsc_tx_drop(&self->shop);
    ant_oneshot_rx_drop(&self->reply);
}

ANT_ASYNC_WITH_DROP(customer)
{
    int err;
    switch (self->state) {
    case CUSTOMER_START:
        self->way = ant_sleep(self->after_ms);
        return ANT_NEXT(CUSTOMER_COMING);

    case CUSTOMER_COMING:
        ANT_AWAIT(self->way);
        if (ant_mpsc_upgrade(&self->door, &self->shop) < 0) {
            printf("%s: the shop is closed\n", self->wish.what);
            customer_end(self);
            return ANT_READY;
        }
        err = ant_oneshot_new(sizeof(int), &self->wish.reply, &self->reply);
        if (err < 0) return ANT_FAIL(err);
        self->send = ant_mpsc_send(&self->shop, &self->wish);
        return ANT_NEXT(CUSTOMER_ORDERING);

    case CUSTOMER_ORDERING:
        ANT_AWAIT(self->send);
        if (self->send.base.result < 0) { // the shop has failed
            ant_oneshot_tx_drop(&self->wish.reply);
            customer_end(self);
            return ANT_READY;
        }
        self->hear = ant_oneshot_recv(&self->reply, &self->number);
        return ANT_NEXT(CUSTOMER_HEARING);

    case CUSTOMER_HEARING:
        ANT_AWAIT(self->hear);
        if (self->hear.base.result == 0 && self->number > 0)
            printf("%s: order %d\n", self->wish.what, self->number);
        else
            printf("%s: refused\n", self->wish.what);
        customer_end(self);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void customer_drop(struct customer *self)
{
    ant_future_drop(&self->way.base);
    ant_future_drop(&self->send.base);
    ant_future_drop(&self->hear.base);
    customer_end(self);
}

// ---- async fn app(): the door is open until SIGTERM ----

struct app {
    ant_future base;
    enum { APP_START, APP_SERVING, APP_STOPPING, APP_ENDING } state;
    ant_mpsc_tx door;
    ant_signal term;
    ant_join_set set;
    struct ant_sleep day; // SIGTERM comes after it, as from a shell
    struct ant_signal_recv stop;
    struct ant_join_set_join_all all;
};

static const order wishes[] = {
    { .what = "apples", .count = 3 },
    { .what = "air", .count = 0 },
    { .what = "pears", .count = 2 },
    { .what = "a late one", .count = 1 },
};

static int open_shop(struct app *self)
{
    struct shop shop = { ANT_INIT(shop) };
    int err = ant_mpsc_new(sizeof(order), 2, &self->door, &shop.orders);
    if (err < 0) return err;
    ant_mpsc_set_name(&shop.orders, "orders");
    ant_mpsc_set_discard(&shop.orders, discard_order);
    ant_join_set_init(&self->set, "shop and customers");
    err = ant_join_set_spawn(&self->set, shop);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(wishes) && err == 0; i++) {
        const struct customer customer = {
            ANT_INIT(customer),
            .after_ms = 10 + i * 10,
            .wish = wishes[i],
            .door = ant_mpsc_downgrade(&self->door),
        };
        err = ant_join_set_spawn(&self->set, customer);
    }
    return err;
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        err = ant_signal_open(SIGTERM, &self->term);
        if (err == 0) err = open_shop(self);
        if (err < 0) return ANT_FAIL(err);
        self->day = ant_sleep(35);
        return ANT_NEXT(APP_SERVING);

    case APP_SERVING:
        ANT_AWAIT(self->day);
        err = ant_signal_raise(SIGTERM);
        if (err < 0) return ANT_FAIL(err);
        self->stop = ant_signal_recv(&self->term);
        return ANT_NEXT(APP_STOPPING);

    case APP_STOPPING: // the last sender but those of who is inside
        ANT_AWAIT(self->stop);
        puts("app: SIGTERM, nobody comes in any more");
        ant_mpsc_tx_drop(&self->door);
        self->all = ant_join_set_join_all(&self->set);
        return ANT_NEXT(APP_ENDING);

    case APP_ENDING:
        ANT_AWAIT(self->all);
        ant_join_set_deinit(&self->set);
        ant_signal_close(&self->term);
        self->base.result = self->all.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)

ANT_MAIN(app)
