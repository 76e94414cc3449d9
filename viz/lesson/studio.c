// SPDX-License-Identifier: MIT

#include "lesson/studio.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "lesson/child.h"

// The compiler may be slow on a busy machine.
#define BUILD_SECONDS_MAX 60u

// Sanitizers map terabytes.
#ifdef ANT_CHECK_LOCKS
#define MEMORY_MAX 0u
#else
#define MEMORY_MAX (UINT64_C(2) << 30)
#endif

// What a sanitized library needs when programs link with it.
#ifndef STUDIO_CC
#define STUDIO_CC "cc"
#endif
#ifndef STUDIO_FLAGS
#define STUDIO_FLAGS "-O1"
#endif

#define FLAG_MAX 32u

static int find_library(lesson_studio *studio, const char *near);
static bool is_there(const char *path);
static uint32_t add_flags(char **argv, uint32_t count, char *flags);
static void settle(studio_take *take, const child_result *result);

int lesson_studio_open(const char *near, lesson_studio *ret_studio)
{
    lesson_studio studio = { 0 };
    int err = find_library(&studio, near);
    if (err == 0) err = lesson_scratch_open(&studio.arena, &studio.scratch);
    if (err < 0) {
        ant_arena_deinit(&studio.arena);
        return err;
    }
    studio.folder = studio.scratch.path;
    studio.seconds_max = STUDIO_SECONDS_MAX;
    *ret_studio = studio;
    return 0;
}

void lesson_studio_close(lesson_studio *studio)
{
    lesson_scratch_close(&studio->scratch);
    ant_arena_deinit(&studio->arena);
    *studio = (lesson_studio){ 0 };
}

void lesson_studio_build(lesson_studio *studio, const char *folder,
                         const char *file, studio_take *ret_take)
{
    studio_take take = { .ending = TAKE_IMPOSSIBLE,
                         .output = "",
                         .errors = "not enough memory" };
    ant_arena *arena = &studio->arena;
    char *source = ant_arena_print(arena, "%s/%s", folder, file);
    char *program = ant_arena_print(arena, "%s/program%u", studio->folder,
                                    studio->file_count++);
    char *include = ant_arena_print(arena, "-I%s", studio->include);
    char *library =
        ant_arena_text(arena, studio->library, strlen(studio->library));
    const char *cc = getenv("CC");
    char *compiler = ant_arena_print(
        arena, "%s %s", cc != NULL && *cc != 0 ? cc : STUDIO_CC,
        "-std=c11 -D_GNU_SOURCE -g -Wall -Wextra " STUDIO_FLAGS);
    char *libraries = ant_arena_print(arena, "-luv -lz -pthread -lm");
    char *name = ant_arena_text(arena, file, strlen(file));
    char output[] = "-o";
    *ret_take = take;
    if (!source || !program || !include || !library || !compiler ||
        !libraries || !name) {
        return;
    }
    if (!is_there(source)) {
        ret_take->ending = TAKE_NO_FILE;
        ret_take->errors = "";
        return;
    }
    char *argv[FLAG_MAX];
    uint32_t count = add_flags(argv, 0, compiler);
    argv[count++] = include;
    argv[count++] = name;
    argv[count++] = library;
    argv[count++] = output;
    argv[count++] = program;
    count = add_flags(argv, count, libraries);
    argv[count] = NULL;
    child_result result;
    int err = lesson_child_run(&(child_desc){ .argv = argv,
                                              .folder = folder,
                                              .seconds_max = BUILD_SECONDS_MAX,
                                              .output_max = UINT64_MAX },
                               arena, &result);
    ret_take->errors = err == 0 ? result.errors : ant_err_text(err);
    if (err == -ENOENT) {
        ret_take->errors = ant_arena_print(
            arena,
            "there is no C compiler called %s: install one, or set CC to the "
            "name of yours",
            argv[0]);
    }
    if (ret_take->errors == NULL) ret_take->errors = "not enough memory";
    if (err < 0) return;
    ret_take->ending = TAKE_NO_BUILD;
    if (result.status == 0) {
        ret_take->ending = TAKE_DONE;
        ret_take->program = program;
    }
}

void lesson_studio_record(lesson_studio *studio, const studio_run *run,
                          studio_take *take)
{
    if (take->program == NULL) return;
    ant_arena *arena = &studio->arena;
    const char *trace = run->trace;
    if (trace == NULL)
        trace = ant_arena_print(arena, "%s/trace%u.ant", studio->folder,
                                studio->file_count++);
    char *program = ant_arena_text(arena, take->program, strlen(take->program));
    const char *env[] = {
        "ANTFARM_FLAVOR=sim",
        "ANTFARM_TRACE_LEVEL=full",
        "ANTFARM_TRACE_MAX=67108864",
        ant_arena_print(arena, "ANTFARM_SEED=%u", run->seed),
        ant_arena_print(arena, "ANTFARM_WORKERS=%u", run->workers),
        ant_arena_print(arena, "ANTFARM_TRACE=%s", trace),
        run->schedule != NULL
            ? ant_arena_print(arena, "ANTFARM_SCHEDULE=%s", run->schedule)
            : NULL,
        NULL,
    };
    take->ending = TAKE_IMPOSSIBLE;
    take->errors = "not enough memory";
    if (!trace || !program || !env[3] || !env[4] || !env[5]) return;
    unlink(trace);
    char *argv[] = { program, NULL };
    child_result result;
    int err =
        lesson_child_run(&(child_desc){ .argv = argv,
                                        .folder = studio->folder,
                                        .env = env,
                                        .seconds_max = studio->seconds_max,
                                        .output_max = STUDIO_OUTPUT_MAX,
                                        .memory_max = MEMORY_MAX },
                         arena, &result);
    take->errors = err == 0 ? result.errors : ant_err_text(err);
    if (err < 0) return;
    take->trace = is_there(trace) ? trace : NULL;
    settle(take, &result);
}

// A library and the folder of its header, when both are there.
static bool take_library(lesson_studio *studio, const char *library,
                         const char *header)
{
    char whole[PATH_MAX];
    if (library == NULL || header == NULL || !is_there(library)) return false;
    if (realpath(header, whole) == NULL) return false;
    *strrchr(whole, '/') = 0;
    studio->library = library;
    studio->include = ant_arena_text(&studio->arena, whole, strlen(whole));
    return studio->include != NULL;
}

// From the folder of this program upwards: in a source tree the library is in
// build/, or in a folder of build/ that was built in another way (sanitizers,
// another compiler); in an installation they are in lib/ and include/.
static int find_library(lesson_studio *studio, const char *near)
{
    char self[PATH_MAX] = "";
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len < 0) return -errno;
    ant_arena *arena = &studio->arena;
    for (char *slash; (slash = strrchr(self, '/')) != NULL;) {
        *slash = 0;
        const char *tree = near != NULL ? near : self;
        const char *library = ant_arena_print(arena, "%s/libantfarm.a", self);
        if (take_library(
                studio, library,
                ant_arena_print(arena, "%s/../runtime/antfarm.h", tree)) ||
            take_library(
                studio, library,
                ant_arena_print(arena, "%s/../../runtime/antfarm.h", tree)) ||
            take_library(studio,
                         ant_arena_print(arena, "%s/../lib/libantfarm.a", self),
                         ant_arena_print(
                             arena, "%s/../include/antfarm/antfarm.h", self)))
            return 0;
    }
    return -ENOENT;
}

static bool is_there(const char *path)
{
    return access(path, R_OK) == 0;
}

// The words of `flags`, which is cut up for it.
static uint32_t add_flags(char **argv, uint32_t count, char *flags)
{
    for (char *at = flags; *at != 0 && count < FLAG_MAX - 8;) {
        at += strspn(at, " ");
        size_t len = strcspn(at, " ");
        if (len > 0) argv[count++] = at;
        at += len;
        if (*at != 0) *at++ = 0;
    }
    return count;
}

static void settle(studio_take *take, const child_result *result)
{
    take->output = result->output;
    take->status = result->status;
    take->signal = result->signal;
    if (result->is_loud)
        take->ending = TAKE_LOUD;
    else if (result->is_late)
        take->ending = TAKE_LATE;
    else if (result->signal != 0)
        take->ending = TAKE_CRASHED;
    else if (result->status == 3)
        take->ending = TAKE_STALLED;
    else if (result->status != 0)
        take->ending = TAKE_FAILED;
    else if (take->trace == NULL)
        take->ending = TAKE_UNRECORDED;
    else
        take->ending = TAKE_DONE;
}
