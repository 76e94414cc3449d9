// SPDX-License-Identifier: MIT
//
// An ant_io is one end of a channel of bytes to somewhere: a TCP connection, a
// Unix socket, a pipe, the terminal, the input of a child process. All are read
// and written by the same futures. Tokio: AsyncReadExt, AsyncWriteExt.
//
//   case ECHO_START:
//       self->read = ant_read(&self->conn, self->buf, sizeof self->buf);
//       return ANT_NEXT(ECHO_READING);
//   case ECHO_READING:
//       ANT_AWAIT(self->read);
//       if (self->read.base.result <= 0) return ANT_READY; // end, or error
//       self->write = ant_write_all(&self->conn, self->buf,
//                                   (size_t)self->read.base.result);
//       return ANT_NEXT(ECHO_WRITING);
//
// A handle belongs to one task, which closes it (in the drop function of the
// future that holds it). It may be read and written at the same time, by two
// futures of a join. For two tasks it is split in two halves, which both are
// closed. The task that reads is the one whose worker calls read(2): the system
// says only when that makes sense, and the first try comes before the first
// wait.
//
// What waits while the handle is closed ends with -ECANCELED, and with
// -ESHUTDOWN when the runtime does; the descriptor is closed when nobody is
// using it any more. In a simulation there are TCP and Unix connections too,
// within the process; the rest is -ENOTSUP there.
//
// Cancel-safe: a read or write that is dropped has done nothing that its owner
// does not know of. Dropped in the middle, a read_exact or write_all has moved
// `done` bytes, and goes on from there when you make another for the rest.
//
//   function         Tokio                     cancel-safe    alloc  threads
//   ant_read         AsyncReadExt::read        yes            no     owner
//   ant_read_exact   AsyncReadExt::read_exact  no, half done  no     owner
//   ant_write        AsyncWriteExt::write      yes            no     owner
//   ant_write_all    AsyncWriteExt::write_all  no, half done  no     owner
//   ant_try_read     TcpStream::try_read       -              no     owner
//   ant_try_write    TcpStream::try_write      -              no     owner
//   ant_io_shutdown  AsyncWriteExt::shutdown   -              no     owner
//   ant_io_split     TcpStream::into_split     -              no     owner
//   ant_io_pair      UnixStream::pair          -              yes    inside
//   ant_io_close     drop(stream)              -              no     owner
//   ant_io_peer      TcpStream::peer_addr      -              no     owner
//   ant_io_local     TcpStream::local_addr     -              no     owner
//   ant_io_name      -                         -              no     owner
//   ant_io_fd        AsRawFd                   -              no     owner
//
// Inside is a thread that runs a runtime's tasks, or has entered it.

#ifndef ANT_IO_IO_H
#define ANT_IO_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "io/addr.h"
#include "io/source.h"

// {0} is closed.
typedef struct ant_io {
    ant_source *source;
    uint8_t sides; // that this handle has: bits 1 << ANT_SIDE_…
} ant_io;

// What the four futures below have in common.
typedef struct ant_transfer {
    ant_source_op op;
    unsigned char *bytes; // to or from here
    size_t len;
    size_t done; // bytes that were moved
} ant_transfer;

// Its result: how many bytes came, at most `len`; 0 at the end, or -errno.
struct ant_read {
    ant_future base;
    ant_transfer move;
};

// Its result: 0, or -EPIPE when the end came before `len` bytes did.
struct ant_read_exact {
    ant_future base;
    ant_transfer move;
};

// Its result: how many bytes went out, or -errno; -EPIPE when nobody reads.
struct ant_write {
    ant_future base;
    ant_transfer move;
};

// Its result: 0 when all went out, or -errno.
struct ant_write_all {
    ant_future base;
    ant_transfer move;
};

// `buf` has place for `len` bytes, or holds them, and stays where it is until
// the future ends.
#define ant_read(io, buf, len) ant__read((io), (buf), (len), __LINE__)
#define ant_read_exact(io, buf, len)                                           \
    ant__read_exact((io), (buf), (len), __LINE__)
#define ant_write(io, buf, len)     ant__write((io), (buf), (len), __LINE__)
#define ant_write_all(io, buf, len) ant__write_all((io), (buf), (len), __LINE__)

// What can be done at once: as ant_read and ant_write, or -EAGAIN.
ANT_MUST_USE int ant_try_read(const ant_io *io, void *buf, size_t len);
ANT_MUST_USE int ant_try_write(const ant_io *io, const void *buf, size_t len);

// The other side reads the end after what was written so far. 0, -ENOTCONN.
int ant_io_shutdown(const ant_io *io);

// Makes two halves of a handle, which is closed then: one that reads, one that
// writes. Closing the second is also a shutdown.
void ant_io_split(ant_io *io, ant_io *ret_reader, ant_io *ret_writer);

// A connection whose two ends are both here. 0 or -errno.
#define ant_io_pair(ret_ends) ant__io_pair((ret_ends), __FILE__, __LINE__)

// Ends all operations on it and gives it up. Dropping twice does nothing.
void ant_io_close(ant_io *io);

// Where it was before: the other end's address, and this one's. 0 or -errno.
int ant_io_peer(const ant_io *io, ant_addr *ret_addr);
int ant_io_local(const ant_io *io, ant_addr *ret_addr);

// How traces and reports call it. Before the first operation on it.
void ant_io_name(const ant_io *io, const char *name);

// The descriptor, which stays the handle's; -ENOTSUP in a simulation.
int ant_io_fd(const ant_io *io);

ANT_MUST_USE int ant__io_pair(ant_io ret_ends[2], const char *file,
                              uint32_t line);

// A handle for both sides of a new source.
static inline ant_io ant__io_of(ant_source *source)
{
    return (ant_io){ .source = source, .sides = ANT_SIDES_BOTH };
}

// ---- The constructors ----

// What is written is only read.
ANT_MUST_USE static inline ant_transfer ant__transfer(const ant_io *io,
                                                      ant_side side,
                                                      const void *buf,
                                                      size_t len, uint32_t line)
{
    ANT_ASSERT(io->source != NULL);               // it was closed before
    ANT_ASSERT(io->sides & 1u << (unsigned)side); // the wrong half
    ant_transfer move;
    move.op = ant__source_op(io->source, side, line);
    move.bytes = (unsigned char *)(uintptr_t)buf;
    move.len = len;
    move.done = 0;
    return move;
}

// Member by member: a compiler writes it into its place.
#define ANT__TRANSFER(name, side, bytes)                                       \
    extern ant_future_ops *const ant__##name##_ops;                            \
    ANT_MUST_USE static inline struct ant_##name ant__##name(                  \
        const ant_io *io, bytes buf, size_t len, uint32_t line)                \
    {                                                                          \
        struct ant_##name self;                                                \
        self.base = (ant_future)ANT__NEW_BASE(ant__##name##_ops);              \
        self.move = ant__transfer(io, side, buf, len, line);                   \
        return self;                                                           \
    }

ANT__TRANSFER(read, ANT_SIDE_IN, void *)
ANT__TRANSFER(read_exact, ANT_SIDE_IN, void *)
ANT__TRANSFER(write, ANT_SIDE_OUT, const void *)
ANT__TRANSFER(write_all, ANT_SIDE_OUT, const void *)

#endif
