// SPDX-License-Identifier: MIT

#include "lesson/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/os.h"

#define POLL_MS   50
#define READ_SIZE 4096

// One of the two pipes.
typedef struct child_pipe {
    int ends[2]; // ours, the child's; -1 when closed
    char *kept;
    size_t len;
    uint64_t total;
} child_pipe;

static int open_pipes(child_pipe pipes[2], ant_arena *arena);
static void close_end(int *end);
static int start(const child_desc *desc, child_pipe pipes[2], pid_t *ret_child);
static char **make_env(const char *const *more);
static bool is_set_in(const char *entry, const char *const *more);
static void watch(const child_desc *desc, pid_t child, child_pipe pipes[2],
                  child_result *result);
static void read_pipe(child_pipe *pipe_of);

int lesson_child_run(const child_desc *desc, ant_arena *arena,
                     child_result *ret_result)
{
    child_pipe pipes[2] = { { .ends = { -1, -1 } }, { .ends = { -1, -1 } } };
    pid_t child = 0;
    int err = open_pipes(pipes, arena);
    if (err == 0) err = start(desc, pipes, &child);
    for (int i = 0; i < 2; i++)
        close_end(&pipes[i].ends[1]);
    child_result result = { 0 };
    if (err == 0) watch(desc, child, pipes, &result);
    for (int i = 0; i < 2; i++)
        close_end(&pipes[i].ends[0]);
    if (err < 0) return err;
    result.output = pipes[0].kept;
    result.errors = pipes[1].kept;
    *ret_result = result;
    return 0;
}

static int open_pipes(child_pipe pipes[2], ant_arena *arena)
{
    for (int i = 0; i < 2; i++) {
        pipes[i].kept = ant_arena_alloc(arena, CHILD_KEPT_MAX + 1);
        if (pipes[i].kept == NULL) return -ENOMEM;
        if (pipe2(pipes[i].ends, O_CLOEXEC) < 0) return -errno;
        // Ours never makes us wait; the child's stays as children expect it.
        fcntl(pipes[i].ends[0], F_SETFL, O_NONBLOCK);
    }
    return 0;
}

static void close_end(int *end)
{
    if (*end >= 0) close(*end);
    *end = -1;
}

static int start(const child_desc *desc, child_pipe pipes[2], pid_t *ret_child)
{
    char **env = make_env(desc->env);
    if (env == NULL) return -ENOMEM;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int err = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
                                                        POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    if (err == 0 && desc->folder != NULL)
        err = posix_spawn_file_actions_addchdir_np(&actions, desc->folder);
    if (err == 0)
        err = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
                                               O_RDONLY, 0);
    for (int i = 0; i < 2 && err == 0; i++)
        err =
            posix_spawn_file_actions_adddup2(&actions, pipes[i].ends[1], i + 1);
    if (err == 0)
        err = posix_spawnp(ret_child, desc->argv[0], &actions, &attributes,
                           desc->argv, env);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ant_mem_free(env);
    if (err != 0) return -err;
    struct rlimit none_left = { 0, 0 };
    prlimit(*ret_child, RLIMIT_CORE, &none_left, NULL);
    struct rlimit memory = { desc->memory_max, desc->memory_max };
    if (desc->memory_max > 0) prlimit(*ret_child, RLIMIT_DATA, &memory, NULL);
    return 0;
}

// What we have, without what `more` sets, and without what would change how an
// Antfarm program runs; then `more`.
static char **make_env(const char *const *more)
{
    size_t count = 1;
    for (char **entry = environ; *entry != NULL; entry++)
        count++;
    for (size_t i = 0; more != NULL && more[i] != NULL; i++)
        count++;
    char **env = ant_mem_alloc(count * sizeof *env);
    if (env == NULL) return NULL;
    size_t n = 0;
    for (char **entry = environ; *entry != NULL; entry++) {
        bool is_ours = strncmp(*entry, "ANTFARM_", 8) == 0;
        if (!is_ours && !is_set_in(*entry, more)) env[n++] = *entry;
    }
    for (size_t i = 0; more != NULL && more[i] != NULL; i++) {
        memcpy(&env[n++], &more[i], sizeof *env);
    }
    return env;
}

static bool is_set_in(const char *entry, const char *const *more)
{
    size_t name = strcspn(entry, "=") + 1;
    for (size_t i = 0; more != NULL && more[i] != NULL; i++) {
        if (strncmp(entry, more[i], name) == 0) return true;
    }
    return false;
}

// Until it ends or has to be stopped. A grandchild may keep the pipes open, so
// the end of the child is what counts.
static void watch(const child_desc *desc, pid_t child, child_pipe pipes[2],
                  child_result *result)
{
    uint64_t deadline = ant_os_now_ns() + desc->seconds_max * ANT_NS_PER_S;
    int status = 0;
    bool is_over = false;
    while (!is_over) {
        struct pollfd fds[2] = { { pipes[0].ends[0], POLLIN, 0 },
                                 { pipes[1].ends[0], POLLIN, 0 } };
        is_over = waitpid(child, &status, WNOHANG) == child;
        if (!is_over) (void)poll(fds, 2, POLL_MS);
        for (int i = 0; i < 2; i++)
            read_pipe(&pipes[i]);
        uint64_t total = pipes[0].total + pipes[1].total;
        result->is_loud = total > desc->output_max;
        result->is_late = !is_over && ant_os_now_ns() > deadline;
        if (!is_over && (result->is_late || result->is_loud)) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            is_over = true;
        }
    }
    kill(-child, SIGKILL); // what it left behind
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

// All that is there now; what is too much is counted and forgotten.
static void read_pipe(child_pipe *pipe_of)
{
    char bytes[READ_SIZE];
    ssize_t got;
    for (int i = 0; i < 64; i++) {
        if (pipe_of->ends[0] < 0) return;
        got = read(pipe_of->ends[0], bytes, sizeof bytes);
        if (got == 0) close_end(&pipe_of->ends[0]);
        if (got <= 0) return;
        size_t room = CHILD_KEPT_MAX - pipe_of->len;
        size_t kept = (size_t)got < room ? (size_t)got : room;
        memcpy(pipe_of->kept + pipe_of->len, bytes, kept);
        pipe_of->len += kept;
        pipe_of->total += (uint64_t)got;
    }
}
