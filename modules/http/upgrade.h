// SPDX-License-Identifier: MIT
//
// A connection that goes on in another language: the handler of a request says
// so with status 101 and takes the socket. For modules on top of this one; a
// program uses theirs (ws/ws.h).

#ifndef ANT_HTTP_UPGRADE_H
#define ANT_HTTP_UPGRADE_H

#include "http/http.h"

// Puts the head of the answer, with the headers that were set, into http->out,
// from where ant__http_flush writes it. 0 or -ENOMEM.
ANT_MUST_USE int ant__http_upgrade(ant_http *http, const char *protocol);

// Takes the socket, and the bytes that came behind the request. When the
// handler ends, nothing more is said.
void ant__http_take(ant_http *http, ant_io *ret_io, ant_http_buffer *ret_rest);

#endif
