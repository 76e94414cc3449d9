// SPDX-License-Identifier: MIT
//
// What sockets promise, in every flavour: real ones on the loopback in current
// and multi, those of memory in the simulator.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/files.h"
#include "support/flavors.h"

static int run(ant_runtime *rt, int result)
{
    ant_runtime_free(rt);
    return result;
}

// ---- Much of it ----

#define PATTERN_LEN (1u << 20)

static unsigned char pattern_at(size_t i)
{
    return (unsigned char)(i * 7 + i / 253);
}

// async fn pour(to): writes the pattern, as much as goes at a time, and the
// end.
struct pour {
    ant_future base;
    enum { POUR_START, POUR_WRITING } state;
    ant_io to;
    size_t done;
    size_t len;
    unsigned char buf[5000];
    struct ant_write_all write;
};

ANT_ASYNC_WITH_DROP(pour)
{
    switch (self->state) {
    case POUR_START:
        if (self->done == PATTERN_LEN) {
            ant_io_close(&self->to);
            return ANT_READY;
        }
        self->len = sizeof self->buf;
        if (self->len > PATTERN_LEN - self->done)
            self->len = PATTERN_LEN - self->done;
        for (size_t i = 0; i < self->len; i++)
            self->buf[i] = pattern_at(self->done + i);
        self->write = ant_write_all(&self->to, self->buf, self->len);
        return ANT_NEXT(POUR_WRITING);

    case POUR_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result < 0)
            return ANT_FAIL(self->write.base.result);
        self->done += self->len;
        return ANT_NEXT(POUR_START);
    }
    ANT_UNREACHABLE();
}

static void pour_drop(struct pour *self)
{
    ant_future_drop(&self->write.base);
    ant_io_close(&self->to);
}

static struct pour pour(ant_io to)
{
    return (struct pour){ ANT_INIT(pour), .to = to };
}

// async fn drink(from): reads to the end and compares.
struct drink {
    ant_future base;
    enum { DRINK_START, DRINK_READING } state;
    ant_io from;
    size_t done;
    unsigned char buf[3000];
    struct ant_read read;
};

ANT_ASYNC_WITH_DROP(drink)
{
    int n;
    switch (self->state) {
    case DRINK_START:
        self->read = ant_read(&self->from, self->buf, sizeof self->buf);
        return ANT_NEXT(DRINK_READING);

    case DRINK_READING:
        ANT_AWAIT(self->read);
        n = self->read.base.result;
        for (int i = 0; i < n; i++) {
            if (self->buf[i] != pattern_at(self->done++))
                return ANT_FAIL(-EPROTO);
        }
        if (n > 0) return ANT_NEXT(DRINK_START);
        ant_io_close(&self->from);
        if (n < 0) return ANT_FAIL(n);
        return self->done == PATTERN_LEN ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static void drink_drop(struct drink *self)
{
    ant_future_drop(&self->read.base);
    ant_io_close(&self->from);
}

static struct drink drink(ant_io from)
{
    return (struct drink){ ANT_INIT(drink), .from = from };
}

// async fn flood(): both directions of one connection at once, four tasks.
struct flood {
    ant_future base;
    enum { FLOOD_START, FLOOD_JOINING } state;
    struct ant_join_handle each[4];
    struct ant_try_join all;
};

ANT_ASYNC(flood)
{
    ant_io end[2], half[2][2];
    switch (self->state) {
    case FLOOD_START:
        if (ant_io_pair(end) < 0) return ANT_FAIL(-EIO);
        for (int i = 0; i < 2; i++)
            ant_io_split(&end[i], &half[i][0], &half[i][1]);
        for (int i = 0; i < 2; i++) {
            self->each[i] = ant_spawn(pour(half[i][1]));
            self->each[2 + i] = ant_spawn(drink(half[i][0]));
        }
        self->all = ant_try_join(&self->each[0].base, &self->each[1].base,
                                 &self->each[2].base, &self->each[3].base);
        return ANT_NEXT(FLOOD_JOINING);

    case FLOOD_JOINING:
        ANT_AWAIT(self->all);
        if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct flood flood(void)
{
    return (struct flood){ ANT_INIT(flood) };
}

static void i1_every_byte_arrives_in_its_order(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(run(rt, ant_runtime_block_on(rt, flood())), 0);
}

// ---- Many of them ----

#define VISITOR_COUNT 200
#define ROUNDS        10

// async fn serve(conn): an echo.
struct serve {
    ant_future base;
    enum { SERVE_START, SERVE_READING, SERVE_WRITING } state;
    ant_io conn;
    char buf[64];
    struct ant_read read;
    struct ant_write_all write;
};

ANT_ASYNC_OWNING(serve)
{
    switch (self->state) {
    case SERVE_START:
        self->read = ant_read(&self->conn, self->buf, sizeof self->buf);
        return ANT_NEXT(SERVE_READING);

    case SERVE_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result <= 0) {
            ant_io_close(&self->conn);
            return ANT_READY;
        }
        self->write = ant_write_all(&self->conn, self->buf,
                                    (size_t)self->read.base.result);
        return ANT_NEXT(SERVE_WRITING);

    case SERVE_WRITING:
        ANT_AWAIT(self->write);
        return ANT_NEXT(SERVE_START);
    }
    ANT_UNREACHABLE();
}

static void serve_drop(struct serve *self)
{
    ant_future_drop(&self->read.base);
    ant_future_drop(&self->write.base);
    ant_io_close(&self->conn);
}

static struct serve serve(ant_io conn)
{
    return (struct serve){ ANT_INIT(serve), .conn = conn };
}

// async fn door(listener): has everybody served who comes.
struct door {
    ant_future base;
    enum { DOOR_START, DOOR_ACCEPTING } state;
    ant_tcp_listener listener;
    ant_io conn;
    struct ant_accept accept;
};

ANT_ASYNC_OWNING(door)
{
    struct ant_join_handle served;
    switch (self->state) {
    case DOOR_START:
        self->accept = ant_tcp_accept(&self->listener, &self->conn);
        return ANT_NEXT(DOOR_ACCEPTING);

    case DOOR_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0)
            return ANT_FAIL(self->accept.base.result);
        served = ant_spawn(serve(self->conn));
        ant_task_detach(&served);
        return ANT_NEXT(DOOR_START);
    }
    ANT_UNREACHABLE();
}

static void door_drop(struct door *self)
{
    ant_future_drop(&self->accept.base);
    ant_tcp_listener_close(&self->listener);
}

static struct door door(ant_tcp_listener listener)
{
    return (struct door){ ANT_INIT(door), .listener = listener };
}

// async fn visit(to, number): connects, and some rounds of question and answer.
struct visit {
    ant_future base;
    enum { VISIT_START, VISIT_CONNECTING, VISIT_ASKING, VISIT_HEARING } state;
    char to[ANT_ADDR_TEXT_MAX];
    uint32_t round;
    uint32_t question;
    uint32_t answer;
    ant_io conn;
    struct ant_tcp_connect connect;
    struct ant_write_all write;
    struct ant_read_exact read;
};

ANT_ASYNC_WITH_DROP(visit)
{
    switch (self->state) {
    case VISIT_START:
        self->connect = ant_tcp_connect(self->to, &self->conn);
        return ANT_NEXT(VISIT_CONNECTING);

    case VISIT_CONNECTING:
        ANT_AWAIT(self->connect);
        if (self->connect.base.result < 0)
            return ANT_FAIL(self->connect.base.result);
        self->write = ant_write_all(&self->conn, &self->question, 4);
        return ANT_NEXT(VISIT_ASKING);

    case VISIT_ASKING:
        ANT_AWAIT(self->write);
        self->read = ant_read_exact(&self->conn, &self->answer, 4);
        return ANT_NEXT(VISIT_HEARING);

    case VISIT_HEARING:
        ANT_AWAIT(self->read);
        if (self->answer != self->question) return ANT_FAIL(-EPROTO);
        self->question++;
        self->write = ant_write_all(&self->conn, &self->question, 4);
        if (++self->round < ROUNDS) return ANT_NEXT(VISIT_ASKING);
        ant_io_close(&self->conn);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void visit_drop(struct visit *self)
{
    ant_future_drop(&self->connect.base);
    ant_future_drop(&self->write.base);
    ant_future_drop(&self->read.base);
    ant_io_close(&self->conn);
}

static struct visit visit(const char *to, uint32_t number)
{
    struct visit self = { ANT_INIT(visit), .question = number };
    (void)snprintf(self.to, sizeof self.to, "%s", to);
    return self;
}

// async fn reception(): opens the door, and sends the visitors.
struct reception {
    ant_future base;
    enum { RECEPTION_START, RECEPTION_JOINING } state;
    char to[ANT_ADDR_TEXT_MAX];
    bool leaves_them; // ends while they are talking
    struct ant_join_handle door;
    struct ant_join_handle each[VISITOR_COUNT];
    ant_future *all_of[VISITOR_COUNT];
    struct ant_try_join all;
};

ANT_ASYNC(reception)
{
    ant_tcp_listener listener;
    ant_addr at;
    switch (self->state) {
    case RECEPTION_START:
        if (ant_tcp_listener_bind("127.0.0.1:0", &listener) < 0)
            return ANT_FAIL(-EIO);
        ant_tcp_listener_addr(&listener, &at);
        ant_addr_format(&at, self->to, sizeof self->to);
        self->door = ant_spawn(door(listener));
        for (uint32_t i = 0; i < VISITOR_COUNT; i++) {
            self->each[i] = ant_spawn(visit(self->to, i * 1000));
            self->all_of[i] = &self->each[i].base;
        }
        self->all = ant_try_join_all(self->all_of,
                                     self->leaves_them ? 1 : VISITOR_COUNT);
        return ANT_NEXT(RECEPTION_JOINING);

    case RECEPTION_JOINING:
        ANT_AWAIT(self->all);
        if (self->all.base.result < 0) return ANT_FAIL(self->all.base.result);
        for (uint32_t i = 0; i < VISITOR_COUNT; i++)
            ant_task_detach(&self->each[i]);
        ant_task_abort(&self->door);
        ant_task_detach(&self->door);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct reception reception(bool leaves_them)
{
    return (struct reception){ ANT_INIT(reception),
                               .leaves_them = leaves_them };
}

static void i1_two_hundred_talk_at_once(void **state)
{
    const int before = fd_count();
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(run(rt, ant_runtime_block_on(rt, reception(false))), 0);
    assert_int_equal(fd_count(), before);
}

// Clients wait for answers, servers for questions, the door for a client.
static void i3_the_end_of_the_runtime_closes_all(void **state)
{
    const int before = fd_count();
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(run(rt, ant_runtime_block_on(rt, reception(true))), 0);
    assert_int_equal(fd_count(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(i1_every_byte_arrives_in_its_order),
        EVERY_FLAVOR(i1_two_hundred_talk_at_once),
        EVERY_FLAVOR(i3_the_end_of_the_runtime_closes_all),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
