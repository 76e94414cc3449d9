// SPDX-License-Identifier: MIT
//
// An HTTP client: libcurl does the talking, this runtime the waiting. A client
// keeps connections and uses them again; many requests may be under way at
// once, from any task. Rust: reqwest::Client.
//
//   case USER_START:
//       err = ant_fetch_client_new(&self->client);
//       if (err < 0) return ANT_FAIL(err);
//       self->get = ant_fetch_get(&self->client, self->url);
//       return ANT_NEXT(USER_ASKING);
//   case USER_ASKING:
//       ANT_AWAIT(self->get); // the head of the answer is here
//       if (self->get.base.result < 0)
//           return ANT_FAIL(self->get.base.result);
//       self->text = ant_fetch_text(&self->get.response);
//       return ANT_NEXT(USER_READING);
//   case USER_READING:
//       ANT_AWAIT(self->text); // and its body
//       if (self->text.base.result < 0)
//           return ANT_FAIL(self->text.base.result);
//       user = ant_fetch_json(&self->get.response);
//
// A status such as 404 is an answer, not an error. What is an error ends with
// -errno, and ant_fetch_error says it in words:
//
//   -ENOENT no such host, -ECONNREFUSED nobody listens, -ETIMEDOUT too slow,
//   -EPROTO TLS or no HTTP, -ELOOP too many redirects, -EMSGSIZE too long,
//   -ECONNRESET broken off, -EINVAL no address, -ENOTSUP in a simulation
//
// Dropping ant_fetch_send, or a response, breaks the exchange off. A client and
// a response belong to their owner, who drops them; what a client has under way
// goes on without it.
//
// How it works: a task of the client's own polls libcurl's multi interface. It
// waits for its sockets as any task does, and for its timer; other tasks leave
// their requests in its queue. Only the sockets that are ready are looked at,
// however many there are (fetch/watch.h).
//
//   function                 reqwest                cancel-safe  alloc  threads
//   ant_fetch_client_new     Client::new            -            yes    inside
//   ant_fetch_client_drop    drop(Client)           -            no     owner
//   ant_fetch_get            Client::get().send()   breaks off   yes    any
//   ant_fetch_post           Client::post().send()  breaks off   yes    any
//   ant_fetch_send           Client::execute        breaks off   yes    any
//   ant_fetch_text           Response::text         yes          no     owner
//   ant_fetch_header         Response::headers      -            no     owner
//   ant_fetch_json           Response::json         -            yes    owner
//   ant_fetch_error          Error's Display        -            no     owner
//   ant_fetch_response_drop  drop(Response)         -            no     owner

#ifndef ANT_FETCH_FETCH_H
#define ANT_FETCH_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/waitlist.h"

typedef struct ant_fetch_core ant_fetch_core;
typedef struct ant_fetch_exchange ant_fetch_exchange;
struct json_t; // jansson

// {0} is dropped.
typedef struct ant_fetch_client {
    ant_fetch_core *core;
} ant_fetch_client;

// {0} is dropped.
typedef struct ant_fetch_response {
    ant_fetch_exchange *exchange;
    int status; // 200, 404, …
} ant_fetch_response;

// What is asked for. Zero means the default. The texts are copied.
typedef struct ant_fetch_request {
    const char *url;
    const char *method;         // "GET", or "POST" when there is a body
    const char *const *headers; // "Name: value", a NULL at the end
    const void *body;
    size_t body_len;
    const struct json_t *json; // a body, in the place of bytes
    uint32_t timeout_ms;       // 30 s for all of it
    uint32_t connect_ms;       // 10 s of that to connect
    uint32_t redirects_max;    // 10; ANT_FETCH_NO_REDIRECTS
    uint64_t body_bytes_max;   // 16 MiB of the answer
} ant_fetch_request;

#define ANT_FETCH_NO_REDIRECTS UINT32_MAX

// Its result: the status, or -errno. Then `response` is the caller's, also
// after an error, of which it knows the words.
struct ant_fetch_send {
    ant_future base;
    ant_fetch_response response;
    int err; // of making it
    ant_waiter waiter;
};

// Its result: 0 or -errno.
struct ant_fetch_text {
    ant_future base;
    ant_fetch_exchange *exchange;
    // Outputs, good as long as the response is; there is a 0 behind the text.
    const char *text;
    size_t len;
    ant_waiter waiter;
};

// Makes a client and starts its task. 0; -ENOMEM; -ECANCELED when the runtime
// ends; -ENOTSUP in a simulation, where there is nobody to talk to.
ANT_MUST_USE int ant_fetch_client_new(ant_fetch_client *ret_client);
void ant_fetch_client_drop(ant_fetch_client *client);

// Asks, and waits for the head of the answer.
#define ant_fetch_send(client, request)                                        \
    ant__fetch_send((client), (request), __FILE__, __LINE__)
#define ant_fetch_get(client, url_)                                            \
    ant_fetch_send((client), (&(ant_fetch_request){ .url = (url_) }))
#define ant_fetch_post(client, url_, json_)                                    \
    ant_fetch_send((client),                                                   \
                   (&(ant_fetch_request){                                      \
                       .url = (url_), .method = "POST", .json = (json_) }))

// Waits for all of the body.
#define ant_fetch_text(response) ant__fetch_text((response), __LINE__)

// The value of a header, in any case of letters; NULL for none. Good as long as
// the response is.
const char *ant_fetch_header(const ant_fetch_response *response,
                             const char *name);

// What the body says, which was read before: the caller's. NULL when it is no
// JSON; then ant_fetch_error says where it goes wrong.
ANT_MUST_USE struct json_t *ant_fetch_json(const ant_fetch_response *response);

// What went wrong, for people. Never NULL.
const char *ant_fetch_error(const ant_fetch_response *response);

// Gives the answer back; when it has not come to its end, breaks it off.
void ant_fetch_response_drop(ant_fetch_response *response);

ANT_MUST_USE struct ant_fetch_send
ant__fetch_send(const ant_fetch_client *client,
                const ant_fetch_request *request, const char *file,
                uint32_t line);
ANT_MUST_USE struct ant_fetch_text
ant__fetch_text(const ant_fetch_response *response, uint32_t line);

#endif
