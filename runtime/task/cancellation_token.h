// SPDX-License-Identifier: MIT
//
// A cancellation token tells any number of tasks that it is time to stop. It
// stops nothing by itself: tasks wait for it, beside their work, and end as
// they see fit. A token is a counted handle; clones are equal, each belongs to
// its owner, who drops it. A child token is cancelled with its parent, but not
// the other way round. Tokio: tokio_util::sync::CancellationToken.
//
//   int err = ant_cancellation_token_new("shutdown", &self->stop);
//   if (err < 0) return ANT_FAIL(err);
//   self->nap = ant_sleep(60000);
//   self->work = ant_run_until_cancelled(&self->stop, &self->nap.base);
//   ant_cancellation_token_cancel(&self->stop); // from anywhere
//   return ANT_NEXT(SERVER_WORKING);
//
//   case SERVER_WORKING:
//       ANT_AWAIT(self->work);
//       if (self->work.is_cancelled) puts("stopped in time");
//       ant_cancellation_token_drop(&self->stop);
//
// The hard thing is a tree of tokens that is cancelled while others clone, drop
// and wait, from many threads. All tokens of a tree share one lock for its
// shape; cancelling marks the whole branch under it, level by level and not
// with a call for each level, and wakes those who wait after it. A token that
// everybody has dropped leaves the tree; its children move up to its parent.
//
//   function                            Tokio          cancel   alloc threads
//   ant_cancellation_token_new          ::new          -        yes   any
//   ant_cancellation_token_child_token  ::child_token  -        yes   any
//   ant_cancellation_token_clone        ::clone        -        no    any
//   ant_cancellation_token_drop         drop           -        no    any
//   ant_cancellation_token_cancel       ::cancel       -        no    any
//   ant_cancellation_token_is_cancelled ::is_cancelled -        no    any
//   ant_cancellation_token_cancelled    ::cancelled    yes      no    any
//   ant_run_until_cancelled             run_until_…    as inner no    any
//   ant_cancellation_token_drop_guard   ::drop_guard   -        no    any
//   ant_drop_guard_drop                 drop(guard)    -        no    any
//   ant_drop_guard_disarm               ::disarm       -        no    any
//
// Any thread may call any of them; a token that one thread drops no other uses.

#ifndef ANT_TASK_CANCELLATION_TOKEN_H
#define ANT_TASK_CANCELLATION_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "core/waitlist.h"

typedef struct ant_token_node ant_token_node;

// {0} is dropped.
typedef struct ant_cancellation_token {
    ant_token_node *node;
} ant_cancellation_token;

// A token that is cancelled by being dropped. {0} is dropped or disarmed.
typedef struct ant_drop_guard {
    ant_cancellation_token token;
} ant_drop_guard;

// READY when the token is cancelled. While it waits it counts as a handle.
struct ant_cancellation_token_cancelled {
    ant_future base;
    ant_token_node *node;
    bool is_waiting;
    ant_waiter waiter;
};

// READY with the result of the future in it; or, when the token was cancelled
// first, with -ECANCELED, and that future was dropped.
struct ant_run_until_cancelled {
    ant_future base;
    const char *name; // of the future in the source
    ant_future *inner;
    bool is_cancelled;
    bool has_started;
    struct ant_cancellation_token_cancelled cancelled;
};

// Makes a token. 0 or -ENOMEM. The name, for the trace, must outlive it.
#define ant_cancellation_token_new(name, ret_token)                            \
    ant__cancellation_token_new((name), (ret_token), __FILE__, __LINE__)

// Makes a token that is cancelled when `parent` is, at once when it was. 0 or
// -ENOMEM.
#define ant_cancellation_token_child_token(parent, ret_token)                  \
    ant__cancellation_token_child_token((parent), (ret_token), __FILE__,       \
                                        __LINE__)

// A second handle of the same token.
ANT_MUST_USE ant_cancellation_token
ant_cancellation_token_clone(const ant_cancellation_token *token);

// Gives the handle up, and cancels nothing. Dropping twice does nothing.
void ant_cancellation_token_drop(ant_cancellation_token *token);

// Cancels the token and all below it, for ever. Idempotent.
void ant_cancellation_token_cancel(const ant_cancellation_token *token);

// Whether it was cancelled.
ANT_MUST_USE bool
ant_cancellation_token_is_cancelled(const ant_cancellation_token *token);

// Waits until the token is cancelled. Until its first poll, `token` must not be
// dropped.
#define ant_cancellation_token_cancelled(token)                                \
    ant__cancellation_token_cancelled((token), __LINE__)

// Polls `inner`, which lives beside it and ends with it, until the token is
// cancelled. It is not polled at all when that has happened before; in the same
// poll it wins against the token.
#define ant_run_until_cancelled(token, inner)                                  \
    ant__run_until_cancelled((token), (inner), #inner, __LINE__)

// Takes the handle over: dropping the guard, in the drop function of the future
// that holds it, cancels the token.
ANT_MUST_USE ant_drop_guard
ant_cancellation_token_drop_guard(ant_cancellation_token *token);

// Cancels the guard's token and gives it up. Dropping twice does nothing.
void ant_drop_guard_drop(ant_drop_guard *guard);

// Gives the handle back; the guard does nothing any more.
ANT_MUST_USE ant_cancellation_token
ant_drop_guard_disarm(ant_drop_guard *guard);

ANT_MUST_USE int ant__cancellation_token_new(const char *name,
                                             ant_cancellation_token *ret_token,
                                             const char *file, uint32_t line);
ANT_MUST_USE int
ant__cancellation_token_child_token(const ant_cancellation_token *parent,
                                    ant_cancellation_token *ret_token,
                                    const char *file, uint32_t line);
ANT_MUST_USE struct ant_cancellation_token_cancelled
ant__cancellation_token_cancelled(const ant_cancellation_token *token,
                                  uint32_t line);
ANT_MUST_USE struct ant_run_until_cancelled
ant__run_until_cancelled(const ant_cancellation_token *token, ant_future *inner,
                         const char *name, uint32_t line);

#endif
