// SPDX-License-Identifier: MIT

#include "core/waker_slot.h"

void ant__waker_slot_store(ant_os_mutex *lock, ant_waker *slot,
                           const ant_waker *waker)
{
    ant_os_mutex_lock(lock);
    const bool is_known = ant_waker_same(slot, waker);
    ant_os_mutex_unlock(lock);
    if (is_known) return;

    ant_waker fresh = ant_waker_clone(waker);
    ant_os_mutex_lock(lock);
    ant_waker old = ant_waker_take(slot);
    *slot = fresh;
    ant_os_mutex_unlock(lock);
    ant_waker_drop(&old);
}

void ant__waker_slot_clear(ant_os_mutex *lock, ant_waker *slot)
{
    ant_os_mutex_lock(lock);
    ant_waker old = ant_waker_take(slot);
    ant_os_mutex_unlock(lock);
    ant_waker_drop(&old);
}
