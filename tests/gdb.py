# SPDX-License-Identifier: MIT
"""runtime/gdb/ant.py tells the truth about a program that hangs.

    python3 tests/gdb.py build

Lesson 39 locks two mutexes in opposite order. Here gdb runs it in the
simulator, stops it in a poll and again when it has stalled, and then looks at
its core file. What gdb prints is known, but for line numbers and addresses.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = "lessons/39-lock-order/bad"

# What a poll can say of itself.
IN_POLL = """\
transfer in TRANSFER_CHECKING (lessons/39-lock-order/bad.c:N)
$1 = waker of task 2 `to_savings`
$2 = mutex `wallet`, held by task 2 `to_savings` since line N
$3 = task 2 `to_savings`: running, has a handle, its handle is awaited; \
transfer in TRANSFER_CHECKING (lessons/39-lock-order/bad.c:N)
$4 = transfer in TRANSFER_CHECKING (lessons/39-lock-order/bad.c:N)
"""

STALLED = """\
runtime 0x: sim, 1 worker, seed 7; tasks that are not over: 3
  task 1 `bank`: waiting, has a handle, its handle is awaited
      bank in BANK_JOINING (lessons/39-lock-order/bad.c:N)
      for task 2 `to_savings` to end (lessons/39-lock-order/bad.c:N)
      for task 3 `to_wallet` to end (lessons/39-lock-order/bad.c:N)
  task 2 `to_savings`: waiting, has a handle, its handle is awaited
      transfer in TRANSFER_LOCKING_SECOND (lessons/39-lock-order/bad.c:N)
      for mutex `savings` (lessons/39-lock-order/bad.c:N), \
held by task 3 `to_wallet` since line N
  task 3 `to_wallet`: waiting, has a handle, its handle is awaited
      transfer in TRANSFER_LOCKING_SECOND (lessons/39-lock-order/bad.c:N)
      for mutex `wallet` (lessons/39-lock-order/bad.c:N), \
held by task 2 `to_savings` since line N
task 1 `bank`: waiting, has a handle, its handle is awaited
  bank in BANK_JOINING (lessons/39-lock-order/bad.c:N)
    both: ant_join
      to_savings: ant_join_handle, waits for task 2 `to_savings` to end
        task 2 `to_savings`: waiting, has a handle, its handle is awaited
          transfer in TRANSFER_LOCKING_SECOND (lessons/39-lock-order/bad.c:N)
            lock: ant_mutex_lock, waits for mutex `savings`, \
held by task 3 `to_wallet` since line N
      to_wallet: ant_join_handle, waits for task 3 `to_wallet` to end
        task 3 `to_wallet`: waiting, has a handle, its handle is awaited
          transfer in TRANSFER_LOCKING_SECOND (lessons/39-lock-order/bad.c:N)
            lock: ant_mutex_lock, waits for mutex `wallet`, \
held by task 2 `to_savings` since line N
"""

IN_POLL_COMMANDS = [
    "break transfer_poll if self->state == TRANSFER_CHECKING",
    "run",
    "echo @@\\n",
    "ant await-tree self",
    "print cx->waker",
    "print wallet.lock.resource",
    "print *(ant_task *)cx->waker.target",
    "print self->base",
    "echo @@\\n",
]


def main():
    if shutil.which("gdb") is None:
        print("skipped: gdb is not installed")
        return 0
    program = os.path.join(sys.argv[1], PROGRAM)
    with tempfile.TemporaryDirectory() as folder:
        core = os.path.join(folder, "core")
        output = gdb([program], IN_POLL_COMMANDS + [
            "delete", "break ant__stall_exit", "continue",
            "echo @@\\n", "ant tasks", "ant await-tree", "echo @@\\n",
            f"generate-core-file {core}"])
        if "ptrace: Operation not permitted" in output:
            print("skipped: processes may not be traced here")
            return 0
        parts = known(output).split("@@\n")
        found = compare("in a poll", IN_POLL, parts[1:2], output)
        found += compare("stalled", STALLED, parts[3:4], output)
        output = gdb([program, core], ["echo @@\\n", "ant tasks",
                                       "ant await-tree"])
        parts = known(output).split("@@\n")
        found += compare("of a core file", STALLED, parts[1:2], output)
    return 1 if found else 0


def gdb(arguments, commands):
    """What gdb prints."""
    words = ["gdb", "-nx", "-batch"]
    for command in ["set width 0", "source runtime/gdb/ant.py"] + commands:
        words += ["-ex", command]
    env = dict(os.environ, ANTFARM_FLAVOR="sim", ANTFARM_SEED="7")
    return subprocess.run(words + arguments, env=env, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8",
                          errors="replace").stdout


def known(output):
    """Without the numbers that may change."""
    output = re.sub(r"0x[0-9a-f]+", "0x", output)
    return re.sub(r"(bad\.c:|since line )\d+", r"\1N", output)


def compare(what, wanted, parts, output):
    """1 when gdb said something else, which is then printed; else 0."""
    if parts == [wanted]:
        return 0
    print(f"ant.py, {what}: gdb printed\n{output}\nand not, with N for "
          f"numbers,\n{wanted}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
