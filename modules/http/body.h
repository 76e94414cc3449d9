// SPDX-License-Identifier: MIT
//
// The body of a request, from the connection's side: how it begins with a new
// request, and whether all of it was read.

#ifndef ANT_HTTP_BODY_H
#define ANT_HTTP_BODY_H

#include <stdbool.h>

#include "http/http.h"

// A request has come, and its head was used up.
void ant__http_body_begin(ant_http *http);

// A read that was dropped may have asked for it in part. The rest has to go out
// before anything else.
static inline bool ant__http_body_is_half_asked(const ant_http *http)
{
    return http->awaits_continue && http->asked > 0;
}

// Puts that rest into `out`. 0 or -ENOMEM.
ANT_MUST_USE int ant__http_body_end_asking(ant_http *http);

static inline bool ant__http_body_is_over(const ant_http *http)
{
    return http->request.is_chunked ? http->chunks.state == CHUNKS_ENDED
                                    : http->body_left == 0;
}

#endif
