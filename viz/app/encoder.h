// SPDX-License-Identifier: MIT
//
// ffmpeg as a child: pictures go in through a pipe, a file comes out. Whoever
// opens it closes it; one thread.

#ifndef ANT_APP_ENCODER_H
#define ANT_APP_ENCODER_H

#include <signal.h>
#include <sys/types.h>

#include "plat/png.h"
#include "text/args.h"

typedef struct app_encoder {
    pid_t pid;
    int fd; // its end of the pipe
} app_encoder;

#define ENCODER_ARG_MAX 32

// Starts ffmpeg on pictures of this size. `args` is what follows its input:
// filters, the format, the file; NULL ends them. 0, or -errno: -ENOPKG when
// there is no ffmpeg.
ANT_MUST_USE int app_encoder_open(app_encoder *encoder, args_size size,
                                  unsigned fps, const char *const *args);

// Hands one picture over. 0 or -errno: -EPIPE when ffmpeg has given up, and
// -EINTR as soon as *stop is set.
ANT_MUST_USE int app_encoder_put(app_encoder *encoder, const plat_image *image,
                                 const volatile sig_atomic_t *stop);

// Waits until the file is written. With `err` below 0 it is not wanted any
// more and ffmpeg is stopped. Returns `err`, or -EIO when ffmpeg failed (it has
// said why on stderr).
ANT_MUST_USE int app_encoder_close(app_encoder *encoder, int err);

#endif
