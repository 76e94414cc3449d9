// SPDX-License-Identifier: MIT

#include "io/fs_list.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/os.h"

static int list_one(const char *root, const char *inside, ant_dir *dir);
static int add(ant_dir *dir, const char *root, const char *path);
static int by_path(const void *a, const void *b);

int ant__fs_look(const char *path, bool follows_links, ant_metadata *ret_about)
{
    struct stat about;
    const int err = follows_links ? stat(path, &about) : lstat(path, &about);
    if (err < 0) return -errno;
    *ret_about = (ant_metadata){
        .len = (uint64_t)about.st_size,
        .is_file = S_ISREG(about.st_mode),
        .is_dir = S_ISDIR(about.st_mode),
        .is_symlink = S_ISLNK(about.st_mode),
        .permissions = about.st_mode & 07777,
        .modified_ns = about.st_mtim.tv_sec * (int64_t)ANT_NS_PER_S +
                       about.st_mtim.tv_nsec,
    };
    return 0;
}

// The folders that are found are listed in turn, without recursion: however
// deep they are, the stack stays as it is.
int ant__fs_list(const char *path, bool is_deep, ant_dir *dir)
{
    int err = list_one(path, "", dir);
    for (size_t i = 0; is_deep && err == 0 && i < dir->count; i++) {
        if (dir->entry[i].about.is_dir)
            err = list_one(path, dir->entry[i].path, dir);
        // What may not be read, or is gone by now, is a folder without content.
        if (err == -EACCES || err == -ENOENT) err = 0;
    }
    if (dir->count > 1)
        qsort(dir->entry, dir->count, sizeof *dir->entry, by_path);
    return err;
}

void ant_dir_free(ant_dir *dir)
{
    for (size_t i = 0; i < dir->count; i++)
        ant_mem_free((char *)(uintptr_t)dir->entry[i].path);
    ant_mem_free(dir->entry);
    *dir = (ant_dir){ 0 };
}

static int list_one(const char *root, const char *inside, ant_dir *dir)
{
    char path[PATH_MAX];
    const char *slash = *inside != '\0' ? "/" : "";
    if (snprintf(path, sizeof path, "%s/%s", root, inside) >= PATH_MAX)
        return -ENAMETOOLONG;
    DIR *open_dir = opendir(path);
    if (open_dir == NULL) return -errno;
    int err = 0;
    const struct dirent *one;
    while (err == 0 && (one = readdir(open_dir)) != NULL) {
        if (strcmp(one->d_name, ".") == 0 || strcmp(one->d_name, "..") == 0)
            continue;
        const int len =
            snprintf(path, sizeof path, "%s%s%s", inside, slash, one->d_name);
        err = len < PATH_MAX ? add(dir, root, path) : -ENAMETOOLONG;
    }
    closedir(open_dir);
    return err;
}

static int add(ant_dir *dir, const char *root, const char *path)
{
    char full[PATH_MAX];
    ant_metadata about;
    if (snprintf(full, sizeof full, "%s/%s", root, path) >= PATH_MAX)
        return -ENAMETOOLONG;
    const int err = ant__fs_look(full, false, &about);
    if (err < 0) return err == -ENOENT ? 0 : err; // it is gone by now
    // Room is made for twice as many whenever their number is a power of two.
    if ((dir->count & (dir->count - 1)) == 0) {
        const size_t room = dir->count != 0 ? dir->count * 2 : 1;
        ant_dir_entry *more = ant_mem_resize(dir->entry, room * sizeof *more);
        if (more == NULL) return -ENOMEM;
        dir->entry = more;
    }
    char *copy = ant_mem_alloc(strlen(path) + 1);
    if (copy == NULL) return -ENOMEM;
    memcpy(copy, path, strlen(path) + 1);
    dir->entry[dir->count++] = (ant_dir_entry){ .path = copy, .about = about };
    return 0;
}

// A folder goes before what is in it, and that before its next neighbour: so a
// slash is less than any other sign.
static int by_path(const void *a, const void *b)
{
    const char *x = ((const ant_dir_entry *)a)->path;
    const char *y = ((const ant_dir_entry *)b)->path;
    while (*x != '\0' && *x == *y) {
        x++;
        y++;
    }
    const int left = *x == '/' ? 1 : (unsigned char)*x;
    const int right = *y == '/' ? 1 : (unsigned char)*y;
    return left - right;
}
