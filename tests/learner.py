#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A learner at a virtual display, with nothing but a keyboard: takes a lesson
in the window from the list to the verdict, with wrong answers, and saves the
solution as the exercise at the end. What came of it is read from the learner's
own files.

  tests/learner.py BUILD [LESSON...]"""

import csv
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

LESSONS = ["20", "35"]
PATIENCE = 60.0  # seconds until a page, or a verdict, is there

# A letter answers a choice, three of them an order, a number the rest; what is
# left over does no harm to the replay. Enter answers, s skips what is still
# open, a game, and Enter goes on.
PAGE = ["c", "b", "a", "9", "9", "Return", "s", "Return"]


def fail(lesson, what):
    print(f"lesson {lesson}: {what}\n    repeat: tests/learner.py BUILD {lesson}")
    return False


def wait_for(is_so, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.1)
    return False


class Learner:
    def __init__(self, antfarm, lesson, display, home):
        self.home = home
        env = dict(os.environ, DISPLAY=display, XDG_DATA_HOME=home,
                   XDG_STATE_HOME=home, SDL_VIDEODRIVER="x11")
        env.pop("WAYLAND_DISPLAY", None)
        self.env = env
        self.window = subprocess.Popen([antfarm, "learn"], env=env)
        self.digits = list(lesson)

    def press(self, keys):
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key],
                           env=self.env, check=False)
            time.sleep(0.05)

    def has_window(self):
        found = subprocess.run(["xdotool", "search", "--name", "Antfarm"],
                               env=self.env, capture_output=True, check=False)
        return found.returncode == 0

    def file(self, pattern):
        found = glob.glob(os.path.join(self.home, "antfarm", pattern))
        return found[0] if found else None

    def is_passed(self):
        path = self.file("progress")
        if path is None:
            return False
        with open(path, encoding="utf-8") as stream:
            return ": passed" in stream.read()

    def answers(self):
        path = self.file("answers.csv")
        if path is None:
            return []
        with open(path, encoding="utf-8", newline="") as stream:
            return [row[4] for row in csv.reader(stream)]


def take(antfarm, lesson, display, home):
    folder = glob.glob(f"lessons/{lesson}-*")[0]
    with open(os.path.join(folder, "lesson.md"), encoding="utf-8") as stream:
        questions = len(re.findall(r"^```predict", stream.read(), re.M))
    learner = Learner(antfarm, lesson, display, home)
    try:
        if not wait_for(learner.has_window):
            return fail(lesson, "no window")
        time.sleep(0.5)
        learner.press(learner.digits + ["Return"])  # out of the list
        time.sleep(1)
        learner.press(["Return"])
        exercise = "lessons/*/exercise.c"
        end = time.monotonic() + PATIENCE
        while learner.file(exercise) is None:
            if time.monotonic() > end:
                return fail(lesson, f"no exercise; answers so far: "
                                    f"{learner.answers()}")
            learner.press(PAGE)
        answers = learner.answers()
        if len(answers) != questions or "wrong" not in answers:
            return fail(lesson, f"{questions} questions, answers: {answers}")
        time.sleep(1)
        if learner.is_passed():
            return fail(lesson, "the starter passes")
        shutil.copy(os.path.join(folder, "solution.c"), learner.file(exercise))
        if not wait_for(learner.is_passed):
            return fail(lesson, "the solution does not pass")
        learner.press(["q"])  # back to the list
        time.sleep(0.5)
        learner.press(["q"])
        if not wait_for(lambda: learner.window.poll() is not None, 20):
            return fail(lesson, "it does not close")
        if learner.window.returncode != 0:
            return fail(lesson, f"status {learner.window.returncode}")
        print(f"lesson {lesson}: {questions} questions answered, "
              f"{answers.count('wrong')} of them wrong; exercise passed")
        return True
    finally:
        learner.window.kill()


def main():
    antfarm = os.path.join(sys.argv[1], "antfarm")
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            print(f"learner: skipped, there is no {tool}")
            return 0
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24"],
        pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as stream:
        display = ":" + stream.readline().strip()
    failed = 0
    lessons = sys.argv[2:] or LESSONS
    try:
        for lesson in lessons:
            with tempfile.TemporaryDirectory() as home:
                failed += not take(antfarm, lesson, display, home)
    finally:
        server.kill()
    print(f"{len(lessons) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
