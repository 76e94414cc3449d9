// SPDX-License-Identifier: MIT
//
// Ways for bytes that are no connections: a pipe within the program, the
// program's own input and output, and whatever descriptor one has. All of them
// are an ant_io (io/io.h). Tokio: tokio::io::simplex, stdin, stdout, AsyncFd.
//
//   case PIPE_START:
//       err = ant_pipe(&self->reader, &self->writer);
//       if (err < 0) return ANT_FAIL(err);
//       self->write = ant_write_all(&self->writer, "drip", 4);
//       return ANT_NEXT(PIPE_WRITING);
//
// The standard streams are opened a second time where the system can do that,
// so that the shell, which has them too, does not find them changed. A file or
// a terminal that does not know waiting is read and written at once, and its
// worker waits for it: files are better read by io/file.h.
//
//   function       Tokio         cancel-safe  alloc  threads
//   ant_pipe       io::simplex   -            yes    a runtime's
//   ant_io_stdin   io::stdin     -            yes    a runtime's
//   ant_io_stdout  io::stdout    -            yes    a runtime's
//   ant_io_adopt   AsyncFd::new  -            yes    a runtime's

#ifndef ANT_IO_PIPE_H
#define ANT_IO_PIPE_H

#include <stdint.h>

#include "base/macros.h"
#include "io/io.h"

// A pipe: what goes into the writer comes out of the reader. 0 or -errno.
#define ant_pipe(ret_reader, ret_writer)                                       \
    ant__pipe((ret_reader), (ret_writer), __FILE__, __LINE__)

// The program's input and output. 0 or -errno; in a simulation -ENOTSUP.
#define ant_io_stdin(ret_io)  ant__io_stdio(0, (ret_io), __FILE__, __LINE__)
#define ant_io_stdout(ret_io) ant__io_stdio(1, (ret_io), __FILE__, __LINE__)

// Makes a handle of a descriptor, which is closed with it and never blocks from
// now on. 0 or -errno, and then it is still the caller's.
#define ant_io_adopt(fd, ret_io)                                               \
    ant__io_adopt((fd), (ret_io), __FILE__, __LINE__)

ANT_MUST_USE int ant__pipe(ant_io *ret_reader, ant_io *ret_writer,
                           const char *file, uint32_t line);
ANT_MUST_USE int ant__io_stdio(int fd, ant_io *ret_io, const char *file,
                               uint32_t line);
ANT_MUST_USE int ant__io_adopt(int fd, ant_io *ret_io, const char *file,
                               uint32_t line);

#endif
