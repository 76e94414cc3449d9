// SPDX-License-Identifier: MIT

#include "chan/record.h"

void ant__chan_sent(ant_resource *channel, ant__chan_value value, uint32_t task,
                    size_t len)
{
    const uint32_t res = ant_resource_id(channel);
    ANT_TRACE(chan_send, .res = res, .task = task, .len = len);
    ant__halves_move(value.bytes, value.size, 0, res);
}

void ant__chan_received(ant_resource *channel, ant__chan_value value,
                        uint32_t task, size_t len)
{
    ANT_TRACE(chan_recv, .res = ant_resource_id(channel), .task = task,
              .len = len);
    ant__halves_move(value.bytes, value.size, task, 0);
}
