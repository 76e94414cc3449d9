// SPDX-License-Identifier: MIT

#include "export/out.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)256 * 1024)

static int name_parts(export_out *out, const char *path);
static int open_file(export_out *out, const char *path);
static void close_file(export_out *out);
static void remove_part(const export_out *out);
static void remove_folder(const char *path);

int export_out_open(export_out *out, const char *path,
                    const volatile sig_atomic_t *stop)
{
    *out = (export_out){ .stop = stop };
    int err = name_parts(out, path);
    if (err < 0) return err;
    struct stat status;
    bool is_there = stat(path, &status) == 0;
    if (is_there && S_ISDIR(status.st_mode)) return -EISDIR;
    out->is_straight = is_there && !S_ISREG(status.st_mode);
    return open_file(out, out->is_straight ? path : out->part);
}

int export_out_open_folder(export_out *out, const char *path,
                           const volatile sig_atomic_t *stop)
{
    *out = (export_out){ .stop = stop, .is_folder = true };
    int err = name_parts(out, path);
    if (err < 0) return err;

    // An empty folder is as good as none; anything else is not ours to remove.
    if (rmdir(path) < 0 && errno != ENOENT) {
        return errno == ENOTEMPTY ? -EEXIST : -errno;
    }
    remove_folder(out->part);
    return mkdir(out->part, 0777) < 0 ? -errno : 0;
}

int export_out_next(export_out *out, const char *name)
{
    close_file(out);
    char path[EXPORT_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", out->part, name);
    int err = open_file(out, path);
    if (err < 0 && out->err == 0) out->err = err;
    return err;
}

bool export_out_is_over(const export_out *out)
{
    bool is_unwanted = out->stop != NULL && *out->stop;
    return is_unwanted || out->err < 0 ||
           (out->file != NULL && ferror(out->file));
}

int export_out_close(export_out *out, int err)
{
    close_file(out);
    if (err == 0) err = out->err;
    if (err == 0 && out->stop != NULL && *out->stop) err = -EINTR;
    if (out->is_straight) return err;
    if (err == 0 && rename(out->part, out->path) < 0) err = -errno;
    if (err < 0) remove_part(out);
    return err;
}

static int name_parts(export_out *out, const char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    if (len == 0) return -ENOENT;
    if (len + sizeof ".part" > EXPORT_PATH_MAX) return -ENAMETOOLONG;
    snprintf(out->path, sizeof out->path, "%.*s", (int)len, path);
    snprintf(out->part, sizeof out->part, "%.*s.part", (int)len, path);
    return 0;
}

static int open_file(export_out *out, const char *path)
{
    out->file = fopen(path, "wb");
    if (out->file == NULL) return -errno;
    setvbuf(out->file, NULL, _IOFBF, BUFFER_BYTES);
    return 0;
}

// Why a write has failed. The library has forgotten when it was an earlier one:
// then one byte more fails for the same reason, in a file that is given up.
static int why_failed(FILE *file)
{
    if (errno == 0) {
        clearerr(file);
        (void)fputc('\n', file);
        (void)fflush(file);
    }
    return errno != 0 ? -errno : -EIO;
}

// Looks whether everything got there: what is still in the buffer may find no
// room on the disk.
static void close_file(export_out *out)
{
    if (out->file == NULL) return;
    errno = 0;
    bool is_bad = fflush(out->file) != 0 || ferror(out->file);
    if (is_bad && out->err == 0) out->err = why_failed(out->file);
    if (fclose(out->file) != 0 && out->err == 0) out->err = -errno;
    out->file = NULL;
}

static void remove_part(const export_out *out)
{
    if (out->is_folder) {
        remove_folder(out->part);
    } else {
        unlink(out->part);
    }
}

// A folder of ours holds files only.
static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) return;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
    rmdir(path);
}
