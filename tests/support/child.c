// SPDX-License-Identifier: MIT

#include "support/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void be_child(int to_parent, void (*body)(void *arg), void *arg)
{
    // A trap is expected, a core dump is not wanted.
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    (void)dup2(to_parent, STDERR_FILENO);
    body(arg);
    _exit(0);
}

static void read_all(int fd, char *text, size_t size)
{
    size_t len = 0;
    for (;;) { // ends with the child, which has the other end
        char rest[256];
        const size_t room = size - 1 - len;
        ssize_t n =
            room > 0 ? read(fd, text + len, room) : read(fd, rest, sizeof rest);
        if (n <= 0) break;
        if (room > 0) len += (size_t)n;
    }
    text[len] = '\0';
}

child_result child_run(void (*body)(void *arg), void *arg)
{
    child_result result;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) be_child(fds[1], body, arg);
    (void)close(fds[1]);
    read_all(fds[0], result.text, sizeof result.text);
    (void)close(fds[0]);

    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return result;
}
