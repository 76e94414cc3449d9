# SPDX-License-Identifier: MIT
"""What the suites of run.py are made of: a command is run, its output is read,
and a Result says how it went."""

import os
import re
import subprocess


class Result:
    """How one job went: numbers, what to show, and how to repeat it."""

    def __init__(self, name, passed, failed, output="", repeat=""):
        self.name = name
        self.passed = passed
        self.failed = failed
        self.output = output
        self.repeat = repeat


def run(command, options, env=None, merge=True):
    """(exit status, stdout, stderr); the status is a word after a timeout."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merge else subprocess.PIPE,
            env=dict(os.environ, **(env or {})), timeout=options.timeout,
            encoding="utf-8", errors="replace", check=False)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode("utf-8", "replace")
        return f"no end after {options.timeout} s", output, ""


def cmocka(name, command, repeat, options):
    """The Result of a program that judges itself: cmocka's, or by its status."""
    status, output, _ = run(without_aslr(options) + command, options)
    passed = len(re.findall(r"^\[ +OK +\] ", output, re.M))
    failed = len(set(re.findall(r"^\[  FAILED  \] (?!\d)(\w+)", output, re.M)))
    if status != 0 and not failed:
        output += f"\n    the program ended with {describe(status)}"
        failed = 1
    if status == 0 and not passed:
        passed = 1
    repeat = " ".join(f"{repeat} {options.flags}".split())
    return Result(name, passed, failed, output, repeat)


def describe(status):
    if isinstance(status, int):
        return f"signal {-status}" if status < 0 else f"status {status}"
    return status


def without_aslr(options):
    """The thread sanitizer of gcc 12 needs fixed addresses on new kernels."""
    if "SAN=thread" not in options.flags:
        return []
    probe = subprocess.run(["setarch", "-R", "true"], check=False,
                           stderr=subprocess.DEVNULL)
    return ["setarch", "-R"] if probe.returncode == 0 else []


def checked(trace, options):
    """What `antfarm check` finds in the trace, None when all is in order."""
    command = os.path.join(options.out, "antfarm")
    status, output, _ = run([command, "check", trace], options)
    return None if status == 0 else f"    antfarm check:\n{output}"
