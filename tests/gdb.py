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
$1 = transfer in TRANSFER_CHECKING (lessons/39-lock-order/bad.c:N)
$2 = mutex `wallet`, held by task 2 `to_savings` since line N
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
waker of task 1 `bank`
task 2 `to_savings`: waiting, has a handle, its handle is awaited; \
transfer in TRANSFER_LOCKING_SECOND (lessons/39-lock-order/bad.c:N)
"""

# Each part of what gdb prints begins with a mark.
MARK = "@@\n"
SEE_POLL = ["echo @@\\n", "ant await-tree self", "print self->base",
            "print wallet.lock", "echo @@\\n"]
SEE_STALL = ["echo @@\\n", "ant tasks", "ant await-tree",
             "output $ant_task(2)->joiner", "echo \\n",
             "output *$ant_task(2)", "echo \\n@@\\n"]


def main():
    if shutil.which("gdb") is None:
        print("skipped: gdb is not installed")
        return 0
    program = os.path.join(sys.argv[1], PROGRAM)
    with tempfile.TemporaryDirectory() as folder:
        core = os.path.join(folder, "core")
        output = gdb(
            [program],
            ["break transfer_poll if self->state == TRANSFER_CHECKING", "run"]
            + SEE_POLL + ["delete", "break ant__stall_exit", "continue"]
            + SEE_STALL + [f"generate-core-file {core}"])
        if "ptrace: Operation not permitted" in output:
            print("skipped: processes may not be traced here")
            return 0
        found = compare("in a poll", IN_POLL, output, 1)
        found += compare("stalled", STALLED, output, 3)
        output = gdb([program, core], SEE_STALL)
        found += compare("of a core file", STALLED, output, 1)
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


def compare(what, wanted, output, part):
    """1 when a part of what gdb said is not as wanted, which is shown."""
    known = re.sub(r"0x[0-9a-f]+", "0x", output)
    known = re.sub(r"(bad\.c:|since line )\d+", r"\1N", known)
    if known.split(MARK)[part:part + 1] == [wanted]:
        return 0
    print(f"ant.py, {what}: gdb printed\n{output}\nand not, with N for the "
          f"lines,\n{wanted}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
