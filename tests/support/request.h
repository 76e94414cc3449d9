// SPDX-License-Identifier: MIT
//
// A request as its handler sees it, at the first end of a connection
// (support/plug.h), with no server around it.

#ifndef ANT_TESTS_SUPPORT_REQUEST_H
#define ANT_TESTS_SUPPORT_REQUEST_H

#include "http/http.h"

// It takes plug_end[0] over. 0 or -errno; `head` may have some of the body
// behind it.
ANT_MUST_USE int request_open(ant_http *http, const char *text,
                              const ant_cancellation_token *stop);
void request_close(ant_http *http);

#endif
