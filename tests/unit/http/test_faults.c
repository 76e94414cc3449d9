// SPDX-License-Identifier: MIT
//
// Tests of http/server: what breaks beside it. A handler, the memory, a client,
// the number of descriptors; and the server serves on.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/http_rig.h"

#define SAYS "HTTP/1.1 "

static void assert_serves_on(const struct scene *scene)
{
    assert_non_null(strstr(scene->last.heard, "\r\n\r\nhello last"));
}

// ---- Handlers ----

static void answers_500_for_a_handler_that_panics(void **state)
{
    struct scene scene = { .text = { GET("/fail/panic") GET("/hello/1"),
                                     GET("/hello/2") LAST("/fail/panic") },
                           .after = LAST("/hello/last") };
    scene_play(state, &scene);
    assert_string_equal(scene_heard(&scene, 0),
                        "HTTP/1.1 500 Internal Server Error\r\n"
                        "Connection: close\r\nContent-Length: 0\r\n\r\n");
    assert_non_null(strstr(scene_heard(&scene, 1), "hello 2HTTP/1.1 500 "));
    assert_serves_on(&scene);
}

// ---- Clients ----

static uint32_t how_it_ended(const struct scene *scene)
{
    return ant_atomic_load(&scene->endless, ANT_RELAXED);
}

static void a_client_that_takes_nothing_is_left(void **state)
{
    struct scene scene = { .limits = { .write_ms = 2500 },
                           .are_slow = true,
                           .text = { GET("/endless") PAUSE PAUSE PAUSE PAUSE },
                           .after = LAST("/hello/last") };
    scene_play(state, &scene);
    assert_int_equal(how_it_ended(&scene), ETIMEDOUT);
    assert_memory_equal(scene_heard(&scene, 0), SAYS "200 ", 13);
    assert_in_range(scene.took_ms, 4000, 4100);
    assert_serves_on(&scene);
}

static void an_answer_without_end_ends_with_its_client(void **state)
{
    struct scene scene = { .text = { GET("/endless"), GET("/endless") },
                           .after = LAST("/hello/last") };
    scene_play(state, &scene);
    const uint32_t err = how_it_ended(&scene);
    assert_true(err == EPIPE || err == ECONNRESET);
    assert_memory_equal(scene_heard(&scene, 1), SAYS "200 ", 13);
    assert_serves_on(&scene);
}

// ---- Descriptors ----

// async fn famine(): leaves the process one descriptor, for the client, and for
// a second none to the server.
struct famine {
    ant_future base;
    struct rlimit usual;
    uint64_t polls;
    struct ant_sleep nap;
};

static uint64_t polls_here(void)
{
    ant_worker_metrics one;
    ant_runtime_worker_metrics(ant_runtime_here(), 0, &one);
    return one.polls;
}

ANT_ASYNC(famine)
{
    if (ANT_BEGINS(self->nap)) {
        const int next = dup(0);
        assert_int_equal(close(next), 0);
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &self->usual), 0);
        const struct rlimit few = { (rlim_t)next + 1, self->usual.rlim_max };
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        self->polls = polls_here();
        self->nap = ant_sleep(1050);
    }
    ANT_AWAIT(self->nap);
    self->polls = polls_here() - self->polls;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &self->usual), 0);
    return ANT_READY;
}

static void a_server_without_descriptors_waits_and_serves(void **state)
{
    struct famine famine = { ANT_INIT(famine) };
    struct scene scene = { .text = { LAST("/hello/1") },
                           .after = LAST("/hello/last"),
                           .beside = &famine.base,
                           .is_paused = true };
    scene_play(state, &scene);
    assert_non_null(strstr(scene_heard(&scene, 0), "hello 1"));
    assert_serves_on(&scene);
    assert_in_range(scene.took_ms, 1050, 1150);
    // It tries ten times, and not as often as it can.
    assert_in_range(famine.polls, 10, 40);
}

// ---- Memory ----

#define POST(path, len)                                                        \
    "POST " path " HTTP/1.1\r\nHost: h\r\nContent-Length: " len "\r\n\r\n"

static struct scene scene_without_memory(uint64_t fails_nth)
{
    return (struct scene){
        .text = { GET("/hello/1") POST("/echo", "3") "abc" LAST("/count"),
                  LAST("/nowhere") },
        .after = LAST("/hello/last"),
        .fails_nth = fails_nth,
    };
}

// Half an answer is none: what a client hears is whole, or breaks off where it
// can see that it does.
static void assert_is_whole_or_says_why(const char *heard, uint64_t nth)
{
    const char *body;
    while (strncmp(heard, SAYS, strlen(SAYS)) == 0) {
        // ends: each turn goes over an answer
        const long status = strtol(heard + strlen(SAYS), NULL, 10);
        if (status != 200 && status != 404 && status != 500 && status != 503)
            fail_msg("allocation %u: status %ld", (unsigned)nth, status);
        body = strstr(heard, "\r\n\r\n");
        const char *field = strstr(heard, "Content-Length: ");
        if (body == NULL) fail_msg("allocation %u: %s", (unsigned)nth, heard);
        body += 4;
        if (field == NULL || field > body) return; // in chunks, the last one
        heard = body + strtol(field + strlen("Content-Length: "), NULL, 10);
    }
    if (*heard != '\0')
        fail_msg("allocation %u: at the end %s", (unsigned)nth, heard);
}

static void each_allocation_may_fail(void **state)
{
    static struct scene scene;
    scene = scene_without_memory(0);
    const uint64_t before = ant_mem_alloc_count();
    scene_play(state, &scene);
    const uint64_t count = ant_mem_alloc_count() - before;
    assert_non_null(strstr(scene_heard(&scene, 0), "abcHTTP"));
    unsigned answered = 0, begun = 0;
    for (uint64_t nth = 1; nth <= count; nth++) {
        const uint64_t blocks = ant_mem_live_count();
        scene = scene_without_memory(nth);
        scene_play(state, &scene); // counts descriptors
        for (int i = 0; i < 2; i++)
            assert_is_whole_or_says_why(scene_heard(&scene, i), nth);
        answered += strstr(scene_heard(&scene, 0), SAYS "50") != NULL;
        answered += strstr(scene_heard(&scene, 1), SAYS "50") != NULL;
        // A server that cannot even begin says so.
        if (scene.served != -ENOMEM) assert_serves_on(&scene);
        begun += scene.served == 0;
        assert_int_equal(ant_mem_live_count(), blocks);
    }
    assert_in_range(answered, 5, count);
    assert_in_range(begun, count - 5, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(answers_500_for_a_handler_that_panics),
        FLAVOR(a_client_that_takes_nothing_is_left, sim),
        EVERY_FLAVOR(an_answer_without_end_ends_with_its_client),
        FLAVOR(a_server_without_descriptors_waits_and_serves, current),
        FLAVOR(each_allocation_may_fail, sim),
        FLAVOR(each_allocation_may_fail, current),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
