// SPDX-License-Identifier: MIT
//
// The example of sync/thread_sleep.h: a whole thread stands still.

#include "antfarm.h"

int main(void)
{
    ant_thread_sleep(30); // nobody on this worker moves for 30 ms
    return 0;
}
