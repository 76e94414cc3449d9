// SPDX-License-Identifier: MIT
//
// Signals of the system as something to wait for. Tokio: tokio::signal::unix.
//
//   err = ant_signal_open(SIGTERM, &self->term);
//   if (err < 0) return ANT_FAIL(err);
//   self->stop = ant_signal_recv(&self->term);
//   self->first = ant_select(&self->stop.base, &self->work.base);
//
// A listener hears of what comes after it was opened. Signals that come before
// the next recv count as one; after a recv another one is heard again. Every
// listener of every runtime hears each. As long as a runtime lives in which a
// signal was ever listened for, it does nothing else: a program that listens
// for SIGINT is not ended by it any more, until its runtime ends.
//
// In a simulation no signal comes from outside; ant_signal_raise sends one.
//
//   function          Tokio                 cancel-safe  alloc  threads
//   ant_signal_open   signal::unix::signal  -            yes    a runtime's
//   ant_signal_recv   Signal::recv          yes          no     owner
//   ant_signal_close  drop(signal)          -            no     owner
//   ant_ctrl_c        signal::ctrl_c        no           yes    a runtime's
//   ant_signal_raise  -                     -            no     a runtime's

#ifndef ANT_IO_SIGNAL_H
#define ANT_IO_SIGNAL_H

#include <signal.h>
#include <stdint.h>

#include "core/future.h"
#include "io/source.h"

// {0} is closed.
typedef struct ant_signal {
    ant_source *source;
} ant_signal;

// Its result: 0 when the signal has come, or -errno.
struct ant_signal_recv {
    ant_future base;
    ant_source_op op;
};

// Ready when SIGINT comes; it listens from its first poll on. Result: 0 or
// -errno.
struct ant_ctrl_c {
    ant_future base;
    enum { CTRL_C_START, CTRL_C_WAITING } state;
    uint32_t line;
    ant_signal signal;
    struct ant_signal_recv recv;
};

// Listens. 0, -EINVAL (no such signal, or one that cannot be caught), -ENOMEM.
#define ant_signal_open(signum, ret_signal)                                    \
    ant__signal_open((signum), (ret_signal), __FILE__, __LINE__)

// Waits until it comes, or came since the last recv.
#define ant_signal_recv(signal) ant__signal_recv((signal), __LINE__)

// Ends what waits on it with -ECANCELED.
void ant_signal_close(ant_signal *signal);

// Waits for the first SIGINT from now on.
#define ant_ctrl_c() ant__ctrl_c(__LINE__)

// Sends a signal to this program; in a simulation to its listeners. 0, -EINVAL.
int ant_signal_raise(int signum);

ANT_MUST_USE int ant__signal_open(int signum, ant_signal *ret_signal,
                                  const char *file, uint32_t line);
ANT_MUST_USE struct ant_signal_recv ant__signal_recv(const ant_signal *signal,
                                                     uint32_t line);
ANT_MUST_USE struct ant_ctrl_c ant__ctrl_c(uint32_t line);

#endif
