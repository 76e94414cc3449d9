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

// The handler has ended with `result`: the answer is complete now. 0 or
// -ENOMEM.
ANT_MUST_USE int ant__http_answer_end(ant_http *http, int result);

#endif
