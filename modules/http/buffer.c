// SPDX-License-Identifier: MIT

#include "http/buffer.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

int ant__http_buffer_reserve(ant_http_buffer *self, size_t room)
{
    if (self->size - self->end >= room) return 0;
    const size_t len = ant__http_buffer_len(self);
    if (room > SIZE_MAX / 2 - len) return -ENOMEM;
    // The place at the beginning is as good as new memory, unless there is so
    // little of it that moving would never end.
    if (self->size >= len + room && self->begin >= len) {
        if (len > 0) memmove(self->bytes, self->bytes + self->begin, len);
    } else {
        size_t size = self->size * 2;
        if (size < len + room) size = len + room;
        char *bytes = ant_mem_alloc(size);
        if (bytes == NULL) return -ENOMEM;
        if (len > 0) memcpy(bytes, self->bytes + self->begin, len);
        ant_mem_free(self->bytes);
        self->bytes = bytes;
        self->size = size;
    }
    self->begin = 0;
    self->end = len;
    return 0;
}

int ant__http_buffer_add(ant_http_buffer *self, const void *bytes, size_t len)
{
    if (len == 0) return 0;
    const int err = ant__http_buffer_reserve(self, len);
    if (err < 0) return err;
    memcpy(self->bytes + self->end, bytes, len);
    self->end += len;
    return 0;
}

int ant__http_buffer_print(ant_http_buffer *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int err = ant__http_buffer_vprint(self, format, args);
    va_end(args);
    return err;
}

int ant__http_buffer_vprint(ant_http_buffer *self, const char *format,
                            va_list args)
{
    va_list again;
    va_copy(again, args);
    const int len = vsnprintf(NULL, 0, format, args);
    int err = len < 0 ? -EINVAL : 0;
    // There is a 0 behind it, which does not count.
    if (err == 0) err = ant__http_buffer_reserve(self, (size_t)len + 1);
    if (err == 0) {
        (void)vsnprintf(self->bytes + self->end, (size_t)len + 1, format,
                        again);
        self->end += (size_t)len;
    }
    va_end(again);
    return err;
}

void ant__http_buffer_use(ant_http_buffer *self, size_t len)
{
    ANT_ASSERT(len <= ant__http_buffer_len(self));
    self->begin += len;
    if (self->begin == self->end) self->begin = self->end = 0;
}

void ant__http_buffer_deinit(ant_http_buffer *self)
{
    ant_mem_free(self->bytes);
    *self = (ant_http_buffer){ 0 };
}
