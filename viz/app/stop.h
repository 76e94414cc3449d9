// SPDX-License-Identifier: MIT
//
// Ctrl-C as a flag: a command that writes a file looks at it, stops and leaves
// nothing half done behind. A second Ctrl-C ends the program at once.

#ifndef ANT_APP_STOP_H
#define ANT_APP_STOP_H

#include <signal.h>

// From now on SIGINT, SIGTERM and SIGHUP set the flag that this returns.
const volatile sig_atomic_t *app_stop(void);

#endif
