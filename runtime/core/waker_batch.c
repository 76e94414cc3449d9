// SPDX-License-Identifier: MIT

#include "core/waker_batch.h"

void ant_waker_batch_wake(ant_waker_batch *batch, ant_why why)
{
    for (uint32_t i = 0; i < batch->count; i++)
        ant__waker_wake_for(&batch->waker[i], why);
    batch->count = 0;
}
