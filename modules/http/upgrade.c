// SPDX-License-Identifier: MIT

#include "http/upgrade.h"

#include "http/answer.h"

int ant__http_upgrade(ant_http *http, const char *protocol)
{
    ANT_ASSERT(http->status == 0); // one answer to one request
    const size_t before = ant__http_buffer_len(&http->out);
    http->status = 101;
    int err = ant__http_buffer_print(&http->out,
                                     "HTTP/1.1 101 Switching Protocols\r\n"
                                     "Upgrade: %s\r\n"
                                     "Connection: Upgrade\r\n",
                                     protocol);
    if (err == 0)
        err = ant__http_buffer_add(&http->out, http->fields.bytes,
                                   http->fields.end);
    if (err == 0) err = ant__http_buffer_add(&http->out, "\r\n", 2);
    return ant__http_answer_keep_or_undo(http, before, err);
}

void ant__http_take(ant_http *http, ant_io *ret_io, ant_http_buffer *ret_rest)
{
    ANT_ASSERT(!http->is_taken);
    http->is_taken = true;
    *ret_io = http->io;
    *ret_rest = http->in;
    http->io = (ant_io){ 0 };
    http->in = (ant_http_buffer){ 0 };
    ant__http_buffer_deinit(&http->out);
    if (ant__http_buffer_len(ret_rest) == 0) ant__http_buffer_deinit(ret_rest);
}
