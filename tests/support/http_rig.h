// SPDX-License-Identifier: MIT
//
// A server with a few routes, and clients that say what a test has written down
// for them and keep all that they hear. A scene is one server and up to four
// clients; when all have talked, another one may come, and then the server is
// stopped.
//
//   struct scene scene = { .text = { GET("/hello/1") LAST("/hello/2") } };
//   scene_play(state, &scene);
//   assert_non_null(strstr(scene_heard(&scene, 0), "hello 1"));

#ifndef ANT_TESTS_SUPPORT_HTTP_RIG_H
#define ANT_TESTS_SUPPORT_HTTP_RIG_H

#include "antfarm.h"
#include "base/atomic.h"
#include "http/server.h"

// In what a client says: wait a second; say that nothing more will come.
#define PAUSE  "\x01"
#define FINISH "\x02"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define LAST(path)                                                             \
    "GET " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

// async fn speak(conn, text): with its pauses.
struct speak {
    ant_future base;
    enum { SPEAK_START, SPEAK_PAUSING, SPEAK_WRITING } state;
    const ant_io *conn;
    const char *text;
    size_t step; // at most so many bytes at a time, 0: all
    size_t len;
    struct ant_sleep pause;
    struct ant_write_all write;
};

// async fn listen(conn): keeps all until the end.
struct listen {
    ant_future base;
    const ant_io *conn;
    char *heard;
    size_t size;
    size_t len;
    struct ant_read read;
};

// async fn talk(to, text): speaks and listens at the same time.
struct talk {
    ant_future base;
    enum {
        TALK_START,
        TALK_CONNECTING,
        TALK_TALKING,
        TALK_LISTENING,
    } state;
    bool is_slow; // to listen: has all said before
    const char *to;
    const char *text;
    size_t step;
    ant_io conn;
    struct ant_tcp_connect connect;
    struct speak speak;
    struct listen listen;
    struct ant_join both;
    char heard[4096];
};

#define CLIENTS_MAX 4

// async fn scene(): a server, clients that talk to it, then it is stopped.
struct scene {
    ant_future base;
    enum {
        SCENE_START,
        SCENE_TALKING,
        SCENE_TALKING_AGAIN,
        SCENE_STOPPING,
        SCENE_ENDING,
    } state;
    // what it is to be
    ant_http_limits limits;
    const char *text[CLIENTS_MAX];
    const char *after;  // what one more client says, when all have talked
    uint64_t fails_nth; // allocation, while the others talk; 0: none
    bool are_slow;      // the others, to listen
    ant_future *beside; // what else is done while they talk, or NULL
    bool is_paused;     // time is virtual, also in flavour current
    size_t step;
    uint32_t stop_after_ms; // 0: after all have talked
    // what became of it
    int served; // before: what is expected, if no allocation fails
    uint64_t took_ms;
    struct talk talk[CLIENTS_MAX];
    struct talk last;       // the one that comes after
    ant_atomic_u32 endless; // the error that ended an answer without end
    // while it runs
    char at[ANT_ADDR_TEXT_MAX];
    ant_cancellation_token stop;
    struct ant_join_handle server;
    ant_future *each[CLIENTS_MAX + 1];
    struct ant_join talking;
    struct ant_borrow talks;
    struct ant_sleep until;
    struct ant_select first;
    uint64_t begun_ns;
};

// Plays the scene in the test's flavour, and looks whether anything is left.
void scene_play(void **state, struct scene *scene);

// What a client heard, without the date.
char *scene_heard(struct scene *scene, int client);

// What a client hears who says that.
char *scene_answer_to(void **state, const char *text);

// What it hears begins with that status, and the connection ends.
void assert_status(void **state, int status, const char *text);

#endif
