// SPDX-License-Identifier: MIT
//
// A folder that is watched: something is done again whenever one of its files
// is saved, until somebody stops it. It looks a few times a second, which works
// on every file system.

#ifndef ANT_APP_WATCH_H
#define ANT_APP_WATCH_H

// What is done, and its exit status.
typedef int (*app_watch_fn)(void *arg);

// Does it once, and after each change of the folder. What it returned last,
// when it is stopped.
int app_watch(const char *folder, app_watch_fn on_change, void *arg);

#endif
