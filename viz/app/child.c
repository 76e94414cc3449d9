// SPDX-License-Identifier: MIT

#include "app/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(const app_child *child, int *ret_err);
static void redirect(const char *output);
static int status_of(const app_child *child, int wait_status);

int app_child_run(const app_child *child)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction old_int, old_quit;
    sigaction(SIGINT, &ignore, &old_int);
    sigaction(SIGQUIT, &ignore, &old_quit);
    int err = 0;
    int wait_status = 0;
    pid_t pid = start(child, &err);
    while (pid > 0 && waitpid(pid, &wait_status, 0) < 0) {
        if (errno != EINTR) err = -errno;
        if (err != 0) break;
    }
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGQUIT, &old_quit, NULL);
    return err < 0 ? err : status_of(child, wait_status);
}

// Through the pipe the child says why it could not become the program; when it
// could, the pipe just closes.
static pid_t start(const app_child *child, int *ret_err)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0) {
        *ret_err = -errno;
        return -1;
    }
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        if (child->output != NULL) redirect(child->output);
        alarm(child->seconds_max);
        execvp(child->argv[0], child->argv);
        int err = -errno;
        ssize_t sent = write(fds[1], &err, sizeof err);
        _exit(sent == (ssize_t)sizeof err ? 127 : 126);
    }
    if (pid < 0) *ret_err = -errno;
    close(fds[1]);
    int err;
    if (pid > 0 && read(fds[0], &err, sizeof err) == (ssize_t)sizeof err) {
        *ret_err = err;
    }
    close(fds[0]);
    return pid;
}

static void redirect(const char *output)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int file = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(null, STDIN_FILENO);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
}

static int status_of(const app_child *child, int wait_status)
{
    if (!WIFSIGNALED(wait_status)) return WEXITSTATUS(wait_status);
    const int signal_number = WTERMSIG(wait_status);
    const bool is_late = child->seconds_max > 0 && signal_number == SIGALRM;
    return is_late ? -ETIMEDOUT : 128 + signal_number;
}
