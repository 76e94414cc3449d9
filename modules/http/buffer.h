// SPDX-License-Identifier: MIT
//
// A buffer is a row of bytes that grows at its end and is used up from its
// beginning: what was read and not yet looked at, what is to be written. {0} is
// an empty one that holds no memory. Its owner's.

#ifndef ANT_HTTP_BUFFER_H
#define ANT_HTTP_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

#include "base/macros.h"

typedef struct ant_http_buffer {
    char *bytes;
    size_t size;
    size_t begin; // of what is in it
    size_t end;
} ant_http_buffer;

static inline size_t ant__http_buffer_len(const ant_http_buffer *buffer)
{
    return buffer->end - buffer->begin;
}

// Makes room for `room` more bytes behind its end; what is in it may move. 0 or
// -ENOMEM.
ANT_MUST_USE int ant__http_buffer_reserve(ant_http_buffer *buffer, size_t room);

// Adds bytes, or text, at the end. 0 or -ENOMEM, and then it is as it was.
ANT_MUST_USE int ant__http_buffer_add(ant_http_buffer *buffer,
                                      const void *bytes, size_t len);
ANT_MUST_USE int ant__http_buffer_print(ant_http_buffer *buffer,
                                        const char *format, ...)
    ANT_PRINTF(2, 3);
ANT_MUST_USE int ant__http_buffer_vprint(ant_http_buffer *buffer,
                                         const char *format, va_list args)
    ANT_PRINTF(2, 0);

// Takes away the first `len` bytes.
void ant__http_buffer_use(ant_http_buffer *buffer, size_t len);

// Gives its memory back: it is {0} then.
void ant__http_buffer_deinit(ant_http_buffer *buffer);

#endif
