// SPDX-License-Identifier: MIT

#include "app/encoder.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int spawn(app_encoder *encoder, int input, const char *const *argv);

int app_encoder_open(app_encoder *encoder, args_size size, unsigned fps,
                     const char *const *args)
{
    char frame_size[32], rate[16];
    snprintf(frame_size, sizeof frame_size, "%dx%d", size.w, size.h);
    snprintf(rate, sizeof rate, "%u", fps);
    const char *argv[ENCODER_ARG_MAX] = {
        "ffmpeg",      "-y",       "-loglevel",     "error",
        "-f",          "rawvideo", "-pixel_format", "bgra",
        "-video_size", frame_size, "-framerate",    rate,
        "-i",          "-",
    };
    size_t n = 0;
    while (argv[n] != NULL)
        n++;
    for (; *args != NULL && n + 1 < ENCODER_ARG_MAX; args++)
        argv[n++] = *args;

    // A child that has gone is an error of write, not the end of us.
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    int err = spawn(encoder, ends[0], argv);
    close(ends[0]);
    encoder->fd = ends[1];
    if (err < 0) close(ends[1]);
    return err;
}

// In a process group of its own: Ctrl-C is for us to hear, and we tell it.
static int spawn(app_encoder *encoder, int input, const char *const *argv)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *const *args = (char *const *)(const void *)argv;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int err = posix_spawnp(&encoder->pid, argv[0], &actions, &attributes, args,
                           environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return err == ENOENT ? -ENOPKG : -err;
}

static int put_bytes(int fd, const char *data, size_t len,
                     const volatile sig_atomic_t *stop)
{
    while (len > 0) {
        if (*stop) return -EINTR;
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -errno;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

int app_encoder_put(app_encoder *encoder, const plat_image *image,
                    const volatile sig_atomic_t *stop)
{
    const char *line = (const char *)image->pixels;
    size_t line_bytes = (size_t)image->width * sizeof *image->pixels;
    if (line_bytes == image->stride) {
        return put_bytes(encoder->fd, line, line_bytes * (size_t)image->height,
                         stop);
    }
    int err = 0;
    for (int y = 0; y < image->height && err == 0; y++) {
        err = put_bytes(encoder->fd, line + (size_t)y * image->stride,
                        line_bytes, stop);
    }
    return err;
}

int app_encoder_close(app_encoder *encoder, int err)
{
    close(encoder->fd);
    if (err == -EINTR) kill(encoder->pid, SIGKILL);
    int status = 0;
    while (waitpid(encoder->pid, &status, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    bool is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (err == -EINTR || is_good) return err;
    return -EIO;
}
