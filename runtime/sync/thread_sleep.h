// SPDX-License-Identifier: MIT
//
// A sleep that stops the whole thread, with every task on it: what a call into
// a slow library does to a runtime. Programs that mean a pause of one task use
// ant_sleep (time/sleep.h). Rust: std::thread::sleep.
//
//   ant_thread_sleep(30); // nobody on this worker moves for 30 ms
//
// In a simulation only the virtual thread stands still, in virtual time. Any
// thread, inside or outside of a runtime; allocates nothing.
//
//   function          Tokio               cancel-safe  alloc  threads
//   ant_thread_sleep  std::thread::sleep  -            no     any

#ifndef ANT_SYNC_THREAD_SLEEP_H
#define ANT_SYNC_THREAD_SLEEP_H

#include <stdint.h>

// Stops the calling thread for `ms` milliseconds.
#define ant_thread_sleep(ms) ant__thread_sleep((ms), __FILE__, __LINE__)

void ant__thread_sleep(uint64_t ms, const char *file, uint32_t line);

#endif
