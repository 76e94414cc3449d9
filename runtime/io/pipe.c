// SPDX-License-Identifier: MIT

#include "io/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int ant__pipe(ant_io *ret_reader, ant_io *ret_writer, const char *file,
              uint32_t line)
{
    ant_io end[2], unused[2];
    const int err = ant__io_pair(end, file, line);
    if (err < 0) return err;
    ant_io_name(&end[0], "pipe, reader");
    ant_io_name(&end[1], "pipe, writer");
    ant_io_split(&end[0], ret_reader, &unused[0]);
    ant_io_split(&end[1], &unused[1], ret_writer);
    ant_io_close(&unused[0]);
    ant_io_close(&unused[1]);
    return 0;
}

// A description of its own, so that what is set on it is not set for others;
// a socket has none, and is shared.
static int open_again(int fd)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const int flags = (fd == 0 ? O_RDONLY : O_WRONLY) | O_APPEND;
    const int own = open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (own >= 0) return own;
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return copy >= 0 ? copy : -errno;
}

int ant__io_stdio(int fd, ant_io *ret_io, const char *file, uint32_t line)
{
    const int own = open_again(fd);
    if (own < 0) return own;
    const int err = ant__io_adopt(own, ret_io, file, line);
    if (err < 0) {
        (void)close(own);
        return err;
    }
    ant_io_name(ret_io, fd == 0 ? "stdin" : "stdout");
    return 0;
}

int ant__io_adopt(int fd, ant_io *ret_io, const char *file, uint32_t line)
{
    ant_net *net = ant__net_here("ant_io_adopt");
    ant_source *source;
    const int err = net->ops->adopt(net, fd, &source);
    if (err < 0) return err;
    ant__source_origin(source, file, line);
    *ret_io = ant__io_of(source);
    return 0;
}
