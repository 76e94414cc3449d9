// SPDX-License-Identifier: MIT
//
// `antfarm run`: runs a program as a child with recording switched on through
// its environment, passes on its exit status, and says what to type next.

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/app.h"
#include "app/commands.h"
#include "base/macros.h"
#include "text/args.h"
#include "text/file.h"

typedef struct run_desc {
    const char *flavor;
    const char *level;
    const char *trace;
    uint64_t workers;
    uint64_t seed;
    bool has_seed;
    bool is_view;
} run_desc;

// Tells whether a file is still the same one.
typedef struct stamp {
    ino_t inode;
    struct timespec changed;
} stamp;

static int read_options(run_desc *run, int argc, char **argv);
static bool is_one_of(const char *value, const char *const *allowed,
                      const char *option);
static bool make_path(const run_desc *run, const char *program, char *path,
                      size_t size);
static void set_environment(const run_desc *run, const char *path);
static void set_number(const char *name, uint64_t value);
static int run_child(char **argv);
static pid_t start_child(char **argv, int *ret_err);
static int status_of(int wait_status);
static void tell(const char *program, const char *path, const stamp *before,
                 int status);
static stamp stamp_of(const char *path);
static bool is_new(const char *path, const stamp *before);

int app_run(int argc, char **argv)
{
    run_desc run = { 0 };
    int status = read_options(&run, argc, argv);
    if (status >= 0) return status;
    char **program = argv + 1;
    char path[PATH_MAX];
    if (!make_path(&run, program[0], path, sizeof path)) {
        fputs("antfarm: the name of the trace is too long\n", stderr);
        return TEXT_BAD_INPUT;
    }
    set_environment(&run, path);
    stamp before = stamp_of(path);
    status = run_child(program);
    if (status < 0) {
        fprintf(stderr, "antfarm: %s: cannot be run: %s\n", program[0],
                strerror(-status));
        return TEXT_BAD_INPUT;
    }
    tell(program[0], path, &before, status);
    if (run.is_view && is_new(path, &before)) {
        char name[] = "view";
        char *view[] = { name, path, NULL };
        int view_status = app_view(2, view);
        if (status == 0) status = view_status;
    }
    return status;
}

static int read_options(run_desc *run, int argc, char **argv)
{
    const uint64_t unset = UINT64_MAX;
    run->seed = unset;
    const args_option options[] = {
        { "--flavor", ARGS_TEXT, "F", "current, multi or sim", &run->flavor },
        { "--workers", ARGS_NUMBER, "N", "how many workers", &run->workers },
        { "--seed", ARGS_NUMBER, "N", "the seed of all random choices",
          &run->seed },
        { "--trace", ARGS_TEXT, "FILE", "record into FILE (else PROGRAM.ant)",
          &run->trace },
        { "--level", ARGS_TEXT, "L", "sched, or full with nested futures",
          &run->level },
        { "--view", ARGS_FLAG, NULL, "open the recording afterwards",
          &run->is_view },
    };
    const args_command command = {
        .usage = "antfarm run [OPTIONS] PROGRAM [ARG...]",
        .meaning = "Runs a program and records it. Exit status: the "
                   "program's; 3 when it stalled, 128+N\nwhen signal N ended "
                   "it.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .has_program = true,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    argv[plain + 1] = NULL;
    run->has_seed = run->seed != unset;
    const char *const flavors[] = { "current", "multi", "sim", NULL };
    const char *const levels[] = { "sched", "full", NULL };
    bool is_good = is_one_of(run->flavor, flavors, "--flavor") &&
                   is_one_of(run->level, levels, "--level");
    return is_good ? -1 : TEXT_BAD_INPUT;
}

// Says so when an option that was given has no such value.
static bool is_one_of(const char *value, const char *const *allowed,
                      const char *option)
{
    if (value == NULL) return true;
    for (int i = 0; allowed[i] != NULL; i++) {
        if (strcmp(value, allowed[i]) == 0) return true;
    }
    fprintf(stderr, "antfarm: %s cannot be %s; it is one of:", option, value);
    for (int i = 0; allowed[i] != NULL; i++)
        fprintf(stderr, " %s", allowed[i]);
    fputs("\n", stderr);
    return false;
}

// The trace's path from the root on: the program may change its directory.
static bool make_path(const run_desc *run, const char *program, char *path,
                      size_t size)
{
    char directory[PATH_MAX] = "";
    const char *slash = strrchr(program, '/');
    const char *name = slash != NULL ? slash + 1 : program;
    const char *trace = run->trace;
    bool is_absolute = trace != NULL && trace[0] == '/';
    if (!is_absolute && getcwd(directory, sizeof directory) == NULL) {
        return false;
    }
    int n = trace != NULL ? snprintf(path, size, "%s%s%s", directory,
                                     is_absolute ? "" : "/", trace)
                          : snprintf(path, size, "%s/%s.ant", directory, name);
    return n > 0 && (size_t)n < size;
}

static void set_environment(const run_desc *run, const char *path)
{
    setenv("ANTFARM_TRACE", path, 1);
    if (run->level != NULL) setenv("ANTFARM_TRACE_LEVEL", run->level, 1);
    if (run->flavor != NULL) setenv("ANTFARM_FLAVOR", run->flavor, 1);
    if (run->workers != 0) set_number("ANTFARM_WORKERS", run->workers);
    if (run->has_seed) set_number("ANTFARM_SEED", run->seed);
}

static void set_number(const char *name, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    setenv(name, text, 1);
}

// Returns the exit status, or -errno when the program could not be started.
static int run_child(char **argv)
{
    // The keyboard's signals are for the program; we wait for its end.
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction old_int, old_quit;
    sigaction(SIGINT, &ignore, &old_int);
    sigaction(SIGQUIT, &ignore, &old_quit);
    int err = 0;
    int wait_status = 0;
    pid_t child = start_child(argv, &err);
    while (child > 0 && waitpid(child, &wait_status, 0) < 0) {
        if (errno != EINTR) err = -errno;
        if (err != 0) break;
    }
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGQUIT, &old_quit, NULL);
    return err < 0 ? err : status_of(wait_status);
}

// Through the pipe the child says why it could not become the program; when it
// could, the pipe just closes.
static pid_t start_child(char **argv, int *ret_err)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0) {
        *ret_err = -errno;
        return -1;
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        execvp(argv[0], argv);
        int err = -errno;
        ssize_t sent = write(fds[1], &err, sizeof err);
        _exit(sent == (ssize_t)sizeof err ? 127 : 126);
    }
    if (child < 0) *ret_err = -errno;
    close(fds[1]);
    int err;
    if (child > 0 && read(fds[0], &err, sizeof err) == (ssize_t)sizeof err) {
        *ret_err = err;
    }
    close(fds[0]);
    return child;
}

static int status_of(int wait_status)
{
    if (WIFSIGNALED(wait_status)) return 128 + WTERMSIG(wait_status);
    return WEXITSTATUS(wait_status);
}

static void tell(const char *program, const char *path, const stamp *before,
                 int status)
{
    if (!is_new(path, before)) {
        fprintf(stderr,
                "antfarm: %s recorded nothing; is it an Antfarm program?\n",
                program);
        return;
    }
    char directory[PATH_MAX] = "";
    const char *name = path;
    if (getcwd(directory, sizeof directory) != NULL) {
        size_t len = strlen(directory);
        bool is_here = strncmp(path, directory, len) == 0 && path[len] == '/';
        if (is_here) name = path + len + 1;
    }
    // Of a stall the program itself has said all, this too.
    if (status == TEXT_STALLED) return;
    fprintf(stderr, "antfarm: %ssee what happened with: antfarm view %s\n",
            status > 128 ? "the program was killed; " : "", name);
}

// The recorder makes a new file also where one was.
static bool is_new(const char *path, const stamp *before)
{
    stamp now = stamp_of(path);
    return now.inode != before->inode ||
           now.changed.tv_sec != before->changed.tv_sec ||
           now.changed.tv_nsec != before->changed.tv_nsec;
}

static stamp stamp_of(const char *path)
{
    struct stat info;
    if (stat(path, &info) < 0) return (stamp){ 0 };
    return (stamp){ info.st_ino, info.st_ctim };
}
