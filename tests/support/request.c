// SPDX-License-Identifier: MIT

#include "support/request.h"

#include <string.h>

#include "http/answer.h"
#include "http/body.h"
#include "support/plug.h"

int request_open(ant_http *http, const char *text,
                 const ant_cancellation_token *stop)
{
    static const ant_http_limits limits = { .body_bytes_max = 1000,
                                            .body_ms = 60000,
                                            .body_rate_min = 1,
                                            .write_ms = 60000 };
    const size_t head_len = (size_t)(strstr(text, "\r\n\r\n") - text) + 4;
    *http = (ant_http){ .io = plug_end[0], .limits = &limits, .stop = stop };
    plug_end[0] = (ant_io){ 0 };
    ant_http_buffer *in = &http->in;
    int err = ant__http_buffer_reserve(in, 1000);
    if (err == 0) err = ant__http_buffer_add(in, text, strlen(text));
    if (err == 0)
        err = ant__http_head_parse(&http->request, in->bytes, head_len);
    in->begin = http->head_end = head_len;
    ant__http_body_begin(http);
    ant__http_answer_begin(http);
    return err;
}

void request_close(ant_http *http)
{
    ant_io_close(&http->io);
    ant__http_buffer_deinit(&http->in);
    ant__http_buffer_deinit(&http->out);
    ant__http_buffer_deinit(&http->body);
    ant__http_buffer_deinit(&http->fields);
}
