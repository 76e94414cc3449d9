// SPDX-License-Identifier: MIT
//
// A WebSocket server for tests: at /echo it gives back each message, until the
// other side says goodbye or makes a mistake.

#ifndef ANT_TESTS_SUPPORT_WS_ECHO_H
#define ANT_TESTS_SUPPORT_WS_ECHO_H

#include "http/server.h"

extern const ant_http_route ws_echo_routes[];

// How the last connection ended: what the last receive gave, and the code of
// the goodbye. To be read when the server is over.
extern int ws_echo_result, ws_echo_code;

#endif
