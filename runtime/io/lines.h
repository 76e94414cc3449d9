// SPDX-License-Identifier: MIT
//
// Lines out of bytes: reads from an ant_io or a file into a buffer of yours and
// gives one line after the other, without its end ("\n" or "\r\n"). The last
// line of an input needs no end. Tokio: AsyncBufReadExt::lines,
// Lines::next_line.
//
//   case COUNT_START:
//       self->next = ant_lines_next(&self->lines);
//       return ANT_NEXT(COUNT_READING);
//   case COUNT_READING:
//       ANT_AWAIT(self->next);
//       if (self->next.base.result < 0)
//           return ANT_FAIL(self->next.base.result);
//       if (self->next.base.result == 0) return ANT_READY; // the end
//       self->count++;
//       self->bytes += self->next.len;
//       return ANT_NEXT(COUNT_START);
//
// A line is text in the buffer, ends with a 0 there, and is good until the next
// one is asked for. A line that does not fit, with its end, is -EMSGSIZE: no
// peer can make a program use more memory than it has set aside. The reader
// borrows the handle and the buffer, and needs no closing.
//
//   function           Tokio             cancel-safe        alloc  threads
//   ant_lines_of       BufReader::lines  -                  no     owner
//   ant_lines_of_file  BufReader::lines  -                  no     owner
//   ant_lines_next     Lines::next_line  yes, not of files  files  owner

#ifndef ANT_IO_LINES_H
#define ANT_IO_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/future.h"
#include "io/file.h"
#include "io/io.h"

typedef struct ant_lines {
    const ant_io *io;
    const ant_file *file; // in the place of `io`
    char *buf;
    size_t size;
    size_t begin; // of what is not given out yet
    size_t end;
    size_t seen; // up to here there is no end of a line
    bool has_ended;
} ant_lines;

// Its result: 1 for a line, 0 at the end, or -errno.
struct ant_lines_next {
    ant_future base;
    enum { LINES_START, LINES_READING, LINES_READING_FILE } state;
    ant_lines *lines;
    const char *text; // an output
    size_t len;       // an output
    uint32_t line;
    struct ant_read read;
    struct ant_file_op file_read;
};

// A reader of lines of up to `size` - 1 bytes with their ends.
ant_lines ant_lines_of(const ant_io *io, char *buf, size_t size);
ant_lines ant_lines_of_file(const ant_file *file, char *buf, size_t size);

// Waits for the next line.
#define ant_lines_next(lines) ant__lines_next((lines), __LINE__)

ANT_MUST_USE struct ant_lines_next ant__lines_next(ant_lines *lines,
                                                   uint32_t line);

#endif
