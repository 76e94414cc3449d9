// SPDX-License-Identifier: MIT
//
// Text as it stands in an address: %41 is an A, and in a query a plus is a
// space. A zero byte is not text.

#ifndef ANT_HTTP_TEXT_H
#define ANT_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

// Whether each percent sign is followed by two digits that are not 00.
bool ant__http_text_is_encoded(const char *text, size_t len);

// The next character of text that is encoded well, at *at, which moves on.
int ant__http_text_next(const char *text, size_t len, size_t *at);

// Writes what the text says, with a 0 behind it. Its length; -EBADMSG when it
// is not encoded well, -EMSGSIZE when it does not fit.
ANT_MUST_USE int ant__http_text_decode(const char *text, size_t len,
                                       char *ret_text, size_t size);

#endif
