// SPDX-License-Identifier: MIT
//
// A waker slot is where a pending leaf future leaves its waker: a waker under
// somebody's lock. Only the future that waits stores into it; whoever ends the
// wait takes the waker out under the lock and uses it after unlocking.
//
// The hard thing: cloning and dropping a waker may run foreign code, which may
// come back to the same lock. So neither happens while it is held.

#ifndef ANT_CORE_WAKER_SLOT_H
#define ANT_CORE_WAKER_SLOT_H

#include "base/os.h"
#include "core/waker.h"

// Makes `slot`, which `lock` guards, hold a clone of `waker`. Afterwards look
// (again) whether the wait has ended: it may have, before this call, and then
// nobody will use what was stored. Drop it with ant__waker_slot_clear.
void ant__waker_slot_store(ant_os_mutex *lock, ant_waker *slot,
                           const ant_waker *waker);

// Drops what the slot holds, if anything.
void ant__waker_slot_clear(ant_os_mutex *lock, ant_waker *slot);

#endif
