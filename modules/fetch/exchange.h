// SPDX-License-Identifier: MIT
//
// An exchange is one request and its answer. It lives on the heap and is
// counted: whoever asks has it, and the client's task while it is under way.
// The task writes the answer into it; how far it has come stands under the lock
// of the list in which the asker waits, and what is behind that mark is no
// longer touched.

#ifndef ANT_FETCH_EXCHANGE_H
#define ANT_FETCH_EXCHANGE_H

#include <curl/curl.h>

#include "base/list.h"
#include "core/resource.h"
#include "core/waitlist.h"
#include "fetch/fetch.h"
#include "http/buffer.h"

typedef enum ant_fetch_phase {
    FETCH_ASKING,
    FETCH_HEAD, // of the answer is here
    FETCH_OVER,
} ant_fetch_phase;

// What a client and its task share, counted by both and by each exchange.
struct ant_fetch_core {
    ant_atomic_u32 refs;
    // under lock
    ant_os_mutex lock;
    ant_waker task;  // of the client, while it waits
    ant_list queue;  // exchanges for it to look at
    bool is_dropped; // nobody will ask any more
    bool is_over;    // nobody answers any more
};

struct ant_fetch_exchange {
    ant_resource resource;
    char name[48]; // what the asker waits for: the address, cut
    ant_atomic_u32 refs;
    ant_fetch_core *core;
    bool is_told; // the asker's: the task knows of it
    // under waiters.lock
    ant_waitlist waiters;
    ant_fetch_phase phase;
    // under core->lock
    ant_list link;
    bool is_abandoned; // nobody wants the answer any more
    // the task's, until the phase says otherwise
    bool is_running;
    ant_list run_link;
    CURL *easy;
    struct curl_slist *headers; // of the request
    ant_http_buffer sent;       // its body
    int status;
    int starved_err;      // why it cannot go on, or 0
    int result;           // 0 or -errno
    ant_http_buffer head; // "name\0value\0" of the answer, again and again
    ant_http_buffer body;
    uint64_t body_bytes_max;
    char error[CURL_ERROR_SIZE + 64];
};

// Makes one. 0, -EINVAL or -ENOMEM; it is there, unless there is no memory for
// it, to say what is wrong.
ANT_MUST_USE int ant__fetch_exchange_new(const ant_fetch_request *request,
                                         ant_fetch_exchange **ret_exchange);
void ant__fetch_exchange_unref(ant_fetch_exchange *exchange);

// Wakes who waits for it to come so far.
void ant__fetch_exchange_advance(ant_fetch_exchange *exchange,
                                 ant_fetch_phase phase);

// It has ended, as libcurl says; or with an error that libcurl does not know.
void ant__fetch_exchange_finish(ant_fetch_exchange *exchange, CURLcode code);
void ant__fetch_exchange_fail(ant_fetch_exchange *exchange, int err,
                              const char *words);

// Hands an exchange to the client's task, which looks at it again. 0, or
// -ESHUTDOWN when the task is over.
ANT_MUST_USE int ant__fetch_core_tell(ant_fetch_core *core,
                                      ant_fetch_exchange *exchange);
void ant__fetch_core_ref(ant_fetch_core *core);
void ant__fetch_core_unref(ant_fetch_core *core);

#endif
