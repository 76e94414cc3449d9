// SPDX-License-Identifier: MIT
//
// Lists of what is in folders, as a call that blocks.

#ifndef ANT_IO_FS_LIST_H
#define ANT_IO_FS_LIST_H

#include "io/fs.h"

// What is at a path, or what a link there leads to. 0 or -errno.
ANT_MUST_USE int ant__fs_look(const char *path, bool follows_links,
                              ant_metadata *ret_about);

// Lists a folder into an empty list, deep: with all below it. 0 or -errno, and
// then the list holds a part.
ANT_MUST_USE int ant__fs_list(const char *path, bool is_deep, ant_dir *dir);

#endif
