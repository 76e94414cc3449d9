// SPDX-License-Identifier: MIT
//
// The answer to a request, from the connection's side: what a handler did not
// say, and how the answer ends.

#ifndef ANT_HTTP_ANSWER_H
#define ANT_HTTP_ANSWER_H

#include "http/http.h"

// A new exchange: nothing was answered yet.
void ant__http_answer_begin(ant_http *http);

// Answers with a status and its words, after which the connection may end.
int ant__http_answer_refuse(ant_http *http, int status);

// What was added to `out` since it had `before` bytes is an answer, or, when
// `err` says that a part of it is missing, none: then it is taken out again,
// and the handler may give another one. `err`.
int ant__http_answer_keep_or_undo(ant_http *http, size_t before, int err);

// The handler has ended with `result`: the answer is complete now. 0 or
// -ENOMEM.
ANT_MUST_USE int ant__http_answer_end(ant_http *http, int result);

#endif
