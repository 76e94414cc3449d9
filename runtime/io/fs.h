// SPDX-License-Identifier: MIT
//
// What is done with paths: read or write a whole file, copy, rename, remove,
// look at, list. Each is one job of the blocking pool (io/file.h). Tokio:
// tokio::fs.
//
//   case LOAD_START:
//       self->op = ant_fs_read_to_string(self->path, &self->text);
//       return ANT_NEXT(LOAD_READING);
//   case LOAD_READING:
//       ANT_AWAIT(self->op);
//       if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
//       self->line_count = count_lines(self->text.bytes);
//       ant_text_free(&self->text);
//       return ANT_READY;
//
// The texts that an operation is given stay where they are until its first
// poll, where its outcome goes until its end. One that is dropped is done
// nevertheless, and its outcome is given back.
//
//   function               Tokio               cancel-safe  alloc  threads
//   ant_fs_read_to_string  fs::read_to_string  yes          yes    a runtime's
//   ant_fs_write           fs::write           no, is done  yes    a runtime's
//   ant_fs_copy            fs::copy            no, is done  yes    a runtime's
//   ant_fs_metadata        fs::metadata        yes          yes    a runtime's
//   ant_fs_rename          fs::rename          no, is done  yes    a runtime's
//   ant_fs_remove_file     fs::remove_file     no, is done  yes    a runtime's
//   ant_fs_create_dir      fs::create_dir      no, is done  yes    a runtime's
//   ant_fs_remove_dir      fs::remove_dir      no, is done  yes    a runtime's
//   ant_fs_read_dir        fs::read_dir        yes          yes    a runtime's
//   ant_fs_walk            -                   yes          yes    a runtime's
//   ant_text_free          drop(String)        -            no     owner
//   ant_dir_free           drop(ReadDir)       -            no     owner

#ifndef ANT_IO_FS_H
#define ANT_IO_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/file.h"

// The bytes of a file, and a 0 behind them. {0} is none.
typedef struct ant_text {
    char *bytes;
    size_t len;
} ant_text;

typedef struct ant_metadata {
    uint64_t len;
    bool is_file;
    bool is_dir;
    bool is_symlink;      // only in a listing: metadata follows links
    uint32_t permissions; // 0644 and the like
    int64_t modified_ns;  // since 1970
} ant_metadata;

typedef struct ant_dir_entry {
    const char *path; // from the folder that was listed
    ant_metadata about;
} ant_dir_entry;

// What is in a folder, by name. {0} is nothing.
typedef struct ant_dir {
    ant_dir_entry *entry;
    size_t count;
} ant_dir;

// The results are 0 or -errno, as the system has it: -ENOENT, -EACCES, -EISDIR,
// -ENOTDIR, -EEXIST, -ENOTEMPTY, -ENOSPC; -EFBIG when a file to be read is
// longer than 1 GiB.

// All of a file; the caller frees it.
ANT_MUST_USE struct ant_file_op ant_fs_read_to_string(const char *path,
                                                      ant_text *ret_text);
void ant_text_free(ant_text *text);

// Makes a file of these bytes, in the place of one that was there.
ANT_MUST_USE struct ant_file_op ant_fs_write(const char *path,
                                             const void *bytes, size_t len);

// Copies a file, with its permissions. *ret_bytes is how long it is.
ANT_MUST_USE struct ant_file_op ant_fs_copy(const char *from, const char *to,
                                            uint64_t *ret_bytes);

// What is at a path.
ANT_MUST_USE struct ant_file_op ant_fs_metadata(const char *path,
                                                ant_metadata *ret_about);

// Moves what is at a path within one file system; what was at `to` is gone.
ANT_MUST_USE struct ant_file_op ant_fs_rename(const char *from, const char *to);

// Removes a file or a link; makes a folder; removes an empty one.
ANT_MUST_USE struct ant_file_op ant_fs_remove_file(const char *path);
ANT_MUST_USE struct ant_file_op ant_fs_create_dir(const char *path);
ANT_MUST_USE struct ant_file_op ant_fs_remove_dir(const char *path);

// Lists a folder, without "." and "..", in the order of names. walk also lists
// the folders in it, each followed by what is inside; it follows no links. The
// caller frees the list.
ANT_MUST_USE struct ant_file_op ant_fs_read_dir(const char *path,
                                                ant_dir *ret_dir);
ANT_MUST_USE struct ant_file_op ant_fs_walk(const char *path, ant_dir *ret_dir);
void ant_dir_free(ant_dir *dir);

#endif
